"""What pressed keys mean (answers.md, "Voice"): a table of what is good, and two kinds of bad.

The keys are those that a `Gather` handed over, so the meaning is that of what was truly transferred.
"""

from __future__ import annotations

from simulator.phrasebook.phrase import SCORES, Meaning, Utterance

PHENOMENON = "keys"
_GOOD = {f"{score}{closing}": score for score in SCORES for closing in ("", "#")}


def meant_by(keys: str) -> Utterance | None:
    """What was said with the keys; None when none was pressed: a `#` alone closes nothing."""
    if not keys.strip("#"):
        return None
    score = _GOOD.get(keys)
    if score is not None:
        return Utterance(keys, Meaning.GOOD, score, PHENOMENON)
    number = keys.removesuffix("#")
    bad = Meaning.OUT_OF_RANGE if number.isdecimal() else Meaning.NO_SCORE
    return Utterance(keys, bad, None, PHENOMENON)
