"""Everything the simulated people can write is read as it was meant: two independent readings of one page."""

from __future__ import annotations

from collections import Counter

from service.domain.answer import read
from simulator.phrasebook.writer import every

TAGS = {"nl": "nl-BE", "fr": "fr-BE", "de": "de-BE", "en": "en-GB"}


def test_every_phrase_is_read_as_it_was_meant():
    misread: list[str] = []
    verdicts: Counter[str] = Counter()
    for language, said in ((own, said) for own in TAGS for said in every(languages=(own,))):
        reading = read(said.text, TAGS[language])
        verdicts[said.meaning.value] += 1
        if (reading.verdict.value, reading.score) != (said.meaning.value, said.score):
            misread.append(
                f"{language} {said.text!r}: meant {said.meaning.value} {said.score}, "
                f"read {reading.verdict.value} {reading.score} ({reading.clause}; {said.phenomenon})"
            )
    assert not misread, "\n".join(misread[:40]) + f"\n{len(misread)} of {verdicts.total()}"
    assert len(verdicts) == 8
