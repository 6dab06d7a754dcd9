"""The files of queries."""

from __future__ import annotations

import re
import sqlite3

import pytest

from service.store import sql
from service.store.sqlite import Sqlite


def test_every_query_has_a_name_of_its_own_and_can_be_prepared(tmp_path):
    path = tmp_path / "survey.sqlite3"
    Sqlite(path).prepare()
    opened = Sqlite(path).for_writing()
    try:
        for name, statement in sql.queries().items():
            if not statement.startswith("PRAGMA"):
                values = dict.fromkeys(re.findall(r":([a-z_0-9]+)", statement))
                opened.execute(f"EXPLAIN {statement}", values).fetchall()
            assert statement.count(";") == 1, name
    finally:
        opened.close()


def test_every_query_is_used():
    source = "".join(file.read_text() for file in sql.HERE.glob("*.py"))
    unused = [name for name in sql.queries() if f'"{name}"' not in source]
    assert unused == []


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("figures_of_moments", "request_by_moment"),
        ("details_of_moments", "request_by_moment"),
        ("due", "envelope_due"),
        ("latest_handed", "envelope_open"),
        ("requests_by_gateway_ids", "envelope_by_gateway_id"),
        ("requests_to_people", "envelope_by_gateway_id"),
        ("being_handed_over", "envelope_open"),
        ("expired", "envelope_closing"),
        ("next_closing", "envelope_closing"),
        ("next_due", "envelope_due"),
        ("destroy_data_keys", "envelope_due"),
        ("drop_contacts", "contact_by_end"),
        ("drop_answers", "idempotency_by_expiry"),
        ("drop_taken_replies", "taken_reply_by_expiry"),
        ("drop_expired_tokens", "token_by_expiry"),
    ],
)
def test_what_runs_often_finds_its_rows_by_an_index(tmp_path, name, index):
    path = tmp_path / "survey.sqlite3"
    Sqlite(path).prepare()
    opened = Sqlite(path).for_writing()
    try:
        statement = sql.queries()[name]
        values = dict.fromkeys(re.findall(r":([a-z_0-9]+)", statement), 1)
        plan = [row["detail"] for row in opened.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    finally:
        opened.close()
    assert any(index in step for step in plan), plan


def test_a_statement_without_a_name_and_a_name_twice_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sql, "HERE", tmp_path)
    (tmp_path / "queries").mkdir()
    for content in ("SELECT 1;\n-- name: one\nSELECT 1;\n", "-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n"):
        (tmp_path / "queries" / "bad.sql").write_text(content)
        with pytest.raises(sql.BadQueryFile):
            sql.queries.__wrapped__()


def test_an_empty_database_gets_the_schema_once(tmp_path):
    path = tmp_path / "survey.sqlite3"
    Sqlite(path).prepare()
    Sqlite(path).prepare()
    opened = sqlite3.connect(path)
    try:
        assert opened.execute("SELECT count(*) FROM schema_version").fetchone() == (1,)
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        opened.close()
