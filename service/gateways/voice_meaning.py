"""What the call dialect's words mean to a request, as tables: an answer is an outcome, a status a delivery.

Delivered is a question that a person could hear: a call that was completed with somebody, however short.
Nobody was reached when the line was busy, nobody picked up, the call failed or was canceled, or when a
machine picked up, which is no person.
"""

from __future__ import annotations

from service.domain.request import Deferred, Delivery, Outcome, Refused, Submitted
from service.gateways.http_peer import Answer
from service.wire import calls
from service.wire.calls import AnsweredBy, Status
from service.wire.json_members import ProtocolError

DELIVERIES = {
    Status.COMPLETED: Delivery.DELIVERED,
    Status.BUSY: Delivery.UNDELIVERED,
    Status.NO_ANSWER: Delivery.UNDELIVERED,
    Status.FAILED: Delivery.UNDELIVERED,
    Status.CANCELED: Delivery.UNDELIVERED,
}
"""Every other status is underway."""

TEMPORARY = frozenset({401, 403, 404, 407, 408, 421, 425, 429})
"""Client errors about our account, our address of the gateway or our pace: not about the call."""
ABOUT_THE_CALL = range(21200, 21300)
"""The dialect's errors of creating a call (a number that cannot be called above all), whatever the HTTP
status."""
TOO_MANY = frozenset({10004, 20429})
"""Too many calls at a time, too many requests."""


def outcome(answer: Answer) -> Outcome:
    """What the gateway's answer to the creation of a call means."""
    if 200 <= answer.status < 300:
        return _taken(answer)
    code = _error(answer.body)
    reason = f"HTTP {answer.status}" + (f", error {code}" if code else "")
    if answer.status == 429 or code in TOO_MANY:
        return Deferred(reason, _retry_after(answer), throttled=True)
    if 400 <= answer.status < 500 and (answer.status not in TEMPORARY or code in ABOUT_THE_CALL):
        return Refused(reason)
    return Deferred(reason, _retry_after(answer))


def delivery(status: Status, answered_by: AnsweredBy) -> Delivery:
    """What became of the question that a call was made for."""
    if status is Status.COMPLETED and answered_by is AnsweredBy.MACHINE:
        return Delivery.UNDELIVERED
    return DELIVERIES.get(status, Delivery.UNDERWAY)


def _taken(answer: Answer) -> Outcome:
    try:
        return Submitted(calls.read_call(answer.body).sid)
    except ProtocolError as error:
        # The call may have been made. The repeat carries the same reference.
        return Deferred(f"HTTP {answer.status}: {error}", perhaps_taken=True)


def _error(body: bytes) -> int:
    try:
        return calls.read_error(body)
    except ProtocolError:
        return 0


def _retry_after(answer: Answer) -> float | None:
    """Seconds (RFC 9110 §10.2.3); its other form, a date of the gateway's clock, is left to the backoff."""
    text = answer.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
