"""Databases of older versions are brought up to date."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import psycopg

from service.clock import Moment
from service.domain.period import FORTNIGHT_DAYS, Period, day_of
from service.domain.request import AccountId
from service.store import acceptance, figures, sql
from service.store.acceptance import Contact
from service.store.engine import Store
from service.store.figures import Selection
from service.store.postgres import Postgres

OLD = Path(__file__).parent / "version-2.sql"
NOON = 1_795_435_200_000
HOUR, APART = 3_600_000, 75 * 3_600_000
CONTACTS = [(bytes([9]) * 32, NOON, 1), (bytes([7]) * 32, NOON + 1, 0)]
OUTCOMES = [
    (2, 0, None, None),
    (5, 1, None, None),
    (4, 0, "good", 10),
    (4, 0, "good", 7),
    (6, 0, "empty", None),
]


CONTACTS_OF_3 = """DROP TABLE contact;
    CREATE TABLE contact (account BIGINT NOT NULL, fingerprint BYTEA NOT NULL, until BIGINT NOT NULL,
        opted_out BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (account, fingerprint));
    CREATE INDEX contact_by_fingerprint ON contact (fingerprint);
    CREATE INDEX contact_by_end ON contact (until) WHERE opted_out = 0;
    UPDATE schema_version SET version = 3"""
ROLL_UP_OF_4 = """CREATE TABLE {name} (
        survey BIGINT NOT NULL, segment_set BIGINT NOT NULL, channel TEXT NOT NULL,
        bucket BIGINT NOT NULL, requests BIGINT NOT NULL, failed BIGINT NOT NULL, bad BIGINT NOT NULL,
        promoters BIGINT NOT NULL, passives BIGINT NOT NULL, detractors BIGINT NOT NULL,
        PRIMARY KEY (survey, segment_set, channel, bucket))"""
COLUMNS = """SELECT attrelid::regclass::text, attname, atttypid::regtype::text, attnotnull
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 ORDER BY 1, attnum"""


def make_old(path: Path) -> None:
    """A database as version 2 left it, with a few requests in two surveys."""
    opened = sqlite3.connect(path)
    opened.executescript(OLD.read_text())
    opened.execute("INSERT INTO account VALUES (1, 'ours', 1)")
    opened.executemany(
        "INSERT INTO survey (id, account, name, interaction_type) VALUES (?, 1, 's', 't')", [(1,), (2,)]
    )
    for number, (state, failed, verdict, score) in enumerate(OUTCOMES * 2):
        at = NOON + number * APART
        opened.execute(
            "INSERT INTO request VALUES (?, ?, 1, 'nl', 'SMS', ?, ?, ?, ?, ?, ?, ?)",
            (bytes([number]) * 16, 1 + number % 2, number % 3, at, day_of(at), state, failed, verdict, score),
        )
    opened.executemany("INSERT INTO contact VALUES (1, ?, ?, ?)", CONTACTS)
    opened.commit()
    opened.close()


async def test_the_figures_of_version_2_are_still_the_same(tmp_path):
    path = tmp_path / "old.sqlite3"
    make_old(path)
    store = await Store.open(path)
    try:
        counts = await store.read(lambda tx: figures.counts(tx, Selection(1)))
        details = await store.read(lambda tx: figures.asked_outcomes(tx, Selection(1))())
        for number in range(10):
            period = Period(NOON, NOON + number * APART)
            found = await store.read(lambda tx, of=period: figures.counts(tx, Selection(1, period=of)))
            assert found.requests == number + 1
        assert (counts.requests, counts.failed, counts.bad) == (10, 2, 2)
        assert (counts.promoters, counts.passives, counts.detractors) == (2, 2, 0)
        assert details.total() == 10
        assert await store.integrity() == []
    finally:
        await store.close()
    await (await Store.open(path)).close()


async def test_who_was_contacted_or_opted_out_in_version_2_still_is(tmp_path):
    make_old(tmp_path / "old")
    store = await Store.open(tmp_path / "old")
    try:
        people = [(AccountId(1), fingerprint) for fingerprint, _, _ in CONTACTS]
        known = await store.read(lambda tx: acceptance.contacts(tx, people))
        assert [known[person] for person in people] == [
            Contact(Moment(until), bool(out)) for _, until, out in CONTACTS
        ]
    finally:
        await store.close()


async def test_an_old_database_has_the_tables_of_a_new_one(tmp_path):
    for name in ("old", "new"):
        if name == "old":
            make_old(tmp_path / name)
        await (await Store.open(tmp_path / name)).close()
    assert columns(tmp_path / "old") == columns(tmp_path / "new")
    assert sql.VERSION == 6


async def test_a_database_of_version_3_on_a_server_is_brought_up_to_date(postgres):
    url = postgres.new_database()
    await (await Store.open(Postgres(url))).close()
    with psycopg.connect(url, autocommit=True) as opened:
        columns_now = opened.execute(COLUMNS).fetchall()
        opened.execute(CONTACTS_OF_3)
        hours = [NOON // HOUR + number * APART // HOUR for number in range(10)]
        roll_ups_of_4(opened, hours)
        for person in CONTACTS:
            opened.execute("INSERT INTO contact VALUES (1, %s, %s, %s)", person)
    store = await Store.open(Postgres(url))
    try:
        people = [(AccountId(1), fingerprint) for fingerprint, _, _ in CONTACTS]
        claims = {person: Moment(NOON + 10) for person in people}
        assert await store.write(lambda tx: acceptance.claim(tx, claims, 1)) == {people[1]}
        known = await store.read(lambda tx: acceptance.contacts(tx, people))
        assert [known[person] for person in people] == [
            Contact(Moment(NOON), True),
            Contact(Moment(NOON + 10), False),
        ]
        for number, hour in enumerate(hours):
            period = Period(NOON, (hour + 1) * HOUR - 1)
            found = await store.read(lambda tx, of=period: figures.counts(tx, Selection(1, period=of)))
            assert found.requests == number + 1
    finally:
        await store.close()
    with psycopg.connect(url) as opened:
        assert opened.execute(COLUMNS).fetchall() == columns_now
        assert opened.execute("SELECT version FROM schema_version").fetchall() == [(sql.VERSION,)]


def test_fortnights_before_1970_are_those_of_days_accepted_since(tmp_path):
    """Where division rounds towards nought, one fortnight would be as long as two."""
    days = range(-30, 30)
    with sqlite3.connect(tmp_path / "old.sqlite3") as opened:
        opened.execute("CREATE TABLE schema_version (version)")
        for name in ("figures_of_hour", "figures_of_day"):
            opened.execute(ROLL_UP_OF_4.format(name=name))
        rows = [(day,) for day in days]
        opened.executemany("INSERT INTO figures_of_day VALUES (1, -1, 'SMS', ?, 1, 0, 0, 0, 0, 0)", rows)
        opened.executescript((sql.HERE / "migrations" / "5.sql").read_text())
        found = opened.execute("SELECT bucket, requests FROM figures WHERE grain = 336").fetchall()
    opened.close()
    assert Counter(dict(found)) == Counter(day // FORTNIGHT_DAYS for day in days)


def roll_ups_of_4(opened: psycopg.Connection, hours: list[int]) -> None:
    """In place of today's, with a request in each of some hours."""
    opened.execute("INSERT INTO account (id, name, created_at) VALUES (1, 'ours', 1)")
    opened.execute("INSERT INTO survey (account, name, interaction_type) VALUES (1, 's', 't')")
    opened.execute("DROP TABLE figures")
    opened.execute("DROP TABLE long_reply")
    buckets = {"figures_of_hour": hours, "figures_of_day": [day_of(hour * HOUR) for hour in hours]}
    for name, numbers in buckets.items():
        opened.execute(ROLL_UP_OF_4.format(name=name))
        for number in numbers:
            row = f"INSERT INTO {name} VALUES (1, -1, 'SMS', %s, 1, 0, 0, 0, 0, 0)"  # noqa: S608  # ours
            opened.execute(row, (number,))


def columns(path: Path) -> dict[str, set[tuple[str, str]]]:
    opened = sqlite3.connect(path)
    try:
        names = [
            name
            for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')")
        ]
        return {
            name: {(row[1], row[2]) for row in opened.execute(f"PRAGMA table_info({name})")} for name in names
        }
    finally:
        opened.close()
