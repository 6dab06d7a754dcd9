"""The express way of send calls: what is ordinary in every respect needs neither task nor router.

A head that was met before is known by its bytes (`heads`), the body is read as ever, the unit of work is the
same, and the answer is written as soon as it is durable. Whatever turns up that is not ordinary, before the
commit or instead of it, sends the call the general way, where it is answered as if it had come there first;
nothing has happened by then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from aiohttp.helpers import rfc822_formatted_time

from service.accept import Decision
from service.clock import Clock
from service.store.engine import Store
from service.web.access import Access
from service.web.addresses import SEND
from service.web.body import parse
from service.web.edge import SERVER, Edge
from service.web.heads import Head, Heads
from service.web.known import KnownSurveys
from service.web.problems import Faults, Problem
from service.web.sending import Sending, Sends

Answered = Callable[[bytes | None], None]
"""Is told the answer to write, or None: nothing happened, the call must go the general way."""


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    """A call under way. `hold`: on the clock."""

    sending: Sending
    began: float
    hold: AbstractContextManager[None]
    answered: Answered


class Express:
    """Takes send calls."""

    def __init__(
        self, *, access: Access, known: KnownSurveys, sends: Sends, store: Store, clock: Clock, edge: Edge
    ) -> None:
        self.heads = Heads()
        self._access, self._known, self._sends = access, known, sends
        self._store, self._clock, self._edge = store, clock, edge

    def take(self, head: Head, body: bytes, answered: Answered) -> bool:
        """Whether the call goes this way; then `answered` is told, once and later."""
        began = time.perf_counter()
        account = self._access.known(head.token)
        if account is None or self._edge.closing() or not self._known.seen(account, head.survey):
            return False
        faults = Faults()
        value = parse(body, faults)
        try:
            sending = self._sends.admit(value, faults, account, head.survey, self._clock.now())
        except Problem:
            return False
        call = _Call(sending, began, self._clock.at_work(), answered)
        call.hold.__enter__()
        self._store.post(sending.unit, partial(self._decided, call))
        return True

    def _decided(
        self, call: _Call, decisions: Sequence[Decision] | None, error: BaseException | None
    ) -> None:
        sending = call.sending
        if error is not None or decisions is None:
            self._sends.give_back(sending)
            call.answered(None)
        else:
            text = sending.receipt(decisions)
            self._sends.tell(sending)
            call.answered(self._written(text.encode(), sending.limits))
            self._edge.note(SEND, "POST", 202, sending.account, time.perf_counter() - call.began)
        call.hold.__exit__(None, None, None)

    def _written(self, body: bytes, limits: Mapping[str, str]) -> bytes:
        """As the library writes it the general way."""
        lines = [f"{name}: {value}\r\n" for name, value in limits.items()]
        closing = "Connection: close\r\n" if self._edge.closing() else ""
        head = (
            f"HTTP/1.1 202 Accepted\r\n{''.join(lines)}Content-Type: application/json\r\nServer: {SERVER}\r\n"
            f"Content-Length: {len(body)}\r\nDate: {rfc822_formatted_time()}\r\n{closing}\r\n"
        )
        return head.encode() + body
