"""The API over HTTP as documented: surveys, sending, reports; who sees what."""

import asyncio
from typing import Any
from uuid import UUID

from tests.service.web.caller import QUESTION, WAFFLES, Caller, Got, to

NL = {"body": "Hoe was jou ervaring met ons support team?", "language": "nl-BE"}


async def test_a_survey_is_made_and_read_as_documented(caller: Caller) -> None:
    made = await caller.post("/surveys", WAFFLES)
    survey = made.json
    assert made.status == 201
    assert list(survey) == ["id", "name", "interactionType", "questions"]
    assert list(survey["questions"][0]) == ["id", "body", "language"]
    assert {
        **WAFFLES,
        "id": survey["id"],
        "questions": [{"id": survey["questions"][0]["id"], **QUESTION}],
    } == survey
    assert f"/survey/1.0.0/surveys/{survey['id']}" == made.headers["Location"]
    assert survey == (await caller.get(f"/surveys/{survey['id']}")).json


async def test_surveys_are_listed_newest_first_with_questions_in_the_order_they_were_made(
    caller: Caller,
) -> None:
    first, second = await caller.survey(name="waffles"), await caller.survey(name="biscuits")
    await caller.post(f"/surveys/{first}/question", NL)
    listed = (await caller.get("/surveys")).json
    assert [second, first] == [survey["id"] for survey in listed]
    assert [question["language"] for question in listed[1]["questions"]] == ["en-GB", "nl-BE"]


async def test_a_question_is_added_once_for_each_language(caller: Caller) -> None:
    survey = await caller.survey()
    added = await caller.post(f"/surveys/{survey}/question", {**NL, "language": " nl-BE "})
    again = await caller.post(f"/surveys/{survey}/question", {**NL, "language": "NL-be"})
    assert (added.status, {name: added.json[name] for name in NL}) == (201, NL)
    assert (again.status, again.places) == (409, ["/language"])


async def test_a_survey_with_two_questions_in_one_language_is_a_conflict_and_is_not_made(
    caller: Caller,
) -> None:
    refused = await caller.post(
        "/surveys", {**WAFFLES, "questions": [QUESTION, NL, {**QUESTION, "language": "EN-gb"}]}
    )
    assert (refused.status, refused.places) == (409, ["/questions/2/language"])
    assert (await caller.get("/surveys")).json == []


async def test_a_deleted_survey_is_gone_and_its_id_never_comes_back(caller: Caller) -> None:
    survey = await caller.survey()
    gone = await caller.call("DELETE", f"/surveys/{survey}")
    assert (gone.status, gone.raw) == (204, b"")
    for method, leaf in (
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/report"),
        ("POST", "/send"),
        ("POST", "/question"),
    ):
        assert (await caller.call(method, f"/surveys/{survey}{leaf}")).status == 404
    assert survey < await caller.survey()


async def test_a_send_call_answers_each_request_in_order(caller: Caller) -> None:
    survey = await caller.survey()
    sent = await caller.send(
        survey,
        to(1, referenceId="mine", segments=["male", "customer"], language="en-GB"),
        to(1),
        {"channel": "SMS", "destination": "nobody"},
        {"channel": "SMS", "destination": "+33612345678", "referenceId": "abroad"},
        to(2, language="de"),
    )
    answer = sent.json
    assert sent.status == 202
    assert list(answer) == ["accepted", "rejected", "requests"]
    assert (answer["accepted"], answer["rejected"]) == (1, 4)
    first, second, *rest = answer["requests"]
    assert list(first) == ["id", "referenceId", "status"]
    assert (first["referenceId"], first["status"], UUID(first["id"]).version) == ("mine", "ACCEPTED", 7)
    assert {name: value for name, value in second.items() if name != "retryAfter"} == {
        "referenceId": None,
        "status": "REJECTED",
        "reason": "CONTACTED_RECENTLY",
    }
    assert len(second["retryAfter"]) == 23
    assert rest == [
        {"referenceId": None, "status": "REJECTED", "reason": "INVALID_DESTINATION"},
        {"referenceId": "abroad", "status": "REJECTED", "reason": "DESTINATION_NOT_SUPPORTED"},
        {"referenceId": None, "status": "REJECTED", "reason": "NO_QUESTION_IN_LANGUAGE"},
    ]


async def test_a_fault_of_form_refuses_the_whole_call_and_nothing_is_sent(caller: Caller) -> None:
    survey = await caller.survey()
    refused = await caller.send(survey, to(1), {"channel": "SMS"}, to(2, segments=["a,b"]))
    assert (refused.status, refused.places) == (400, ["/requests/1/destination", "/requests/2/segments/0"])
    assert (await caller.get(f"/surveys/{survey}/report")).json["responseStatistics"]["totalRequests"] == 0


async def test_of_fifty_sends_to_one_person_at_the_same_moment_one_is_accepted(caller: Caller) -> None:
    surveys = [await caller.survey() for _ in range(2)]
    answers = await asyncio.gather(*(caller.send(surveys[i % 2], to(1)) for i in range(50)))
    assert sum(answer.json["accepted"] for answer in answers) == 1


async def test_an_empty_report_has_the_documented_members_in_the_documented_order(caller: Caller) -> None:
    survey = await caller.survey()
    period = "startDate=2019-11-01T12%3A12%3A15.982%2B01%3A00&endDate=2020-03-31T12:12:15.982+01:00"
    report = (await caller.get(f"/surveys/{survey}/report?{period}&segments=b,a&segmentMode=ANY")).json
    assert list(report) == [
        "date", "from", "to", "segments", "segmentMode", "nps", "responseStatistics"
    ]  # fmt: skip
    assert {
        "date": report["date"],
        "from": "2019-11-01T12:12:15.982",
        "to": "2020-03-31T12:12:15.982",
        "segments": ["b", "a"],
        "segmentMode": "ANY",
        "nps": {"promoters": 0, "detractors": 0, "score": None},
        "responseStatistics": {
            "totalRequests": 0, "totalResponses": 0, "goodResponses": 0, "badResponses": 0, "failed": 0,
        },
    } == report  # fmt: skip
    assert len(report["date"]) == 23


async def test_what_send_answered_before_is_in_the_report(caller: Caller) -> None:
    one, two = await caller.survey(), await caller.survey()
    await caller.send(one, to(1, segments=["a", "b"]), to(2, segments=["b"]))
    await caller.send(two, to(3))

    async def total(path: str) -> int:
        return int((await caller.get(path)).json["responseStatistics"]["totalRequests"])

    assert await total(f"/surveys/{one}/report") == 2
    assert await total("/report") == 3
    assert await total("/report?segments=a,b") == 1
    assert await total("/report?segments=a&segments=b&segmentMode=ANY") == 2
    assert await total("/report?channel=VOICE") == 0
    assert await total("/report?endDate=2020-01-01") == 0


async def test_a_report_without_start_begins_with_the_first_request(caller: Caller) -> None:
    survey = await caller.survey()
    before = (await caller.get("/report")).json
    assert before["from"] == before["to"] == before["date"]
    await caller.send(survey, to(1))
    first = (await caller.get("/report")).json
    second = (await caller.get(f"/surveys/{survey}/report")).json
    assert before["date"] <= first["from"] == second["from"] <= first["to"] == first["date"]


async def test_details_come_when_asked_for(caller: Caller) -> None:
    survey = await caller.survey()
    await caller.send(survey, to(1))
    report = (await caller.get(f"/surveys/{survey}/report?include=details")).json
    details = report["details"]
    assert {str(score): 0 for score in range(11)} == details["scores"]
    assert (details["passives"], details["responseRate"], details["confidenceInterval"]) == (0, 0, None)
    part = {"nps": report["nps"], "responseStatistics": report["responseStatistics"]}
    assert ({"SMS": part}, {"en-GB": part}, [part]) == (
        details["byChannel"], details["byLanguage"], list(details["byDay"].values())
    )  # fmt: skip


AT_A_SURVEY = [
    ("GET", ""), ("DELETE", ""), ("PUT", ""), ("POST", "/question"), ("POST", "/send"), ("PUT", "/send"),
    ("GET", "/report"), ("GET", "/report?colour=red"), ("POST", "/report"), ("GET", "/nothing"),
]  # fmt: skip


async def test_another_accounts_survey_is_the_same_404_as_none(caller: Caller, stranger: Caller) -> None:
    survey = await caller.survey()
    for method, leaf in AT_A_SURVEY:
        more: dict[str, Any] = {}
        if method != "GET":
            more = {"data": b"{faulty", "headers": {"Content-Encoding": "gzip"}}
        foreign = await stranger.call(method, f"/surveys/{survey}{leaf}", **more)
        never = await stranger.call(method, f"/surveys/{survey + 1000}{leaf}", **more)
        assert (method, leaf, foreign.status, foreign.raw) == (method, leaf, 404, never.raw)
        assert seen(foreign) == seen(never)
    assert (await caller.get(f"/surveys/{survey}")).status == 200


def seen(answer: Got) -> dict[str, str]:
    """The headers, but for what changes from call to call."""
    return {name: value for name, value in answer.headers.items() if name != "Date"}


async def test_accounts_do_not_share_lists_reports_keys_or_contact_intervals(
    caller: Caller, stranger: Caller
) -> None:
    key = {"Idempotency-Key": "same"}
    survey = await caller.survey()
    await caller.send(survey, to(1), headers=key)
    own = await stranger.survey()
    sent = await stranger.send(own, to(1), headers=key)
    assert (sent.status, sent.json["accepted"]) == (202, 1)
    assert [own] == [each["id"] for each in (await stranger.get("/surveys")).json]
    assert (await stranger.get("/report")).json["responseStatistics"]["totalRequests"] == 1
