"""What is said besides the question."""

from __future__ import annotations

import pytest

from service.domain.courtesy import courtesy


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("nl-BE", "Bedankt"), ("nl", "Bedankt"), ("NL", "Bedankt"), ("fr-BE", "Merci"), ("de-BE", "Dank"),
        ("en-GB", "Thank"), ("en-x-plain", "Thank"),
    ],
)  # fmt: skip
def test_it_is_said_in_the_questions_language_and_region(tag, word):
    said = courtesy(tag)
    assert word in said.thanks
    assert said.language == tag
    assert "10" in said.again


@pytest.mark.parametrize("tag", ["tr-TR", "pl", "x-klingon", "und", ""])
def test_what_we_cannot_say_is_said_in_english(tag):
    said = courtesy(tag)
    assert (said.thanks.split()[0], said.language) == ("Thank", "en")
