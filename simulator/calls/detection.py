"""Answering-machine detection: when it is through, and what it says (Twilio's page on it).

It listens to the greeting: a short one is a human, a long one a machine, none at all is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.wire.calls_order import MachineDetection

BEEP = 0.8
"""Seconds from the end of a machine's greeting to the end of its beep."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who answered, `after` seconds from the answer."""

    after: float
    answered_by: str


def detect(wanted: MachineDetection, *, greeting: float, machine: bool) -> Found:
    """What detection makes of a greeting of so many seconds."""
    if greeting <= 0:
        found = Found(wanted.silence_timeout, "unknown")
    elif not machine and greeting < wanted.speech_threshold:
        found = Found(greeting + wanted.speech_end_threshold, "human")
    elif wanted.mode == "Enable":
        found = Found(wanted.speech_threshold, "machine_start")
    else:
        found = Found(greeting + BEEP, "machine_end_beep")
    return found if found.after <= wanted.timeout else Found(wanted.timeout, "unknown")
