"""What the door wants back with everything that comes of a mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from simulator.phrasebook.mail.furniture import Question
from simulator.phrasebook.mail.reply import Thread
from simulator.wire.mail.incoming import Incoming
from simulator.wire.mail.path import NULL
from simulator.world import Moment

BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True, slots=True)
class Slip:
    """A mail that was accepted, for one recipient."""

    mail: Incoming = field(repr=False)
    return_path: str
    """Where bounces go; `<>`: nowhere."""
    to: str
    at: Moment

    @property
    def answer_to(self) -> str | None:
        """Where an answer goes: Reply-To, else From, else whoever sent it."""
        return self.mail.reply_to or self.bounce_to

    @property
    def bounce_to(self) -> str | None:
        return None if self.return_path == NULL else self.return_path

    @property
    def question(self) -> Question:
        """The mail as its reader sees it."""
        mail = self.mail
        address = self.answer_to or ""
        return Question(mail.name, address, self.to, mail.subject, mail.text, local(self.at))

    @property
    def thread(self) -> Thread:
        return Thread(self.mail.message_id, self.mail.references)


def local(at: Moment) -> datetime:
    """A moment as people here write it."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(BRUSSELS)
