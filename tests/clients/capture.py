"""tshark on the loopback interface, and what it finds wrong with what it saw."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

DEFAULT_ALPHABET = ("-o", "smpp.decode_sms_over_smpp:GSM 7-bit")
UDP_HEADER = 8
BELOW = ("TCP", "UDP", "ICMP")


def needed(program: str, package: str) -> str:
    """Where `program` is; without it a test is skipped, on CI it fails."""
    found = shutil.which(program)
    if found is None:
        how = f"{program} is not here: apt-get install {package}"
        pytest.fail(how) if "CI" in os.environ else pytest.skip(how)
    return found


@contextmanager
def listening(file: Path, ports: Sequence[int]) -> Iterator[None]:
    """Write everything said on these ports of this machine to `file`, from the first octet to the last."""
    where = " or ".join(f"port {port}" for port in ports)
    told = ("-P", "-l", "-T", "fields", "-e", "udp.length")
    command = [needed("tshark", "tshark"), "-n", "-i", "lo", "-f", where, "-w", str(file), *told]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    marks = Marks(process, ports[0])
    try:
        marks.pass_through()
        yield
        marks.pass_through()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        marks.close()


class Marks:
    """Datagrams to nobody, each longer than the one before. What was said before one that tshark has seen is
    in its file, too."""

    def __init__(self, tshark: subprocess.Popen[str], port: int) -> None:
        self._tshark, self._port = tshark, port
        self._said: list[str] = []
        self._sent = 0
        self._wanted = UDP_HEADER
        self._seen = threading.Event()
        self._readers = [threading.Thread(target=each) for each in (self._watch, self._keep)]
        for reader in self._readers:
            reader.start()

    def pass_through(self) -> None:
        """Until tshark has seen one more."""
        self._seen.clear()
        self._wanted = UDP_HEADER + self._sent + 1
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(100):
                self._sent += 1
                sender.sendto(bytes(self._sent), ("127.0.0.1", self._port))
                if self._seen.wait(0.1):
                    return
        pytest.fail(f"tshark hears nothing on lo: {''.join(self._said)}")

    def close(self) -> None:
        for reader in self._readers:
            reader.join()
        for pipe in (self._tshark.stdout, self._tshark.stderr):
            assert pipe is not None
            pipe.close()

    def _watch(self) -> None:
        assert self._tshark.stdout is not None
        for line in self._tshark.stdout:
            if line.strip() and int(line.split(",")[0]) >= self._wanted:
                self._seen.set()

    def _keep(self) -> None:
        assert self._tshark.stderr is not None
        self._said.extend(self._tshark.stderr)


def seen(file: Path, ports: Sequence[int]) -> int:
    """How many SMPP PDUs are in the capture."""
    fields = _read(file, ports, "-Y", "smpp", "-T", "fields", "-e", "smpp.sequence_number")
    return sum(len(line.split(",")) for line in fields.splitlines() if line)


def complaints(file: Path, ports: Sequence[int]) -> list[str]:
    """What tshark's experts say of SMPP and of the texts inside: what is malformed, and every lesser remark.
    Lines about TCP alone are left out: tests do break connections."""
    table = _read(file, ports, "-q", "-z", "expert")
    rows = [
        line.split(maxsplit=3) for line in table.splitlines() if line[:1] == " " and line.strip()[0].isdigit()
    ]
    return [" ".join(row) for row in rows if len(row) == 4 and row[2] not in BELOW]


def _read(file: Path, ports: Sequence[int], *options: str) -> str:
    decoded = [option for port in ports for option in ("-d", f"tcp.port=={port},smpp")]
    command = [needed("tshark", "tshark"), "-n", "-r", str(file), *decoded, *DEFAULT_ALPHABET, *options]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
