"""What needs people who answer: the simulator's, told by hand what to say.

The service may have a clock of its own: everybody answers within seconds, and the simulator says when its
peer has taken the last reply. Only what takes days needs the world's clock to be the service's, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from belfort.contract.exchange import Answer
from belfort.contract.rule import Needs, NotPossible, Rule
from belfort.contract.rules.sending import reasons
from belfort.contract.visit import Visit

PEOPLE = frozenset({Needs.PEOPLE})
Says = Sequence[int | Mapping[str, Any]]
BAD: Mapping[str, Any] = {"text": "banana", "meaning": "no_score"}
STOP: Mapping[str, Any] = {"text": "STOP", "meaning": "opt_out"}
TRIES, PAUSE = 200, 0.05
WINDOW_HOURS = 72


async def ask(visit: Visit, survey: int, everybody: Sequence[Says], **member: Any) -> list[str]:
    """Send to one fresh number for each of `everybody`, who answer what is given; return once the service
    has taken all of it. The numbers, in that order."""
    numbers = [visit.site.number() for _ in everybody]
    for number, says in zip(numbers, everybody, strict=True):
        script = {"report": "1s", "after": "2s", "says": [_said(each) for each in says]}
        await visit.control.ask("PUT", f"/people/{number}", script)
    answer = await visit.send(survey, *({"destination": number, **member} for number in numbers))
    visit.must_say(answer, 202, "/accepted", len(numbers))
    for number in numbers:
        await visit.control.ask("GET", "/messages/wait", query={"to": number, "within": "30s"})
    await visit.control.advance("10m")
    await heard(visit, numbers)
    return numbers


def _said(each: int | Mapping[str, Any]) -> Mapping[str, Any]:
    return each if isinstance(each, Mapping) else {"text": str(each), "score": each}


async def heard(visit: Visit, numbers: Sequence[str]) -> None:
    """Return once every reply of these people was taken. Errors: NotPossible."""
    for _ in range(TRIES):
        truth = await visit.control.ask("POST", "/truth", {"destinations": list(numbers)})
        if not truth["unheard"]:
            return
        await asyncio.sleep(PAUSE)
    raise NotPossible(f"the service did not take its replies within {TRIES * PAUSE:g} s")


def figures(answer: Answer) -> tuple[Any, ...]:
    """Promoters, detractors, score, good and bad responses, failed."""
    nps = (answer.member(f"/nps/{name}") for name in ("promoters", "detractors", "score"))
    statistics = ("goodResponses", "badResponses", "failed")
    return (*nps, *(answer.member(f"/responseStatistics/{name}") for name in statistics))


async def expect(visit: Visit, survey: int, *wanted: int | None, **query: str) -> None:
    """The report of `survey` has these figures. Errors: Broken."""
    names = "promoters, detractors, score, good, bad, failed"
    answer = await visit.report(survey, **query)
    visit.must(answer, f"{names} = {wanted}", lambda seen: figures(seen) == wanted)
    statistics = answer.member("/responseStatistics")
    total = statistics["goodResponses"] + statistics["badResponses"]
    visit.must_say(answer, 200, "/responseStatistics/totalResponses", total)


async def arithmetic(visit: Visit) -> None:
    survey = await visit.survey()
    await ask(visit, survey, [[score] for score in range(11)])
    await expect(visit, survey, 2, 7, -45, 11, 0, 0)


async def rounding(visit: Visit) -> None:
    up, down = await visit.survey(), await visit.survey()
    await ask(visit, up, [[9], *[[8]] * 7])
    await expect(visit, up, 1, 0, 13, 8, 0, 0)
    await ask(visit, down, [[6], *[[7]] * 7])
    await expect(visit, down, 0, 1, -13, 8, 0, 0)


async def eliminated(visit: Visit) -> None:
    survey = await visit.survey()
    await ask(visit, survey, [[9], [BAD], [{"text": "8 of 9", "meaning": "ambiguous"}]])
    await expect(visit, survey, 1, 0, 100, 1, 2, 0)


async def one_response(visit: Visit) -> None:
    survey = await visit.survey()
    await ask(visit, survey, [[9, 3], [3, 9], [9, 9], [9, BAD], [BAD, BAD], [BAD, 9]])
    await expect(visit, survey, 4, 1, 60, 5, 1, 0)


async def opted_out(visit: Visit) -> None:
    survey = await visit.survey()
    (number,) = await ask(visit, survey, [[STOP]])
    await expect(visit, survey, 0, 0, None, 0, 1, 0)
    answer = await visit.send(await visit.survey(), {"destination": number})
    visit.must(answer, "OPTED_OUT", lambda seen: reasons(seen) == ["OPTED_OUT"])


async def failed(visit: Visit) -> None:
    survey, number = await visit.survey(), visit.site.number()
    script = {"fate": "unknown subscriber", "report": "1s"}
    await visit.control.ask("PUT", f"/people/{number}", script)
    visit.must_say(await visit.send(survey, {"destination": number}), 202, "/accepted", 1)
    await visit.control.ask("GET", "/messages/wait", query={"to": number, "within": "30s"})
    await visit.control.advance("10m")
    for _ in range(TRIES):
        if (await visit.report(survey)).member("/responseStatistics/failed"):
            break
        await asyncio.sleep(PAUSE)
    await expect(visit, survey, 0, 0, None, 0, 0, 1)


async def by_segment(visit: Visit) -> None:
    survey = await visit.survey()
    await ask(visit, survey, [[9], [10]], segments=["a", "b"])
    await ask(visit, survey, [[0]], segments=["a"])
    await expect(visit, survey, 2, 1, 33, 3, 0, 0, segments="a")
    await expect(visit, survey, 2, 0, 100, 2, 0, 0, segments="a,b")
    await expect(visit, survey, 2, 1, 33, 3, 0, 0, segments="a,b", segmentMode="ANY")


async def window(visit: Visit) -> None:
    survey = await visit.survey()
    late = {"text": "9", "score": 9, "after": f"{WINDOW_HOURS + 1}h"}
    before = visit.moment(await visit.report(survey), "/date")
    (number,) = await ask(visit, survey, [[late]])
    await visit.control.advance(f"{WINDOW_HOURS + 1}h")
    passed = visit.moment(await visit.report(survey), "/date") - before
    if passed.total_seconds() < WINDOW_HOURS * 3600:
        raise NotPossible("the service has a clock of its own: three days would have to pass")
    await heard(visit, [number])
    await expect(visit, survey, 0, 0, None, 0, 0, 0)


RULES = (
    Rule(
        "report-arithmetic",
        "Promoters score 9 and 10, detractors 0 to 6; score = 100 × (promoters − detractors) ÷ good "
        "responses; totalResponses = goodResponses + badResponses.",
        arithmetic,
        PEOPLE,
    ),
    Rule("report-rounding", "Rounded to the nearest integer, halves away from zero.", rounding, PEOPLE),
    Rule("bad-responses-eliminated", "Everything else is bad, and counts as one bad response.", eliminated,
         PEOPLE),
    Rule(
        "one-request-one-response",
        "A request counts at most one response; the first good reply closes the request; a later good reply "
        "makes a bad one good.",
        one_response,
        PEOPLE,
    ),
    Rule("opt-out", "opt_out also blocks further surveys to that destination.", opted_out, PEOPLE),
    Rule("report-failed", "failed: those that ended FAILED.", failed, PEOPLE),
    Rule("report-figures-by-segment", "ALL: segment1 AND segment2; ANY: segment1 OR segment2.", by_segment,
         PEOPLE),
    Rule("response-window", "A reply outside the window is kept out of every figure.", window, PEOPLE),
)  # fmt: skip
