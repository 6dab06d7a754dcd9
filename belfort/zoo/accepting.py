"""Send calls that are taken wrongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from service.accept import Accept, Decision, SendOrder
from service.clock import Moment
from service.domain.request import AccountId, SurveyId
from service.store.engine import Tx
from service.web.idempotency import Answer, Keys, Unit


class AsksAgain(Accept):
    """Keeps no contact interval: whoever was asked a moment ago is asked again."""

    def __init__(self, *collaborators: Any, contact_interval_ms: int, **options: Any) -> None:
        super().__init__(*collaborators, contact_interval_ms=0, **options)


class FirstQuestion(Accept):
    """Asks everybody in the language of the first question."""

    def unit(
        self, order: SendOrder, account: AccountId, survey: SurveyId, now: Moment
    ) -> Callable[[Tx], list[Decision] | None]:
        items = tuple(replace(item, language=None) for item in order.items)
        return super().unit(replace(order, items=items), account, survey, now)


class LosesATag(Accept):
    """Keeps a tag that stands first among several apart from the rest, and loses it."""

    def unit(
        self, order: SendOrder, account: AccountId, survey: SurveyId, now: Moment
    ) -> Callable[[Tx], list[Decision] | None]:
        items = tuple(replace(item, segments=_without_the_first(item.segments)) for item in order.items)
        return super().unit(replace(order, items=items), account, survey, now)


def _without_the_first(tags: tuple[str, ...]) -> tuple[str, ...]:
    """The harness's own tags are not the customer's, and stay."""
    own = [tag for tag in tags if not tag.startswith("belfort-")]
    return tuple(tag for tag in tags if len(own) < 2 or tag != own[0])


class NoKeys(Keys):
    """Overlooks idempotency keys: a call that is made again is a new call."""

    async def once(
        self, unit: Unit, *, account: AccountId, path: str, key: str, body: Any, now: Moment
    ) -> Answer:
        return await self._store.write(unit)
