"""The PDUs that come by the thousand, from the octets of a read to their answers: ordinary submit_sm, and the
answers to our own deliver_sm.

Everything about a read that can be done once is done once: the clock, the journal, the agenda, the write. The
loops stop at the first PDU that is out of the ordinary, which then goes the general way (`Connection`), and
go on behind it; a test sends the same streams both ways and compares all that can be seen from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.bulk import Ordinary
from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.delivery import Correlation
from simulator.people.subscriber import Subscriber
from simulator.servers.smpp import numbers
from simulator.servers.smpp.mailbox import Letter
from simulator.servers.smpp.options import Options
from simulator.servers.smpp.pattern import TAIL, TEXT, Pattern, pattern_of, reference_at
from simulator.servers.smpp.record import Answered
from simulator.wire.smpp.pdu import Command
from simulator.wire.smpp.states import State
from simulator.wire.smpp.status import Status
from simulator.wire.smpp.writing import HEADER
from simulator.world import Channel

if TYPE_CHECKING:
    from simulator.servers.smpp.connection import Connection

SUBMIT_SM, DELIVER_SM_RESP = int(Command.SUBMIT_SM), int(Command.DELIVER_SM_RESP)
_SENDING = frozenset({State.BOUND_TX, State.BOUND_TRX})
_MOST_PATTERNS, _MOST_HOMES = 1_024, 65_536
_LONGEST = 254
_EMPTY_ANSWERS = (16, 17)


class Express:
    """For every session of a door. Remembers patterns by their octets, and people by their numbers'."""

    def __init__(self, carrier: Carrier, clock: Clock, options: Options) -> None:
        self._carrier, self._clock, self._options = carrier, clock, options
        self._patterns: dict[tuple[str, bytes, bytes], Pattern | None] = {}
        self._homes: dict[bytes, Subscriber | None] = {}
        self._town_age = -1

    def serves(self, connection: Connection) -> bool:
        """Whether what this session sends may be ordinary now."""
        return connection.session.bound and connection.diverted is None and self._carrier.ordinary

    def read(self, connection: Connection, data: bytes, at: int) -> int:
        """Serve the ordinary PDUs from `at` on; returns where the first other one begins."""
        sends = connection.session.state in _SENDING
        while True:
            start = at
            if sends:
                at = self._submits(connection, data, at)
            at = self._answers(connection, data, at)
            if at in (start, len(data)):
                return at

    # submit_sm

    def _submits(self, connection: Connection, data: bytes, at: int) -> int:
        found: list[Ordinary] = []
        references: set[Correlation] = set()
        pattern, homes, end = connection.pattern, self._living(), len(data)
        header, ours = HEADER.unpack_from, HEADER.size
        while end - at > ours:
            length, command, _, _ = header(data, at)
            if command != SUBMIT_SM or at + length > end:
                break
            raw = data[at : at + length]
            if pattern is None or not raw.startswith(pattern.prefix, ours):
                pattern = self._pattern(connection, raw)
                if pattern is None:
                    break
            target = raw.find(0, pattern.source + 3)
            if raw[target + 1 : target + 1 + TAIL] != pattern.tail:
                pattern = self._pattern(connection, raw)
                if pattern is None:
                    break
            start = target + TEXT
            if start > length or raw[start - 1] > _LONGEST or target < 0:
                break
            to = raw[pattern.source + 1 : target]
            who = homes.get(to) or self._home(to)
            bare = start + raw[start - 1] == length
            reference = "" if bare or who is None else self._reference(raw, start, pattern, who, references)
            if who is None or reference is None:
                break
            found.append((who, pattern, raw, reference))
            at += length
        connection.pattern = pattern
        if found:
            self._take(connection, found)
        return at

    def _reference(
        self, raw: bytes, start: int, pattern: Pattern, who: Subscriber, others: set[Correlation]
    ) -> str | None:
        """The client's own behind the text that begins at `start`; None when a message under it has come
        before, in this read or another, or when it is something else."""
        reference = reference_at(raw, start + raw[start - 1])
        if reference is None:
            return None
        key = (pattern.account, reference, who.address)
        if key in others or self._carrier.knows(key):
            return None
        others.add(key)
        return reference

    def _take(self, connection: Connection, found: list[Ordinary]) -> None:
        messages = self._carrier.take_all(found)
        try:
            connection.accepted(messages)
        finally:
            self._carrier.go_on()

    def _pattern(self, connection: Connection, raw: bytes) -> Pattern | None:
        """By the octets before the receiver and behind."""
        account = connection.account or ""
        source = raw.find(0, raw.find(0, 16) + 3)
        target = raw.find(0, source + 3)
        key = (account, raw[16 : source + 3], raw[target + 1 : target + 1 + TAIL])
        if key in self._patterns:
            return self._patterns[key]
        if len(self._patterns) >= _MOST_PATTERNS:
            self._patterns.clear()
        found = self._patterns[key] = pattern_of(raw, account, self._clock.now(), self._options)
        return found

    def _living(self) -> dict[bytes, Subscriber | None]:
        """Who lives where, as long as nobody moves."""
        age = self._carrier.town.age
        if age != self._town_age or len(self._homes) > _MOST_HOMES:
            self._homes, self._town_age = {}, age
        return self._homes

    def _home(self, to: bytes) -> Subscriber | None:
        """Who takes a message to these octets (type, plan, address) as a matter of course."""
        if len(to) < 3 or len(to) > 22:
            return None
        address = numbers.destination(to[0], to[2:])
        who = None if isinstance(address, Status) else self._carrier.town.subscriber(address)
        if who is None or Channel.SMS not in who.channels or (who.script is not None and who.script.tries):
            return None
        self._homes[to] = who
        return who

    # deliver_sm_resp

    def _answers(self, connection: Connection, data: bytes, at: int) -> int:
        letters: list[Letter] = []
        answers: list[Answered] = []
        end, header, ours, sent = len(data), HEADER.unpack_from, HEADER.size, connection.session.sent
        while end - at >= ours:
            length, command, status, sequence = header(data, at)
            if command != DELIVER_SM_RESP or status or at + length > end or length not in _EMPTY_ANSWERS:
                break
            waiting = sent.get(sequence)
            if (
                waiting is None
                or type(letter := waiting[3]) is not Letter
                or (length > ours and data[at + ours])
            ):
                break
            del sent[sequence]
            letters.append(letter)
            as_ever = sequence == letter.sequence and length > ours
            answers.append(letter if as_ever else (letter, data[at : at + length]))
            at += length
        if letters:
            connection.door.record.taken_all(answers, connection)
            connection.door.taken(connection, letters)
        return at
