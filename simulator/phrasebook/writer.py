"""The writer: one reply of a person, by language, habit and what it shall mean; and every text, for checks.

Meaning and score go in and are attached to the text that comes out; the text is never read.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from simulator.phrasebook.books import (
    BAD_BY_MEANING,
    BOOKS,
    BY_PHENOMENON,
    GOOD_BY_HABIT,
    PHENOMENA,
    TEMPLATES,
    at_home,
    scores_of,
)
from simulator.phrasebook.habits import HABITS, SHARES
from simulator.phrasebook.nines import NINES
from simulator.phrasebook.phrase import (
    LANGUAGES,
    SCORES,
    Chance,
    Item,
    Meaning,
    Utterance,
    primary,
    spoken,
)
from simulator.phrasebook.template import MOODS, Setting, Template

__all__ = ["PHENOMENA", "bad", "every", "in_language", "scores_of", "utterance_of", "write"]

OTHER_LANGUAGE = "other-language"
_ABROAD = ("words", "words", "scale", "spelled", "flourish")  # habits that show which language it is
_OTHERS = {score: tuple(other for other in range(5, 11) if other != score) for score in SCORES}
_BAD_SHARES = tuple(kind for kind in SHARES if kind.meaning is not Meaning.GOOD)


def write(
    *,
    language: str,
    habit: str,
    meaning: Meaning,
    score: int | None,
    chance: Chance,
    asked: str | None = None,
    question: str = "",
    name: str = "",
) -> Utterance:
    """One reply in the person's language and habit.

    A good reply needs a score 0..10 and carries it; for a bad one the score is only the writer's mood and may
    be None. `asked` is the tag of the question's language, if known: only under a question in the same
    language is anything written that means something else under another (`nul` alone). `question` is quoted
    back by quoters, `name` signs. ValueError for a language, habit or score that nobody writes in.
    """
    tongue = spoken(language)
    heard = primary(asked) if asked else None
    if habit not in HABITS:
        raise ValueError(f"no habit {habit!r}; known: {', '.join(HABITS)}")
    if habit == "wrong_language":
        tongue, habit = chance.choice(_elsewhere(tongue, heard)), chance.choice(_ABROAD)
    native = tongue == heard
    if meaning is Meaning.GOOD:
        template = chance.choice(GOOD_BY_HABIT[tongue, habit, _checked(score), native])
    else:
        template = chance.choice(BAD_BY_MEANING[tongue, meaning, native])
    return _filled(template, score, chance, question, name)


def bad(
    *,
    language: str,
    chance: Chance,
    score: int | None = None,
    asked: str | None = None,
    question: str = "",
    name: str = "",
) -> Utterance:
    """A bad reply of any verdict, each as often as `SHARES` says among the bad ones."""
    drawn = chance.random() * sum(kind.share for kind in _BAD_SHARES)
    for kind in _BAD_SHARES:
        drawn -= kind.share
        if drawn < 0:
            break
    return write(
        language=language,
        habit=kind.habit,
        meaning=kind.meaning,
        score=score,
        chance=chance,
        asked=asked,
        question=question,
        name=name,
    )


def utterance_of(
    phenomenon: str,
    *,
    language: str,
    score: int | None,
    chance: Chance,
    asked: str | None = None,
    question: str = "",
    name: str = "",
) -> Utterance:
    """A text that shows exactly one phenomenon; `asked`, `question` and `name` as in `write`.

    A good one carries the score, or one that the phenomenon can carry when it is None (`scores_of`); for a
    bad one the score is only the mood. What a language does not have is written in the first that does.
    """
    tongue = spoken(language)
    if phenomenon == OTHER_LANGUAGE:
        score = chance.choice(SCORES) if score is None else _checked(score)
        return _abroad(tongue, score, chance, name)
    home = at_home(phenomenon, tongue)
    key: int | None = None
    if PHENOMENA[home][phenomenon] is Meaning.GOOD:
        possible = scores_of(phenomenon, home)
        key = score = chance.choice(possible) if score is None else score
        if score not in possible:
            raise ValueError(f"{phenomenon!r} in {home!r} cannot carry {score}; it can carry {possible}")
    native = bool(asked) and primary(str(asked)) == home
    return _filled(chance.choice(BY_PHENOMENON[home, phenomenon, key, native]), score, chance, question, name)


def in_language(pp: int, chance: Chance) -> Utterance:
    """A 9 in Dutch, French, German, English (`pp` 1..4), or in a text that needs UCS-2 (5): family 09."""
    if pp not in NINES:
        raise ValueError(f"family 09 has the parameters 01 to {len(NINES):02}, not {pp:02}")
    phenomenon, texts = NINES[pp]
    return Utterance(chance.choice(texts), Meaning.GOOD, 9, phenomenon)


def every(languages: Sequence[str] = LANGUAGES, scores: Sequence[int] = SCORES) -> Iterator[Utterance]:
    """Every template of these languages with every score, or a dozen of its figures, in a fixed order.

    Ask for one language at a time to know the question's language (`QUESTIONS`): a text means what it says
    under a question in its own language. Names, comments and greetings go round, so that all of them come by.
    """
    turns = Turns()
    for language in languages:
        for template in TEMPLATES[spoken(language)]:
            if template.meaning is Meaning.GOOD:
                for score, _ in template.figures:
                    if score in scores:
                        yield _filled(template, score, turns, "", "")
            else:
                step = -(-len(template.figures) // 12)
                for figures in template.figures[::step]:
                    yield template.utterance(_setting(template, figures, turns.randrange(3), turns, "", ""))


class Turns:
    """A chance without chance: it takes its turns through whatever it is asked to choose from."""

    def __init__(self) -> None:
        self._turn = 0

    def random(self) -> float:
        return self.randrange(1000) / 1000

    def choice(self, seq: Sequence[Item], /) -> Item:
        return seq[self.randrange(len(seq))]

    def randrange(self, stop: int, /) -> int:
        self._turn += 1
        return self._turn % stop


def _checked(score: int | None) -> int:
    if score not in SCORES:
        raise ValueError(f"a good reply needs a score from 0 to 10, not {score!r}")
    return score


@lru_cache(maxsize=256)
def _elsewhere(own: str, heard: str | None) -> tuple[str, ...]:
    return tuple(language for language in BOOKS if language not in (own, heard))


def _abroad(tongue: str, score: int, chance: Chance, name: str) -> Utterance:
    tongue = chance.choice(_elsewhere(tongue, None))
    template = chance.choice(GOOD_BY_HABIT[tongue, chance.choice(_ABROAD), score, False])
    text = _filled(template, score, chance, "", name).text
    return Utterance(text, Meaning.GOOD, score, OTHER_LANGUAGE)


def _filled(template: Template, score: int | None, chance: Chance, question: str, name: str) -> Utterance:
    mood = chance.randrange(3) if score is None else MOODS[score]
    if template.meaning is not Meaning.GOOD:
        figures = chance.choice(template.figures)
    else:
        figures = (_checked(score), chance.choice(_OTHERS[_checked(score)]) if template.names_other else 0)
    return template.utterance(_setting(template, figures, mood, chance, question, name))


def _setting(
    template: Template, figures: tuple[int, int], mood: int, chance: Chance, question: str, name: str
) -> Setting:
    return Setting(template.book, figures[0], figures[1], mood, chance, question, name)
