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
        "file": _in_repository(outcome),
        "line": str(outcome.line),
        "col": str(outcome.column),
        "title": f"{outcome.title}: {outcome.verdict.value}",
    }
    told = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    return f"::error {told}::{_data(message)}"


def _in_repository(outcome: Outcome) -> str:
    """The file as GitHub knows it: from the root of what was checked out, wherever this runs."""
    return os.path.relpath(outcome.path, os.environ.get("GITHUB_WORKSPACE") or os.curdir).replace(os.sep, "/")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
