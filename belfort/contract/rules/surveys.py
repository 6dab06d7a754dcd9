"""Surveys and their questions."""

from __future__ import annotations

from belfort.contract.exchange import Answer
from belfort.contract.rule import Rule
from belfort.contract.visit import QUESTION, Visit

MEMBERS = {"id", "name", "interactionType", "questions"}
QUESTION_MEMBERS = {"id", "body", "language"}


def _is_survey(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == MEMBERS
        and isinstance(value["questions"], list)
        and all(isinstance(each, dict) and set(each) == QUESTION_MEMBERS for each in value["questions"])
    )


def languages(answer: Answer) -> list[str]:
    """The tags of a survey's questions, in their order."""
    return [str(each.get("language")) for each in answer.objects("/questions")]


async def created(visit: Visit) -> None:
    survey = await visit.survey(name="  waffles ", interactionType="general")
    made = await visit.call("GET", f"/surveys/{survey}")
    visit.must(
        made,
        "status 200, a survey with the documented members and no others",
        lambda seen: seen.status == 200 and _is_survey(seen.json),
    )
    visit.must_say(made, 200, "/name", "waffles")
    body = {"name": "waffles", "interactionType": "general", "questions": [QUESTION]}
    again = await visit.call("POST", "/surveys", body)
    visit.must(
        again,
        "status 201 with a Location that ends with the survey's id",
        lambda seen: (
            seen.status == 201 and seen.header("Location").endswith(f"/surveys/{seen.member('/id')}")
        ),
    )
    visit.surveys.append((again.member("/id"), "$TOKEN"))
    visit.must(again, "the documented members and no others", lambda seen: _is_survey(seen.json))


async def newest_first(visit: Visit) -> None:
    older, newer = await visit.survey(), await visit.survey()
    answer = await visit.call("GET", "/surveys")
    visit.must(
        answer,
        f"survey {newer} before survey {older}",
        lambda seen: [each for each in _ids(seen) if each in (older, newer)] == [newer, older],
    )


def _ids(answer: Answer) -> list[object]:
    return [each.get("id") for each in answer.objects("")]


async def lengths(visit: Visit) -> None:
    smiles = "🙂" * 255
    await visit.survey(name=smiles)
    body = {"name": smiles + "🙂", "interactionType": "x", "questions": [QUESTION]}
    visit.must_be(await visit.call("POST", "/surveys", body), 400)
    visit.must_be(await visit.call("POST", "/surveys", {**body, "name": "  "}), 400)
    visit.must_be(await visit.call("POST", "/surveys", {**body, "name": "x", "questions": []}), 400)
    survey = await visit.survey()
    question = {"body": "é" * 1000, "language": "fr"}
    visit.must_be(await visit.call("POST", f"/surveys/{survey}/question", question), 201)
    longer = {"body": "é" * 1001, "language": "de"}
    visit.must_be(await visit.call("POST", f"/surveys/{survey}/question", longer), 400)


async def tags(visit: Visit) -> None:
    survey = await visit.survey()
    path = f"/surveys/{survey}/question"
    for language, status in (("nl-BE-x-formal", 201), (" fr ", 201), ("nl_BE", 400), ("9", 400)):
        visit.must_be(await visit.call("POST", path, {"body": "0-10?", "language": language}), status)
    answer = await visit.call("GET", f"/surveys/{survey}")
    wanted = ["en-GB", "nl-BE-x-formal", "fr"]
    visit.must(answer, f"questions in {wanted}, in that order", lambda seen: languages(seen) == wanted)


async def one_question_a_language(visit: Visit) -> None:
    survey = await visit.survey()
    answer = await visit.call("POST", f"/surveys/{survey}/question", {**QUESTION, "language": "EN-gb"})
    visit.must_be(answer, 409)


async def never_reused(visit: Visit) -> None:
    first = await visit.survey()
    visit.must_be(await visit.call("DELETE", f"/surveys/{first}"), 204)
    body = {"name": "belfort contract", "interactionType": "check", "questions": [QUESTION]}
    again = await visit.call("POST", "/surveys", body)
    visit.must(
        again,
        f"status 201 with another id than {first}",
        lambda seen: seen.status == 201 and seen.member("/id") != first,
    )
    visit.surveys.append((again.member("/id"), "$TOKEN"))


async def deletion(visit: Visit) -> None:
    survey = await visit.survey()
    visit.must_say(await visit.send(survey, {}), 202, "/accepted", 1)
    total = visit.count(await visit.report(), "/responseStatistics/totalRequests")
    visit.must_be(await visit.call("DELETE", f"/surveys/{survey}"), 204)
    for method, path in (("GET", ""), ("GET", "/report"), ("DELETE", "")):
        visit.must_be(await visit.call(method, f"/surveys/{survey}{path}"), 404)
    listed = await visit.call("GET", "/surveys")
    visit.must(listed, f"no survey {survey} in the list", lambda seen: survey not in _ids(seen))
    visit.must_say(await visit.report(), 200, "/responseStatistics/totalRequests", total - 1)


RULES = (
    Rule("survey-created", "POST /surveys: 201, the survey, Location; GET /surveys/{id}: 200.", created),
    Rule("surveys-newest-first", "GET /surveys: 200, an array, newest first.", newest_first),
    Rule(
        "lengths-in-code-points",
        "name, interactionType: 1..255 characters after trimming; body: 1..1000; text is counted in code "
        "points; questions: at least one.",
        lengths,
    ),
    Rule(
        "language-tags",
        "A well-formed BCP 47 tag; it comes back as it was given, trimmed; questions come in the order they "
        "were made.",
        tags,
    ),
    Rule(
        "one-question-a-language",
        "Tags compare without case. A second question in the same tag is 409.",
        one_question_a_language,
    ),
    Rule(
        "ids-never-reused", "Ids are positive integers, unique over the service, never reused.", never_reused
    ),
    Rule(
        "deletion",
        "DELETE /surveys/{id}: 204; the survey, its questions, requests, responses and scores are gone.",
        deletion,
    ),
)
