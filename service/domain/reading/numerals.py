"""Number words of Dutch, French, German and English (clause 6 of answers.md), made by each language's rule.

`NUMERALS` maps a sequence of folded words ("quatre","vingt","quinze") to its value and languages; German and
Dutch compounds are one word. Belgian French counts `septante` and `nonante`; the French forms count too.
"""

from collections.abc import Iterator

from service.domain.reading.form import ACCENTED_ONE, fold

_NL = """
    nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien
    zeventien achttien negentien
"""
_FR = """
    zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept
    dix-huit dix-neuf
"""
_DE = """
    null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn
    siebzehn achtzehn neunzehn
"""
_EN = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
"""
_NL_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
_DE_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FR_TENS = {
    20: "vingt",
    30: "trente",
    40: "quarante",
    50: "cinquante",
    60: "soixante",
    70: "septante",
    80: "quatre vingt",
    90: "nonante",
}
_OTHERS = {
    "nl": {
        "zéro": 0, "zero": 0, "zeve": 7, "nege": 9, "tweeën": 2, "tweetje": 2, "drietje": 3, "viertje": 4,
        "vijfje": 5, "zesje": 6, "zevenke": 7, "zeventje": 7, "achtje": 8, "negentje": 9, "zeske": 6,
        "achtke": 8, "tienke": 10, "honderd": 100, "duizend": 1000, "miljoen": 10**6,
    },
    "fr": {"cent": 100, "cents": 100, "mille": 1000, "quatre vingts": 80, "million": 10**6, "une": 1},
    "de": {
        "zero": 0, "eins": 1, "eine": 1, "zwo": 2, "fuenf": 5, "zwoelf": 12, "fuenfzehn": 15,
        "fuenfzig": 50, "hundert": 100, "tausend": 1000, "million": 10**6,
    },
    "en": {"nought": 0, "nil": 0, "hundred": 100, "thousand": 1000, "million": 10**6, "fourty": 40},
}  # fmt: skip

Words = tuple[str, ...]


def _split(text: str) -> Words:
    return tuple(fold(text).replace("-", " ").split())


def _dutch() -> Iterator[tuple[str, int]]:
    units = _NL.split()
    yield from ((word, value) for value, word in enumerate(units))
    for ten, word in enumerate(_NL_TENS.split(), start=2):
        yield word, ten * 10
        for unit in range(1, 10):
            joint = "ën" if units[unit].endswith("e") else "en"
            yield units[unit] + joint + word, ten * 10 + unit
    yield from _multiples(units, {"honderd": 100, "duizend": 1000})


def _multiples(units: list[str], many: dict[str, int]) -> Iterator[tuple[str, int]]:
    """`driehonderd`, `zweitausend`."""
    for word, value in many.items():
        yield from ((units[unit] + word, unit * value) for unit in range(1, 20))


def _german() -> Iterator[tuple[str, int]]:
    units = _DE.split()
    yield from ((word, value) for value, word in enumerate(units))
    for ten, word in enumerate(_DE_TENS.split(), start=2):
        yield word, ten * 10
        yield from ((units[unit] + "und" + word, ten * 10 + unit) for unit in range(1, 10))
    yield from _multiples(units, {"hundert": 100, "tausend": 1000})


def _english() -> Iterator[tuple[str, int]]:
    units = _EN.split()
    yield from ((word, value) for value, word in enumerate(units))
    yield from ((f"{word}ish", value) for value, word in enumerate(units[:11]))
    for ten, word in enumerate(_EN_TENS.split(), start=2):
        yield word, ten * 10
        yield from ((f"{word} {units[unit]}", ten * 10 + unit) for unit in range(1, 10))


def _french() -> Iterator[tuple[str, int]]:
    units = _FR.split()
    yield from ((word, value) for value, word in enumerate(units))
    for ten, word in _FR_TENS.items():
        yield word, ten
        for unit in range(1, 10):
            joint = " et " if unit == 1 and ten != 80 else " "
            yield word + joint + units[unit], ten + unit
    for unit in range(10, 20):
        yield f"soixante {units[unit]}", 60 + unit
        yield f"quatre vingt {units[unit]}", 80 + unit
    yield "soixante et onze", 71


def _table() -> dict[Words, tuple[int, frozenset[str]]]:
    table: dict[Words, tuple[int, frozenset[str]]] = {}
    makers = {"nl": _dutch, "fr": _french, "de": _german, "en": _english}
    for language, maker in makers.items():
        for text, value in [*maker(), *_OTHERS[language].items()]:
            words = _split(text)
            known = table.get(words, (value, frozenset[str]()))[1]
            table[words] = (value, known | {language})
    table[(ACCENTED_ONE,)] = (1, frozenset({"nl"}))
    return table


NUMERALS = _table()
ARTICLES_OF_ONE = frozenset({"een", "un", "une", "ein", "eine", "one"})
"""Words that are 1 only where clause 6 says so; everywhere else an article or a pronoun."""


def _halves() -> dict[str, float]:
    dutch = {
        w + j: v + 0.5 for v, w in enumerate(_NL.split()[:11]) for j in ("enhalf", "eneenhalf", "eneenhalve")
    }
    german = {w + "einhalb": v + 0.5 for v, w in enumerate(_DE.split()[:11])}
    others = {"anderthalb": 1.5, "fuenfeinhalb": 5.5, "anderhalf": 1.5, "anderhalve": 1.5}
    return {fold(w): v for w, v in {**dutch, **german, **others}.items()}


HALVES = _halves()
"""One-word fractions (`siebeneinhalb`, `anderhalf`) and their values, clause 8."""
