"""Clause 4 of answers.md: numbers that name something - tills, rooms, lines, orders, addresses, models."""

from service.domain.reading.form import words
from service.domain.reading.neighbours import Tokens, is_end, is_number, sign, word
from service.domain.reading.words_plain import ALL_COURTESY
from service.domain.reading.words_score import ASPECTS, DEFINITE, FROM_US, KNOWN, RATED
from service.domain.reading.words_things import LABELS

_NUMBER_SIGNS = words("""
    nr no n num nummer numero number bestelnummer klantnummer ordernummer ref referentie code dossier tel
""")
_BEING = words("""
    is was ist war est etait sera are werkt werkte marche fonctionne fonctionnait works worked ging had
    heeft hat hatte avait a stond fermée fermés fermées toe leeg gesperrt ausgefallen cassée panne bloqué
    bloquée hs won't doesn't didn't isn't wasn't can't hasn't needs does did lief läuft ging geht fehlt
    ontbreekt manque heeft hatte hebben wird wurde kam komt kommt kwam arrive lekt defect defecte stinkt
    bleef blijft wordt werd stays still kapot defekt cassé broken dicht fermé closed geschlossen needs klemt
    lekt
""")
_LABELS_OF_ONE = frozenset({("door", "en"), ("vol", "fr"), ("stand", "nl"), ("place", "fr"), ("deel", "nl")})
_STREETS = ("straat", "laan", "steenweg", "plein", "dreef", "strasse", "gasse", "allee", "chaussee", "kaai")
_STREET_WORDS = words("""
    rue avenue boulevard chaussée place square street road lane av bd chemin impasse drève quai
""")
_ALWAYS = words("always altijd toujours immer nooit never jamais nie still nog noch encore weer again ook")
_IS = words("is ist est was war était")
_RATED = RATED | ASPECTS


def is_label(tokens: Tokens, at: int, language: str) -> bool:
    """Whether the number at `at` is a label: `kassa 4`, `nr. 12`, `Rue Haute 7`, `robot 3 was kapot`."""
    before = word(tokens, at - 1)
    if not before:
        return _is_numbered(tokens, at) or _is_address(tokens, at)
    if (tokens[at].value or 0.0) < 0:
        return False  # nothing is numbered below nought: `taxi -1`
    return _is_numbered_thing(tokens, at, language) or _is_thing_told_of(tokens, at, language)


def _is_numbered_thing(tokens: Tokens, at: int, language: str) -> bool:
    """`kassa 4`, `kassa is 4`, `Kirchstraat 7`, `vertrekhalle 2`: by the noun before it."""
    before = word(tokens, at - 1)
    if before in _IS and word(tokens, at - 2) in LABELS:
        return True
    if (before, language) in _LABELS_OF_ONE or (before == "door" and at == 1):
        return True
    if word(tokens, at - 2) in _WITHOUT:
        return False  # `ohne Frage 9`
    if before in _PERIODS and word(tokens, at - 2) in _PAST:
        return False  # `vorige week 3, nu 9`
    if before in LABELS:
        return not (before == "no" and any(is_number(tokens, place) for place in range(at - 5, at)))
    several = any(is_number(tokens, place) for place in (at - 2, at + 2))
    if before.endswith(_STREETS) or (several and _singular(before) in LABELS) or _is_address(tokens, at):
        return True
    return before.endswith(_HEADS) and before not in KNOWN


def _is_thing_told_of(tokens: Tokens, at: int, language: str) -> bool:
    """`robot 3 was kapot`, `checkout 5 always has a queue`: by what is told of it."""
    before = word(tokens, at - 1)
    if (before in KNOWN and before not in _DOUBLE) or tokens[at].spelled:
        return False
    told = at + 1 + (word(tokens, at + 1) in _ALWAYS)
    if word(tokens, told) in _BEING or _is_told_of(tokens, at):
        return True
    inside = at > 1 and not is_end(tokens, at - 2)
    name = tokens[at - 1].capital and inside and language != "de"
    return name and bool(word(tokens, at + 1)) and word(tokens, at + 1) not in ALL_COURTESY


_WITHOUT = words("zonder sans ohne without")
_PERIODS = words("""
    year jaar jahr année maand month monat mois week season seizoen saison ronde round runde woche semaine
    afspraak rendez_vous
""")
_PAST = words("""
    vorige vorig laatste verleden vergangene vorige letzte letztes letzten last previous dernière dernier
    passée passé past this deze diese dieses cette
""")


def _is_told_of(tokens: Tokens, at: int) -> bool:
    """`postbus 10 bestaat niet`, `le couloir 5 de la piscine`: a numbered thing is spoken of."""
    opens = is_end(tokens, at - 2) or word(tokens, at - 2) in DEFINITE
    following = word(tokens, at + 1)
    if not opens or word(tokens, at - 1) in _DOUBLE or not following:
        return False
    return (following not in KNOWN and bool(word(tokens, at + 2))) or (
        following in _PLACING and word(tokens, at + 2) not in FROM_US
    )


_DOUBLE = words("klasse class classe")
"""Praise, unless something is told of them: `Klasse 4 hat Läuse`."""
_PLACING = words("in im op aan bij an am auf on at de du des d à au aux dans van of vom")
_HEADS = tuple(
    words("""
        nummer kamer zimmer kassa kasse loket balie schalter halle platz plaats perron spoor gleis steig tafel
        tisch poort lokaal leerjaar jahrgang reihe paal säule verdieping haltestelle halte kluisje strook
        ausweis rechnung terminal
    """)
)
"""What a compound that a number names ends in: `vertrekhalle 4`, `Wartezimmer 2`, `laadpaal 3`."""


def _singular(text: str) -> str:
    """`seats` as `seat`, `tafels` as `tafel`: labels in the plural."""
    return text[:-1] if text.endswith(("s", "n", "x")) and len(text) > 4 else ""


def _is_address(tokens: Tokens, at: int) -> bool:
    """`Rue Haute 7`, `5 Church Lane`."""
    before = [place for place in range(max(at - 4, 0), at - 1) if word(tokens, place) in _STREET_WORDS]
    if before and word(tokens, at - 1) and word(tokens, at - 1) not in KNOWN:
        return True
    return (
        word(tokens, at + 2) in _STREET_WORDS
        and bool(word(tokens, at + 1))
        and word(tokens, at + 1) not in KNOWN
    )


def _is_numbered(tokens: Tokens, at: int) -> bool:
    """`nr. 12`, `n° 4`, `code: 7`, and `#1` in a sentence."""
    joined = sign(tokens, at - 1) == "-" and not tokens[at - 1].spaced and not tokens[at].spaced
    if joined and word(tokens, at - 2) not in _RATED:
        return word(tokens, at - 2) in LABELS or (
            (tokens[at].value or 0.0) > 10 and bool(word(tokens, at - 2))
        )
    if sign(tokens, at - 1) in {"°", ".", ":", "#"} and word(tokens, at - 2) in _NUMBER_SIGNS:
        return True
    return sign(tokens, at - 1) == "#" and len(tokens) > 2
