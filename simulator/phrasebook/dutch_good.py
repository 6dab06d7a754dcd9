"""Good replies in Dutch, by habit and phenomenon (`answers.md`, clauses 1 to 7)."""

from simulator.phrasebook.dutch import CLAUSES, FRAMES
from simulator.phrasebook.passing import good_rows
from simulator.phrasebook.template import Good

FROM_ONE = tuple(range(1, 11))
FROM_TWO = tuple(range(2, 11))
FROM_SIX = tuple(range(6, 11))
BELOW_SIX = tuple(range(6))
NOT_ONE = (0, *FROM_TWO)
NOT_THREE = (0, 1, 2, *range(4, 11))  # `:3` is also a face
GIVEN = (2, 3, 4, 5, 6, 7, 9, 10)  # `acht geven` is to pay attention

GOOD = (
    Good("words", "number-and-words", """
        Ik geef een {n} | ik geef jullie een {n} | Jullie krijgen een {n} | Van mij krijgen jullie een {n}
        voor ons een {n} | Mijn score is {n} | mijn antwoord is {n} | een {n} van mij | voor mij een {n}
        {n}, {comment} | {comment}, {n} | {Comment}, ik geef een {n} | {Comment}. {n}
        {Comment}: een {n} | {n}! {Comment}! | een {n} omdat: {comment} | Score: {n} | cijfer: {n} | {n} dus
        {hi}, een {n}. {Comment}. | {Comment} - {n} | zet mij maar op een {n} | {n}, {comment}, {bye}
    """, weight=2),
    Good("words", "thanks", """
        {n} {thanks} | {n}, {thanks} | {n}. {Thanks}! | {Thanks}, {n} | {hi}, {n}. {Thanks}. | {Thanks}! {n}
        een {n}, {thanks} | {n} en {thanks} | {n}, {comment}. {Thanks}!
    """),
    Good("words", "signed", """
        {n}{br}{name} | {n}, groetjes {name} | {hi}, voor ons een {n}, groetjes uit {place}
        {hi}, een {n}. Mvg, {name} | Een {n} van {name} uit {place} | {n}, {comment}{br}{bye}{br}{name}
    """),
    Good("words", "score-word", "score {n} | cijfer {n} | antwoord: {n} | mijn punt: {n} | Score - {n}"),
    Good("words", "score-word", "Score:{n} | score:{n}! | Cijfer:{n}", NOT_THREE),
    Good("words", "hyphened-word", "score-{n} | punt-{n} | Score-{n}! | antwoord-{n}"),
    Good("words", "glued-score-word", "score{n} | Score{n}! | cijfer{n}"),
    Good("words", "glued-after", "{n}merci | {n}bedankt | {n}dankjewel | {n}prima | {n}merci!"),
    Good("words", "points", """
        {n} punten | {n} punten van mij | ik geef {n} punten | {n} punten op 10
    """, NOT_ONE),
    Good("words", "many-stars", """
        {n} sterren | {n} sterren verdiend | {n} ⭐ | {n} sterren, {comment}
    """, FROM_SIX),
    Good("words", "kisses", "{n} xxx | {n}, groetjes xx | {n} x | {n}, dikke kus xxx", FROM_SIX),
    Good("words", "upper-case", """
        EEN DIKKE {n} | IK GEEF EEN {n} | {COMMENT}, {n} | {n}, {COMMENT} | {COMMENT}!!! {n}!!!
        JULLIE KRIJGEN {n}
    """),
    Good("words", "accents-missing", """
        prima cafe, {n} | het cafe was gezellig: {n} | goeie coordinatie, {n} | reeel gezien een {n}
    """),
    Good("words", "decomposed-accents", """
        cafe\u0301 was gezellig, {n} | he\u0301 bedankt, {n} | ide\u0301e\u0308n genoeg, {n}
    """),
    Good("words", "negated-then-score", """
        geen {m} maar een {n} | geen {m}, wel een {n} | geen {m}, ik geef een {n}
        zeker geen {m}, gewoon een {n}
        nee geen {m}, {n} | geen {m} maar {n}, {comment}
    """),
    Good("words", "negation-elsewhere", """
        geen spijt van! {n} | geen problemen, {n} | niets op aan te merken, {n} | nooit gedoe gehad, {n}
        geen klachten. {n} | {n}, geen klachten | niet lang moeten wachten, {n}
    """),
    Good("words", "hedge", """
        misschien een {n} | {n}? | een {n} denk ik | ongeveer een {n} | ik denk {n} | allez, een {n} dan
        laten we zeggen {n} | pakweg een {n} | mss een {n} | doe maar een {n} | ik zou {n} zeggen
        wss een {n} | goh, een {n} precies
    """),
    Good("words", "stop-in-sentence", """
        {n} maar stop met sms'en | {n}, en stop nu met die berichten | een {n}, schrijf mij nu maar uit
        ik geef {n} en wil uitschrijven
    """),
    Good("scale", "scale-words", """
        {n} op 10 | een {n} op 10 | {n} op de 10 | {n} van de 10 | {n} uit 10 | {n} op tien | {n} op 10!
        ik geef {n} op 10 | {n} op 10, {comment} | {Comment}, {n} op 10 | {hi}, {n} op 10 van mij | {n} van 10
    """, weight=2),
    Good("scale", "scale-quoted", """
        Van 0 tot 10 geef ik een {n} | op een schaal van 0 tot 10: {n} | Op de schaal van 0 tot 10 een {n}
        van 0 tot 10 zit ik aan {n} | {n} (van 0 tot 10) | op 0-10 een {n} | schaal 1 tot 10: {n}
    """),
    Good("spelled", "scale-spelled", """
        {w} op tien | {w} op 10 | {w} op de tien | {W} op tien! | {w} op tien, {comment} | {w} van de 10
        een {w} op tien
    """, FROM_TWO),
    Good("spelled", "spelled-alone", "{w} | {W} | {W}! | {w}. | {WW} | “{w}” | {W}...", FROM_TWO, weight=4),
    Good("spelled", "spelled-in-sentence", """
        een {w} | ik geef een {w} | jullie krijgen een {w} | Voor mij een {w} | een dikke {w}! | een {w} dus
        mijn score is een {w} | {w}, {comment} | {Comment}: een {w} | {w}, {thanks} | een {w} van mij
        {W} punten | van mij een {w}, {comment}
    """, FROM_TWO, weight=2),
    Good("spelled", "spelled-in-sentence", "ik geef {w} | wij geven {w} | Ik geef {w}, {comment}", GIVEN),
    Good("spelled", "word-for-one", """
        een | één | Een | ÉÉN | één! | één op tien | een op tien | een op 10 | één op 10 | ik geef één
        ik geef een één
        jullie krijgen een één | score: één | een dikke één
    """, (1,)),
    Good("spelled", "word-for-zero", "nul | Nul | NUL! | nul. | score: nul", (0,), native=True),
    Good("spelled", "word-for-zero", """
        ik geef een nul | nul punten van mij | nul op tien | nul op 10 | Jullie krijgen een nul
        ik geef jullie een dikke nul | van mij krijgen jullie een nul
    """, (0,)),
    Good("flourish", "flourish", """
        bon, een {n} | voor mij is 't ne {n} | 't is een {n} hè | bwa, ne {n} | voilà, {n} | {n}, punt.
        ça va, {n}
        zeg, doe daar maar {n} van | ik zal 't kort houden: {n} | {comment} zenne, {n} | {n} hé, {comment}
        zo simpel is dat: {n} | moh, een {n} | ik ga voor een {n} | {n}, zonder twijfel
        allez vooruit, een {n}
        allez bon, {comment}: {n} | ja kijk, een {n} | {n}, wat wilt ge
    """),
    Good("flourish", "flourish", """
        een dikke {n}! | een welverdiende {n} | goe bezig, {n} | amai, {n}! | een schone {n} | nen dikken {n}
        dikke merci, {n} | chapeau! {n} | plezant, {n} | tof gedaan, {n} | wreed wijs, {n} | keigoe, {n}
    """, FROM_SIX),
    Good("flourish", "flourish", """
        ja lap, {n} | spijtig, {n} | ge moogt u schamen, {n} | 't is om te wenen, {n} | miljaar, {n}
        pff, een {n}
    """, BELOW_SIX),
    Good("typist", "typos", """
        {n} dnak u | bedankr, {n} | {slip}, {n} | ik gef een {n} | sevrice was ok, {n} | een {n} vna mij
        {n}, groejtes | mijn scoer is {n} | {n}, {slip} | Ik geeef een {n} | tevrdeen klant, {n}
        {slip}. {n}!
        vriendlijk geholpen een {n} | {n} mreci
    """),
    Good("repeater", "number-repeated", """
        {n}, ja een {n} | {n}! Ja, {n}! | een {n}, een echte {n} | {n} dus {n}
    """),
    Good("repeater", "digit-and-word", """
        {n} ({w}) | {w}, dus {n} | {W}, ja {n} | {n}, een {w} dus | {w} {n} | {n}! {W}!
    """, FROM_TWO),
    Good("chatty", "rambling", (
        "{hi}, ik ben hier al jaren klant en ik wou toch even iets kwijt: {comment}, {comment}. Alles "
        "samen geef ik jullie een {n}. {Comment}, maar dat weten jullie zelf ook. {Thanks}, {bye}",
        "{Comment}, en dan ook nog dit: {comment}. Ik heb om 9u gebeld en na 20 minuten wachten had ik "
        "iemand aan de lijn. Het was de 2e keer. Mijn score: {n}. {bye}, {name}",
        "{hi}! Ge vraagt het zelf, dus ge krijgt het ook, eerlijk en zonder omwegen: een {n}. {Comment}. "
        "{Comment}. Zeg gerust tegen uw collega's wat ik ervan vind. Ons zoontje van 7 zei het ook. "
        "Groetjes uit {place}, {name}",
        "Ik heb er eerst nog eens goed en lang over nagedacht op de trein naar {place}. {Comment}. "
        "{Comment}. {Comment}. Daarom een {n} en geen punt anders, ook al zegt mijn buurman dat ik te "
        "streng ben. {Thanks}!",
    )),
    *good_rows(FRAMES, CLAUSES),
)  # fmt: skip
