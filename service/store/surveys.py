"""Surveys and their questions, each seen by its account alone (survey-api "Surveys")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from service.clock import Moment
from service.domain.request import AccountId, SurveyId
from service.domain.survey import Question, QuestionId, Survey, language_key
from service.store.engine import Row, Tx

__all__ = [
    "Draft",
    "LanguageTaken",
    "add_question",
    "asked",
    "asked_owns",
    "create",
    "delete",
    "get",
    "owns",
    "recent",
]


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that is still without an id. Trimmed, of a well-formed language tag."""

    language: str
    body: str


@dataclass(frozen=True, slots=True)
class LanguageTaken:
    """The survey has a question in this language already."""

    language: str


def create(
    tx: Tx, account: AccountId, name: str, interaction_type: str, questions: Sequence[Draft]
) -> Survey:
    """Make a survey with at least one question. The drafts' languages must differ (`language_key`)."""
    row = tx.sole("create_survey", account=account, name=name, interaction_type=interaction_type)
    survey = SurveyId(row["id"])
    made = [_insert_question(tx, survey, draft) for draft in questions]
    if len(distinct := [question for question in made if question is not None]) < len(made):
        raise ValueError("two questions in one language")
    return Survey(survey, name, interaction_type, tuple(distinct))


def recent(tx: Tx, account: AccountId) -> list[Survey]:
    """The account's surveys, newest first."""
    rows = tx.all("surveys", account=account)
    return [_survey(list(of_one)) for _, of_one in groupby(rows, key=lambda row: int(row["id"]))]


def get(tx: Tx, account: AccountId, survey: SurveyId) -> Survey | None:
    """The survey, if there is one and it is the account's."""
    return asked(tx, account, survey)()


def asked(tx: Tx, account: AccountId, survey: SurveyId) -> Callable[[], Survey | None]:
    """The same for who can wait (`Tx.ask`)."""
    rows = tx.ask("survey", account=account, survey=survey)
    return lambda: _survey(found) if (found := rows()) else None


def owns(tx: Tx, account: AccountId, survey: SurveyId) -> bool:
    """Whether the survey is there and the account's."""
    return asked_owns(tx, account, survey)()


def asked_owns(tx: Tx, account: AccountId, survey: SurveyId) -> Callable[[], bool]:
    """The same for who can wait (`Tx.ask`)."""
    rows = tx.ask("owns_survey", account=account, survey=survey)
    return lambda: bool(rows())


def add_question(
    tx: Tx, account: AccountId, survey: SurveyId, draft: Draft
) -> Question | LanguageTaken | None:
    """Add a question. None when the account has no such survey."""
    if not owns(tx, account, survey):
        return None
    return _insert_question(tx, survey, draft) or LanguageTaken(draft.language)


def delete(tx: Tx, account: AccountId, survey: SurveyId, now: Moment) -> bool:
    """Delete the survey and all that belongs to it; False when the account has none such.

    Write it as an `erasing` unit, and ring `close.bell` after the commit: the rows go in slices behind it."""
    return tx.run("delete_survey", account=account, survey=survey, now=now) > 0


def _insert_question(tx: Tx, survey: SurveyId, draft: Draft) -> Question | None:
    row = tx.one(
        "create_question",
        survey=survey,
        language=draft.language,
        language_key=language_key(draft.language),
        body=draft.body,
    )
    return None if row is None else Question(QuestionId(row["id"]), draft.body, draft.language)


def _survey(rows: list[Row]) -> Survey:
    questions = tuple(Question(QuestionId(row["question"]), row["body"], row["language"]) for row in rows)
    return Survey(SurveyId(rows[0]["id"]), rows[0]["name"], rows[0]["interaction_type"], questions)
