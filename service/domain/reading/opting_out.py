"""Clause 10 of answers.md: the opt-out keywords, alone in the message."""

import re

from service.domain.reading.form import words

_KEYWORDS = words("""
    stop stopp stoppen tsop arret arreter unsubscribe uitschrijven afmelden desabonner desinscription abmelden
""")
_LONG_KEYWORDS = words("stop_sms stop_all")
_COURTESY = words("""
    aub a.u.b alstublieft alsjeblieft alsjeblief alstu svp stp bitte please pls plz merci bedankt dank u je
    wel danke dankjewel thanks thank you thx hallo hello hi bonjour bonsoir dag beste groeten groetjes mvg
    sorry cordialement schön vielen thankyou cheers ta hey salut goedendag guten tag beaucoup bien much so
    very heel erg hartelijk herzlichen sehr many lot d avance alvast voraus im in advance kindly graag tout
    le monde vriendelijk allemaal
""")
_PHRASES = {
    "s il vous plait": "svp",
    "s il te plait": "svp",
    "a u b": "aub",
    "s v p": "svp",
    "s t p": "svp",
    "s il vs plait": "svp",
}
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_NUMERIC = re.compile(r"\d")


def is_opt_out(text: str) -> bool:
    """Whether a text (as `form.plain` gives it) is nothing but opt-out keywords and courtesies."""
    if len(text) > 200 or _NUMERIC.search(text):
        return False
    line = " ".join(_PIECES.findall(text.casefold()))
    for phrase, short in _PHRASES.items():
        line = line.replace(phrase, short)
    pieces = line.split()
    found = False
    at = 0
    while at < len(pieces):
        if " ".join(pieces[at : at + 2]) in _LONG_KEYWORDS:
            found, at = True, at + 2
        elif pieces[at] in _KEYWORDS or pieces[at] in _COURTESY:
            found, at = found or pieces[at] in _KEYWORDS, at + 1
        else:
            return False
    return found
