"""Family 09: a nine in each language, and one that needs UCS-2."""

import random

import pytest

from simulator.phrasebook.nines import NINES
from simulator.phrasebook.phrase import Meaning
from simulator.phrasebook.writer import in_language

# 3GPP TS 23.038, 6.2.1 and 6.2.1.1: the default alphabet and its extension
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)


@pytest.mark.parametrize("pp", [1, 2, 3, 4])
def test_a_nine_in_a_language_keeps_to_the_default_alphabet(pp: int):
    assert [text for text in NINES[pp][1] if not set(text) <= GSM] == []


def test_the_fifth_parameter_always_needs_ucs2():
    assert [text for text in NINES[5][1] if set(text) <= GSM] == []


@pytest.mark.parametrize("pp", NINES)
def test_every_text_is_a_good_nine(pp: int):
    for seed in range(20):
        written = in_language(pp, random.Random(seed))
        assert (written.meaning, written.score, written.text in NINES[pp][1]) == (Meaning.GOOD, 9, True)


def test_another_parameter_is_refused():
    with pytest.raises(ValueError, match="family 09 has the parameters 01 to 05, not 06"):
        in_language(6, random.Random(1))
