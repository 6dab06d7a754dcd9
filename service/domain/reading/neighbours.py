"""Looking left and right of a token: words, phrases and the stretch between two breaks.

A break (punctuation) ends a neighbourhood: `geen spijt van! 9` puts nothing between `geen` and `9`.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from service.domain.reading.tokens import Kind, Token

Tokens = Sequence[Token]
_WORD, _NUMBER = Kind.WORD, Kind.NUMBER  # looking up an Enum's member takes longer than the test
LONGEST_PHRASE = 5
REACH = 12
"""How far a rule looks: bounds the work for every number, so that reading stays linear."""


def word(tokens: Tokens, at: int) -> str:
    """The word at a place, or nothing if there is none."""
    return token.text if 0 <= at < len(tokens) and (token := tokens[at]).kind is _WORD else ""


def sign(tokens: Tokens, at: int) -> str:
    """The break or sign at a place, or nothing."""
    inside = 0 <= at < len(tokens) and (tokens[at].kind is Kind.BREAK or tokens[at].kind is Kind.SIGN)
    return tokens[at].text if inside else ""


def is_number(tokens: Tokens, at: int) -> bool:
    """Whether a number stands at a place."""
    return 0 <= at < len(tokens) and tokens[at].kind is _NUMBER


def is_end(tokens: Tokens, at: int) -> bool:
    """Whether the neighbourhood ends there: by a break, an emoji or the text's own end."""
    return not 0 <= at < len(tokens) or (tokens[at].kind is Kind.BREAK or tokens[at].kind is Kind.SIGN)


def words_left(tokens: Tokens, at: int) -> Iterator[str]:
    """The words before a place, nearest first, up to the first token that is no word."""
    place = at - 1
    while place >= 0 and tokens[place].kind is Kind.WORD:
        yield tokens[place].text
        place -= 1


def words_right(tokens: Tokens, at: int) -> Iterator[str]:
    """The words after a place, nearest first, up to the first token that is no word."""
    place = at + 1
    while place < len(tokens) and tokens[place].kind is Kind.WORD:
        yield tokens[place].text
        place += 1


def phrase_ending(tokens: Tokens, at: int, phrases: frozenset[str]) -> int:
    """How many words of the longest phrase end directly before a place; 0 if none does."""
    if word(tokens, at - 1) not in _last_words(phrases):
        return 0
    nearest: list[str] = []
    found = 0
    for text in words_left(tokens, at):
        nearest.insert(0, text)
        if " ".join(nearest) in phrases:
            found = len(nearest)
        if len(nearest) == LONGEST_PHRASE:
            break
    return found


def phrase_starting(tokens: Tokens, at: int, phrases: frozenset[str]) -> int:
    """How many words of the longest phrase start exactly at a place; 0 if none does."""
    if word(tokens, at) not in _first_words(phrases):
        return 0
    nearest: list[str] = []
    found = 0
    for text in words_right(tokens, at - 1):
        nearest.append(text)
        if " ".join(nearest) in phrases:
            found = len(nearest)
        if len(nearest) == LONGEST_PHRASE:
            break
    return found


@lru_cache(maxsize=64)
def _first_words(phrases: frozenset[str]) -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in phrases)


@lru_cache(maxsize=64)
def _last_words(phrases: frozenset[str]) -> frozenset[str]:
    return frozenset(phrase.split()[-1] for phrase in phrases)


def stretch(tokens: Tokens, at: int) -> range:
    """The places between the two breaks around a place, itself included; at most REACH to either side."""
    first, last = at, at
    while first > max(at - REACH, 0) and not is_end(tokens, first - 1):
        first -= 1
    while last + 1 < min(len(tokens), at + REACH) and not is_end(tokens, last + 1):
        last += 1
    return range(first, last + 1)
