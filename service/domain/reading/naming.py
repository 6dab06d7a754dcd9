"""Clause 4 of answers.md, to the left of a number: is it an age, a group, a time, a price, an ordinal?"""

from collections.abc import Callable

from service.domain.reading.form import words
from service.domain.reading.labels import is_label
from service.domain.reading.neighbours import Tokens, is_number, phrase_ending, sign, word, words_left
from service.domain.reading.scales import BETWEEN
from service.domain.reading.words_plain import ALL_LIGHT
from service.domain.reading.words_score import (
    ASPECTS,
    DEFINITE,
    KNOWN,
    RATED,
    SCORE_NOUNS,
    SCORE_VERBS,
)
from service.domain.reading.words_things import (
    MONEY_BEFORE,
    MONTHS,
    PARTY_NOUNS,
    PARTY_VERBS,
    PERSONS,
    UNITS,
)

_AGE_LINKS = words("""
    van de d von of is wordt werd ist wird a net bijna die qui der aged turned turning was est sind zijn sont
    are waren aura avoir worden en and et und
""")
_AGED = words("aged age âgé âgée âgés âgées âge leeftijd alter")
_WITH = words("met mit avec with")
_CLOCK = words("""
    om vers gegen tegen sinds depuis seit since dès omstreeks bis until till jusque jusqu half halb past tot
""")
_CLOCK_ARTICLES = words("the de der le den das at by from")
_OTHERS = words("""
    other andere autres anderen last first laatste eerste premiers premières derniers letzten ersten next same
""")
_UNTIL = words("bis tot until till jusque jusqu")
_LATER = words("binnen within dans après after nach")
_FOR = words("voor pour für for")
_TAKEN = words("""
    besteld bestelde bestelden gekocht kocht commandé commandés acheté achetés pris ordered bought gekauft
    bestellt kaufte kauften betaald gereserveerd réservé booked reserviert gekookt
""")
_WE = words("we wij on nous ils elles they wir sie zij ze jullie ihr there vous")
_SETTLING = words("estime estimerais arrive arrivé arrête reste monte tourne note fixe tiens")
_CHOOSING = words("""
    va ga go going opteer opte opt kies gehe stem vote kiezen going aller vais goed bon gut good mag
""")
_GIVING = RATED | _CHOOSING | _SETTLING


def names(tokens: Tokens, at: int, language: str) -> str:
    """What the words left of the number at `at` make of it ("a label", "an age" …); empty if nothing."""
    for meaning, test in _TESTS:
        if test(tokens, at, language):
            return meaning
    return ""


def _is_age(tokens: Tokens, at: int, language: str) -> bool:
    if sign(tokens, at - 1) == "(" and _can_be(tokens, at, word(tokens, at - 2)):
        return True
    if word(tokens, at - 1) in _AGED:
        return True
    linked = False
    for text, _ in zip(words_left(tokens, at), range(5), strict=False):
        if text in PERSONS:
            return linked and _can_be(tokens, at, text)
        if text not in _AGE_LINKS:
            return False
        linked = True
    return False


def _can_be(tokens: Tokens, at: int, person: str) -> bool:
    """Whether a person can be that old: nobody's husband is eight."""
    return person in PERSONS and not (person in _ADULTS and (tokens[at].value or 0.0) <= 10)


_ADULTS = words("""
    man vrouw mann frau mari femme husband wife moeder vader mutter vater mère père mother father mum dad
    vriend vriendin
""")


def _is_size(tokens: Tokens, at: int, language: str) -> bool:
    """`een bestelling van 6`, `party of 5`; but `een score van 8` is a score."""
    link = word(tokens, at - 1)
    if link not in {"van", "de", "von", "of"} or (link == "of" and language != "en"):
        return False
    noun = word(tokens, at - 2)
    if noun in PARTY_NOUNS or noun in {"prijs", "prix", "preis", "price"}:
        return True
    return bool(noun) and noun not in KNOWN and noun not in _NEAR


_NEAR = words("loin proche près autour dessus dessous far partir shy short")


def _is_group(tokens: Tokens, at: int, language: str) -> bool:
    """`met 6`, `zu 4`, `à six`, `we were 7`; but `je note à 8`, `let's go with 8` are scores."""
    before = list(words_left(tokens, at))[:6]
    if not before or before[:2] == ["met", "je"]:  # `je met 8`, for `mets`
        return False
    if before[0] in _WITH:
        return _GIVING.isdisjoint(before)
    if before[0] == "zu" and not any(is_number(tokens, place) for place in range(max(at - 5, 0), at)):
        return True
    if phrase_ending(tokens, at, _PARTIES) and word(tokens, at - 2) not in SCORE_VERBS:
        return True
    if before[0] == "a" and language == "fr":
        if before[1:2] and before[1] in _COMPARED:
            return False
        aside = _is_on_a_scale(tokens, at) or is_number(tokens, at - 2)
        return not aside and _GIVING.isdisjoint(before)
    return before[0] in PARTY_VERBS and any(text in _WE for text in before[1:3])


def _is_on_a_scale(tokens: Tokens, at: int) -> bool:
    """`sur l'échelle de 0 à 10 je suis à 8`; and nobody comes with none."""
    quoted = any(tokens[place].text == "scale" for place in range(max(at - 8, 0), at))
    return quoted or tokens[at].value == 0.0


_COMPARED = words("inférieur inférieure supérieur supérieure égal égale")
_PARTIES = words("""
    met_z'n met_zijn met_ons met_onze met_hun à_nous à_eux wir nous_les vous_les wij_met us_two
""")


def _is_both(tokens: Tokens, at: int, language: str) -> bool:
    """`les 2`, `alle drie`, `the two`, `nous deux`: those counted were named before."""
    before = word(tokens, at - 1)
    if word(tokens, at - 2) in BETWEEN:
        return False
    if before in _WE and word(tokens, at - 2) in SCORE_VERBS:
        return False
    if before == "all" and word(tokens, at - 2) == "in":
        return False
    if before == "us" and word(tokens, at - 2) in {"of", "from", "to", "by", "for"}:
        return False
    if before in _OTHERS and word(tokens, at - 2) in DEFINITE:
        return True
    if before not in DEFINITE or (before in {"de", "der", "den", "das", "het"} and tokens[at].value != 2.0):
        return False
    several = {
        "les",
        "ces",
        "ses",
        "mes",
        "nos",
        "vos",
        "leurs",
        "alle",
        "tous",
        "toutes",
        "all",
        "these",
        "those",
        "diese",
        "wij",
        "us",
        "them",
    }
    return before in several or tokens[at].spelled or tokens[at].value == 2.0


def _is_time(tokens: Tokens, at: int, language: str) -> bool:
    before = word(tokens, at - 1)
    left = list(words_left(tokens, at))[:6]
    if before in _UNTIL and is_number(tokens, at - 2):
        return False
    clock = (tokens[at].value or 0.0) % 1 > 0 and len(tokens[at].text.partition(".")[2]) == 2
    if clock and before in _CLOCK_ARTICLES:
        return True  # `the 7.15 was cancelled`
    if before in _CLOCK or (before == "um" and language == "de"):
        return True
    if before == "nach" and word(tokens, at - 2) in {"meinung", "ansicht", "gefuhl"}:
        return False
    if before == "at" or before in _LATER or (before == "in") or (before == "en" and language == "fr"):
        return not any(text in SCORE_VERBS or text in SCORE_NOUNS for text in left)
    return _is_year(tokens, at)


def _is_year(tokens: Tokens, at: int) -> bool:
    value = tokens[at].value or 0.0
    return 1900 <= value <= 2100 and bool(word(tokens, at - 1) or word(tokens, at + 1))


def _is_price(tokens: Tokens, at: int, language: str) -> bool:
    before = word(tokens, at - 1)
    return before in MONEY_BEFORE or before in _TAKEN


def _is_purpose(tokens: Tokens, at: int, language: str) -> bool:
    """`een tafel voor 4`, `gekookt voor 6`; but `ik ga voor 8` is a score."""
    left = list(words_left(tokens, at))[:6]
    if left and left[0] == "of" and left[1:2] and left[1] in UNITS:
        return True
    if not left or left[0] not in _FOR:
        return False
    return not any(text in _CHOOSING or text in SCORE_VERBS for text in left)


def _is_share(tokens: Tokens, at: int, language: str) -> bool:
    """`8 pistolets waarvan 3 beschimmeld`: some of those counted before."""
    numbered = any(is_number(tokens, place) for place in range(max(at - 6, 0), at))
    of_which = word(tokens, at - 1) == "which" and word(tokens, at - 2) == "of"
    return numbered and (word(tokens, at - 1) in _OF_WHICH or of_which)


_OF_WHICH = words("waarvan waaronder dont davon wovon darunter including inclusief")


def _is_day(tokens: Tokens, at: int, language: str) -> bool:
    """`on June 9`: the day after its month; `may` and `march` only as names."""
    before = word(tokens, at - 1)
    named = before in MONTHS and 1 <= (tokens[at].value or 0.0) <= 31 and not tokens[at].spelled
    return named and (tokens[at - 1].capital or before not in _ALSO_WORDS)


_ALSO_WORDS = words("may march mars mai mei jan")


def _is_ordinal(tokens: Tokens, at: int, language: str) -> bool:
    """German `beim 2. Versuch`: a point, then a noun, after a word that wants an ordinal."""
    if language == "de" and tokens[at].value != int(tokens[at].value or 0.0) and "." in tokens[at].text:
        return word(tokens, at - 1) in _DATED  # `ab dem 1.1.`
    if language != "de" or sign(tokens, at + 1) != "." or tokens[at + 1].spaced or not word(tokens, at + 2):
        return False
    before = word(tokens, at - 1)
    noun = tokens[at + 2].text
    if noun in _RANKED:
        return True
    known = noun in ALL_LIGHT
    return before in _ORDINAL_BEFORE and not known


_RANKED = (
    words("chance runde wahl versuch besuch stock etage klasse liga platz halbzeit teil mal tag termin")
    | MONTHS
)
_ORDINAL_BEFORE = words("""
    jede jedes jedem beim der die das dem den am im zum zur vom mein meine meinem unser unsere nach erst jeder
    jeden vor seit ab
""")


def _is_partner(tokens: Tokens, at: int, language: str) -> bool:
    """`kids 4 and 7`, `party 6`: the number belongs to the people before it."""
    before = word(tokens, at - 1)
    return (before in _PARTNERS) and not tokens[at].spelled


_YOUNG = words("""
    kids kinderen zoontje dochtertje kindjes enfants kinder jongens filles tweeling kleinkinderen children
    boys girls
""")


def _is_shorthand(tokens: Tokens, at: int, language: str) -> bool:
    """English text-message spelling: `thanks 4 nothing`, `nice 2 meet you`, `me 2`."""
    before = word(tokens, at - 1)
    if language != "en" or tokens[at].spelled or not before:
        return False
    if tokens[at].value == 4.0:
        return before in {"thanks", "thank", "thx", "ty", "cheers", "up", "looking"} and bool(
            word(tokens, at + 1)
        )
    return tokens[at].value == 2.0 and (
        (before in _TO_BEFORE and bool(word(tokens, at + 1))) or before in {"me", "u"}
    )


_TO_BEFORE = words("""
    want need have has had going got able try trying nice up way used how where what bit took love like
""")

_PARTNERS = (PARTY_NOUNS - ASPECTS) | _YOUNG
_DATED = _ORDINAL_BEFORE

_TESTS: tuple[tuple[str, Callable[[Tokens, int, str], bool]], ...] = (
    ("a label", is_label),
    ("an age", _is_age),
    ("a group", _is_group),
    ("one of several", _is_both),
    ("a time", _is_time),
    ("a price or a quantity", _is_price),
    ("a size", _is_size),
    ("a party", _is_purpose),
    ("an ordinal", _is_ordinal),
    ("a share", _is_share),
    ("a date", _is_day),
    ("a group", _is_partner),
    ("shorthand", _is_shorthand),
)
