"""How long a prompt takes.

Words a second of an unhurried synthetic voice, by language; estimates around the 150 to 180 words a minute
that speech engines read English at. French has shorter words and more of them, German the reverse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from simulator.wire.twiml_verbs import FOREVER, LONGEST, Pause, Play, Prompt, Say

WORDS_PER_SECOND: Mapping[str, float] = {"nl": 2.6, "fr": 3.0, "de": 2.3, "en": 2.7}
ELSEWHERE = 2.6
"""Words a second of any other language."""
BREATH = 0.3
"""Seconds before the first word."""
RECORDING = 5.0
"""Seconds of a recording: none is fetched, so that no document can make the gateway call for one."""
TONE = 0.5
"""Seconds of one key played, or of `w`."""

_WORD = re.compile(r"[0-9]{1,4}|[^\W\d_]+(?:['’-][^\W\d_]+)*")  # a long number is read in groups


def seconds(prompt: Prompt) -> float:
    """How long it is heard, at most as long as a call may be."""
    if isinstance(prompt, Pause):
        return float(prompt.length)
    once = _reading(prompt) if isinstance(prompt, Say) else _playing(prompt)
    return float(LONGEST) if prompt.loop == FOREVER else min(once * prompt.loop, float(LONGEST))


def _reading(say: Say) -> float:
    words = len(_WORD.findall(say.text))
    if not words:
        return 0.0
    primary = (say.language or "").split("-")[0].lower()
    return round(BREATH + words / WORDS_PER_SECOND.get(primary, ELSEWHERE), 3)


def _playing(play: Play) -> float:
    if play.digits:
        return TONE * len(play.digits)
    return RECORDING if play.url else 0.0
