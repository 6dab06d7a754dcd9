"""A script for a mailbox: what a telephone's script says, and what only mail can do. Values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.people.script import Script, Step, Telling

OUT_OF_OFFICE = ("rfc3834", "outlook", "precedence", "bare")
"""How an out-of-office reply shows that no human wrote it: the standard's header (RFC 3834 §5), Outlook's,
the old `Precedence`, or nothing but its subject."""
COMPLAINT = "complaint"
NOTICES = (*OUT_OF_OFFICE, COMPLAINT)


@dataclass(frozen=True, slots=True)
class Notice:
    """An automatic mail, which is no reply: of a kind in `NOTICES`, `after` seconds from the acceptance;
    None: as quick as the population's scripted people are."""

    kind: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class MailScript(Script):
    """What a mailbox does with a mail."""

    steps: Sequence[Step] = (Step("delivered", None, Telling.QUIET),)
    """As a telephone's; that a mail was delivered is told to nobody."""
    notices: Sequence[Notice] = ()
    greylisted: float = 0.0
    """Seconds until a first try to name the recipient is answered well; 0: at once."""
    copies: int = 1
    """So many times is each reply delivered, under one Message-ID."""
    manner: str | None = None
    """How replies are dressed, by a name in the table of manners; None: as the person writes."""
