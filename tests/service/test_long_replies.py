"""Replies in parts count once, whichever processes hear the parts, in any order, with copies."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import closing as closing_
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.clock import Dice
from service.domain.request import Channel, Reply, ReplyPart, RequestId, State
from service.settle import Settle
from service.store import closing, long_replies
from service.store.engine import Store, Tx
from service.store.postgres import Postgres
from service.store.sqlite import Sqlite
from service.store.vault import Vault, day_of
from tests.service.rig import HOUR, NOON, Rig, mark_submitted
from tests.service.test_settle_processes import PERSON, WINDOW, settle_of

NUMBERS = itertools.count()


def part(number: int, octets: bytes, total: int = 3, message: bytes = b"common") -> ReplyPart:
    return ReplyPart(message, number, total, octets, partial(whole, message))


def whole(message: bytes, octets: bytes) -> Reply:
    return Reply(f"{message!r} {octets!r}", Channel.SMS, PERSON, octets.decode())


NINE = [part(1, b"Ik geef "), part(2, b"een 9 "), part(3, b"hoor.")]


@pytest.fixture
async def asked(rig: Rig) -> RequestId:
    request, now = await rig.queue(PERSON), rig.clock.now()
    await rig.store.write(lambda tx: mark_submitted(tx, request, gateway_id="1", now=now, window_ms=WINDOW))
    return request


@pytest.fixture
async def processes(rig: Rig) -> AsyncIterator[list[Settle]]:
    """Two on one database; where there can be one only, it is both."""
    if not rig.store.shared:
        yield [settle_of(rig, rig.store)] * 2
        return
    other = await Store.open(Postgres(rig.url))
    yield [settle_of(rig, rig.store), settle_of(rig, other)]
    await other.close()


@pytest.fixture(scope="module")
def transaction(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tx]:
    """One for all examples; each has a message of its own."""
    database = Sqlite(tmp_path_factory.mktemp("long") / "survey.sqlite3")
    database.prepare()
    with closing_(database.for_writing()) as opened:
        database.begin(opened)
        yield Tx(opened, database.queries)


@given(st.permutations(range(3)), st.lists(st.integers(0, 2), max_size=4), st.randoms(use_true_random=False))
def test_any_order_with_copies_gives_the_whole_once(transaction, order, copies, chance):
    vault, message = Vault(bytes(32), Dice(1)), b"%d" % next(NUMBERS)
    came = [*order, *copies]
    chance.shuffle(came)
    texts = [b"9 ", b"of ", b"10"]
    got = [
        long_replies.take(transaction, vault, part(place + 1, texts[place], message=message), NOON)
        for place in came
    ]
    assert [one for one in got if one is not None] == [b"9 of 10"]
    assert got.index(b"9 of 10") == max(came.index(place) for place in range(3))


async def test_parts_dealt_to_two_processes_are_one_reply(rig, asked, processes):
    ours, theirs = processes
    assert [await ours.take_part(NINE[0]), await theirs.take_part(NINE[1])] == [False, False]
    assert rig.facts(asked) == (State.SUBMITTED, None, None)
    assert await ours.take_part(NINE[2])
    assert rig.facts(asked) == (State.ANSWERED, "good", 9)
    assert not await theirs.take_part(NINE[1])
    assert rig.count("replies", verdict="good") == 1


async def test_parts_that_come_to_two_processes_at_the_same_moment_find_each_other(rig, asked, processes):
    ours, theirs = processes
    for number in range(20):
        first, *others = [part(place, b"9", 3, b"%d" % number) for place in (1, 2, 3)]
        assert not await ours.take_part(first)
        assert sorted(await asyncio.gather(ours.take_part(others[0]), theirs.take_part(others[1]))) == [0, 1]


async def test_what_came_of_a_message_is_taken_when_the_rest_is_given_up(rig, asked, processes):
    ours, theirs = processes
    await ours.take_part(NINE[0])
    await theirs.take_part(NINE[1])
    await theirs.give_up(NINE[2])  # which never came
    assert rig.facts(asked)[2] is None
    await ours.give_up(NINE[0])
    await theirs.give_up(NINE[1])
    assert rig.facts(asked) == (State.ANSWERED, "good", 9)
    assert rig.count("replies", verdict="good") == 1


async def test_a_reference_is_used_again(rig, asked, processes):
    ours, _ = processes
    for text in (b"first", b"other"):
        begun, ended = part(1, text, 2), part(2, b", and the same end", 2)
        assert [await ours.take_part(begun), await ours.take_part(ended)] == [False, True]


async def test_nothing_of_it_can_be_read_in_the_database_and_its_key_outlives_the_night(
    rig, asked, processes
):
    ours, theirs = processes
    await ours.take_part(part(1, b"nine-and-a-half", 2))
    (row,) = rig.rows("SELECT message, sealed, marks FROM long_reply")
    assert b"nine" not in bytes(row["sealed"]) + bytes(row["message"]) + row["marks"].encode()
    rig.clock.jump(rig.clock.now() + 50 * 60_000)
    await swept(rig)
    assert await theirs.take_part(part(2, b" weeks", 2))
    assert rig.rows("SELECT sealed FROM long_reply") == [{"sealed": None}]
    rig.clock.jump(rig.clock.now() + 2 * HOUR)
    await swept(rig)
    assert rig.rows("SELECT * FROM long_reply") == []
    assert rig.rows("SELECT * FROM data_key WHERE day = ?", day_of(rig.clock.now())) == []


async def swept(rig: Rig) -> None:
    await rig.store.write(lambda tx: closing.sweep(tx, rig.clock.now(), rig.clock.wall(), 100))
    rig.vault.forget()
