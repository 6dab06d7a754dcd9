"""Clause 4 of answers.md: people counted, or their age: `we waren met 6`, `zoontje van 7`."""

from service.domain.reading.form import words
from service.domain.reading.neighbours import (
    Tokens,
    is_end,
    is_number,
    phrase_ending,
    sign,
    stretch,
    word,
    words_left,
)
from service.domain.reading.scales import BETWEEN
from service.domain.reading.words_plain import LIGHT
from service.domain.reading.words_score import (
    ASPECTS,
    DEFINITE,
    EARNED,
    KNOWN,
    RATED,
    SCORE_VERBS,
)
from service.domain.reading.words_things import (
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
_OTHERS = words("""
    other andere autres anderen last first laatste eerste premiers premières derniers letzten ersten next same
""")
_FOR = words("voor pour für for")
_WE = words("we wij on nous ils elles they wir sie zij ze jullie ihr there vous")
_CHOOSING = words("""
    va ga go going opteer opte opt kies gehe stem vote kiezen going aller vais goed bon gut good mag
""")
_SETTLING = words("estime estimerais arrive arrivé arrête reste monte tourne note fixe tiens")
_GIVING = RATED | _CHOOSING | _SETTLING


def is_age(tokens: Tokens, at: int, language: str) -> bool:
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


def is_size(tokens: Tokens, at: int, language: str) -> bool:
    """`een bestelling van 6`, `party of 5`; but `een score van 8` is a score."""
    link = word(tokens, at - 1)
    if link not in {"van", "de", "von", "of"} or (link == "of" and language != "en"):
        return False
    noun = word(tokens, at - 2)
    if noun in PARTY_NOUNS or noun in {"prijs", "prix", "preis", "price"}:
        return True
    return bool(noun) and noun not in KNOWN and noun not in _NEAR


_NEAR = words("loin proche près autour dessus dessous far partir shy short")


def is_group(tokens: Tokens, at: int, language: str) -> bool:
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
    if before[:2] == ["a", "suis"]:
        return False  # one is no group: `je suis à 8`
    if before[0] == "a" and language == "fr" and _is_french(tokens, at):
        if before[1:2] and before[1] in _COMPARED:
            return False
        aside = _is_on_a_scale(tokens, at) or is_number(tokens, at - 2)
        return not aside and _GIVING.isdisjoint(before)
    return before[0] in PARTY_VERBS and any(text in _WE for text in before[1:3])


def _is_on_a_scale(tokens: Tokens, at: int) -> bool:
    """`sur l'échelle de 0 à 10 je suis à 8`; and nobody comes with none."""
    quoted = any(tokens[place].text == "scale" for place in range(max(at - 8, 0), at))
    return quoted or tokens[at].value == 0.0


def _is_french(tokens: Tokens, at: int) -> bool:
    """Whether a word nearby is French: `a 9` and `definately a 9` are English to any question."""
    near = [word(tokens, place) for place in stretch(tokens, at) if place != at - 1]
    return bool(word(tokens, at - 2)) and any(text in _FRENCH for text in near)


_FRENCH = (LIGHT["fr"] - LIGHT["en"]) | ASPECTS | PARTY_NOUNS | PARTY_VERBS
_COMPARED = words("droit inférieur inférieure supérieur supérieure égal égale")
_PARTIES = words("""
    met_z'n met_zijn met_ons met_onze met_hun à_nous à_eux wir nous_les vous_les wij_met us_two
""")


def is_both(tokens: Tokens, at: int, language: str) -> bool:
    """`les 2`, `alle drie`, `the two`, `nous deux`: those counted were named before."""
    before, earlier = word(tokens, at - 1), word(tokens, at - 2)
    if before not in _ONES_BEFORE or earlier in BETWEEN or (before, earlier) in _NO_SEVERAL:
        return False
    if before in _WE_AND_THEM and earlier in SCORE_VERBS:
        return False
    if any(word(tokens, place) in EARNED for place in stretch(tokens, at)):
        return False  # `die neun hat sich Ihr Monteur verdient`
    if before in _OTHERS and earlier in DEFINITE:
        return True
    if before not in DEFINITE or (before in _ALSO_SINGULAR and tokens[at].value != 2.0):
        return False
    return before in _SEVERAL or tokens[at].spelled or tokens[at].value == 2.0


_ONES_BEFORE = DEFINITE | _OTHERS
_WE_AND_THEM = _WE | {"them"}
_ALSO_SINGULAR = words("de der den das het")
_NO_SEVERAL = frozenset({("all", "in"), *(("us", link) for link in ("of", "from", "to", "by", "for"))})
_SEVERAL = words("les ces ses mes nos vos leurs alle tous toutes all these those diese wij us them")


def is_partner(tokens: Tokens, at: int, language: str) -> bool:
    """`kids 4 and 7`, `party 6`: the number belongs to the people before it."""
    before = word(tokens, at - 1)
    if before in _YOUNG and is_end(tokens, at + 1) and word(tokens, at - 2) in DEFINITE:
        return False  # `heel geduldig met de kindjes 8`
    return (before in _PARTNERS) and not tokens[at].spelled


_YOUNG = words("""
    kids kinderen zoontje dochtertje kindjes enfants kinder jongens filles tweeling kleinkinderen children
    boys girls
""")


def is_purpose(tokens: Tokens, at: int, language: str) -> bool:
    """`een tafel voor 4`, `gekookt voor 6`; but `ik ga voor 8` is a score."""
    left = list(words_left(tokens, at))[:6]
    if left and left[0] == "of" and left[1:2] and left[1] in UNITS:
        return True
    if not left or left[0] not in _FOR:
        return False
    return not any(text in _CHOOSING or text in SCORE_VERBS for text in left)


_PARTNERS = (PARTY_NOUNS - ASPECTS) | _YOUNG
