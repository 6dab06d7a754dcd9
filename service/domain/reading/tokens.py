"""Clause 2 of answers.md: where a number begins and ends among letters and signs.

A reply becomes a list of tokens: words, numbers, breaks (punctuation), signs (emoji, currency) and things
(dates, phone numbers, emoticons, `gr8`), which hold digits but no number one could mean as a score.
"""

import re
from dataclasses import dataclass, replace
from enum import Enum

from service.domain.reading.form import HALF
from service.domain.reading.words_score import ASPECTS, SCORE_NOUNS, SCORE_VERBS
from service.domain.reading.words_things import STARS, TAILS, UNITS


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    BREAK = "break"
    SIGN = "sign"
    THING = "thing"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the reply. `text` is folded, `value` is set for numbers only.

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
    proportion: bool = False


HUGE = 10.0**6
"""Stands for every number of more than six digits: only that it is off the scale matters."""

_PATTERN = re.compile(
    r"""
    (?P<link>(?:https?://|www\.)[^\s]{1,200}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,64})
  | (?P<smile>[:;=]['^-]?[()\[\]dpos|/\\*$@]{1,9}(?![a-z0-9])|(?<![\w])8-[)d](?![a-z0-9])|\^_*\^|(?<!\w)(?:o_o|xd+)(?!\w)|\\o/)
  | (?P<heart></?3+(?!\d|[/.,]\d|\s?%)|(?<![\w)])[:;]['o]?-?3(?!\d|[/.,]\d|\s?%))
  | (?P<phone>(?<![\w/])(?:\+\d{2,3}|00\d{2,3}|0\d{1,3})[ ./-]{0,2}(?:\(0\))?\d{1,4}(?:[ ./-]{0,2}\d{2,4}){2,4}(?![\d]))
  | (?P<stamp>\d{4}-\d\d-\d\d(?!\d)|\d{1,2}(?P<between>[./-])\d{1,2}(?P=between)(?:\d{4}|\d\d)(?!\d)|\d{1,5}(?:\.\d{1,5}){2,4}(?![\d])
      |(?<!\d)\d{1,2}[ ]?[hu][ ]?[0-5]\d(?![\d\w])|(?<!\d)\d{1,2}:[0-5]\d(?!\d))
  | (?P<round>(?:24|7)[ ]?(?:[hju]|uur|dagen|jours)?[ ]?(?:/|op|sur)[ ]?(?:24|7)(?:[ ]?[hju])?(?![\d\w/])|50/50)
  | (?P<grouped>[1-9]\d{0,2}(?:(?:\.\d{3}){1,5}|(?:,\d{3}){1,5}|(?:[ ]000){1,5})(?![\d,]))
  | (?P<decimal>\d{1,40}[.,]\d{1,40}(?!\d))
  | (?P<figure>\d+)
  | (?P<half>½)
  | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
  | (?P<line>\n)
  | (?P<dash>-+>|→|[-–]+)
  | (?P<mark>\.{2,}|[.,;:!?()\[\]{}/=+<>≥≤|\\&#]|°)
  | (?P<quiet>["'*_~^`]|\s)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_ELISION = re.compile(
    r"(c|d|j|l|m|n|s|t|qu|jusqu|lorsqu|puisqu|presqu|quelqu)'(?=[^\W\d_]{2})", re.IGNORECASE
)
_TAIL = re.compile(r"'?([^\W\d_]+)")
_DIMINUTIVES = frozenset({"tje", "ke", "je", "ish", "jes", "er"})
_KISSES = re.compile(r"x{2,}")
_HALF_TAILS = frozenset({"enhalf", "eneenhalf", "einhalb", "etdemi"})
_GLUED_BEFORE = SCORE_NOUNS | SCORE_VERBS | ASPECTS


def tokenise(text: str) -> list[Token]:
    """The tokens of a text that went through `form.plain`, in order; one pass, linear in its length."""
    tokens: list[Token] = []
    position, spaced = 0, True
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None:  # cannot be: the last group takes any character
            break
        group = match.lastgroup or "sign"
        piece = match.group()
        position = match.end()
        if group == "quiet" or _joins_words(text, match):
            spaced = spaced or piece.isspace()
            continue
        if group == "figure":
            position = _figure(tokens, text, match, spaced)
        elif group == "word":
            _word(tokens, piece, spaced)
        else:
            tokens.append(_piece(group, piece, text, match.start(), spaced, tokens))
        spaced = False
    return tokens


def _joins_words(text: str, match: re.Match[str]) -> bool:
    """Whether this is the hyphen of `peut-être`: a word's own, no punctuation."""
    start, end = match.span()
    return match.group() == "-" and text[max(start - 1, 0)].isalpha() and text[end : end + 1].isalpha()


def _piece(group: str, piece: str, text: str, start: int, spaced: bool, tokens: list[Token]) -> Token:
    if group in {"link", "phone", "stamp", "round"}:
        return Token(Kind.THING, piece.casefold(), spaced=spaced)
    if group == "heart" and piece[0] in ":;" and tokens and tokens[-1].text in SCORE_NOUNS:
        return Token(Kind.NUMBER, "3", 3.0, spaced=spaced)
    if group == "heart":
        return Token(Kind.SIGN, "<3", spaced=spaced)
    if group == "smile":
        return Token(Kind.SIGN, ":)", spaced=spaced)
    if group == "grouped":
        return _signed(tokens, Token(Kind.NUMBER, piece, _value(re.sub(r"[., ]", "", piece)), spaced=spaced))
    if group == "decimal":
        return _signed(tokens, Token(Kind.NUMBER, piece, _decimal(piece), spaced=spaced))
    if group == "half":
        return Token(Kind.NUMBER, HALF, 0.5, spaced=spaced)
    if group == "line":
        return Token(Kind.BREAK, "\n", spaced=spaced)
    if group == "dash":
        return Token(Kind.BREAK, "→" if ">" in piece or piece == "→" else "-", spaced=spaced)
    if group == "mark":
        return Token(Kind.BREAK, "." if piece.startswith("..") else piece, spaced=spaced)
    return Token(Kind.SIGN, piece, spaced=spaced)


def _word(tokens: list[Token], piece: str, spaced: bool) -> None:
    elided = _ELISION.match(piece)
    if elided:
        tokens.append(Token(Kind.WORD, elided.group(1).casefold(), spaced=spaced))
        piece, spaced = piece[elided.end() :], False
    text = piece.casefold().replace("'", "")
    capital = piece[0].isupper() and not (len(piece) > 1 and piece.isupper())
    tokens.append(Token(Kind.WORD, text, spaced=spaced, capital=capital))


def _figure(tokens: list[Token], text: str, match: re.Match[str], spaced: bool) -> int:
    """Append the number at `match` with what is glued to it; the position after it."""
    digits, end = match.group(), match.end()
    glued = (
        bool(tokens) and not spaced and tokens[-1].kind is Kind.WORD and tokens[-1].text not in _GLUED_BEFORE
    )
    tail = _TAIL.match(text, end)
    if glued:  # gr8, S9, iphone8
        tokens[-1] = replace(tokens[-1], kind=Kind.THING, text=tokens[-1].text + digits)
        return tail.end() if tail else end
    number = _signed(tokens, Token(Kind.NUMBER, digits, _value(digits), spaced=spaced))
    if len(digits) > 1 and digits[0] == "0" and not (len(digits) == 2 and digits != "00"):
        number = replace(number, kind=Kind.THING, value=None)
    letters = tail.group(1).casefold() if tail else ""
    if tail is None or number.kind is Kind.THING:
        tokens.append(number)
        return end
    if letters in _HALF_TAILS:
        tokens.append(replace(number, value=(number.value or 0.0) + 0.5))
        return tail.end()
    if letters in _DIMINUTIVES and not (letters == "er" and number.value == 1):
        tokens.append(number)
        return tail.end()
    if letters in STARS:
        tokens += [number, Token(Kind.WORD, letters, spaced=False)]
        return tail.end()
    if letters in TAILS or letters in UNITS:
        tokens.append(replace(number, kind=Kind.THING, text=digits + letters))
        return tail.end()
    tokens.append(number)
    if _KISSES.fullmatch(letters):
        return tail.end()
    return end


def _signed(tokens: list[Token], number: Token) -> Token:
    """The number with the minus directly before it, which is taken from the tokens."""
    if not tokens or number.spaced or tokens[-1].text != "-" or tokens[-1].kind is not Kind.BREAK:
        return number
    before = tokens[-2] if len(tokens) > 1 else None
    touching = before is not None and not tokens[-1].spaced
    if (
        touching
        and before is not None
        and (before.kind in {Kind.NUMBER, Kind.WORD, Kind.THING} or before.text in ")]")
    ):
        return number
    spaced = tokens.pop().spaced
    return replace(number, text="-" + number.text, value=-(number.value or 1.0), spaced=spaced)


def _value(digits: str) -> float:
    significant = digits.lstrip("0") or "0"
    return HUGE if len(significant) > 6 else float(int(significant))


def _decimal(piece: str) -> float:
    whole, _, part = piece.replace(",", ".").partition(".")
    if not part.strip("0"):
        return _value(whole)
    return _value(whole) + 0.5 if len(part) > 6 else _value(whole) + float("0." + part)
