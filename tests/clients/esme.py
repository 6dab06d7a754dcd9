"""What the stories ask of a client: bind, submit, read what comes, ask, leave. One class for each client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol

PASSWORD = "secret08"
PATIENCE = 15.0
"""Seconds for anything to come."""
WAYS = ("transmitter", "receiver", "transceiver")


class Told(NamedTuple):
    """How a request was answered."""

    status: int
    id: str = ""
    state: int = 0
    """message_state of query_sm_resp."""
    refused: int = 0
    """Addresses that submit_multi_resp names."""


@dataclass(frozen=True)
class Came:
    """A deliver_sm as the client read it; the client has acknowledged it."""

    esm_class: int
    source: str
    destination: str
    text: bytes
    data_coding: int = 0
    receipted_id: str = ""
    """The optional parameter, without its NUL."""
    state: int = 0
    sar: tuple[int, int, int] | None = None
    """Reference, total, number."""


class Esme(Protocol):
    """One connection of a client. Requests wait for their answers."""

    asks: ClassVar[frozenset[str]]
    """The requests the client knows besides those for every message: query_sm and so on."""

    def __init__(self, port: int) -> None: ...
    def bind(self, way: str, account: str, password: str = PASSWORD) -> int: ...
    def submit(self, to: str, text: bytes, **fields: Any) -> Told: ...
    def ask(self, command: str, **fields: Any) -> Told: ...
    def next(self) -> Came: ...
    def enquire(self) -> int: ...
    def unbind(self) -> int: ...
    def close(self) -> None: ...


def message(to: str, text: bytes, **fields: Any) -> dict[str, Any]:
    """The fields of a submission under the standard's names."""
    return {
        "source_addr_ton": 3,
        "source_addr_npi": 0,
        "source_addr": "8937",
        "dest_addr_ton": 1,
        "dest_addr_npi": 1,
        "destination_addr": to,
        "esm_class": 0,
        "registered_delivery": 1,
        "data_coding": 0,
        "short_message": text,
    } | fields


@dataclass
class Heard:
    """A client's letters and answers, put apart until somebody asks."""

    letters: list[Came] = field(default_factory=list)
    answers: dict[int, Told] = field(default_factory=dict)
