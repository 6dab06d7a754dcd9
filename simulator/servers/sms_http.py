"""The SMS door over HTTP: the EnCo SMS API as its real clients use it (gateway.md "Doors", domain facts §1).

The path of a submission is kept short: one middleware, no models, JSON read and written by hand. Everything a
fault does to a connection is played by `mischief`; what comes back from people is pushed (`push`) to peers
that gave a call-back address and kept for polling (`sms_inbox`) for the others.
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.faults.desk import FaultDesk
from simulator.faults.trouble import CALM, Ending, Trouble
from simulator.journal import Entry, Journal, Kind
from simulator.logs import Log
from simulator.servers import mischief
from simulator.servers.listener import Limits, Listener
from simulator.servers.push import Post, Pusher, Target, permitted
from simulator.servers.sms_access import Access
from simulator.servers.sms_inbox import Inbox
from simulator.wire import enco
from simulator.wire.length import MOST_PARTS, measure
from simulator.world import (
    Accepted,
    Accident,
    Address,
    Botched,
    Channel,
    MessageId,
    Refusal,
    Refused,
    ReplyOut,
    ReportOut,
    Status,
    Submission,
)

JSON = {"Content-Type": "application/json"}
DOOR = "sms"
FINAL = frozenset({Status.DELIVERED_TO_TERMINAL, Status.DELIVERY_IMPOSSIBLE, Status.ADDRESS_INVALID})
KEEP_CALLS = 200_000
"""Calls of several destinations, refused ones and foreign call-back data that are remembered."""
MOST_IN_POLL, USUAL_IN_POLL = 1_000, 100

NOT_TAKEN: Mapping[Refusal, Status] = {
    Refusal.ADDRESS_INVALID: Status.ADDRESS_INVALID,
    Refusal.REJECTED: Status.DELIVERY_IMPOSSIBLE,
}
"""Refusals for good: they stand in the answer of a call that succeeds."""
NOT_NOW: Mapping[Refusal, enco.Fault] = {
    Refusal.THROTTLED: enco.THROTTLED,
    Refusal.QUEUE_FULL: enco.QUEUE_FULL,
    Refusal.UNAVAILABLE: enco.UNAVAILABLE,
}

USUAL_LIMITS = Limits()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Options:
    """How this door is set up. `token_lifetime` None: permanent; `bare_faults`: API Manager 4's errors."""

    clients: Mapping[str, str] = field(repr=False)
    short_number: str = "8937"
    dedicated: Mapping[str, str] = field(default_factory=dict)
    """Dedicated short number → the client that owns it."""
    token_lifetime: float | None = 3_600.0
    bare_faults: bool = False
    callback_window: int = 16
    callback_origins: frozenset[str] = frozenset()
    """Beyond this machine, the only origins (`https://host:port`) that may be called back."""
    silence: float = mischief.SILENCE


class Declined(Exception):
    """A call is answered with an error of the platform."""

    def __init__(self, fault: enco.Fault, description: str, **headers: str) -> None:
        super().__init__(description)
        self.fault, self.description = fault, description
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(slots=True)
class Call:
    """A call whose resource is not simply its one message: addresses with their messages or final words."""

    entries: list[tuple[str, MessageId | None, Status]]


class SmsDoor:
    """The door: open it, and it takes submissions to the carrier and brings back what is due."""

    def __init__(
        self,
        carrier: Carrier,
        *,
        clock: Clock,
        journal: Journal,
        faults: FaultDesk,
        log: Log,
        options: Options,
        limits: Limits = USUAL_LIMITS,
    ) -> None:
        self._carrier, self._clock, self._journal, self._faults = carrier, clock, journal, faults
        self._options, self._limits = options, limits
        self.access = Access(options.clients, wall=clock.wall, lifetime=options.token_lifetime)
        self._listener = Listener(
            self._app(), door=DOOR, limits=limits, journal=journal, log=log, spell=self._spell
        )
        self._pushers: dict[str | None, Pusher] = {}
        self._inboxes: dict[tuple[str, str], Inbox] = {}
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self._said: OrderedDict[MessageId, tuple[str | None, str]] = OrderedDict()
        self._told: OrderedDict[MessageId, Status] = OrderedDict()
        self._serial = 0
        self._leave = [carrier.attach(Channel.SMS, self), journal.listen(self._hear)]

    # Life

    async def open(self, host: str, port: int) -> None:
        """Listen; `port` 0 takes a free one. OSError when the address cannot be had."""
        await self._listener.open(host, port)

    @property
    def url(self) -> str:
        """The base address, once open."""
        return self._listener.url

    @property
    def connections(self) -> int:
        return self._listener.connections

    @property
    def waiting(self) -> int:
        """Reports and replies that are being pushed or wait to be."""
        return sum(pusher.waiting for pusher in self._pushers.values())

    def call_back(self, target: Target | None, account: str | None = None) -> None:
        """Push what comes back for `account` (None: everybody without an address of their own) to `target`.

        None as target: it waits to be polled from now on. What is on its way to a former address is dropped.
        ValueError when the simulator may not call that address.
        """
        if target is not None and not permitted(target.url, self._options.callback_origins):
            raise ValueError("only this machine and origins that were configured may be called back")
        former = self._pushers.pop(account, None)
        if former is not None:
            former.clear()
        if target is not None:
            self._pushers[account] = Pusher(
                target, clock=self._clock, faults=self._faults, window=self._options.callback_window
            )

    async def close(self) -> None:
        """Take no more calls, push no more."""
        for leave in self._leave:
            leave()
        await self._listener.close()
        for pusher in self._pushers.values():
            await pusher.close()

    def _hear(self, entry: Entry) -> None:
        """A new world begins: what waited belongs to the old one."""
        if entry.kind is Kind.WORLD_RESET:
            for pusher in self._pushers.values():
                pusher.clear()
            for held in (self._inboxes, self._calls, self._said, self._told):
                held.clear()

    # Routes

    def _app(self) -> web.Application:
        sms, messages = enco.SMS, f"{enco.SMS}/outboundmessages"
        app = web.Application(client_max_size=self._limits.body_bytes, middlewares=[self._middleware()])
        app.router.add_routes(
            [
                web.post(messages, self._submit),
                web.post("/token", self._token),
                web.post("/oauth2/token", self._token),
                web.get("/userinfo", self._user_info, allow_head=False),
                web.post(f"{messages}/length", self._length),
                web.get(f"{messages}/deliveryinfos/{{id}}", self._status, allow_head=False),
                web.post(f"{messages}/{{address}}", self._submit),
                web.get(f"{sms}/inboundmessages/{{address}}", self._poll, allow_head=False),
                web.get(f"{sms}/dedicatedaddresses", self._dedicated, allow_head=False),
                web.get("/sms/1.0.0/logs", self._logs, allow_head=False),
                web.get(f"{sms}/logs", self._logs, allow_head=False),
                web.post(enco.SAP, self._submit),
            ]
        )
        return app

    def _middleware(self) -> Any:
        @web.middleware
        async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                response = await handler(request)
            except Declined as declined:
                response = self._decline(declined)
            except enco.Malformed as malformed:
                response = self._name(request, malformed)
            except web.HTTPException as error:
                response = self._decline(_from_http(error, request))
            if response.status != 201 or handler != self._submit:
                self._journal.record(
                    Kind.DOOR_CALL,
                    door=DOOR, method=request.method, path=request.path[:200], status=response.status,
                )  # fmt: skip
            return response

        return answered

    def _decline(self, declined: Declined) -> web.Response:
        body = enco.fault(declined.fault, declined.description, bare=self._options.bare_faults)
        response = web.Response(body=body, status=declined.fault.status, headers={**JSON, **declined.headers})
        if declined.fault.status in (408, 413):
            response.force_close()
        return response

    def _name(self, request: web.Request, malformed: enco.Malformed) -> web.Response:
        """What was wrong goes into the journal, and into the answer."""
        detail = f"{malformed.where}: {malformed}"
        self._journal.record(
            Kind.INPUT_MALFORMED, door=DOOR, method=request.method, path=request.path[:200], what=detail
        )
        return self._decline(Declined(enco.BAD_REQUEST, detail))

    def _spell(self, status: int, detail: str) -> web.Response:
        """An error that no handler answered: a head that is not HTTP, or a mistake of ours."""
        fault = enco.OF_STATUS.get(status, enco.UNCLASSIFIED if status >= 500 else enco.BAD_REQUEST)
        return self._decline(Declined(fault, detail))

    # What every call goes through

    def _client(self, request: web.Request) -> str:
        """The client that calls; Declined without a valid token, or key on SAP's path."""
        if request.path == enco.SAP:
            client = self.access.api_key(request.headers.get("APIKey"))
        else:
            client = self.access.bearer(request.headers.get("Authorization"))
        if isinstance(client, enco.Fault):
            raise Declined(
                client,
                "Access failure: send the token of POST /token as Authorization: Bearer",
                WWW_Authenticate='Bearer realm="WSO2 API Manager"',
            )
        return client

    async def _body(self, request: web.Request) -> bytes:
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Declined(enco.NO_CODING, "send the body as it is, without Content-Encoding")
        if (request.content_length or 0) > self._limits.body_bytes:
            raise Declined(enco.TOO_LARGE, f"a body has at most {self._limits.body_bytes} bytes")
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                return await request.read()
        except TimeoutError:
            raise Declined(enco.TOO_SLOW, "the body took too long") from None
        except (aiohttp.ClientError, HttpProcessingError, ConnectionError) as error:
            raise enco.Malformed("body", f"broke off: {type(error).__name__}") from None

    async def _meet(
        self,
        request: web.Request,
        stage: str,
        *,
        account: str | None,
        address: str | None = None,
        size: int = 0,
    ) -> Trouble:
        """Go through the faults of a stage; Declined when one answers with an error."""
        if not self._faults:
            return CALM
        trouble = self._faults.meet(f"{DOOR}.{stage}", address=address, account=account)
        if trouble is CALM:
            return CALM
        await mischief.before(request, trouble, size)
        if trouble.error is not None:
            error = trouble.error
            usual = enco.OF_STATUS.get(error.status, enco.Fault(error.status, error.status, "Error"))
            fault = enco.Fault(error.status, error.code or usual.code, usual.message)
            raise Declined(fault, "a fault is switched on", Retry_After=_seconds(error.retry_after))
        return trouble

    async def _finish(
        self, request: web.Request, trouble: Trouble, body: bytes, status: int = 200
    ) -> web.Response:
        """The answer, or what a fault makes of it."""
        response = web.Response(body=body, status=status, headers=JSON)
        if trouble.ending is not None:
            return await mischief.end(request, trouble.ending, response, trouble)
        return response

    # Tokens

    async def _token(self, request: web.Request) -> web.Response:
        body = await self._body(request)
        asked = enco.read_token_request(request.headers.get("Authorization"), request.query, body)
        known = asked.client_id if asked.client_id in self._options.clients else None
        trouble = await self._meet(request, "token", account=known, size=len(body))
        issued = self.access.issue(asked)
        if isinstance(issued, enco.TokenError):
            response = web.Response(
                body=enco.token_error(
                    issued, "check client_id, client_secret and grant_type=client_credentials"
                ),
                status=issued.value[1],
                headers={**JSON, "Cache-Control": "no-store", "Pragma": "no-cache"},
            )
            if response.status == 401:
                response.headers["WWW-Authenticate"] = 'Basic realm="WSO2 API Manager"'
            return response
        value, lifetime = issued
        now = int(self._clock.wall())
        claims = {
            "iss": self.url,
            "sub": asked.client_id,
            "aud": asked.client_id,
            "iat": now,
            "exp": now + lifetime,
        }
        answer = enco.token(value, lifetime, asked.scope, enco.unsigned_jwt(claims))
        response = await self._finish(request, trouble, answer)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _user_info(self, request: web.Request) -> web.Response:
        return web.Response(body=enco.user_info(self._client(request)), headers=JSON)

    # Submitting

    async def _submit(self, request: web.Request) -> web.Response:
        account = self._client(request)
        sender = self._sender(request, account)
        body = await self._body(request)
        outbound = enco.read_outbound(body)
        _check_length(outbound, request.query.get("forceCharacterLimit", ""))
        trouble = CALM
        if self._faults:
            trouble = await self._meet(
                request, "submit", account=account, address=outbound.destinations[0], size=len(body)
            )
            if trouble.ending is Ending.CUT_BEFORE:
                mischief.cut(request)
                return web.Response(status=503)
        results = [
            self._carrier.submit(_submission(outbound, to, account, sender)) for to in outbound.destinations
        ]
        return await self._answer(request, outbound, results, trouble)

    def _sender(self, request: web.Request, account: str) -> str:
        """The short number to send from: the shared one, or one of the client's own."""
        address = request.match_info.get("address")
        if address is None:
            return self._options.short_number
        if self._options.dedicated.get(address) != account:
            raise Declined(enco.NOT_FOUND, "the address in the path is not a dedicated number of yours")
        return address

    async def _answer(
        self,
        request: web.Request,
        outbound: enco.Outbound,
        results: list[Accepted | Refused | Botched],
        trouble: Trouble,
    ) -> web.Response:
        taken = [_accepted(result) for result in results]
        if not any(taken):
            _refuse_whole(results)
        identity = self._remember(outbound, results, taken)
        infos = [
            enco.Info(address, _word(result, accepted).value)
            for address, result, accepted in zip(outbound.destinations, results, taken, strict=True)
        ]
        response = await self._finish(request, trouble, enco.delivery(self._resource(identity), infos), 201)
        accident = next((result.accident for result in results if isinstance(result, Botched)), None)
        if accident is Accident.TIMES_OUT:
            await mischief.stay_silent(request, self._options.silence)
        elif accident is Accident.CUT_AFTER_ACCEPTING:
            mischief.cut(request)
        return response

    def _remember(
        self,
        outbound: enco.Outbound,
        results: list[Accepted | Refused | Botched],
        taken: list[Accepted | None],
    ) -> str:
        """The id under which the call's delivery can be asked for."""
        if len(taken) == 1 and taken[0] is not None:
            identity: str = taken[0].message
        else:
            self._serial += 1
            identity = f"c{self._serial:x}"
            entries = [
                (address, accepted.message if accepted else None, _word(result, accepted))
                for address, result, accepted in zip(outbound.destinations, results, taken, strict=True)
            ]
            _keep(self._calls, identity, Call(entries))
        if outbound.callback_data != outbound.reference or identity.startswith("c"):
            for accepted in taken:
                if accepted is not None:
                    _keep(self._said, accepted.message, (outbound.callback_data, identity))
        return identity

    def _resource(self, identity: str) -> str:
        return f"{self.url}{enco.SMS}/outboundmessages/deliveryinfos/{identity}"

    async def _length(self, request: web.Request) -> web.Response:
        account = self._client(request)
        body = await self._body(request)
        text, binary = enco.read_text(body)
        trouble = await self._meet(request, "length", account=account, size=len(body))
        # 201: the one client whose code is known takes nothing else
        return await self._finish(request, trouble, enco.length(measure(text, binary=binary)), 201)

    # Asking and fetching

    async def _status(self, request: web.Request) -> web.Response:
        account = self._client(request)
        identity = request.match_info["id"]
        entries = self._entries(identity, account)
        trouble = await self._meet(request, "status", account=account, address=entries[0][0])
        for _, message, status in entries:
            if message is not None and status in FINAL:
                self._told_by_asking(message, status)
        infos = [enco.Info(address, status.value) for address, _, status in entries]
        return await self._finish(request, trouble, enco.delivery(self._resource(identity), infos))

    def _entries(self, identity: str, account: str) -> list[tuple[str, MessageId | None, Status]]:
        """Address, message and present status of everything in a call; Declined if it is not the client's."""
        call = self._calls.get(identity)
        listed = call.entries if call else [("", MessageId(identity), Status.DELIVERY_UNCERTAIN)]
        found: list[tuple[str, MessageId | None, Status]] = []
        for address, identifier, status in listed:
            message = self._carrier.message(identifier) if identifier else None
            if message is not None and message.submission.account == account:
                found.append((message.submission.to, identifier, message.status))
            elif identifier is None:
                found.append((address, None, status))
        if not found:
            raise Declined(enco.NOT_FOUND, "no message of yours has this id, or it was forgotten")
        return found

    def _told_by_asking(self, identifier: MessageId, status: Status) -> None:
        """A peer that asks has learnt the final status as by a report; once is enough for the journal."""
        message = self._carrier.message(identifier)
        if message is None or message.cause is None or self._told.get(identifier) is status:
            return
        _keep(self._told, identifier, status)
        told, now = message.submission, self._clock.now()
        self._carrier.handed_report(
            ReportOut(identifier, told.account, told.to, told.reference, status, message.cause, now)
        )

    async def _poll(self, request: web.Request) -> web.Response:
        account = self._client(request)
        number = self._number(request.match_info["address"], account)
        limit = _limit(request.query.get("limit"))
        after = request.query.get("after")
        trouble = await self._meet(request, "poll", account=account)
        inbox = self._inboxes.get((account, number)) or Inbox()
        if after is not None:
            inbox.confirm(after)
        replies = inbox.take(limit) if after is None else inbox.show(limit)
        for reply in replies:
            if trouble.ending is None:
                self._carrier.handed_reply(reply)
            elif after is None:
                self._carrier.lost_reply(reply, "the answer to the poll was lost by a fault")
        pending = len(inbox) - (0 if after is None else len(replies))
        resource = f"{self.url}{enco.SMS}/inboundmessages/{quote(request.match_info['address'], safe='')}"
        return await self._finish(
            request, trouble, enco.inbound_list(resource, [_shown(reply) for reply in replies], pending)
        )

    def _number(self, address: str, account: str) -> str:
        if address in ("shared", self._options.short_number):
            return self._options.short_number
        if self._options.dedicated.get(address) != account:
            raise Declined(enco.NOT_FOUND, "the address in the path is not a dedicated number of yours")
        return address

    async def _dedicated(self, request: web.Request) -> web.Response:
        account = self._client(request)
        own = [number for number, owner in self._options.dedicated.items() if owner == account]
        return web.Response(body=enco.dump({"dedicatedAddresses": own}), headers=JSON)

    async def _logs(self, request: web.Request) -> web.Response:
        """The client's traffic, newest first. The platform's own shape is not published."""
        from simulator.delivery import Which

        account = self._client(request)
        newest = self._carrier.newest(Which(account=account, channel=Channel.SMS), USUAL_IN_POLL)
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

    # What comes back (the carrier's Outlet)

    def report(self, report: ReportOut) -> None:
        """Push a report; a peer without a call-back address asks for the status instead."""
        pusher = self._pushers.get(report.account) or self._pushers.get(None)
        if pusher is None:
            return
        callback_data, identity = self._said.get(report.message, (report.reference, str(report.message)))
        body = enco.report_notice(
            callback_data, self._resource(identity), enco.Info(report.to, report.status.value)
        )
        self._push(
            pusher,
            body,
            f"report-{report.message}",
            report.account,
            report.to,
            lambda: self._carrier.handed_report(report),
            lambda why: self._carrier.failed_report(report, why),
            lambda why: self._carrier.lost_report(report, why),
        )

    def reply(self, reply: ReplyOut) -> None:
        """Push a reply, or keep it until it is fetched."""
        pusher = self._pushers.get(reply.account) or self._pushers.get(None)
        if pusher is None:
            inbox = self._inboxes.setdefault((reply.account, reply.to), Inbox())
            dropped = inbox.put(reply)
            if dropped is not None:
                self._carrier.lost_reply(dropped, "too many wait to be fetched")
            return
        resource = f"{self.url}{enco.SMS}/inboundmessages/shared"
        self._push(
            pusher,
            enco.reply_notice(_shown(reply), resource),
            f"reply-{reply.id}",
            reply.account,
            reply.sender,
            lambda: self._carrier.handed_reply(reply),
            lambda why: self._carrier.failed_reply(reply, why),
            lambda why: self._carrier.lost_reply(reply, why),
        )

    def _push(
        self,
        pusher: Pusher,
        body: bytes,
        name: str,
        account: str,
        address: Address,
        handed: Callable[[], None],
        failed: Callable[[str], None],
        lost: Callable[[str], None],
    ) -> None:
        self._serial += 1
        pusher.put(Post(f"{name}-{self._serial:x}", body, account, address, handed, failed, lost))


def _submission(outbound: enco.Outbound, to: str, account: str, sender: str) -> Submission:
    return Submission(account, Channel.SMS, Address(to), sender, outbound.text, outbound.reference)


def _check_length(outbound: enco.Outbound, limited: str) -> None:
    length = measure(outbound.text, binary=outbound.binary)
    if length.parts > MOST_PARTS:
        raise enco.Malformed("message", f"takes {length.parts} parts; at most {MOST_PARTS} are sent")
    if limited.lower() == "true" and length.parts > 1:
        raise enco.Malformed("message", "takes more than one part, and forceCharacterLimit=true allows one")


def _accepted(result: Accepted | Refused | Botched) -> Accepted | None:
    if isinstance(result, Botched):
        return result.accepted
    return result if isinstance(result, Accepted) else None


def _refuse_whole(results: list[Accepted | Refused | Botched]) -> None:
    """Decline a call of which nothing was taken and some of it could be later."""
    for result in results:
        if isinstance(result, Refused) and result.refusal in NOT_NOW:
            raise Declined(
                NOT_NOW[result.refusal], result.refusal.value, Retry_After=_seconds(result.retry_after or 1.0)
            )


def _word(result: Accepted | Refused | Botched, accepted: Accepted | None) -> Status:
    """What the answer says of one destination. A good number must read DeliveredToNetwork: real clients take
    any other word for a failure."""
    if accepted is not None:
        return accepted.status
    if isinstance(result, Refused):
        return NOT_TAKEN.get(result.refusal, Status.DELIVERY_IMPOSSIBLE)
    return Status.DELIVERY_UNCERTAIN


def _shown(reply: ReplyOut) -> enco.Inbound:
    return enco.Inbound(reply.id, reply.sender, reply.to, reply.text, reply.at)


def _limit(given: str | None) -> int:
    if given is None:
        return USUAL_IN_POLL
    if not given.isascii() or not given.isdecimal() or len(given) > 6 or not 1 <= int(given) <= MOST_IN_POLL:
        raise enco.Malformed("limit", f"must be a whole number from 1 to {MOST_IN_POLL}")
    return int(given)


def _seconds(wait: float) -> str:
    """Retry-After in whole seconds (RFC 9110 §10.2.3), never too early."""
    return str(max(0, math.ceil(wait)))


def _keep(kept: OrderedDict[Any, Any], key: object, value: object) -> None:
    kept[key] = value
    if len(kept) > KEEP_CALLS:
        kept.popitem(last=False)


def _from_http(error: web.HTTPException, request: web.Request) -> Declined:
    """aiohttp's own refusals in the platform's words."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        return Declined(enco.NO_METHOD, f"this resource takes {allowed}", Allow=allowed)
    if error.status == 404 and request.path.startswith(("/sms/1.0.0/", "/proximusenco/")):
        return Declined(enco.NO_RESOURCE, "no such resource in this API")
    if error.status == 404:
        return Declined(enco.NOT_FOUND, "no API has this context; the SMS API's is /sms/1.0.0")
    return Declined(enco.OF_STATUS.get(error.status, enco.BAD_REQUEST), error.reason)
