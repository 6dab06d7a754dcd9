"""German as East Belgium writes it: what stands around a score, and clauses whose numbers do not score."""

from simulator.phrasebook.template import Book, templates

BOOK = Book(
    language="de",
    question="Auf einer Skala von 0 bis 10, wie wahrscheinlich ist es, dass Sie uns Freunden empfehlen?",
    greetings=("Guten Tag", "Hallo", "Tach", "Guten Morgen", "Guten Abend", "Liebes Team", "Hallo zusammen"),
    thanks=("danke", "vielen Dank", "danke schön", "besten Dank", "merci", "danke euch", "herzlichen Dank"),
    closings=("schöne Grüße", "MfG", "bis bald", "schönen Tag noch", "liebe Grüße", "schönes Wochenende"),
    names=("Heike", "Jürgen", "Anneliese", "Guido", "Manuela", "Rolf", "Sabine", "Yannick", "Gertrud"),
    places=("Eupen", "Sankt Vith", "Kelmis", "Raeren", "Bütgenbach", "Amel", "Büllingen", "Lontzen"),
    comments=(
        templates("""
            keiner ruft zurück | das Paket war kaputt | viel zu lange gewartet | unfreundliche Bedienung
            Internet fällt ständig aus | ich bin sehr enttäuscht | die Rechnung stimmt nicht
            der Techniker kam nicht | am Telefon erreicht man niemanden | so geht das nicht
            Kundendienst nicht erreichbar | die Lieferung war falsch | völlig überteuert | nur leere Worte
        """),
        templates("""
            ganz okay | geht so | etwas langsam, aber gut | der Preis ist happig | die App hakt manchmal
            war in Ordnung | nichts Besonderes | Wartezeit etwas lang | solide, aber teuer | mittelprächtig
            nett, aber umständlich | der Parkplatz war voll
        """),
        templates("""
            sehr freundlich bedient | alles bestens | der Techniker war klasse | schnelle Lieferung
            super Beratung | rundum zufrieden | tolles Team | hat alles prima geklappt | sehr nette Leute
            wirklich spitze | ihr macht das gut | sauber gearbeitet | gerne wieder | tolle Auswahl
            der Fahrer war sehr höflich | gute Erklärungen bekommen
        """),
    ),
)

FRAMES = (
    "{n}, {clause}",
    "{Clause}, also eine {n}",
    "{Clause}. Meine Wertung: {n}",
    "{Clause}. Von mir eine {n}.",
    "{Clause}, trotzdem {n}",
    "eine {n}, {clause}",
)

CLAUSES = {
    "duration": """
        ich warte schon 3 Wochen | nach 20 Minuten war alles geregelt | ich bin seit 12 Jahren Kunde
        die Reparatur dauerte 2 Tage | wir standen 45 min in der Schlange
    """,
    "times": """
        ich musste 2x anrufen | ich war schon 3 mal da | ich wurde 4 mal weiterverbunden
        der Techniker kam 5 Mal
    """,
    "money": """
        die Lieferung kostete 5 € | ich zahle 45 Euro im Monat | ich bekam 10 Euro zurück
        auf der Rechnung standen 12,50 Euro zu viel
    """,
    "clock": """
        um 9 Uhr war er da | der Techniker kam erst um 14:30 Uhr | ihr schließt schon um 17 Uhr
        ich musste bis 12 Uhr zu Hause bleiben
    """,
    "ordinal": """
        es war das 2. Mal | erst beim 3. Versuch ging es | das war meine 1. Bestellung
        es war schon der 4. Anruf
    """,
    "date": """
        ich habe am 3. Mai bestellt | der Termin war am 14. Februar | das Paket kam am 12. März
        ich bin seit dem 1. Januar Kunde
    """,
    "label": """
        an Kasse 4 ging es schnell | mein Ticket war Nr. 4521 | Linie 12 kam zu spät | Zimmer 7 war sauber
        an Schalter 5 war niemand | Gleis 3 war gesperrt
    """,
    "device": """
        es ging um mein iPhone 8 | das 5G läuft gut | mein Galaxy S9 ist repariert
        es war für eine PlayStation 5
    """,
    "count": """
        ich hatte 3 Pakete bestellt | da waren 2 Kratzer dran | es waren nur 2 Kassen offen
        ich bekam 6 Mails | wir haben 4 Waffeln gegessen
    """,
    "spelled-count": """
        drei Leute haben mir geholfen | ich hatte zwei Pakete bestellt | vor mir waren vier Kunden
        nach fünf Anrufen war es gelöst | sechs Stühle bestellt und fünf Stühle bekommen
    """,
    "age": """
        unser 7-jähriger Sohn war begeistert | meine Mutter ist 84 Jahre alt
        meine Tochter ist 3 Jahre alt | mein Opa ist 91 Jahre alt und kam gut zurecht
    """,
    "group": """
        wir waren mit 6 Leuten da | wir saßen zu 8 am Tisch | wir wohnen hier zu 5
        wir kamen mit 4 Personen
    """,
    "percentage": """
        100% zufrieden | ich kaufte es mit 20% Rabatt | der Akku stand bei 20%
        der Rabatt von 15% war nett
    """,
    "zero-of": """
        null Probleme | null Kommunikation | es gab 0 Service | null Verständnis für Kunden
        ich bekam 0 Erklärung
    """,
    "around-the-clock": """
        ihr seid 24/7 erreichbar | die Hotline ist 24/7 besetzt | der Chat läuft 24/7
    """,
    "everyday-word": """
        bitte mehr auf die Pakete achtgeben | gebt acht auf die Stufe am Eingang | da muss man genau achten
        ein ganz nettes Team | es war eine Freude | eine sehr nette Dame am Telefon | ein schöner Laden
    """,
}
