"""Call control by REST in the Twilio dialect, or in RestComm's older one (domain facts §3): the forms that we
send, the calls that come back, and what we are told while a call is under way.

Sans-IO: bytes in, values out. Whatever is not what the dialect says raises `ProtocolError` and nothing else,
whatever the bytes; the error never repeats a value, since values hold numbers and keys that were pressed.
Words are read without regard to case, `_` or `-`, since gateways of this family spell statuses otherwise in
their records than in their call-backs.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qsl, quote, urlencode

from service.wire.json_members import ProtocolError, an_object, is_plain, parsed, text_of

FORM = "application/x-www-form-urlencoded"
LONGEST_SID = 64
LONGEST_WORD = 64
LONGEST_KEYS = 128
MOST_PARAMETERS = 200

Parameters = Sequence[tuple[str, str]]
"""The names and values of a form, in the order they came."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the gateways of this family differ in. `signs`: its call-backs carry a signature.

    `tells`: a call-back says how the call ended. Otherwise its status is only the name of the event,
    `completed` also when nobody was reached, and the call must be read."""

    root: str
    signs: bool
    tells: bool


DIALECTS = {
    "twilio": Dialect("/2010-04-01", signs=True, tells=True),
    "restcomm": Dialect("/restcomm/2012-04-24", signs=False, tells=False),
}


class Status(Enum):
    """What has become of a call. `UNKNOWN`: a word that is not in the dialect."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"
    UNKNOWN = ""


class AnsweredBy(Enum):
    """Who picked up, where the gateway looked into that; `UNSURE` also where it did not."""

    HUMAN = "human"
    MACHINE = "machine"
    UNSURE = "unknown"


@dataclass(frozen=True, slots=True)
class Order:
    """A call that we ask for. Times in seconds."""

    to: str = field(repr=False)
    caller: str
    question_url: str
    status_url: str
    ring_time: int
    detect_machines: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the gateway knows it."""

    sid: str
    status: Status
    answered_by: AnsweredBy


@dataclass(frozen=True, slots=True)
class Told:
    """What the gateway tells or asks in the middle of a call. `parameters` are what it signed."""

    sid: str
    status: Status
    answered_by: AnsweredBy
    digits: str = field(repr=False)
    """The keys pressed, without the one that finished them; empty for none."""
    parameters: Parameters = field(repr=False)


def calls_path(dialect: Dialect, account: str) -> str:
    """Where calls are created."""
    return f"{dialect.root}/Accounts/{quote(account, safe='')}/Calls.json"


def call_path(dialect: Dialect, account: str, sid: str) -> str:
    """Where one call is read."""
    return f"{dialect.root}/Accounts/{quote(account, safe='')}/Calls/{quote(sid, safe='')}.json"


def authorisation(account: str, token: str) -> dict[str, str]:
    """HTTP Basic (RFC 7617) as the account."""
    return {"Authorization": "Basic " + base64.b64encode(f"{account}:{token}".encode()).decode()}


def creation(order: Order) -> bytes:
    """The form that creates a call. When the question cannot be had the gateway asks for it once more."""
    form = {
        "To": order.to,
        "From": order.caller,
        "Url": order.question_url,
        "Method": "POST",
        "FallbackUrl": order.question_url,
        "FallbackMethod": "POST",
        "StatusCallback": order.status_url,
        "StatusCallbackMethod": "POST",
        "StatusCallbackEvent": "completed",
        "Timeout": str(order.ring_time),
    }
    return urlencode(form | ({"MachineDetection": "Enable"} if order.detect_machines else {})).encode()


def read_call(body: bytes) -> Call:
    """The call in an answer's JSON. Errors: ProtocolError."""
    answer = an_object(parsed(body), "the call")
    return Call(text_of(answer, "sid", LONGEST_SID), _status(answer.get("status")), _answered_by(answer))


def read_error(body: bytes) -> int:
    """The dialect's number of an error, 0 when the answer has none. Errors: ProtocolError."""
    code = an_object(parsed(body), "the error").get("code")
    return code if isinstance(code, int) and not isinstance(code, bool) and 0 < code < 10**6 else 0


def read_told(body: bytes) -> Told:
    """A call-back's form. Errors: ProtocolError."""
    parameters = _read_form(body)
    named = dict(reversed(parameters))  # of a name twice the first
    sid, digits = named.get("CallSid", ""), named.get("Digits", "")
    if not is_plain(sid, LONGEST_SID):
        raise ProtocolError("CallSid is missing or no id")
    if digits and not is_plain(digits, LONGEST_KEYS):
        raise ProtocolError("Digits are no keys")
    return Told(sid, _status(named.get("CallStatus")), _answered_by(named, "AnsweredBy"), digits, parameters)


def _read_form(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError:
        raise ProtocolError("the body is not a form of UTF-8 in percent encoding") from None


def _status(word: object) -> Status:
    """Also `NO_ANSWER` and `cancelled`, as some records have it."""
    text = word.lower().replace("_", "-") if isinstance(word, str) and len(word) <= LONGEST_WORD else ""
    return _STATUSES.get(text, Status.UNKNOWN)


def _answered_by(members: Mapping[str, object], name: str = "answered_by") -> AnsweredBy:
    """Twilio tells `machine_start`, `machine_end_beep` and the like, `fax`, `human`, `unknown`."""
    word = members.get(name)
    text = word.lower() if isinstance(word, str) else ""
    if text.startswith("machine") or text == "fax":
        return AnsweredBy.MACHINE
    return AnsweredBy.HUMAN if text == "human" else AnsweredBy.UNSURE


_STATUSES = {status.value: status for status in Status} | {"cancelled": Status.CANCELED}
