"""Language tags against the grammar of RFC 5646 written as one expression, and the choice of a question."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.request import SurveyId
from service.domain.survey import (
    GRANDFATHERED,
    Question,
    QuestionId,
    Survey,
    is_well_formed,
    language_key,
)
from tests.effort import in_proportion

# RFC 5646 §2.1, its ABNF term by term.
ABNF = re.compile(
    r"""(?: (?: [a-z]{2,3} (?:-[a-z]{3}){0,3} | [a-z]{4} | [a-z]{5,8} )
            (?: -[a-z]{4} )? (?: -(?:[a-z]{2}|[0-9]{3}) )?
            (?: -(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}) )*
            (?: -[0-9a-wy-z](?:-[a-z0-9]{2,8})+ )*
            (?: -x(?:-[a-z0-9]{1,8})+ )?
          | x(?:-[a-z0-9]{1,8})+ )""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
# fmt: off
subtags = st.sampled_from([
    "nl", "fr", "de", "en", "be", "x", "u", "t", "a", "1", "056", "419", "zh", "yue", "cmn", "abc",
    "latn", "Cyrl",
    "rozaj", "1996", "1901", "biske", "formal", "informal", "co", "phonebk",
    "ca", "12345678", "123456789", "i",
    "oed", "gb", "NL", "q", "abcde",
])
# fmt: on
tags = st.lists(subtags, min_size=1, max_size=9).map("-".join)


def has_repeats(tag: str) -> bool:
    """Whether a singleton or a variant comes twice, before any private use (RFC 5646 §2.2.5, §2.2.6)."""
    before = re.split(r"(?:^|-)x-", tag.lower())[0]
    head, *rest = re.split(r"-(?=[0-9a-wy-z]-)", before)
    singletons = [piece[0] for piece in rest]
    variants = [part for part in head.split("-")[1:] if re.fullmatch("[a-z0-9]{5,8}|[0-9][a-z0-9]{3}", part)]
    return len(set(singletons)) < len(singletons) or len(set(variants)) < len(variants)


@given(tags)
def test_tags_are_well_formed_by_the_grammar(tag):
    expected = tag.lower() in GRANDFATHERED or (bool(ABNF.fullmatch(tag)) and not has_repeats(tag))
    assert is_well_formed(tag) == expected


@given(st.text(max_size=40))
def test_no_text_raises(text):
    assert is_well_formed(text) in (True, False)


@pytest.mark.parametrize(
    "tag",
    [
        "nl-BE", "FR", "en-GB", "nl-BE-x-formal", "zh-Hant-TW", "sl-rozaj-biske-1994", "de-CH-1901",
        "x-whatever",
        "de-DE-u-co-phonebk", "en-a-bbb-x-a-ccc", "i-klingon", "en-GB-oed", "zh-cmn-Hans-CN", "es-419",
        "de-1996",
        "art-lojban", "az-Arab-x-AZE-derbend", "qaa-Qaaa-QM-x-southern", "hy-Latn-IT-arevela", "abcd",
        "abcdefgh",
    ],
)  # fmt: skip
def test_tags_of_the_standards_examples_are_well_formed(tag):
    assert is_well_formed(tag)


@pytest.mark.parametrize(
    "tag",
    [
        "", "-", "nl-", "-nl", "nl--BE", "nl_BE", "n", "ninechars", "nl-BE-x", "x", "a-DE", "de-419-DE",
        "ar-a-aaa-b-bbb-a-ccc",
        "abcde-abc", "nl be", "nl\n", "ſr", "nl-BÉ", "de-DE-1901-1901", "nl-x-ninechars", "en-u", "1nl",
        "nl-" + "a-" * 200,
    ],
)  # fmt: skip
def test_what_breaks_the_grammar_is_not(tag):
    assert not is_well_formed(tag)


@pytest.mark.parametrize(("head", "more"), [("", "a-"), ("en-", "aaaaa-"), ("x-", "1-"), ("aa", "-aaa")])
def test_no_tag_costs_more_than_its_length(head, more):
    assert in_proportion(lambda size: is_well_formed(head + more * size + "-"), 100_000)


def survey(*languages: str) -> Survey:
    questions = tuple(Question(QuestionId(n), "?", language) for n, language in enumerate(languages))
    return Survey(SurveyId(1), "n", "t", questions)


@pytest.mark.parametrize(
    ("languages", "asked", "expected"),
    [
        (("en-GB", "nl-BE"), None, "en-GB"),
        (("en-GB", "nl-BE"), "NL-be", "nl-BE"),
        (("en", "en-GB"), "en-GB-x-formal", "en-GB"),
        (("en", "zh-Hant"), "zh-Hant-TW-x-a", "zh-Hant"),
        (("en", "nl"), "nl-BE", "nl"),
        (("en", "nl-NL", "nl-BE"), "nl", "nl-NL"),
        (("en", "nl-NL", "nl-BE-x-formal"), "nl-BE", "nl-NL"),
        (("en", "fr-BE"), "fr-FR", "fr-BE"),
        (("FR", "en"), "fr", "FR"),
        (("en", "nl"), "de", None),
        (("x-mine", "nl"), "x-other", None),
        (("x-mine", "nl"), "X-Mine", "x-mine"),
        (("nl-BE-x-formal", "nl"), "nl-BE-x-formal", "nl-BE-x-formal"),
        (("de-1996", "de"), "de-a-bb", "de"),
    ],
)
def test_the_question_is_picked_by_tag_then_look_up_then_primary_language(languages, asked, expected):
    found = survey(*languages).question_for(asked)
    assert (found and found.language) == expected


@given(
    tags.filter(is_well_formed),
    st.lists(tags.filter(is_well_formed), min_size=1, max_size=5, unique_by=language_key),
)
def test_a_survey_always_has_a_question_in_its_own_languages(asked, languages):
    found = survey(*languages).question_for(asked)
    keys = [language_key(language) for language in languages]
    if language_key(asked) in keys:
        assert found is not None
        assert language_key(found.language) == language_key(asked)
    if found is not None:
        assert language_key(found.language).split("-")[0] == language_key(asked).split("-")[0]
