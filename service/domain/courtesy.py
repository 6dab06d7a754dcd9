"""What is said in a call besides the question, in the question's language; in English where we have no
other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Courtesy:
    """The phrases of one language, whose BCP 47 tag is `language`."""

    language: str
    thanks: str
    again: str
    """After keys that are no score: what to press."""


_PHRASES = {
    "nl": Courtesy(
        "nl",
        "Bedankt voor uw antwoord. Tot ziens.",
        "Dat is geen cijfer van 0 tot 10. Druk een cijfer van 0 tot 10 en sluit af met het hekje.",
    ),
    "fr": Courtesy(
        "fr",
        "Merci de votre réponse. Au revoir.",
        "Ce n'est pas une note de 0 à 10. Appuyez sur un chiffre de 0 à 10, puis sur la touche dièse.",
    ),
    "de": Courtesy(
        "de",
        "Vielen Dank für Ihre Antwort. Auf Wiederhören.",
        "Das ist keine Zahl von 0 bis 10. Drücken Sie eine Zahl von 0 bis 10 und danach die Rautetaste.",
    ),
    "en": Courtesy(
        "en",
        "Thank you for your answer. Goodbye.",
        "That is not a number from 0 to 10. Press a number from 0 to 10, then the hash key.",
    ),
}


def courtesy(tag: str) -> Courtesy:
    """The phrases for a question in language `tag`, to be said by the same voice where they are of that
    language."""
    family = tag.partition("-")[0].lower()
    return replace(_PHRASES[family], language=tag) if family in _PHRASES else _PHRASES["en"]
