"""Which of the four languages a reply is in: that of most of its telling words, else the question's.

Clause 6 of answers.md: a word belongs to the language of the words around it; the question's language
decides only for a word that stands alone.
"""

from service.domain.reading.neighbours import Tokens
from service.domain.reading.tokens import Kind
from service.domain.reading.words_plain import CLOSED, COURTESY, PRAISE

_HOMOGRAPHS = frozenset({"nul", "null", "onze", "ten", "acht", "neuf", "elf"})
"""Number words that mean something else in another of the languages: they tell none."""

LANGUAGES = ("nl", "fr", "de", "en")


def tongue(tokens: Tokens, question: str) -> str:
    """`nl`, `fr`, `de`, `en`, or an empty string when neither words nor question tell."""
    votes = dict.fromkeys(LANGUAGES, 0.0)
    for token in tokens:
        if token.kind is Kind.WORD:
            owners = _OWNERS.get(token.text, _NOBODY)
        elif token.spelled and token.text not in _HOMOGRAPHS:
            owners = _OWNERS.get(token.text, _NOBODY) | token.languages
        else:
            continue
        for language in owners:
            votes[language] += 1.0
    best = max(votes.values())
    leaders = [language for language in LANGUAGES if votes[language] == best]
    if len(leaders) == 1:
        return leaders[0]
    return question if question in leaders else ""


def _table() -> dict[str, frozenset[str]]:
    owners: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for text in CLOSED[language] | COURTESY[language] | PRAISE[language]:
            owners.setdefault(text, set()).add(language)
    return {text: frozenset(languages) for text, languages in owners.items() if text not in _HOMOGRAPHS}


_NOBODY = frozenset[str]()


_OWNERS = _table()
