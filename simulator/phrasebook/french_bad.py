"""Bad replies in French, by verdict and phenomenon (`answers.md`, "Verdicts" and clauses 4 to 10)."""

from simulator.phrasebook import figures
from simulator.phrasebook.french import CLAUSES
from simulator.phrasebook.passing import bad_rows
from simulator.phrasebook.phrase import Meaning
from simulator.phrasebook.template import Bad

BAD = (
    Bad(Meaning.OPT_OUT, "stop-polite", """
        STOP svp | stop s'il vous plaît | stop s.v.p. | Stop merci | stop, merci | STOP svp !
        stop s'il vous plait
    """, weight=2),
    Bad(Meaning.OPT_OUT, "stop-other-keyword", """
        ARRET | ARRÊT | arrêt | arret | Arrêt svp | ARRETER | ARRÊTER | arrêter | DESABONNER | désabonner
        Désabonner svp | DESINSCRIPTION | désinscription | Désinscription merci | arrêter svp !
    """),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} sur 20 | {n} sur vingt | un {n} sur 20 | je mets {n} sur 20 | {n} sur 20 pour moi
        {n} sur 20, {comment}
    """, figures.TWENTIETHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} sur 5 | un {n} sur 5 | {n} sur 5, {comment}
    """, figures.FIFTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-words", """
        {n} sur 100 | {n} sur cent | je mets {n} sur 100
    """,
        figures.HUNDREDTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-spelled", """
        {w} sur cinq | un {w} sur cinq | {W} sur cinq !
    """,
        figures.WORD_FIFTHS),
    Bad(Meaning.OTHER_SCALE, "other-scale-spelled", """
        {w} sur vingt | un {w} sur vingt
    """, figures.WORD_TWENTIETHS),
    Bad(Meaning.OTHER_SCALE, "percent-words", """
        {n} pour cent | {n} pour cent ! | {n} pourcents
    """, figures.PERCENTS),
    Bad(Meaning.OTHER_SCALE, "percent-words", "{w} pour cent | {W} pour cent", figures.WORD_PERCENTS),
    Bad(Meaning.OTHER_SCALE, "star-words", """
        {n} étoiles | {w} étoiles | {n} étoiles ! | je mets {n} étoiles | {n} étoiles pour vous
        {W} étoiles !
    """, figures.STARS),
    Bad(Meaning.OTHER_SCALE, "stars-on-five", """
        {n} étoiles sur 5 | {n} étoiles sur cinq | {w} étoiles sur 5
    """,
        figures.STARS),
    Bad(Meaning.AMBIGUOUS, "two-scores", """
        {n} ou {m} | un {n} ou un {m} | soit {n} soit {m} | {n} voire {m} | j'hésite entre {n} et {m}
        {n} et {m}
    """, figures.NEIGHBOURS, weight=3),
    Bad(Meaning.AMBIGUOUS, "between", """
        entre {n} et {m} | entre un {n} et un {m} | {n} à {m} | quelque part entre {n} et {m}
        {n} à {m} je pense
    """, figures.NEIGHBOURS),
    Bad(Meaning.AMBIGUOUS, "bound", """
        au moins {n} | au moins un {n} | minimum {n} | maximum {n} | plus de {n} | moins de {n}
        au maximum un {n}
        tout au plus un {n}
    """, figures.BOUNDS),
    Bad(Meaning.AMBIGUOUS, "near-miss", """
        presque {n} | presque un {n} | quasi un {n} | presque un {n}, {comment}
    """, figures.ALMOST),
    Bad(Meaning.AMBIGUOUS, "correction", """
        {n} euh non {m} | {n}, pardon {m} | {n}... attendez, {m} | {n}, enfin {m} | oups, {n} c'était {m}
        {n} ah non, {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "condition", """
        {n}, {m} si vous livrez plus vite | {n} mais {m} si le prix baisse
        un {n}, ce serait un {m} avec un meilleur accueil
    """, figures.NEIGHBOURS),
    Bad(Meaning.AMBIGUOUS, "comparison", """
        la dernière fois {n}, maintenant {m} | avant {n}, aujourd'hui {m} | mon mari dit {n}, moi {m}
        chez le concurrent un {n}, chez vous un {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "per-aspect", """
        accueil {n}, prix {m} | {n} pour l'accueil, {m} pour le prix | magasin : {n}, site : {m}
        {n} pour le livreur mais {m} pour le colis | le repas un {n}, le service un {m}
    """, figures.PAIRS),
    Bad(Meaning.AMBIGUOUS, "two-spelled", """
        {w} ou {v} | un {w} ou un {v} | entre {w} et {v} | {W} ou {v} | soit {w} soit {v}
    """, figures.NEIGHBOURS),
    Bad(Meaning.NOT_INTEGER, "decimal", """
        je mets {n},5 | un {n},5 | {n},5 pour moi | {n},5, {comment} | note : {n},5 | {n}.5 merci
    """, figures.TENTHS, weight=2),
    Bad(Meaning.NOT_INTEGER, "half-words", """
        {n} et demi | un {n} et demi | je mets {n} et demi | {n} et demi !
    """, figures.HALVES),
    Bad(Meaning.NOT_INTEGER, "half-spelled", """
        {w} et demi | un {w} et demi | {W} et demi ! | je mets {w} et demi | {w} et demi, {comment}
    """, figures.WORD_HALVES),
    Bad(Meaning.NOT_INTEGER, "point-spelled", """
        {w} virgule cinq | {n} virgule cinq | {n} virgule 5
    """,
        figures.WORD_HALVES),
    Bad(Meaning.OUT_OF_RANGE, "off-the-scale-words", """
        un {n} | je mets {n} | je mets un {n} | note : {n} | {n}, {comment} | {n} pour moi | ce sera {n}
    """, figures.OFF, weight=2),
    Bad(Meaning.OUT_OF_RANGE, "hundred-words", """
        je mets 100 | un gros 100 | je mets cent | cent sur dix
    """),
    Bad(Meaning.OUT_OF_RANGE, "hundred-words", "cent | Cent ! | mille", native=True),
    Bad(Meaning.OUT_OF_RANGE, "off-spelled", "{w} | {W} ! | {WW}", figures.OFF_WORDS, native=True),
    Bad(Meaning.OUT_OF_RANGE, "off-spelled", "je mets {w} | je mets un {w} | note : {w}", figures.OFF_WORDS),
    Bad(Meaning.OUT_OF_RANGE, "over-ten-words", """
        {n} sur 10 | {n} sur dix ! | je mets {n} sur 10
    """, figures.OVER_TEN),
    Bad(Meaning.OUT_OF_RANGE, "over-ten-words", "{w} sur dix | {w} sur 10", figures.OVER_TEN_WORDS),
    Bad(Meaning.OUT_OF_RANGE, "negative-words", """
        note -{n} | note : -{n} | je mets -{n} | score:-{n}
    """,
        figures.BELOW_ZERO),
    Bad(Meaning.NO_SCORE, "praise", """
        super service | c'est parfait | {comment} | {Comment} ! | au top ! | nickel | tout va bien
        {comment} {emoji}
        {Comment}. {Comment}. | rien à signaler | bravo
    """, weight=4),
    Bad(Meaning.NO_SCORE, "thanks-only", """
        merci | Merci ! | merci beaucoup | {thanks} | {Thanks} ! | {hi}, {thanks} | merci hein, {name}
    """, weight=2),
    Bad(Meaning.NO_SCORE, "complaint", """
        c'est nul | c'est vraiment nul | vous êtes nuls | plus jamais
        {Comment}, je vais rappeler | remboursez-moi
        la facture est encore fausse | lamentable
    """, weight=2),
    Bad(Meaning.NO_SCORE, "complaint", "nul | Nul ! | NUL | service nul", native=True),
    Bad(Meaning.NO_SCORE, "okay", """
        ok | d'accord | oui | non | ça va | Ok merci | bien | bof | okay | mouais
    """, weight=3),
    Bad(Meaning.NO_SCORE, "who-is-this", """
        c'est qui ? | Qui êtes-vous ? | qui est-ce ? | on se connaît ? | c'est de la part de qui ?
    """, weight=2),
    Bad(Meaning.NO_SCORE, "wrong-number", """
        mauvais numéro | vous vous trompez de numéro | ce n'est pas pour moi | je ne suis pas client chez vous
        erreur de numéro je pense
    """),
    Bad(Meaning.NO_SCORE, "question-back", """
        c'est pour quoi ? | c'est payant ? | c'est une arnaque ? | comment ça marche ?
        Quelle commande exactement ?
        je peux répondre par mail ?
    """),
    Bad(Meaning.NO_SCORE, "question-about-number", """
        est-ce que {n} c'est bon ou mauvais ? | ça veut dire quoi un {n} ? | un {n}, c'est bon ou mauvais ?
        c'est {n} le meilleur ?
    """, figures.ANY),
    Bad(Meaning.NO_SCORE, "request", """
        Pouvez-vous me rappeler ? | rappelez-moi svp | il arrive quand mon colis ? | envoyez-moi la facture
        Vos heures d'ouverture ? | allô ?
    """),
    Bad(Meaning.NO_SCORE, "negated", """
        pas un {n} | certainement pas un {n} | pas {n} | ce n'est pas un {n} | ça ne vaut pas un {n}
        pas un {n}, {comment}
    """, figures.ANY),
    Bad(Meaning.NO_SCORE, "full-marks", """
        le maximum | la note maximale | tous les points | la meilleure note | la pire note | le max !
    """),
    Bad(Meaning.NO_SCORE, "scale-only", """
        pourquoi de 0 à 10 ? | je comprends pas le 0 à 10 | c'est quoi ce 0-10 ? | de 0 à 10, mais quoi ?
    """),
    Bad(Meaning.NO_SCORE, "stop-in-a-story", """
        arrêtez avec vos messages | stop à ces sondages | comment je me désabonne ? | stop aux sms le dimanche
        je voudrais me désabonner, comment faire ?
    """),
    Bad(Meaning.NO_SCORE, "question-and-no-answer", """
        > {question}{br}c'est qui ? | « {question} » quelle question | {question}{br}aucune idée
    """),
    Bad(Meaning.NO_SCORE, "automatic-notice", """
        Je suis absent pour le moment. | Je suis en réunion, je vous rappelle.
        Je conduis et je réponds plus tard.
        Réponse automatique : en congé jusque lundi.
    """),
    *bad_rows(CLAUSES),
)  # fmt: skip
