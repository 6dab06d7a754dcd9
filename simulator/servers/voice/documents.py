"""The documents of one call: asked for, read, performed; and the keys that are handed over with a request.

Keys count as written when the gateway asks with them, and as handed over when the caller's server has taken
the request. What cannot be had or read leads to the `FallbackUrl`, once; then an apology is said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from simulator.calls.call import Call
from simulator.calls.keys import meant_by
from simulator.calls.performance import Fetch, Gathered, Performance
from simulator.clock import Clock
from simulator.delivery import Message
from simulator.faults.desk import FaultDesk
from simulator.journal import Fact, Journal, Kind
from simulator.respondent import Answer
from simulator.returns import Reply, Returns
from simulator.servers.voice import fetch
from simulator.servers.voice.fetch import Asker, Unreachable
from simulator.servers.voice.options import Options
from simulator.wire import calls_shape as shape
from simulator.wire import twiml
from simulator.world import Moment

DOOR = "voice"
STAGE = "voice.document"
BAD_TYPE = 12300
APOLOGY = twiml.spoken("We are sorry. An application error has occurred. Goodbye.")
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html", "application/octet-stream"})


@dataclass(frozen=True, slots=True)
class Switch:
    """What every call works with."""

    clock: Clock
    journal: Journal
    faults: FaultDesk
    returns: Returns
    asker: Asker
    options: Options
    owner: object = field(repr=False)
    """Whom the callbacks on the agenda belong to."""

    def note(self, kind: Kind, message: Message, **facts: Fact) -> None:
        """Write down what happens in a call."""
        told = message.submission
        self.journal.record(kind, message=message.id, address=told.to, account=told.account, **facts)


class Documents:
    """`then` is called when something has come of a request, and the performance has effects."""

    def __init__(
        self, switch: Switch, call: Call, message: Message, performance: Performance, then: Callable[[], None]
    ) -> None:
        self._switch, self._call, self._message = switch, call, message
        self._performance, self._then = performance, then
        self._serial = self._replies = 0
        self._fell_back = self._apologised = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """Requests under way."""
        return len(self._tasks)

    async def close(self) -> None:
        """Cut off what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def inline(self, text: str) -> None:
        """Perform a document that came with the order."""
        self._serial += 1
        self._read(text.encode(), "text/xml", "")

    def ask(self, wanted: Fetch) -> None:
        """Ask for a document. Only the answer to the latest request is performed."""
        self._serial += 1
        reply, times = self._reply_with(wanted.keys)
        now = self._switch.clock.now()
        if reply is not None and not times:
            self._switch.returns.write_in_vain(reply)
            self._trouble(fetch.CONNECTION, wanted.url, "the request was lost by a fault")
            return
        self._at(times[0] if times else now, lambda: self._start(self._ask(wanted, reply, self._serial)))
        for each in times[1:]:
            self._at(each, lambda: self._start(self._again(wanted, reply)))

    def _at(self, moment: Moment, step: Callable[[], object]) -> None:
        switch = self._switch
        if moment <= switch.clock.now():
            step()
        else:
            switch.clock.call_at(moment, step, switch.owner)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Keys

    def _reply_with(self, gathered: Gathered | None) -> tuple[Reply | None, tuple[Moment, ...]]:
        """What was said with the keys, and when it goes out as the faults arrange it."""
        said = meant_by(gathered.keys) if gathered else None
        if said is None:
            return None, ()
        self._replies += 1
        message, now = self._message, self._switch.clock.now()
        schedule = self._switch.faults.arrange(
            DOOR,
            address=message.submission.to,
            account=message.submission.account,
            message=message.id,
            nth=message.nth,
            reports=(),
            replies=(now,),
        )
        return Reply(f"{message.id}-{self._replies}", message, Answer(0.0, said)), schedule.replies[0]

    def _taken(self, reply: Reply | None) -> None:
        if reply is not None and reply.out is not None:
            self._switch.returns.handover.handed_reply(reply.out)

    def _not_taken(self, reply: Reply | None, why: str) -> None:
        if reply is not None and reply.out is not None:
            self._switch.returns.handover.failed_reply(reply.out, why)
            self._switch.returns.handover.lost_reply(reply.out, why)

    # Requests

    async def _ask(self, wanted: Fetch, reply: Reply | None, serial: int) -> None:
        with self._switch.clock.at_work():
            if reply is not None:
                self._switch.returns.write(reply)
            try:
                answer = await self._request(wanted, serial)
            except Unreachable as error:
                self._not_taken(reply, str(error))
                if serial == self._serial:
                    self._trouble(error.code, wanted.url, str(error))
            else:
                self._taken(reply)
                if serial == self._serial:
                    self._read(answer.body, answer.content_type, answer.url)

    async def _again(self, wanted: Fetch, reply: Reply | None) -> None:
        """The same request once more; its answer performs nothing."""
        with self._switch.clock.at_work():
            try:
                await self._request(wanted, self._serial)
            except Unreachable:
                return
            self._taken(reply)

    async def _request(self, wanted: Fetch, serial: int) -> fetch.Answer:
        switch, account = self._switch, self._call.order.account
        return await switch.asker.ask(
            wanted.url,
            wanted.method,
            shape.about(self._call) | dict(wanted.parameters),
            token=switch.options.accounts[account],
            once=f"{self._call.sid}-{serial}",
            trouble=switch.faults.meet(STAGE, address=self._call.order.to, account=account),
        )

    # What comes of them

    def _read(self, body: bytes, content_type: str, url: str) -> None:
        try:
            if content_type == "text/plain":
                document = twiml.spoken(body.decode("utf-8", "replace"))
            elif content_type in XML_TYPES:
                document = twiml.read(body)
            else:
                raise twiml.BadDocument(BAD_TYPE, f"{content_type[:80]!r} is no document; send text/xml")
        except twiml.BadDocument as bad:
            self._trouble(bad.code, url, str(bad))
            return
        self._note(url, verbs=len(document.verbs))
        self._performance.perform(document, url, self._switch.clock.now())
        self._then()

    def _trouble(self, code: int, url: str, detail: str) -> None:
        """Go on as the order says for this case."""
        self._note(url, error=code, why=detail)
        fallback, performance = self._call.order.fallback, self._performance
        if self._call.is_over:
            return
        if fallback is not None and not self._fell_back:
            self._fell_back = True
            performance.begin(fallback.url, fallback.method, {"ErrorCode": str(code), "ErrorUrl": url})
        elif not self._apologised:
            self._apologised = True
            performance.perform(APOLOGY, url, self._switch.clock.now())
        else:
            performance.finish("the document cannot be had", code)
        self._then()

    def _note(self, url: str, **facts: Fact) -> None:
        self._switch.note(Kind.CALL_DOCUMENT, self._message, url=url.split("?")[0][:500], **facts)
