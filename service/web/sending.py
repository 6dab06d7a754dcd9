"""A send call, whichever way it comes in: its form, what it costs, its unit of work, its receipt (survey-api
"Sending").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from service.accept import Accept, Decision, SendOrder
from service.clock import Moment
from service.domain.request import AccountId, Channel, SurveyId
from service.store.engine import Tx
from service.web import answers, forms
from service.web.limits import Limit
from service.web.problems import Faults

Told = Callable[[Sequence[Channel], Sequence[Decision], Moment], None]
"""Is told after a commit what the requests of a call came to, by their channels, and when."""


@dataclass(slots=True, eq=False)
class Sending:
    """A send call that was admitted. `limits`: its headers."""

    account: AccountId
    now: Moment
    asked: list[forms.Asked]
    limits: dict[str, str]
    unit: Callable[[Tx], list[Decision] | None]
    """Gives None for a survey that went away."""
    decisions: Sequence[Decision] = ()
    """Those of the last receipt."""

    def receipt(self, decisions: Sequence[Decision]) -> str:
        """What the caller is answered to these, as JSON."""
        self.decisions = decisions
        return answers.receipt(decisions, [each.reference for each in self.asked])


class Sends:
    """Admits send calls, and afterwards does what there is to do."""

    def __init__(self, accept: Accept, limit: Limit, told: Told) -> None:
        self._accept, self._limit, self._told = accept, limit, told

    def admit(self, value: Any, faults: Faults, account: AccountId, survey: SurveyId, now: Moment) -> Sending:
        """The call whose body is `value`. Errors: Problem 400 (with what was found before, too) and 429;
        then nothing was taken of the limit."""
        asked = forms.order(value, faults)
        faults.settle()
        limits = self._limit.take(account, len(asked))
        order = SendOrder(tuple([each.item for each in asked]))
        return Sending(account, now, asked, limits, self._accept.unit(order, account, survey, now))

    def give_back(self, sending: Sending) -> None:
        """Nothing was sent, so nothing is charged."""
        sending.limits = self._limit.give_back(sending.account, len(sending.asked))

    def tell(self, sending: Sending) -> None:
        """Its decisions are durable: who waits for them is woken."""
        self._told([each.item.channel for each in sending.asked], sending.decisions, sending.now)
