"""What SMPP's words mean to a request, as tables: a command status is an outcome, a receipt a report, a
message from a person a reply.

Temporary is what survey-api calls so and what concerns our session, not the message; every other refusal is
for good (SMPP 3.4 §5.1.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from service.clock import Moment
from service.domain import destination
from service.domain.destination import Destination
from service.domain.request import (
    Channel,
    Deferred,
    Delivery,
    DeliveryReport,
    MtMessage,
    Outcome,
    Refused,
    Reply,
    ReplyPart,
    RequestId,
    Submitted,
)
from service.wire import gsm, receipts
from service.wire.long_messages import UDH_INDICATOR, Place
from service.wire.receipts import Fate, Receipt
from service.wire.smpp_pdu import Esme, Form, Pdu, Tag
from service.wire.smpp_session import Answered, Unclear

THROTTLED = frozenset({Esme.RTHROTTLED, Esme.RMSGQFUL})
TEMPORARY = frozenset(
    {
        Esme.RINVBNDSTS,
        Esme.RALYBND,
        Esme.RSYSERR,
        Esme.RBINDFAIL,
        Esme.RINVPASWD,
        Esme.RINVSYSID,
        Esme.RX_T_APPN,
        Esme.RUNKNOWNERR,
        # A peer that could not read the PDU says nothing about the message.
        Esme.RINVCMDLEN,
        Esme.RINVCMDID,
    }
)
DELIVERIES = {
    Fate.DELIVERED: Delivery.DELIVERED,
    Fate.LOST: Delivery.UNDELIVERED,
    Fate.UNDER_WAY: Delivery.UNDERWAY,
}

INTERNATIONAL, NATIONAL, NETWORK = 1, 2, 3
"""Types of number (§5.2.5); a short number is its network's own."""
ISDN = 1
FINAL_RECEIPT = 1
LONGEST_GATEWAY_ID = 64
LARGEST_PART = 254
"""Octets; what a part says beyond is not kept."""
COPIES_MS = 600_000
"""Where the peer gives messages no mark of their own, the same text from the same person is a copy within the
same ten minutes, and another message afterwards."""


Submission = tuple[dict[str, int | bytes], dict[int, bytes]]
"""The fields and optional parameters of one submit_sm."""


def submissions(message: MtMessage, source: str) -> list[Submission]:
    """What a message takes, part by part: the same whenever it is repeated. Errors: ValueError when no short
    message can carry it.
    """
    encoded = gsm.encode(message.text, message.request.bytes[-1])
    several = len(encoded.parts) > 1
    fields = _fields(source, encoded.coding, UDH_INDICATOR if several else 0)
    fields["destination_addr"] = receiver(message.destination)
    tlvs: dict[int, bytes] = {Tag.CLIENT_REFERENCE: message.request.bytes}
    return [({**fields, "short_message": part}, tlvs) for part in encoded.parts]


@lru_cache(maxsize=256)
def form(text: str, source: str) -> Form | None:
    """The submit_sm of a question that fits into one message, its receiver left open; None for a longer
    one."""
    encoded = gsm.encode(text, 0)
    if len(encoded.parts) > 1:
        return None
    fields = _fields(source, encoded.coding, 0) | {"short_message": encoded.parts[0]}
    return Form(fields, Tag.CLIENT_REFERENCE)


def receiver(destination: str) -> bytes:
    """The digits of a number."""
    return destination.removeprefix("+").encode("ascii")


def _fields(source: str, coding: int, esm_class: int) -> dict[str, int | bytes]:
    return {
        "source_addr_ton": NETWORK,
        "source_addr": source.encode("ascii"),
        "dest_addr_ton": INTERNATIONAL,
        "dest_addr_npi": ISDN,
        "esm_class": esm_class,
        "registered_delivery": FINAL_RECEIPT,
        "data_coding": coding,
    }


def outcome(message: MtMessage, answers: Sequence[Answered | Unclear]) -> Outcome:
    """What the answers to all parts of a message mean together. A message of which a part was taken may have
    reached its person, and is repeated whole."""
    outcomes = [_outcome(message, answer) for answer in answers]
    taken = any(isinstance(one, Submitted) for one in outcomes)
    for one in outcomes:
        if isinstance(one, Refused):
            return one
    for one in outcomes:
        if isinstance(one, Deferred):
            unclear = taken or any(isinstance(each, Deferred) and each.perhaps_taken for each in outcomes)
            return Deferred(one.reason, throttled=one.throttled, perhaps_taken=unclear)
    return outcomes[0]


def _outcome(message: MtMessage, answer: Answered | Unclear) -> Outcome:
    if isinstance(answer, Unclear):
        return Deferred(answer.reason, perhaps_taken=True)
    if answer.status == Esme.ROK:
        return Submitted(gateway_id(answer) or str(message.request))
    reason = f"command_status {answer.status:#x}"
    if answer.status in THROTTLED:
        return Deferred(reason, throttled=True)
    return Deferred(reason) if answer.status in TEMPORARY else Refused(reason)


def gateway_id(answer: Answered) -> str:
    """The id that the peer gave a message, as it spelled it; empty when it gave none."""
    spelled = answer.message_id.decode("latin-1").strip()
    return spelled if spelled.isprintable() and len(spelled) <= LONGEST_GATEWAY_ID else ""


def body(pdu: Pdu) -> bytes:
    """The octets of a message: of short_message, or of the parameter that stands for it (§5.3.2.32)."""
    return pdu.octets("short_message") or pdu.tlvs.get(Tag.MESSAGE_PAYLOAD, b"")


def receipt(pdu: Pdu) -> Receipt | None:
    """What a delivery receipt says; None for a message from a person."""
    esm_class = pdu.number("esm_class")
    if not receipts.is_receipt(esm_class, pdu.tlvs):
        return None
    return receipts.read(esm_class, body(pdu), pdu.tlvs)


def report(told: Receipt, pdu: Pdu) -> DeliveryReport:
    """What became of a message of ours, known by whatever id the receipt gives. Either address may be the
    person's: some message centres turn them round.
    """
    spellings = [spelled for one in told.ids for spelled in receipts.spellings(one)]
    first, *others = dict.fromkeys(spellings)
    return DeliveryReport(
        Channel.SMS,
        DELIVERIES[told.fate],
        gateway_id=first,
        other_ids=tuple(others),
        people=_people(pdu),
    )


def report_on(request: RequestId, gateway_id: str, told: Receipt) -> DeliveryReport:
    """What became of a message whose request is known."""
    return DeliveryReport(Channel.SMS, DELIVERIES[told.fate], request, gateway_id)


def may_concern(pdu: Pdu, destination: str) -> bool:
    """Whether this person stands at either end of what came, or nobody does."""
    if receiver(destination) in (pdu.octets("source_addr"), pdu.octets("destination_addr")):
        return True
    people = _people(pdu)
    return not people or destination in people


def _people(pdu: Pdu) -> tuple[str, ...]:
    sides = (person(pdu, "source"), person(pdu, "dest"))
    return tuple(dict.fromkeys(side for side in sides if side is not None))


def reply(pdu: Pdu, octets: bytes, now: Moment, place: Place | None = None) -> Reply:
    """What a person wrote, `octets` without headers; `place` of any part of a long message."""
    sender = person(pdu, "source") or pdu.octets("source_addr").decode("latin-1")
    text = gsm.decode(octets, pdu.number("data_coding"))
    return Reply(message_id(pdu, octets, now, place), Channel.SMS, sender, text)


def reply_part(pdu: Pdu, octets: bytes, place: Place, now: Moment) -> ReplyPart:
    """A part of what a person wrote, `octets` without headers."""
    ends = pdu.octets("source_addr"), pdu.octets("destination_addr")
    return ReplyPart(
        _joined(*ends, place.reference.to_bytes(2), place.total.to_bytes(1)),
        place.number,
        place.total,
        octets[:LARGEST_PART],
        lambda whole: reply(pdu, whole, now, place),
    )


def message_id(pdu: Pdu, octets: bytes, now: Moment, place: Place | None) -> str:
    """By what a copy is known: SMPP gives messages from people no id, so it is made of what stays the same
    when a message centre offers a message again. Nothing can be read back from it.
    """
    reference = place.reference.to_bytes(2) if place else pdu.tlvs.get(Tag.USER_MESSAGE_REFERENCE, b"")
    mark = reference if any(reference) else b"%d" % (now // COPIES_MS)
    joined = _joined(pdu.octets("source_addr"), pdu.octets("destination_addr"), mark, octets)
    return f"smpp-{hashlib.sha256(joined).hexdigest()}"


def _joined(*members: bytes) -> bytes:
    """Different whenever a member is."""
    return b"".join(len(member).to_bytes(4) + member for member in members)


def person(pdu: Pdu, side: str) -> str | None:
    """The person at one end, as we know them; None for what is no number of a person's."""
    name = {"source": "source_addr", "dest": "destination_addr"}[side]
    digits = pdu.octets(name).decode("latin-1").removeprefix("+").removeprefix("00")
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15):
        return None
    national = pdu.number(f"{side}_addr_ton") == NATIONAL and not digits.startswith("0")
    written = f"0{digits}" if national else digits if digits.startswith("0") else f"+{digits}"
    read = destination.read(Channel.SMS, written)
    return read.text if isinstance(read, Destination) else f"+{digits}"
