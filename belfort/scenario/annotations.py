"""GitHub's annotations: a failure stands beside its line in the pull request (workflow commands)."""

from __future__ import annotations

import os

from belfort.scenario.outcome import Outcome


def wanted() -> bool:
    """Whether this runs in GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def annotation(outcome: Outcome, message: str) -> str:
    """`::error file=…,line=…,col=…,title=…::message`."""
    where = {
        "file": outcome.node.partition("::")[0],
        "line": str(outcome.line),
        "col": str(outcome.column),
        "title": f"{outcome.title}: {outcome.verdict.value}",
    }
    told = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    return f"::error {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
