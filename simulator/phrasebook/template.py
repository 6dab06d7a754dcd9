"""Templates: rows of the language modules, cut once at import into literals and slots, filled for each reply.

A row's block holds its templates, one a line or separated by ` | `. A slot in braces names an entry of
`SLOTS`; `{br}` is a line break. What a row claims (scores or figures) holds for every template in it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from simulator.phrasebook.figures import NONE, Figures
from simulator.phrasebook.numerals import SIGNS, WORDS
from simulator.phrasebook.phrase import SCORES, Chance, Meaning, Utterance


class Good(NamedTuple):
    """A row of good replies: the habit of writing, the phenomenon, the templates, the scores they can carry.

    `native` rows keep their meaning only under a question in the same language (`nul` alone, clause 6).
    A row of more `weight` is written that many times as often.
    """

    habit: str
    phenomenon: str
    block: str | tuple[str, ...]
    scores: tuple[int, ...] = SCORES
    native: bool = False
    weight: int = 1


class Bad(NamedTuple):
    """A row of bad replies: the verdict they deserve, the phenomenon, the templates, the figures they use."""

    meaning: Meaning
    phenomenon: str
    block: str | tuple[str, ...]
    figures: Figures = NONE
    native: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Book:
    """The furniture of one language: what stands around a score, and never holds one itself."""

    language: str
    question: str
    greetings: tuple[str, ...]
    thanks: tuple[str, ...]
    closings: tuple[str, ...]
    names: tuple[str, ...]
    places: tuple[str, ...]
    comments: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]  # of detractors, passives, promoters


class Setting(NamedTuple):
    """What one reply is filled from: the language, two figures, the writer's mood (0..2), and the draw."""

    book: Book
    n: int
    m: int
    mood: int
    chance: Chance
    question: str
    name: str


Slot = Callable[[Setting], str]
MOODS = (0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2)  # by score: detractors, passives, promoters
EMOJI = (("😡", "👎", "😞", "🙄", "😤"), ("🙂", "😐", "👌", "😊"), ("👍", "👏", "😀", "🎉", "🔥", "🙏"))
SMILEYS = ((":(", ":-("), (":)", ":-)", ";)"), (":)", ":-)", ":D", ";-)"))


def capital(text: str) -> str:
    """The text with its first letter as a capital; the rest stays as it is."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1024)
def slip(text: str) -> str:
    """The comment with two letters of its longest word swapped: a typo that makes no other word."""
    longest = max(re.findall(r"\w+", text), key=len)
    middle = len(longest) // 2
    wrong = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return text.replace(longest, wrong, 1)


def _number_word(number: int, book: Book) -> str:
    return WORDS[book.language][number]


def _article(number: int) -> str:
    """The English article before a number in digits."""
    return "an" if number in (8, 11, 18) or 80 <= number < 90 else "a"


def _comment(setting: Setting) -> str:
    return setting.chance.choice(setting.book.comments[setting.mood])


def _sign(script: str) -> Slot:
    signs = SIGNS[script]
    return lambda setting: signs[setting.n]


SLOTS: Mapping[str, Slot] = {
    "n": lambda setting: str(setting.n),
    "m": lambda setting: str(setting.m),
    "w": lambda setting: _number_word(setting.n, setting.book),
    "v": lambda setting: _number_word(setting.m, setting.book),
    "W": lambda setting: capital(_number_word(setting.n, setting.book)),
    "V": lambda setting: capital(_number_word(setting.m, setting.book)),
    "WW": lambda setting: _number_word(setting.n, setting.book).upper(),
    "an": lambda setting: _article(setting.n),
    "am": lambda setting: _article(setting.m),
    "br": lambda setting: "\n",
    "hi": lambda setting: setting.chance.choice(setting.book.greetings),
    "thanks": lambda setting: setting.chance.choice(setting.book.thanks),
    "Thanks": lambda setting: capital(setting.chance.choice(setting.book.thanks)),
    "bye": lambda setting: setting.chance.choice(setting.book.closings),
    "place": lambda setting: setting.chance.choice(setting.book.places),
    "name": lambda setting: setting.name or setting.chance.choice(setting.book.names),
    "question": lambda setting: setting.question or setting.book.question,
    "comment": _comment,
    "Comment": lambda setting: capital(_comment(setting)),
    "COMMENT": lambda setting: _comment(setting).upper(),
    "slip": lambda setting: slip(_comment(setting)),
    "emoji": lambda setting: setting.chance.choice(EMOJI[setting.mood]),
    "smiley": lambda setting: setting.chance.choice(SMILEYS[setting.mood]),
    **{script: _sign(script) for script in SIGNS},
}


class Template(NamedTuple):
    """One template, cut and ready: literals and slots in turn, with everything that its row claims."""

    parts: tuple[str | Slot, ...]
    book: Book
    meaning: Meaning
    phenomenon: str
    habit: str
    figures: Figures
    names_other: bool  # a good reply that names a second number, which is passed over
    native: bool
    weight: int

    def utterance(self, setting: Setting) -> Utterance:
        """The text of this template in that setting, with the meaning by construction."""
        text = "".join([part if part.__class__ is str else part(setting) for part in self.parts])  # type: ignore[operator]
        return Utterance(
            text, self.meaning, setting.n if self.meaning is Meaning.GOOD else None, self.phenomenon
        )


def templates(block: str | tuple[str, ...]) -> tuple[str, ...]:
    """The templates of a row; a tuple is taken as it stands, because its blanks count."""
    if isinstance(block, tuple):
        return block
    return tuple(text for line in block.splitlines() for text in map(str.strip, line.split(" | ")) if text)


def _cut(text: str) -> Iterator[str | Slot]:
    for place, piece in enumerate(re.split(r"\{(\w+)\}", text)):
        if place % 2:
            yield SLOTS[piece]
        elif piece:
            yield piece


def compiled(row: Good | Bad, book: Book) -> Iterator[Template]:
    """Every template of a row; KeyError names a slot that does not exist."""
    for text in templates(row.block):
        if isinstance(row, Good):
            meaning, habit = Meaning.GOOD, row.habit
            figures: Figures = tuple((score, 0) for score in row.scores)
        else:
            meaning, habit, figures = row.meaning, "", row.figures
        names_other = isinstance(row, Good) and ("{m}" in text or "{v}" in text)
        yield Template(
            tuple(_cut(text)),
            book,
            meaning,
            row.phenomenon,
            habit,
            figures,
            names_other,
            row.native,
            row.weight,
        )
