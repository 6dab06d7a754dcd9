"""Good replies in French, by habit and phenomenon (`answers.md`, clauses 1 to 7)."""

from simulator.phrasebook.french import CLAUSES, FRAMES
from simulator.phrasebook.passing import good_rows
from simulator.phrasebook.template import Good

FROM_TWO = tuple(range(2, 11))
FROM_SIX = tuple(range(6, 11))
BELOW_SIX = tuple(range(6))
NOT_ONE = (0, *FROM_TWO)
NOT_THREE = (0, 1, 2, *range(4, 11))  # `:3` is also a face
NOT_NINE = (2, 3, 4, 5, 6, 7, 8, 10)  # `neuf` near a noun may be *new*

GOOD = (
    Good("words", "number-and-words", """
        Je mets {n} | je mets un {n} | Je donne un {n} | je vous donne {n} | Pour moi c'est {n}
        Pour nous un {n} | ma note est {n} | ce sera {n} | un {n} pour vous | {n} pour moi
        vous méritez un {n} | {n}, {comment} | {comment}, {n} | {Comment}. {n} | {Comment} : {n}
        {Comment}, je mets {n} | {n} ! {Comment} ! | {hi}, un {n}. {Comment}. | {n} donc
        {n}, {comment}, {bye} | {Comment} - {n} | vous avez un {n} | c'est un {n} | je coterais {n}
    """, weight=2),
    Good("words", "thanks", """
        {n} merci | {n}, {thanks} | {n}. {Thanks} ! | {Thanks}, {n} | {hi}, {n}. {Thanks}. | {Thanks} ! {n}
        un {n}, {thanks} | {n} et {thanks} | {n}, {comment}. {Thanks} !
    """),
    Good("words", "signed", """
        {n}{br}{name} | {n}, bien à vous, {name} | {hi}, pour nous un {n}, bonjour de {place}
        {hi}, un {n}. {name} | Un {n} de {name}, {place} | {n}, {comment}{br}{bye}{br}{name}
    """),
    Good("words", "score-word", """
        note {n} | note : {n} | Note : {n} | score {n} | réponse : {n} | ma cote : {n}
    """),
    Good("words", "score-word", "Note:{n} | note:{n} ! | score:{n}", NOT_THREE),
    Good("words", "hyphened-word", "note-{n} | Note-{n} ! | score-{n} | réponse-{n}"),
    Good("words", "glued-score-word", "note{n} | Note{n} ! | score{n}"),
    Good("words", "glued-after", "{n}merci | {n}bravo | {n}super | {n}merci ! | {n}parfait"),
    Good("words", "points", """
        {n} points | {n} points pour vous | je mets {n} points | {n} points sur 10
    """, NOT_ONE),
    Good("words", "many-stars", """
        {n} étoiles | {n} étoiles méritées | {n} ⭐ | {n} étoiles, {comment}
    """, FROM_SIX),
    Good("words", "kisses", "{n} xxx | {n}, bisous xx | {n} x | {n}, gros bisous xxx", FROM_SIX),
    Good("words", "upper-case", """
        UN GRAND {n} | JE METS {n} | {COMMENT}, {n} | {COMMENT} !!! {n} !!! | {n}, {COMMENT}
        POUR MOI C'EST {n}
    """),
    Good("words", "accents-missing", """
        tres satisfait, {n} | service tres rapide : {n} | bien recu, {n} | reparation rapide, je mets {n}
        deja recommande a mes collegues, {n}
    """),
    Good("words", "decomposed-accents", """
        tre\u0300s bien rec\u0327u, {n} | livraison re\u0301ussie, {n} | je suis de\u0301c\u0327ue, {n}
    """),
    Good("words", "negated-then-score", """
        pas un {m}, plutôt un {n} | pas {m} mais {n} | pas un {m} mais un {n}
        ce n'est pas un {m}, je mets {n}
        certainement pas un {m}, juste un {n} | non pas un {m}, {n}
    """),
    Good("words", "negation-elsewhere", """
        aucun regret, {n} | rien à dire, {n} | jamais de souci, {n} | aucun problème. {n} | {n}, aucun souci
        sans hésiter, {n} | pas de plainte, {n}
    """),
    Good("words", "hedge", """
        environ {n} | {n} ? | peut-être un {n} | je dirais {n} | disons {n} | allez, {n} | mettons un {n}
        un {n} je pense | plutôt un {n} | bof, {n} | je crois {n} | sans doute un {n}
    """),
    Good("words", "stop-in-sentence", """
        {n} mais arrêtez les sms | {n}, et ne m'écrivez plus svp | je mets {n} et je veux me désabonner
        un {n}, maintenant stop avec ces messages
    """),
    Good("scale", "scale-words", """
        {n} sur 10 | un {n} sur 10 | {n} sur dix | je mets {n} sur 10 | {n} sur 10, {comment} | {n} sur 10 !
        {Comment}, {n} sur 10 | {hi}, {n} sur 10 pour moi | une note de {n} sur 10 | je vous donne {n} sur 10
    """, weight=2),
    Good("scale", "scale-quoted", """
        De 0 à 10 je mets {n} | sur une échelle de 0 à 10 : {n} | de 0 à 10, {n} | {n} (de 0 à 10)
        échelle 0-10 : {n} | de 1 à 10 : {n} | Sur l'échelle de 0 à 10 je suis à {n} | de 0 à 10 ça mérite {n}
    """),
    Good("spelled", "scale-spelled", """
        {w} sur dix | {w} sur 10 | {W} sur dix ! | {w} sur dix, {comment} | un {w} sur dix
        je mets {w} sur dix
    """, FROM_TWO),
    Good("spelled", "spelled-alone", """
        {w} | {W} | {W} ! | {w}. | {WW} | « {w} » | {W}...
    """, FROM_TWO, weight=4),
    Good("spelled", "spelled-in-sentence", """
        je mets {w} | je mets un {w} | un {w} | je donne {w} | note : {w} | pour moi un {w} | je dirais {w}
        {w}, {thanks} | {W} points | un bon {w} | ça vaut un {w} | c'est un {w} | vous méritez un {w}
        je vous donne un {w}, {comment}
    """, FROM_TWO, weight=2),
    Good("spelled", "spelled-in-sentence", "{w}, {comment} | {Comment} : {w} | {Comment}. {W}.", NOT_NINE),
    Good("spelled", "word-for-one", """
        un | Un | UN | un ! | un sur dix | un sur 10 | je mets un | je mets un sur dix | Je donne un
        je mets un sur 10, {comment} | Un.
    """, (1,)),
    Good("spelled", "word-for-zero", """
        zéro | Zéro ! | zero | ZÉRO | je mets zéro | un zéro | zéro sur dix | zéro sur 10 | note : zéro
        je donne zéro | {Comment}. Zéro. | je mets un zéro
    """, (0,)),
    Good("flourish", "flourish", """
        allez, un {n} | franchement {n} | {n}, hein | c'est un {n}, point barre | oufti, {n} | {n} et basta
        {n} sans chipoter | carabistouilles mises à part, {n} | {comment} hein, {n} | bah voilà, {n}
        dites, {n} hein | oui oui, {n} | moi j'dis {n} | {n} sans discuter | bon ben, {n} | enfin soit, {n}
    """),
    Good("flourish", "flourish", """
        un beau {n} | un bon gros {n} | ça vaut bien un {n} | chapeau, {n} | nickel, {n} | {n} les yeux fermés
        bien fait, {n} | à l'aise, {n} | vous gérez, {n} | c'est bon hein, {n} | {n}, tip top
        un {n} bien mérité
        ça me va, {n}
    """, FROM_SIX),
    Good("flourish", "flourish", """
        c'est la cata, {n} | dommage, {n} | bof hein, {n} | faut pas pousser, {n} | pfff, {n}
        c'est pas sérieux, {n}
    """, BELOW_SIX),
    Good("typist", "typos", """
        {n} mreci | {n} mecri | je mtes {n} | {slip}, {n} | {n}, {slip} | srevice ok, {n} | ma ntoe : {n}
        bonjuor, {n} | je met {n} | {slip}. {n} ! | tres bein, {n} | un {n} puor moi | Je dnone un {n}
    """),
    Good("repeater", "number-repeated", """
        {n}, oui {n} | {n} ! Oui, {n} ! | un {n}, un vrai {n} | {n} donc {n}
    """),
    Good("repeater", "digit-and-word", """
        {n} ({w}) | {w}, donc {n} | {W}, oui {n} | {n}, un {w} donc | {w} {n} | {n} ! {W} !
    """, FROM_TWO),
    Good("chatty", "rambling", (
        "{hi}, je suis client chez vous depuis des années et je voulais quand même vous le dire : "
        "{comment}, {comment}. Tout compris je mets {n}. {Comment}, mais ça vous le savez déjà. {Thanks}, "
        "{bye}",
        "{Comment}, et puis aussi ceci : {comment}. J'ai appelé à 9h et après 20 minutes d'attente "
        "quelqu'un a décroché. C'était la 2e fois. Ma note : {n}. {bye}, {name}",
        "{hi} ! Vous demandez, alors je réponds : {n}. {Comment}. {Comment}. Dites-le donc à vos "
        "collègues de ma part. Mon fils de 7 ans était d'accord. Bonjour de {place}, {name}",
        "J'y ai bien et longuement réfléchi dans le train vers {place}. {Comment}. {Comment}. {Comment}. "
        "Voilà pourquoi je vous donne {n} et rien d'autre, quoi qu'en dise mon voisin. {Thanks} !",
    )),
    *good_rows(FRAMES, CLAUSES),
)  # fmt: skip
