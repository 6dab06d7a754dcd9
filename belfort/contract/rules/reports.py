"""Reports, as far as they can be held to the contract without anybody answering."""

from __future__ import annotations

from datetime import datetime, timedelta

from belfort.contract.exchange import Answer
from belfort.contract.rule import Rule
from belfort.contract.rules.errors import parameters
from belfort.contract.visit import Visit

TOTAL = "/responseStatistics/totalRequests"
MEMBERS = {"date", "from", "to", "segments", "segmentMode", "nps", "responseStatistics"}
BLOCKS = {
    "nps": {"promoters", "detractors", "score"},
    "responseStatistics": {"totalRequests", "totalResponses", "goodResponses", "badResponses", "failed"},
}
LONG_AGO, FAR_AHEAD = "2019-11-01T12:12:15.982", "2999-03-31T12:12:15.982"


def is_report(answer: Answer) -> bool:
    """The documented members and no others."""
    said = answer.json
    return (
        isinstance(said, dict)
        and set(said) == MEMBERS
        and all(isinstance(said[name], dict) and set(said[name]) == block for name, block in BLOCKS.items())
    )


async def members(visit: Visit) -> None:
    survey = await visit.survey()
    for answer in (await visit.report(), await visit.report(survey)):
        visit.must(answer, "the documented members and no others", is_report)


async def empty(visit: Visit) -> None:
    answer = await visit.report(await visit.survey())
    visit.must_say(answer, 200, "/nps/score", None)
    visit.must_say(answer, 200, "/segmentMode", "ALL")
    visit.must_say(answer, 200, "/segments", [])
    visit.must_say(answer, 200, TOTAL, 0)


async def at_any_moment(visit: Visit) -> None:
    survey = await visit.survey()
    before = visit.count(await visit.report(), TOTAL)
    for sent in range(1, 4):
        visit.must_say(await visit.send(survey, {}), 202, "/accepted", 1)
        visit.must_say(await visit.report(survey), 200, TOTAL, sent)
    visit.must_say(await visit.report(), 200, TOTAL, before + 3)


async def modes(visit: Visit) -> None:
    survey = await visit.survey()
    tags: list[list[str]] = [["a"], ["b"], ["a", "b"], ["c"], []]
    visit.must_say(await visit.send(survey, *({"segments": each} for each in tags)), 202, "/accepted", 5)
    for query, wanted in (
        ({"segments": "a,b", "segmentMode": "ALL"}, 1),
        ({"segments": "a,b", "segmentMode": "ANY"}, 3),
        ({"segments": "a,b"}, 1),
        ({"segments": "A"}, 0),
        ({}, 5),
    ):
        visit.must_say(await visit.report(survey, **query), 200, TOTAL, wanted)
    twice = [("segments", "a"), ("segments", "b")]
    answer = await visit.call("GET", f"/surveys/{survey}/report", query=twice)
    visit.must_say(answer, 200, TOTAL, 1)
    visit.must_say(answer, 200, "/segments", ["a", "b"])
    wrong = await visit.call("GET", "/report", query={"segmentMode": "SOME"})
    visit.must_be(wrong, 400)


async def channels(visit: Visit) -> None:
    survey = await visit.survey()
    visit.must_say(await visit.send(survey, {}, {}), 202, "/accepted", 2)
    for channel, wanted in (("SMS", 2), ("VOICE", 0), ("EMAIL", 0)):
        visit.must_say(await visit.report(survey, channel=channel), 200, TOTAL, wanted)
    visit.must_be(await visit.call("GET", "/report", query={"channel": "PIGEON"}), 400)


async def own_survey(visit: Visit) -> None:
    one, other = await visit.survey(), await visit.survey()
    visit.must_say(await visit.send(one, {}, {}), 202, "/accepted", 2)
    visit.must_say(await visit.send(other, {}), 202, "/accepted", 1)
    visit.must_say(await visit.report(one), 200, TOTAL, 2)
    visit.must_say(await visit.report(other), 200, TOTAL, 1)


async def wall_clock(visit: Visit) -> None:
    for offset in ("+05:00", "-03:30", "Z", ""):
        answer = await visit.report(startDate=LONG_AGO + offset, endDate=FAR_AHEAD + offset)
        visit.must_say(answer, 200, "/from", LONG_AGO)
        visit.must_say(answer, 200, "/to", FAR_AHEAD)
    blank = await visit.call("GET", f"/report?startDate={LONG_AGO}+05:00")
    visit.must_say(blank, 200, "/from", LONG_AGO)
    day = await visit.report(startDate="2020-02-07", endDate="2020-02-07")
    visit.must_say(day, 200, "/from", "2020-02-07T00:00:00.000")
    visit.must_say(day, 200, "/to", "2020-02-07T23:59:59.999")


def _moved(moment: datetime, **by: float) -> str:
    return (moment + timedelta(**by)).isoformat(timespec="milliseconds")


async def edges(visit: Visit) -> None:
    """The moment of acceptance lies between two `date`s. Brussels' clocks are an hour or two ahead of UTC."""
    survey = await visit.survey()
    before = visit.moment(await visit.report(survey), "/date")
    visit.must_say(await visit.send(survey, {}), 202, "/accepted", 1)
    after = visit.moment(await visit.report(survey), "/date")
    for query, wanted in (
        ({"startDate": _moved(before), "endDate": _moved(after)}, 1),
        ({"endDate": _moved(before, milliseconds=-1)}, 0),
        ({"startDate": _moved(after, milliseconds=1)}, 0),
        ({"startDate": f"{_moved(before, hours=5)}+08:00", "endDate": f"{_moved(after, hours=8)}+08:00"}, 1),
        ({"endDate": f"{_moved(before, hours=5)}+08:00"}, 0),
        ({"startDate": f"{_moved(after, hours=-1)}-01:00"}, 0),
    ):
        visit.must_say(await visit.report(survey, **query), 200, TOTAL, wanted)


async def wrong_dates(visit: Visit) -> None:
    answer = await visit.call("GET", "/report", query={"startDate": FAR_AHEAD, "endDate": LONG_AGO})
    visit.must_be(answer, 400)
    for wrong in ("yesterday", "2021-02-29", "2021-02-03T25:00:00"):
        answer = await visit.call("GET", "/report", query={"endDate": wrong})
        visit.must(
            answer,
            "status 400 that names endDate",
            lambda seen: seen.status == 400 and "endDate" in parameters(seen),
        )


async def details(visit: Visit) -> None:
    survey = await visit.survey()
    answer = await visit.report(survey, include="details")
    visit.must(
        answer,
        "the documented members and details",
        lambda seen: isinstance(seen.json, dict) and set(seen.json) == MEMBERS | {"details"},
    )


RULES = (
    Rule("report-members", "The answer has the documented members and no others.", members),
    Rule("report-empty", "score: null without a good response; segmentMode: ALL (default).", empty),
    Rule(
        "report-at-any-moment",
        "A report is exact at any moment: what send answered before is in it.",
        at_any_moment,
    ),
    Rule("report-segments", "segments: comma-separated or repeated; segmentMode: ALL or ANY.", modes),
    Rule("report-channel", "channel: SMS, VOICE, EMAIL; absent: all.", channels),
    Rule("report-by-survey", "GET /surveys/{id}/report: a report per survey.", own_survey),
    Rule(
        "report-wall-clock",
        "from, to: wall-clock time in the offset the caller gave, else Europe/Brussels; no offset written; a "
        "date alone is that day's start or end; a + that arrived as a blank is understood.",
        wall_clock,
    ),
    Rule(
        "report-period-edges",
        "Both ends included, milliseconds; a request belongs to the report by the moment it was accepted.",
        edges,
    ),
    Rule("report-wrong-dates", "startDate after endDate is 400; malformed or wrong input is 400.",
         wrong_dates),
    Rule("report-details", "?include=details adds details.", details),
)  # fmt: skip
