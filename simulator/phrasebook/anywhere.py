"""Rows that are the same in every language: digits and signs alone, and what is empty or says nothing.

`answers.md` clauses 1, 2, 3, 4, 7, 8, 9 and 10. Blanks count here, so the templates are tuples, not blocks.
"""

from simulator.phrasebook import figures
from simulator.phrasebook.phrase import Meaning
from simulator.phrasebook.template import Bad, Good

FROM_ONE = tuple(range(1, 11))
BELOW_TEN = tuple(range(1, 10))
FROM_SIX = tuple(range(6, 11))
NOT_THREE = (0, 1, 2, 4, 5, 6, 7, 8, 9, 10)  # `=3` is also a face

GOOD = (
    Good("bare", "bare", ("{n}",), weight=60),
    Good("bare", "blanks-around", (" {n} ", "{n} ", " {n}", "{n}\n", "\n{n}", "\t{n}", "  {n}  \n")),
    Good(
        "bare",
        "closing-punctuation",
        ("{n}.", "{n}!", "{n}!!", "{n}!!!", "{n} !", "{n}...", "{n}…", "{n} !!!", "!{n}!"),
    ),
    Good(
        "bare",
        "brackets-and-quotes",
        ("({n})", "[{n}]", '"{n}"', "“{n}”", "„{n}“", "«{n}»", "« {n} »", "‹ {n} ›", "*{n}*", '("{n}")'),
    ),
    Good("bare", "leading-zero", ("0{n}", " 0{n}", "0{n}!", "0{n}."), BELOW_TEN),
    Good("bare", "integer-decimal", ("{n},0", "{n}.0", "{n},0!", "({n}.0)")),
    Good("bare", "plus-sign", ("+{n}", "{n}+", "{n}++", "{n}+!"), FROM_ONE),
    Good("bare", "trailing-minus", ("{n}-", "{n}-."), FROM_ONE),
    Good("bare", "bullet", ("- {n}", "– {n}", "* {n}", "• {n}", "→ {n}", "— {n}")),
    Good("bare", "equals-sign", ("={n}", "= {n}", "={n}!"), NOT_THREE),
    Good("scale", "scale-slash", ("{n}/10", "{n}/10!", "{n} / 10", "({n}/10)", "{n}/10.", "{n}/ 10")),
    Good(
        "scale",
        "scale-slash",
        ("{n}/10 {emoji}", "{comment}, {n}/10", "{Comment}. {n}/10", "{n}/10, {comment}"),
    ),
    Good("scale", "scale-quoted", ("(0-10) {n}", "0-10: {n}", "[0-10] {n}", "{n} (0-10)", "{n} (0 - 10)")),
    Good(
        "emoji", "keycap", ("{keycap}", "{keycap}!", "{keycap} {emoji}", "{bare_keycap}", "{emoji} {keycap}")
    ),
    Good("emoji", "keycap-ten", ("🔟", "🔟!", "🔟👏", "🔟 👍", "{comment}, 🔟"), (10,)),
    Good(
        "emoji",
        "emoji-around",
        (
            "{n}{emoji}",
            "{n} {emoji}",
            "{emoji} {n}",
            "{n}{emoji}{emoji}",
            "{n}! {emoji}",
            "{emoji}{n}{emoji}",
        ),
        weight=3,
    ),
    Good("emoji", "hearts", ("{n}❤", "{n} ❤️", "{n} 💛", "{n}💙💙", "{n}❤️❤️❤️"), FROM_SIX),
    Good("emoji", "emoticon", ("{n} {smiley}", "{n}. {smiley}", "{n}! {smiley}", "{comment} {smiley} {n}")),
    Good("emoji", "emoticon", ("{n} <3", "{n} :3", "{n} 8-)", "{comment}, {n} <3"), FROM_SIX),
    Good(
        "foreign_digits",
        "full-width",
        ("{full}", "{full}！", "（{full}）", "{full}／１０", "{comment}, {full}"),
    ),
    Good("foreign_digits", "arabic-indic", ("{arabic}", "{arabic}!", "{comment}, {arabic}")),
    Good("foreign_digits", "extended-arabic", ("{persian}", "{persian}!", "{comment}, {persian}")),
    Good("foreign_digits", "devanagari", ("{devanagari}", "{devanagari}!", "{comment}, {devanagari}")),
    Good("foreign_digits", "bengali", ("{bengali}", "{bengali}!")),
    Good("foreign_digits", "thai", ("{thai}", "{thai}!", "{comment}, {thai}")),
    Good("foreign_digits", "circled", ("{circled}", "{circled}!", "{comment}: {circled}")),
    Good("foreign_digits", "enclosed", ("{bracketed}", "{dotted}", "{bracketed} {emoji}"), FROM_ONE),
    Good("foreign_digits", "mathematical-bold", ("{bold}", "{bold}!", "{comment}, {bold}")),
    Good("foreign_digits", "superscript", ("{superscript}", "{superscript} !")),
    Good(
        "invisible",
        "invisible-characters",
        (
            "\u200b{n}",
            "{n}\u200b",
            "\ufeff{n}",
            "\u200e{n}\u200f",
            "{n}\u2060",
            "\u200d{n}",
            "\u200b{n}\u200b!",
        ),
    ),
    Good(
        "invisible",
        "unusual-blanks",
        ("\u00a0{n}", "{n}\u00a0!", "\u202f{n}\u202f", "\u2007{n}", "\u3000{n}", "{n}\u00a0/\u00a010"),
    ),
    Good(
        "quoter",
        "question-quoted",
        (
            '"{question}" {n}',
            "> {question}\n{n}",
            "{question}\n{n}",
            "« {question} »\n{n}",
            "“{question}”\n\n{n}",
            "{question}\n{n}, {comment}",
            "Liked “{question}”\n{n}",
            "> {question}\n\n{Comment}: {n}",
        ),
    ),
    Good(
        "repeater", "same-twice", ("{n} {n}", "{n}! {n}!", "{n}\n{n}", "{n} {n} {n}", "{n}. {n}."), FROM_ONE
    ),
)

BAD = (
    Bad(Meaning.OPT_OUT, "stop", ("STOP", "Stop", "stop"), weight=12),
    Bad(Meaning.OPT_OUT, "stop-repeated", ("stop stop", "STOP STOP", "STOP STOP STOP", "Stop stop stop")),
    Bad(
        Meaning.OPT_OUT,
        "stop-punctuated",
        ("STOP!", "STOP.", "Stop!!!", "stop !", " STOP ", "STOP\n", '"STOP"', "Stop..."),
    ),
    Bad(Meaning.OPT_OUT, "stop-misspelt", ("TSOP", "Tsop", "tsop", "TSOP!")),
    Bad(
        Meaning.OPT_OUT,
        "stop-sms",
        ("STOP SMS", "stop sms", "Stop SMS!", "STOP ALL", "Stop all", "stop all."),
    ),
    Bad(Meaning.EMPTY, "empty", ("", " ", "   ", "\n", "\r\n", "\t", "\u00a0", " \n ")),
    Bad(
        Meaning.EMPTY,
        "invisible-only",
        ("\u200b", "\u200b\u200b", "\ufeff", "\u200e\u200f", "\u2060", " \u200b ", "\u200d"),
    ),
    Bad(
        Meaning.OUT_OF_RANGE,
        "off-the-scale",
        ("{n}", "{n}!", "{n}.", "={n}", "({n})", "{n} {emoji}"),
        figures.OFF,
    ),
    Bad(Meaning.OUT_OF_RANGE, "hundred", ("100", "100!", "100.", "100 {emoji}", "1000", "999")),
    Bad(Meaning.OUT_OF_RANGE, "thousands", ("10.000", "10.000!", "100.000")),
    Bad(
        Meaning.OUT_OF_RANGE,
        "negative",
        ("-{n}", " -{n}", "-{n}!", "-{n}.", "\u2212{n}", "-{n} {emoji}"),
        figures.BELOW_ZERO,
    ),
    Bad(
        Meaning.OUT_OF_RANGE,
        "over-ten",
        ("{n}/10", "{n} / 10", "{n}/10!", "{n}/10 {emoji}"),
        figures.OVER_TEN,
    ),
    Bad(
        Meaning.NOT_INTEGER,
        "decimal",
        ("{n},5", "{n}.5", "{n},5!", "{n}.75", "{n},25", "{n}.8", "({n},5)"),
        figures.TENTHS,
    ),
    Bad(Meaning.NOT_INTEGER, "half-sign", ("{n}½", "{n} ½", "{n}½!"), figures.HALVES),
    Bad(Meaning.NOT_INTEGER, "half-fraction", ("{n} 1/2", "{n} 1/2!", "({n} 1/2)"), figures.HALVES),
    Bad(
        Meaning.NOT_INTEGER,
        "decimal-on-ten",
        ("{n},5/10", "{n}.5/10", "{n},5 / 10", "{n},5/10!"),
        figures.TENTHS,
    ),
    Bad(
        Meaning.OTHER_SCALE,
        "fifths",
        ("{n}/5", "{n} / 5", "{n}/5!", "{n}/5 {emoji}", "({n}/5)"),
        figures.FIFTHS,
    ),
    Bad(Meaning.OTHER_SCALE, "decimal-fifths", ("{n},5/5", "{n}.5/5", "{n}.5 / 5"), figures.STARS[:-1]),
    Bad(Meaning.OTHER_SCALE, "twentieths", ("{n}/20", "{n} / 20", "{n}/20!"), figures.TWENTIETHS),
    Bad(Meaning.OTHER_SCALE, "hundredths", ("{n}/100", "{n} / 100", "{n}/100!"), figures.HUNDREDTHS),
    Bad(
        Meaning.OTHER_SCALE,
        "percentage",
        ("{n}%", "{n} %", "{n}%!", "{n}% {emoji}", "({n}%)"),
        figures.PERCENTS,
    ),
    Bad(
        Meaning.OTHER_SCALE,
        "star-symbols",
        ("⭐", "⭐⭐", "⭐⭐⭐", "⭐⭐⭐⭐", "⭐⭐⭐⭐⭐", "★★★", "★★★★", "⭐⭐⭐⭐!"),
    ),
    Bad(Meaning.OTHER_SCALE, "star-digits", ("{n}⭐", "{n} ⭐", "{n}★", "{n}⭐!"), ((1, 0), *figures.STARS)),
    Bad(
        Meaning.AMBIGUOUS,
        "range",
        ("{n}-{m}", "{n} - {m}", "{n}–{m}", "{n}-{m}!", "({n}-{m})"),
        figures.NEIGHBOURS,
    ),
    Bad(Meaning.AMBIGUOUS, "slashed-pair", ("{n}/{m}", "{n} / {m}", "{n}/{m}!"), figures.SLASHED),
    Bad(
        Meaning.AMBIGUOUS,
        "two-scores",
        ("{n} {m}", "{n}\n{m}", "{n} & {m}", "{n}, {m}", "{n}... {m}"),
        figures.PAIRS,
    ),
    Bad(
        Meaning.NO_SCORE,
        "emoji-only",
        ("👍", "👍👍👍", "😀", "😡", "🙏", "👏👏", "🤷", "🎉🎉", "❤️", "👌", "😂😂", "🙄"),
    ),
    Bad(Meaning.NO_SCORE, "emoticon-only", (":)", ":-)", "<3", ":3", ":(", "8-)", ";-)", ":D", ":-/")),
    Bad(Meaning.NO_SCORE, "zeros", ("00", "007", "010", "00!", "007.")),
    Bad(Meaning.NO_SCORE, "hundred-emoji", ("💯", "💯💯", "💯!", "💯 👏")),
    Bad(Meaning.NO_SCORE, "punctuation-only", ("...", "?", "??", "!", "-", ".", "!!!", "?!")),
    Bad(Meaning.NO_SCORE, "glued-letters", ("gr8", "S9", "iphone8", "m8", "GR8!", "w8", "gr8 thx")),
    Bad(Meaning.NO_SCORE, "gibberish", ("asdfgh", "qsdfjk", "azerty", "hjkl", "jjjjjj", "test")),
)
