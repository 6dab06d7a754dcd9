"""French as Belgians write it: what stands around a score, and clauses whose numbers do not score."""

from simulator.phrasebook.template import Book, templates

BOOK = Book(
    language="fr",
    question="Sur une échelle de 0 à 10, quelle est la probabilité que vous nous recommandiez à vos amis ?",
    greetings=("Bonjour", "Salut", "Bonsoir", "Coucou", "Hello", "Bonjour à tous", "Chers tous"),
    thanks=("merci", "merci beaucoup", "grand merci", "merci à vous", "merci bien", "merci hein"),
    closings=("bonne journée", "bien à vous", "cordialement", "à bientôt", "belle soirée", "bon dimanche"),
    names=("Amélie", "Thibault", "Chantal", "Benoît", "Fatima", "Grégory", "Marie-Jeanne", "Loïc", "Nadège"),
    places=("Namur", "Liège", "Charleroi", "Mons", "Tournai", "Arlon", "Verviers", "Ixelles", "Wavre"),
    comments=(
        templates("""
            personne ne rappelle | colis abîmé | très déçue | accueil glacial | attente interminable
            internet coupe tout le temps | facture incorrecte | on se moque du client | je suis furieux
            c'est la catastrophe | impossible de joindre quelqu'un | vendeur désagréable
            la commande est arrivée cassée | rendez-vous manqué par le technicien | vraiment pas sérieux
        """),
        templates("""
            correct mais lent | ça peut aller | correct, rien de fou | assez cher quand même
            l'appli rame parfois | attente assez longue | pas trop mal | ça a été | parking complet
            bon service mais site compliqué | gentils mais débordés | dans la moyenne
        """),
        templates("""
            service impeccable | très contente | équipe au top | accueil chaleureux | livraison rapide
            tout était parfait | technicien très sympa | rien à redire | vraiment nickel | que du bonheur
            super efficace | c'était chouette | personnel très aimable | problème vite résolu
            explications très claires | on reviendra avec plaisir | bravo à toute l'équipe
        """),
    ),
)

FRAMES = (
    "{n}, {clause}",
    "{Clause}, donc {n}",
    "{Clause}. Je mets {n}.",
    "Ma note : {n}. {Clause}.",
    "{Clause} mais bon, {n}",
    "un {n}, {clause}",
)

CLAUSES = {
    "duration": """
        j'attends depuis 3 semaines | c'était réglé en 10 minutes | je suis client depuis 12 ans
        la réparation a pris 2 jours | j'ai fait la file pendant 45 min
    """,
    "times": """
        j'ai dû appeler 2x | j'ai rappelé 3 fois | on m'a transféré 4 fois | le technicien est revenu 5 fois
    """,
    "money": """
        la livraison coûtait 5 € | je paie 45 euros par mois | il y avait 12,50 € de trop sur la facture
        on m'a rendu 20 euros
    """,
    "clock": """
        le technicien est venu à 9h | on m'a dit entre 8h et 12h | il est arrivé à 14h30
        vous fermez déjà à 17h
    """,
    "ordinal": """
        c'est déjà la 2e fois | c'était réglé au 1er appel | résolu à la 3e tentative
        c'était ma 2ème commande
    """,
    "date": """
        j'ai commandé le 3 mai | le rendez-vous était le 14 février | client depuis le 1er janvier
        installé le 7 sept. comme prévu | le colis est arrivé le 12 mars
    """,
    "label": """
        à la caisse 4 c'était rapide | mon ticket était le n° 4521 | la ligne 12 était en retard
        la chambre 7 était propre | personne au guichet 5 | le tram 4 ne roulait pas
    """,
    "device": """
        c'était pour mon iPhone 8 | la 5G passe bien | mon Galaxy S9 est réparé
        acheté pour une PlayStation 5
    """,
    "count": """
        j'avais commandé 3 colis | il y avait 2 griffes sur la porte | seulement 2 caisses ouvertes
        j'ai reçu 6 mails | on a mangé 4 gaufres
    """,
    "spelled-count": """
        trois personnes m'ont aidée | j'avais commandé deux colis | il y avait quatre clients devant moi
        cinq appels pour rien | six chaises commandées et cinq livrées
    """,
    "age": """
        mon fils de 7 ans a adoré | ma mère a 84 ans | ma fille de 3 ans s'est amusée
        mon papa de 91 ans s'en est bien sorti
    """,
    "group": """
        on était 6 à table | nous étions à 8 | on est venus à 5 | on vit à 4 dans la maison
    """,
    "percentage": """
        100% satisfaite | je l'ai eu avec 20% de réduction | la batterie était à 20%
        la remise de 15% était sympa
    """,
    "zero-of": """
        zéro souci | zéro communication | vraiment 0 service | zéro respect du client
        il y avait 0 explication
    """,
    "around-the-clock": """
        vous êtes joignables 24/7 | le chat marche 24/7 | l'assistance répond 24/7
    """,
    "everyday-word": """
        j'ai reçu un appareil neuf | mon gsm est comme neuf | tout neuf et bien installé
        une équipe formidable | c'est un plaisir de venir | une dame très gentille
        le salon a été remis à neuf
    """,
}
