"""Good replies in German, by habit and phenomenon (`answers.md`, clauses 1 to 7)."""

from simulator.phrasebook.german import CLAUSES, FRAMES
from simulator.phrasebook.passing import good_rows
from simulator.phrasebook.template import Good

FROM_TWO = tuple(range(2, 11))
FROM_SIX = tuple(range(6, 11))
BELOW_SIX = tuple(range(6))
NOT_ONE = (0, *FROM_TWO)
NOT_THREE = (0, 1, 2, *range(4, 11))  # `:3` is also a face
GIVEN = (2, 3, 4, 5, 6, 7, 9, 10)  # `acht geben` is to pay attention

GOOD = (
    Good("words", "number-and-words", """
        Ich gebe eine {n} | Ich gebe euch eine {n} | Ihr bekommt eine {n} | Von mir gibt es eine {n}
        von uns eine {n} | Meine Wertung: {n} | meine Antwort ist {n} | eine {n} von mir | für mich eine {n}
        {n}, {comment} | {comment}, {n} | {Comment}: {n} | {Comment}. {n} | {n}! {Comment}! | {n} also
        {hi}, eine {n}. {Comment}. | {Comment}, also {n} | das ist eine {n} | {Comment} - {n}
        {n}, {comment}, {bye} | {Comment}, ich gebe eine {n} | Sie bekommen eine {n} | ich sage {n}
    """, weight=2),
    Good("words", "thanks", """
        {n} danke | {n} {thanks} | {n}, {thanks} | {n}. {Thanks}! | {Thanks}, {n} | {hi}, {n}. {Thanks}.
        {Thanks}! {n} | eine {n}, {thanks} | {n} und {thanks} | {n}, {comment}. {Thanks}!
    """),
    Good("words", "signed", """
        {n}{br}{name} | {n}, liebe Grüße {name} | {hi}, von uns eine {n}, Grüße aus {place}
        {hi}, eine {n}. MfG, {name} | Eine {n} von {name} aus {place} | {n}, {comment}{br}{bye}{br}{name}
    """),
    Good("words", "score-word", """
        Wertung {n} | Wertung: {n} | Ergebnis: {n} | Antwort: {n} | Punkte: {n} | Score {n}
    """),
    Good("words", "score-word", "Wertung:{n} | Score:{n} | score:{n}!", NOT_THREE),
    Good("words", "hyphened-word", "Wertung-{n} | Score-{n}! | score-{n} | Antwort-{n}"),
    Good("words", "glued-score-word", "score{n} | Score{n}! | Wertung{n}"),
    Good("words", "glued-after", "{n}danke | {n}super | {n}merci | {n}prima! | {n}danke!"),
    Good("words", "points", """
        {n} Punkte | {n} Punkte von mir | ich gebe {n} Punkte | {n} Punkte von 10
    """, NOT_ONE),
    Good("words", "many-stars", "{n} Sterne | {n} Sterne verdient | {n} ⭐ | {n} Sterne! {thanks}", FROM_SIX),
    Good("words", "kisses", "{n} xxx | {n}, liebe Grüße xx | {n} x | {n}, Küsschen xxx", FROM_SIX),
    Good("words", "upper-case", """
        EINE {n} | ICH GEBE EINE {n} | {COMMENT}, {n} | {COMMENT}!!! {n}!!! | {n}, {COMMENT} | IHR BEKOMMT {n}
    """),
    Good("words", "accents-missing", """
        schone Beratung, {n} | eine {n} fur euch | grosses Lob, {n} | fur mich eine {n} | sehr hoflich, {n}
    """),
    Good("words", "decomposed-accents", """
        scho\u0308ne Beratung, {n} | fu\u0308r mich eine {n} | sehr ho\u0308flich: {n}
    """),
    Good("words", "negated-then-score", """
        keine {m}, sondern eine {n} | keine {m}, aber eine {n} | keine {m}, eher eine {n}
        nein keine {m}, {n}
        sicher keine {m}, eine {n} | keine {m}, ich gebe eine {n}
    """),
    Good("words", "negation-elsewhere", """
        kein Grund zur Klage, {n} | keine Probleme, {n} | nichts zu meckern, {n} | nie Ärger gehabt, {n}
        {n}, keine Beschwerden | nichts auszusetzen. {n} | nicht lange gewartet, {n}
    """),
    Good("words", "hedge", """
        vielleicht eine {n} | {n}? | ich denke {n} | etwa {n} | ungefähr {n} | sagen wir {n} | wohl eine {n}
        eine {n} würde ich sagen | na ja, {n} | ca. {n} | ich glaube {n} | hm, eine {n}
    """),
    Good("words", "stop-in-sentence", """
        {n} aber hört auf mit den SMS | {n}, und schreibt mir bitte nicht mehr
        {n} und jetzt stopp mit dem Spam
        ich gebe {n} und möchte mich abmelden
    """),
    Good("scale", "scale-words", """
        {n} von 10 | {n} auf 10 | eine {n} von 10 | {n} von zehn | ich gebe {n} von 10 | {n} von 10, {comment}
        {Comment}, {n} von 10 | {n} von 10! | {hi}, {n} von 10 von mir | {n} auf 10, {thanks}
    """, weight=2),
    Good("scale", "scale-quoted", """
        Von 0 bis 10 gebe ich eine {n} | auf einer Skala von 0 bis 10: {n} | von 0 bis 10: {n}
        {n} (von 0 bis 10) | Skala 0-10: {n} | von 1 bis 10 eine {n} | Auf der Skala von 0 bis 10 eine {n}
    """),
    Good("spelled", "scale-spelled", """
        {w} von zehn | {w} von 10 | {w} auf 10 | {W} von zehn! | eine {W} von zehn | {w} von zehn, {comment}
    """, FROM_TWO),
    Good("spelled", "spelled-alone", "{w} | {W} | {W}! | {w}. | {WW} | „{W}“ | {W}...", FROM_TWO, weight=4),
    Good("spelled", "spelled-in-sentence", """
        eine {W} | ich gebe eine {W} | ihr bekommt eine {W} | für mich eine {W} | Wertung: {w}
        {w}, {comment}
        {Comment}: eine {W} | {w}, {thanks} | {W} Punkte | eine glatte {W} | von mir eine {W}, {comment}
        meine Antwort: {w} | das ist eine {W}
    """, FROM_TWO, weight=2),
    Good("spelled", "spelled-in-sentence", """
        ich gebe {w} Punkte | wir geben {w} Punkte | ich gebe {w}
    """, GIVEN),
    Good("spelled", "word-for-one", """
        eins | Eins | EINS | eins! | eine Eins | eins von zehn | eins von 10 | ich gebe eine Eins
        Wertung: eins
        leider eins | Ihr bekommt eine Eins | eins, {comment}
    """, (1,)),
    Good("spelled", "word-for-zero", "null | Null | NULL! | null.", (0,), native=True),
    Good("spelled", "word-for-zero", """
        ich gebe eine Null | null Punkte von mir | null von zehn | null von 10 | Ihr bekommt eine Null
        ich gebe null Punkte | von mir bekommt ihr null Punkte
    """, (0,)),
    Good("flourish", "flourish", """
        eine glatte {n} | na klar, eine {n} | eine ehrliche {n} | {n}, und fertig | {n}, ganz klar
        {n} und basta
        ganz ehrlich: {n} | tja, {n} | {comment} halt, {n} | joo, eine {n} | ei jo, {n} | gell, {n}
        da sag ich {n}
        ich mach's kurz: {n} | {n} und gut ist | so, {n} | jo, {n} von mir
    """),
    Good("flourish", "flourish", """
        eine satte {n} | eine dicke {n} | passt, {n} | tiptop, {n} | Hut ab, {n}
        da gibt's nix zu meckern, {n}
        sauber, {n} | jut jemacht, {n} | flott bedient, {n} | eine wohlverdiente {n} | alles klar, {n}
    """, FROM_SIX),
    Good("flourish", "flourish", """
        schade, {n} | voll daneben, {n} | oje, eine {n} | du liebe Zeit, {n} | puh, {n} | peinlich, {n}
    """, BELOW_SIX),
    Good("typist", "typos", """
        {n} dnake | {n} vieln Dank | ich geb eine {n} | {slip}, {n} | {n}, {slip} | Srevice ok, {n}
        meine Wertugn: {n} | eien {n} von mir | freundlihc bedient, {n} | {slip}. {n}! | Ich gbee eine {n}
    """),
    Good("repeater", "number-repeated", """
        {n}, ja eine {n} | {n}! Ja, {n}! | eine {n}, eine echte {n} | {n} also {n}
    """),
    Good("repeater", "digit-and-word", """
        {n} ({w}) | {w}, also {n} | {W}, ja {n} | {n}, eine {W} also | {w} {n} | {n}! {W}!
    """, FROM_TWO),
    Good("chatty", "rambling", (
        "{hi}, ich bin hier schon seit Jahren Kunde und wollte das doch mal loswerden: {comment}, "
        "{comment}. Alles zusammen gebe ich euch eine {n}. {Comment}, aber das wisst ihr ja selbst. "
        "{Thanks}, {bye}",
        "{Comment}, und dann noch das: {comment}. Ich habe um 9 Uhr angerufen und nach 20 Minuten Warten "
        "war jemand dran. Das war das 2. Mal. Meine Wertung: {n}. {bye}, {name}",
        "{hi}! Ihr fragt, also antworte ich: {n}. {Comment}. {Comment}. Sagt es ruhig euren Kollegen "
        "weiter, so wie es da steht. Mein Sohn ist 7 Jahre alt und sieht das genauso. Grüße aus {place}, "
        "{name}",
        "Ich habe im Zug nach {place} lange und gründlich darüber nachgedacht. {Comment}. {Comment}. "
        "{Comment}. Darum bekommt ihr von mir eine {n} und nichts anderes, egal was mein Nachbar sagt. "
        "{Thanks}!",
    )),
    *good_rows(FRAMES, CLAUSES),
)  # fmt: skip
