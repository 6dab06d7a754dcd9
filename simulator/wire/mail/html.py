"""HTML and plain text: what a page shows, and a text as HTML. One pass, linear in what comes in."""

from __future__ import annotations

import re
from html import escape, unescape

BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "br", "center", "div", "dl", "dd", "dt", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table",
    "td", "th", "tr", "ul",
))  # fmt: skip
"""Tags that begin a new line."""
UNSEEN = frozenset(("head", "script", "style", "template", "title"))
_NAME = re.compile(r"/?\s*([A-Za-z][A-Za-z0-9]*)")
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def shown(page: str) -> str:
    """The text that a page shows, a line for each block."""
    pieces: list[str] = []
    lower, at = page.lower(), 0
    while (tag := page.find("<", at)) >= 0:
        pieces.append(_BLANKS.sub(" ", unescape(page[at:tag])))
        at = _behind(page, lower, tag, pieces)
        if at < 0:
            break
    else:
        pieces.append(_BLANKS.sub(" ", unescape(page[at:])))
    lines = (line.strip(" ") for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _behind(page: str, lower: str, tag: int, pieces: list[str]) -> int:
    """Where reading goes on behind the tag that begins at `tag`; -1 when it never ends."""
    if page.startswith("<!--", tag):
        end = page.find("-->", tag)
        return end + 3 if end >= 0 else -1
    end = page.find(">", tag)
    name = _NAME.match(page, tag + 1)
    if end < 0 or name is None:
        pieces.append("<")
        return tag + 1
    word = name[1].lower()
    if word in BLOCKS:
        pieces.append("\n")
    if word in UNSEEN and page[tag + 1] != "/":
        close = lower.find(f"</{word}", end)
        return close if close >= 0 else -1
    return end + 1


def as_html(text: str) -> str:
    """A text as HTML that shows it."""
    return escape(text, quote=False).replace("\n", "<br>\n")
