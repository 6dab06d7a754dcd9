"""One person is not asked twice: what the story cannot tell, many at once and another company."""

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


def test_another_company_may_ask_the_same_person(harness):
    one, other = (account["token"] for account in harness.card["accounts"][:2])
    assert send(harness, survey_of(harness, one), one, "+32450000913")["accepted"] == 1
    assert send(harness, survey_of(harness, other), other, "+32450000913")["accepted"] == 1
