"""What callers get back, in the documented members and their documented order, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.accept import Accepted, Decision
from service.clock import Moment
from service.domain.survey import Question, Survey
from service.domain.verdict import Verdict
from service.report import Details, Figures, Findings
from service.web import moments
from service.web.queries import ReportQuery

_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
BAD = tuple(verdict.value for verdict in Verdict if verdict is not Verdict.GOOD)


def text(value: Any) -> str:
    """JSON as it goes out."""
    return _WRITTEN.encode(value)


def question(made: Question) -> dict[str, Any]:
    return {"id": made.id, "body": made.body, "language": made.language}


def survey(made: Survey) -> dict[str, Any]:
    return {
        "id": made.id,
        "name": made.name,
        "interactionType": made.interaction_type,
        "questions": [question(each) for each in made.questions],
    }


def receipt(decisions: Sequence[Decision], references: Iterable[str | None]) -> str:
    """What became of each request of a send call, in their order, as JSON: most are accepted, and written
    without detours."""
    requests = [_outcome(decision, own) for decision, own in zip(decisions, references, strict=True)]
    accepted = [decision for decision in decisions if isinstance(decision, Accepted)]
    rejected = len(requests) - len(accepted)
    return f'{{"accepted":{len(accepted)},"rejected":{rejected},"requests":[{",".join(requests)}]}}'


def _outcome(decision: Decision, reference: str | None) -> str:
    if isinstance(decision, Accepted):
        own = "null" if reference is None else text(reference)
        return f'{{"id":"{decision.request}","referenceId":{own},"status":"ACCEPTED"}}'
    outcome = {"referenceId": reference, "status": "REJECTED", "reason": decision.reason.value}
    if decision.retry_after is not None:
        outcome["retryAfter"] = moments.brussels(decision.retry_after).text()
    return text(outcome)


def report(query: ReportQuery, found: Findings, now: Moment) -> dict[str, Any]:
    """A report, with the details if they were asked for."""
    current = moments.brussels(now)
    end = query.end or current
    written = {
        "date": current.text(),
        "from": (query.start or _first(found, end)).text(),
        "to": end.text(),
        "segments": list(query.segments),
        "segmentMode": query.mode.value,
        **_figures(found.total),
    }
    if found.details is not None:
        written["details"] = _details(found.total, found.details)
    return written


def _first(found: Findings, end: moments.Instant) -> moments.Instant:
    """The account's first request; without one, or when it came later, the period is empty."""
    if found.first is None or found.first > end.moment:
        return end
    return moments.brussels(found.first)


def _figures(figures: Figures) -> dict[str, Any]:
    split = figures.split
    return {
        "nps": {"promoters": split.promoters, "detractors": split.detractors, "score": split.score},
        "responseStatistics": {
            "totalRequests": figures.requests,
            "totalResponses": figures.responses,
            "goodResponses": figures.good,
            "badResponses": figures.bad,
            "failed": figures.failed,
        },
    }


def _details(total: Figures, details: Details) -> dict[str, Any]:
    return {
        "passives": total.split.passives,
        "responseRate": total.response_rate,
        "scores": {str(score): count for score, count in enumerate(total.scores)},
        "confidenceInterval": _interval(total.split.interval()),
        "badResponses": {verdict: total.bad_by_verdict.get(verdict, 0) for verdict in BAD},
        "byChannel": _apart(details.by_channel),
        "byLanguage": _apart(details.by_language),
        "byDay": _apart({day.isoformat(): figures for day, figures in details.by_day.items()}),
    }


def _interval(bounds: tuple[float, float] | None) -> dict[str, float] | None:
    return None if bounds is None else {"level": 95, "low": bounds[0], "high": bounds[1]}


def _apart(figures: Mapping[str, Figures]) -> dict[str, Any]:
    return {name: _figures(each) for name, each in figures.items()}
