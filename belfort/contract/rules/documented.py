"""The public documentation's own examples, as printed: what they send, and the members they show.

Only two things differ: the host, and the destination. The printed number may belong to somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from belfort.contract.exchange import Answer
from belfort.contract.rule import Rule
from belfort.contract.visit import Visit

CREATE: Mapping[str, Any] = {
    "name": "waffles",
    "interactionType": "general",
    "questions": [
        {
            "body": "On a scale from 0-10 , how likely are you to recommend our waffles to a friend or "
            "colleague?",
            "language": "en-GB",
        }
    ],
}
QUESTION: Mapping[str, Any] = {
    "body": "Hoe was jou ervaring met ons support team? Stuur ons je score tussen 0 en 10 door te antwoorden "
    "op dit bericht",
    "language": "nl-BE",
}
REQUEST: Mapping[str, Any] = {
    "channel": "SMS",
    "segments": ["male", "customer"],
    "destination": "+32472306705",
    "referenceId": "my-customer-reference",
    "language": "en-GB",
}
REPORT_QUERY = (
    "endDate=2020-03-31T12%3A12%3A15.982%2B01%3A00&channel=SMS&segmentMode=ANY&segments=hxsyqosx,ifywjutr"
    "&startDate=2019-11-01T12%3A12%3A15.982%2B01%3A00"
)

A_QUESTION = {"id": int, "body": str, "language": str}
A_SURVEY = {"id": int, "name": str, "interactionType": str, "questions": [A_QUESTION]}
A_REPORT = {
    "date": str,
    "from": str,
    "to": str,
    "segments": [str],
    "segmentMode": str,
    "nps": {"promoters": int, "detractors": int, "score": (int, type(None))},
    "responseStatistics": {
        "totalRequests": int,
        "totalResponses": int,
        "goodResponses": int,
        "badResponses": int,
        "failed": int,
    },
}


def fits(value: Any, shape: Any) -> bool:
    """Whether a value has the members and types that an example shows, and no others."""
    if isinstance(shape, dict):
        return (
            isinstance(value, dict)
            and set(value) == set(shape)
            and all(fits(value[name], each) for name, each in shape.items())
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(each, shape[0]) for each in value)
    return isinstance(value, shape) and not isinstance(value, bool)


async def _printed(visit: Visit) -> Answer:
    """The survey of the first example."""
    made = await visit.call("POST", "/surveys", CREATE)
    visit.must(made, "status 201, as printed", lambda seen: seen.status == 201 and fits(seen.json, A_SURVEY))
    visit.surveys.append((made.member("/id"), "$TOKEN"))
    return made


async def create(visit: Visit) -> None:
    made = await _printed(visit)
    for pointer, value in (
        ("/name", CREATE["name"]),
        ("/interactionType", CREATE["interactionType"]),
        ("/questions/0/body", CREATE["questions"][0]["body"]),
        ("/questions/0/language", CREATE["questions"][0]["language"]),
    ):
        visit.must_say(made, 201, pointer, value)


async def listed(visit: Visit) -> None:
    await _printed(visit)
    answer = await visit.call("GET", "/surveys", headers={"Content-Type": "application/json"})
    visit.must(
        answer,
        "status 200, an array as printed",
        lambda seen: seen.status == 200 and fits(seen.json, [A_SURVEY]),
    )


async def question(visit: Visit) -> None:
    survey = (await _printed(visit)).member("/id")
    answer = await visit.call("POST", f"/surveys/{survey}/question", QUESTION)
    visit.must(
        answer,
        "status 201, the question",
        lambda seen: seen.status == 201 and fits(seen.json, A_QUESTION),
    )


async def send(visit: Visit) -> None:
    survey = (await _printed(visit)).member("/id")
    answer = await visit.send(survey, {**REQUEST, "destination": visit.site.number()})
    visit.must_say(answer, 202, "/accepted", 1)


async def report(visit: Visit) -> None:
    survey = (await _printed(visit)).member("/id")
    for path in (f"/surveys/{survey}/report", "/report"):
        answer = await visit.call("GET", f"{path}?{REPORT_QUERY}")
        visit.must(
            answer,
            "status 200, the members as printed",
            lambda seen: seen.status == 200 and fits(seen.json, A_REPORT),
        )
        visit.must_say(answer, 200, "/from", "2019-11-01T12:12:15.982")
        visit.must_say(answer, 200, "/to", "2020-03-31T12:12:15.982")


async def delete(visit: Visit) -> None:
    survey = (await _printed(visit)).member("/id")
    answer = await visit.call("DELETE", f"/surveys/{survey}", headers={"Content-Type": "application/json"})
    visit.must_be(answer, 204)


RULES = (
    Rule("documented-create", "Use the POST /surveys endpoint to create a survey.", create),
    Rule("documented-list", "You can get a list of your survey as described below.", listed),
    Rule("documented-question", "You can add questions to your existing surveys.", question),
    Rule("documented-send", "The channel parameter is mandatory and allows you to define how to send.", send),
    Rule("documented-report", "In the response body, you will get a recap of your request, the NPS score and "
         "some response statistics.", report),
    Rule("documented-delete", "To delete a survey you should use the request below.", delete),
)  # fmt: skip
