"""Steps that look at the figures: what a report is, and whether all of them agree with the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from belfort.client import Answered, Json
from belfort.oracle import Comparison
from belfort.scenario.book import Asked
from belfort.scenario.judging import compare, judge, untrue
from belfort.scenario.names import CHANNEL, SURVEY, Mention, listed
from belfort.scenario.stage import Look, Stage
from belfort.scenario.steps import WAITS, Step, Unmet, verb
from belfort.scenario.values import (
    DURATIONS,
    TAGS,
    ZONES,
    Either,
    Particular,
    Record,
    Scalar,
    Several,
    spoken,
    whole,
    word,
)
from belfort.scenario.when import BRUSSELS, WHENS, When, written

ALL_SURVEYS = "all surveys"
GONE = "not found"
TRUE = "true"
NOT_FOUND = 404
COUNT = whole(0, 10_000_000)


def _score(value: str) -> int | None:
    if value == "none":
        return None
    if not -100 <= int(value) <= 100:
        raise ValueError
    return int(value)


NO_SCORE = Scalar(
    "a score from -100 to 100, or none", _score,
    {"anyOf": [{"type": "integer", "minimum": -100, "maximum": 100}, {"enum": ["none"]}]},
)  # fmt: skip
FIGURES: Mapping[str, tuple[str, str]] = {
    "requests": ("responseStatistics", "totalRequests"),
    "responses": ("responseStatistics", "totalResponses"),
    "good": ("responseStatistics", "goodResponses"),
    "bad": ("responseStatistics", "badResponses"),
    "failed": ("responseStatistics", "failed"),
    "promoters": ("nps", "promoters"),
    "detractors": ("nps", "detractors"),
    "score": ("nps", "score"),
}
"""A report's figures by the words of a scenario; `passives` is what is left of the good ones."""
IS_WHAT = "its figures; `true` if they are what people meant; or `not found`"
IS = Record(
    "figures",
    (
        Particular("requests", COUNT, "requests accepted (totalRequests)"),
        Particular("responses", COUNT, "good and bad responses (totalResponses)"),
        Particular("good", COUNT, "goodResponses"),
        Particular("bad", COUNT, "badResponses"),
        Particular("failed", COUNT, "not delivered"),
        Particular("promoters", COUNT, "scores 9 and 10"),
        Particular("passives", COUNT, "scores 7 and 8"),
        Particular("detractors", COUNT, "scores 0 to 6"),
        Particular("score", NO_SCORE, "the Net Promoter Score; `none` without a good response"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIs(Step):
    survey: Mention
    figures: Any
    """By word, or one of the words that stand for a whole report."""
    segments: tuple[str, ...] = ()
    mode: str | None = None
    channel: str | None = None
    since: When | None = None
    until: When | None = None
    zone: ZoneInfo | None = None
    within: float | None = None

    def sentence(self) -> str:
        said = self.figures if isinstance(self.figures, str) else _spelled(self.figures)
        soon = f", within {spoken(self.within)}" if self.within is not None else ""
        return f"The report on {self._about()} is {said}{soon}."

    def _about(self) -> str:
        words = self.survey.name
        words += f" by {self.channel}" if self.channel else ""
        words += f", {f' {self._joined()} '.join(self.segments)}" if self.segments else ""
        words += f", from {self.since.said}" if self.since else ""
        words += f", until {self.until.said}" if self.until else ""
        return words + (f", {self.zone.key}" if self.zone else "")

    def _joined(self) -> str:
        return "or" if self.mode == "ANY" else "and"

    def surveys(self) -> Sequence[Mention]:
        return () if self.survey.name == ALL_SURVEYS else (self.survey,)

    def takes(self) -> frozenset[str]:
        return frozenset({WAITS}) if self.within is not None else frozenset()

    async def play(self, stage: Stage) -> str:
        asked = await self._asked(stage)
        if self.figures == GONE:
            return await self._gone(stage, asked)
        stage.book.note(asked)
        if self.figures == TRUE:
            return await self._true(stage, asked)
        return await self._compared(stage, asked)

    async def _compared(self, stage: Stage, asked: Asked) -> str:
        """Wait until the figures are so; what is shown of others are only those that differ."""
        found: dict[str, Any] = {}

        async def look() -> Look:
            survey = None if asked.survey is None else stage.book.surveys[asked.survey]
            found.update(figures_of(await stage.api.report(survey, **asked.query)))
            return Look(all(found[name] == value for name, value in self.figures.items()), "")

        await stage.until(self.within, look)
        wrong = {name: value for name, value in self.figures.items() if found[name] != value}
        if wrong:
            raise Unmet(_spelled(wrong), _spelled({name: found[name] for name in wrong}))
        return _spelled({name: found[name] for name in self.figures})

    async def _true(self, stage: Stage, asked: Asked) -> str:
        seen: list[Comparison | None] = []

        async def look() -> Look:
            compared = await compare(stage, asked)
            seen.append(compared)
            return Look(compared is None or compared.agrees, "")

        await stage.until(self.within, look)
        compared = seen[-1]
        if compared is None:
            raise Unmet("ends that do not fall into a call to send", "a clock that runs while it is sent")
        told = {figure.name: figure for figure in compared.figures}
        if not compared.agrees:
            wrong = [each for each in compared.figures if not each.agrees]
            raise Unmet(
                listed(tuple(f"{each.name} {each.true}" for each in wrong)),
                listed(tuple(f"{each.name} {each.reported}" for each in wrong)),
            )
        return f"{told['totalRequests'].true:,} requests, score {told['score'].true}"

    async def _gone(self, stage: Stage, asked: Asked) -> str:
        try:
            report = await stage.api.report(stage.book.surveys[self.survey.name], **asked.query)
        except Answered as answer:
            if answer.status == NOT_FOUND:
                return GONE
            raise
        raise Unmet("the survey not found", _spelled(figures_of(report)))

    async def _asked(self, stage: Stage) -> Asked:
        """The question as it is put to the service, its moments settled."""
        survey = None if self.survey.name == ALL_SURVEYS else self.survey.name
        now, zone = await stage.now(), self.zone or BRUSSELS
        since = None if self.since is None else self.since.moment(now, zone)
        until = None if self.until is None else self.until.moment(now, zone, end=True)
        return Asked(
            title=self._about(),
            survey=survey,
            query=self._query(stage, survey, since, until),
            segments=self.segments,
            mode=self.mode or "ALL",
            channel=self.channel,
            since=since,
            until=until,
        )

    def _query(
        self, stage: Stage, survey: str | None, since: datetime | None, until: datetime | None
    ) -> dict[str, str]:
        tags = [stage.segment(tag) for tag in self.segments]
        if stage.shared and survey is None and not tags:
            tags = [stage.book.ledger.tags(0)[0]]  # others use the account, too
        query = {"segments": ",".join(tags), "segmentMode": self.mode or "", "channel": self.channel or ""}
        query["startDate"] = written(since) if since else ""
        query["endDate"] = written(until) if until else ""
        return {name: value for name, value in query.items() if value}


def figures_of(report: Json) -> dict[str, Any]:
    """A report's figures by the words of a scenario."""
    found = {name: report[block][member] for name, (block, member) in FIGURES.items()}
    return {**found, "passives": found["good"] - found["promoters"] - found["detractors"]}


def _spelled(figures: Mapping[str, Any]) -> str:
    return listed(
        tuple(f"{name} {'none' if value is None else format(value, ',')}" for name, value in figures.items())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthAgrees(Step):
    how: str

    def sentence(self) -> str:
        return "Every report agrees with the truth."

    async def play(self, stage: Stage) -> str:
        finding, _ = await judge(stage)
        if (why := untrue(finding)) is not None:
            raise Unmet("every report to agree with the truth", why)
        return f"{len(finding.comparisons)} reports agree"


VERBS = (
    verb(
        "report",
        "compare a report's figures; what is not written is not looked at",
        ReportIs,
        ("survey", SURVEY, "which survey, or `all surveys`"),
        Particular("is", Either(word(TRUE, GONE), IS), IS_WHAT, "figures", needed=True),
        Particular("segments", Several(TAGS, 16), "of these segments"),
        Particular("mode", word("ALL", "ANY"), "of those in all of them, or in any; `ALL` if left out"),
        Particular("by", CHANNEL, "of this channel", "channel"),
        Particular("from", WHENS, "accepted from this moment on", "since"),
        Particular("until", WHENS, "accepted up to this moment, and at it"),
        Particular("zone", ZONES, "the offset the moments are asked in; Europe/Brussels if left out"),
        Particular("within", DURATIONS, "how long it may take to be so; now, if left out"),
    ),
    verb(
        "truth",
        "compare every report that was used so far with what people meant; at the end that happens anyway",
        TruthAgrees,
        ("how", word("agrees"), "what must be so"),
    ),
)
