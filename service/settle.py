"""What came back: delivery reports and replies, each moving its request at most once.

Both may come late, twice, in any order, before the gateway's answer to the submission, or for nothing known
(survey-api "From a request to a response"). A reply is told from its copies by the gateway's message id, a
report by what it can still change; both in the transaction that counts them, so that returning means durable
and a crash means not yet taken. What waits for the store at the same time is settled together, with few
statements for all of it, as if one came after the other. A text is read here and gone: it is never logged,
and only parts of a reply are stored, sealed, until the last is there and all are read in its transaction.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from service.clock import Clock, Moment
from service.counting import Counting, Heard, Stray
from service.domain import answer
from service.domain.request import DeliveryReport, OptOut, Reply, ReplyPart
from service.domain.verdict import Verdict
from service.interfaces import KeyReader, Reader
from service.meters import Meters
from service.store import long_replies, responses
from service.store.engine import Store, StoreUnavailable, Tx
from service.store.open_requests import Ahead, OpenRequests
from service.store.vault import Vault

MOST_TOGETHER = 500
"""In one unit, so that none holds up the writer for long."""

Came = DeliveryReport | Reply
Settled = Verdict | Stray | None
Taking = Callable[[Tx, Vault, ReplyPart, Moment], bytes | None]


class Mail:
    """What came back at one moment, as a unit of work: what each came to, in order. Those that wait at the
    same time are settled together."""

    __slots__ = ("heard", "now", "together", "weight")

    def __init__(
        self,
        together: Callable[[Tx, Sequence[Mail]], list[list[Settled]]],
        heard: Sequence[Heard],
        now: Moment,
    ) -> None:
        self.together, self.heard, self.now = together, heard, now
        self.weight = len(heard)

    def __call__(self, tx: Tx) -> list[Settled]:
        return self.together(tx, [self])[0]


class Settle:
    """The inbox of every gateway."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        clock: Clock,
        meters: Meters,
        *,
        reader: Reader,
        key_reader: KeyReader = answer.read_keys,
        response_window: float,
    ) -> None:
        self._store, self._vault, self._clock, self._meters = store, vault, clock, meters
        self._window_ms = round(response_window * 1000)
        self._counting = Counting(vault, reader, key_reader, self._window_ms)
        self._waiting: list[tuple[Came, asyncio.Future[None]]] = []
        self._settling: asyncio.Task[None] | None = None

    async def take_report(self, report: DeliveryReport) -> None:
        """Settle one delivery report. Errors: StoreUnavailable, and then nothing happened."""
        await self._gathered(report)

    async def take_reply(self, reply: Reply) -> None:
        """Settle one reply. Errors: StoreUnavailable, and then nothing happened."""
        await self._gathered(reply)

    async def take_all(self, came: Sequence[Came]) -> None:
        """Settle reports and replies in the order they came, all in one unit. Errors: StoreUnavailable, or
        what one of them raises; then nothing happened."""
        heard = list(map(self._counting.heard, came))
        settled = await self._store.write(Mail(self.settle, heard, self._clock.now()), holding=True)
        for (meter, *labels), many in Counter(map(_metered, came, settled)).items():
            getattr(self._meters, meter).labels(*labels).inc(many)

    async def take_part(self, part: ReplyPart) -> bool:
        """Keep a part of a reply; the reply is settled in the transaction that its last part comes in.
        Whether that was this one. Errors: StoreUnavailable, and then nothing happened."""
        return await self._take_octets(long_replies.take, part)

    async def give_up(self, part: ReplyPart) -> None:
        """Settle a reply as far as it came. Errors: StoreUnavailable, and then nothing happened."""
        await self._take_octets(long_replies.give_up, part)

    async def _take_octets(self, octets_of: Taking, part: ReplyPart) -> bool:
        now = self._clock.now()

        def settle(tx: Tx) -> tuple[Reply, Settled] | None:
            octets = octets_of(tx, self._vault, part, now)
            if octets is None:
                return None
            reply = part.reply(octets)
            return reply, self.settle(tx, [Mail(self.settle, [self._counting.heard(reply)], now)])[0][0]

        settled = await self._store.write(settle)
        if settled is None:
            return False
        meter, *labels = _metered(*settled)
        getattr(self._meters, meter).labels(*labels).inc()
        return True

    async def take_opt_out(self, opt_out: OptOut) -> None:
        """Write to this person never again. Errors: StoreUnavailable, and then nothing happened."""
        now = self._clock.now()
        heard = await self._store.write(lambda tx: self.settle_opt_out(tx, opt_out, now), holding=True)
        self._meters.opt_outs.labels(opt_out.channel.value, "heard" if heard else "unknown").inc()

    def settle(self, tx: Tx, mails: Sequence[Mail]) -> list[list[Settled]]:
        """Within a transaction: what each of them came to, as if one came after the other."""
        ahead, known = Ahead(), OpenRequests(tx, self._window_ms)
        for mail in mails:
            for heard in mail.heard:
                self._counting.expect(ahead, heard, mail.now)
        known.look_ahead(ahead)
        settled = [[self.count(known, heard, mail.now) for heard in mail.heard] for mail in mails]
        known.write()
        return settled

    def count(self, known: OpenRequests, heard: Heard, now: Moment) -> Settled:
        """What one of them comes to, after those before it."""
        return self._counting.count(known, heard, now)

    def settle_opt_out(self, tx: Tx, opt_out: OptOut, now: Moment) -> bool:
        """Within a transaction: whether it is known whom it concerns. While the request is open that is the
        person it went to; later only who says so, to all accounts that have written to them."""
        found = responses.by_request(tx, opt_out.request)
        if found is not None:
            responses.opt_out(tx, found.account, found.fingerprint, now)
            return True
        return responses.opt_out_everywhere(tx, self._vault.fingerprint(opt_out.sender))

    def _gathered(self, came: Came) -> asyncio.Future[None]:
        """Join what comes while others are being settled: they go together when those are durable."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((came, done))
        if self._settling is None:
            self._settling = asyncio.create_task(self._settle_waiting())
        return done

    async def _settle_waiting(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
                await self._settle_together(together)
        finally:
            self._settling = None

    async def _settle_together(self, together: Sequence[tuple[Came, asyncio.Future[None]]]) -> None:
        """One that breaks takes nothing of the others along."""
        (outcome,) = await asyncio.gather(
            self.take_all([came for came, _ in together]), return_exceptions=True
        )
        if outcome is not None and len(together) > 1 and not isinstance(outcome, StoreUnavailable):
            for each in together:
                await self._settle_together([each])
            return
        for _, done in together:
            if done.done():
                continue
            if outcome is None:
                done.set_result(None)
            else:
                done.set_exception(outcome)


def _metered(came: Came, settled: Settled) -> tuple[str, ...]:
    """The meter that counts it, and its labels."""
    if isinstance(settled, Stray):
        return "strays", settled.value
    if isinstance(settled, Verdict):
        return "replies", settled.value
    assert isinstance(came, DeliveryReport)  # noqa: S101  # a reply has a verdict or is a stray
    return "reports", came.channel.value, came.delivery.value
