"""Who answered, and when that is known."""

import pytest

from simulator.calls.detection import BEEP, Found, detect
from simulator.wire.calls_order import MachineDetection

ENABLE, MESSAGE_END = MachineDetection("Enable"), MachineDetection("DetectMessageEnd")


@pytest.mark.parametrize("wanted", [ENABLE, MESSAGE_END])
def test_a_short_greeting_and_silence_is_a_human(wanted):
    assert detect(wanted, greeting=1.0, machine=False) == Found(2.2, "human")


def test_a_long_greeting_is_a_machine_as_soon_as_it_is_long():
    assert detect(ENABLE, greeting=9.0, machine=True) == Found(2.4, "machine_start")


def test_the_end_of_a_message_is_waited_for_where_that_is_wanted():
    assert detect(MESSAGE_END, greeting=9.0, machine=True) == Found(9.0 + BEEP, "machine_end_beep")


def test_a_human_who_talks_long_is_taken_for_a_machine():
    assert detect(ENABLE, greeting=3.0, machine=False).answered_by == "machine_start"


def test_silence_is_unknown():
    assert detect(ENABLE, greeting=0.0, machine=False) == Found(5.0, "unknown")


def test_what_takes_longer_than_the_detection_may_is_unknown():
    assert detect(MESSAGE_END, greeting=40.0, machine=True) == Found(30.0, "unknown")
