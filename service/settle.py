"""What came back: delivery reports and replies, each moving its request at most once.

Both may come late, twice, in any order, before the gateway's answer to the submission, or for nothing known
(survey-api "From a request to a response"). A reply is told from its copies by the gateway's message id, a
report by what it can still change; both in the transaction that counts them, so that returning means durable
and a crash means not yet taken. A text is read here and gone: it is neither stored nor logged.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from enum import Enum

from service.clock import Clock, Moment
from service.domain import answer
from service.domain.request import (
    Delivery,
    DeliveryReport,
    Event,
    OptOut,
    Reply,
    after,
)
from service.domain.verdict import Reading, Verdict
from service.interfaces import KeyReader, Reader
from service.meters import Meters
from service.store import facts, outbox, responses
from service.store.engine import Store, StoreUnavailable, Tx
from service.store.facts import Fact
from service.store.responses import OpenRequest
from service.store.vault import Vault

MEMORY_BEYOND_WINDOW_MS = 7 * 86_400_000
"""A gateway that was cut off may offer a reply again for days; until then it is remembered."""
MOST_TOGETHER = 500
"""In one unit, so that none holds up the writer for long."""
NO_LANGUAGE = "und"
"""BCP 47 for a reply without a question: only whether it is an opt-out matters then."""

EVENTS = {Delivery.DELIVERED: Event.DELIVERED, Delivery.UNDELIVERED: Event.UNDELIVERED}


Came = DeliveryReport | Reply


class Stray(Enum):
    """Why something that came back changed no figure."""

    REPEATED_REPLY = "repeated_reply"
    UNKNOWN_REPLY = "unknown_reply"
    FURTHER_BAD_REPLY = "further_bad_reply"
    NO_KEYS = "no_keys"
    UNKNOWN_REPORT = "unknown_report"
    EARLY_REPORT = "early_report"
    LATE_REPORT = "late_report"
    FURTHER_REPORT = "further_report"
    REPORT_UNDER_WAY = "report_under_way"


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
        self._read, self._read_keys = reader, key_reader
        self._window_ms = round(response_window * 1000)
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
        now = self._clock.now()
        settled = await self._store.write(lambda tx: [self._settle(tx, each, now) for each in came])
        for (meter, *labels), many in Counter(map(_metered, came, settled)).items():
            getattr(self._meters, meter).labels(*labels).inc(many)

    async def take_opt_out(self, opt_out: OptOut) -> None:
        """Write to this person never again. Errors: StoreUnavailable, and then nothing happened."""
        now = self._clock.now()
        heard = await self._store.write(lambda tx: self.settle_opt_out(tx, opt_out, now))
        self._meters.opt_outs.labels(opt_out.channel.value, "heard" if heard else "unknown").inc()

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

    def _settle(self, tx: Tx, came: Came, now: Moment) -> Verdict | Stray | None:
        if isinstance(came, Reply):
            return self.settle_reply(tx, came, now)
        return self.settle_report(tx, came, now)

    def settle_report(self, tx: Tx, report: DeliveryReport, now: Moment) -> Stray | None:
        """Within a transaction: None when the report moved its request, else why not."""
        event = EVENTS.get(report.delivery)
        if event is None:
            return Stray.REPORT_UNDER_WAY
        found = self._reported(tx, report)
        if found is None:
            awaiting = self._awaiting_id(tx, report)
            found = self._reported(tx, report)  # another process may have written the id down meanwhile
            if found is None:
                return self._keep_early(tx, report, awaiting, event, now)
        if found.closes_at <= now:
            return Stray.LATE_REPORT
        if found.polled:
            outbox.poll_again(tx, [found.request], None)
        if after(found.state, event) is found.state:
            return Stray.FURTHER_REPORT
        fact = self._prove_hand_over(tx, found, report.gateway_id, now)
        facts.move(tx, found.request, fact, event)
        return None

    def settle_reply(self, tx: Tx, reply: Reply, now: Moment) -> Verdict | Stray:
        """Within a transaction: the verdict when the reply changed the figures, else why it did not."""
        if not self.is_first_copy(tx, reply, now):
            return Stray.REPEATED_REPLY
        found = self._request_of(tx, reply, now)
        if found is None:
            return self._settle_unknown(tx, reply)
        reading = self._reading(reply, found.language)
        if reading is None:
            return Stray.NO_KEYS
        if reading.verdict is Verdict.OPT_OUT:
            responses.opt_out(tx, found.account, found.fingerprint, now)
        if reading.score is None:
            return self._count_bad(tx, found, reading.verdict, now)
        state = after(found.state, Event.GOOD_REPLY)
        responses.record_good(tx, found.request, reading.score, state, found.fact)
        return reading.verdict

    def settle_opt_out(self, tx: Tx, opt_out: OptOut, now: Moment) -> bool:
        """Within a transaction: whether it is known whom it concerns. While the request is open that is the
        person it went to; later only who says so, to all accounts that have written to them."""
        found = responses.by_request(tx, opt_out.request)
        if found is not None:
            responses.opt_out(tx, found.account, found.fingerprint, now)
            return True
        return responses.opt_out_everywhere(tx, self._vault.fingerprint(opt_out.sender))

    def is_first_copy(self, tx: Tx, reply: Reply, now: Moment) -> bool:
        """Whether this reply was never taken before; from now on it was."""
        digest = self._vault.hashed(f"{reply.channel.value} {reply.message_id}".encode())
        return responses.first_copy(tx, digest, Moment(now + self._window_ms + MEMORY_BEYOND_WINDOW_MS))

    def _request_of(self, tx: Tx, reply: Reply, now: Moment) -> OpenRequest | None:
        """The open request that a reply is addressed to, else the latest to its sender."""
        if reply.request is None:
            return responses.latest_open(tx, reply.channel, self._vault.fingerprint(reply.sender), now)
        found = responses.by_request(tx, reply.request)
        return found if found is not None and found.closes_at > now else None

    def _reading(self, reply: Reply, language: str) -> Reading | None:
        return self._read_keys(reply.text) if reply.keyed else self._read(reply.text, language)

    def _reported(self, tx: Tx, report: DeliveryReport) -> OpenRequest | None:
        """The request a report is about. An id alone may be spelled otherwise, or be given again to another
        message: where the report says to whom it went, that must be right too."""
        if report.request is not None:
            return responses.by_request(tx, report.request)
        if report.gateway_id is None:
            return None
        if not report.people:
            return responses.by_gateway_id(tx, report.channel, report.gateway_id)
        ids = (report.gateway_id, *report.other_ids)
        found = (
            responses.to_person(tx, report.channel, ids, self._vault.fingerprint(person))
            for person in report.people
        )
        return next(filter(None, found), None)

    def _awaiting_id(self, tx: Tx, report: DeliveryReport) -> list[bytes]:
        """Those of a report's people to whom a message is being handed over under an id not known yet."""
        if report.request is not None or report.gateway_id is None:
            return []
        prints = [self._vault.fingerprint(person) for person in report.people]
        return [each for each in prints if responses.is_being_handed_over(tx, report.channel, each)]

    def _keep_early(
        self, tx: Tx, report: DeliveryReport, people: Sequence[bytes], event: Event, now: Moment
    ) -> Stray:
        """A report by an id that is not known: it may have overtaken the answer that tells the id, also one
        that a crash kept from us and that the repeat will bring."""
        ids = [each for each in (report.gateway_id, *report.other_ids) if each is not None]
        for each in people:
            responses.keep_early(tx, report.channel, ids, each, event, Moment(now + self._window_ms))
        return Stray.EARLY_REPORT if people else Stray.UNKNOWN_REPORT

    def _settle_unknown(self, tx: Tx, reply: Reply) -> Stray:
        """No request is open for it; but a STOP is heard all the same."""
        reading = self._reading(reply, NO_LANGUAGE)
        if reading is not None and reading.verdict is Verdict.OPT_OUT:
            responses.opt_out_everywhere(tx, self._vault.fingerprint(reply.sender))
        return Stray.UNKNOWN_REPLY

    def _count_bad(self, tx: Tx, found: OpenRequest, verdict: Verdict, now: Moment) -> Verdict | Stray:
        self._prove_hand_over(tx, found, None, now)
        if found.polled:
            outbox.poll_again(tx, [found.request], None)
        responses.record_bad(tx, found.request, verdict.value, after(found.state, Event.BAD_REPLY))
        return verdict if found.verdict is None else Stray.FURTHER_BAD_REPLY

    def _prove_hand_over(self, tx: Tx, found: OpenRequest, gateway_id: str | None, now: Moment) -> Fact:
        """The facts then: what came back may have overtaken the gateway's answer."""
        if not found.queued:
            return found.fact
        return outbox.prove_taken(tx, found.request, found.fact, gateway_id, now, self._window_ms)


def _metered(came: Came, settled: Verdict | Stray | None) -> tuple[str, ...]:
    """The meter that counts it, and its labels."""
    if isinstance(settled, Stray):
        return "strays", settled.value
    if isinstance(settled, Verdict):
        return "replies", settled.value
    assert isinstance(came, DeliveryReport)  # noqa: S101  # a reply has a verdict or is a stray
    return "reports", came.channel.value, came.delivery.value
