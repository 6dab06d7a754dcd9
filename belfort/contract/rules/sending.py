"""Sending: what is refused as a whole, what is rejected one by one, and whom one may ask again."""

from __future__ import annotations

import re
from typing import Any

from belfort.contract.exchange import Answer
from belfort.contract.rule import Rule
from belfort.contract.visit import Visit

WALL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}")
"""Brussels wall-clock time as the reports write theirs: milliseconds and no offset."""
UNSAID = "no reason"
TOGETHER = 6


def statuses(answer: Answer) -> list[str]:
    """What became of each request, in order."""
    return [str(each.get("status")) for each in answer.objects("/requests")]


def reasons(answer: Answer) -> list[Any]:
    """Why each was rejected; None for the accepted."""
    listed = answer.objects("/requests")
    return [each.get("reason", None if each.get("status") == "ACCEPTED" else UNSAID) for each in listed]


async def receipt(visit: Visit) -> None:
    survey = await visit.survey()
    answer = await visit.send(
        survey, {"referenceId": "my-customer-reference"}, {"destination": "banana"}, {"segments": ["male"]}
    )
    visit.must(
        answer,
        "status 202, ACCEPTED, REJECTED, ACCEPTED, counted",
        lambda seen: (
            (seen.status, seen.member("/accepted"), seen.member("/rejected")) == (202, 2, 1)
            and statuses(seen) == ["ACCEPTED", "REJECTED", "ACCEPTED"]
        ),
    )
    visit.must_say(answer, 202, "/requests/0/referenceId", "my-customer-reference")
    visit.must_say(answer, 202, "/requests/1/referenceId", None)
    visit.must(
        answer,
        "an id of its own for each accepted request",
        lambda seen: len({seen.member("/requests/0/id"), seen.member("/requests/2/id"), None}) == 3,
    )


async def form_refuses_all(visit: Visit) -> None:
    survey, number = await visit.survey(), visit.site.number()
    for broken in ({"channel": "PIGEON"}, {"destination": ""}, {"destination": 5}, {"segments": ["a,b"]}):
        visit.must_be(await visit.send(survey, {"destination": number}, broken), 400)
    visit.must_be(await visit.call("POST", f"/surveys/{survey}/send", {"requests": []}), 400)
    answer = await visit.send(survey, {"destination": number})
    visit.must(
        answer,
        "the number of the refused calls is accepted now: nothing was sent to it",
        lambda seen: statuses(seen) == ["ACCEPTED"],
    )


async def business_rejects_one(visit: Visit) -> None:
    survey = await visit.survey()
    answer = await visit.send(
        survey, {"destination": "banana"}, {"destination": "+12015550123"}, {"language": "nl"}, {}
    )
    wanted = ["INVALID_DESTINATION", "DESTINATION_NOT_SUPPORTED", "NO_QUESTION_IN_LANGUAGE", None]
    visit.must(
        answer,
        f"status 202 with the reasons {wanted}",
        lambda seen: seen.status == 202 and reasons(seen) == wanted,
    )


async def sizes(visit: Visit) -> None:
    survey = await visit.survey()
    tags = [f"t{number}" for number in range(21)]
    visit.must_say(await visit.send(survey, {"segments": tags[:20]}), 202, "/accepted", 1)
    visit.must_be(await visit.send(survey, {"segments": tags}), 400)
    visit.must_be(await visit.send(survey, {"segments": ["x" * 65]}), 400)
    visit.must_be(await visit.send(survey, {"referenceId": "x" * 256}), 400)
    nobody = {"channel": "SMS", "destination": "0"}
    visit.must_say(await visit.send(survey, *[nobody] * 1000), 202, "/rejected", 1000)
    visit.must_be(await visit.send(survey, *[nobody] * 1001), 400)


async def spellings(visit: Visit) -> None:
    survey, number = await visit.survey(), visit.site.number()
    rest = number[3:]
    visit.must(
        await visit.send(survey, {"destination": number}),
        "ACCEPTED",
        lambda seen: statuses(seen) == ["ACCEPTED"],
    )
    for spelling in (f"0032{rest}", f"0{rest}", f"0{rest[:3]}/{rest[3:5]}.{rest[5:7]} {rest[7:]}"):
        answer = await visit.send(survey, {"destination": spelling})
        visit.must(
            answer,
            "CONTACTED_RECENTLY: it is the same person",
            lambda seen: reasons(seen) == ["CONTACTED_RECENTLY"],
        )


async def contact_interval(visit: Visit) -> None:
    one, other, number = await visit.survey(), await visit.survey(), visit.site.number()
    visit.must(
        await visit.send(one, {"destination": number}), "ACCEPTED", lambda seen: reasons(seen) == [None]
    )
    answer = await visit.send(other, {"destination": number})
    visit.must(answer, "CONTACTED_RECENTLY", lambda seen: reasons(seen) == ["CONTACTED_RECENTLY"])
    visit.must(
        answer,
        "retryAfter in Brussels wall-clock time, such as 2026-11-24T10:00:00.000",
        lambda seen: WALL.fullmatch(str(seen.member("/requests/0/retryAfter"))) is not None,
    )


async def once_in_a_call(visit: Visit) -> None:
    survey, number = await visit.survey(), visit.site.number()
    answer = await visit.send(survey, *[{"destination": number}] * 3)
    visit.must(
        answer,
        "exactly one ACCEPTED",
        lambda seen: seen.status == 202 and statuses(seen).count("ACCEPTED") == 1,
    )


async def once_at_a_moment(visit: Visit) -> None:
    survey = await visit.survey()
    body = {"requests": [{"channel": "SMS", "destination": visit.site.number()}]}
    answers = await visit.at_once(visit.planned("POST", f"/surveys/{survey}/send", body), TOGETHER)
    won = [answer for answer in answers if statuses(answer) == ["ACCEPTED"]]
    visit.must((won or answers)[-1], "exactly one of them ACCEPTED", lambda seen: len(won) == 1)


async def interval_outlives_the_survey(visit: Visit) -> None:
    survey, number = await visit.survey(), visit.site.number()
    visit.must(
        await visit.send(survey, {"destination": number}), "ACCEPTED", lambda seen: reasons(seen) == [None]
    )
    visit.must_be(await visit.call("DELETE", f"/surveys/{survey}"), 204)
    answer = await visit.send(await visit.survey(), {"destination": number})
    visit.must(answer, "CONTACTED_RECENTLY", lambda seen: reasons(seen) == ["CONTACTED_RECENTLY"])


async def look_up(visit: Visit) -> None:
    questions = [{"body": f"0-10? {tag}", "language": tag} for tag in ("fr", "nl-BE")]
    survey = await visit.survey(questions=questions)
    asked = ("fr", "FR", "fr-CA", "nl-BE-x-formal", "nl", None, "de")
    answer = await visit.send(survey, *({"language": language} for language in asked))
    visit.must(
        answer,
        f"a question for each of {asked[:-1]}, none for de",
        lambda seen: reasons(seen) == [None] * 6 + ["NO_QUESTION_IN_LANGUAGE"],
    )


RULES = (
    Rule(
        "send-receipt",
        "202 and, in the order of the requests: id, referenceId handed back, status, reason.",
        receipt,
    ),
    Rule(
        "form-refuses-the-call",
        "What breaks a rule of form is 400 for the whole call and nothing is sent.",
        form_refuses_all,
    ),
    Rule("business-rejects-one", "What breaks a rule of business rejects that one request.",
         business_rejects_one),
    Rule(
        "send-sizes",
        "requests: 1..1000; segments: up to 20 tags of 1..64 characters; referenceId: 1..255 characters.",
        sizes,
    ),
    Rule(
        "number-spellings",
        "Blanks, dots, slashes and 00 or national 0 forms are understood and normalised.",
        spellings,
    ),
    Rule(
        "contact-interval",
        "One person gets at most one survey in the interval, over all surveys of the account; retryAfter is "
        "Brussels wall-clock time.",
        contact_interval,
    ),
    Rule("contact-once-in-a-call", "The same destination twice in one call: exactly one is accepted.",
         once_in_a_call),
    Rule("contact-once-at-a-moment", "Two calls at the same moment: exactly one is accepted.",
         once_at_a_moment),
    Rule(
        "contact-interval-outlives-the-survey",
        "Neither deleting a survey nor a failed delivery ends an interval or an opt-out.",
        interval_outlives_the_survey,
    ),
    Rule(
        "question-look-up",
        "language picks the question by exact tag, then by RFC 4647 look-up, then by primary language; "
        "absent: the survey's first question.",
        look_up,
    ),
)  # fmt: skip
