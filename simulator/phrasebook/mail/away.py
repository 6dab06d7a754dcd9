"""Out-of-office replies: no human writes them, and they are no replies (answers.md, "E-mail"; RFC 3834)."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

from simulator.phrasebook.mail.furniture import Question, Writer, telephone
from simulator.phrasebook.mail.reply import Thread, message_id
from simulator.phrasebook.phrase import Chance
from simulator.wire.mail.compose import Headers, Mailbox, mail, text_part

MARKS: dict[str, Headers] = {
    "rfc3834": [("Auto-Submitted", "auto-replied")],
    "outlook": [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")],
    "precedence": [("Precedence", "bulk"), ("X-Autoreply", "yes")],
    "bare": [],
}
"""How each kind shows what it is; `bare` only by its subject."""


def away(
    kind: str,
    *,
    identity: str,
    question: Question,
    writer: Writer,
    thread: Thread,
    at: datetime,
    chance: Chance,
) -> bytes:
    """An out-of-office reply of a kind in `MARKS`."""
    manual = writer.manual
    until = at + timedelta(days=3 + chance.randrange(18))
    text = chance.choice(manual.away_text).format(
        until=f"{until.day}/{until.month}", name=writer.name.split(" ")[-1], phone=telephone(chance)
    )
    headers: list[tuple[str, str | Mailbox]] = [
        ("From", Mailbox(writer.name, writer.address)),
        ("To", Mailbox(question.name, question.address)),
        (
            "Subject",
            manual.away[0 if kind == "bare" else chance.randrange(len(manual.away))] + question.subject,
        ),
        ("Date", format_datetime(at)),
        ("Message-ID", message_id(identity, writer.address)),
        *([("In-Reply-To", thread.answers)] if thread.answers else []),
        *MARKS[kind],
    ]
    return mail(headers, text_part(text))
