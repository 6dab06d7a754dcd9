"""Fetching at the SMS door: delivery status, replies that wait, the client's numbers and its traffic."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from aiohttp import web

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.delivery import Message, Which
from simulator.servers.sms.gate import JSON, NOTHING_NEW, Declined, Gate
from simulator.servers.sms.inbox import Inbox
from simulator.servers.sms.options import Options
from simulator.servers.sms.resources import Destination, Resources
from simulator.wire import enco, wso2
from simulator.world import Channel, ReplyOut, ReportOut

MOST_AT_ONCE, USUAL_AT_ONCE = 1_000, 100


class Fetching:
    """The handlers that tell clients what became of messages, and the boxes of replies."""

    def __init__(
        self, gate: Gate, carrier: Carrier, resources: Resources, options: Options, clock: Clock
    ) -> None:
        self._gate, self._carrier, self._resources, self._options = gate, carrier, resources, options
        self._clock = clock
        self._inboxes: dict[tuple[str, str], Inbox] = {}

    def keep(self, reply: ReplyOut) -> None:
        """Keep a reply until it is fetched; the oldest of too many is lost."""
        dropped = self._inboxes.setdefault((reply.account, reply.to), Inbox()).put(reply)
        if dropped is not None:
            self._carrier.lost_reply(dropped, "too many wait to be fetched")

    def clear(self) -> None:
        """Forget every reply that waits."""
        self._inboxes.clear()

    async def status(self, request: web.Request) -> web.Response:
        """`GET …/deliveryinfos/{id}`. Who reads a final status has learnt it as by a report."""
        account = self._gate.client(request)
        identity = request.match_info["id"]
        found = list(self._now(identity, account))
        if not found:
            raise Declined(wso2.NOT_FOUND, "no message of yours has this id, or it was forgotten")
        trouble = await self._gate.meet(request, "status", account=account, address=found[0][0].address)
        news = [
            message is not None and trouble.ending is None and self._told(message, each)
            for each, message in found
        ]
        request[NOTHING_NEW] = not any(news)
        infos = [enco.Info(each.address, each.status.value) for each, _ in found]
        return await self._gate.finish(request, trouble, enco.delivery(self._resources.url(identity), infos))

    def _now(self, identity: str, account: str) -> Iterator[tuple[Destination, Message | None]]:
        """The present state of what belongs to the client in a call."""
        for each in self._resources.destinations(identity):
            message = self._carrier.message(each.message) if each.message else None
            if message is not None and message.submission.account == account:
                yield Destination(message.submission.to, message.status, message.id), message
            elif each.message is None:
                yield each, None

    def _told(self, message: Message, destination: Destination) -> bool:
        """Whether the peer has just learnt a final status."""
        if message.cause is None or not self._resources.tell(message.id, destination.status):
            return False
        sent = message.submission
        self._carrier.handed_report(
            ReportOut(
                message=message.id,
                account=sent.account,
                to=sent.to,
                reference=sent.reference,
                status=destination.status,
                cause=message.cause,
                at=self._clock.now(),
            )
        )
        return True

    async def poll(self, request: web.Request) -> web.Response:
        """`GET …/inboundmessages/shared` and `/{address}`, with `after` and `limit` if the client wishes."""
        account = self._gate.client(request)
        address = request.match_info["address"]
        number = self._number(address, account)
        limit, after = _limit(request.query.get("limit")), request.query.get("after")
        trouble = await self._gate.meet(request, "poll", account=account)
        inbox = self._inboxes.get((account, number)) or Inbox()
        if after is not None:
            inbox.confirm(after)
        replies = inbox.take(limit) if after is None else inbox.show(limit)
        request[NOTHING_NEW] = not replies
        for reply in replies:
            if trouble.ending is None:
                self._carrier.handed_reply(reply)
            elif after is None:
                self._carrier.lost_reply(reply, "the answer to the poll was lost by a fault")
        pending = len(inbox) - (0 if after is None else len(replies))
        resource = f"{self._resources.base}{enco.SMS}/inboundmessages/{quote(address, safe='')}"
        body = enco.inbound_list(resource, [shown(reply) for reply in replies], pending)
        return await self._gate.finish(request, trouble, body)

    def _number(self, address: str, account: str) -> str:
        if address in ("shared", self._options.short_number):
            return self._options.short_number
        if self._options.dedicated.get(address) != account:
            raise Declined(wso2.NOT_FOUND, "the address in the path is not a dedicated number of yours")
        return address

    async def dedicated(self, request: web.Request) -> web.Response:
        """`GET …/dedicatedaddresses`. The platform's own shape is not published."""
        account = self._gate.client(request)
        own = [number for number, owner in self._options.dedicated.items() if owner == account]
        return web.Response(body=enco.dump({"dedicatedAddresses": own}), headers=JSON)

    async def logs(self, request: web.Request) -> web.Response:
        """`GET …/logs`: the client's traffic, newest first. The platform's own shape is not published."""
        account = self._gate.client(request)
        newest = self._carrier.newest(Which(account=account, channel=Channel.SMS), USUAL_AT_ONCE)
        logs = [
            {
                "id": message.id,
                "address": message.submission.to,
                "senderAddress": message.submission.sender,
                "deliveryStatus": message.status.value,
            }
            for message in newest
        ]
        return web.Response(body=enco.dump({"logs": logs}), headers=JSON)


def shown(reply: ReplyOut) -> enco.Inbound:
    """A reply in the API's words."""
    return enco.Inbound(reply.id, reply.sender, reply.to, reply.text, reply.at)


def _limit(given: str | None) -> int:
    if given is None:
        return USUAL_AT_ONCE
    if not given.isascii() or not given.isdecimal() or len(given) > 6 or not 1 <= int(given) <= MOST_AT_ONCE:
        raise enco.Malformed("limit", f"must be a whole number from 1 to {MOST_AT_ONCE}")
    return int(given)
