"""The dress of a reply: the form, quote, signature and charset that a person's own words travel in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dress:
    """How one reply is made up; the words are those of `people.mail_population`."""

    form: str = "plain"
    """`plain`, `html`, `alternative` (both), or `text-last` (pictures first, then the text)."""
    quote: str = "none"
    """Where the question stands: `below` the words, `above` them, around them (`inline`), or nowhere."""
    client: str = "gmail"
    """Whose way of quoting: `gmail`, `apple`, `thunderbird`, `outlook`, or `original` with its dashes."""
    signature: str = "none"
    """`name` behind a closing, `dashed` below `-- `, `card` (dashed, with address and telephone), or
    `business` (closing, company, telephone, disclaimer)."""
    footer: bool = False
    """Whether the telephone signs, too."""
    charset: str = "utf-8"
    """Taken where it can carry the text; UTF-8 otherwise."""
    encoding: str = "quoted-printable"
    pictures: bool = False


UNDER_WORDS = ("name", "business")
"""Signatures that begin with a closing: under nothing at all it would be words of the writer's own."""
PLAIN = Dress()
MANNERS: Mapping[str, Dress] = {
    "plain": PLAIN,
    "html-only": Dress(form="html"),
    "alternative": Dress(form="alternative", quote="below"),
    "quote-below": Dress(quote="below"),
    "quote-above": Dress(quote="above", client="thunderbird"),
    "inline": Dress(quote="inline", client="apple"),
    "outlook": Dress(quote="below", client="outlook"),
    "original-message": Dress(quote="below", client="original"),
    "signature": Dress(quote="below", signature="card"),
    "business": Dress(form="alternative", quote="below", client="outlook", signature="business"),
    "mobile": Dress(quote="below", client="apple", footer=True),
    "windows-1252": Dress(quote="below", charset="windows-1252"),
    "latin-1": Dress(quote="below", charset="iso-8859-1", encoding="8bit"),
    "latin-9": Dress(quote="below", charset="iso-8859-15", encoding="base64"),
    "utf-16": Dress(quote="below", charset="utf-16", encoding="base64"),
    "text-last": Dress(form="text-last", quote="below", pictures=True),
}
"""Dresses with a name, for the mailboxes that do things."""
