"""How calls are shown and told of: the Call resource in JSON and XML, lists in pages, accounts, errors, and
the parameters of requests to a caller's addresses. Member names and date forms are Twilio's API reference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import urlencode
from xml.sax.saxutils import escape  # writes only

from simulator.wire.calls_dialect import Dialect, Refused
from simulator.wire.calls_order import CallOrder

MORE = "https://www.twilio.com/docs/errors/"
INSTANCE = "ID00000000000000000000000000000001"
"""RestComm names the instance that answers."""
SIP_CODES: Mapping[str, int] = {"busy": 486, "no-answer": 487, "failed": 404, "canceled": 487}
PLAYED_OUT = frozenset({"queued", "initiated", "in-progress", "completed"})
"""Statuses that RestComm writes in small letters."""


class Shown(Protocol):
    """What is shown of a call."""

    @property
    def sid(self) -> str: ...
    @property
    def order(self) -> CallOrder: ...
    @property
    def status(self) -> str: ...
    @property
    def created(self) -> int: ...
    @property
    def updated(self) -> int: ...
    @property
    def rang(self) -> int | None: ...
    @property
    def answered(self) -> int | None: ...
    @property
    def ended(self) -> int | None: ...
    @property
    def duration(self) -> int | None: ...
    @property
    def answered_by(self) -> str | None: ...


def date(moment: int | None) -> str | None:
    """RFC 2822 of milliseconds, to the second and in UTC; the SDKs read nothing else."""
    return None if moment is None else format_datetime(datetime.fromtimestamp(moment // 1000, UTC))


def call(shown: Shown) -> dict[str, object]:
    """The Call resource."""
    order = shown.order
    dialect = order.dialect
    base = f"{dialect.base}/Accounts/{order.account}/Calls/{shown.sid}"
    members: dict[str, object] = {
        "sid": shown.sid,
        "date_created": date(shown.created),
        "date_updated": date(max(shown.updated, shown.created)),
        "parent_call_sid": None,
        "account_sid": order.account,
        "to": order.to,
        "to_formatted": order.to,
        "from": order.sender,
        "from_formatted": order.sender,
        "phone_number_sid": None,
        "status": status_word(shown.status, dialect),
        "start_time": date(shown.answered if shown.answered is not None else shown.ended),
        "end_time": date(shown.ended),
        "duration": None if shown.duration is None else str(shown.duration),
        "price": None,
        "price_unit": "EUR",
        "direction": "outbound-api",
        "answered_by": shown.answered_by,
        "api_version": dialect.api_version,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "annotation": None,
        "uri": f"{base}.json",
        "subresource_uris": {"recordings": f"{base}/Recordings.json"},
    }
    if dialect.xml:
        members |= {"ring_duration": _rang_seconds(shown), "InstanceId": INSTANCE}
    return members


def status_word(status: str, dialect: Dialect) -> str:
    """The status as the resource spells it: one that dials has not left the queue yet."""
    word = "queued" if status == "initiated" else status
    return word.upper().replace("-", "_") if dialect.shouted and word not in PLAYED_OUT else word


def _rang_seconds(shown: Shown) -> int:
    until = shown.answered if shown.answered is not None else shown.ended
    return 0 if shown.rang is None or until is None else (until - shown.rang) // 1000


def page(
    calls: Sequence[Shown], *, path: str, query: Mapping[str, str], number: int, size: int, more: bool
) -> dict[str, object]:
    """One page of a list, with the addresses of the others."""

    def uri(to: int) -> str:
        return f"{path}?{urlencode({**query, 'PageSize': size, 'Page': to})}"

    return {
        "calls": [call(each) for each in calls],
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(len(calls) - 1, 0),
        "uri": uri(number),
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1) if more else None,
        "previous_page_uri": uri(number - 1) if number else None,
    }


def account(sid: str, name: str, made: int, dialect: Dialect) -> dict[str, object]:
    """The Account resource; the token is not repeated."""
    uri = f"{dialect.base}/Accounts/{sid}"
    return {
        "sid": sid,
        "owner_account_sid": sid,
        "friendly_name": name,
        "status": "active",
        "type": "Full",
        "auth_token": None,
        "date_created": date(made),
        "date_updated": date(made),
        "uri": f"{uri}.json",
        "subresource_uris": {"calls": f"{uri}/Calls.json"},
    }


def error(refused: Refused) -> dict[str, object]:
    """The error as the SDKs read it."""
    return {
        "code": refused.code,
        "message": refused.message,
        "more_info": f"{MORE}{refused.code}",
        "status": refused.status,
    }


def as_json(members: Mapping[str, object]) -> bytes:
    return json.dumps(members, ensure_ascii=False).encode("utf-8", "backslashreplace")


def as_xml(members: Mapping[str, object], name: str) -> bytes:
    """RestComm's XML: every member an element, its name in capitals (`date_created` is `DateCreated`)."""
    return f"<RestcommResponse>{_element(name, members)}</RestcommResponse>".encode(
        "utf-8", "xmlcharrefreplace"
    )


def _element(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        inside = "".join(_element(_capital(each), item) for each, item in value.items())
    elif isinstance(value, (list, tuple)):
        inside = "".join(_element(_capital(name)[:-1] or "Item", item) for item in value)
    else:
        inside = "" if value is None else escape(str(value))
    return f"<{name}>{inside}</{name}>"


def _capital(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


# Requests to the caller's addresses


def about(shown: Shown, *, status: str | None = None) -> dict[str, str]:
    """What every request says of its call (Twilio, "TwiML voice: request parameters")."""
    order = shown.order
    told: dict[str, str | None] = {
        "CallSid": shown.sid,
        "AccountSid": order.account,
        "From": order.sender,
        "To": order.to,
        "CallStatus": status or ("queued" if shown.status == "initiated" else str(shown.status)),
        "ApiVersion": order.dialect.api_version,
        "Direction": "outbound-api",
        "CallerName": None,
        "ForwardedFrom": None,
        "AnsweredBy": shown.answered_by,
    }
    if order.dialect.xml:
        told |= {"InstanceId": INSTANCE, "CallTimestamp": date(shown.created)}
    else:
        told |= {"Called": order.to, "Caller": order.sender}
    absent = order.dialect.absent
    filled = {name: absent if value is None else value for name, value in told.items()}
    return {name: value for name, value in filled.items() if value is not None}


EVENT_PLACES: Mapping[str, int] = {"initiated": 0, "ringing": 1, "answered": 2, "completed": 3}


def progress(shown: Shown, event: str, *, sequence: int, now: int) -> dict[str, str]:
    """What a status call-back says (Twilio, Call resource, "StatusCallback")."""
    dialect = shown.order.dialect
    status = event if dialect.event_as_status or event == "initiated" else None
    if dialect.event_as_status:
        sequence = EVENT_PLACES[event]
    told = about(shown, status=status) | {
        "Timestamp": date(now) or "",
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
    }
    if shown.duration is not None:
        told["CallDuration"] = str(shown.duration)
        if not dialect.xml:
            told["Duration"] = str(-(-shown.duration // 60))
            told |= {"SipResponseCode": str(SIP_CODES.get(shown.status, 200))}
    return told
