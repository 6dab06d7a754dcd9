"""→ ACCEPTED. One send call: rules of business, the contact interval, and rows that are due at once
(survey-api "Sending").

Form was checked before. A request is refused for the first of these that applies: INVALID_DESTINATION,
DESTINATION_NOT_SUPPORTED, NO_QUESTION_IN_LANGUAGE, OPTED_OUT, CONTACTED_RECENTLY. What can never succeed
comes before what only has to wait, and only a request that is accepted starts a contact interval. Requests
are taken in their order, so that of one destination twice in a call the first is accepted. Calls that wait
for the store at the same time are decided together, with few statements for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache

from service.clock import Dice, Moment
from service.domain import destination
from service.domain.destination import Unreachable
from service.domain.request import AccountId, Channel, RequestId, SurveyId
from service.domain.survey import Question, QuestionId, Survey
from service.store import acceptance, surveys
from service.store.acceptance import Contact, Facts, NewRequest
from service.store.database import Contested
from service.store.engine import Tx
from service.store.vault import NONCE_BYTES, Vault, day_of

MOST_REMEMBERED = 1_000
"""Surveys."""
_Key = tuple[AccountId, SurveyId]


class Reason(Enum):
    """Why a request is rejected; the values are the API's."""

    INVALID_DESTINATION = "INVALID_DESTINATION"
    DESTINATION_NOT_SUPPORTED = "DESTINATION_NOT_SUPPORTED"
    CONTACTED_RECENTLY = "CONTACTED_RECENTLY"
    OPTED_OUT = "OPTED_OUT"
    NO_QUESTION_IN_LANGUAGE = "NO_QUESTION_IN_LANGUAGE"


@dataclass(slots=True)
class SendItem:
    """One request of a send call, of correct form. `language` is a well-formed tag or None for the first
    question. Not frozen, like all that is made for every single send: it would take three times as long."""

    channel: Channel
    destination: str = field(repr=False)
    language: str | None = None
    segments: tuple[str, ...] = ()


@dataclass(slots=True)
class SendOrder:
    """The requests of a send call, in order."""

    items: tuple[SendItem, ...]


@dataclass(slots=True)
class Accepted:
    """It will be sent."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class Rejected:
    """It will not be sent. `retry_after` with CONTACTED_RECENTLY: from then on it would be accepted."""

    reason: Reason
    retry_after: Moment | None = None


Decision = Accepted | Rejected


@dataclass(slots=True, eq=False)
class _Person:
    """A destination that can be reached, with the hash it is known by."""

    destination: str = field(repr=False)
    fingerprint: bytes = field(repr=False)


class SendCall:
    """A send call as a unit of work: a decision for each request, in order; None when the account has no such
    survey. Calls that wait at the same time are decided together."""

    __slots__ = ("account", "candidates", "items", "now", "people", "survey", "together", "weight")

    def __init__(
        self,
        together: Callable[[Tx, Sequence[SendCall]], list[list[Decision] | None]],
        account: AccountId,
        survey: SurveyId,
        now: Moment,
        items: Sequence[SendItem],
        candidates: Sequence[_Person | Rejected],
    ) -> None:
        self.together = together
        self.account, self.survey, self.now = account, survey, now
        self.items, self.candidates = items, candidates
        self.people = frozenset(
            [(account, one.fingerprint) for one in candidates if isinstance(one, _Person)]
        )
        self.weight = len(items)

    def __call__(self, tx: Tx) -> list[Decision] | None:
        return self.together(tx, [self])[0]


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
        self._remembered: dict[_Key, Survey] = {}

    def unit(
        self, order: SendOrder, account: AccountId, survey: SurveyId, now: Moment
    ) -> Callable[[Tx], list[Decision] | None]:
        """The unit to write. After the commit ring `submit.bell` and tell `close.expect(now + validity)`."""
        candidates = [self._candidate(item) for item in order.items]
        return SendCall(self.decide, account, survey, now, order.items, candidates)

    def decide(self, tx: Tx, calls: Sequence[SendCall]) -> list[list[Decision] | None]:
        """What the requests of each call come to, as if the calls came one after the other."""
        decided: list[list[Decision] | None] = []
        while len(decided) < len(calls):
            decided += self._decided(tx, _about_different_people(calls[len(decided) :]))
        return decided

    def _decided(self, tx: Tx, calls: Sequence[SendCall]) -> list[list[Decision] | None]:
        known = _Known(tx, self._vault, calls, self._remembered)
        decided = [known.sorted(call) for call in calls]
        first = {one.person: one for one in reversed(known.candidates)}
        claims = {person: Moment(one.call.now + self._interval) for person, one in first.items()}
        claimed = acceptance.claim(tx, claims, self._interval)
        known.confirm()
        accepted: list[_Candidate] = []
        refused: list[_Candidate] = []
        for one in known.candidates:
            won = first[one.person] is one and one.person in claimed
            (accepted if won else refused).append(one)
        acceptance.write(tx, self._accepted(known, accepted))
        contacts = acceptance.contacts(tx, [one.person for one in refused])
        for one in refused:
            one.decisions[one.place] = _refusal(contacts[one.person])
        return decided

    def _accepted(self, known: _Known, candidates: Sequence[_Candidate]) -> list[NewRequest]:
        """The rows to write; each decision is put into its place."""
        ids = self._dice.request_ids([one.call.now for one in candidates])
        nonces = self._dice.secrets(len(candidates), NONCE_BYTES)
        for made, one in zip(ids, candidates, strict=True):
            one.decisions[one.place] = Accepted(made)
        return [self._row(known, *each) for each in zip(candidates, ids, nonces, strict=True)]

    def _row(self, known: _Known, one: _Candidate, made: RequestId, nonce: bytes) -> NewRequest:
        call = one.call
        day = day_of(call.now)
        return NewRequest(
            made,
            call.account,
            known.facts(one),
            call.now,
            Moment(call.now + self._validity),
            day,
            one.person[1],
            known.sealer[day]().seal(made, one.destination, nonce),
        )

    def _candidate(self, item: SendItem) -> _Person | Rejected:
        read = destination.read(item.channel, item.destination)
        if isinstance(read, Unreachable):
            return Rejected(Reason[read.value])
        if item.channel not in self._channels:
            return Rejected(Reason.DESTINATION_NOT_SUPPORTED)
        return _Person(read.text, self._vault.fingerprint(read.identity))


@dataclass(slots=True, eq=False)
class _Candidate:
    """A request that may be accepted: its place in its call, and the list its decision belongs in."""

    call: SendCall
    place: int
    decisions: list[Decision]
    question: Question
    person: acceptance.Person = field(repr=False)
    destination: str = field(repr=False)


class _Known:
    """What calls of one transaction have in common is asked for once, all of it together."""

    def __init__(
        self, tx: Tx, vault: Vault, calls: Sequence[SendCall], remembered: dict[_Key, Survey]
    ) -> None:
        self.candidates: list[_Candidate] = []
        self._remembered = remembered
        """Surveys as they were: what they let us claim goes the same way as the question how they are."""
        self._taken: dict[_Key, Survey | None] = {}
        """Those that were decided by: what is remembered may give way to others meanwhile."""
        self._surveys = {
            key: cache(surveys.asked(tx, *key)) for key in {(call.account, call.survey) for call in calls}
        }
        self._questions: dict[tuple[SurveyId, str | None], Question | None] = {}
        self.sealer = {
            day: cache(vault.asked_sealer(tx, day)) for day in {day_of(call.now) for call in calls}
        }
        self._segment_sets = {
            key: cache(acceptance.asked_segment_set(tx, *key))
            for key in {(call.survey, item.segments) for call in calls for item in call.items}
        }
        self._facts: dict[tuple[QuestionId, Channel, tuple[str, ...]], Facts] = {}

    def sorted(self, call: SendCall) -> list[Decision] | None:
        """Decisions that need no contact interval; the others become candidates."""
        key = call.account, call.survey
        if key not in self._taken:
            self._taken[key] = self._remembered.get(key) or self._read(key)
        survey = self._taken[key]
        if survey is None:
            return None
        decisions: list[Decision] = [_WORDLESS] * len(call.items)
        for place, one in enumerate(call.candidates):
            if isinstance(one, Rejected):
                decisions[place] = one
            elif question := self._question(survey, call.items[place].language):
                person = call.account, one.fingerprint
                self.candidates.append(_Candidate(call, place, decisions, question, person, one.destination))
        return decisions

    def facts(self, one: _Candidate) -> Facts:
        """What the request has in common with others of its survey."""
        survey, item, question = one.call.survey, one.call.items[one.place], one.question
        key = question.id, item.channel, item.segments
        if key not in self._facts:
            segment_set = self._segment_sets[survey, item.segments]()
            self._facts[key] = Facts(survey, question.id, question.language, item.channel.value, segment_set)
        return self._facts[key]

    def confirm(self) -> None:
        """Every survey is as it was taken to be. Errors: Contested."""
        changed = [key for key, taken in self._taken.items() if taken != self._read(key)]
        if changed:  # all of them were read, and are remembered for the next try
            raise Contested

    def _read(self, key: _Key) -> Survey | None:
        survey = self._surveys[key]()
        self._remembered.pop(key, None)
        if survey is not None:
            self._remembered[key] = survey
        while len(self._remembered) > MOST_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        return survey

    def _question(self, survey: Survey, language: str | None) -> Question | None:
        key = survey.id, language
        if key not in self._questions:
            self._questions[key] = survey.question_for(language)
        return self._questions[key]


_WORDLESS = Rejected(Reason.NO_QUESTION_IN_LANGUAGE)


def _about_different_people(calls: Sequence[SendCall]) -> Sequence[SendCall]:
    """The calls up to the first that names a person whom a call before it names: it is decided after them."""
    named: set[acceptance.Person] = set()
    for place, call in enumerate(calls):
        if not named.isdisjoint(call.people):
            return calls[:place]
        named |= call.people
    return calls


def _refusal(contact: Contact) -> Rejected:
    if contact.opted_out:
        return Rejected(Reason.OPTED_OUT)
    return Rejected(Reason.CONTACTED_RECENTLY, contact.until)
