"""`Idempotency-Key`: replays, refusals, keys not used up, calls at the same moment."""

import asyncio
from typing import Any

import pytest

from service.app import Service
from service.store.engine import Store
from tests.service.web.caller import QUESTION, WAFFLES, Caller, to
from tests.service.web.conftest import Opener, leave_unanswered


def key(text: str) -> dict[str, str]:
    return {"Idempotency-Key": text}


async def total(caller: Caller) -> int:
    return int((await caller.get("/report")).json["responseStatistics"]["totalRequests"])


@pytest.mark.parametrize("again", ["k-1", '"k-1"'])
async def test_the_same_key_and_body_replay_the_first_answer(caller: Caller, again: str) -> None:
    survey = await caller.survey()
    first = await caller.send(survey, to(1, referenceId="r"), to(1), headers=key("k-1"))
    second = await caller.send(survey, to(1, referenceId="r"), to(1), headers=key(again))
    assert (202, first.raw) == (second.status, second.raw)
    assert (
        first.headers.get("Idempotency-Replayed"),
        second.headers["Idempotency-Replayed"],
    ) == (None, "true")
    assert first.headers["RateLimit"].partition(";t")[0] == '"send";r=9998'
    assert second.headers["RateLimit"].partition(";t")[0] in (
        '"send";r=9998',
        '"send";r=9999',
        '"send";r=10000',
    )
    assert await total(caller) == 1


async def test_the_same_json_value_is_the_same_body_however_it_is_spelled(caller: Caller) -> None:
    survey = await caller.survey()
    path = f"/surveys/{survey}/send"
    first = await caller.post(
        path, b'{"requests":[{"channel":"SMS","destination":"0470000001"}]}', headers=key("k")
    )
    spelled = b'{ "requests" : [ {"destination":"0470\\u0030000\\u00301", "channel" : "SMS"} ] }\n'
    second = await caller.post(path, spelled, headers=key("k"))
    assert (202, 1, first.raw) == (second.status, first.json["accepted"], second.raw)


async def test_another_body_under_a_used_key_is_422(caller: Caller) -> None:
    survey = await caller.survey()
    await caller.send(survey, to(1), headers=key("k"))
    refused = await caller.send(survey, to(2), headers=key("k"))
    assert refused.status == 422
    assert await total(caller) == 1


async def test_a_replay_and_a_refused_key_cost_nothing(open_service: Opener) -> None:
    async with (
        open_service(send_rate=0.001, send_burst=1000) as service,
        Caller(service.url, await service.open_account("a", "b")) as caller,
    ):
        survey = await caller.survey()
        batch = [to(number) for number in range(400)]
        statuses = [(await caller.send(survey, *batch, headers=key("k"))).status for _ in range(3)]
        statuses.append((await caller.send(survey, *batch[:300], headers=key("k"))).status)
        statuses.append((await caller.send(survey, *batch[:300], headers=key("k"))).status)
        left = await caller.send(survey, to(1000), headers=key("l"))
    assert (statuses, left.headers["RateLimit"].partition(";t")[0]) == ([202] * 3 + [422] * 2, '"send";r=599')


async def test_a_call_refused_for_its_form_does_not_use_up_its_key(caller: Caller) -> None:
    survey = await caller.survey()
    assert (await caller.post(f"/surveys/{survey}/send", {"requests": []}, headers=key("k"))).status == 400
    assert (await caller.send(survey, to(1), headers=key("k"))).status == 202


async def test_keys_are_kept_for_one_path_each(caller: Caller) -> None:
    one, two = await caller.survey(), await caller.survey()
    assert (await caller.send(one, to(1), headers=key("k"))).json["accepted"] == 1
    assert (await caller.send(two, to(2), headers=key("k"))).json["accepted"] == 1


async def test_surveys_and_questions_are_made_once(caller: Caller) -> None:
    first = await caller.post("/surveys", WAFFLES, headers=key("k"))
    second = await caller.post("/surveys", WAFFLES, headers=key("k"))
    assert (first.raw, first.headers["Location"]) == (second.raw, second.headers["Location"])
    assert len((await caller.get("/surveys")).json) == 1
    path = f"/surveys/{first.json['id']}/question"
    body = {**QUESTION, "language": "fr"}
    answers = [await caller.post(path, body, headers=key("k")) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].raw == answers[1].raw


async def test_a_conflict_is_replayed_too(caller: Caller) -> None:
    path = f"/surveys/{await caller.survey()}/question"
    answers = [await caller.post(path, QUESTION, headers=key("k")) for _ in range(2)]
    assert [(a.status, a.headers["Content-Type"]) for a in answers] == [(409, "application/problem+json")] * 2
    assert answers[0].raw == answers[1].raw


GOOD = ("x" * 255, '"' + "x" * 255 + '"', '"a \\" \\\\ b"', "a b", "8e03978e-40d5-43dd-bc93-6894a57f9324")
BAD = ("x" * 256, '"' + "x" * 256 + '"', "", '""', '"open', '"a\\b"', '"a" b', "caf\u00e9")


async def test_a_key_is_1_to_255_printable_characters_quoted_or_bare(caller: Caller) -> None:
    for text in GOOD:
        assert (text, (await caller.post("/surveys", WAFFLES, headers=key(text))).status) == (text, 201)
    for text in BAD:
        answer = await caller.post("/surveys", WAFFLES, headers=key(text))
        assert (text, answer.status, answer.places) == (text, 400, ["Idempotency-Key"])


async def test_a_repeated_header_is_a_fault(caller: Caller) -> None:
    headers = [("Authorization", f"Bearer {caller.token}"), ("Content-Type", "application/json"),
               ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]  # fmt: skip
    async with caller.session.post("/survey/1.0.0/surveys", json=WAFFLES, headers=headers) as answer:
        assert answer.status == 400


async def test_of_calls_at_the_same_moment_one_works_and_the_others_are_409_or_its_replay(
    caller: Caller,
) -> None:
    survey = await caller.survey()
    answers = await asyncio.gather(*(caller.send(survey, to(1), headers=key("k")) for _ in range(30)))
    assert {202} <= {answer.status for answer in answers} <= {202, 409}
    assert len({answer.raw for answer in answers if answer.status == 202}) == 1
    assert await total(caller) == 1


async def test_while_the_first_call_is_at_work_the_second_is_409(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = await caller.survey()
    begun, go_on = asyncio.Event(), asyncio.Event()
    write = Store.write

    async def slow(store: Store, unit: Any, **more: Any) -> Any:
        begun.set()
        await go_on.wait()
        return await write(store, unit, **more)

    monkeypatch.setattr(Store, "write", slow)
    async with asyncio.TaskGroup() as calls:
        first = calls.create_task(caller.send(survey, to(1), headers=key("k")))
        await begun.wait()
        second = await caller.send(survey, to(1), headers=key("k"))
        other_body = await caller.send(survey, to(2), headers=key("k"))
        go_on.set()
    assert (first.result().status, second.status, other_body.status) == (202, 409, 409)
    assert first.result().raw == (await caller.send(survey, to(1), headers=key("k"))).raw


async def test_a_key_outlives_a_restart(open_service: Opener) -> None:
    answers = []
    for _ in range(2):
        async with (
            open_service() as service,
            Caller(service.url, await service.open_account("a", "b")) as caller,
        ):
            answers.append(await caller.post("/surveys", WAFFLES, headers=key("k")))
    assert answers[0].raw == answers[1].raw


async def test_neither_key_nor_body_is_kept_in_the_clear(open_service: Opener, tmp_path: Any) -> None:
    async with open_service() as service, Caller(service.url, await service.open_account("a", "b")) as caller:
        survey = await caller.survey()
        await caller.send(survey, to(1), to(1), headers=key("my-own-secret-key"))
        kept = b"".join(file.read_bytes() for file in tmp_path.glob("x.sqlite3*"))
    assert [word for word in (b"my-own-secret-key", b"470000001", b"70000001") if word in kept] == []


async def test_what_may_have_been_done_is_told_to_repeat_and_is_done_once(
    service: Service, caller: Caller
) -> None:
    survey = await caller.survey()
    with pytest.MonkeyPatch.context() as patch:
        leave_unanswered(service, patch)
        told = [await caller.send(survey, to(n), headers=how) for n, how in ((1, key("k")), (2, {}))]
    for each in told:
        assert (each.status, each.json["type"]) == (503, "/docs#problem-outcome-unknown")
        assert each.headers["Retry-After"] == "1"
    again = await caller.send(survey, to(1), headers=key("k"))
    assert (again.status, again.json["accepted"]) == (202, 1)
    assert again.headers["Idempotency-Replayed"] == "true"
    unkeyed = await caller.send(survey, to(2))
    assert unkeyed.json["requests"][0]["reason"] == "CONTACTED_RECENTLY"
