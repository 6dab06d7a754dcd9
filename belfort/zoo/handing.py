"""Hand-overs to the gateway that go wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from service.clock import Moment
from service.domain.request import Deferred, Outcome, Refused
from service.store.outbox import Leased
from service.submit import HandOver, Submit

EVER = 10 * 365 * 86_400.0
FORGET = "DELETE FROM envelope WHERE due_at IS NOT NULL"


class GivesUp(Submit):
    """Takes “not now” for “never”: who is throttled is not tried again."""

    def _finished(self, leased: Leased, outcome: Outcome, began_at: Moment) -> HandOver:
        if isinstance(outcome, Deferred) and not outcome.perhaps_taken:
            outcome = Refused(outcome.reason)
        return super()._finished(leased, outcome, began_at)


class WaitsForEver(Submit):
    """Knows no end of the response window: a reply counts however late it comes."""

    def __init__(self, *collaborators: Any, **options: Any) -> None:
        *before, limits = collaborators
        worker: Any = super().__init__
        worker(*before, replace(limits, response_window=EVER), **options)


class Forgets(Submit):
    """Keeps its queue in memory, as it were: what was not handed over when it ended is never sent."""

    async def _void_leases(self) -> bool:
        await self._store.write(lambda tx: tx._connection.execute(FORGET) and None)
        return await super()._void_leases()


class TellsTheLog(Submit):
    """Writes into the log whom it writes to."""

    def _hand_over(self, leased: Leased, destination: str, hand_overs: asyncio.TaskGroup) -> None:
        self._log.info("handing_over", to=destination)
        super()._hand_over(leased, destination, hand_overs)
