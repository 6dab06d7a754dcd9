"""Clause 5 of answers.md: is the number denied - `geen 10`, `not a 10`, `10? jamais`?"""

from itertools import islice

from service.domain.reading.form import words
from service.domain.reading.neighbours import (
    Tokens,
    is_end,
    is_number,
    phrase_ending,
    sign,
    word,
    words_left,
    words_right,
)
from service.domain.reading.words_plain import ALL_COURTESY, ALL_PRAISE
from service.domain.reading.words_score import (
    AFTER_NEGATION,
    ARTICLES,
    HEDGES,
    SCORE_VERBS,
    SPEAKING,
    STRICT_NEGATIONS,
)

_FROM_AFAR = words("""
    wouldn't won't can't cannot couldn't don't didn't doesn't shouldn't haven't onmogelijk impossible
    unmöglich unlikely onwaarschijnlijk
""")
"""Negations of a verb or of a possibility: they deny a number only across one (`I can't give a 9`)."""
_ENOUGH = words("genoeg enough assez genug suffisant voldoende ausreichend sufficient")
_FOR = words("voor for pour für")
_SPEAKERS = words("""
    ik je ich i on nous we wij wir ne n zal zou vais ga gaan will werde würde would vous jullie
""")
_ADVERBS = words("""
    really wirklich vraiment echt heus nun da wohl toch gewoon absolut absolument absoluut exactly exactement
    franchement honestly certainly certainement definitely sicher bestimmt zeker surely ganz sicher gewiss
    beslist eerlijk ehrlich sûrement sure
""")
_BETWEEN_AND_DENIAL = (
    words("""
        is het dat dit was it this es das ist war wäre c ce est ca ça ik je jullie ich i we wij ze give geef
        kan can kann peux zou would würde will ga on nous ne n zeker echt absoluut sicher definitely certainly
        vous u sie ihr they you a aber werd wordt wird hier la gaat gaan lukt aurez auras aura obtiendrez
        krijgen zit zat er reicht langt haalt haal verdien soit sera wären waren isn't wasn't
    """)
    | SCORE_VERBS
    | _ADVERBS
)
_EXPECTING = words("""
    denk denken dacht geloof geloven verwacht verwachten reken rekenen dat op te kan kunnen kunt noemen
    crois croyez croire croit pense pensez penser attends attendez attendre espère espérez espérer compte
    comptez compter sur que qu à pouvoir peux peut aller vais allez appeler denke glaube glauben glaubst
    glaubt erwarte erwarten rechne rechnen rechnet dass mit auf zu kann können nennen think believe expect
    leben leven life vie im mijn meinem ma my hand handing out dish grant award décerner uitdelen austeilen
    count counting bank to on for me mij moi mich wir nous us getting get going gonna call as do
""")
"""`denk niet dat ik een 9 geef`, `n'attendez pas un 9`, `don't count on a ten`."""
_BETWEEN_DENIAL_AND_NUMBER = AFTER_NEGATION | _ENOUGH | _FOR | _SPEAKERS | SCORE_VERBS | _EXPECTING | _ADVERBS
_NEARLY_NEGATED = words("""
    net_geen nét_geen niet_helemaal niet_volledig net_niet pas_tout_à_fait nicht_ganz not_quite
""")
_CLAUSE_FINAL = words("niet nicht pas ni nie")
LONGEST_DENIAL = 8
_ANYMORE = frozenset({"meer", "plus", "more", "mehr"})
_CLOSING = (
    SCORE_VERBS
    | STRICT_NEGATIONS
    | words("""
    in drin halen van von from hoor mogelijk haalbaar possible möglich noemen bezeichnen nennen appeler call
""")
)


def is_denied(tokens: Tokens, at: int, language: str) -> bool:
    """Whether the number is negated: `geen 10`, `n'est pas un 10`, `een 10 is het niet`."""
    if word(tokens, at - 1) in _WITHOUT:
        return True  # `jamais deux sans trois`
    return _denied_before(tokens, at, language) or _denied_after(tokens, at)


def _denied_before(tokens: Tokens, at: int, language: str) -> bool:
    """Walk left over what may stand between a negation and its number: `je ne mettrais pas un 10`."""
    if _denies_a_verb(tokens, at) or _never_again(tokens, at):
        return False
    passed: set[str] = set()
    for distance, text in enumerate(islice(words_left(tokens, at), LONGEST_DENIAL), start=1):
        if _is_no_denial(tokens, at - distance, language) or (text in _ANYMORE and passed & _SPEAKERS):
            return False
        if text in STRICT_NEGATIONS or (distance > 1 and text in _FROM_AFAR):
            return True
        passed.add(text)
        praised = text in ALL_PRAISE and bool(passed & _ENOUGH)
        if not (text in _BETWEEN_DENIAL_AND_NUMBER or praised):
            return False
    return False


def _denies_a_verb(tokens: Tokens, at: int) -> bool:
    """`de bestelling klopte niet 5`: what is denied stands before."""
    verb = word(tokens, at - 2)
    return word(tokens, at - 1) in _CLAUSE_FINAL and bool(verb) and verb not in SPEAKING


def _is_no_denial(tokens: Tokens, place: int, language: str) -> bool:
    """German `noch` (still), and the `no` of `8, no 9`."""
    if word(tokens, place) == "no":
        return any(is_number(tokens, before) for before in range(place - 4, place))
    return word(tokens, place) == "noch" and language == "de"


def _never_again(tokens: Tokens, at: int) -> bool:
    """`nooit meer 3`, `plus jamais 7`: the place is denied, not the number."""
    pair = (word(tokens, at - 2), word(tokens, at - 1))
    return pair in {
        ("nooit", "meer"),
        ("nie", "meer"),
        ("nie", "mehr"),
        ("plus", "jamais"),
        ("jamais", "plus"),
    }


def _denied_after(tokens: Tokens, at: int) -> bool:
    article = word(tokens, at - 1) in ARTICLES and word(tokens, at + 1) in _BEING | {"ne", "n"}
    for place, text in enumerate(words_right(tokens, at), start=at + 1):
        if place - at > 7:
            return False
        if text in STRICT_NEGATIONS:
            return place > at + 1 and _closes(tokens, place + 1, article=article)
        if text not in _BETWEEN_AND_DENIAL:
            return False
    return False


def _closes(tokens: Tokens, at: int, *, article: bool) -> bool:
    """Whether a negation before `at` denies the number; `een 8 is niet slecht` praises by understating."""
    following = word(tokens, at)
    if article and following:
        return following not in _UNDERSTATED
    return is_end(tokens, at) or following in _CLOSING


def is_doubted(tokens: Tokens, at: int) -> bool:
    """`een 8 is te veel`, `a 9 is pushing it`, `would have been a 10`: named, but not given."""
    judged = at + 2 + (word(tokens, at + 2) in {"be", "etre", "sein", "zijn"})
    if word(tokens, at + 1) in _BEING and word(tokens, judged) in _TOO:
        return True
    if sign(tokens, at + 1) == "?" and (word(tokens, at + 2), word(tokens, at + 3)) == ("et", "puis"):
        return True
    return is_refused(tokens, at) or _is_unreal(tokens, at) or _is_conditional(tokens, at)


def is_refused(tokens: Tokens, at: int) -> bool:
    """`10? jamais`, `a 10? no chance`, `eine 10? bestimmt nicht`: asked, and answered with no."""
    if word(tokens, at + 1) in _NO and word(tokens, at + 2) in ALL_COURTESY:
        return True
    if sign(tokens, at + 1) != "?":
        return False
    place = at + 2
    while word(tokens, place) in _ASIDES and place < at + 5:
        place += 1
    return word(tokens, place) in _NO and word(tokens, place + 1) not in _UNDERSTATED


def _is_unreal(tokens: Tokens, at: int) -> bool:
    """`het zou een 10 geweest zijn`, `ça aurait été un 10`, `I would have given a 9`: it is not given."""
    left = list(islice(words_left(tokens, at), LONGEST_DENIAL))
    right = list(islice(words_right(tokens, at), 4))
    if _is_hoped_for(left):
        return True
    if not _MIGHT.isdisjoint(right) and not _HAD_ONLY.isdisjoint(left):
        return True  # `had een 10 kunnen zijn`
    if _PERFECT.isdisjoint(left) and _PERFECT.isdisjoint(right):
        return False
    if any(text in _HAVE and _WOULD & set(left[place + 1 : place + 4]) for place, text in enumerate(left)):
        return True
    return not _HAD.isdisjoint(left)


def _is_hoped_for(left: list[str]) -> bool:
    """`I expected a 10`, `ik wou een 10 geven`: what is before an unfulfilled wish's number."""
    for text in left:
        if text in _HOPED:
            return True
        if text not in _WISHING:
            return False
    return False


def _is_conditional(tokens: Tokens, at: int) -> bool:
    """`10 als jullie sneller leveren`: promised for a service that was not given."""
    right = list(islice(words_right(tokens, at), LONGEST_DENIAL))
    if len(right) < 3 or right[0] not in _IF or right[1] not in _YOU:
        return False
    return not _BETTER.isdisjoint(right[2:])


_BEING = words("""
    is est ist soit zit zat wordt werd seems lijkt scheint semble serait sera wäre ware wird zou would was
    isn't wasn't
""")
_TOO = words("te too trop zu pushing overdreven übertrieben exagéré onmogelijk impossible unmöglich")
_NO = words("jamais nooit never nie niemals non nee neen nein no nope nah pas niet nicht not vergeet forget")
_WITHOUT = words("sans zonder ohne without")
_ASIDES = HEDGES | _ADVERBS | words("dat das ça cela that allez alors dan dann then mais maar aber but")
_UNDERSTATED = words("""
    slecht slechte mis mauvais mauvaise mal schlecht übel bad kwaad erg problem probleem problème schlimm
    nichts niks rien verkeerd
""")
_WOULD = words("would could should might d i'd you'd we'd they'd it'd")
_HAVE = words("have ve of would've could've should've might've woulda coulda shoulda") - {"of"}
_HAD = words("""
    zou zouden had hadden hadt was waren aurait aurais auraient auriez aurions eût wäre wären hätte hätten
    hättet hättest would've could've should've might've woulda coulda shoulda
""")
_HAD_ONLY = words("had hadden hadt hätte hätten hättet aurait aurais auraient")
_MIGHT = words("kunnen können pu")
_HOPED = words("""
    wou wilde wilden hoopte hoopten verwachtte verwachtten wollte wollten hoffte erwartete voulais voulait
    voulions espérais espérait attendais wanted expected hoped intended planned
""")
_WISHING = ARTICLES | words("""
    to graag eigenlijk gern gerne eigentlich op auf à a give giving geven donner mettre geben really
    actually vraiment bien first eerst zuerst d abord for hier ici jullie u vous euch you
""")
_PERFECT = words("""
    geweest gegeven gekregen gescoord gezet geworden behaald été mis donné eu pu obtenu noté attribué
    gewesen gegeben bekommen geworden vergeben been given gotten scored rated put awarded gone
""")
_IF = words("als indien zodra si wenn falls if once when quand")
_YOU = words("jullie je jij u ge vous tu ihr sie du you ze they ils de het le la les der die das the")
_BETTER = words("""
    sneller vlugger beter vaker goedkoper vriendelijker properder korter stipter plus mieux moins meilleur
    meilleure schneller besser öfter billiger günstiger freundlicher sauberer pünktlicher kürzer faster
    quicker better cheaper friendlier cleaner sooner shorter
""")


def is_near_miss(tokens: Tokens, at: int) -> bool:
    """`net geen 8`, `not quite a 10`: denied and nearly, of which the bound is the higher verdict."""
    place = at
    while place > 0 and word(tokens, place - 1) in ARTICLES:
        place -= 1
    return bool(phrase_ending(tokens, place, _NEARLY_NEGATED) or phrase_ending(tokens, at, _NEARLY_NEGATED))
