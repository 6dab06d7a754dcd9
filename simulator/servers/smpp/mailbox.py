"""What waits for one account: receipts and replies, to be delivered to whichever of its sessions can receive.

Sessions take turns. What is not acknowledged goes out again: at once to another session when the connection
broke, after a while (on the world's clock) when the peer asked for that or said nothing. While something is
on its way, or could be, the clock is held, so that `auto` does not jump past it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol, cast

from simulator.carrier import Carrier
from simulator.clock import Clock, Handle
from simulator.due import DueState, Said, reply_of, report_of
from simulator.wire.smpp.status import NAMES, Status
from simulator.world import Moment, ReplyOut, ReportOut

FIRST_WAIT, LONGEST_WAIT = 1.0, 600.0
WORTH_IT = 16
"""Letters for which a system call is worth it."""
FOR_GOOD = frozenset({Status.RX_P_APPN, Status.RX_R_APPN})
"""Answers that say: never again (§5.1.3)."""


class Parcel:
    """A report or a reply, and how many of its letters have yet to be taken."""

    __slots__ = ("left", "lost", "what")

    def __init__(self, what: ReportOut | ReplyOut, letters: int) -> None:
        self.what, self.left, self.lost = what, letters, False


class Letter:
    """One deliver_sm on its way: all of it but the header. It is part of a parcel, or the receipt for a
    message that was handed in by the hundred, or an answer to it: that makes its parcel only when something
    goes wrong."""

    __slots__ = ("_parcel", "body", "due", "era", "sequence", "since", "tries")

    def __init__(
        self, body: bytes, parcel: Parcel | None, since: Moment, due: DueState | Said | None = None
    ) -> None:
        self.body, self._parcel, self.since, self.due = body, parcel, since, due
        self.tries = self.era = self.sequence = 0
        """`sequence` is the number it went out under for the first time."""

    @property
    def parcel(self) -> Parcel:
        due = self.due
        if self._parcel is None and due is not None:
            what = report_of(due, self.since) if len(due) == 2 else reply_of(due, self.since)
            self._parcel = Parcel(what, 1)
        return cast(Parcel, self._parcel)

    @property
    def message(self) -> str | None:
        """The message it is about, or answers."""
        if self.due is not None:
            return self.due[0].id
        what = self.parcel.what
        return what.message if isinstance(what, ReportOut) else what.answers


class Receiver(Protocol):
    """A session that is bound to receive."""

    @property
    def room(self) -> int: ...

    def deliver(self, letters: Sequence[Letter]) -> None: ...


class Mailbox:
    """The letters of one account. It acts only when told to; nothing here waits."""

    def __init__(self, clock: Clock, carrier: Carrier, *, most: int, give_up: float) -> None:
        self._clock, self._carrier, self._most = clock, carrier, most
        self._give_up_ms = round(give_up * 1000)
        self._ready: deque[Letter] = deque()
        self._later: dict[Letter, Handle] = {}
        self._receivers: deque[Receiver] = deque()
        self._under_way = 0
        self._era = 0
        self._hold: AbstractContextManager[None] | None = None

    def __len__(self) -> int:
        """Letters that are not taken yet."""
        return len(self._ready) + len(self._later) + self._under_way

    # Sessions come and go

    def join(self, receiver: Receiver) -> None:
        """A session is bound to receive: what has waited goes out."""
        self._receivers.append(receiver)
        self.go_on()

    def leave(self, receiver: Receiver) -> None:
        if receiver in self._receivers:
            self._receivers.remove(receiver)
        self._keep_hold()

    # Letters

    def put(self, letter: Letter) -> None:
        """Deliver it as soon as a session can take it."""
        self.put_all((letter,))

    def put_all(self, letters: Sequence[Letter]) -> None:
        """Deliver them as soon as sessions can take them."""
        space, era = max(0, self._most - len(self)), self._era
        for letter in letters[space:]:
            self._lose(letter, "too many wait")
        if space < len(letters):
            letters = letters[:space]
        for letter in letters:
            letter.era = era
        if self._ready or len(self._receivers) != 1 or self._receivers[0].room < len(letters):
            self._ready.extend(letters)
            self.go_on()
        elif letters:
            self._hand_over(letters)

    def _hand_over(self, letters: Sequence[Letter]) -> None:
        """The only session takes all of them, and nothing has waited."""
        for letter in letters:
            letter.tries = 1
        self._under_way += len(letters)
        self._receivers[0].deliver(letters)
        self._keep_hold()

    def go_on(self) -> None:
        """Give out as much as there is room for, to each session in turn: alike many to each, but many
        letters to no more sessions than a write is worth it for."""
        ready, receivers = self._ready, self._receivers
        takers = len(receivers)
        if len(ready) > WORTH_IT:
            takers = min(takers, -(-len(ready) // WORTH_IT))
        share = -(-len(ready) // max(1, takers))
        idle = 0
        while ready and idle < len(receivers):
            receiver = receivers[0]
            receivers.rotate(-1)
            room = receiver.room
            if room <= 0:
                idle += 1
                continue
            idle = 0
            letters = self._next(min(share, room))
            if letters:
                self._under_way += len(letters)
                receiver.deliver(letters)
        self._keep_hold()

    def _next(self, count: int) -> list[Letter]:
        """Up to so many of those that wait, but for those for which it is too late."""
        take = self._ready.popleft
        found: list[Letter] = []
        while self._ready and len(found) < count:
            letter = take()
            if letter.tries and self._is_over(letter):
                self._lose(letter, "never acknowledged")
            else:
                letter.tries += 1
                found.append(letter)
        return found

    def _is_over(self, letter: Letter) -> bool:
        return self._clock.now() >= letter.since + self._give_up_ms

    # What sessions tell

    def answered(self, letter: Letter, status: int) -> None:
        """The peer has answered; the session goes on by itself."""
        self._under_way -= 1
        if letter.era != self._era:
            pass
        elif status == 0:
            self._handed(letter)
        elif status in FOR_GOOD:
            self._lose(letter, f"refused: {_name(status)}")
        else:
            self._again(letter, f"answered {_name(status)}")
        if not self._under_way:
            self._keep_hold()

    def taken(self, letters: Sequence[Letter]) -> None:
        """The peer has taken all of these; the session goes on by itself."""
        self._under_way -= len(letters)
        reports: list[DueState] = []
        replies: list[Said] = []
        for letter in letters:
            if letter.era != self._era:
                continue
            due = letter.due
            if due is None:
                self._hand_together(reports, replies)
                self._handed(letter)
            elif len(due) == 2:
                reports.append(due)
            else:
                replies.append(due)
        self._hand_together(reports, replies)
        if not self._under_way:
            self._keep_hold()

    def _hand_together(self, reports: list[DueState], replies: list[Said]) -> None:
        if reports:
            self._carrier.handed_reports(reports[:])
            reports.clear()
        if replies:
            self._carrier.handed_replies(replies[:])
            replies.clear()

    def unanswered(self, letter: Letter) -> None:
        """No answer within the response timer."""
        self._under_way -= 1
        if letter.era == self._era:
            self._again(letter, "no answer in time")
        self.go_on()

    def returned(self, letters: list[Letter]) -> None:
        """The connection is gone: these go first when another can take them."""
        self._under_way -= len(letters)
        letters = [letter for letter in letters if letter.era == self._era]
        for letter in letters:
            self._failed(letter, "the connection was lost")
        self._ready.extendleft(reversed(letters))
        self.go_on()

    def _again(self, letter: Letter, why: str) -> None:
        self._failed(letter, why)
        if self._is_over(letter):
            self._lose(letter, "never acknowledged")
            return

        def back() -> None:
            del self._later[letter]
            self._ready.append(letter)
            self.go_on()

        wait = min(FIRST_WAIT * 2.0 ** min(letter.tries - 1, 30), LONGEST_WAIT)
        self._later[letter] = self._clock.call_later(wait, back)

    def _handed(self, letter: Letter) -> None:
        parcel = letter.parcel
        parcel.left -= 1
        if parcel.left or parcel.lost:
            return
        what = parcel.what
        if isinstance(what, ReportOut):
            self._carrier.handed_report(what)
        else:
            self._carrier.handed_reply(what)

    def _failed(self, letter: Letter, why: str) -> None:
        what = letter.parcel.what
        if isinstance(what, ReportOut):
            self._carrier.failed_report(what, why)
        else:
            self._carrier.failed_reply(what, why)

    def _lose(self, letter: Letter, why: str) -> None:
        """Give up; of a reply in parts, once."""
        parcel = letter.parcel
        if parcel.lost:
            return
        parcel.lost = True
        if isinstance(parcel.what, ReportOut):
            self._carrier.lost_report(parcel.what, why)
        else:
            self._carrier.lost_reply(parcel.what, why)

    def clear(self) -> None:
        """Forget what waits, and what is under way when it comes back: another world begins."""
        self._era += 1
        self._ready.clear()
        for handle in self._later.values():
            handle.cancel()
        self._later.clear()
        self._keep_hold()

    def _keep_hold(self) -> None:
        """The clock is held exactly while a letter is under way or could be."""
        busy = self._under_way > 0 or (bool(self._ready) and bool(self._receivers))
        if busy and self._hold is None:
            self._hold = self._clock.at_work()
            self._hold.__enter__()
        elif not busy and self._hold is not None:
            hold, self._hold = self._hold, None
            hold.__exit__(None, None, None)


def _name(status: int) -> str:
    return NAMES.get(status, f"0x{status:08X}")
