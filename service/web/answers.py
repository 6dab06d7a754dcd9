"""What callers get back, in the documented members and their documented order, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from service.accept import Accepted, Decision
from service.domain.survey import Question, Survey
from service.web import moments


def text(value: Any) -> str:
    """JSON as it goes out."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def question(made: Question) -> dict[str, Any]:
    return {"id": made.id, "body": made.body, "language": made.language}


def survey(made: Survey) -> dict[str, Any]:
    return {
        "id": made.id,
        "name": made.name,
        "interactionType": made.interaction_type,
        "questions": [question(each) for each in made.questions],
    }


def receipt(decisions: Sequence[Decision], references: Iterable[str | None]) -> dict[str, Any]:
    """What became of each request of a send call, in their order."""
    requests = [_outcome(decision, own) for decision, own in zip(decisions, references, strict=True)]
    accepted = sum(isinstance(decision, Accepted) for decision in decisions)
    return {"accepted": accepted, "rejected": len(requests) - accepted, "requests": requests}


def _outcome(decision: Decision, reference: str | None) -> dict[str, Any]:
    if isinstance(decision, Accepted):
        return {"id": str(decision.request), "referenceId": reference, "status": "ACCEPTED"}
    outcome = {"referenceId": reference, "status": "REJECTED", "reason": decision.reason.value}
    if decision.retry_after is not None:
        outcome["retryAfter"] = moments.brussels(decision.retry_after).text()
    return outcome
