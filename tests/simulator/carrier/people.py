"""People who answer at once, never, and late; and how long things last here."""

from __future__ import annotations

from simulator.people.numbers import number

NINE, SILENT, LATE = number(0, 9), number(3, 0), number(5, 5)
HOUR, DAY = 3600, 86_400
