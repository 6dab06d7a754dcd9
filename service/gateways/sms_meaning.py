"""What the SMS API's words mean to a request, as tables: an answer is an outcome, a status a delivery, a
notice a report.

Temporary is what survey-api calls so (throttling, queue full, connection lost, 5xx) and what concerns our
access, not the message; every other refusal is for good. Codes: WSO2 API Manager's, domain facts §1.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from service.domain.request import (
    Channel,
    Deferred,
    Delivery,
    DeliveryReport,
    Outcome,
    Refused,
    Reply,
    RequestId,
    Submitted,
)
from service.gateways.http_peer import Answer
from service.wire import enco
from service.wire.enco import DeliveryNotice, Inbound, Status
from service.wire.json_members import ProtocolError

DELIVERIES = {
    Status.DELIVERED_TO_TERMINAL: Delivery.DELIVERED,
    Status.IMPOSSIBLE: Delivery.UNDELIVERED,
    Status.ADDRESS_INVALID: Delivery.UNDELIVERED,
}
"""Every other status is underway."""

TEMPORARY = frozenset({401, 407, 408, 421, 425, 429})
"""Client errors that say nothing about the message."""
THROTTLED = frozenset(str(code) for code in range(900800, 900808))
"""Fault codes of every kind of throttling, whatever the HTTP status beside them."""
ACCESS = frozenset(str(code) for code in range(900900, 900911))
"""Our credentials, our subscription or the way there, not the message."""


def outcome(answer: Answer) -> Outcome:
    """What the gateway's answer to a submission means."""
    if 200 <= answer.status < 300:
        return _taken(answer)
    code = _fault_code(answer.body)
    reason = f"HTTP {answer.status}" + (f", fault {code}" if code else "")
    wait = _retry_after(answer.headers)
    if answer.status == 429 or code in THROTTLED:
        return Deferred(reason, wait, throttled=True)
    if 400 <= answer.status < 500 and answer.status not in TEMPORARY and code not in ACCESS:
        return Refused(reason)
    return Deferred(reason, wait)


def _taken(answer: Answer) -> Outcome:
    try:
        taken = enco.read_submission(answer.body)
    except ProtocolError as error:
        # It may have been sent. The repeat carries the same reference, so that it is the same message.
        return Deferred(f"HTTP {answer.status}: {error}", perhaps_taken=True)
    if DELIVERIES.get(taken.status) is Delivery.UNDELIVERED:
        return Refused(taken.status.value)
    return Submitted(taken.gateway_id)


def _fault_code(body: bytes) -> str:
    try:
        return enco.read_fault(body).code
    except ProtocolError:
        return ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds (RFC 9110 §10.2.3); its other form, a date of the gateway's clock, is left to the backoff."""
    text = headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def reply(message: Inbound) -> Reply:
    """What a person wrote."""
    return Reply(message.message_id, Channel.SMS, _e164(message.sender), message.text)


def _e164(sender: str) -> str:
    """As we know it: some gateways write the prefix 00, or leave it out. Anything else is left as it came."""
    digits = sender.removeprefix("+").removeprefix("00")
    return f"+{digits}" if digits.isascii() and digits.isdigit() and len(digits) >= 8 else sender


def notice(pushed: DeliveryNotice) -> DeliveryReport:
    """A delivery report that was pushed."""
    return report(pushed.status, _request(pushed.callback_data), pushed.gateway_id)


def report(status: Status, request: RequestId | None, gateway_id: str | None) -> DeliveryReport:
    """What became of a message."""
    return DeliveryReport(
        Channel.SMS, DELIVERIES.get(status, Delivery.UNDERWAY), request=request, gateway_id=gateway_id
    )


def _request(reference: str | None) -> RequestId | None:
    """Our own reference; what is no UUID was not ours."""
    try:
        return None if reference is None else UUID(reference)
    except ValueError:
        return None
