"""What only a server can do to the store. A real server throughout."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import psycopg
import pytest

from service.store import postgres as store_postgres
from service.store.database import OutcomeUnknown, StoreUnavailable
from service.store.engine import Store, Tx
from service.store.postgres import Postgres
from tests.service.rig import open_rig
from tests.service.server import serving
from tests.service.store.units import gathered


@pytest.fixture(scope="module")
def own_server():
    """One that may be stopped and killed."""
    with serving() as server:
        yield server


@pytest.fixture
async def rig(tmp_path, postgres):
    async with open_rig(tmp_path, database=Postgres(postgres.new_database())) as opened:
        yield opened


def insert(name: str):
    return lambda tx: tx.sole("create_account", name=name, now=1)["id"]


def touch(tx: Tx, name: str) -> None:
    tx._connection.execute(
        "UPDATE account SET created_at = created_at + 1 WHERE name = %(name)s", {"name": name}
    )


def names(tx: Tx) -> list[str]:
    return [row["name"] for row in tx.all("accounts")]


@pytest.mark.parametrize("how", ["fast", "immediate"])
async def test_a_server_that_goes_away_is_missed_and_found_again(own_server, how):
    store = await Store.open(Postgres(own_server.new_database()))
    try:
        await store.write(insert("before"))
        assert await store.read(names) == ["before"]
        await asyncio.to_thread(own_server.stop, how)
        with pytest.raises(StoreUnavailable, match="away"):
            await store.write(insert("meanwhile"))
        with pytest.raises(StoreUnavailable, match="away"):
            await store.read(names)
        assert not store.available
        await asyncio.to_thread(own_server.start)
        await store.write(insert("after"))
        assert await store.read(names) == ["before", "after"]
        assert store.available
    finally:
        await store.close()


async def test_a_connection_that_was_ended_meanwhile_is_noticed_before_anything_is_lost(rig):
    await rig.store.read(names)
    rig.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
             "AND datname = current_database()")  # fmt: skip
    await rig.store.write(insert("after"))
    assert await rig.store.read(names) == ["ours", "after"]
    assert rig.store.tally.failures == 0


async def together(store: Store, *units) -> list[object]:
    """What each gives, or is told, when all of them wait for the same commit."""
    return (await asyncio.gather(*await gathered(store, *units), return_exceptions=True))[1:]


def fails_and(harm):
    """A unit with a mistake of its own; the first time it does harm, too."""
    harms = [harm]

    def unit(tx: Tx) -> None:
        while harms:
            harms.pop()(tx)
        raise LookupError("this unit gives up")

    return unit


async def test_when_neighbours_are_taken_apart_all_wait_for_a_lost_server_once(own_server, monkeypatch):
    tries, connect = [], Postgres.for_writing
    store = await Store.open(Postgres(own_server.new_database()))
    try:
        await store.write(insert("before"))
        monkeypatch.setattr(Postgres, "for_writing", lambda self: tries.append(1) or connect(self))
        stops = fails_and(lambda _: own_server.stop("immediate"))
        found = await together(store, stops, *map(insert, "abc"))
        assert [type(each) for each in found] == [StoreUnavailable] * 4
        assert len(tries) == 1
        await asyncio.to_thread(own_server.start)
        await store.write(insert("after"))
        assert await store.read(names) == ["before", "after"]
    finally:
        await store.close()


async def test_when_neighbours_are_taken_apart_a_lost_connection_costs_none_of_them(rig):
    def lose(tx: Tx) -> None:
        with suppress(psycopg.Error):
            tx._connection.execute("SELECT pg_terminate_backend(pg_backend_pid())", {})

    found = await together(rig.store, fails_and(lose), *map(insert, "abc"))
    assert isinstance(found[0], LookupError), found
    assert await rig.store.read(names) == ["ours", *"abc"]


class Cut:
    """A connection that breaks at COMMIT, before the server hears it or after."""

    def __init__(self, real, *, heard: bool) -> None:
        self.real, self.heard = real, heard

    def commit(self):
        if self.heard:
            self.real.commit()
        self.real.close()
        raise psycopg.OperationalError("the connection is lost")

    def __getattr__(self, name):
        return getattr(self.real, name)


async def test_a_commit_that_was_heard_but_not_answered_has_happened(rig, monkeypatch):
    connect = Postgres.for_writing
    monkeypatch.setattr(Postgres, "for_writing", lambda self: Cut(connect(self), heard=True))
    store = await Store.open(Postgres(rig.url))
    await store.write(insert("heard"))
    monkeypatch.undo()
    await store.write(insert("then"))
    await store.close()
    assert await rig.store.read(names) == ["ours", "heard", "then"]


async def test_a_commit_that_was_not_heard_has_not(rig, monkeypatch):
    connect = Postgres.for_writing
    monkeypatch.setattr(Postgres, "for_writing", lambda self: Cut(connect(self), heard=False))
    store = await Store.open(Postgres(rig.url))
    with pytest.raises(StoreUnavailable):
        await store.write(insert("unheard"))
    monkeypatch.undo()
    await store.close()
    assert await rig.store.read(names) == ["ours"]


async def test_a_commit_of_which_nobody_says_what_became_may_have_happened(rig, monkeypatch):
    connect = Postgres.for_writing
    monkeypatch.setattr(Postgres, "for_writing", lambda self: Cut(connect(self), heard=True))
    monkeypatch.setattr(store_postgres, "SETTLING_SECONDS", 0)
    monkeypatch.setattr(store_postgres, "_STATUS", "SELECT 'in progress' AS found WHERE %s <> ''")
    store = await Store.open(Postgres(rig.url))
    with pytest.raises(OutcomeUnknown):
        await store.write(insert("heard"))
    await store.close()
    assert await rig.store.read(names) == ["ours", "heard"]


class Crash(Cut):
    """A server that crashes at COMMIT, before anything of the transaction has reached its disk."""

    def __init__(self, real, server, then) -> None:
        super().__init__(real, heard=False)
        self.server, self.then = server, then

    def commit(self):
        self.server.stop("immediate")
        self.server.start()
        self.then(int(self.real.number))
        super().commit()


async def crashed(own_server, monkeypatch, then) -> Exception:
    """What the caller of a unit is told whose COMMIT the server did not live to see."""
    connect, database = Postgres.for_writing, Postgres(own_server.new_database())
    store = await Store.open(database)
    monkeypatch.setattr(Postgres, "for_writing", lambda self: Crash(connect(self), own_server, then))
    with pytest.raises(Exception) as told:  # noqa: PT011 - which, is what is asked
        await store.write(lambda tx: None)
    monkeypatch.undo()
    await store.close()
    return told.value


async def test_a_transaction_that_a_crash_took_with_its_number_has_not_happened(own_server, monkeypatch):
    told = await crashed(own_server, monkeypatch, lambda number: None)
    assert type(told) is StoreUnavailable, told


async def test_a_number_that_another_transaction_has_got_after_a_crash_proves_nothing(
    own_server, monkeypatch
):
    def commit_as(number: int) -> None:
        taken = 0
        with psycopg.connect(own_server.url, autocommit=True) as another:
            while taken < number:
                [taken] = another.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        assert taken == number

    assert type(await crashed(own_server, monkeypatch, commit_as)) is OutcomeUnknown


@pytest.mark.parametrize("status", ["in progress", None])
async def test_a_server_that_has_forgotten_a_transaction_says_nothing_about_it(rig, monkeypatch, status):
    """As one does of a transaction that ended long ago: NULL."""
    monkeypatch.setattr(store_postgres, "SETTLING_SECONDS", 0)
    told = "NULL" if status is None else f"'{status}'"
    monkeypatch.setattr(store_postgres, "_STATUS", f"SELECT {told} AS found WHERE %s <> ''")
    with pytest.raises(store_postgres.Unanswered):
        Postgres(rig.url)._was_committed("1", None)


async def test_a_commit_is_asked_about_for_a_while_only(postgres, monkeypatch):
    database = Postgres(postgres.new_database())
    monkeypatch.setattr(store_postgres, "SETTLING_SECONDS", 0.1)
    with psycopg.connect(database.url) as under_way:
        [number] = under_way.execute("SELECT pg_current_xact_id()::text").fetchone()
        asking = asyncio.to_thread(database._was_committed, number, None)
        with pytest.raises(psycopg.OperationalError, match="does not come to its end"):
            await asyncio.wait_for(asking, 20)


async def test_a_mistake_that_a_unit_hides_is_found_at_the_commit(rig):
    def hides(tx: Tx) -> None:
        insert("lost")(tx)
        with suppress(psycopg.Error):
            tx._connection.execute("SELECT 1 / 0", {})

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        await rig.store.write(hides)
    assert await rig.store.read(names) == ["ours"]


async def test_who_falls_silent_in_a_transaction_holds_up_nobody_for_long(rig, monkeypatch):
    """As a process does that is stopped, or whose machine lost its power."""
    monkeypatch.setattr(store_postgres, "IDLE_SECONDS", 1)
    [before] = rig.row("SELECT created_at FROM account")
    silent = Postgres(rig.url)
    session = silent.for_writing()
    silent.begin(session)
    session.execute("UPDATE account SET created_at = 9")
    await asyncio.wait_for(rig.store.write(lambda tx: touch(tx, "ours")), 20)
    with pytest.raises(psycopg.OperationalError):
        silent.commit(session, lambda: None)
    assert rig.row("SELECT created_at FROM account") == (before + 1,)


def set_default(rig, setting: str) -> None:
    """For every connection from now on that does not say otherwise."""
    [name] = rig.row("SELECT current_database()")
    with psycopg.connect(rig.url, autocommit=True) as opened:
        opened.execute(f"ALTER DATABASE {name} SET {setting}")


async def test_answered_commits_survive_a_power_cut_whatever_the_servers_default_is(rig):
    set_default(rig, "synchronous_commit = off")
    session = Postgres(rig.url).for_writing()
    session.begin()
    assert session.execute("SHOW synchronous_commit").fetchall() == [{"synchronous_commit": "on"}]
    session.close()


async def test_a_server_that_only_reads_is_away(rig):
    set_default(rig, "default_transaction_read_only = on")
    store = await Store.open(Postgres(rig.url))
    with pytest.raises(StoreUnavailable, match="25006"):
        await store.write(insert("unread"))
    await store.close()


@pytest.mark.parametrize("what", ["DEALLOCATE ALL", "ALTER TABLE account ALTER name TYPE varchar"])
async def test_plans_that_are_of_no_use_any_more_are_made_anew(rig, what):
    await rig.store.write(names)
    await rig.store.write(lambda tx: tx._connection.execute(what, {}))
    assert await rig.store.write(names) == ["ours"]
