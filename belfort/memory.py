"""How the collector of cyclic rubbish is set for a program that stays.

A store that grows by the million makes a full collection the worst pause of all (PEP 556 tells the story),
and next to nothing of what is kept there is ever rubbish in a circle.
"""

from __future__ import annotations

import gc

THRESHOLDS = (50_000, 20, 50)
"""Objects before a young collection, young ones before a middle one, middle ones before a full one."""


def settle_in() -> None:
    """Leave out of every later collection what the start has made, and collect more rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
