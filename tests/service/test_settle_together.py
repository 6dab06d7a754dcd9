"""What came together is settled as if one came after the other: the same verdicts, tables and roll-ups,
whatever it was and whatever it met.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from service.clock import Moment
from service.domain.answer import read
from service.domain.request import Channel, Delivery, DeliveryReport, Reply
from service.settle import Mail, Settle
from service.store import acceptance, surveys
from service.store.acceptance import Facts, NewRequest
from service.store.postgres import Postgres
from service.store.sqlite import Sqlite
from tests.service.rig import HOUR, NOON, Rig, open_rig

WINDOW = 72 * HOUR
PEOPLE = ("+32470000001", "+32470000002")
CHANNELS = (Channel.SMS, Channel.VOICE)
TEXTS = ("9", "3", "7-8", "STOP", "dank u")
GATEWAY_IDS = ("1", "2")
REQUESTS = 4
OURS, THEIRS, DELETED = range(3)
TABLES = {
    "request": "id, state, failed, verdict, score",
    "envelope": "request, due_at, sealed IS NULL AS let_go, handed_at, gateway_id, poll_at, closes_at",
    "contact": "account, fingerprint, until, opted_out",
    "taken_reply": "digest, expires_at",
    "early_report": "channel, gateway_id, fingerprint, event, expires_at",
}
UNKNOWN = UUID(int=1)


@dataclass(frozen=True)
class Met:
    """A request as what comes back meets it. Moments count from now."""

    person: int
    survey: int
    channel: Channel
    queued: bool
    handed: int | None
    gateway_id: str | None
    polled: bool
    closes: int
    fate: tuple[int, int, str | None]
    """State, failed, verdict."""


@dataclass(frozen=True)
class Came:
    """A report or a reply, in the words of a test."""

    about: int | None
    """The request it names; one beyond them all is unknown."""
    channel: Channel
    person: int
    text: str = ""
    message: int = 0
    delivery: Delivery | None = None
    gateway_ids: tuple[str, ...] = ()
    people: tuple[int, ...] = ()

    def told(self) -> DeliveryReport | Reply:
        about = None if self.about is None else request_id(self.about)
        if self.delivery is None:
            return Reply(f"mo-{self.message}", self.channel, PEOPLE[self.person], self.text, about)
        first, *others = self.gateway_ids or (None,)
        people = tuple(PEOPLE[person] for person in self.people)
        return DeliveryReport(self.channel, self.delivery, about, first, tuple(others), people)


def request_id(place: int) -> UUID:
    return UUID(int=(1 << 100) + place)


channels = st.sampled_from([*[Channel.SMS] * 7, Channel.VOICE])
persons = st.sampled_from([0, 0, 0, 1])
met = st.builds(
    Met,
    person=persons,
    survey=st.sampled_from([*[OURS, THEIRS] * 4, DELETED]),
    channel=channels,
    queued=st.booleans(),
    handed=st.sampled_from([None, -WINDOW - 1, -WINDOW + 1, -5, -5, 0]),
    gateway_id=st.sampled_from([None, *GATEWAY_IDS]),
    polled=st.booleans(),
    closes=st.sampled_from([0, 1, 2, HOUR, HOUR, HOUR]),
    fate=st.sampled_from([(1, 0, None), (2, 0, None), (3, 0, None), (3, 0, "ambiguous"), (5, 1, None)]),
)
about = st.one_of(st.none(), st.none(), st.integers(0, REQUESTS))
replies = st.builds(
    Came,
    about=about,
    channel=channels,
    person=persons,
    text=st.sampled_from(TEXTS),
    message=st.integers(0, 9),
)
reports = st.builds(
    Came,
    about=about,
    channel=channels,
    person=st.just(0),
    delivery=st.sampled_from([*[Delivery.DELIVERED, Delivery.UNDELIVERED] * 3, Delivery.UNDERWAY]),
    gateway_ids=st.sampled_from([(), ("1",), ("1",), ("2",), ("2", "1")]),
    people=st.sampled_from([(), (0,), (0,), (1,), (1, 0)]),
)
mails = st.lists(st.lists(st.one_of(replies, reports), min_size=1, max_size=8), min_size=1, max_size=3)


@dataclass(frozen=True)
class Before:
    """What there is when it comes."""

    requests: list[Met]
    taken: set[int] = field(default_factory=set)
    """Replies that were taken before."""
    early: set[tuple[str, int, str]] = field(default_factory=set)
    """Reports that wait: id, person, event."""
    known: set[int] = field(default_factory=set)
    """Who has been written to."""


befores = st.builds(
    Before,
    requests=st.lists(met, max_size=REQUESTS),
    taken=st.sets(st.integers(0, 5), max_size=1),
    early=st.sets(
        st.tuples(
            st.sampled_from(GATEWAY_IDS), st.integers(0, 1), st.sampled_from(["DELIVERED", "UNDELIVERED"])
        ),
        max_size=2,
    ),
    known=st.sets(st.integers(0, 1)),
)


class Undone(Exception):
    """Carries what a unit saw, and takes it away again."""


class World:
    """A rig on a loop of its own, with two accounts and a survey that is deleted."""

    def __init__(self, database: Postgres | None) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._runner = asyncio.Runner()
        self._open = AsyncExitStack()
        opened = self._open.enter_async_context(open_rig(Path(self._folder.name), database=database))
        self.rig: Rig = self._runner.run(opened)
        rig = self.rig
        self.settle = Settle(
            rig.store, rig.vault, rig.clock, rig.meters, reader=read, response_window=WINDOW / 1000
        )
        theirs, gone = (self._runner.run(rig.other_survey(name)) for name in ("theirs", "gone"))
        self.surveys = [rig.survey, theirs, gone]
        self.accounts = [
            rig.row("SELECT account FROM survey WHERE id = ?", one.id)[0] for one in self.surveys
        ]
        account = self.accounts[DELETED]
        self._runner.run(rig.store.write(lambda tx: surveys.delete(tx, account, gone.id, NOON)))

    def undone(self, unit):
        def undo(tx):
            raise Undone(unit(tx))

        with pytest.raises(Undone) as seen:
            self._runner.run(self.rig.store.write(undo))
        return seen.value.args[0]

    def prints(self, person: int) -> bytes:
        return self.rig.vault.fingerprint(PEOPLE[person])

    def execute(self, tx, statement, *values):
        mark = ":p{}" if isinstance(self.rig.store._database, Sqlite) else "%(p{})s"
        first, *others = statement.split("?")
        numbered = first + "".join(mark.format(place) + other for place, other in enumerate(others))
        return tx._connection.execute(numbered, {f"p{place}": value for place, value in enumerate(values)})

    def prepare(self, tx, before: Before) -> None:
        acceptance.write(tx, [self._new(place, one) for place, one in enumerate(before.requests)])
        for place, one in enumerate(before.requests):
            self._hand(tx, request_id(place).bytes, one)
        for message in before.taken:
            digest = self.rig.vault.hashed(f"SMS mo-{message}".encode())
            self.execute(tx, "INSERT INTO taken_reply VALUES (?, ?)", digest, NOON)
        for gateway_id, person, event in {each[:2]: each for each in before.early}.values():
            row = ("SMS", gateway_id, self.prints(person), event, NOON)
            self.execute(tx, "INSERT INTO early_report VALUES (?, ?, ?, ?, ?)", *row)
        for person in before.known:
            self.execute(
                tx, "INSERT INTO contact VALUES (?, ?, ?, 0)", self.accounts[OURS], self.prints(person), NOON
            )

    def _new(self, place: int, one: Met) -> NewRequest:
        survey, prints = self.surveys[one.survey], self.prints(one.person)
        return NewRequest(
            request_id(place), self.accounts[one.survey],
            Facts(survey.id, survey.questions[0].id, survey.questions[0].language, one.channel.value, 0),
            Moment(NOON - HOUR), Moment(NOON + one.closes), 1, prints, b"sealed",
        )  # fmt: skip

    def _hand(self, tx, key: bytes, one: Met) -> None:
        handed = None if one.handed is None else NOON + one.handed
        statement = "UPDATE envelope SET handed_at = ?, gateway_id = ?, poll_at = ? WHERE request = ?"
        self.execute(tx, statement, handed, one.gateway_id, NOON if one.polled else None, key)
        if not one.queued:
            statement = "UPDATE envelope SET due_at = NULL, sealed = NULL, handed_at = ? WHERE request = ?"
            self.execute(tx, statement, NOON - 9 if handed is None else handed, key)
        statement = "UPDATE request SET state = ?, failed = ?, verdict = ? WHERE id = ?"
        self.execute(tx, statement, *one.fate, key)

    def seen(self, tx) -> dict[str, object]:
        tables = {}
        for table, columns in TABLES.items():
            rows = self.execute(tx, f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608  # ours
            tables[table] = sorted(map(repr, map(list_of, rows)))
        details = {cell: many for cell, many in tx.changes.details().items() if many}
        return {**tables, "details": details, "figures": tx.changes.figures()}

    def close(self) -> None:
        self._runner.run(self._open.aclose())
        self._runner.close()
        self._folder.cleanup()


def list_of(row) -> list[object]:
    return [row[name] for name in row.keys()]  # noqa: SIM118  # SQLite's rows are no mappings


@pytest.fixture(scope="module")
def on_sqlite():
    opened = World(None)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def on_postgres(postgres):
    opened = World(Postgres(postgres.new_database()))
    yield opened
    opened.close()


QUIET = settings(
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def written_to(
    survey: int, handed: int | None, gateway_id: str | None = None, *, queued: bool = False
) -> Met:
    return Met(0, survey, Channel.SMS, queued, handed, gateway_id, False, HOUR, (1, 0, None))


def told(delivery: Delivery, *ids: str, about: int | None = None, people: tuple[int, ...] = ()) -> Came:
    return Came(about, Channel.SMS, 0, delivery=delivery, gateway_ids=ids, people=people)


LEASED, WAITING = written_to(OURS, -5, queued=True), written_to(OURS, None, queued=True)
OLDER, NEWER = written_to(THEIRS, -5, "1"), written_to(OURS, 0, "1")
NINE, STOP = Came(None, Channel.SMS, 0, "9"), Came(None, Channel.SMS, 0, "STOP", message=1)
STOP_AGAIN = Came(None, Channel.SMS, 0, "STOP", message=2)
WAITING_AGAIN = written_to(OURS, None, "1", queued=True)
DELIVERY = told(Delivery.DELIVERED, about=0)
BY_ID = told(Delivery.DELIVERED, "1")
TO_PERSON = told(Delivery.DELIVERED, "1", people=(0,))
FAILURE = told(Delivery.UNDELIVERED, "1", about=0)


# Ways that a hundred examples may miss: a report is early no more, a message is proved to have left and is
# the latest then, or is known by its id, a report was early in the same unit, an id means an older one again.
@example(before=Before([LEASED]), came=[[TO_PERSON, NINE, TO_PERSON]])
@example(before=Before([WAITING, OLDER]), came=[[DELIVERY, NINE]])
@example(before=Before([LEASED]), came=[[FAILURE, BY_ID]])
@example(before=Before([LEASED]), came=[[TO_PERSON, FAILURE]])
@example(before=Before([OLDER, NEWER]), came=[[NINE, BY_ID]])
@example(before=Before([WAITING_AGAIN, OLDER]), came=[[DELIVERY, BY_ID]])
@example(before=Before([LEASED]), came=[[TO_PERSON, DELIVERY, TO_PERSON]])
@example(before=Before([LEASED]), came=[[STOP], [STOP_AGAIN]])
@settings(QUIET, max_examples=200)
@given(before=befores, came=mails)
def test_together_is_one_after_the_other(on_sqlite, before, came):
    """Many examples on the quick engine; what is kept in memory is the same on both."""
    together, singly = both_ways(on_sqlite, before, came)
    assert together == singly


@settings(QUIET, max_examples=30)
@given(before=befores, came=mails)
def test_together_is_one_after_the_other_on_postgres(on_postgres, before, came):
    together, singly = both_ways(on_postgres, before, came)
    assert together == singly


def both_ways(world: World, before: Before, came: list[list[Came]]) -> tuple[object, object]:
    """What each came to, and what is written down then."""
    counting = world.settle._counting
    mails = [
        Mail(world.settle.settle, [counting.heard(one.told()) for one in mail], Moment(NOON + late))
        for late, mail in enumerate(came)
    ]
    alone = [Mail(mail.together, [heard], mail.now) for mail in mails for heard in mail.heard]

    def together(tx):
        world.prepare(tx, before)
        settled = world.settle.settle(tx, mails)
        return [one for mail in settled for one in mail], world.seen(tx)

    def singly(tx):
        world.prepare(tx, before)
        return [one for mail in alone for one in mail(tx)], world.seen(tx)

    return world.undone(together), world.undone(singly)
