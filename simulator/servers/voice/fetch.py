"""Requests to a caller's addresses: documents and call-backs, signed; and where none may go.

A call's maker names addresses, and so do documents. So that none of them can make the gateway call into a
network, only this machine and the origins of the settings are asked; what a name resolves to is looked at
again when it is connected to, and every redirection is checked as its first address was. The control API's
own port is never called.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from simulator.config import is_loopback
from simulator.faults.trouble import Ending, Trouble
from simulator.servers.push import nap, origin_of
from simulator.wire.calls_signature import HEADER, signature
from simulator.wire.twiml import MOST_BYTES, TOO_LARGE

BAD_URL, FAILURE, CONNECTION, BAD_HOST, REDIRECTS = 11100, 11200, 11205, 11210, 11215
"""Twilio's numbers of what can go wrong with a request to an application."""
MOST_REDIRECTS = 5
CONNECTIONS = 64


class Unreachable(Exception):
    """There is no answer to go by; `code` is the platform's number for why."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller's server answered, with a status from 200 to 299. `url` is where it was in the end."""

    url: str
    status: int
    content_type: str
    body: bytes = field(repr=False)


class Addresses:
    """Which addresses may be asked. `origins` besides this machine; `closed` are ports of it that may not."""

    def __init__(self, origins: Collection[str], closed: Callable[[], Collection[int]]) -> None:
        self._origins, self._closed = frozenset(origins), closed

    def permits(self, url: str) -> bool:
        """Whether `url` may be asked, as it is written."""
        origin = origin_of(url)
        if origin is None:
            return False
        try:
            parsed = URL(url, encoded=True)
            host, port = parsed.host or "", parsed.port
        except ValueError:
            return False
        if is_loopback(host):
            return port not in self._closed()
        return origin in self._origins

    def check(self, address: str, name: str, port: int) -> None:
        """OSError when what a name resolved to may not be connected to."""
        found = ipaddress.ip_address(address.split("%")[0])
        wrong = (
            (found.is_link_local or found.is_multicast or found.is_unspecified, "is nobody's server"),
            (is_loopback(name) and not found.is_loopback, "is not this machine"),
            (found.is_loopback and port in self._closed(), "is the control API"),
        )
        for is_wrong, why in wrong:
            if is_wrong:
                raise OSError(f"{name} resolves to an address that {why}")


class _Resolver(AbstractResolver):
    """Names as the system resolves them, each address checked."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses, self._system = addresses, ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._system.resolve(host, port, family)
        for each in found:
            self._addresses.check(each["host"], host, port)
        return found

    async def close(self) -> None:
        await self._system.close()


class Asker:
    """Asks callers' servers. `seconds` of this machine for one answer, redirections and all."""

    def __init__(self, addresses: Addresses, seconds: float) -> None:
        self.addresses, self._seconds = addresses, seconds
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(
        self, url: str, method: str, parameters: Mapping[str, str], *, token: str, once: str, trouble: Trouble
    ) -> Answer:
        """The answer to one signed request; Unreachable unless there is a good one.

        `once` marks the request, so that a repetition can be told from another one.
        """
        try:
            async with asyncio.timeout(self._seconds):
                await _before(trouble)
                answer = await self._follow(url.split("#")[0], method, parameters, token, once)
        except TimeoutError:
            raise Unreachable(CONNECTION, f"no answer within {self._seconds:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable(CONNECTION, _why(error)) from None
        except ValueError as error:  # a Location, or a name, that is none
            raise Unreachable(BAD_URL, _why(error)) from None
        if trouble.ending is not None:
            raise Unreachable(CONNECTION, "the answer was lost by a fault")
        return answer

    async def _follow(
        self, url: str, method: str, parameters: Mapping[str, str], token: str, once: str
    ) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            if not self.addresses.permits(url):
                raise Unreachable(*_not_permitted(url))
            found = await self._once(url, method, parameters, token, once)
            if isinstance(found, Answer):
                return found
            url, changes = found
            method, parameters = ("GET", {}) if changes else (method, parameters)
        raise Unreachable(REDIRECTS, f"more than {MOST_REDIRECTS} redirections")

    async def _once(
        self, url: str, method: str, parameters: Mapping[str, str], token: str, once: str
    ) -> Answer | tuple[str, bool]:
        """The answer, or where it is, and whether to ask there by GET (RFC 9110 §15.4)."""
        posted = parameters if method == "POST" else {}
        if method == "GET" and parameters:
            url += ("&" if "?" in url else "?") + urlencode(parameters)
        headers = {HEADER: signature(token, url, posted), "I-Twilio-Idempotency-Token": once}
        async with self._open().request(
            method,
            URL(url, encoded=True),
            data=urlencode(posted) if method == "POST" else None,
            headers=headers | ({"Content-Type": FORM} if method == "POST" else {}),
            allow_redirects=False,
        ) as response:
            if response.status in (301, 302, 303, 307, 308):
                to = response.url.join(URL(response.headers.get("Location", "")))
                return str(to), response.status in (301, 302, 303)
            body = await _bounded(response)
            if not 200 <= response.status < 300:
                raise Unreachable(FAILURE, f"answered {response.status}")
            return Answer(url, response.status, response.content_type.lower(), body)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=CONNECTIONS, keepalive_timeout=15.0, resolver=_Resolver(self.addresses)
                ),
                timeout=aiohttp.ClientTimeout(total=None),
                headers={"User-Agent": "TwilioProxy/1.1", "Accept": "*/*"},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # a compressed body is refused, so it cannot be a bomb
            )
        return self._session


FORM = "application/x-www-form-urlencoded; charset=UTF-8"


async def _before(trouble: Trouble) -> None:
    """What a fault lets happen before the request leaves."""
    if trouble.delay:
        await nap(trouble.delay)
    if trouble.error is not None:
        raise Unreachable(FAILURE, f"answered {trouble.error.status} by a fault")
    if trouble.ending is Ending.CUT_BEFORE:
        raise Unreachable(CONNECTION, "cut by a fault")


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    """The body, if it is plain and not too large."""
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unreachable(FAILURE, "the answer is compressed")
    body = bytearray()
    async for chunk in response.content.iter_chunked(16_384):
        body += chunk
        if len(body) > MOST_BYTES:
            response.close()
            raise Unreachable(TOO_LARGE, f"the answer is larger than {MOST_BYTES} bytes")
    return bytes(body)


def _not_permitted(url: str) -> tuple[int, str]:
    origin = origin_of(url)
    if origin is None:
        return BAD_URL, "not an http or https address without user name"
    return BAD_HOST, f"{origin[:200]} may not be asked; only this machine and the origins of the settings"


def _why(error: Exception) -> str:
    inner = getattr(error, "os_error", None)
    return f"{type(error).__name__}: {inner or error}"[:200]
