"""An ESME that only loads: keeps a window of submit_sm in flight on each of its sessions, answers every
deliver_sm, counts. Its reads and writes are as large as they come, so one core of it loads more than one of
anything written in Python; how busy it was is told, since a client at its limit measures itself.
"""

from __future__ import annotations

import selectors
import socket
import struct
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

HEADER = struct.Struct(">4I")
SUBMIT_SM, SUBMIT_SM_RESP, DELIVER_SM, DELIVER_SM_RESP = 0x4, 0x80000004, 0x5, 0x80000005
BIND_TRANSCEIVER, UNBIND, ENQUIRE_LINK, ENQUIRE_LINK_RESP = 0x9, 0x6, 0x15, 0x80000015
READ = 262_144
STALL_SECONDS = 20.0
TEXT = b"Van 0 tot 10, hoe waarschijnlijk is het dat u ons aanbeveelt bij een vriend?"


@dataclass(slots=True)
class Load:
    """What is asked for, and what came of it. Latencies are seconds from submit_sm to its answer."""

    count: int
    window: int
    receipts: bool
    people: int = 10_000
    sent: int = 0
    answered: int = 0
    refused: int = 0
    reported: int = 0
    replied: int = 0
    seconds: float = 0.0
    reported_seconds: float = 0.0
    client_share: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return self.answered >= self.count and (not self.receipts or self.reported >= self.count)

    @property
    def per_second(self) -> float:
        """Messages answered; with receipts, messages reported on."""
        return self.reported / self.reported_seconds if self.receipts else self.answered / self.seconds

    def latency_ms(self, share: float) -> float:
        """The latency that this share of the messages did not exceed."""
        ranked = sorted(self.latencies)
        return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]


class Session:
    """One bound connection."""

    def __init__(self, address: tuple[str, int], system_id: str, password: str, load: Load) -> None:
        self.load = load
        self.socket = socket.create_connection(address, timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        body = f"{system_id}\0{password}\0\0".encode() + b"\x34\0\0\0"
        self.socket.sendall(HEADER.pack(16 + len(body), BIND_TRANSCEIVER, 0, 1) + body)
        came = self.socket.recv(READ)
        length, _, status, _ = HEADER.unpack_from(came)
        if status:
            self.socket.close()
            raise RuntimeError(f"the bind was refused with status {status}")
        head, tail = b"\0\1\1" + b"8937\0\1\1", b"\0" * 6 + bytes((load.receipts, 0, 0, 0, len(TEXT))) + TEXT
        self._head, self._tail = head, tail
        self._size = 16 + len(head) + 11 + len(tail)
        self._rest = came[length:]  # what has waited comes with the answer to the bind
        self._begun: dict[int, float] = {}
        self._sequence = 1

    def submit(self, count: int, now: float) -> bytes:
        """So many submissions, each to another person."""
        load, out, head, tail = self.load, [], self._head, self._tail
        for number in range(load.sent, load.sent + min(count, load.count - load.sent)):
            self._sequence += 1
            self._begun[self._sequence] = now
            out.append(HEADER.pack(self._size, SUBMIT_SM, 0, self._sequence) + head)
            out.append(b"324700%05d" % (number % load.people))
            out.append(tail)
        load.sent += len(out) // 3
        return b"".join(out)

    def hear(self, data: bytes, now: float) -> bytes:
        """Take what came; returns what is to be said."""
        load, stream, at, out, free = self.load, self._rest + data, 0, [], 0
        end = len(stream)
        while end - at >= 16:
            length, command, status, sequence = HEADER.unpack_from(stream, at)
            if at + length > end:
                break
            if command == SUBMIT_SM_RESP:
                free += 1
                load.refused += status != 0
                load.latencies.append(now - self._begun.pop(sequence))
            elif command == DELIVER_SM:
                out.append(HEADER.pack(17, DELIVER_SM_RESP, 0, sequence) + b"\0")
                if b"stat:" in stream[at : at + length]:
                    load.reported += 1
                else:
                    load.replied += 1
            elif command == ENQUIRE_LINK:
                out.append(HEADER.pack(16, ENQUIRE_LINK_RESP, 0, sequence))
            at += length
        self._rest = stream[at:]
        load.answered += free
        return b"".join(out) + self.submit(free, now)


def run(load: Load, address: tuple[str, int], system_id: str, password: str, sessions: int) -> Load:
    """Submit all of it and wait for what belongs to it. RuntimeError when a bind is refused, and when nothing
    comes any more."""
    with ExitStack() as closing:
        selector = closing.enter_context(selectors.DefaultSelector())
        bound = [Session(address, system_id, password, load) for _ in range(sessions)]
        for each in bound:
            closing.enter_context(each.socket)
        _exchange(load, bound, selector)
        for each in bound:
            each.socket.sendall(HEADER.pack(16, UNBIND, 0, 0x7FFFFFFF))
    return load


def _exchange(load: Load, bound: Sequence[Session], selector: selectors.BaseSelector) -> None:
    busy, start = time.process_time(), time.perf_counter()
    for each in bound:
        selector.register(each.socket, selectors.EVENT_READ, each)
        each.socket.sendall(each.hear(b"", start) + each.submit(load.window, start))
    while not load.done:
        ready = selector.select(STALL_SECONDS)
        if not ready:
            raise RuntimeError(
                f"nothing came for {STALL_SECONDS:g} s: {load.answered} answered, {load.reported} reported"
            )
        for key, _ in ready:
            now = time.perf_counter()
            data = key.data.socket.recv(READ)
            if not data:
                raise RuntimeError("the connection was closed")
            said = key.data.hear(data, now)
            if said:
                key.data.socket.sendall(said)
        if load.answered < load.count or not load.seconds:
            load.seconds = time.perf_counter() - start
    load.reported_seconds = time.perf_counter() - start
    load.client_share = (time.process_time() - busy) / load.reported_seconds
