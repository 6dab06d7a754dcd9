"""A wire between the service and its message centre that breaks where it is told to: it reads the heads of
SMPP PDUs (3.4 §3.2), forwards them, and cuts both sides before, in the middle of, or after one of a kind.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

UP, DOWN = "to the centre", "to the service"
BIND, BIND_RESP = 0x09, 0x80000009
SUBMIT, SUBMIT_RESP = 0x04, 0x80000004
DELIVER, DELIVER_RESP = 0x05, 0x80000005
BEFORE, MIDDLE, AFTER = 0.0, 0.5, 1.0
HEAD = 16


@dataclass(frozen=True)
class Point:
    """Where: in which direction, at PDUs of which command_id, and how much of the PDU still passes."""

    way: str
    command: int
    share: float


POINTS = {
    "in the middle of the bind": Point(UP, BIND, MIDDLE),
    "before the bind is answered": Point(DOWN, BIND_RESP, BEFORE),
    "before a submission": Point(UP, SUBMIT, BEFORE),
    "in the middle of a submission": Point(UP, SUBMIT, MIDDLE),
    "after a submission": Point(UP, SUBMIT, AFTER),
    "before the answer to a submission": Point(DOWN, SUBMIT_RESP, BEFORE),
    "in the middle of the answer": Point(DOWN, SUBMIT_RESP, MIDDLE),
    "after the answer, before the receipt": Point(DOWN, SUBMIT_RESP, AFTER),
    "in the middle of a receipt or reply": Point(DOWN, DELIVER, MIDDLE),
    "before a receipt or reply is acknowledged": Point(UP, DELIVER_RESP, BEFORE),
    "in the middle of the acknowledgement": Point(UP, DELIVER_RESP, MIDDLE),
    "after the acknowledgement": Point(UP, DELIVER_RESP, AFTER),
}
"""Every point of an exchange at which a connection can end."""


class Wire:
    """Listens at `port` and speaks on behalf of whoever connects to the message centre."""

    def __init__(self, centre_port: int) -> None:
        self._centre = centre_port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._lock = threading.Lock()
        self._point: Point | None = None
        self._every = self._left = self._passed = 0
        self._then: Callable[[], None] = lambda: None
        self.cuts = 0
        self._threads: list[threading.Thread] = []
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()

    def cut(self, point: Point, *, every: int, times: int, then: Callable[[], None] = lambda: None) -> None:
        """From now on cut at every so manieth PDU of that kind, so many times; `then` runs at each cut,
        before either side learns of it."""
        with self._lock:
            self._point, self._every, self._left, self._then = point, every, times, then
            self._passed = self.cuts = 0

    @contextmanager
    def open(self) -> Iterator[Wire]:
        self._start(self._accept)
        try:
            yield self
        finally:
            self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()
            self.break_all()
            for thread in self._threads:
                thread.join(10)

    def break_all(self) -> None:
        """Cut whatever is connected."""
        for pair in list(self._pairs):
            self._break(*pair)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                service, _ = self._server.accept()
            except OSError:
                return
            centre = socket.create_connection(("127.0.0.1", self._centre))
            self._pairs.add((service, centre))
            self._start(self._pump, service, centre, UP)
            self._start(self._pump, centre, service, DOWN)

    def _pump(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        pair = (source, sink) if way == UP else (sink, source)
        rest = b""
        try:
            while data := source.recv(65_536):
                rest += data
                while len(rest) >= HEAD and len(rest) >= (length := struct.unpack_from(">I", rest)[0]):
                    pdu, rest = rest[:length], rest[length:]
                    octets, ends = self._meet(way, pdu)
                    sink.sendall(pdu[:octets])
                    if ends:
                        self._then()
                        self._break(*pair)
                        return
        except OSError:
            pass
        self._break(*pair)

    def _meet(self, way: str, pdu: bytes) -> tuple[int, bool]:
        """How many octets of this PDU still pass, and whether that is the end."""
        point, command = self._point, struct.unpack_from(">I", pdu, 4)[0]
        if point is None or (way, command) != (point.way, point.command):
            return len(pdu), False
        with self._lock:
            self._passed += 1
            if not self._left or self._passed % self._every:
                return len(pdu), False
            self._left -= 1
            self.cuts += 1
        return int(len(pdu) * point.share), True

    def _break(self, service: socket.socket, centre: socket.socket) -> None:
        self._pairs.discard((service, centre))
        for each in (service, centre):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
