"""Surveys, their questions, and which question a language picks.

Language tags are well-formed by the whole grammar of BCP 47 (RFC 5646 §2.1: script, region, variants,
extensions, private use, grandfathered), read subtag by subtag, so that no tag takes long. They compare
without case. The choice follows survey-api "Sending": the exact tag, RFC 4647 §3.4 look-up, the primary
language; without a language the first question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NewType

from service.domain.request import SurveyId

QuestionId = NewType("QuestionId", int)

MAX_TAG = 255
"""RFC 5646 sets no limit (§4.4.1); this one keeps every tag in a column and a header."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked, in one language. `language` is as it was given, trimmed."""

    id: QuestionId
    body: str
    language: str


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey with its questions in the order they were made; there is at least one."""

    id: SurveyId
    name: str
    interaction_type: str
    questions: tuple[Question, ...]

    def question_for(self, language: str | None) -> Question | None:
        """The question that `language` (a well-formed tag) picks; None when it picks none."""
        if language is None:
            return self.questions[0]
        by_key = {language_key(question.language): question for question in self.questions}
        for range_ in _ranges(language_key(language)):
            if range_ in by_key:
                return by_key[range_]
        return self._of_primary(language)

    def _of_primary(self, language: str) -> Question | None:
        primary = _primary(language_key(language))
        same = (
            question for question in self.questions if _primary(language_key(question.language)) == primary
        )
        return next(same, None)


def language_key(tag: str) -> str:
    """By what tags compare: without case."""
    return tag.strip().lower()


def _ranges(key: str) -> list[str]:
    """The tag and its truncations, RFC 4647 §3.4. (One that ends in a single letter is no tag, so none
    matches it.)"""
    subtags = key.split("-")
    return ["-".join(subtags[:size]) for size in range(len(subtags), 0, -1)]


def _primary(key: str) -> str:
    """The primary language; a tag of private use or of no language (`x-…`, `i-…`) is its own."""
    first = key.partition("-")[0]
    return first if len(first) > 1 else key


# RFC 5646 §2.1. Tags that follow no rule, or a rule of their own time.
# fmt: off
GRANDFATHERED = frozenset({
    "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak", "i-klingon", "i-lux", "i-mingo",
    "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de",
    "art-lojban", "cel-gaulish", "no-bok", "no-nyn",
    "zh-guoyu", "zh-hakka", "zh-min", "zh-min-nan", "zh-xiang",
})
# fmt: on

_LANGUAGE = re.compile("[a-z]{2,8}")
_EXTLANG = re.compile("[a-z]{3}")
_SCRIPT = re.compile("[a-z]{4}")
_REGION = re.compile("[a-z]{2}|[0-9]{3}")
_VARIANT = re.compile("[a-z0-9]{5,8}|[0-9][a-z0-9]{3}")
_SINGLETON = re.compile("[0-9a-wy-z]")
_IN_EXTENSION = re.compile("[a-z0-9]{2,8}")
_IN_PRIVATE_USE = re.compile("[a-z0-9]{1,8}")


def is_well_formed(tag: str) -> bool:
    """Whether `tag` follows the grammar, with no variant and no singleton twice (§2.2.9 counts those as
    form)."""
    if not tag.isascii() or len(tag) > MAX_TAG:
        return False
    key = tag.lower()
    return key in GRANDFATHERED or _Subtags(key.split("-")).are_a_tag()


class _Subtags:
    """The subtags that are still to be read, left to right; each step takes what it knows and never goes
    back."""

    def __init__(self, subtags: list[str]) -> None:
        self._left = subtags[::-1]

    def are_a_tag(self) -> bool:
        if self._left[-1] == "x":
            return self._private_use()
        if not self._next_is(_LANGUAGE):
            return False
        language = self._left.pop()
        self._take(_EXTLANG, 3 if len(language) <= 3 else 0)
        self._take(_SCRIPT, 1)
        self._take(_REGION, 1)
        variants = self._take(_VARIANT, MAX_TAG)
        return (
            len(set(variants)) == len(variants)
            and self._extensions()
            and (not self._left or self._private_use())
        )

    def _extensions(self) -> bool:
        singletons = []
        while self._next_is(_SINGLETON):
            singletons.append(self._left.pop())
            if not self._take(_IN_EXTENSION, MAX_TAG):
                return False
        return len(set(singletons)) == len(singletons)

    def _private_use(self) -> bool:
        """`x` and at least one subtag, up to the end."""
        marked = self._left.pop() == "x"
        return marked and bool(self._take(_IN_PRIVATE_USE, MAX_TAG)) and not self._left

    def _next_is(self, form: re.Pattern[str]) -> bool:
        return bool(self._left) and form.fullmatch(self._left[-1]) is not None

    def _take(self, form: re.Pattern[str], most: int) -> list[str]:
        taken: list[str] = []
        while len(taken) < most and self._next_is(form):
            taken.append(self._left.pop())
        return taken
