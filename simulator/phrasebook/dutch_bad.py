"""Bad replies in Dutch, by verdict and phenomenon (`answers.md`, "Verdicts" and clauses 4 to 10)."""

from simulator.phrasebook import figures
from simulator.phrasebook.dutch import CLAUSES
from simulator.phrasebook.passing import bad_rows
from simulator.phrasebook.phrase import Meaning
from simulator.phrasebook.template import Bad

BAD = (
    Bad(Meaning.OPT_OUT, "stop-polite", """
        STOP aub | stop alstublieft | stop a.u.b. | Stop, bedankt | stop dank u | STOP alsjeblieft | stop aub!
    """, weight=2),
    Bad(Meaning.OPT_OUT, "stop-other-keyword", """
        STOPPEN | stoppen | UITSCHRIJVEN | uitschrijven | Uitschrijven aub | AFMELDEN | afmelden | Afmelden!
        stoppen alstublieft
    """),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} op 20 | {n} op de 20 | {n} op twintig | een {n} op 20 | ik geef {n} op 20 | {n} van de 20
        {n} op 20 van ons
    """, figures.TWENTIETHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} op 5 | een {n} op 5 | {n} op 5, {comment}
    """, figures.FIFTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} op 100 | {n} op honderd | ik geef {n} op 100
    """, figures.HUNDREDTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-spelled", """
        {w} op vijf | een {w} op vijf | {W} op vijf!
    """, figures.WORD_FIFTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-spelled", """
        {w} op twintig | {w} op de twintig
    """, figures.WORD_TWENTIETHS),
    Bad(Meaning.OTHER_SCALE, "percent-words", """
        {n} procent | {n} procent! | een {n} procent
    """, figures.PERCENTS),
    Bad(Meaning.OTHER_SCALE, "percent-words", "{w} procent | {W} procent", figures.WORD_PERCENTS),
    Bad(Meaning.OTHER_SCALE, "star-words", """
        {n} sterren | {w} sterren | {n} sterren! | ik geef {n} sterren | {n} sterren van mij
        {W} sterren, {comment}
    """, figures.STARS),
    Bad(Meaning.OTHER_SCALE, "stars-on-five", """
        {n} sterren op 5 | {n} sterren op vijf | {w} sterren op 5
    """, figures.STARS),
    Bad(Meaning.AMBIGUOUS, "two-scores", """
        {n} of {m} | een {n} of een {m} | ofwel {n} ofwel {m} | {n} of toch {m} | {n} en {m}
        ik twijfel: {n} of {m}
    """, figures.NEIGHBOURS, weight=3),
    Bad(Meaning.AMBIGUOUS, "between", """
        tussen {n} en {m} | tussen de {n} en de {m} | ergens tussen {n} en {m} | {n} à {m} | {n} tot {m}
        {n} à {m} denk ik
    """, figures.NEIGHBOURS),
    Bad(Meaning.AMBIGUOUS, "bound", """
        minstens {n} | minstens een {n} | hoogstens een {n} | meer dan {n} | minder dan {n}
        op zijn minst een {n}
        maximaal een {n} | meer dan een {n} | ten minste een {n}
    """, figures.BOUNDS),
    Bad(Meaning.AMBIGUOUS, "near-miss", """
        bijna {n} | bijna een {n} | haast een {n} | bijna een {n}, {comment}
    """, figures.ALMOST),
    Bad(Meaning.AMBIGUOUS, "correction", """
        {n} euh nee {m} | {n}, sorry {m} | {n}... wacht, {m} | {n}, ik bedoel {m} | oei, {n} moet {m} zijn
        {n} of nee, {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "condition", """
        {n}, {m} als jullie sneller leveren | {n}, maar {m} als de prijs daalt
        nu een {n}, met betere service een {m}
    """, figures.NEIGHBOURS),
    Bad(Meaning.AMBIGUOUS, "comparison", """
        vorige keer {n}, nu {m} | vroeger een {n}, vandaag een {m}
        bij de concurrent een {n}, bij jullie een {m}
        mijn man zegt {n}, ik zeg {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "per-aspect", """
        eten {n}, bediening {m} | {n} voor de levering maar {m} voor de prijs
        {n} voor de bediening, {m} voor het eten
        winkel: {n}, website: {m} | de winkel een {n}, de website een {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "two-spelled", """
        {w} of {v} | een {w} of een {v} | tussen {w} en {v} | {w} à {v} | {W} of {v}
    """, figures.NEIGHBOURS),
    Bad(Meaning.NOT_INTEGER, "decimal", """
        een {n},5 | ik geef {n},5 | ik geef een {n}.5 | {n},5 van mij | {n},5, {comment} | score: {n},5
    """, figures.TENTHS, weight=2),
    Bad(Meaning.NOT_INTEGER, "half-words", """
        {n} en een half | {n} en half | een {n} en half | een {n} en een half | ik geef {n} en een half
    """, figures.HALVES),
    Bad(Meaning.NOT_INTEGER, "half-spelled", """
        {w} en een half | {w} en half | een {w} en een half | {W} en een half! | ik geef {w} en een half
    """, figures.WORD_HALVES),
    Bad(Meaning.NOT_INTEGER, "half-compound", "{w}eneenhalf | een {w}eneenhalf", figures.LONG_HALVES),
    Bad(Meaning.NOT_INTEGER, "point-spelled", """
        {w} komma vijf | {n} komma vijf | {n} komma 5
    """, figures.WORD_HALVES),
    Bad(Meaning.OUT_OF_RANGE, "off-the-scale-words", """
        een {n} | ik geef een {n} | jullie krijgen een {n} | score: {n} | {n}, {comment} | {n} van mij
        voor mij {n}
    """, figures.OFF, weight=2),
    Bad(Meaning.OUT_OF_RANGE, "hundred-words", """
        honderd | Honderd! | ik geef een 100 | een dikke 100 | duizend
    """),
    Bad(Meaning.OUT_OF_RANGE, "off-spelled", "{w} | {W}! | {WW}", figures.OFF_WORDS, native=True),
    Bad(Meaning.OUT_OF_RANGE, "off-spelled", """
        een {w} | ik geef een {w} | jullie krijgen een {w}
    """, figures.OFF_WORDS),
    Bad(Meaning.OUT_OF_RANGE, "over-ten-words", "{n} op 10 | een {n} op 10 | {n} op tien!", figures.OVER_TEN),
    Bad(Meaning.OUT_OF_RANGE, "over-ten-words", "{w} op tien | {w} op 10", figures.OVER_TEN_WORDS),
    Bad(Meaning.OUT_OF_RANGE, "negative-words", """
        score -{n} | score: -{n} | score:-{n} | ik geef -{n}
    """, figures.BELOW_ZERO),
    Bad(Meaning.NO_SCORE, "praise", """
        super service | heel tevreden | {comment} | {Comment}! | goe bezig | alles in orde | top!
        {comment} {emoji}
        niks op aan te merken | {Comment}. {Comment}. | heel vriendelijk
    """, weight=4),
    Bad(Meaning.NO_SCORE, "thanks-only", """
        bedankt | Merci! | dank u wel | {thanks} | {Thanks}! | {hi}, {thanks} | merci hè, {name}
    """, weight=2),
    Bad(Meaning.NO_SCORE, "complaint", """
        het trekt op niks | {Comment}, ik bel nog | nooit meer | wat een klucht | de factuur klopt weer niet
        ik wil mijn geld terug | jullie internet ligt plat | waardeloos
    """, weight=2),
    Bad(Meaning.NO_SCORE, "okay", """
        ok | oké | Ok. | okido | ja | nee | in orde | goed | ok merci | bwa | neen
    """, weight=3),
    Bad(Meaning.NO_SCORE, "who-is-this", """
        wie is dit? | Wie zijt gij? | met wie spreek ik? | Van wie komt dit? | ken ik u?
    """, weight=2),
    Bad(Meaning.NO_SCORE, "wrong-number", """
        verkeerd nummer | U hebt het verkeerde nummer | dit is niet voor mij | ik ben geen klant bij jullie
        foutief nummer denk ik
    """),
    Bad(Meaning.NO_SCORE, "question-back", """
        wat bedoelt u? | waarover gaat dit? | Kost dit iets? | is dit spam? | hoe werkt dit?
        Welke aankoop juist?
        mag ik ook via mail antwoorden?
    """),
    Bad(Meaning.NO_SCORE, "question-about-number", """
        is {n} goed of slecht? | wat betekent een {n}? | is een {n} slecht? | Is {n} het beste?
    """, figures.ANY),
    Bad(Meaning.NO_SCORE, "request", """
        Kan er mij iemand opbellen over die levering? | bel mij terug aub | wanneer komt mijn pakje? | hallo?
        Stuur mij de factuur eens door | Wat zijn jullie openingsuren?
    """),
    Bad(Meaning.NO_SCORE, "negated", """
        zeker geen {n} | geen {n} | geen {n} in elk geval | dat is geen {n} waard | geen {n}, {comment}
    """, figures.ANY),
    Bad(Meaning.NO_SCORE, "full-marks", """
        het maximum | de volle pot | alle punten | het hoogste cijfer | topscore! | het slechtste cijfer
    """),
    Bad(Meaning.NO_SCORE, "scale-only", """
        waarom 0-10 en niet gewoon ja of nee | hoezo van 0 tot 10? | ik snap dat 0 tot 10 niet
        wat is dat, van 0 tot 10?
    """),
    Bad(Meaning.NO_SCORE, "five-star-service", """
        een vijfsterrenservice | echte vijfsterrenbediening | Vijfsterrenservice!
    """),
    Bad(Meaning.NO_SCORE, "stop-in-a-story", """
        stop met die berichten | kunnen jullie daar eens mee stoppen? | ik wil mij uitschrijven maar hoe?
        stop daarmee of ik bel de ombudsman
    """),
    Bad(Meaning.NO_SCORE, "question-and-no-answer", """
        > {question}{br}wie is dit? | "{question}" wat een vraag | {question}{br}geen idee
    """),
    Bad(Meaning.NO_SCORE, "automatic-notice", """
        Ik ben momenteel niet bereikbaar. | Ik zit in een vergadering, ik bel u later terug.
        Automatisch antwoord: afwezig wegens verlof. | Ik rijd met de wagen en antwoord later.
    """),
    *bad_rows(CLAUSES),
)  # fmt: skip
