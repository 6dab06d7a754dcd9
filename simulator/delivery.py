"""What the carrier remembers: messages and what became of them, repeats, conversations, allowances.

State only, no clock and no chance: moments are handed in. All of it is bounded; what is forgotten is the
view of a message, never its delivery, which stands on the agenda.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from simulator.message import Event as Event
from simulator.message import Message as Message
from simulator.message import State as State
from simulator.world import Address, Channel, MessageId, Moment, Submission

REPEATS_MS = 48 * 3_600_000
"""For so long a second submission under a reference is the same message again."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which messages are meant; what is None means all."""

    to: Address | None = None
    account: str | None = None
    channel: Channel | None = None
    state: State | None = None
    replied: bool | None = None
    reference: str | None = None
    text: str | None = None
    """Part of the text, in any case."""

    def takes(self, message: Message) -> bool:
        """Whether `message` is meant."""
        return (
            (self.to is None or message.to == self.to)
            and (self.account is None or message.account == self.account)
            and (self.channel is None or message.channel is self.channel)
            and (self.state is None or message.state is self.state)
            and (self.replied is None or (message.replies > 0) is self.replied)
            and (self.reference is None or message.reference == self.reference)
            and (self.text is None or self.text.casefold() in message.submission.text.casefold())
        )


ALL = Which()


class Messages:
    """The messages accepted last, in the order of their acceptance. Of many, a hundredth more than `keep` may
    stay: forgetting one by one costs more."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self.by_number: dict[int, Message] = {}

    def add(self, message: Message) -> None:
        """Keep it; one of the same id is replaced and keeps its place."""
        self.by_number[message.number] = message
        self.bound()

    def bound(self) -> None:
        """Forget the oldest of too many."""
        too_many = len(self.by_number) - self._keep
        if too_many > self._keep // 100:
            for number in list(islice(self.by_number, too_many)):
                del self.by_number[number]

    def get(self, identity: MessageId) -> Message | None:
        message = self.by_number.get(_number(identity))
        return message if message is not None and message.id == identity else None

    def find(self, which: Which = ALL, *, after: int = 0, limit: int = 100) -> list[Message]:
        """Up to `limit` messages with an order above `after`, oldest first."""
        found: list[Message] = []
        for message in self._from(after):
            if len(found) >= limit:
                break
            if which.takes(message):
                found.append(message)
        return found

    def newest(self, which: Which = ALL, limit: int = 100) -> list[Message]:
        """Up to `limit` messages, newest first."""
        found: list[Message] = []
        for message in reversed(self.by_number.values()):
            if len(found) >= limit:
                break
            if which.takes(message):
                found.append(message)
        return found

    def _from(self, after: int) -> Iterator[Message]:
        return (message for message in self.by_number.values() if message.order > after)

    def __len__(self) -> int:
        return len(self.by_number)


def _number(identity: str) -> int:
    """What is no number is the id of nothing."""
    try:
        return int(identity, 16)
    except ValueError:
        return -1


Correlation = tuple[str, str, Address]
"""Account, its own reference, and the address: one call may carry a reference to several."""


class Repeats:
    """Submissions known by the peer's reference, for two days and at most `keep` of them."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._known: OrderedDict[Correlation, tuple[Moment, MessageId]] = OrderedDict()

    def find(self, submission: Submission, now: Moment) -> MessageId | None:
        """The message that this submission is again."""
        key = _correlation(submission)
        return self.known(key, now) if key else None

    def known(self, key: Correlation, now: Moment) -> MessageId | None:
        """The message that was submitted under this."""
        known = self._known.get(key)
        return known[1] if known and now < known[0] + REPEATS_MS else None

    def add(self, message: Message) -> None:
        key = _correlation(message.submission)
        if key is not None:
            self.keep(key, message)

    def keep(self, key: Correlation, message: Message) -> None:
        """Know a message by this."""
        now = message.at
        self._known.pop(key, None)
        self._known[key] = (now, message.id)
        while len(self._known) > self._keep or now >= next(iter(self._known.values()))[0] + REPEATS_MS:
            self._known.popitem(last=False)

    def __len__(self) -> int:
        return len(self._known)


def _correlation(submission: Submission) -> Correlation | None:
    if not submission.reference or submission.channel is Channel.VOICE:  # who asks twice calls twice
        return None
    return (submission.account, submission.reference, submission.to)


Talk = tuple[str, str, MessageId, Moment]
"""Who wrote to somebody last: short number, account, message, moment. A plain tuple, of which the
collector of garbage keeps no track: there is one for every address."""


class Line:
    """What is between the gateway and one address: how many messages went there, and who wrote last."""

    __slots__ = ("account", "at", "message", "sender", "sent")

    def __init__(self) -> None:
        self.sent = 0
        self.sender: str | None = None
        self.account, self.message, self.at = "", 0, Moment(0)


class Lines:
    """What is between the gateway and the `keep` addresses written to last. One that is forgotten begins
    anew with its first message."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self.lines: OrderedDict[Address, Line] = OrderedDict()
        self._talks: OrderedDict[tuple[Address, str], Talk] = OrderedDict()
        self.tries: OrderedDict[tuple[str, Address, str | None], int] = OrderedDict()

    def next_to(self, address: Address) -> int:
        """The ordinal that the next message to `address` will have."""
        line = self.lines.get(address)
        return 1 if line is None else line.sent + 1

    def try_of(self, submission: Submission) -> int:
        """The ordinal of this try to submit, one more than those that failed."""
        return self.tries.get(_attempted(submission), 0) + 1

    def failed(self, submission: Submission) -> None:
        """A try did not end in an acceptance."""
        key = _attempted(submission)
        self.tries[key] = self.tries.pop(key, 0) + 1
        if len(self.tries) > self._keep:
            self.tries.popitem(last=False)

    def accepted(self, message: Message) -> None:
        """A message goes to its address: it is counted, and its account is the one to answer to."""
        told = message.submission
        if self.tries:
            self.tries.pop(_attempted(told), None)
        self.sent(message.who.address, told.sender, told.account, message.number, message.at)

    def sent(self, address: Address, sender: str, account: str, number: int, at: Moment) -> int:
        """Another message goes to `address`; returns its ordinal."""
        lines = self.lines
        line = lines.get(address)
        if line is None:
            line = lines[address] = Line()
            if len(lines) > self._keep:
                lines.popitem(last=False)
        else:
            lines.move_to_end(address)
            if line.sender != sender and line.sender is not None:
                self._keep_talk(address, line)
        line.sent += 1
        line.sender, line.account, line.message, line.at = sender, account, number, at
        return line.sent

    def _keep_talk(self, address: Address, line: Line) -> None:
        """Somebody else writes: what was said before stays known by its short number."""
        before = _talk(line)
        self._talks[address, before[0]] = before
        self._talks.move_to_end((address, before[0]))
        if len(self._talks) > self._keep:
            self._talks.popitem(last=False)

    def owner(self, address: Address, sender: str, since: int) -> str | None:
        """The account that wrote to `address` from `sender` last, if it did so from `since` on."""
        line = self.lines.get(address)
        if line is not None and line.sender == sender:
            return line.account if line.at >= since else None
        talk = self._talks.get((address, sender))
        return talk[1] if talk is not None and talk[3] >= since else None

    def talk(self, address: Address, sender: str | None = None) -> Talk | None:
        """Who wrote to `address` last, from the short number `sender` or from any."""
        line = self.lines.get(address)
        if line is not None and (sender is None or sender == line.sender):
            return _talk(line)
        return None if sender is None else self._talks.get((address, sender))


def _talk(line: Line) -> Talk:
    return (line.sender or "", line.account, MessageId(f"{line.message:x}"), line.at)


def _attempted(submission: Submission) -> tuple[str, Address, str | None]:
    return (submission.account, submission.to, submission.reference)
