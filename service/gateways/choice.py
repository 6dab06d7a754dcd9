"""Which gateways the settings name, made ready to run; a table of them, one function each."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from service.clock import Clock, Dice
from service.config import Settings
from service.gateways import voice_polls
from service.gateways.sms_http import Peer, SmsHttp
from service.gateways.sms_smpp import Centre, SmsSmpp
from service.gateways.voice import Conduct, Switchboard, Voice
from service.interfaces import Gateway, Inbox
from service.logs import Log
from service.meters import Meters
from service.store.engine import Store
from service.store.tokens import Tokens
from service.submit import Limits
from service.wire.smpp_session import Credentials
from service.wire.webhook import read_secrets

FIRST_POLL_SECONDS = 5.0


class OpenGateway(Gateway, Protocol):
    """A gateway as the service holds it."""

    def routes(self, inbox: Inbox) -> list[web.RouteDef]:
        """Where the peer calls back over HTTP, if it does."""

    async def close(self) -> None:
        """Close the connections, when nothing uses the gateway any more."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a gateway is made with."""

    store: Store
    clock: Clock
    dice: Dice
    meters: Meters
    log: Log
    tokens: Tokens
    here: Callable[[], str]
    """Our own base address, as gateways reach it; known once the door is open."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A gateway, and how it wants to be fed."""

    gateway: OpenGateway
    limits: Limits


def chosen(settings: Settings, means: Means) -> list[Chosen]:
    """One gateway for each channel that is configured; SMS always is."""
    makers = [_SMS[settings.gateway]]
    if settings.voice_url:
        makers.append(_voice)
    return [make(settings, means) for make in makers]


def _enco(settings: Settings, means: Means) -> Chosen:
    peer = Peer(
        url=settings.gateway_url,
        client_id=settings.gateway_client_id,
        client_secret=settings.gateway_client_secret,
        call_back_secrets=read_secrets(settings.callback_secret),
        polls=settings.gateway_mode != "push",
        pushes=settings.gateway_mode != "poll",
        window=settings.gateway_window,
        deadline=settings.gateway_deadline,
    )
    limits = Limits(
        window=settings.gateway_window,
        rate=settings.gateway_rate,
        response_window=settings.response_window,
        first_poll=FIRST_POLL_SECONDS if peer.polls else None,
    )
    return Chosen(SmsHttp(peer, means.store, means.clock, means.meters, means.log), limits)


def _smpp(settings: Settings, means: Means) -> Chosen:
    centre = Centre(
        host=settings.smpp_host,
        port=settings.smpp_port,
        credentials=Credentials(settings.smpp_system_id.encode(), settings.smpp_password.encode()),
        source=settings.short_number,
        sessions=settings.smpp_sessions,
        window=settings.gateway_window,
        deadline=settings.gateway_deadline,
        tls=_TLS[settings.smpp_tls](settings),
    )
    limits = Limits(
        window=centre.window * centre.sessions,
        rate=settings.gateway_rate,
        response_window=settings.response_window,
        first_poll=None,
    )
    return Chosen(SmsSmpp(centre, means.clock, means.dice, means.meters, means.log), limits)


def _voice(settings: Settings, means: Means) -> Chosen:
    switchboard = Switchboard(
        url=settings.voice_url,
        account=settings.voice_account_sid,
        token=settings.voice_auth_token,
        caller=settings.voice_caller,
        ring_time=round(settings.voice_ring_time),
        detect_machines=settings.voice_machines == "detect",
        window=settings.voice_window,
        deadline=settings.gateway_deadline,
    )
    conduct = Conduct(round(settings.voice_key_wait), settings.voice_second_chances)
    limits = Limits(
        window=settings.voice_window,
        rate=settings.voice_rate,
        response_window=settings.response_window,
        first_poll=voice_polls.FIRST_POLL_SECONDS,
    )
    gateway = Voice(
        switchboard,
        conduct,
        means.store,
        means.clock,
        means.meters,
        means.log,
        tokens=means.tokens,
        here=means.here,
    )
    return Chosen(gateway, limits)


_SMS: dict[str, Callable[[Settings, Means], Chosen]] = {"enco": _enco, "smpp": _smpp}


def _unchecked(_settings: Settings) -> ssl.SSLContext:
    """Encrypted, with whatever certificate the peer shows."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _verified(settings: Settings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.smpp_tls_ca or None)


_TLS: dict[str, Callable[[Settings], ssl.SSLContext | None]] = {
    "off": lambda _settings: None,
    "on": _unchecked,
    "verify": _verified,
}
