"""Words a score is spoken of with: nouns and verbs of scoring, hedges, bounds, negations, questions.

Clauses 2, 3, 5 and 6 of answers.md. Phrases are written with `_` between their words.
"""

from service.domain.reading.form import words
from service.domain.reading.words_plain import ALL_LIGHT

SCORE_NOUNS = words("""
    score scoor scores scoren punt punten pt pts pnt cijfer cijfers antwoord quotering quotatie beoordeling
    waardering rating evaluatie resultaat eindscore eindcijfer totaalscore rapportcijfer rapport totaal
    eindresultaat oordeel stem cote côte cotation note notes point points réponse évaluation appréciation
    résultat score total résultats verdict moyenne avis vote bilan bewertung note noten punkt punkte punkten
    punktzahl wertung ergebnis antwort urteil fazit gesamtnote gesamt bewerte pkt schulnote wert zahl
    gesamtpunktzahl gesamtwertung mark marks rating answer result grade vote verdict overall total reply point
    points nps feedback number_
""")
"""A word directly before a number that makes it a score: `score9`, `note: huit`, `punt-9`."""

ASPECTS = words("""
    service dienst dienstverlening personeel eten bediening levering sfeer kwaliteit prijs onthaal ontvangst
    hulp winkel bezoek ervaring frietjes frieten monteur technieker bakker werk klantendienst helpdesk uitleg
    product prijs/kwaliteit accueil livraison qualité ambiance cuisine salle prix repas nourriture personnel
    équipe magasin serveur serveuse rapport expérience visite produit technicien vendeur vendeuse conseil
    conseils suivi rapidité propreté boutique essen bedienung lieferung qualität preis beratung freundlichkeit
    personal team laden verkäufer sauberkeit küche erlebnis besuch techniker geschäft ablauf kundendienst food
    staff delivery quality price atmosphere experience visit shop store team product value cleanliness speed
    help support engineer technician kitchen welcome
""")
"""What people score one by one: `cuisine 9, salle 4` are two scores, no labels."""

SCORE_VERBS = words("""
    arrondi arrondie arrondis afgerond aufgerundet rounded sagen geef geeft geven gaf gegeven gave geve
    scoort scoren scoor scoorde quoteer quoteren zeg zeggen zet zetten krijgt krijgen krijg kreeg verdient
    verdienen verdien verdiend kies koos beoordeel stem waard haalt halen schenk gun gunnen wordt geeft-ik
    geefik tgeef plak noteer maak_er donne donner donnerais donnerai donnerons donneriez donnes donnez
    donnons donnent mets mettez mettre mettrais mettrai mettrez mettriez mettons mettent accorde accordez
    accorderais attribue note noterais noterai cote vaut valait mérite méritez méritent mériterait vote dis
    dirais choisis évalue octroie colle collerais reçoit recevez obtient obtenez valez gebe geben gibt gib
    geb gäbe vergebe vergeben vergibt vergebt bewertet bewerte bewerten würde sage verdient verdienen
    verdiene kriegt kriegen bekommt bekommst kriegste wähle stimme werte benote benoten tippe nehme erhält
    erhaltet give gave giving gives given score scored scoring rate rated rating gets grant grants deserve
    deserves deserved say mark marked vote choose chose earn earned earns award awarding put
""")
EARNED = words("verdient verdiend mérité mérités méritée earned deserved")

ARTICLES = words("""
    een 'n ne nen 'ne un une ein eine einen einem einer 'ne a an my mijn m'n mon ma meine mein le der die das
    de het the een_dikke ene nogal solid
""")
INDEFINITE = words("""
    een 'n ne nen e un une ein eine einen einem einer nen a an ene ‘n my mijn mon ma meine mein our notre
    unsere onze
""")
SINGULAR_ARTICLES = words("een 'n ne nen e un une ein eine einen einem einer a an")
"""After these a number counts no plural: `een 9 toekennen` gives a nine."""
DEFINITE = words("""
    de het die dees deze les ces ses mes nos vos leurs der den das diese the these those all alle beide both
    ons wij wir nous us them
""")

HEDGES = words("""
    misschien ongeveer circa ca zowat pakweg rond ergens mss wss zeker toch dus wel nog juist maar slechts
    amper_ voorlopig environ peut-être autour disons genre plutôt juste seulement à_peu_près donc allez
    ungefähr etwa circa vielleicht wohl rund sagen also nur eher gut glatt about around roughly approximately
    maybe perhaps probably say like just only solid easily easy hmm
""")

BOUNDS_BEFORE = words("""
    op_zijn_hoogst op_z'n_hoogst praktisch so_gut_wie at_the_very_most as_good_as im_besten_fall
    in_het_beste_geval au_mieux at_best minstens minimum minimaal min ten_minste tenminste op_zijn_minst
    op_z'n_minst meer_dan minder_dan hoger_dan lager_dan beter_dan slechter_dan boven_de boven onder_de
    onder hooguit hoogstens allerhoogstens maximum max maximaal ten_hoogste vanaf bijna haast net_geen
    net_niet nét_geen zo_goed_als richting nipt amper nauwelijks tegen_de naar_de dicht_bij tot_een
    niet_helemaal niet_volledig bijna_aan net_onder net_boven groter_dan kleiner_dan niet_meer_dan
    niet_hoger_dan niet_minder_dan niet_lager_dan nog_net juist_geen ni_helemaal nie_helemaal au_moins
    minimum au_minimum plus_de plus_que moins_de moins_que au_plus tout_au_plus maximum max au_maximum
    presque quasi quasiment pas_loin_de pas_loin_d proche_de près_de proche_d à_peine au-dessus_de
    au_dessus_de au-dessous_de en_dessous_de en-dessous_de dessous_de jusqu'à jusqu'_à jusque
    pas_tout_à_fait pas_vraiment pas_plus_de pas_plus_que pas_moins_de pas_moins_que pas_complètement
    mieux_que mieux_qu plus_qu moins_qu pas_plus_qu supérieur_à inférieur_à à_partir_de pratiquement frôle
    frise mindestens wenigstens minimal mehr_als weniger_als höchstens allerhöchstens allermindestens
    maximal über unter fast beinahe nahezu knapp bis_zu besser_als schlechter_als höher_als kaum nicht_ganz
    nicht_mehr_als nicht_weniger_als an_die annähernd zumindest nahe_an noch_keine_ gerade_noch nicht_unter
    nicht_über oberhalb_von unterhalb_von schier at_least at_most more_than less_than better_than
    higher_than lower_than over under above below minimum max maximum up_to almost nearly close_to
    just_under just_over just_below just_above just_short_of short_of not_quite not_far_off not_far_from
    not_more_than not_less_than no_more_than no_less_than barely hardly scarcely practically virtually near
    at_the_very_least at_the_most approaching towards worse_than anything_above anything_below not_exactly
    shy_of greater_than fewer_than nowhere_near bordering_on not_even_ verging_on > < >= <= ≥ ≤
""")
"""Before a number on the scale these name no score but a side of it (clause 5)."""

NO_BOUNDS = words("""
    rounded_up_to bumped_up_to rounded_down_to plus_ou_moins min_of_meer mehr_oder_weniger more_or_less
    meer_of_minder
""")
BOUNDS_AFTER = words("""
    and_a_bit en_een_beetje en_nog_wat et_quelques et_des_poussières und_ein_bisschen en_een_klein_beetje
    and_change of_meer of_hoger en_meer en_hoger of_minder of_lager of_beter minstens minimum maximum max
    hoogstens allerhoogstens hooguit maximaal minimaal tenminste op_zijn_minst op_z'n_minst ten_minste bijna
    haast ou_plus ou_moins et_plus et_moins au_moins au_minimum au_maximum au_plus tout_au_plus grand_max
    grand_maximum presque minimum max maxi mini à_tout_casser ou_mieux ou_davantage oder_mehr oder_höher
    und_mehr oder_weniger oder_besser aufwärts mindestens höchstens allerhöchstens allermindestens maximal
    minimal wenigstens fast beinahe or_more or_above or_higher or_over or_better or_less or_below or_lower
    or_under and_above and_up at_least at_most minimum max maximum tops at_a_push_ upwards almost nearly min
    at_best_ at_the_very_least at_the_most
""")

STRICT_NEGATIONS = words("""
    allesbehalve behalve sauf außer anything geen gene gin niet nooit nie ni nimmer noch kene keine kein
    keinen keiner nicht niemals weder pas jamais not never isn't ain't wasn't nor neither no aucun
""")
AFTER_NEGATION = words("""
    einer einem
    but quoi eens einmal even même sogar du way fall geval cas case een 'n ne nen e un une de d le la ein eine
    einen the a an echte echt vrai véritable vraie volle volledige full real true proper echte richtige
    richtig glatte perfecte perfect parfait perfekte perfekt meteen direct exactly een_dikke dikke plein beau
    genau gelijk helemaal quite bloody meer plus mehr anymore any geven donner mettre geben give giving score
    rate it jullie u hen you them that this vous leur lui ça euch Ihnen dafür deze dit die zo'n be is est was
    worth mérite verdient verdienen deserve c'est ce n graag zomaar zo
""")

FROM_US = words("""
    mij moi mir me mijn ma mon mein ons nous uns onze onzentwege jullie mon_côté here hier harte hart herzen
    herz cœur heart ganzem ganser mijnentwege us
""")
"""After `van`, `from` these give a score and count nothing: `8 van mij`."""

COORDINATORS = words("of en ou et oder und or and & à a tot bis to - – noch nor ni t/m tem till")

QUESTION_OPENERS = words("""
    telt tellen compte comptent zählt zählen counts wofür wozu waartoe is zijn wat waarom hoe hoeveel welk
    welke kan kunnen mag moet moeten betekent wil waarvoor wanneer wie waar zou bedoel bedoelt bedoelen
    geldt hoezo est est-ce que quoi pourquoi comment combien quel quelle peut-on puis-je dois-je faut-il
    c'est peut doit faut signifie suis-je qui quand où y-a-t-il qu'est-ce qu ist sind was warum wieso wie
    wieviel welche welcher welches kann darf muss soll bedeutet heißt wer wann wo sollte gilt is are what
    why how which does do did can may must should would could who when where am was whats what's
""")
QUESTION_VERBS = words("c is est ist betekent bedeutet means mean telt signifie c'est geldt heißt zijn veut")

SCORE_UNITS = words("punt punten puntje puntjes pt pts pnt point points punkt punkte punkten pkt marks mark")
"""A number before these is a score: `nul punten van mij`, `Acht Punkte`."""

SCALE_WORDS = words("schaal scale skala échelle echelle schaaltje")

RATED = SCORE_NOUNS | SCORE_VERBS
SPEAKING = ALL_LIGHT | RATED | HEDGES
"""Words that stand beside a score without being counted, measured or named by it."""
KNOWN = SPEAKING | ASPECTS
