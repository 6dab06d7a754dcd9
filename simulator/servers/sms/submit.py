"""Submitting at the SMS door: a message to one or more people, and the question how long a text is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from simulator.carrier import Carrier
from simulator.faults.trouble import Ending
from simulator.servers import mischief
from simulator.servers.sms.gate import TAKEN, Declined, Gate, whole_seconds
from simulator.servers.sms.options import Options
from simulator.servers.sms.resources import Resources, Result, destination
from simulator.wire import enco, wso2
from simulator.wire.length import MOST_PARTS, measure
from simulator.world import Accident, Address, Botched, Channel, Refusal, Refused, Submission

NOT_NOW: Mapping[Refusal, wso2.Fault] = {
    Refusal.THROTTLED: wso2.THROTTLED,
    Refusal.QUEUE_FULL: wso2.QUEUE_FULL,
    Refusal.UNAVAILABLE: wso2.UNAVAILABLE,
}
"""Refusals for now: the whole call fails, unless some of it was taken."""


class Submitting:
    """The handlers that take messages."""

    def __init__(self, gate: Gate, carrier: Carrier, resources: Resources, options: Options) -> None:
        self._gate, self._carrier, self._resources, self._options = gate, carrier, resources, options

    async def submit(self, request: web.Request) -> web.Response:
        """`POST …/outboundmessages[/{address}]`, and SAP's path."""
        account = self._gate.client(request)
        sender = self._sender(request, account)
        body = await self._gate.body(request)
        outbound = enco.read_outbound(body)
        _check_length(outbound, limited="true" in request.query_string.lower() and _is_limited(request))
        first = outbound.destinations[0]
        trouble = await self._gate.meet(request, "submit", account=account, address=first, size=len(body))
        if trouble.ending is Ending.CUT_BEFORE:
            mischief.cut(request)
            return web.Response(status=503)
        results = [
            self._carrier.submit(
                Submission(account, Channel.SMS, Address(to), sender, outbound.text, outbound.reference)
            )
            for to in outbound.destinations
        ]
        answer = self._answer(outbound, results)
        response = await self._gate.finish(request, trouble, answer, TAKEN)
        await self._play_accident(request, results)
        return response

    def _sender(self, request: web.Request, account: str) -> str:
        """The short number to send from: the shared one, or one of the client's own."""
        address = request.match_info.get("address")
        if address is None or address == self._options.short_number:
            return self._options.short_number
        if self._options.dedicated.get(address) != account:
            raise Declined(wso2.NOT_FOUND, "the address in the path is not a dedicated number of yours")
        return address

    def _answer(self, outbound: enco.Outbound, results: Sequence[Result]) -> bytes:
        """What is said about every destination; Declined when nothing was taken and some could be later."""
        found = [
            destination(Address(to), result)
            for to, result in zip(outbound.destinations, results, strict=True)
        ]
        if not any(each.message for each in found):
            _refuse_whole(results)
        identity = self._resources.add(found, outbound)
        infos = [enco.Info(each.address, each.status.value) for each in found]
        return enco.delivery(self._resources.url(identity), infos)

    async def _play_accident(self, request: web.Request, results: Sequence[Result]) -> None:
        accidents = {result.accident for result in results if isinstance(result, Botched)}
        if Accident.TIMES_OUT in accidents:
            await mischief.stay_silent(request, self._options.silence)
        elif accidents:
            mischief.cut(request)

    async def length(self, request: web.Request) -> web.Response:
        """`POST …/outboundmessages/length`: 201, as the one client whose code is known takes nothing else."""
        account = self._gate.client(request)
        body = await self._gate.body(request)
        text, binary = enco.read_text(body)
        trouble = await self._gate.meet(request, "length", account=account, size=len(body))
        return await self._gate.finish(request, trouble, enco.length(measure(text, binary=binary)), TAKEN)


def _is_limited(request: web.Request) -> bool:
    return request.query.get("forceCharacterLimit", "").lower() == "true"


def _check_length(outbound: enco.Outbound, *, limited: bool) -> None:
    length = measure(outbound.text, binary=outbound.binary)
    if length.parts > MOST_PARTS:
        raise enco.Malformed("message", f"takes {length.parts} parts; at most {MOST_PARTS} are sent")
    if limited and length.parts > 1:
        raise enco.Malformed("message", "takes more than one part, and forceCharacterLimit=true allows one")


def _refuse_whole(results: Sequence[Result]) -> None:
    for result in results:
        if isinstance(result, Refused) and result.refusal in NOT_NOW:
            wait = whole_seconds(result.retry_after or 1.0)
            raise Declined(NOT_NOW[result.refusal], result.refusal.value, Retry_After=wait)
