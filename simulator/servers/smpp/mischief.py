"""Plays out on an SMPP session what a fault says (`faults.trouble`), and the accidents of numbers that do
things. Delays are this machine's seconds."""

from __future__ import annotations

import hashlib
from asyncio import Transport
from functools import partial
from socket import SO_LINGER, SOL_SOCKET
from socket import socket as Socket
from typing import TYPE_CHECKING

from simulator.faults.trouble import CALM, Ending, Trouble
from simulator.servers.mischief import NO_LINGERING
from simulator.servers.smpp import numbers
from simulator.servers.smpp.options import DOOR
from simulator.servers.smpp.serving import STAGES
from simulator.wire.smpp.codec import encode
from simulator.wire.smpp.pdu import Pdu, answer
from simulator.wire.smpp.status import Status
from simulator.world import Accident

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from simulator.servers.smpp.connection import Connection
    from simulator.servers.smpp.door import SmppDoor
    from simulator.servers.smpp.mailbox import Letter, Mailbox


def reset(transport: Transport) -> None:
    """Reset the connection: the peer learns that it broke, not that it ended (RFC 9293 §3.5.2)."""
    socket: Socket | None = transport.get_extra_info("socket")
    if socket is not None and not transport.is_closing():
        socket.setsockopt(SOL_SOCKET, SO_LINGER, NO_LINGERING)
    transport.abort()


def play_accident(connection: Connection, accident: Accident) -> None:
    """A number that does things has no answer, or its connection breaks."""
    if accident is Accident.CUT_AFTER_ACCEPTING:
        connection.cut("cut by the number's script")


def meets(connection: Connection, pdu: Pdu) -> bool:
    """Let the faults have `pdu`; whether one did, so that nobody else need serve it."""
    trouble = connection.door.faults.meet(
        f"{DOOR}.{STAGES[pdu.command]}", address=_address(pdu), account=connection.account
    )
    if trouble == CALM:
        return False
    wait = trouble.delay
    if trouble.read_rate:
        slow = min(len(pdu.raw) / trouble.read_rate, trouble.read_cap)
        wait += slow
        _read_nothing(connection, slow)
    if not wait:
        _play(connection, pdu, trouble)
    elif connection.pending >= connection.door.options.bounds.window:
        connection.send(answer(pdu, Status.RTHROTTLED))
    else:
        connection.pending += 1
        connection.door.later(wait, partial(_late, connection, pdu, trouble))
    return True


def _address(pdu: Pdu) -> str | None:
    fields = pdu.fields
    if "destination_addr" not in fields:
        return None
    to = numbers.destination(fields["dest_addr_ton"], fields["destination_addr"])
    return None if isinstance(to, Status) else to


def _read_nothing(connection: Connection, seconds: float) -> None:
    transport = connection.transport
    transport.pause_reading()

    def go_on() -> None:
        if not transport.is_closing() and connection.reads:
            transport.resume_reading()

    connection.door.later(seconds, go_on)


def _late(connection: Connection, pdu: Pdu, trouble: Trouble) -> None:
    connection.pending -= 1
    _play(connection, pdu, trouble)


def _play(connection: Connection, pdu: Pdu, trouble: Trouble) -> None:
    """An error, an ending, or the answer, maybe under another number."""
    ending = trouble.ending
    if ending is Ending.CUT_BEFORE:
        connection.cut("cut by a fault")
    elif trouble.error is not None:
        connection.door.record.came(pdu.raw, connection.number, connection.account)
        connection.send(answer(pdu, trouble.error.esme))
    elif trouble.unbinds:
        connection.serve(pdu)
        connection.leave()
    elif ending is None and not trouble.wrong_sequence:
        connection.serve(pdu)
    else:
        connection.diverted = []
        connection.serve(pdu)
        told, connection.diverted = connection.diverted, None
        _end(connection, told or [], trouble)


def _end(connection: Connection, told: list[Pdu], trouble: Trouble) -> None:
    """What becomes of the answer to a request that was served."""
    if trouble.ending is Ending.SILENT:
        connection.door.later(trouble.silence, partial(connection.cut, "half open by a fault"))
    elif trouble.ending is Ending.CUT_AFTER:
        connection.cut("cut by a fault")
    elif trouble.ending is Ending.GARBAGE:
        connection.write(hashlib.shake_128(str(connection.number).encode()).digest(trouble.garbage))
        connection.close("garbage by a fault")
    elif trouble.ending is Ending.TRUNCATED:
        whole = b"".join(map(encode, told))
        connection.write(whole[: len(whole) // 2])
        connection.close("truncated by a fault")
    else:
        for each in told:
            connection.send(each._replace(sequence=each.sequence % 0x7FFFFFFF + 1))


def post(
    door: SmppDoor,
    mailbox: Mailbox,
    sessions: Collection[Connection],
    letters: Sequence[Letter],
    trouble: Trouble,
) -> None:
    """Deliver in spite of a fault: late, or on a connection that breaks before or after."""

    def put() -> None:
        for letter in letters:
            mailbox.put(letter)

    def go() -> None:
        if trouble.ending is Ending.CUT_BEFORE:
            _cut_all(sessions)
        put()
        if trouble.ending is not None and trouble.ending is not Ending.CUT_BEFORE:
            _break_all(sessions, trouble)

    if trouble.delay:
        door.later(trouble.delay, go)
    else:
        go()


def _cut_all(sessions: Collection[Connection]) -> None:
    for connection in list(sessions):
        connection.cut("cut by a fault")


def _break_all(sessions: Collection[Connection], trouble: Trouble) -> None:
    for connection in list(sessions):
        if trouble.ending is Ending.GARBAGE:
            connection.write(hashlib.shake_128(str(connection.number).encode()).digest(trouble.garbage))
            connection.close("garbage by a fault")
        else:
            connection.flush()
            connection.cut("cut by a fault")
