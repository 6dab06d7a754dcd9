"""A nine in each language, and a nine that only UCS-2 can carry: the texts of the numbers of family 09.

The first four lists keep to the GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1); every text of the fifth
has a character outside it.
"""

from collections.abc import Mapping

NINES: Mapping[int, tuple[str, tuple[str, ...]]] = {
    1: (
        "number-and-words",
        (
            "Ik geef jullie een 9, vlotte service",
            "een dikke 9, merci",
            "Van mij krijgen jullie een 9. Groetjes uit Gent",
            "9 op 10, heel vriendelijk geholpen",
            "voor ons een negen, bedankt",
        ),
    ),
    2: (
        "number-and-words",
        (
            "Je mets un 9, service impeccable",
            "9 sur 10, merci beaucoup",
            "Très bon accueil, 9. Bonne journée !",
            "Pour moi c'est un 9",
            "ma note : neuf, merci",
        ),
    ),
    3: (
        "number-and-words",
        (
            "Von mir gibt es eine 9, danke schön",
            "9 von 10, sehr freundlich",
            "Alles bestens: 9. Schöne Grüße aus Eupen",
            "Ich gebe euch eine 9",
            "eine Neun, vielen Dank",
        ),
    ),
    4: (
        "number-and-words",
        (
            "I'd give you a 9, cheers",
            "9 out of 10, lovely people",
            "That's a 9 from me, thanks a lot",
            "Really helpful staff. 9",
            "a solid nine, thank you",
        ),
    ),
    5: (
        "keycap",
        (
            "9️⃣",
            "9️⃣ 👏",
            "9 👍 c'était très chouette, même un dimanche",
            "een 9 van mij 🎉",
            "９",
        ),
    ),
}
