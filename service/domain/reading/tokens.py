"""Clause 2 of answers.md: where a number begins and ends among letters and signs.

A reply becomes a list of tokens: words, numbers, breaks (punctuation), signs (emoji, currency) and things
(dates, phone numbers, emoticons, `gr8`), which hold digits but no number one could mean as a score.
"""

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from service.domain.reading.form import HALF
from service.domain.reading.words_score import SCORE_NOUNS, SCORE_VERBS
from service.domain.reading.words_things import (
    CURRENCY,
    HEARTS,
    HOLLOW_STARS,
    STAR_SIGNS,
    STARS,
    TAILS,
    UNITS,
)


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    BREAK = "break"
    SIGN = "sign"
    THING = "thing"


class Token(NamedTuple):
    """A piece of the reply; a named tuple, since a reply may have a thousand and they must be made fast.

    `text` is folded, `value` is set for numbers only.

    `spaced`: white space stands before it. `capital`: it begins with a capital letter. `spelled`: a number
    written in words. `languages`: those the number word belongs to. `scale`: what it is out of, if it says.
    """

    kind: Kind
    text: str
    value: float | None = None
    spaced: bool = True
    capital: bool = False
    spelled: bool = False
    scale: float | None = None
    languages: frozenset[str] = frozenset()


HUGE = 10.0**6
"""Stands for every number of more than six digits: only that it is off the scale matters."""

_LINK = re.compile(r"(?:https?://|www\.)\S{1,200}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}", re.IGNORECASE)
_PATTERN = re.compile(
    r"""
    (?P<half>½)
  | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
  | (?P<star>(?<=\d)(?<!\*\d)(?<!\*\d\d)\*(?!\*))
  | (?P<quiet>["'*_~^`]|[^\S\n]+)
  | (?P<phone>(?<![\w/])(?:\+\d{2,3}|00\d{2,3}|0\d{1,3})[ ./-]{0,2}(?:\(0\))?
        \d{1,4}(?:[ ./-]{0,2}\d{2,4}){2,4}(?!\d))
  | (?P<stamp>\d{4}-\d\d-\d\d(?!\d)
      |\d{1,2}(?P<between>[./-])\d{1,2}(?P=between)(?:\d{4}|\d\d)(?!\d)
      |\d{1,5}(?:\.\d{1,5}){2,4}(?!\d)
      |(?<!\d)\d{1,2}[ ]?[hu][ ]?[0-5]\d(?!\w)|(?<!\d)\d{1,2}:[0-5]\d(?!\d))
  | (?P<round>(?:24|7)[ ]?(?:[hju]|uur|dagen|jours)?[ ]?(?:/|op|sur)[ ]?(?:24|7)(?:[ ]?[hju])?(?![\w/])|50/50)
  | (?P<smile>[:;=]['^-]?[()\[\]dpos|/\\*$@]{1,9}(?![a-z0-9])|(?<!\w)8-[)d](?![a-z0-9])|\\o/)
  | (?P<heart></?3+(?!\d|[/.,]\d|\s?%)|(?<![\w)])[:;]['o]?-?3(?!\d|[/.,]\d|\s?%))
  | (?P<grouped>[1-9]\d{0,2}(?:(?:\.\d{3}){1,5}|(?:,\d{3}){1,5}|(?:[ ]000){1,5})(?![\d,]))
  | (?P<decimal>\d{1,40}[.,]\d{1,40}(?!\d))
  | (?P<figure>\d+)
  | (?P<dash>[-=]+>|→|[-–]+)
  | (?P<mark>(?P<same>[.,;:!?()\[\]{}/=+<>≥≤|\\&#°\n])(?:\s*(?P=same))*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ELISION = re.compile(
    r"(c|d|j|l|m|n|s|t|qu|jusqu|lorsqu|puisqu|presqu|quelqu)'(?=[^\W\d_]{2})", re.IGNORECASE
)
_TAIL = re.compile(r"'?([^\W\d_]+)")
_DIMINUTIVES = frozenset({"tje", "ke", "je", "ish", "jes", "er"})
_KISSES = re.compile(r"x{2,}")
_HALF_TAILS = frozenset({"enhalf", "eneenhalf", "einhalb", "etdemi"})
_GLUED_BEFORE = SCORE_NOUNS | SCORE_VERBS


def tokenise(text: str, most: int) -> list[Token]:
    """The tokens of a text that went through `form.plain`, in order; one pass, linear in its length.

    Reading ends after more than `most` numbers in digits: whoever writes so many commits to none.
    """
    if "@" in text or "://" in text or "www." in text:
        text = _LINK.sub(" . ", text)
    tokens: list[Token] = []
    position, spaced, figures = 0, True, 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None:  # cannot be: the last group takes any character
            break
        group, piece, position = match.lastgroup or "sign", match.group(), match.end()
        if group == "quiet" or (piece == "-" and _joins_words(text, match)):
            spaced = spaced or piece.isspace()
            continue
        if group == "word":
            tokens += _word(piece, spaced)
        elif group == "mark":
            tokens.append(_mark(piece[0], spaced))
        elif group == "figure":
            position = _figure(tokens, text, match, spaced)
            figures += tokens[-1].kind is Kind.NUMBER
            if figures > most:
                break
        elif group != "sign" or not _repeats(tokens, piece):
            tokens.append(_PIECES[group](tokens, piece, spaced))
        spaced = False
    return tokens


@lru_cache(maxsize=256)
def _mark(character: str, spaced: bool) -> Token:
    return Token(Kind.BREAK, character, spaced=spaced)


def _repeats(tokens: list[Token], piece: str) -> bool:
    """Whether an emoji only adds to the one before it; stars add up (clause 9) and must be kept."""
    if len(tokens) > MOST_STARS and tokens[-1].text == piece == tokens[-MOST_STARS].text:
        return True
    return (
        bool(tokens)
        and tokens[-1].kind is Kind.SIGN
        and piece not in _TELLING
        and tokens[-1].text not in _TELLING
    )


MOST_STARS = 12
"""A longer row of stars says no more than this one: beyond every scale."""

_TELLING = frozenset(STAR_SIGNS + HOLLOW_STARS + HEARTS + CURRENCY + "%°")


def _joins_words(text: str, match: re.Match[str]) -> bool:
    """Whether this is the hyphen of `peut-être`: a word's own, no punctuation."""
    start, end = match.span()
    return match.group() == "-" and text[max(start - 1, 0)].isalpha() and text[end : end + 1].isalpha()


def _thing(tokens: list[Token], piece: str, spaced: bool) -> Token:
    return Token(Kind.THING, piece.casefold(), spaced=spaced)


def _sign(tokens: list[Token], piece: str, spaced: bool) -> Token:
    return Token(Kind.SIGN, piece, spaced=spaced)


def _star(tokens: list[Token], piece: str, spaced: bool) -> Token:
    """`5*`: an asterisk for a star; but `*5*` is only set off."""
    return Token(Kind.SIGN, "★", spaced=spaced)


def _heart(tokens: list[Token], piece: str, spaced: bool) -> Token:
    """`<3`, `:3`; but `note :3` is a three."""
    if piece[0] in ":;" and tokens and tokens[-1].text in SCORE_NOUNS:
        return Token(Kind.NUMBER, "3", 3.0, spaced=spaced)
    return Token(Kind.SIGN, "<3", spaced=spaced)


def _half(tokens: list[Token], piece: str, spaced: bool) -> Token:
    return Token(Kind.NUMBER, HALF, 0.5, spaced=spaced)


def _dash(tokens: list[Token], piece: str, spaced: bool) -> Token:
    return _mark("→" if piece[-1] in ">→" else "-", spaced)


def _grouped(tokens: list[Token], piece: str, spaced: bool) -> Token:
    return _signed(tokens, Token(Kind.NUMBER, piece, _value(re.sub(r"[., ]", "", piece)), spaced=spaced))


def _fraction(tokens: list[Token], piece: str, spaced: bool) -> Token:
    return _signed(tokens, Token(Kind.NUMBER, piece, _decimal(piece), spaced=spaced))


_PIECES = {
    "phone": _thing,
    "stamp": _thing,
    "round": _thing,
    "smile": _sign,
    "heart": _heart,
    "grouped": _grouped,
    "decimal": _fraction,
    "half": _half,
    "dash": _dash,
    "star": _star,
    "sign": _sign,
}


@lru_cache(maxsize=4096)
def _word(piece: str, spaced: bool) -> tuple[Token, ...]:
    elided = _ELISION.match(piece)
    if elided:
        article = Token(Kind.WORD, elided.group(1).casefold(), spaced=spaced)
        return article, *_word(piece[elided.end() :], False)
    text = piece.casefold().replace("'", "")
    capital = piece[0].isupper() and not (len(piece) > 1 and piece.isupper())
    return (Token(Kind.WORD, text, spaced=spaced, capital=capital),)


def _figure(tokens: list[Token], text: str, match: re.Match[str], spaced: bool) -> int:
    """Append the number at `match` with what is glued to it; the position after it."""
    digits, end = match.group(), match.end()
    tail = _TAIL.match(text, end)
    if tokens and not spaced and _swallows(tokens[-1]):  # gr8, S9, iphone8, 6m²
        tokens[-1] = tokens[-1]._replace(kind=Kind.THING, text=tokens[-1].text + digits)
        return tail.end() if tail else end
    number = _signed(tokens, Token(Kind.NUMBER, digits, _value(digits), spaced=spaced))
    if digits.startswith("0") and (len(digits) > 2 or digits == "00"):
        tokens.append(number._replace(kind=Kind.THING, value=None))
        return end
    elided = (
        tail and text[tail.end() : tail.end() + 1] == "'" and text[tail.end() + 1 : tail.end() + 2].isalpha()
    )
    if tail is None or elided:  # `9`, `9j'adore`
        tokens.append(number)
        return end
    return tail.end() if _tailed(tokens, number, tail.group(1).casefold()) else end


def _swallows(token: Token) -> bool:
    """Whether digits glued to a token are part of it."""
    if token.kind is Kind.THING:
        return token.text[-1:].isalpha()
    return token.kind is Kind.WORD and token.text not in _GLUED_BEFORE


def _tailed(tokens: list[Token], number: Token, letters: str) -> bool:
    """Append a number with letters glued to it; whether the letters are taken with it (clause 2)."""
    if letters in _HALF_TAILS:
        tokens.append(number._replace(value=(number.value or 0.0) + 0.5))
    elif letters in STARS:
        tokens += [number, Token(Kind.WORD, letters, spaced=False)]
    elif (letters in _DIMINUTIVES and number.text + letters != "1er") or _KISSES.fullmatch(letters):
        tokens.append(number)
    elif letters in TAILS or letters in UNITS or number.text + letters == "1a":
        tokens.append(number._replace(kind=Kind.THING, text=number.text + letters))
    else:  # `9merci`: a word of its own
        tokens.append(number)
        return False
    return True


def _signed(tokens: list[Token], number: Token) -> Token:
    """The number with the minus directly before it, which is taken from the tokens."""
    if not tokens or number.spaced or tokens[-1].text != "-" or tokens[-1].kind is not Kind.BREAK:
        return number
    before = tokens[-2] if len(tokens) > 1 else None
    touching = before is not None and not tokens[-1].spaced
    if (
        touching
        and before is not None
        and (before.kind in (Kind.NUMBER, Kind.WORD, Kind.THING) or before.text in ")]")
    ):
        return number
    spaced = tokens.pop().spaced
    return number._replace(text="-" + number.text, value=-(number.value or 1.0), spaced=spaced)


def _value(digits: str) -> float:
    significant = digits.lstrip("0") or "0"
    return HUGE if len(significant) > 6 else float(int(significant))


def _decimal(piece: str) -> float:
    whole, _, part = piece.replace(",", ".").partition(".")
    if not part.strip("0"):
        return _value(whole)
    return _value(whole) + 0.5 if len(part) > 6 else _value(whole) + float("0." + part)
