"""The express way of send calls: what is ordinary in every respect needs neither task nor router.

A head that was met before is known by its bytes (`heads`), the body is read as ever, the unit of work is the
same, and the answer is written as soon as it is durable. Whatever turns up before the unit is posted that is
not ordinary sends the call the general way, where it is answered as if it had come there first. Once it is
posted it is answered here, whatever becomes of it: nothing is done twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from http import HTTPStatus
from typing import NamedTuple

from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http_parser import RawRequestMessage

from service.accept import Decision
from service.clock import Clock
from service.domain.request import AccountId, SurveyId
from service.store.engine import Store
from service.web.access import Access
from service.web.addresses import SEND
from service.web.body import parse
from service.web.edge import SERVER, Edge
from service.web.heads import Head, Heads, ordinary
from service.web.known import KnownSurveys
from service.web.problems import Faults, Problem, not_found
from service.web.sending import Sending, Sends

Answered = Callable[[bytes, bool], None]
"""Is told the answer to write, and whether it is the last on its connection."""


_CLOSING = b"Connection: close\r\n\r\n"


class _Answer(NamedTuple):
    """`head`: all its lines but the blank one. `last`: on its connection."""

    status: int
    head: bytes
    body: bytes
    last: bool


@dataclass(slots=True, eq=False)
class _Call:
    """A call under way. `hold`: on the clock."""

    sending: Sending = field(repr=False)
    began: float
    hold: AbstractContextManager[None]
    answered: Answered
    prepared: tuple[Sequence[Decision], _Answer] | None = None
    """What will be answered to these decisions, if they become durable."""


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
        sending = self._edge.guarded(self._admitted, account, head.survey, body)
        if isinstance(sending, Problem):
            return False
        call = _Call(sending, began, self._clock.at_work(), answered)
        call.hold.__enter__()
        self._store.post(sending.unit, partial(self._decided, call), partial(self._prepare, call))
        return True

    def learn(self, raw: bytes, message: RawRequestMessage) -> None:
        """The library has read `message` in the bytes `raw`. Whoever has shown no valid token yet is not
        remembered."""
        head = ordinary(message)
        if head is not None and self._access.known(head.token) is not None:
            self.heads.learn(raw, head)

    def _admitted(self, account: AccountId, survey: SurveyId, body: bytes) -> Sending:
        faults = Faults()
        return self._sends.admit(parse(body, faults), faults, account, survey, self._clock.now())

    def _prepare(self, call: _Call, decisions: Sequence[Decision] | None) -> None:
        if decisions is not None:
            self._receipt(call, decisions)

    def _decided(
        self, call: _Call, decisions: Sequence[Decision] | None, error: BaseException | None
    ) -> None:
        try:
            answer = self._answer(call, decisions, error)
            last = answer.last or self._edge.closing()
            call.answered(answer.head + (_CLOSING if last else b"\r\n") + answer.body, last)
            seconds = time.perf_counter() - call.began
            self._edge.note(SEND, "POST", answer.status, call.sending.account, seconds)
        finally:
            call.hold.__exit__(None, None, None)

    def _answer(
        self, call: _Call, decisions: Sequence[Decision] | None, error: BaseException | None
    ) -> _Answer:
        if error is not None or decisions is None:
            self._sends.give_back(call.sending)
            return _refusal(self._edge.problem(error or not_found()))
        answer = self._edge.guarded(self._told, call, decisions)
        return _refusal(answer) if isinstance(answer, Problem) else answer

    def _told(self, call: _Call, decisions: Sequence[Decision]) -> _Answer:
        answer = self._receipt(call, decisions)
        self._sends.tell(call.sending)
        return answer

    def _receipt(self, call: _Call, decisions: Sequence[Decision]) -> _Answer:
        if call.prepared is None or call.prepared[0] is not decisions:
            body = call.sending.receipt(decisions).encode()
            call.prepared = decisions, _composed(202, call.sending.limits, "application/json", body)
        return call.prepared[1]


def _refusal(problem: Problem) -> _Answer:
    status, body = problem.kind.status, problem.body().encode()
    return _composed(status, problem.headers, "application/problem+json", body, last=problem.closing)


def _composed(
    status: int, headers: Mapping[str, str], kind: str, body: bytes, *, last: bool = False
) -> _Answer:
    """As the library writes it the general way."""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    head = (
        f"HTTP/1.1 {status} {_phrase(status)}\r\n{''.join(lines)}"
        f"Content-Type: {kind}\r\nServer: {SERVER}\r\nContent-Length: {len(body)}\r\n"
        f"Date: {rfc822_formatted_time()}\r\n"
    )
    return _Answer(status, head.encode(), body, last)


@lru_cache(maxsize=64)
def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
