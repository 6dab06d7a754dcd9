"""The shelves: every template of the four languages, compiled once at import, by what is asked for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from simulator.phrasebook import (
    anywhere,
    dutch,
    dutch_bad,
    dutch_good,
    english,
    english_bad,
    english_good,
    french,
    french_bad,
    french_good,
    german,
    german_bad,
    german_good,
)
from simulator.phrasebook.phrase import LANGUAGES, SCORES, Meaning
from simulator.phrasebook.template import Bad, Book, Good, Template, compiled

BOOKS: Mapping[str, Book] = {module.BOOK.language: module.BOOK for module in (dutch, french, german, english)}
QUESTIONS: Mapping[str, str] = {language: book.question for language, book in BOOKS.items()}

_ROWS: Mapping[str, tuple[tuple[Good, ...], tuple[Bad, ...]]] = {
    "nl": (dutch_good.GOOD, dutch_bad.BAD),
    "fr": (french_good.GOOD, french_bad.BAD),
    "de": (german_good.GOOD, german_bad.BAD),
    "en": (english_good.GOOD, english_bad.BAD),
}


def _rows(good: tuple[Good, ...], bad: tuple[Bad, ...]) -> Iterator[Good | Bad]:
    yield from anywhere.GOOD
    yield from good
    yield from anywhere.BAD
    yield from bad


TEMPLATES: Mapping[str, tuple[Template, ...]] = {
    language: tuple(template for row in _rows(good, bad) for template in compiled(row, BOOKS[language]))
    for language, (good, bad) in _ROWS.items()
}
PHENOMENA: Mapping[str, Mapping[str, Meaning]] = {
    language: {template.phenomenon: template.meaning for template in kept}
    for language, kept in TEMPLATES.items()
}

Shelf = Mapping[object, tuple[Template, ...]]


def _shelved(entries: Iterable[tuple[object, Template]]) -> Shelf:
    shelf: dict[object, list[Template]] = defaultdict(list)
    for key, template in entries:
        shelf[key] += [template] * template.weight
    return {key: tuple(kept) for key, kept in shelf.items()}


def _under(template: Template) -> tuple[bool, ...]:
    """Under which questions the template may be written: its own language's (True), another's (False)."""
    return (True,) if template.native else (True, False)


_EVERY = tuple((language, template) for language in TEMPLATES for template in TEMPLATES[language])

# keys: language, habit, score, whether the question is in the same language
GOOD_BY_HABIT = _shelved(
    ((language, template.habit, score, native), template)
    for language, template in _EVERY
    if template.meaning is Meaning.GOOD
    for score, _ in template.figures
    for native in _under(template)
)
# keys: language, meaning, whether the question is in the same language
BAD_BY_MEANING = _shelved(
    ((language, template.meaning, native), template)
    for language, template in _EVERY
    if template.meaning is not Meaning.GOOD
    for native in _under(template)
)
# keys: language, phenomenon, score (None for bad ones), whether the question is in the same language
BY_PHENOMENON = _shelved(
    ((language, template.phenomenon, score, native), template)
    for language, template in _EVERY
    for score in ([n for n, _ in template.figures] if template.meaning is Meaning.GOOD else [None])
    for native in _under(template)
)


def at_home(phenomenon: str, language: str) -> str:
    """The language itself if it has the phenomenon, else the first that does; ValueError when none does."""
    for candidate in (language, *LANGUAGES):
        if phenomenon in PHENOMENA.get(candidate, {}):
            return candidate
    raise ValueError(f"no such phenomenon {phenomenon!r}; the tables of phenomena.py list them all")


def scores_of(phenomenon: str, language: str) -> tuple[int, ...]:
    """The scores that good texts of this phenomenon can carry in this language; empty for bad phenomena."""
    home = at_home(phenomenon, language)
    return tuple(score for score in SCORES if (home, phenomenon, score, False) in BY_PHENOMENON)
