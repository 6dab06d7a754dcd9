"""A reply as plain text and as HTML: the person's own words, and the furniture around them.

The own words stand in it exactly as they were handed in. What stands before them is a quote (marked, or
headed as mail programs do); what stands behind is a signature, a footer or a quote, each begun as people and
programs begin it. No greeting is added: it would be words of the person's own, and `STOP` must stand alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from simulator.phrasebook.mail.dress import Dress
from simulator.phrasebook.mail.furniture import (
    RULE,
    Question,
    Writer,
    attribution,
    broken,
    head_of_quote,
    marked,
    signature,
)
from simulator.phrasebook.phrase import Chance
from simulator.wire.mail.html import as_html

UNMARKED = ("outlook", "original")
"""Clients that quote below a head, without marks; they know no other place for a quote."""


class Letter:
    """One reply, laid out. `plain` and `page` are the same mail in two forms."""

    def __init__(self, words: str, dress: Dress, question: Question, writer: Writer, chance: Chance) -> None:
        self._words, self._question, self._writer = words, question, writer
        self._quote = dress.quote
        self._client = dress.client
        if self._client in UNMARKED and self._quote in ("above", "inline"):
            self._client = "thunderbird"
        self._signature = signature(dress.signature, writer, chance)
        self._footer = [chance.choice(writer.manual.footers)] if dress.footer else []

    # Plain text

    @property
    def plain(self) -> str:
        own = self._words.split("\n")
        tail = [*_behind(self._signature), *_behind(self._footer)]
        quote = self._plain_quote()
        if self._quote == "below":
            return _text([*own, *tail, "", *quote])
        if self._quote == "above":
            return _text([*quote, "", *own, *tail])
        if self._quote == "inline":
            first, rest = self._halves()
            lead = broken(attribution(self._question, self._writer.manual, self._client))
            return _text([*lead, *marked(first), "", *own, "", *marked(rest), *tail])
        return _text([*own, *tail])

    def _plain_quote(self) -> list[str]:
        question, manual = self._question, self._writer.manual
        if self._quote == "none":
            return []
        if self._client not in UNMARKED:
            return [*broken(attribution(question, manual, self._client)), "", *marked(question.lines)]
        head = [f"{label}: {value}" for label, value in head_of_quote(question, manual)]
        begins = RULE if self._client == "outlook" else manual.original
        return [begins, *head, "", *question.lines]

    def _halves(self) -> tuple[Sequence[str], Sequence[str]]:
        """The quote up to the last line that asks, and what is behind it."""
        lines = self._question.lines
        asking = [place for place, line in enumerate(lines) if "?" in line]
        cut = (asking[-1] if asking else len(lines) // 2) + 1
        return lines[:cut], lines[cut:]

    # HTML

    @property
    def page(self) -> str:
        own = f"<div>{as_html(self._words)}</div>"
        tail = self._page_tail()
        quote = self._page_quote(self._question.lines)
        if self._quote == "above":
            body = f"{quote}<br>\n{own}\n{tail}"
        elif self._quote == "inline":
            first, rest = self._halves()
            body = f"{self._page_quote(first)}\n{own}\n{_cited(rest)}\n{tail}"
        else:
            body = f"{own}\n{tail}\n{quote}"
        return f"<html><body>\n{body}\n</body></html>"

    def _page_tail(self) -> str:
        signed = as_html("\n".join(self._signature))
        footer = as_html("\n".join(self._footer))
        kind = ' class="gmail_signature"' if self._client == "gmail" else ""
        pieces = [
            f"<br>\n<div{kind}>{signed}</div>" if signed else "",
            f"<br>\n<div>{footer}</div>" if footer else "",
        ]
        return "\n".join(filter(None, pieces))

    def _page_quote(self, lines: Sequence[str]) -> str:
        question, manual = self._question, self._writer.manual
        if self._quote == "none":
            return ""
        if self._client in UNMARKED:
            head = "<br>\n".join(
                f"<b>{escape(label)}:</b> {escape(value)}" for label, value in head_of_quote(question, manual)
            )
            begins = "<hr>" if self._client == "outlook" else escape(manual.original) + "<br>"
            return f'{begins}\n<div id="divRplyFwdMsg" dir="ltr">{head}</div>\n<div>{_shown(lines)}</div>'
        said = escape(attribution(question, manual, self._client))
        if self._client == "gmail":
            said = f'<div dir="ltr" class="gmail_attr">{said}<br></div>'
            return f'<br>\n<div class="gmail_quote">{said}{_cited(lines)}</div>'
        if self._client == "thunderbird":
            return f'<div class="moz-cite-prefix">{said}<br></div>\n{_cited(lines)}'
        return f"<div><br><div>{said}</div>\n{_cited(lines)}</div>"


def _cited(lines: Sequence[str]) -> str:
    return f'<blockquote type="cite" class="gmail_quote">{_shown(lines)}</blockquote>'


def _shown(lines: Sequence[str]) -> str:
    return as_html("\n".join(lines))


def _behind(lines: Sequence[str]) -> list[str]:
    return ["", *lines] if lines else []


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines)
