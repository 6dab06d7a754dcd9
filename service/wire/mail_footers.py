"""What stands below a person's own words: signatures, the lines that telephones and virus scanners add, and
disclaimers, in Dutch, French, German and English.

A signature in form (`-- `, RFC 3676 §4.3) ends the text. Otherwise a closing (`Met vriendelijke groeten`) on
a line of its own ends it, when words stand above; a postscript is still read. Lines that tell only how to
reach somebody go wherever they stand: their numbers are no scores.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_FORMAL = re.compile(r"(?:--|—|__|~~)\s*")
_CLOSING = re.compile(
    r"""(?:(?:met\s)?(?:de\s)?(?:(?:zeer\s)?(?:vriendelijke|hartelijke|beste|warme|sportieve|lieve|collegiale|zonnige)\s)
        (?:groet|groeten|groetjes|wensen)
    |m\.?v\.?g\.?|m\.?\s?vr?\.?\s?gr?\.?|vr\.?\s?gr\.?|grtn|groeten|groetjes|gr\.?|grtz?|hoogachtend|veel\sliefs
    |(?:bien\s)?(?:très\s)?cordialement(?:\svôtre)?|bien\s(?:à\s(?:vous|toi|vs)|amicalement)|b\.?[àa]\.?v\.?|slts|bises|cdlt|cdt|amicalement
    |(?:salutations\s(?:distinguées|cordiales|amicales)|(?:bien\s)?sincères\ssalutations|meilleures\ssalutations
    |bonne\s(?:journée|soirée|réception|fin\sde\sjournée|semaine|continuation))(?:\sà\svous)?
    |veuillez\sagréer.{0,120}|sincèrement|respectueusement
    |(?:mit\s)?(?:den\s)?(?:freundlichen|freundliche|besten|beste|herzlichen|herzliche|liebe|lieben|viele|vielen
       |schöne|schönen)\s(?:gr(?:ü|ue)(?:ß|ss)en?|gr(?:u|ü)ß)(?:\saus\s[\w-]{2,40})?
    |m\.?f\.?g\.?|lg|vg|hochachtungsvoll|gr(?:ü|ue)(?:ß|ss)e
    |(?:with\s)?(?:kind|kindest|best|warm|warmest|many)?\s?regards|(?:with\s)?best\swishes|all\sthe\sbest
    |yours\s(?:sincerely|faithfully|truly)|sincerely(?:\syours)?|cheers|brgds|br
    |(?:alvast\s)?(?:bedankt|dank\su(?:\swel)?|merci(?:\sd'avance|\sbeaucoup)?|(?:vielen\s)?danke?|thanks|thank\syou
       |many\sthanks)(?=\s?,)|best(?=\s?,))
    \s?[,.!;]{0,3}\s?(?P<name>[^\W\d_][\w.' -]{0,40})?""",
    re.IGNORECASE | re.VERBOSE,
)
_POSTSCRIPT = re.compile(r"p\.?\s?s\.?\s?[:.,-]?\s", re.IGNORECASE)

_DEVICE = r"(?:mijn|mon|ma|mein(?:em|er)?|my|een|un|une|the)\s"
_ADDED = re.compile(
    rf"""(?:(?:verzonden|verstuurd|gestuurd)\s(?:vanaf|vanuit|met|via|door|van)\s.{{1,80}}
    |(?:envoyé|envoyée|écrit)\s(?:depuis|de|à\spartir\sde?|avec|via|par)\s.{{1,80}}
    |(?:von\s{_DEVICE}.{{1,60}}\s(?:gesendet|geschickt|gesandt|geschrieben)|von\smir\sgesendet)
    |(?:gesendet|geschickt|versendet|gesandt)\s(?:von|mit|aus|über|via)\s.{{1,80}}
    |sent\s(?:from|with|via|using|by)\s.{{1,80}}
    |get\soutlook\sfor\s.{{1,40}}|(?:download\s)?outlook\s(?:voor|für|pour)\s.{{1,40}}
    |(?:télécharger|obtenir|obtenez|téléchargez)\soutlook\spour\s.{{1,40}}
    |(?:holen\ssie\ssich|laden\ssie|beziehen\ssie)\soutlook\sfür\s.{{1,40}}
    |download\soutlook\svoor\s.{{1,40}}|provenance\s?:\scourrier.{{0,60}}
    |.{{0,40}}(?:virusvrij|virenfrei|virus-?free|garantie?\ssans\svirus|sans\svirus|exempt\sde\svirus).{{0,80}}
    |.{{0,60}}\bwww\.(?:avast|avg)\.com.{{0,40}})""",
    re.IGNORECASE | re.VERBOSE,
)
_DISCLAIMER = re.compile(
    r"""(?:\**\s?(?:disclaimer|vertrouwelijkheid|waarschuwing|avertissement|avis\sde\sconfidentialité
       |haftungsausschluss|vertraulichkeitshinweis|rechtlicher\shinweis|confidentiality|confidential|legal\snotice)
       \b.{0,60}?\s?(?::|\*|$)
    |(?:de\sinhoud\svan\s)?dit\s(?:e-?mail)?bericht\b.{0,120}\b(?:vertrouwelijk|bestemd|persoonlijk)
    |deze\s(?:e-?mail|boodschap)\b.{0,120}\b(?:vertrouwelijk|bestemd|persoonlijk)
    |(?:ce|le\sprésent)\s(?:message|courriel|e-?mail|mail)\b.{0,160}\b(?:confidentiel|destin|usage\sexclusif)
    |(?:diese|die\sin\sdieser)\s(?:e-?mail|nachricht)\b.{0,160}\b(?:vertraulich|bestimmt)
    |th(?:is|e\sinformation\sin\sthis)\s(?:e-?mail|message)\b.{0,160}\b(?:confidential|intended|privileged)
    |(?:denk|pense[zr]|think|please\sconsider|bitte\s(?:denken|prüfen))\b.{0,80}\b(?:milieu|environnement
       |environment|umwelt|papier|print|imprimer|drucken))""",
    re.IGNORECASE | re.VERBOSE,
)
_REACH = re.compile(
    r"""(?:[^\d|]{0,40}[|,·/]\s?)?(?:[^\d]{0,20}\s)?(?:tel|tél|telefoon|téléphone|telefon|phone|gsm|mobile?|mobiel
          |portable|handy|fax|whatsapp|t|m|f)\b\.?\s?[:.]?\s?\+?[(\d][\d\s./()-]{6,24}[^\d]{0,60}
    |(?=(?:[^\d]{0,3}\d){8})\+?(?:32|31|33|49|352|44|0)[\d\s./()-]{7,20}
    |(?:[^\W\d_]{1,12}\s?[:.]?\s)?<?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}>?(?:\s?[|/·-]\s?.{0,60})?
    |(?:[^\W\d_]{1,12}\s?[:.]?\s)?(?:https?://|www\.)\S{3,200}
    |(?:[^\d]{0,40}[|,·/-]\s?)?(?:btw|tva|rpr|rpm|kbo|bce|vat|iban|ust-?id|ondernemingsnummer)\b.{0,6}[A-Z]{0,2}
       [\d\s.]{6,30}
    |(?:[BDFLN]L?E?-)?\d{4,5}\s(?-i:[A-ZÀ-Ý])[\w'’ -]{2,40}(?:,\s[\w '-]{2,30})?""",
    re.IGNORECASE | re.VERBOSE,
)
_PLACE = re.compile(r"(?:[BDFLN]L?E?-)?\d{4,5}\s[A-ZÀ-Ý][\w'’ -]{2,40}(?:,\s[\w '-]{2,30})?")
_STREET = re.compile(
    r"(?:[^\W\d_][\w'’. -]{2,50}\s\d{1,4}\s?[a-z]?|\d{1,4},?\s[^\W\d_][\w'’. -]{4,50})(?:[ ,/].{0,20})?",
    re.IGNORECASE,
)
_PARTICLES = {"van", "de", "der", "den", "du", "la", "le", "von", "und", "et", "en", "and", "&", "het", "'t"}


def without(lines: Sequence[str]) -> list[str]:
    """The lines that a person wrote themselves. Each line is stripped and of bounded length."""
    return [
        line for line in _ended(lines) if not (_ADDED.fullmatch(line.rstrip(".! ")) or _REACH.fullmatch(line))
    ]


def _ended(lines: Sequence[str]) -> list[str]:
    """Up to a signature, a closing or a disclaimer, with postscripts from below it."""
    own: list[str] = []
    for place, line in enumerate(lines):
        if _FORMAL.fullmatch(line) or _DISCLAIMER.match(line):
            return own
        if any(own) and _closes(line):
            return own + [below for below in lines[place:] if _POSTSCRIPT.match(below)]
        if not _is_street(lines, place):
            own.append(line)
    return own


def _closes(line: str) -> bool:
    """Whether a line is a closing, alone or with a name behind it."""
    found = _CLOSING.fullmatch(line)
    if found is None:
        return False
    name = [word for word in (found["name"] or "").split() if word not in _PARTICLES]
    return len(name) <= 1 or all(word[0].isupper() for word in name)


def _is_street(lines: Sequence[str], place: int) -> bool:
    """A street above its town is part of an address; alone it may be anything with a number."""
    return (
        place + 1 < len(lines)
        and _PLACE.fullmatch(lines[place + 1]) is not None
        and _STREET.fullmatch(lines[place]) is not None
    )
