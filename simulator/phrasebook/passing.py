"""Clauses that hold numbers which do not score, and the rows that are made of them.

`answers.md` clauses 4 and 6: a number that measures or names something else, and a number word in its
everyday meaning, are passed over. Alone such a clause is `no_score`; beside a score it changes nothing. One
list of clauses per language and kind therefore gives both kinds of rows.
"""

from collections.abc import Iterator, Mapping

from simulator.phrasebook.phrase import Meaning
from simulator.phrasebook.template import Bad, Good, capital, templates

KINDS: Mapping[str, str] = {
    "duration": "how long it took",
    "times": "how many times",
    "money": "an amount of money",
    "clock": "a time of the day",
    "ordinal": "an ordinal",
    "date": "a date",
    "label": "the number of a counter, a room or a line",
    "device": "the name of a device or a network",
    "count": "things counted in digits",
    "spelled-count": "things counted in words",
    "age": "somebody's age",
    "group": "the size of a group",
    "percentage": "a percentage of something",
    "zero-of": "zero of something",
    "around-the-clock": "24/7",
    "everyday-word": "a number word in its everyday meaning",
}


def good_rows(frames: tuple[str, ...], clauses: Mapping[str, str]) -> Iterator[Good]:
    """Each clause in two of the frames, in turn, so that each frame meets each kind."""
    for kind in KINDS:
        texts = []
        for place, clause in enumerate(templates(clauses[kind])):
            for step in (0, 1):
                frame = frames[(2 * place + step) % len(frames)]
                texts.append(frame.replace("{clause}", clause).replace("{Clause}", capital(clause)))
        yield Good("chatty", f"past-{kind}", tuple(texts))


def bad_rows(clauses: Mapping[str, str]) -> Iterator[Bad]:
    """Each clause as the whole message."""
    for kind in KINDS:
        alone = templates(clauses[kind])
        texts = (*alone, *map(capital, alone), *(f"{capital(clause)}." for clause in alone))
        yield Bad(Meaning.NO_SCORE, f"only-{kind}", texts)
