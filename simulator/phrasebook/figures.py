"""The numbers that bad replies play with: for each kind of row, every assignment of its figures `{n}` and
`{m}`.

Each set leaves out what would read as something else: `4/5` and `9/10` are scales and not pairs, `0-10` and
`1-10` quote the scale, `1 0` may be a ten typed with a slip (`answers.md` clauses 3, 7 and 9).
"""

from simulator.phrasebook.phrase import SCORES

Figures = tuple[tuple[int, int], ...]


def _each(*numbers: int) -> Figures:
    return tuple((number, 0) for number in numbers)


NONE: Figures = ((0, 0),)
ANY = _each(*SCORES)
COUNTED = _each(*range(2, 11))
PAIRS: Figures = tuple((n, m) for n in range(2, 11) for m in range(2, 11) if n != m)
NEIGHBOURS: Figures = tuple((n, n + 1) for n in range(2, 10))
SLASHED: Figures = tuple((n, n + 1) for n in range(5, 9))
BOUNDS = _each(*range(4, 10))
ALMOST = _each(*range(6, 11))
TENTHS = _each(*range(10))
HALVES = _each(*range(1, 10))
WORD_HALVES = _each(*range(2, 10))
LONG_HALVES = _each(*range(4, 10))
OFF = _each(11, 12, 13, 14, 15, 17, 18, 19, 20, 22, 25, 37, 42, 50, 75, 88, 99, 150)
OFF_WORDS = _each(11, 12, 13, 14, 15, 16, 20, 30, 50)
OVER_TEN = _each(11, 12, 13, 15, 20)
OVER_TEN_WORDS = _each(11, 12, 13, 15)
BELOW_ZERO = _each(*range(1, 11))
FIFTHS = _each(*range(6))
WORD_FIFTHS = _each(*range(2, 6))
TWENTIETHS = _each(*range(2, 21))
WORD_TWENTIETHS = _each(*range(2, 17))
HUNDREDTHS = _each(20, 35, 50, 60, 70, 75, 80, 85, 88, 90, 92, 95, 98, 100)
PERCENTS = _each(10, 20, 30, 40, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 98, 99, 100)
WORD_PERCENTS = _each(20, 30, 50, 60, 80, 90)
STARS = _each(*range(2, 6))
