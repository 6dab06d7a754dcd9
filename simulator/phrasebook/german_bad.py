"""Bad replies in German, by verdict and phenomenon (`answers.md`, "Verdicts" and clauses 4 to 10)."""

from simulator.phrasebook import figures
from simulator.phrasebook.german import CLAUSES
from simulator.phrasebook.passing import bad_rows
from simulator.phrasebook.phrase import Meaning
from simulator.phrasebook.template import Bad

BAD = (
    Bad(Meaning.OPT_OUT, "stop-polite", """
        STOP bitte | stopp bitte | Stopp danke | STOP, danke | stop bitte! | Stop bitte | Bitte STOP
    """, weight=2),
    Bad(Meaning.OPT_OUT, "stop-other-keyword", """
        STOPP | stopp | Stopp! | ABMELDEN | abmelden | Abmelden bitte | Abmelden! | abmelden, danke
    """),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} von 20 | {n} auf 20 | {n} von zwanzig | eine {n} von 20 | ich gebe {n} von 20
        {n} von 20, {comment}
    """, figures.TWENTIETHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} von 5 | eine {n} von 5 | {n} von 5, {comment}
    """, figures.FIFTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} von 100 | {n} von hundert | ich gebe {n} von 100
    """,
        figures.HUNDREDTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-spelled", """
        {w} von fünf | eine {W} von fünf | {W} von fünf!
    """,
        figures.WORD_FIFTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-spelled", """
        {w} von zwanzig | {w} auf zwanzig
    """, figures.WORD_TWENTIETHS),
    Bad(Meaning.OTHER_SCALE, "percent-words", "{n} Prozent | {n} Prozent! | {n} prozent", figures.PERCENTS),
    Bad(Meaning.OTHER_SCALE, "percent-words", "{w} Prozent | {W} Prozent", figures.WORD_PERCENTS),
    Bad(Meaning.OTHER_SCALE, "star-words", """
        {n} Sterne | {w} Sterne | {n} Sterne! | ich gebe {n} Sterne | {n} Sterne von mir | {W} Sterne!
    """, figures.STARS),
    Bad(Meaning.OTHER_SCALE, "stars-on-five", """
        {n} Sterne von 5 | {n} von 5 Sternen | {w} Sterne von fünf
    """,
        figures.STARS),
    Bad(Meaning.AMBIGUOUS, "two-scores", """
        {n} oder {m} | eine {n} oder eine {m} | entweder {n} oder {m} | {n} oder doch {m} | {n} und {m}
        {n} Tendenz {m}
    """, figures.NEIGHBOURS, weight=3),
    Bad(Meaning.AMBIGUOUS, "between", """
        zwischen {n} und {m} | zwischen einer {n} und einer {m} | irgendwo zwischen {n} und {m} | {n} bis {m}
    """, figures.NEIGHBOURS),
    Bad(Meaning.AMBIGUOUS, "bound", """
        mindestens {n} | mindestens eine {n} | höchstens eine {n} | mehr als {n} | weniger als {n}
        maximal eine {n} | wenigstens eine {n} | mehr als eine {n}
    """, figures.BOUNDS),
    Bad(Meaning.AMBIGUOUS, "near-miss", """
        fast {n} | fast eine {n} | beinahe eine {n} | fast eine {n}, {comment}
    """, figures.ALMOST),
    Bad(Meaning.AMBIGUOUS, "correction", """
        {n} äh nein {m} | {n}, sorry {m} | {n}... Moment, {m} | {n}, ich meine {m} | ups, {n} soll {m} sein
        {n} ach nein, {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "condition", """
        {n}, {m} wenn ihr schneller liefert | {n}, aber {m} wenn der Preis sinkt
        jetzt eine {n}, mit besserem Service eine {m}
    """, figures.NEIGHBOURS),
    Bad(Meaning.AMBIGUOUS, "comparison", """
        letztes Mal {n}, jetzt {m} | früher eine {n}, heute eine {m} | mein Mann sagt {n}, ich sage {m}
        bei der Konkurrenz eine {n}, bei euch eine {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "per-aspect", """
        Essen {n}, Bedienung {m} | {n} für die Bedienung, {m} für das Essen | Laden: {n}, Webseite: {m}
        {n} für die Lieferung aber {m} für den Preis | das Essen eine {n}, der Service eine {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "two-spelled", """
        {w} oder {v} | eine {W} oder eine {V} | zwischen {w} und {v} | {W} oder {v} | {w} bis {v}
    """, figures.NEIGHBOURS),
    Bad(Meaning.NOT_INTEGER, "decimal", """
        eine {n},5 | ich gebe eine {n},5 | {n},5 von mir | {n},5, {comment} | Wertung: {n},5 | {n}.5 danke
    """, figures.TENTHS, weight=2),
    Bad(Meaning.NOT_INTEGER, "half-words", """
        {n} und ein halb | {n} einhalb | {n} und ein halb von mir
    """, figures.HALVES),
    Bad(Meaning.NOT_INTEGER, "half-spelled", """
        {w} und ein halb | {w} einhalb | {W} und ein halb!
    """,
        figures.WORD_HALVES),
    Bad(Meaning.NOT_INTEGER, "half-compound", """
        {w}einhalb | {W}einhalb! | ich gebe {w}einhalb | {w}einhalb, {comment}
    """, figures.WORD_HALVES),
    Bad(Meaning.NOT_INTEGER, "point-spelled", """
        {w} Komma fünf | {n} Komma fünf | {n} Komma 5
    """, figures.WORD_HALVES),
    Bad(Meaning.OUT_OF_RANGE, "off-the-scale-words", """
        eine {n} | ich gebe eine {n} | ihr bekommt eine {n} | Wertung: {n} | {n}, {comment} | {n} von mir
        {n} Punkte
    """, figures.OFF, weight=2),
    Bad(Meaning.OUT_OF_RANGE, "hundred-words", """
        hundert | Hundert! | ich gebe 100 | eine glatte 100 | tausend
    """),
    Bad(Meaning.OUT_OF_RANGE, "off-spelled", "{w} | {W}! | {WW}", figures.OFF_WORDS, native=True),
    Bad(Meaning.OUT_OF_RANGE, "off-spelled", """
        eine {W} | ich gebe eine {W} | Wertung: {w}
    """, figures.OFF_WORDS),
    Bad(Meaning.OUT_OF_RANGE, "over-ten-words", """
        {n} von 10 | eine {n} von 10 | {n} von zehn!
    """, figures.OVER_TEN),
    Bad(Meaning.OUT_OF_RANGE, "over-ten-words", "{w} von zehn | {w} von 10", figures.OVER_TEN_WORDS),
    Bad(Meaning.OUT_OF_RANGE, "negative-words", """
        Wertung -{n} | Wertung: -{n} | ich gebe -{n} | score:-{n}
    """,
        figures.BELOW_ZERO),
    Bad(Meaning.NO_SCORE, "praise", """
        super Service | sehr zufrieden | {comment} | {Comment}! | weiter so | spitze! | alles gut
        {comment} {emoji}
        {Comment}. {Comment}. | nichts zu meckern | sehr nett
    """, weight=4),
    Bad(Meaning.NO_SCORE, "thanks-only", """
        danke | Danke! | vielen Dank | {thanks} | {Thanks}! | {hi}, {thanks} | danke euch, {name}
    """, weight=2),
    Bad(Meaning.NO_SCORE, "complaint", """
        unmöglich | nie wieder | {Comment}, ich rufe noch an | ich will mein Geld zurück
        was für ein Saftladen
        die Rechnung ist schon wieder falsch | das Netz ist weg
    """, weight=2),
    Bad(Meaning.NO_SCORE, "okay", """
        ok | okay | ja | nein | in Ordnung | gut | Ok danke | passt | joo | nö
    """, weight=3),
    Bad(Meaning.NO_SCORE, "who-is-this", """
        wer ist da? | Wer sind Sie? | wer schreibt mir da? | kennen wir uns? | von wem kommt das?
    """, weight=2),
    Bad(Meaning.NO_SCORE, "wrong-number", """
        falsche Nummer | Sie haben die falsche Nummer | das ist nicht für mich | ich bin kein Kunde von euch
        falsch verbunden
    """),
    Bad(Meaning.NO_SCORE, "question-back", """
        worum geht es? | Kostet das was? | ist das Spam? | wie geht das? | Welche Bestellung genau?
        kann ich auch per Mail antworten?
    """),
    Bad(Meaning.NO_SCORE, "question-about-number", """
        ist {n} gut oder schlecht? | was bedeutet eine {n}? | ist eine {n} schlecht? | Ist {n} das Beste?
    """, figures.ANY),
    Bad(Meaning.NO_SCORE, "request", """
        Bitte rufen Sie mich zurück | ruft mich bitte an | wann kommt mein Paket? | schickt mir die Rechnung
        Wie sind eure Öffnungszeiten? | hallo?
    """),
    Bad(Meaning.NO_SCORE, "negated", """
        keine {n} | sicher keine {n} | das ist keine {n} | das wird keine {n} | bestimmt keine {n}, {comment}
    """, figures.ANY),
    Bad(Meaning.NO_SCORE, "full-marks", """
        das Maximum | volle Punktzahl | alle Punkte | die beste Note | Bestnote! | die schlechteste Note
    """),
    Bad(Meaning.NO_SCORE, "scale-only", """
        wieso von 0 bis 10? | ich verstehe das 0 bis 10 nicht | was soll 0-10? | von 0 bis 10, aber was?
    """),
    Bad(Meaning.NO_SCORE, "five-star-service", """
        ein Fünf-Sterne-Service | echter Fünf-Sterne-Service | Fünf-Sterne-Service!
    """),
    Bad(Meaning.NO_SCORE, "stop-in-a-story", """
        hört auf mit diesen Nachrichten | wie kann ich mich abmelden? | stopp mit dem Unsinn
        stoppt das endlich
        abmelden klappt hier nie
    """),
    Bad(Meaning.NO_SCORE, "question-and-no-answer", """
        > {question}{br}wer ist da? | „{question}“ was für Fragen | {question}{br}keine Ahnung
    """),
    Bad(Meaning.NO_SCORE, "automatic-notice", """
        Ich bin zurzeit nicht erreichbar. | Ich bin in einer Sitzung und rufe zurück. | Ich fahre gerade Auto.
        Automatische Antwort: im Urlaub.
    """),
    *bad_rows(CLAUSES),
)  # fmt: skip
