"""→ ACCEPTED. One send call: rules of business, the contact interval, and rows that are due at once
(survey-api "Sending").

Form was checked before. A request is refused for the first of these that applies: INVALID_DESTINATION,
DESTINATION_NOT_SUPPORTED, NO_QUESTION_IN_LANGUAGE, OPTED_OUT, CONTACTED_RECENTLY. What can never succeed
comes before what only has to wait, and only a request that is accepted starts a contact interval. Requests
are taken in their order, so that of one destination twice in a call the first is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from service.clock import Dice, Moment
from service.domain import destination
from service.domain.destination import Destination, Unreachable
from service.domain.request import AccountId, Channel, RequestId, SurveyId
from service.domain.survey import Question, Survey
from service.store import acceptance, surveys
from service.store.acceptance import Contact, NewRequest
from service.store.engine import Tx
from service.store.vault import Sealer, Vault, day_of


class Reason(Enum):
    """Why a request is rejected; the values are the API's."""

    INVALID_DESTINATION = "INVALID_DESTINATION"
    DESTINATION_NOT_SUPPORTED = "DESTINATION_NOT_SUPPORTED"
    CONTACTED_RECENTLY = "CONTACTED_RECENTLY"
    OPTED_OUT = "OPTED_OUT"
    NO_QUESTION_IN_LANGUAGE = "NO_QUESTION_IN_LANGUAGE"


@dataclass(frozen=True, slots=True)
class SendItem:
    """One request of a send call, of correct form. `language` is a well-formed tag or None for the first
    question."""

    channel: Channel
    destination: str = field(repr=False)
    language: str | None = None
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SendOrder:
    """The requests of a send call, in order."""

    items: tuple[SendItem, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """It will be sent."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class Rejected:
    """It will not be sent. `retry_after` with CONTACTED_RECENTLY: from then on it would be accepted."""

    reason: Reason
    retry_after: Moment | None = None


Decision = Accepted | Rejected


@dataclass(frozen=True, slots=True)
class _Person:
    """A destination that can be reached, with the hash it is known by."""

    destination: Destination
    fingerprint: bytes = field(repr=False)


People = Mapping[int, _Person]


class Accept:
    """Makes the unit of work of a send call. `channels`: those with a gateway; durations in milliseconds."""

    def __init__(
        self,
        vault: Vault,
        dice: Dice,
        *,
        channels: Collection[Channel],
        contact_interval_ms: int,
        validity_ms: int,
    ) -> None:
        self._vault, self._dice = vault, dice
        self._channels = frozenset(channels)
        self._interval, self._validity = contact_interval_ms, validity_ms

    def unit(
        self, order: SendOrder, account: AccountId, survey: SurveyId, now: Moment
    ) -> Callable[[Tx], list[Decision] | None]:
        """The unit to write: a decision for each request, in order; None when the account has no such survey.

        After the commit ring `submit.bell` and tell `close.expect(now + validity)`."""
        unreachable, people = self._sorted(order.items)

        def accept(tx: Tx) -> list[Decision] | None:
            found = surveys.get(tx, account, survey)
            if found is None:
                return None
            decided = unreachable | self._decided(_Call(tx, account, found, now), order.items, people, now)
            return [decided[place] for place in range(len(order.items))]

        return accept

    def _sorted(self, items: Sequence[SendItem]) -> tuple[dict[int, Decision], dict[int, _Person]]:
        """What can be said without the database: who is out of reach, and who the others are."""
        unreachable: dict[int, Decision] = {}
        people: dict[int, _Person] = {}
        for place, item in enumerate(items):
            match self._candidate(item):
                case Rejected() as rejected:
                    unreachable[place] = rejected
                case person:
                    people[place] = person
        return unreachable, people

    def _decided(
        self, call: _Call, items: Sequence[SendItem], people: People, now: Moment
    ) -> dict[int, Decision]:
        wordless = call.without_question(items, people)
        people = _without(people, wordless)
        claimed = call.claim(people, Moment(now + self._interval))
        requests = self._written(call, items, [(place, people[place]) for place in claimed], now)
        accepted: dict[int, Decision] = {
            place: Accepted(request.id) for place, request in zip(claimed, requests, strict=True)
        }
        return wordless | accepted | call.refused(_without(people, accepted))

    def _written(
        self, call: _Call, items: Sequence[SendItem], people: Sequence[tuple[int, _Person]], now: Moment
    ) -> list[NewRequest]:
        if not people:
            return []
        day = day_of(now)
        sealer = self._vault.sealer(call.tx, day)
        requests = [
            call.new_request(items[place], person, self._dice.request_id(now), sealer)
            for place, person in people
        ]
        closes_at = Moment(now + self._validity)
        acceptance.write(
            call.tx, call.account, call.survey.id, requests, now=now, day=day, closes_at=closes_at
        )
        return requests

    def _candidate(self, item: SendItem) -> _Person | Rejected:
        read = destination.read(item.channel, item.destination)
        if isinstance(read, Unreachable):
            return Rejected(Reason[read.value])
        if item.channel not in self._channels:
            return Rejected(Reason.DESTINATION_NOT_SUPPORTED)
        return _Person(read, self._vault.fingerprint(read.identity))


class _Call:
    """One send call inside its transaction. Requests are known by their place in the call."""

    def __init__(self, tx: Tx, account: AccountId, survey: Survey, now: Moment) -> None:
        self.tx, self.account, self.survey, self._now = tx, account, survey, now
        self._questions: dict[str | None, Question | None] = {}
        self._sets: dict[tuple[str, ...], int] = {}

    def without_question(self, items: Sequence[SendItem], people: People) -> dict[int, Decision]:
        """Those whose language picks no question."""
        return {
            place: Rejected(Reason.NO_QUESTION_IN_LANGUAGE)
            for place in people
            if self._question(items[place].language) is None
        }

    def claim(self, people: People, until: Moment) -> list[int]:
        """Those whose contact interval starts now: of one person twice the first."""
        first = {person.fingerprint: place for place, person in reversed(list(people.items()))}
        won = acceptance.claim(self.tx, self.account, first, self._now, until)
        return sorted(first[fingerprint] for fingerprint in won)

    def refused(self, people: People) -> dict[int, Decision]:
        """Why the others' intervals could not be claimed."""
        prints = (person.fingerprint for person in people.values())
        known = acceptance.contacts(self.tx, self.account, prints)
        return {place: _refusal(known[person.fingerprint]) for place, person in people.items()}

    def new_request(self, item: SendItem, person: _Person, request: RequestId, sealer: Sealer) -> NewRequest:
        question = self._question(item.language)
        if question is None:
            raise LookupError("a request was claimed without a question")
        return NewRequest(
            request,
            question,
            item.channel,
            self._segment_set(item.segments),
            person.fingerprint,
            sealer.seal(request, person.destination.text),
        )

    def _question(self, language: str | None) -> Question | None:
        if language not in self._questions:
            self._questions[language] = self.survey.question_for(language)
        return self._questions[language]

    def _segment_set(self, tags: tuple[str, ...]) -> int:
        if tags not in self._sets:
            self._sets[tags] = acceptance.segment_set(self.tx, self.survey.id, tags)
        return self._sets[tags]


def _refusal(contact: Contact) -> Rejected:
    if contact.opted_out:
        return Rejected(Reason.OPTED_OUT)
    return Rejected(Reason.CONTACTED_RECENTLY, contact.until)


def _without(people: People, places: Collection[int]) -> dict[int, _Person]:
    return {place: person for place, person in people.items() if place not in places}
