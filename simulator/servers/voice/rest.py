"""Call control by REST: makes, lists, shows, changes and forgets calls, in either dialect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from aiohttp import web

from simulator.calls.call import Status
from simulator.faults.trouble import Ending
from simulator.servers import mischief
from simulator.servers.voice.exchange import Exchange, sid_of
from simulator.servers.voice.fetch import Addresses
from simulator.servers.voice.gate import Gate
from simulator.servers.voice.line import Line, NotNow
from simulator.wire import calls_shape as shape
from simulator.wire.calls_dialect import (
    BAD_TO,
    BAD_URL,
    BAD_VALUE,
    BLOCKED,
    NOT_READY_TO_GO,
    TOO_MANY,
    UNAVAILABLE,
    WRONG_STATE,
    Refused,
    not_found,
)
from simulator.wire.calls_order import CallOrder, Change, Hook, read_change, read_order
from simulator.world import Accident, Botched, Refusal
from simulator.world import Refused as NotTaken

USUAL_PAGE, MOST_ON_A_PAGE = 50, 1_000
MOST_PAGES = 100_000
REFUSALS: Mapping[Refusal, tuple[int, int, str]] = {
    Refusal.ADDRESS_INVALID: (400, BAD_TO, "The 'To' number is not a number that can be called"),
    Refusal.REJECTED: (400, BLOCKED, "The call to this number is blocked"),
    Refusal.THROTTLED: (429, TOO_MANY, "Too Many Requests"),
    Refusal.QUEUE_FULL: (429, TOO_MANY, "Too many calls are queued"),
    Refusal.UNAVAILABLE: (503, UNAVAILABLE, "Service unavailable"),
}


class Rest:
    """The handlers of one dialect."""

    def __init__(self, gate: Gate, exchange: Exchange, addresses: Addresses, silence: float) -> None:
        self._gate, self._exchange, self._addresses = gate, exchange, addresses
        self._dialect, self._silence = gate.dialect, silence

    def routes(self) -> list[web.RouteDef]:
        calls, one = "/Accounts/{account}/Calls", "/Accounts/{account}/Calls/{sid:[^/.]+}"
        return [
            route
            for suffix in (".json", "")
            for route in (
                web.post(calls + suffix, self.create),
                web.get(calls + suffix, self.list, allow_head=False),
                web.get(one + suffix, self.show, allow_head=False),
                web.post(one + suffix, self.change),
                web.delete(one + suffix, self.remove),
                web.get("/Accounts/{account:[^/.]+}" + suffix, self.account, allow_head=False),
            )
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Make a call."""
        account = self._gate.account(request)
        order = read_order(await self._gate.form(request), account, self._dialect)
        self._check(order.document, order.fallback, order.status)
        if self._exchange.is_full(account):
            raise Refused(429, TOO_MANY, "Too many calls are under way", retry_after=1.0)
        trouble = await self._gate.meet(request, "call", account=account, address=order.to)
        if trouble.ending is Ending.CUT_BEFORE:
            mischief.cut(request)
            return web.Response(status=503)
        return await self._gate.finish(request, trouble, await self._made(request, order))

    async def _made(self, request: web.Request, order: CallOrder) -> web.Response:
        taken = self._exchange.take(order)
        if isinstance(taken, NotTaken):
            raise Refused(*REFUSALS[taken.refusal], taken.retry_after)
        if isinstance(taken, Botched):
            if taken.accident is Accident.TIMES_OUT:
                await mischief.stay_silent(request, self._silence)
            else:
                mischief.cut(request)
            return web.Response(status=503)
        line = self._exchange.line(sid_of(taken.message))
        if line is None:
            raise not_found(request.path)
        return self._gate.show(request, shape.call(line.call), "Call", self._dialect.created)

    async def show(self, request: web.Request) -> web.Response:
        """One call; who sees how it ended has been told."""
        account = self._gate.account(request)
        line = self._line(request, account)
        address = line.call.order.to
        trouble = await self._gate.meet(request, "status", account=account, address=address)
        response = self._gate.show(request, shape.call(line.call), "Call")
        if line.call.is_over and trouble.ending is None and line.report is not None:
            line.seen()
        return await self._gate.finish(request, trouble, response)

    async def list(self, request: web.Request) -> web.Response:
        """Calls, newest first, by the filters of the dialect and in pages."""
        account, query = self._gate.account(request), request.query
        number, size = _whole(query, "Page", 0, MOST_PAGES, 0), _page_size(query)
        wanted = Filter(query)
        found = [
            line.call
            for line in self._exchange.lines()
            if line.call.order.account == account
            and line.call.order.dialect is self._dialect
            and wanted.takes(line)
        ]
        chosen = found[number * size : (number + 1) * size]
        kept = {name: value for name, value in query.items() if name not in ("Page", "PageSize", "PageToken")}
        more = len(found) > (number + 1) * size
        page = shape.page(chosen, path=request.path, query=kept, number=number, size=size, more=more)
        return self._gate.show(request, page, "Calls")

    async def change(self, request: web.Request) -> web.Response:
        """End a call, or let it go on with another document."""
        account = self._gate.account(request)
        line = self._line(request, account)
        change = read_change(await self._gate.form(request))
        self._check(change.document, change.status_callback)
        trouble = await self._gate.meet(request, "status", account=account, address=line.call.order.to)
        if trouble.ending is Ending.CUT_BEFORE:
            mischief.cut(request)
            return web.Response(status=503)
        try:
            _apply(change, line)
        except NotNow as error:
            raise Refused(self._dialect.over_already, WRONG_STATE, str(error)) from None
        return await self._gate.finish(
            request, trouble, self._gate.show(request, shape.call(line.call), "Call")
        )

    async def remove(self, request: web.Request) -> web.Response:
        """Forget a call that is over."""
        line = self._line(request, self._gate.account(request))
        if not line.call.is_over:
            raise Refused(409, NOT_READY_TO_GO, "Cannot delete this resource before it is complete")
        self._exchange.remove(line.call.sid)
        return web.Response(status=204)

    async def account(self, request: web.Request) -> web.Response:
        """The account."""
        sid = self._gate.account(request)
        return self._gate.show(request, shape.account(sid, "belfort", 0, self._dialect), "Account")

    def _line(self, request: web.Request, account: str) -> Line:
        line = self._exchange.line(request.match_info["sid"])
        if line is None or line.call.order.account != account:
            missing = not_found(request.path)
            raise Refused(self._dialect.unknown_call, missing.code, missing.message)
        return line

    def _check(self, *hooks: Hook | None) -> None:
        """Refused for an address that the gateway may not ask."""
        for hook in hooks:
            if hook is not None and not self._addresses.permits(hook.url):
                raise Refused(
                    400,
                    BAD_URL,
                    "this gateway asks only this machine and the origins of its settings (voice_origins)",
                )


def _apply(change: Change, line: Line) -> None:
    """What a form changes; NotNow when the call is past that."""
    call = line.call
    if call.is_over:
        raise NotNow(f"Call is {call.status}. It cannot be changed any more.")
    if change.status_callback is not None:
        line.tell_status_to(change.status_callback)
    if change.status is not None:
        in_progress = call.status is Status.IN_PROGRESS
        if not in_progress:
            line.end(Status.CANCELED, "canceled by its maker")
        elif change.status == "completed":
            line.end(Status.COMPLETED, "ended by its maker")
    elif change.document is not None or change.twiml is not None:
        line.redirect(change.document, change.twiml)


class Filter:
    """Which calls a list shows, by the query's parameters; those of time are a day or a moment."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self._exact = {name: query[name] for name in ("To", "From", "Status") if query.get(name)}
        self._spans = [
            (name, sign, *_span(name, query[name + sign]))
            for name in ("StartTime", "EndTime")
            for sign in ("", "<", ">")
            if query.get(name + sign)
        ]

    def takes(self, line: Line) -> bool:
        """Whether the call is meant."""
        call = line.call
        shown = {
            "To": call.order.to,
            "From": call.order.sender,
            "Status": shape.status_word(call.status, call.order.dialect),
        }
        if any(shown[name] != value for name, value in self._exact.items()):
            return False
        begun = call.answered if call.answered is not None else call.ended
        moments = {"StartTime": begun, "EndTime": call.ended}
        return all(_within(moments[name], sign, since, until) for name, sign, since, until in self._spans)


def _within(moment: int | None, sign: str, since: int, until: int) -> bool:
    if moment is None:
        return False
    if sign == "<":
        return moment < until
    return moment >= since and (sign == ">" or moment < until)


def _span(name: str, written: str) -> tuple[int, int]:
    """Milliseconds: a day from its first to its last, a moment by itself."""
    try:
        given = datetime.fromisoformat(written)
    except ValueError:
        raise Refused(400, BAD_VALUE, f"{name} must be a date such as 2026-11-26") from None
    given = given.replace(tzinfo=given.tzinfo or UTC)
    lasts = timedelta(days=1) if len(written) <= len("2026-11-26") else timedelta(seconds=1)
    return round(given.timestamp() * 1000), round((given + lasts).timestamp() * 1000)


def _page_size(query: Mapping[str, str]) -> int:
    return min(_whole(query, "PageSize", 1, 2**31, USUAL_PAGE), MOST_ON_A_PAGE)


def _whole(query: Mapping[str, str], name: str, least: int, most: int, usual: int) -> int:
    written = query.get(name, "")
    if not written:
        return usual
    if re.fullmatch(r"[0-9]{1,10}", written, re.ASCII) is None or not least <= int(written) <= most:
        raise Refused(400, BAD_VALUE, f"{name} must be a whole number from {least} to {most}")
    return int(written)
