"""What comes back from people, as letters in the mailboxes of the accounts it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.due import DueState, Said, reply_of, report_of
from simulator.faults.trouble import CALM, Trouble
from simulator.message import Message
from simulator.servers.smpp import deliveries, mischief
from simulator.servers.smpp.mailbox import Letter, Mailbox
from simulator.servers.smpp.options import DOOR
from simulator.world import Moment, ReplyOut, ReportOut

if TYPE_CHECKING:
    from simulator.servers.smpp.door import SmppDoor


class Postroom:
    """The outlet of every account of the door."""

    def __init__(
        self, door: SmppDoor, carrier: Carrier, clock: Clock, mailboxes: Mapping[str, Mailbox]
    ) -> None:
        self._door, self._carrier, self._clock, self._mailboxes = door, carrier, clock, mailboxes

    def report(self, report: ReportOut) -> None:
        """Put a receipt for each part of the message into the mailbox."""
        trouble = self._trouble(report.to, report.account)
        letters = deliveries.receipts(report, self._clock.now(), self._door.options, trouble)
        self._post(report.account, letters, trouble)

    def report_all(self, due: Sequence[DueState], at: Moment) -> None:
        """Receipts for messages of one account that came in patterns."""
        account, now = due[0][0].account, self._clock.now()
        if self._door.faults or not deliveries.is_usual(self._door.options):
            for each in due:
                report = report_of(each, at)
                trouble = self._trouble(report.to, report.account)
                letters = deliveries.receipts(report, now, self._door.options, trouble)
                self._post(account, letters, trouble)
            return
        self._mailboxes[account].put_all(deliveries.usual_receipts(due, at, now))

    def reply_all(self, said: Sequence[Said]) -> None:
        """Replies to one account's messages that came in patterns."""
        mailbox, now = self._mailboxes[said[0][3]], self._clock.now()
        letters: list[Letter] = []
        for each in said:
            letter = None if self._door.faults else deliveries.usual_reply(each, now, self._door.options)
            if letter is not None:
                letters.append(letter)
                continue
            mailbox.put_all(letters)
            letters = []
            self.reply(reply_of(each, now))
        mailbox.put_all(letters)

    def reply(self, reply: ReplyOut) -> None:
        """Put the parts of a reply into the mailbox."""
        trouble = self._trouble(reply.sender, reply.account)
        bodies = deliveries.parts_of(reply, self._asked(reply), self._door.options)
        order = self._order(reply, len(bodies))
        letters = deliveries.letters(reply, [bodies[place] for place in order], self._clock.now())
        if len(letters) < len(bodies):
            deliveries.lose(letters)
            self._carrier.lost_reply(reply, "a part was lost by a fault")
        self._post(reply.account, letters, trouble)

    def _asked(self, reply: ReplyOut) -> Message | None:
        """The message that a reply answers, while it is known."""
        if isinstance(reply.about, Message):
            return reply.about
        return self._carrier.message(reply.answers) if reply.answers else None

    def _order(self, reply: ReplyOut, count: int) -> Sequence[int]:
        order: Sequence[int] = range(count)
        if self._door.faults:
            order = self._door.faults.parts(DOOR, count, address=reply.sender, account=reply.account)
        return order[::-1] if reply.parts_shuffled else order

    def _trouble(self, address: str, account: str) -> Trouble:
        if not self._door.faults:
            return CALM
        return self._door.faults.meet(f"{DOOR}.push", address=address, account=account)

    def _post(self, account: str, letters: Sequence[Letter], trouble: Trouble) -> None:
        mailbox = self._mailboxes[account]
        if trouble is CALM:
            for letter in letters:
                mailbox.put(letter)
        else:
            mischief.post(self._door, mailbox, self._door.sessions_of(account), letters, trouble)
