"""The open requests that reports and replies of one unit may touch, as they are after each of them.

What the whole unit needs is read ahead, by few statements for all of it (`look_ahead`); what one of them
changes is kept here and written for all of them at the end (`write`), one statement a table. What an earlier
one has made uncertain is forgotten, and read again after what stands out is written: so each sees exactly
what those before it have done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from service.clock import Moment
from service.domain.request import AccountId, Event, RequestId, State, after
from service.store import outbox, responses
from service.store.changes import GOOD, Outcome
from service.store.engine import Tx
from service.store.outbox import Taken
from service.store.responses import Addressed, Named, OpenRequest, Person


@dataclass(slots=True)
class Ahead:
    """What a unit is going to ask for."""

    copies: dict[bytes, Moment] = field(default_factory=dict)
    """Keyed hashes of its replies, and until when to remember them."""
    requests: set[bytes] = field(default_factory=set)
    people: dict[Person, Moment] = field(default_factory=dict)
    """Who writes without an address, and when that is first asked for."""
    names: set[Named] = field(default_factory=set)
    reports: list[Sequence[Addressed]] = field(default_factory=list)
    """Of each report that names people: every message it may mean."""
    proofs: list[tuple[bytes, str]] = field(default_factory=list)
    """Requests of which reports bring the gateway's id."""


class OpenRequests:
    """Within one transaction; `look_ahead` once, `write` in the end."""

    def __init__(self, tx: Tx, window_ms: int) -> None:
        self.tx, self._window_ms = tx, window_ms
        self._fresh: set[bytes] = set()
        self._open: dict[bytes, OpenRequest | None] = {}
        self._latest: dict[Person, bytes | None] = {}
        self._named: dict[Named, bytes | None] = {}
        self._addressed: dict[Addressed, bytes | None] = {}
        self._handing: dict[Person, bool] = {}
        self._early: dict[Addressed, Event | None] = {}
        self._begin()

    def _begin(self) -> None:
        self._states: dict[bytes, State] = {}
        self._outcomes: dict[bytes, tuple[State, Outcome]] = {}
        self._taken: dict[bytes, Taken] = {}
        self._known: set[bytes] = set()
        self._closed: list[bytes] = []
        self._kept: dict[Addressed, tuple[Event, Moment]] = {}
        self._opt_outs: dict[tuple[AccountId, bytes], Moment] = {}
        self._stops: set[bytes] = set()

    def look_ahead(self, ahead: Ahead) -> None:
        """Read what will be asked for, whatever of it there is."""
        messages = list(dict.fromkeys(one for report in ahead.reports for one in report))
        copies = responses.first_copies(self.tx, ahead.copies)
        latest = responses.latest_handed(self.tx, ahead.people)
        named = responses.by_gateway_ids(self.tx, list(ahead.names))
        addressed = responses.to_people(self.tx, messages)
        self._fresh, self._latest, self._named, self._addressed = copies(), latest(), named(), addressed()
        found = filter(None, (*self._latest.values(), *self._named.values(), *self._addressed.values()))
        lost = [one for report in ahead.reports if not self._any_known(report) for one in report]
        self._wait_for_ids({_person(one) for one in lost}, lost, {*ahead.requests, *found})
        proven = (self._proven(*proof) for proof in ahead.proofs)
        self._early.update(responses.early_reports(self.tx, list(set(filter(None, proven)))))

    def is_first_copy(self, digest: bytes) -> bool:
        """Whether this reply was never taken before; from now on it was. It must have been seen ahead."""
        if digest not in self._fresh:
            return False
        self._fresh.remove(digest)
        return True

    def of(self, request: RequestId) -> OpenRequest | None:
        """The open request of this id. Its window may have ended a moment ago: compare `closes_at`."""
        return self._of(request.bytes)

    def latest(self, person: Person, now: Moment) -> OpenRequest | None:
        """The request that a reply of this person belongs to."""
        if person not in self._latest:
            self._ask_for_latest(person, now)
        while (key := self._latest[person]) is not None:
            found = self._of(key)
            if found is not None and found.handed_at is not None and found.closes_at > now:
                return found
            # Its window is over, or another process has just closed it, or heard that it was not sent.
            self._ask_for_latest(person, now)
        return None

    def named(self, name: Named) -> OpenRequest | None:
        """The open request that the gateway knows by this id."""
        if name not in self._named:
            self.write()
            self._named.update(responses.by_gateway_ids(self.tx, [name])())
        return self._of(self._named[name])

    def addressed(self, messages: Iterable[Addressed]) -> OpenRequest | None:
        """The open request to a person that the gateway knows by the first of these ids that fits."""
        for message in messages:
            if message not in self._addressed:
                self.write()
                self._addressed.update(responses.to_people(self.tx, [message])())
            if (key := self._addressed[message]) is not None:
                return self._of(key)
        return None

    def is_being_handed_over(self, messages: Sequence[Addressed]) -> bool:
        """Whether a message to this person may be with the gateway under an id that is not known yet. The ids
        that are known afterwards may be others than before: ask again for these `messages` to them."""
        person = _person(messages[0])
        if person not in self._handing:
            self.write()
            self._wait_for_ids({person}, messages, set())
        return self._handing[person]

    def keep_early(self, messages: Iterable[Addressed], event: Event, until: Moment) -> None:
        """Let a report wait for the id of a message."""
        for message in messages:
            self._kept[message] = event, until
            self._early[message] = event

    def happens(self, found: OpenRequest, event: Event) -> None:
        """Let a report's event happen to a request."""
        state = after(found.state, event)
        if state is not found.state:
            self._become(found, state, found.fact.outcome._replace(failed=state is State.FAILED))

    def count_bad(self, found: OpenRequest, verdict: str) -> None:
        """Count one bad response, if none is counted yet."""
        outcome = found.fact.outcome
        state = after(found.state, Event.BAD_REPLY)
        self._become(found, state, outcome._replace(failed=False, verdict=outcome.verdict or verdict))

    def count_good(self, found: OpenRequest, score: int) -> None:
        """Count the good response in place of any bad one, and let go of all that is personal."""
        state = after(found.state, Event.GOOD_REPLY)
        self._become(found, state, Outcome(verdict=GOOD, score=score))
        self._taken.pop(found.key, None)
        self._known.discard(found.key)
        self._closed.append(found.key)
        self._open[found.key] = None
        self._forget_names(found)
        self._latest.pop(found.person, None)
        self._handing.pop(found.person, None)

    def prove_taken(self, found: OpenRequest, gateway_id: str | None, now: Moment) -> None:
        """What came back overtook the gateway's answer: the message has left, and must not leave again. What
        an earlier report said of it happens; what came back moves the request itself."""
        if not found.queued:
            return
        self._taken[found.key] = Taken(found.request, gateway_id, now, None)
        if self._latest.get(found.person) != found.key:  # it may be the latest now, or not be over yet
            self._latest.pop(found.person, None)
        self._handing.pop(found.person, None)
        self._forget_names(found)
        found.queued, found.handed_at = False, now if found.handed_at is None else found.handed_at
        found.closes_at = Moment(found.handed_at + self._window_ms)
        if gateway_id is not None:
            self._learn(found, gateway_id)

    def ask_no_more(self, found: OpenRequest) -> None:
        """The gateway need not be asked what became of it."""
        if found.polled:
            found.polled = False
            self._known.add(found.key)

    def opt_out(self, found: OpenRequest, now: Moment) -> None:
        """The account never writes to this person again."""
        self._opt_outs.setdefault((found.account, found.fingerprint), now)

    def opt_out_everywhere(self, fingerprint: bytes) -> None:
        """None of those that have written to this person writes again."""
        self._stops.add(fingerprint)

    def write(self) -> None:
        """Everything that was changed and is not written yet."""
        tx = self.tx
        outbox.hand(tx, sorted(self._taken.values()), self._window_ms)
        responses.set_states(tx, self._states)
        responses.set_outcomes(tx, self._outcomes)
        responses.ask_no_more(tx, self._known)
        responses.drop_envelopes(tx, self._closed)
        responses.keep_early(tx, self._kept)
        responses.all_opt_out(tx, self._opt_outs, self._stops)
        self._begin()

    def _of(self, key: bytes | None) -> OpenRequest | None:
        if key is None:
            return None
        if key not in self._open:
            self._read({key})
        return self._open[key]

    def _read(self, keys: set[bytes]) -> None:
        keys = keys.difference(self._open)
        self._open.update(dict.fromkeys(keys))
        self._open.update(responses.open_of(self.tx, sorted(keys)))

    def _ask_for_latest(self, person: Person, now: Moment) -> None:
        self.write()
        self._latest.update(responses.latest_handed(self.tx, {person: now})())

    def _any_known(self, messages: Iterable[Addressed]) -> bool:
        return any(map(self._addressed.get, messages))

    def _wait_for_ids(self, people: set[Person], messages: Sequence[Addressed], keys: set[bytes]) -> None:
        """Read these requests. Whoever is writing ids of messages to these people down has done so
        afterwards: all are waited for together, so that two processes never wait in a circle."""
        handing = responses.being_handed_over(self.tx, sorted(people)) if people else {}
        self._read(keys.union(*handing.values()))
        self._handing.update(
            {person: any(map(self._is_on_its_way, handing.get(person, ()))) for person in people}
        )
        if messages:
            self._addressed.update(responses.to_people(self.tx, list(dict.fromkeys(messages)))())
            self._read(set(filter(None, map(self._addressed.get, messages))))

    def _is_on_its_way(self, key: bytes) -> bool:
        found = self._open[key]
        return found is not None and found.queued and found.handed_at is not None

    def _proven(self, key: bytes, gateway_id: str) -> Addressed | None:
        """The message of which a report will prove that it was taken, if that is not known yet."""
        found = self._open.get(key)
        return Addressed(*found.person[:1], gateway_id, found.fingerprint) if found and found.queued else None

    def _learn(self, found: OpenRequest, gateway_id: str) -> None:
        """The gateway's id, and what a report said of it before."""
        message = Addressed(found.person.channel, gateway_id, found.fingerprint)
        found.gateway_id = gateway_id
        self._forget_names(found)
        if message not in self._early:
            self._early.update(responses.early_reports(self.tx, [message]))
        early = self._early[message]
        if early is not None:
            self.happens(found, early)

    def _forget_names(self, found: OpenRequest) -> None:
        if found.gateway_id is not None:
            channel, fingerprint = found.person
            self._named.pop(Named(channel, found.gateway_id), None)
            self._addressed.pop(Addressed(channel, found.gateway_id, fingerprint), None)

    def _become(self, found: OpenRequest, state: State, outcome: Outcome) -> None:
        before = found.fact
        found.fact = before._replace(state=state, outcome=outcome)
        if outcome == before.outcome and found.key not in self._outcomes:
            self._states[found.key] = state
            return
        self._states.pop(found.key, None)
        self._outcomes[found.key] = state, outcome
        self.tx.changes.changed(before.place, before.outcome, outcome)


def _person(message: Addressed) -> Person:
    return Person(message.channel, message.fingerprint)
