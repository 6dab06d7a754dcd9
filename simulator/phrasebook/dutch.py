"""Dutch as it is written in Flanders: what stands around a score, and clauses whose numbers do not score."""

from simulator.phrasebook.template import Book, templates

BOOK = Book(
    language="nl",
    question="Op een schaal van 0 tot 10, hoe waarschijnlijk is het dat u ons zou aanbevelen aan vrienden?",
    greetings=("Dag", "Hallo", "Beste", "Goeiedag", "Hey", "Goedemorgen", "Hoi", "Dag allemaal"),
    thanks=("bedankt", "dank u", "merci", "dank je wel", "alvast bedankt", "merci hè", "dank u wel"),
    closings=("groetjes", "mvg", "vriendelijke groeten", "prettige dag nog", "tot ziens", "tot de volgende"),
    names=("Lien", "Wout", "Sofie", "Bart", "Ilse", "Jef", "Goedele", "Kobe", "Marleen", "Stijn"),
    places=("Gent", "Hasselt", "Leuven", "Kortrijk", "Aalst", "Mechelen", "Turnhout", "Oostende", "Brugge"),
    comments=(
        templates("""
            nooit iemand aan de lijn | het pakje was kapot | veel te lang gewacht
            onvriendelijke bediening | internet ligt er weer uit | ik ben zwaar ontgoocheld
            de factuur klopt niet | niemand belt terug | de technieker is niet komen opdagen
            het trekt op niks | slecht geholpen | schandalig duur | klantendienst onbereikbaar
            de levering liep helemaal fout | van het kastje naar de muur
        """),
        templates("""
            het kon wat sneller | redelijk tevreden | de app hapert soms | de wachtmuziek mag anders
            goed maar wat duur | gaat wel | degelijk maar traag | het was oké | de parking was vol
            best in orde | vriendelijk maar wat onhandig | de website is wat onduidelijk
        """),
        templates("""
            super vriendelijk geholpen | vlotte service | alles perfect in orde | heel tevreden
            toffe mensen aan de balie | de technieker was super | prima geholpen | ge zijt goe bezig
            niks dan lof | zeer vlotte levering | supercontent | sympathieke chauffeur
            alles verliep vlot | heel proper gewerkt | proficiat aan het team | plezant winkeltje
            goeie uitleg gekregen
        """),
    ),
)  # fmt: skip

FRAMES = (
    "{n}, {clause}",
    "{Clause}, dus een {n}",
    "{Clause}. Ik geef een {n}.",
    "Mijn score: {n}. {Clause}.",
    "{Clause} en toch, een {n}",
    "een {n}, {clause}",
)

CLAUSES = {
    "duration": """
        ik wacht al 3 weken | na 20 minuten was alles geregeld | ik ben al 12 jaar klant bij jullie
        de herstelling duurde 2 dagen | we stonden 45 min in de rij | het stond op 1 dag in orde
    """,
    "times": """
        ik heb 2x moeten bellen | pas na 3 keer lukte het | ik ben 4 maal doorverbonden
        ik ben al 2 keer langs geweest | de technieker is 5 keer teruggekomen
    """,
    "money": """
        de levering kostte 5 € | ik betaal 45 euro per maand | er stond 12,50 euro te veel op de factuur
        ik kreeg 10 euro korting | het verschil was maar €3
    """,
    "clock": """
        ze stonden er om 9u | de technieker kwam pas om 14u30 | ik moest thuis blijven tussen 8u en 12u
        om 10:15 was alles klaar | jullie sluiten al om 17u
    """,
    "ordinal": """
        het was de 2e keer | pas bij de 3de poging lukte het | dit was mijn 1ste bestelling
        het was al het 4e telefoontje
    """,
    "date": """
        ik heb op 3 mei besteld | de afspraak was op 14 februari | ik ben klant sinds 1 januari
        het pakje kwam op 12 maart
    """,
    "label": """
        aan kassa 4 ging het vlot | mijn ticket was nr 4521 | bus 12 kwam weer te laat
        kamer 7 was proper | aan loket 5 was niemand | tram 4 reed niet
    """,
    "device": """
        het ging over mijn iPhone 8 | de 5G werkt goed | mijn Galaxy S9 is hersteld
        het was voor een PlayStation 5
    """,
    "count": """
        ik had 3 pakjes besteld | er zaten 2 krassen op | er waren maar 2 kassa's open
        ik kreeg 6 mails | we hebben 4 wafels gegeten | de bestelling van 4 stoelen kwam in 2 keer
    """,
    "spelled-count": """
        drie mensen hebben mij geholpen | ik had twee pakjes besteld | er waren vier wachtenden voor mij
        het was na vijf telefoontjes opgelost | één van de beste winkels | ik was er nog maar één keer
    """,
    "age": """
        ons zoontje van 7 vond het geweldig | mijn moeder is 84 jaar
        mijn dochter van 3 heeft zich geamuseerd
        mijn oma van 91 werd goed geholpen
    """,
    "group": """
        we waren met 6 | we kwamen met 4 eten | we zijn met 5 thuis | we zaten met 8 aan tafel
    """,
    "percentage": """
        100% tevreden | ik kocht het met 20% korting | de batterij stond op 20%
        de korting van 15% was mooi meegenomen
    """,
    "zero-of": """
        nul communicatie | er was 0 service | nul problemen gehad | ik kreeg 0 uitleg
        nul begrip voor de klant
    """,
    "around-the-clock": """
        jullie zijn 24/7 bereikbaar | de helpdesk is 24/7 open | de chat werkt 24/7
    """,
    "everyday-word": """
        onze kat is er verliefd op | het was ten dele mijn fout | ten slotte kwam alles goed
        het was een plezier | een heel vriendelijke dame aan de lijn | onze technieker kwam op tijd
        ze hielden rekening met onze wensen
    """,
}
