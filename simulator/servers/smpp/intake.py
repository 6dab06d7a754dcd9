"""Takes messages: from an order and a destination to the carrier, long ones when their last part has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.journal import Journal, Kind
from simulator.servers.smpp import numbers, orders
from simulator.servers.smpp.numbers import Party
from simulator.servers.smpp.options import DOOR, Options
from simulator.servers.smpp.orders import Order
from simulator.servers.smpp.outgoing import hidden, shown
from simulator.servers.smpp.slips import PartSlip, Slip, Whole
from simulator.wire.smpp import alphabets, parts
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.assembly import Assembly, Incomplete, Part
from simulator.wire.smpp.parts import Piece
from simulator.wire.smpp.pdu import Destination, Pdu, Unsuccess
from simulator.wire.smpp.status import Status
from simulator.world import (
    Accepted,
    Accident,
    Address,
    Botched,
    Channel,
    MessageId,
    Moment,
    Refusal,
    Refused,
    Submission,
    Terms,
    Wish,
)

Key = TypeVar("Key")
Value = TypeVar("Value")

REFUSALS: Mapping[Refusal, Status] = {
    Refusal.REJECTED: Status.RSUBMITFAIL,
    Refusal.ADDRESS_INVALID: Status.RINVDSTADR,
    Refusal.THROTTLED: Status.RTHROTTLED,
    Refusal.QUEUE_FULL: Status.RMSGQFUL,
    Refusal.UNAVAILABLE: Status.RSYSERR,
}
MOST_PART_IDS = 100_000
"""Ids of parts of long messages that can still be asked about."""


class Outcome(NamedTuple):
    """How a message fared: the status and id to answer with, or the accident that comes instead."""

    status: int
    id: str = ""
    accident: Accident | None = None


class Intake:
    """The way in, for every session."""

    def __init__(self, carrier: Carrier, clock: Clock, journal: Journal, options: Options) -> None:
        self._carrier, self._clock, self._journal, self._options = carrier, clock, journal, options
        self.begin()

    def begin(self) -> None:
        """Another world: no part is waited for."""
        self._assembly = Assembly(age=self._options.bounds.parts_age * 1000)
        self._part_of: dict[str, MessageId | None] = {}
        self._taken: dict[tuple[object, int], str] = {}
        self._copies: dict[str, tuple[MessageId, ...]] = {}

    def submit(self, pdu: Pdu, account: str) -> Outcome:
        """Take a submit_sm or data_sm."""
        order = orders.read(pdu, self._clock.now(), self._options.alphabet)
        if isinstance(order, Status):
            return Outcome(order)
        fields = pdu.fields
        to = Party(fields["dest_addr_ton"], fields["dest_addr_npi"], fields["destination_addr"])
        return self._take(order, to, account)

    def multi(self, pdu: Pdu, account: str) -> tuple[Outcome, list[Unsuccess]]:
        """Take a submit_multi: one id for all; who was refused, and why."""
        order = orders.read(pdu, self._clock.now(), self._options.alphabet)
        destinations: tuple[Destination, ...] = pdu.fields["dest_address"]
        if isinstance(order, Status):
            return Outcome(order), []
        if any(each.list_name for each in destinations):
            return Outcome(Status.RINVDLNAME), []
        taken: list[str] = []
        failed: list[Unsuccess] = []
        accident = None
        for each in destinations:
            to = Party(each.ton, each.npi, each.address)
            outcome = self._take(order, to, account, taken[0] if taken else "")
            if outcome.id:
                taken.append(outcome.id)
            accident = accident or outcome.accident
            if outcome.status:
                failed.append(Unsuccess(*to, outcome.status))
        status = failed[0].status if len(failed) == len(destinations) else 0
        return Outcome(status, self._joint_id(taken), accident), failed

    def _joint_id(self, taken: Sequence[str]) -> str:
        """The one id that stands for the messages to all destinations."""
        if len(taken) > 1:
            _keep(self._copies, taken[0], tuple(filter(None, map(self.message_of, taken))))
        return taken[0] if taken else ""

    def _take(self, order: Order, to: Party, account: str, identity: str = "") -> Outcome:
        address = numbers.destination(to.ton, to.address)
        if isinstance(address, Status):
            self._submit(order, Address(to.address.decode("latin-1")), account, order.text, Whole([]))
            return Outcome(address)  # the carrier said the same, and so the journal knows
        now = self._clock.now()
        slip = Slip(order.source, to, order.excerpt, now, order.terms, order.alphabet, identity)
        piece = order.content.piece
        if piece is None or piece.total == 1:
            if order.replaces and (outcome := self._replace(order, address, account)):
                return outcome
            return self._submit(order, address, account, order.text, slip)
        return self._take_part(order, address, account, slip, piece)

    @property
    def _short(self) -> str:
        return self._options.short_number

    def _submit(
        self,
        order: Order,
        to: Address,
        account: str,
        text: str,
        slip: Slip | Whole,
        terms: Terms | None = None,
    ) -> Outcome:
        submission = _submission(order, to, account, text, terms or order.terms, slip, self._short)
        return self._spelt(self._carrier.submit(submission))

    def _spelt(self, result: Accepted | Refused | Botched) -> Outcome:
        if isinstance(result, Accepted):
            return Outcome(0, shown(result.message, self._options.dialect))
        if isinstance(result, Refused):
            return Outcome(REFUSALS[result.refusal])
        return Outcome(0, accident=result.accident)

    def _replace(self, order: Order, to: Address, account: str) -> Outcome | None:
        """replace_if_present_flag: a message of this sender that is still under way (§5.2.18)."""
        talk = self._carrier.last_to(to, _sender(order.source, self._short))
        message = self._carrier.message(talk) if talk else None
        if message is None or message.submission.account != account:
            return None
        if self._carrier.replace(message, order.text, order.terms) is None:
            return None
        return Outcome(0, shown(message.id, self._options.dialect))

    # Long messages

    def _take_part(self, order: Order, to: Address, account: str, slip: Slip, piece: Piece) -> Outcome:
        """Each part has an id; the person gets one message, when all have come."""
        who = (account, to, order.source.address, order.reference)
        again = self._taken.get((who, piece.number)) if order.reference else None
        if again is not None:
            return Outcome(0, again)
        part = Part(parts.text_octets(order.content, order.alphabet), PartSlip(slip, order, account, to))
        found = self._assembly.add(who, piece, part, self._clock.now())
        if found is None:
            slip.id = slip.id or shown(self._carrier.new_id(), self._options.dialect)
            _keep(self._part_of, slip.id, None)
            outcome = Outcome(0, slip.id)
        else:
            outcome = self._take_whole(found, who, piece, to, account)
        if order.reference and outcome.id:
            _keep(self._taken, (who, piece.number), outcome.id)
        self._journal.record(
            Kind.MT_PART, address=to, account=account, part=piece.number, of=piece.total, id=outcome.id
        )
        return outcome

    def _take_whole(
        self, found: tuple[Part, ...], who: object, piece: Piece, to: Address, account: str
    ) -> Outcome:
        known = [part.token for part in found if isinstance(part.token, PartSlip)]
        slips = [token.slip for token in known]
        first = known[0].order
        text = _joined(found, [token.order for token in known])
        terms = _joint([token.order.terms for token in known])
        outcome = self._submit(first, to, account, text, Whole(slips), terms)
        if outcome.id:
            whole = MessageId(hidden(outcome.id, self._options.dialect))
            for slip in slips:
                if slip.id in self._part_of:  # and not the id that stands for several messages
                    _keep(self._part_of, slip.id, whole)
                    _keep(self._copies, slip.id, (*self._copies.get(slip.id, ()), whole))
        elif outcome.status:
            self._keep_others(found, who, piece)
        return outcome

    def _keep_others(self, found: tuple[Part, ...], who: object, piece: Piece) -> None:
        """The last part was refused and may come again: the others were taken, so they stay."""
        for number, part in enumerate(found, 1):
            if number != piece.number:
                self._assembly.add(who, piece._replace(number=number), part, self._clock.now())

    def messages_of(self, identity: str) -> Sequence[MessageId]:
        """The messages that an id in a response stands for: of a submit_multi, one to each destination."""
        one = self.message_of(identity)
        return self._copies.get(identity) or ((one,) if one else ())

    def message_of(self, identity: str) -> MessageId | None:
        """The message that an id in a response stands for, be it the id of a part."""
        if identity in self._part_of:
            return self._part_of[identity]
        return MessageId(hidden(identity, self._options.dialect))

    def is_waiting(self, identity: str) -> bool:
        """Whether it is the id of a part whose message is not whole."""
        return identity in self._part_of and self._part_of[identity] is None

    def give_up(self) -> list[Incomplete]:
        """Parts whose others never came."""
        given_up = self._assembly.expire(self._clock.now())
        for each in given_up:
            self._journal.record(
                Kind.INPUT_MALFORMED,
                door=DOOR,
                what=f"{len(each.tokens)} of the {each.total} parts of a message came",
            )
        return given_up


def _submission(
    order: Order, to: Address, account: str, text: str, terms: Terms, slip: object, short_number: str
) -> Submission:
    sender = _sender(order.source, short_number)
    return Submission(account, Channel.SMS, to, sender, text, order.reference, terms, slip)


def _sender(source: Party, short_number: str) -> str:
    return source.address.decode("latin-1") or short_number


def _joined(found: tuple[Part, ...], parts_of: list[Order]) -> str:
    """The text of all parts: their octets are joined first, as clients cut through characters."""
    alphabet = parts_of[0].alphabet
    if any(each.alphabet is not alphabet for each in parts_of):
        return "".join(each.text for each in parts_of)
    read_as = Alphabet.GSM if alphabet is Alphabet.PACKED else alphabet
    return alphabets.decode(b"".join(part.octets for part in found), read_as)


def _keep(kept: dict[Key, Value], key: Key, value: Value) -> None:
    kept[key] = value
    if len(kept) > MOST_PART_IDS:
        del kept[next(iter(kept))]


def _joint(terms: list[Terms]) -> Terms:
    """What the parts ask for together: whatever one of them wants."""
    if all(each == terms[0] for each in terms):
        return terms[0]
    starts: list[Moment] = [each.not_before for each in terms if each.not_before is not None]
    ends: list[Moment] = [each.expires for each in terms if each.expires is not None]
    wishes = {each.reports for each in terms} - {Wish.NONE}
    wish = wishes.pop() if len(wishes) == 1 else Wish.ALL if wishes else Wish.NONE
    interim = any(each.interim for each in terms)
    return Terms(terms[0].stage, wish, interim, max(starts, default=None), min(ends, default=None))
