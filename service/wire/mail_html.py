"""HTML as the text it shows, quotes marked as plain text marks them.

What a mail program sets apart as quoted gets `> ` before each line, what begins a quotation without an end
gets the divider line of plain mail, signatures and what does not show are left out: so that one set of rules
(`mail_quotes`) cuts both kinds of mail. The parser (lxml) is driven by events and builds no tree: its memory
and time grow with the text alone, however deep elements are nested.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from lxml import etree

LARGEST = 512 * 1024
"""Characters that are read."""
DIVIDER = "-----Original Message-----"

_UNSEEN_ELEMENTS = frozenset(
    {
        "head", "title", "style", "script", "template", "noscript", "object", "svg", "math", "select",
        "textarea", "iframe", "audio", "video", "map",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
        "ol", "p", "pre", "section", "table", "tbody", "tr", "ul",
    }
)  # fmt: skip
_CELLS = frozenset(["td", "th"])

_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$)",
    re.IGNORECASE,
)
_QUOTE_NAMES = re.compile(
    r"(?:x_)*(?:gmail_quote(?:_container)?|gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote|tutanota_quote"
    r"|zmail_extra|mail-quote-collapse|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container"
    r"|reply-?quote|cite-prefix)",
    re.IGNORECASE,
)
_SIGNATURE_NAMES = re.compile(
    r"(?:x_)*(?:gmail_signature(?:_prefix)?|moz-signature|signature|applemailsignature|ms-outlook-mobile-signature"
    r"|protonmail_signature_block(?:-[a-z]+)?|yahoo_signature|tutanota_signature)",
    re.IGNORECASE,
)
_DIVIDER_NAMES = re.compile(
    r"(?:x_)*(?:divRplyFwdMsg|stopSpelling|ms-outlook-mobile-body-separator-line)", re.IGNORECASE
)
_OUTLOOK_RULE = re.compile(
    r"border-top\s*:\s*solid\s+#[0-9a-f]{6}\s+1\.0pt[^a-z].*padding\s*:\s*3\.0pt", re.IGNORECASE | re.DOTALL
)
"""The line above the header block in Outlook for Windows."""
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_ALT_MOST = 8


class _Part(Enum):
    """How an element and all in it are read."""

    SHOWN = auto()
    QUOTED = auto()
    UNSEEN = auto()


class _Shown:
    """Takes the parser's events; `close` gives the text."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._parts: list[_Part] = []
        self._depth, self._unseen, self._verbatim = 0, 0, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _BLOCKS or tag == "br":
            self._break()
        part = _part(tag, attributes)
        self._parts.append(part)
        self._depth += part is _Part.QUOTED
        self._unseen += part is _Part.UNSEEN
        self._verbatim += tag == "pre"
        if _divides(attributes):
            self._lines += ["", DIVIDER, ""]
        if tag in _CELLS:
            self.data(" ")
        if tag == "img":
            self.data(_emoji(attributes.get("alt", "")))

    def end(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._break()
        part = self._parts.pop() if self._parts else _Part.SHOWN
        self._depth -= part is _Part.QUOTED
        self._unseen -= part is _Part.UNSEEN
        self._verbatim -= tag == "pre"

    def data(self, text: str) -> None:
        if self._unseen:
            return
        if not self._verbatim:
            self._line.append(text)
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self._break()
            self._line.append(line)

    def comment(self, _text: str) -> None:
        """Nothing of it shows, what Office writes between conditions included."""

    def close(self) -> str:
        self._break()
        return "\n".join(self._lines)

    def _break(self) -> None:
        text = _BLANKS.sub(" ", "".join(self._line)).strip(" ")
        self._line.clear()
        if text or (self._lines and self._lines[-1]):
            self._lines.append("> " + text if self._depth and text else text)


def shown(html: str) -> str:
    """The text that a reader of `html` sees. Whatever the text, never an exception."""
    clean = html[:LARGEST].replace("\x00", "").encode("utf-8", "replace")
    parser = etree.HTMLParser(target=_Shown(), encoding="utf-8", no_network=True, recover=True)
    try:
        parser.feed(clean)
        text = parser.close()
    except etree.LxmlError:
        return ""
    return text if isinstance(text, str) else ""


def _part(tag: str, attributes: dict[str, str]) -> _Part:
    names = [attributes.get("id", ""), *attributes.get("class", "").split()]
    if tag in _UNSEEN_ELEMENTS or "hidden" in attributes or _UNSEEN_STYLE.search(attributes.get("style", "")):
        return _Part.UNSEEN
    if any(_SIGNATURE_NAMES.fullmatch(name) for name in names):
        return _Part.UNSEEN
    if tag == "blockquote" or any(_QUOTE_NAMES.fullmatch(name) for name in names):
        return _Part.QUOTED
    return _Part.SHOWN


def _divides(attributes: dict[str, str]) -> bool:
    named = _DIVIDER_NAMES.fullmatch(attributes.get("id", ""))
    return named is not None or _OUTLOOK_RULE.search(attributes.get("style", "")[:300]) is not None


def _emoji(alt: str) -> str:
    """Mail programs show emoji as pictures; a picture's other names are not what a person wrote."""
    return alt if len(alt) <= _ALT_MOST and alt and not any(c.isalpha() for c in alt) else ""
