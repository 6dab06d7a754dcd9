"""The witness itself: tshark sees every PDU, and does complain of what is malformed."""

from __future__ import annotations

import socket
import threading

import pytest

from tests.clients import capture

BIND = bytes.fromhex("00000026 00000009 00000000 00000001 61636d6500 736563726574303800 564d5300 34 00 00 00")
CUT_OFF = bytes.fromhex(
    "00000026 00000004 00000000 00000003 00 0101 3132 00 0101 3334 00 000000 00 00 00 00 00 00 20 39"
)
"""A submit_sm whose sm_length is above what follows."""


@pytest.mark.parametrize(
    ("octets", "pdus", "well"), [(BIND + BIND, 2, True), (BIND + CUT_OFF, 2, False)], ids=["well", "cut off"]
)
def test_what_is_well_formed_passes_and_what_is_not_is_named(tmp_path, octets, pdus, well):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with capture.listening(tmp_path / "said.pcapng", [port]):
            reader = threading.Thread(target=swallow, args=(server,))
            reader.start()
            with socket.create_connection(("127.0.0.1", port)) as peer:
                peer.sendall(octets)
            reader.join()
    assert capture.seen(tmp_path / "said.pcapng", [port]) == pdus
    assert (capture.complaints(tmp_path / "said.pcapng", [port]) == []) is well


def swallow(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        while connection.recv(4_096):
            pass
