"""Clause 1 of answers.md: characters are the digits and letters they show.

Compatibility characters, digits of other scripts, key-caps, accents and invisible characters are settled
here once, so that everything after it sees plain letters, ASCII digits and a handful of signs. Case is kept
(German nouns are told by it); `fold` also lowers it.
"""

import re
import unicodedata
from functools import lru_cache

HALF = "½"
ACCENTED_ONE = "eenn"
"""The spelling tokens use for Dutch `één`, which counts where the article `een` does not (clause 6)."""

_SIGNS = {
    "\N{KEYCAP TEN}": " 10 ",
    **dict.fromkeys("‐‑−﹣－", "-"),
    **dict.fromkeys("–—―‒", "–"),
    **dict.fromkeys("’‘ʼ´`‛′＇‚", "'"),
    **dict.fromkeys("“”„‟«»‹›″＂", '"'),
    **dict.fromkeys("⁄∕／÷", "/"),
    **dict.fromkeys("…⋯", "..."),
    **dict.fromkeys("→⇒➡➔", "→"),
    "ß": "ss",
    "ẞ": "SS",
    "№": " nr ",
    "٫": ".",
    "，": ",",
    "º": "°",
    "℃": "°",
}
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_ACCENTED_ONE = re.compile(r"(?<![^\W\d_])(?:[éè][eéè]|[eE][éè])[nN](?![^\W\d_])", re.IGNORECASE)
_MANY_MARKS = re.compile(
    r"([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)


def is_blank(text: str) -> bool:
    """Whether a message holds nothing but white space and invisible characters."""
    return all(_is_invisible(character) for character in text)


def plain(text: str) -> str:
    """The text as it shows: ASCII digits, letters without accents, few signs; case and line breaks stay."""
    composed = unicodedata.normalize("NFC", _MANY_MARKS.sub(r"\1", text))
    marked = _ACCENTED_ONE.sub(ACCENTED_ONE, composed)
    return "".join([c if " " <= c <= "~" else _shown(c) for c in marked])


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """A word as tables spell it: shown plainly, lower case, without apostrophes."""
    return plain(word).casefold().replace("'", "")


def _is_invisible(character: str) -> bool:
    return (
        character.isspace()
        or character in _BLANK_LETTERS
        or unicodedata.category(character) in {"Cf", "Cc", "Zs"}
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    sign = _SIGNS.get(character)
    if sign is not None:
        return sign
    category = unicodedata.category(character)
    if character in "\n\r\v\f\x1c\x1d\x1e\x85" or category in {"Zl", "Zp"}:
        return "\n"
    if character.isspace():
        return " "
    if category in {"Mn", "Me", "Mc", "Cf", "Cc"} or character in _BLANK_LETTERS:
        return ""
    if category in {"Nd", "No", "Nl"}:
        return _numeral(character)
    return _letters(character)


def _numeral(character: str) -> str:
    value = unicodedata.numeric(character, -1.0)
    if value < 0:
        return character
    return str(int(value)) if value == int(value) else HALF


def _letters(character: str) -> str:
    compatible = unicodedata.normalize("NFKD", character)
    bare = "".join([c for c in compatible if unicodedata.category(c) not in {"Mn", "Me", "Mc"}])
    if len(bare) > 4:  # a ligature of whole words, which would only make the text longer
        return character
    return "".join([_SIGNS.get(c, c) for c in bare]) or character


def words(text: str) -> frozenset[str]:
    """A table of words written with spaces between them, folded; `_` joins the words of a phrase."""
    return frozenset(fold(word).replace("_", " ").replace("-", " ") for word in text.split())
