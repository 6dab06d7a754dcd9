"""Numbers as people show them: digits in many scripts, key-caps, and number words in four languages.

Digits of other scripts and compatibility characters are from the Unicode character database; `answers.md`
clause 1 says that each is the digit that it shows. Each table of signs is indexed by the score 0..10.
"""

from collections.abc import Mapping


def _counted(words: str) -> dict[int, str]:
    """The words, counted from zero."""
    return dict(enumerate(words.split()))


WORDS: Mapping[str, Mapping[int, str]] = {
    "nl": _counted(
        "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien"
    )
    | {16: "zestien", 20: "twintig", 30: "dertig", 50: "vijftig", 60: "zestig", 70: "zeventig"}
    | {80: "tachtig", 90: "negentig", 100: "honderd"},
    "fr": _counted("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze")
    | {16: "seize", 20: "vingt", 30: "trente", 50: "cinquante", 60: "soixante", 70: "septante"}
    | {80: "quatre-vingts", 90: "nonante", 100: "cent"},
    "de": _counted(
        "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn"
    )
    | {16: "sechzehn", 20: "zwanzig", 30: "dreißig", 50: "fünfzig", 60: "sechzig", 70: "siebzig"}
    | {80: "achtzig", 90: "neunzig", 100: "hundert"},
    "en": _counted(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    )
    | {16: "sixteen", 20: "twenty", 30: "thirty", 50: "fifty", 60: "sixty", 70: "seventy"}
    | {80: "eighty", 90: "ninety", 100: "a hundred"},
}


def _shown(digits: str) -> tuple[str, ...]:
    """The scores 0..10 in the ten digits of one script."""
    return (*digits, digits[1] + digits[0])


def _run(first: str) -> tuple[str, ...]:
    """The signs for 1..10 that follow each other from `first`; nothing shows 0."""
    return ("", *(chr(ord(first) + step) for step in range(10)))


KEYCAP = "\ufe0f\u20e3"
SIGNS: Mapping[str, tuple[str, ...]] = {
    "full": _shown("０１２３４５６７８９"),
    "arabic": _shown("٠١٢٣٤٥٦٧٨٩"),
    "persian": _shown("۰۱۲۳۴۵۶۷۸۹"),
    "devanagari": _shown("०१२३४५६७८९"),
    "bengali": _shown("০১২৩৪৫৬৭৮৯"),
    "thai": _shown("๐๑๒๓๔๕๖๗๘๙"),
    "bold": _shown("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    "superscript": _shown("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "circled": ("⓪", *_run("①")[1:]),
    "bracketed": _run("⑴"),
    "dotted": _run("⒈"),
    "keycap": tuple("".join(digit + KEYCAP for digit in str(score)) for score in range(11)),
    "bare_keycap": tuple("".join(digit + "\u20e3" for digit in str(score)) for score in range(11)),
}
