"""The documents that tell a gateway how a call goes: the voice markup of the Twilio dialect (TwiML), of which
three verbs are needed (domain facts §3.2).

A `Gather` of two keys: `10` ends it at once, one key is ended by `#` or by its timeout, and keys pressed
during the question cut it short. Who presses nothing falls through to the `Hangup`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

TYPE = "text/xml"
KEYS = 2
"""`10` needs two keys."""

VOICES = {
    "nl": ("NL", "BE"),
    "fr": ("FR", "BE", "CA"),
    "de": ("DE", "AT", "CH"),
    "en": ("GB", "US", "IE", "AU", "NZ", "IN", "ZA"),
}
"""Of each language the regions that there are voices for; the first stands for every other. RestComm reads
these tags by their language."""

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold (§2.2), however it is escaped."""
_REGION = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something to be said, and its language as a BCP 47 tag."""

    text: str
    language: str


def asking(phrases: list[Phrase], *, action: str, wait: int) -> bytes:
    """Say something and take the keys pressed, which go to address `action`. `wait`: seconds for each key."""
    document = ElementTree.Element("Response")
    gather = ElementTree.SubElement(
        document,
        "Gather",
        {
            "input": "dtmf",
            "numDigits": str(KEYS),
            "finishOnKey": "#",
            "timeout": str(wait),
            "action": action,
            "method": "POST",
        },
    )
    for phrase in phrases:
        _say(gather, phrase)
    ElementTree.SubElement(document, "Hangup")
    return _written(document)


def ending(*phrases: Phrase) -> bytes:
    """Say something, or nothing, and hang up."""
    document = ElementTree.Element("Response")
    for phrase in phrases:
        _say(document, phrase)
    ElementTree.SubElement(document, "Hangup")
    return _written(document)


def _say(parent: ElementTree.Element, phrase: Phrase) -> None:
    voice = _voice(phrase.language)
    say = ElementTree.SubElement(parent, "Say", {} if voice is None else {"language": voice})
    say.text = _NO_XML.sub(" ", phrase.text)


def _voice(tag: str) -> str | None:
    """The dialect's word for a language. Of one that is not in the table: itself with its region, or None,
    which leaves the choice to the gateway."""
    subtags = tag.split("-")
    language, regions = subtags[0].lower(), [each.upper() for each in subtags[1:]]
    region = next(filter(_REGION.fullmatch, regions), None)
    known = VOICES.get(language)
    if known is not None:
        return f"{language}-{region if region in known else known[0]}"
    return f"{language}-{region}" if region else None


def _written(document: ElementTree.Element) -> bytes:
    written: bytes = ElementTree.tostring(document, encoding="utf-8", xml_declaration=True)
    return written
