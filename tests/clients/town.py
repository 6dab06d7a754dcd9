"""A simulator of their own for the clients: `belfort simulator` as a child on free ports, in real time, where
everything is delivered and answered at once, with as many SMPP accounts as there are stories."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenarios.programs import call, running
from tests.clients import capture
from tests.clients.esme import PASSWORD

ACCOUNTS = 90


@dataclass
class Town:
    """Hands every story an account and people of its own."""

    port: int
    control: str
    outbind_port: int
    """Where an ESME may listen for outbind; tshark listens there too."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count())

    def account(self) -> str:
        return f"esme-{next(self._numbers) % ACCOUNTS}"

    def person(self, family: int, parameter: int) -> str:
        """A number `32450FFPPLL` that does things, in a lane nobody else has taken."""
        return f"32450{family:02}{parameter:02}{next(self._numbers) % 100:02}"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = call(method, f"{self.control}/control/v1{path}", body)
        assert answer.status < 300, answer
        return answer.body

    def message(self, to: str) -> dict[str, Any]:
        """The latest message that a person got."""
        return dict(self.ask("GET", f"/messages?to=%2B{to}&newest=true")["messages"][0])


@contextmanager
def opened(folder: Path, *options: str) -> Iterator[Town]:
    """The town, and tshark listening; at the end tshark must have no complaint."""
    accounts = ",".join(f"esme-{number}:{PASSWORD}" for number in range(ACCOUNTS))
    outbind_port = _free_port()
    with running(
        "simulator",
        "--json",
        "--tied",
        "--port",
        "0",
        "--profile",
        "instant",
        "--smpp-accounts",
        accounts,
        "--smpp-enquire",
        "1",
        *options,
    ) as program:
        port = int(program.card["smpp"].rpartition(":")[2])
        file = folder / "exchange.pcapng"
        with capture.listening(file, [port, outbind_port]):
            town = Town(port, program.card["control"], outbind_port)
            yield town
            journal = _pdus(town)
        assert capture.complaints(file, [port, outbind_port]) == []
        assert capture.seen(file, [port, outbind_port]) == journal


def _pdus(town: Town) -> int:
    """How many PDUs the simulator wrote down."""
    return len(str(town.ask("GET", "/journal?format=jsonl&kind=pdu.in,pdu.out")).splitlines())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
