"""How long prompts take."""

import pytest

from simulator.calls.speech import BREATH, RECORDING, TONE, WORDS_PER_SECOND, seconds
from simulator.wire.twiml_verbs import Pause, Play, Say


@pytest.mark.parametrize(
    ("tag", "language"), [("nl-BE", "nl"), ("fr", "fr"), ("de-DE", "de"), ("en-GB", "en")]
)
def test_words_take_their_time_in_their_language(tag, language):
    assert seconds(Say("een twee drie vier", tag)) == pytest.approx(
        BREATH + 4 / WORDS_PER_SECOND[language], abs=1e-3
    )


def test_twice_the_words_take_twice_the_time_but_for_the_breath():
    once, twice = (seconds(Say("woord " * n, "nl")) - BREATH for n in (10, 20))
    assert twice == pytest.approx(2 * once, abs=2e-3)


def test_numbers_are_words_and_long_ones_several():
    assert seconds(Say("0-10", "nl")) == seconds(Say("een twee", "nl"))
    assert seconds(Say("0470123456", "nl")) == seconds(Say("een twee drie", "nl"))


def test_nothing_to_say_takes_no_time():
    assert seconds(Say("  … ")) == 0


def test_silence_tones_and_recordings():
    assert seconds(Pause(7)) == 7
    assert seconds(Play("", "w1w2")) == 4 * TONE
    assert seconds(Play("http://127.0.0.1/a.wav", loop=2)) == 2 * RECORDING
