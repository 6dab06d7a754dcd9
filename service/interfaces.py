"""What the verbs need from outside, and what outside needs from the verbs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from service.domain.request import Channel, DeliveryReport, MtMessage, OptOut, Outcome, Reply, ReplyPart
from service.domain.verdict import Reading


class Gateway(Protocol):
    """A peer that takes questions to people. One for each channel in use."""

    @property
    def channel(self) -> Channel: ...

    async def submit(self, message: MtMessage) -> Outcome:
        """Hand one message over. Every failure of the peer or the network is an outcome, never an
        exception.
        """

    async def run(self, inbox: Inbox) -> None:
        """Bring back reports and replies that must be fetched; returns only when cancelled."""


@runtime_checkable
class PromptGateway(Protocol):
    """A gateway that can hand many messages over without waiting for each."""

    def submit_now(self, message: MtMessage, done: Callable[[Outcome], object], /) -> bool:
        """Begin to hand over, if that is possible at once; `done` hears the outcome, never before this has
        returned. False: nothing has happened."""


class Inbox(Protocol):
    """Where gateways drop what came back. Returning means it is durable and may be acknowledged."""

    async def take_report(self, report: DeliveryReport) -> None: ...

    async def take_reply(self, reply: Reply) -> None: ...

    async def take_all(self, came: Sequence[DeliveryReport | Reply]) -> None:
        """Several, in the order they came: all of them, or an exception and none."""

    async def take_part(self, part: ReplyPart) -> bool:
        """A part of a reply, or a copy of one; whether all of it is there now, and taken."""

    async def give_up(self, part: ReplyPart) -> None:
        """Wait no longer for what is missing of the reply that this is a part of: take it as far as it
        came."""

    async def take_opt_out(self, opt_out: OptOut) -> None: ...


class Reader(Protocol):
    """Reads a reply's text; `service.domain.answer.read` is the one in use."""

    def __call__(self, text: str, language: str, /) -> Reading: ...


class KeyReader(Protocol):
    """Reads the keys pressed in a call, None for no response; `service.domain.answer.read_keys` is the one in
    use."""

    def __call__(self, digits: str, /) -> Reading | None: ...
