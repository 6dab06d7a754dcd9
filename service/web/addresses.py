"""The API's addresses, and what an address as it was called stands for."""

from __future__ import annotations

import re

from service.domain.request import SurveyId

BASE = "/survey/1.0.0"

SURVEYS = "/surveys"
SURVEY = "/surveys/{id}"
QUESTION = "/surveys/{id}/question"
SEND = "/surveys/{id}/send"
SURVEY_REPORT = "/surveys/{id}/report"
REPORT = "/report"
EVERYTHING = BASE + "/{tail}"
"""How logs and meters call an address before it is known what it is."""

NOWHERE = "none"
NO_SURVEY = SurveyId(0)

_FORM = re.compile(r"/surveys(?:/(?P<id>[1-9][0-9]{0,18})(?P<leaf>/question|/send|/report)?)?|/report")
_LARGEST_ID = 2**63 - 1


def find(path: str) -> tuple[str, SurveyId]:
    """Which of the addresses `path` (with the base path, decoded but for `%2F`) is, and the survey's id."""
    match = _FORM.fullmatch(path.removeprefix(BASE))
    if match is None:
        return NOWHERE, NO_SURVEY
    if match["id"] is None:
        return match[0], NO_SURVEY
    survey = int(match["id"])
    return (
        (SURVEY + (match["leaf"] or ""), SurveyId(survey)) if survey <= _LARGEST_ID else (NOWHERE, NO_SURVEY)
    )
