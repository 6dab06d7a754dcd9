"""One person is not asked twice in a short time, however hard anybody tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from scenarios.programs import call

CALLERS = 50


def survey_of(harness, token):
    return call(
        "POST",
        f"{harness.card['service']}/survey/1.0.0/surveys",
        {"name": "n", "interactionType": "i", "questions": [{"body": "0-10?", "language": "en-GB"}]},
        token=token,
    ).body["id"]


def send(harness, survey, token, *numbers):
    body = {"requests": [{"channel": "SMS", "destination": number} for number in numbers]}
    return call(
        "POST", f"{harness.card['service']}/survey/1.0.0/surveys/{survey}/send", body, token=token
    ).body


def test_of_fifty_sends_at_the_same_moment_exactly_one_is_accepted(harness):
    token = harness.card["token"]
    survey = survey_of(harness, token)
    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda _: send(harness, survey, token, "+32450000911"), range(CALLERS)))
    assert sum(answer["accepted"] for answer in answers) == 1
    reasons = {result.get("reason") for answer in answers for result in answer["requests"]}
    assert reasons == {None, "CONTACTED_RECENTLY"}


def test_the_same_person_twice_in_one_call_is_asked_once_however_the_number_is_written(harness):
    token = harness.card["token"]
    answer = send(harness, survey_of(harness, token), token, "+32450000912", "0450 00.09/12")
    assert [result["status"] for result in answer["requests"]] == ["ACCEPTED", "REJECTED"]


def test_another_company_may_ask_the_same_person(harness):
    one, other = (account["token"] for account in harness.card["accounts"][:2])
    assert send(harness, survey_of(harness, one), one, "+32450000913")["accepted"] == 1
    assert send(harness, survey_of(harness, other), other, "+32450000913")["accepted"] == 1


def test_after_the_interval_the_person_may_be_asked_again(harness):
    token = harness.card["token"]
    survey = survey_of(harness, token)
    assert send(harness, survey, token, "+32450000914")["accepted"] == 1
    refused = send(harness, survey, token, "+32450000914")["requests"][0]
    assert refused["reason"] == "CONTACTED_RECENTLY"
    assert len(refused["retryAfter"]) == len("2026-11-24T10:00:00.000")
    call("POST", f"{harness.card['control']}/control/v1/clock/advance", {"by": "1d"})
    assert send(harness, survey, token, "+32450000914")["accepted"] == 1
