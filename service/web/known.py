"""Whose a survey is, remembered for a moment: most calls come for a survey that another came for just now."""

from __future__ import annotations

from collections import OrderedDict

from service.clock import Clock
from service.domain.request import AccountId, SurveyId
from service.store import surveys
from service.store.engine import Store

MOST_KNOWN = 10_000
KNOWN_SECONDS = 2.0
"""How long a survey that was seen is taken to exist before forms are read; the unit of work looks again."""


class KnownSurveys:
    """Which accounts have which surveys."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._until: OrderedDict[tuple[AccountId, SurveyId], float] = OrderedDict()

    def seen(self, account: AccountId, survey: SurveyId) -> bool:
        """Whether the account had that survey a moment ago."""
        left = self._until.get((account, survey), 0) - self._clock.wall()
        return 0 <= left <= KNOWN_SECONDS

    async def exists(self, account: AccountId, survey: SurveyId) -> bool:
        """Whether the account has that survey. Errors: StoreUnavailable."""
        if self.seen(account, survey):
            return True
        wall = self._clock.wall()
        if not await self._store.read(lambda tx: surveys.owns(tx, account, survey)):
            self.forget(account, survey)
            return False
        self._until[account, survey] = wall + KNOWN_SECONDS
        if len(self._until) > MOST_KNOWN:
            self._until.popitem(last=False)
        return True

    def forget(self, account: AccountId, survey: SurveyId) -> None:
        """It is gone."""
        self._until.pop((account, survey), None)
