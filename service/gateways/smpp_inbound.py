"""What comes from a message centre: receipts and what people write, each acknowledged once it is durable.

A message in several parts may come over the sessions of several processes: each part is kept where all of
them look, and the last makes it whole. What never becomes whole is taken as far as it came: its author did
answer.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine, Iterable, Sequence

from service.clock import Clock, Moment
from service.domain.request import DeliveryReport, MtMessage, Reply, ReplyPart, RequestId
from service.gateways import smpp_meaning
from service.gateways.smpp_link import Link
from service.interfaces import Inbox
from service.logs import Log, place
from service.meters import Meters
from service.store.engine import StoreUnavailable
from service.wire.long_messages import part_of
from service.wire.receipts import Receipt
from service.wire.smpp_pdu import Esme, Pdu

MOST_REMEMBERED = 10_000
"""Ids of messages handed over last. Far more than are not yet written down."""
MOST_TOGETHER = 500
"""In one unit: one read can bring ten times as many, and none is to hold up the writer for long."""
MOST_UNFINISHED = 1_000
"""Messages of which parts are waited for."""
GIVE_UP_MS = 300_000
"""How long they are waited for, on the world's clock."""


class Inbound:
    """`serve` an inbox, `take` what comes, `finish` before the end."""

    def __init__(self, clock: Clock, meters: Meters, log: Log) -> None:
        self._clock, self._meters, self._log = clock, meters, log
        self._inbox: Inbox
        self._sent: OrderedDict[str, tuple[RequestId, str]] = OrderedDict()
        self._unfinished: dict[bytes, tuple[ReplyPart, asyncio.Task[None]]] = {}
        """By message: the part that came first, and who waits for the others."""
        self._tasks: set[asyncio.Task[None]] = set()

    def serve(self, inbox: Inbox) -> None:
        """What comes from now on goes there."""
        self._inbox = inbox

    def remember(self, gateway_ids: Iterable[str], message: MtMessage) -> None:
        """These ids are this message's: a receipt may come before that is written down."""
        for gateway_id in filter(None, gateway_ids):
            self._sent[gateway_id] = (message.request, message.destination)
        while len(self._sent) > MOST_REMEMBERED:
            self._sent.popitem(last=False)

    def stray(self, reason: str) -> None:
        """Something came that nobody waited for or that cannot be read."""
        self._meters.strays.labels("unreadable").inc()
        self._log.warning("stray_pdu", reason=reason)

    def take(self, link: Link, pdus: Sequence[Pdu]) -> None:
        """Keep what came, then acknowledge it: what is whole in few units, parts each as they wait."""
        whole: list[Pdu] = []
        items: list[DeliveryReport | Reply] = []
        for pdu in pdus:
            item = self._whole(pdu)
            if item is None:
                self._begin(self._take(link, pdu))
            else:
                whole.append(pdu)
                items.append(item)
        for first in range(0, len(items), MOST_TOGETHER):
            some = slice(first, first + MOST_TOGETHER)
            self._begin(self._take_together(link, whole[some], items[some]))

    async def finish(self) -> None:
        """Wait for no part any longer; let what is being kept be kept."""
        for message in list(self._unfinished):
            self._give_up_now(message)
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._log.error("crashed", part="sms_smpp", **place(error))
            self._meters.crashes.labels("sms_smpp").inc()

    def _whole(self, pdu: Pdu) -> DeliveryReport | Reply | None:
        """What a PDU says alone; None for a part of something, or what says nothing."""
        told = smpp_meaning.receipt(pdu)
        if told is not None:
            return self._report(told, pdu) if told.ids else None
        part = part_of(pdu.number("esm_class"), smpp_meaning.body(pdu), pdu.tlvs)
        return None if part.place else smpp_meaning.reply(pdu, part.octets, self._clock.now())

    async def _take_together(
        self, link: Link, pdus: Sequence[Pdu], items: Sequence[DeliveryReport | Reply]
    ) -> None:
        status = None
        try:
            with self._clock.at_work():
                status = await self._keep_together(items)
        finally:
            if status is not None:
                link.acknowledge(pdus, status)
            else:  # nothing is kept; which of them broke it shows when each is taken by itself
                for pdu in pdus:
                    self._begin(self._take(link, pdu))

    async def _keep_together(self, items: Sequence[DeliveryReport | Reply]) -> Esme:
        try:
            await self._inbox.take_all(items)
        except StoreUnavailable as error:
            self._log.error("store_unavailable", reason=str(error))
            return Esme.RX_T_APPN
        return Esme.ROK

    async def _take(self, link: Link, pdu: Pdu) -> None:
        status = Esme.RSYSERR
        try:
            with self._clock.at_work():
                status = await self._keep(pdu)
        finally:
            link.acknowledge((pdu,), status)

    async def _keep(self, pdu: Pdu) -> Esme:
        """What to answer. A centre offers again later what we could not keep now."""
        try:
            told = smpp_meaning.receipt(pdu)
            if told is None:
                return await self._keep_written(pdu)
            await self._keep_receipt(told, pdu)
        except StoreUnavailable as error:
            self._log.error("store_unavailable", reason=str(error))
            return Esme.RX_T_APPN
        return Esme.ROK

    async def _keep_receipt(self, told: Receipt, pdu: Pdu) -> None:
        if not told.ids:
            self.stray("a receipt without an id")
            return
        await self._inbox.take_report(self._report(told, pdu))

    def _report(self, told: Receipt, pdu: Pdu) -> DeliveryReport:
        """Of a message that was handed over just now its request is known."""
        for gateway_id in told.ids:
            request, destination = self._sent.get(gateway_id, (None, ""))
            if request is not None and smpp_meaning.may_concern(pdu, destination):
                return smpp_meaning.report_on(request, gateway_id, told)
        return smpp_meaning.report(told, pdu)

    async def _keep_written(self, pdu: Pdu) -> Esme:
        part = part_of(pdu.number("esm_class"), smpp_meaning.body(pdu), pdu.tlvs)
        if part.place is None:
            await self._inbox.take_reply(smpp_meaning.reply(pdu, part.octets, self._clock.now()))
            return Esme.ROK
        told = smpp_meaning.reply_part(pdu, part.octets, part.place, self._clock.now())
        if await self._inbox.take_part(told):
            self._expect_no_more(told)
        else:
            self._expect(told)
        return Esme.ROK

    def _expect(self, part: ReplyPart) -> None:
        """Wait for the others; for those of the oldest message no longer, when there are too many."""
        if part.message not in self._unfinished:
            self._unfinished[part.message] = part, self._begin(self._give_up_later(part))
        if len(self._unfinished) > MOST_UNFINISHED:
            self._give_up_now(next(iter(self._unfinished)))

    def _expect_no_more(self, part: ReplyPart) -> None:
        _, waiting = self._unfinished.pop(part.message, (part, None))
        if waiting is not None:
            waiting.cancel()

    def _give_up_now(self, message: bytes) -> None:
        part, _ = self._unfinished[message]
        self._expect_no_more(part)
        self._begin(self._give_up(part))

    async def _give_up_later(self, part: ReplyPart) -> None:
        await self._clock.sleep_until(Moment(self._clock.now() + GIVE_UP_MS))
        del self._unfinished[part.message]
        await self._give_up(part)

    async def _give_up(self, part: ReplyPart) -> None:
        """Take as much of a message as came, to whichever process: its author did answer."""
        with self._clock.at_work():
            try:
                await self._inbox.give_up(part)
            except StoreUnavailable as error:
                self._log.error("reply_lost", reason=str(error))
