"""The reader of answers: a reply's text becomes a verdict, clause by clause of answers.md.

The plan: `form` settles the characters, `quotation` cuts away what was quoted, `tokens` and `composites`
find the numbers and what they are out of, `roles` says what each number is there for, and here what is left
decides.
"""

from functools import lru_cache

from service.domain.reading.composites import compose
from service.domain.reading.form import is_blank, plain
from service.domain.reading.opting_out import is_opt_out
from service.domain.reading.quotation import without_quotation
from service.domain.reading.roles import Figure, Role, figures, with_ones
from service.domain.reading.tokens import Kind, Token, tokenise
from service.domain.reading.tongue import tongue
from service.domain.verdict import Reading, Verdict

LONGEST_TEXT = 10_000
"""Code points read. A longer text is `no_score`: nobody scores at such length, and in doubt it is bad."""

SHARED_TEXT = 8
"""Code points. A text this short (`9`, `een 8`, `7/10 !`) is written alike by many and tells none of them:
its reading is kept. Seven of eight replies are that short."""

MOST_NUMBERS = 30
"""Who writes more numbers than this commits to none of them."""

_VALUES = range(11)


def read(text: str, language: str) -> Reading:
    """Read a reply to a question in `language` (a BCP 47 tag; an unknown one leaves lone words undecided).

    Never raises. The time grows linearly with the text, up to `LONGEST_TEXT`.
    """
    return _read_shared(text, language) if len(text) <= SHARED_TEXT else _read(text, language)


@lru_cache(maxsize=4096)
def _read_shared(text: str, language: str) -> Reading:
    return _read(text, language)


def _read(text: str, language: str) -> Reading:
    if len(text) > LONGEST_TEXT:
        return Reading(Verdict.NO_SCORE, None, f"longer than {LONGEST_TEXT} characters")
    if is_blank(text):
        return Reading(Verdict.EMPTY, None, "nothing but white space or invisible characters")
    shown = without_quotation(plain(text))
    if is_opt_out(shown):
        return Reading(Verdict.OPT_OUT, None, "clause 10: an opt-out keyword alone")
    tokens = tokenise(shown, MOST_NUMBERS)
    tokens = tokens if _has_too_many(tokens) else with_ones(compose(tokens, MOST_NUMBERS))
    if _has_too_many(tokens):
        return Reading(Verdict.AMBIGUOUS, None, f"more than {MOST_NUMBERS} numbers")
    if not any(token.kind is Kind.NUMBER for token in tokens):
        return Reading(Verdict.NO_SCORE, None, "no number")
    spoken = tongue(tokens, _primary(language))
    return _decided(figures(tokens, spoken), other_scale=_quotes_other_scale(tokens))


def read_keys(digits: str) -> Reading | None:
    """Read the keys pressed in a call (`0`..`10`, with or without a closing `#`); None is no response: no key
    came before the `#` either."""
    pressed = digits.strip()
    keys = pressed.removesuffix("#")
    if not pressed.strip("#"):
        return None
    if not keys.isascii() or not keys.isdigit():
        return Reading(Verdict.NO_SCORE, None, "Voice: no number was pressed")
    if len(keys) <= 2 and keys == str(int(keys)) and int(keys) in _VALUES:
        return Reading(Verdict.GOOD, int(keys), "Voice: the keys pressed")
    return Reading(Verdict.OUT_OF_RANGE, None, "Voice: off the scale")


def _has_too_many(tokens: list[Token]) -> bool:
    return sum([token.kind is Kind.NUMBER for token in tokens]) > MOST_NUMBERS


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].strip().lower()


def _quotes_other_scale(tokens: list[Token]) -> bool:
    return any(token.kind is Kind.THING and token.text == "other scale" for token in tokens)


def _decided(found: list[Figure], *, other_scale: bool) -> Reading:
    """What is left when the numbers that measure, name or are denied have been passed over decides."""
    left = [figure for figure in found if figure.role in {Role.SCORE, Role.BOUND}]
    percents = [figure for figure in left if figure.token.scale == 100.0 and figure.token.value == 100.0]
    if len(percents) < len(left):
        left = [figure for figure in left if figure not in percents]
    passed = _passed_over(found)
    if not left:
        return Reading(Verdict.NO_SCORE, None, "no number that scores" + passed)
    if other_scale or any(_is_other_scale(figure.token) for figure in left):
        return Reading(Verdict.OTHER_SCALE, None, "clause 9: another scale" + passed)
    values = sorted({figure.token.value or 0.0 for figure in left})
    if len(values) > 1:
        return Reading(Verdict.AMBIGUOUS, None, f"clause 7: {len(values)} different numbers" + passed)
    return _single(values[0], left, passed)


def _single(value: float, left: list[Figure], passed: str) -> Reading:
    if value != int(value):
        return Reading(Verdict.NOT_INTEGER, None, "clause 8: a fraction" + passed)
    if int(value) not in _VALUES:
        return Reading(Verdict.OUT_OF_RANGE, None, "its only number lies off the scale" + passed)
    if any(figure.role is Role.BOUND for figure in left):
        return Reading(Verdict.AMBIGUOUS, None, "clause 5: a bound or a near miss" + passed)
    return Reading(Verdict.GOOD, int(value), f"{_clause(left)}: {int(value)}" + passed)


def _is_other_scale(token: Token) -> bool:
    return token.scale is not None and token.scale != 10.0


def _clause(left: list[Figure]) -> str:
    if len(left) > 1:
        return "clause 7, the same score twice"
    token = left[0].token
    if token.scale is not None:
        return "clause 3, out of ten"
    return "clause 6, a number word" if token.spelled else "clause 2, digits"


def _passed_over(found: list[Figure]) -> str:
    reasons = dict.fromkeys(f.role.value for f in found if f.role not in {Role.SCORE, Role.BOUND})
    return f"; passed over: {', '.join(reasons)}" if reasons else ""
