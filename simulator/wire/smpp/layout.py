"""The layout of every PDU and optional parameter, as SMPP 3.4 lays them down: §4 and §5.3, in its order.

Each mandatory parameter has its size and the command_status that says it is wrong. Sizes of strings count
their terminating NUL, as the standard's do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum

from simulator.wire.smpp.pdu import Command
from simulator.wire.smpp.status import Status


class Kind(Enum):
    """How a parameter is written, §3.1 and §3.2.3."""

    INTEGER = "so many octets, most significant first"
    STRING = "up to so many octets, the last NUL"
    TIME = "1 octet NUL, or 17 of which the last is NUL (§7.1.1)"
    MESSAGE = "an octet sm_length, then so many octets"
    DESTINATIONS = "an octet number_of_dests, then so many dest_address"
    UNSUCCESSES = "an octet no_unsuccess, then so many unsuccess_sme"


@dataclass(frozen=True, slots=True)
class Field:
    """A mandatory parameter."""

    name: str
    kind: Kind
    size: int
    status: Status = Status.RINVCMDLEN

    @property
    def default(self) -> int | bytes | tuple[()]:
        if self.kind is Kind.INTEGER:
            return 0
        return () if self.kind in (Kind.DESTINATIONS, Kind.UNSUCCESSES) else b""


def _integer(name: str, size: int = 1) -> Field:
    return Field(name, Kind.INTEGER, size)


def _string(name: str, size: int, status: Status = Status.RINVPARLEN) -> Field:
    return Field(name, Kind.STRING, size, status)


def _address(side: str, size: int, status: Status, name: str = "") -> tuple[Field, ...]:
    return (_integer(f"{side}_ton"), _integer(f"{side}_npi"), _string(name or side, size, status))


ADDRESS, LONG_ADDRESS, MESSAGE_ID = 21, 65, 65
MOST_MESSAGE = 254
MOST_DESTINATIONS = 254

_SERVICE_TYPE = _string("service_type", 6, Status.RINVSERTYP)
_SOURCE = _address("source_addr", ADDRESS, Status.RINVSRCADR)
_DESTINATION = _address("dest_addr", ADDRESS, Status.RINVDSTADR, "destination_addr")
_ID = _string("message_id", MESSAGE_ID, Status.RINVMSGID)
_SCHEDULE = Field("schedule_delivery_time", Kind.TIME, 17, Status.RINVSCHED)
_VALIDITY = Field("validity_period", Kind.TIME, 17, Status.RINVEXPIRY)
_MESSAGE = Field("short_message", Kind.MESSAGE, MOST_MESSAGE, Status.RINVMSGLEN)
_HANDLING = (
    _integer("esm_class"),
    _integer("protocol_id"),
    _integer("priority_flag"),
    _SCHEDULE,
    _VALIDITY,
    _integer("registered_delivery"),
    _integer("replace_if_present_flag"),
    _integer("data_coding"),
    _integer("sm_default_msg_id"),
    _MESSAGE,
)
_BIND = (
    _string("system_id", 16, Status.RINVSYSID),
    _string("password", 9, Status.RINVPASWD),
    _string("system_type", 13, Status.RINVSYSTYP),
    _integer("interface_version"),
    _integer("addr_ton"),
    _integer("addr_npi"),
    _string("address_range", 41),
)
_BIND_RESP = (_string("system_id", 16, Status.RINVSYSID),)
_SINGLE = (_SERVICE_TYPE, *_SOURCE, *_DESTINATION, *_HANDLING)

LAYOUTS: Mapping[Command, tuple[Field, ...]] = {
    Command.BIND_TRANSMITTER: _BIND,
    Command.BIND_TRANSMITTER_RESP: _BIND_RESP,
    Command.BIND_RECEIVER: _BIND,
    Command.BIND_RECEIVER_RESP: _BIND_RESP,
    Command.BIND_TRANSCEIVER: _BIND,
    Command.BIND_TRANSCEIVER_RESP: _BIND_RESP,
    Command.OUTBIND: _BIND[:2],
    Command.UNBIND: (),
    Command.UNBIND_RESP: (),
    Command.GENERIC_NACK: (),
    Command.SUBMIT_SM: _SINGLE,
    Command.SUBMIT_SM_RESP: (_ID,),
    Command.SUBMIT_MULTI: (
        _SERVICE_TYPE,
        *_SOURCE,
        Field("dest_address", Kind.DESTINATIONS, MOST_DESTINATIONS, Status.RINVNUMDESTS),
        *_HANDLING,
    ),
    Command.SUBMIT_MULTI_RESP: (_ID, Field("unsuccess_sme", Kind.UNSUCCESSES, 255, Status.RINVPARLEN)),
    Command.DELIVER_SM: _SINGLE,
    Command.DELIVER_SM_RESP: (_ID,),
    Command.DATA_SM: (
        _SERVICE_TYPE,
        *_address("source_addr", LONG_ADDRESS, Status.RINVSRCADR),
        *_address("dest_addr", LONG_ADDRESS, Status.RINVDSTADR, "destination_addr"),
        _integer("esm_class"),
        _integer("registered_delivery"),
        _integer("data_coding"),
    ),
    Command.DATA_SM_RESP: (_ID,),
    Command.QUERY_SM: (_ID, *_SOURCE),
    Command.QUERY_SM_RESP: (
        _ID,
        Field("final_date", Kind.TIME, 17, Status.RINVPARLEN),
        _integer("message_state"),
        _integer("error_code"),
    ),
    Command.CANCEL_SM: (_SERVICE_TYPE, _ID, *_SOURCE, *_DESTINATION),
    Command.CANCEL_SM_RESP: (),
    Command.REPLACE_SM: (
        _ID,
        *_SOURCE,
        _SCHEDULE,
        _VALIDITY,
        _integer("registered_delivery"),
        _integer("sm_default_msg_id"),
        _MESSAGE,
    ),
    Command.REPLACE_SM_RESP: (),
    Command.ENQUIRE_LINK: (),
    Command.ENQUIRE_LINK_RESP: (),
    Command.ALERT_NOTIFICATION: (
        *_address("source_addr", LONG_ADDRESS, Status.RINVSRCADR),
        *_address("esme_addr", LONG_ADDRESS, Status.RINVDSTADR),
    ),
}

OPTIONAL = frozenset(
    {
        Command.BIND_TRANSMITTER_RESP,
        Command.BIND_RECEIVER_RESP,
        Command.BIND_TRANSCEIVER_RESP,
        Command.SUBMIT_SM,
        Command.SUBMIT_MULTI,
        Command.DELIVER_SM,
        Command.DATA_SM,
        Command.DATA_SM_RESP,
        Command.ALERT_NOTIFICATION,
    }
)
"""The PDUs with optional parameters in 3.4. Others may carry some too, as in 5.0; what cannot be read there
is a wrong length."""
STRAY_AFTER = frozenset({Command.SUBMIT_SM, Command.SUBMIT_MULTI, Command.DELIVER_SM, Command.REPLACE_SM})
"""Requests after whose short_message clients leave stray octets, too few for an optional parameter."""


class Tag(IntEnum):
    """An optional parameter of §5.3.2, in the order of its tag."""

    DEST_ADDR_SUBUNIT = 0x0005
    DEST_NETWORK_TYPE = 0x0006
    DEST_BEARER_TYPE = 0x0007
    DEST_TELEMATICS_ID = 0x0008
    SOURCE_ADDR_SUBUNIT = 0x000D
    SOURCE_NETWORK_TYPE = 0x000E
    SOURCE_BEARER_TYPE = 0x000F
    SOURCE_TELEMATICS_ID = 0x0010
    QOS_TIME_TO_LIVE = 0x0017
    PAYLOAD_TYPE = 0x0019
    ADDITIONAL_STATUS_INFO_TEXT = 0x001D
    RECEIPTED_MESSAGE_ID = 0x001E
    MS_MSG_WAIT_FACILITIES = 0x0030
    PRIVACY_INDICATOR = 0x0201
    SOURCE_SUBADDRESS = 0x0202
    DEST_SUBADDRESS = 0x0203
    USER_MESSAGE_REFERENCE = 0x0204
    USER_RESPONSE_CODE = 0x0205
    SOURCE_PORT = 0x020A
    DESTINATION_PORT = 0x020B
    SAR_MSG_REF_NUM = 0x020C
    LANGUAGE_INDICATOR = 0x020D
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    SC_INTERFACE_VERSION = 0x0210
    CALLBACK_NUM_PRES_IND = 0x0302
    CALLBACK_NUM_ATAG = 0x0303
    NUMBER_OF_MESSAGES = 0x0304
    CALLBACK_NUM = 0x0381
    DPF_RESULT = 0x0420
    SET_DPF = 0x0421
    MS_AVAILABILITY_STATUS = 0x0422
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    DELIVERY_FAILURE_REASON = 0x0425
    MORE_MESSAGES_TO_SEND = 0x0426
    MESSAGE_STATE = 0x0427
    USSD_SERVICE_OP = 0x0501
    DISPLAY_TIME = 0x1201
    SMS_SIGNAL = 0x1203
    MS_VALIDITY = 0x1204
    ALERT_ON_MESSAGE_DELIVERY = 0x130C
    ITS_REPLY_TYPE = 0x1380
    ITS_SESSION_INFO = 0x1383
    CLIENT_REFERENCE = 0x1501
    """Ours, of the range left to SMSC vendors (§5.3.1): the request's UUID in 16 octets, so that a repeat is
    recognised. user_message_reference has two octets, too few."""


SIZES: Mapping[int, tuple[int, int]] = {
    Tag.DEST_ADDR_SUBUNIT: (1, 1),
    Tag.DEST_NETWORK_TYPE: (1, 1),
    Tag.DEST_BEARER_TYPE: (1, 1),
    Tag.DEST_TELEMATICS_ID: (2, 2),
    Tag.SOURCE_ADDR_SUBUNIT: (1, 1),
    Tag.SOURCE_NETWORK_TYPE: (1, 1),
    Tag.SOURCE_BEARER_TYPE: (1, 1),
    Tag.SOURCE_TELEMATICS_ID: (1, 1),
    Tag.QOS_TIME_TO_LIVE: (4, 4),
    Tag.PAYLOAD_TYPE: (1, 1),
    Tag.ADDITIONAL_STATUS_INFO_TEXT: (1, 256),
    Tag.RECEIPTED_MESSAGE_ID: (1, 65),
    Tag.MS_MSG_WAIT_FACILITIES: (1, 1),
    Tag.PRIVACY_INDICATOR: (1, 1),
    Tag.SOURCE_SUBADDRESS: (2, 23),
    Tag.DEST_SUBADDRESS: (2, 23),
    Tag.USER_MESSAGE_REFERENCE: (2, 2),
    Tag.USER_RESPONSE_CODE: (1, 1),
    Tag.SOURCE_PORT: (2, 2),
    Tag.DESTINATION_PORT: (2, 2),
    Tag.SAR_MSG_REF_NUM: (2, 2),
    Tag.LANGUAGE_INDICATOR: (1, 1),
    Tag.SAR_TOTAL_SEGMENTS: (1, 1),
    Tag.SAR_SEGMENT_SEQNUM: (1, 1),
    Tag.SC_INTERFACE_VERSION: (1, 1),
    Tag.CALLBACK_NUM_PRES_IND: (1, 1),
    Tag.CALLBACK_NUM_ATAG: (0, 65),
    Tag.NUMBER_OF_MESSAGES: (1, 1),
    Tag.CALLBACK_NUM: (4, 19),
    Tag.DPF_RESULT: (1, 1),
    Tag.SET_DPF: (1, 1),
    Tag.MS_AVAILABILITY_STATUS: (1, 1),
    Tag.NETWORK_ERROR_CODE: (3, 3),
    Tag.MESSAGE_PAYLOAD: (0, 0xFFFF),
    Tag.DELIVERY_FAILURE_REASON: (1, 1),
    Tag.MORE_MESSAGES_TO_SEND: (1, 1),
    Tag.MESSAGE_STATE: (1, 1),
    Tag.USSD_SERVICE_OP: (1, 1),
    Tag.DISPLAY_TIME: (1, 1),
    Tag.SMS_SIGNAL: (2, 2),
    Tag.MS_VALIDITY: (1, 4),
    Tag.ALERT_ON_MESSAGE_DELIVERY: (0, 1),
    Tag.ITS_REPLY_TYPE: (1, 1),
    Tag.ITS_SESSION_INFO: (2, 2),
    Tag.CLIENT_REFERENCE: (1, 64),
}
"""Fewest and most octets of each value. 5.0 lets ms_validity grow to 4 and alert_on_message_delivery to 1."""
