"""Every row of family 08 does what the table says, on a fast and on a real clock (gateway.md).

Each row is a whole survey call: SDK, TwiML made by the SDK, a caller's server, call-backs, truth. On the real
clock all rows are called at the same moment, with a short question, so that the test takes one call's time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from simulator.journal import Kind
from tests.simulator.servers.voice.studio import Studio, open_studio


@dataclass(frozen=True)
class Row:
    to: str
    status: str
    keys: tuple[str, ...]
    state: str
    response: str | None = None
    score: int | None = None
    answered_by: str | None = "human"


ROWS = (
    Row("+32450080101", "busy", (), "FAILED", answered_by=None),
    Row("+32450080201", "no-answer", (), "FAILED", answered_by=None),
    Row("+32450080301", "completed", (), "FAILED", answered_by="machine_start"),
    Row("+32450080401", "completed", (), "DELIVERED"),
    Row("+32450080501", "completed", ("11", "9"), "ANSWERED", "good", 9),
    Row("+32450080601", "completed", ("*",), "DELIVERED", "bad"),
    Row("+32450080701", "completed", (), "DELIVERED"),
    Row("+32450080801", "completed", ("9",), "ANSWERED", "good", 9),
    Row("+32450080901", "completed", ("10",), "ANSWERED", "good", 10),
    Row("+32450001001", "completed", ("10",), "ANSWERED", "good", 10),
)

IN_HASTE = {"+32450080901": {"keys": ("1",), "score": 1}}
"""What is otherwise where the caller waits two seconds for the next key."""


async def surveyed(studio: Studio, row: Row, **more) -> str:
    call = await studio.survey(row.to, machine_detection="Enable", **more)
    return call.sid


async def told(studio: Studio, row: Row, sid: str) -> Row:
    """What the row did, in the table's own form, from the outside."""
    call = await studio.sdk(studio.client.calls(sid).fetch)
    keys = tuple(
        each.told["Digits"]
        for each in studio.asked
        if each.path == "/keys" and each.told["CallSid"] == sid and "Digits" in each.told
    )
    truth = await studio.world.post("/truth", {"destinations": [row.to], "evidence": True})
    [person] = truth["people"]
    counted = person["counted"]
    return Row(
        row.to,
        call.status,
        keys,
        person["state"],
        counted["response"],
        counted["score"],
        call.answered_by,
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.to)
async def test_a_row_does_what_the_table_says_while_time_is_moved_by_hand(row):
    async with open_studio() as studio:
        sid = await surveyed(studio, row)
        await studio.pass_(180)
        assert await told(studio, row, sid) == row
        assert all(each.valid for each in studio.asked)
        assert studio.statuses()[-1] == row.status


async def test_every_row_does_what_the_table_says_while_time_jumps():
    async with open_studio(clock_mode="auto") as studio:
        for row in ROWS:
            sid = await surveyed(studio, row)
            waited = await studio.ended(sid)
            assert waited.facts["status"] == row.status
            await studio.until(Kind.REPORT_HANDED, address=row.to)
            assert await told(studio, row, sid) == row


async def test_every_row_does_what_the_table_says_in_real_time():
    async with open_studio(clock_mode="real") as studio:
        studio.question_text, studio.timeout = "Score?", 2
        sids = [await surveyed(studio, row, timeout=6) for row in ROWS]
        rows = [replace(row, **IN_HASTE.get(row.to, {})) for row in ROWS]
        for row, sid in zip(rows, sids, strict=True):
            await studio.until(Kind.REPORT_HANDED, address=row.to)
            assert await told(studio, row, sid) == row


@pytest.mark.parametrize(("waits", "keys", "score"), [(5, "10", 10), (3, "1", 1), (4, "1", 1)])
async def test_one_pause_nought_is_one_or_ten_exactly_as_the_timeout_decides(waits, keys, score):
    async with open_studio() as studio:
        studio.timeout = waits
        await studio.survey("+32450080901")
        await studio.pass_(60)
        assert studio.heard() == [keys]
        assert (await studio.truth())["score"] == score


async def test_ten_ends_at_once_and_a_single_key_waits_for_the_timeout():
    async with open_studio() as studio:
        for to, waits in (("+32450001001", 0), ("+32450000901", 5)):
            await studio.survey(to)
            await studio.pass_(60)
            last = studio.entries(Kind.CALL_KEYS)[-1]
            gathered = studio.entries(Kind.CALL_GATHERED)[-1]
            assert gathered.at - last.at == waits * 1000


async def test_a_key_during_the_prompt_stops_it():
    async with open_studio() as studio:
        await studio.survey("+32450080801")
        await studio.pass_(60)
        [prompt] = studio.entries(Kind.CALL_HEARD, said=studio.question_text)
        [key] = studio.entries(Kind.CALL_KEYS)
        [gathered] = studio.entries(Kind.CALL_GATHERED)
        assert key.at - prompt.at == round(prompt.facts["seconds"] * 500)
        assert gathered.at - key.at == 5_000


async def test_without_a_second_chance_a_wrong_key_stays_wrong():
    async with open_studio() as studio:
        studio.chances = 1
        await studio.survey("+32450080501")
        await studio.pass_(60)
        assert studio.heard() == ["11"]
        truth = await studio.truth()
        assert (truth["response"], truth["score"]) == ("bad", None)


@pytest.mark.parametrize(
    ("to", "keys", "good"),
    [
        ("+32450000001", ["0"], True),
        ("+32450010107", ["7"], True),
        ("+32450020101", ["*"], False),
        ("+32450020901", ["*"], False),
        ("+32450030001", [], None),
        ("+32450050501", ["8"], True),
        ("+32450060201", ["3"], True),
        ("+32450060701", ["*", "9"], True),
        ("+32450090201", ["9"], True),
        ("+3222011234", None, None),
    ],
)
async def test_other_numbers_answer_a_call_as_they_would_answer_a_message(to, keys, good):
    async with open_studio() as studio:
        await studio.survey(to)
        await studio.pass_(180)
        if keys is not None:
            assert studio.heard()[: len(keys)] == keys
            truth = await studio.truth()
            assert truth["response"] == {True: "good", False: "bad", None: None}[good]


@pytest.mark.parametrize("to", ["+32450040101", "+32450040301", "+32450030201"])
async def test_numbers_that_cannot_be_reached_cannot_be_called(to):
    async with open_studio() as studio:
        await studio.survey(to)
        await studio.pass_(180)
        assert studio.statuses() == ["initiated", "failed"]
        assert (await studio.truth())["state"] == "FAILED"
