"""Which gateways the settings name, made ready to run; a table of them, one function each."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from service.clock import Clock, Dice
from service.config import Settings
from service.gateways import mail
from service.gateways.mail_door import Door, Terms
from service.gateways.sms_http import Peer, SmsHttp
from service.gateways.sms_smpp import Centre, SmsSmpp
from service.gateways.voice import Conduct, Switchboard, Voice
from service.interfaces import Gateway, Inbox
from service.logs import Log
from service.meters import Meters
from service.store.engine import Store
from service.store.tokens import Tokens
from service.submit import Limits
from service.wire.calls import DIALECTS
from service.wire.mail_question import Sender
from service.wire.smpp_session import Credentials
from service.wire.webhook import read_secrets

FIRST_POLL_SECONDS = 5.0


class OpenGateway(Gateway, Protocol):
    """A gateway as the service holds it."""

    def routes(self, inbox: Inbox) -> list[web.RouteDef]:
        """Where the peer calls back over HTTP, if it does."""

    async def close(self) -> None:
        """Close the connections, when nothing uses the gateway any more."""


class OpenDoor(Protocol):
    """A door of its own through which a gateway's peer brings what comes back."""

    address: str

    async def open(self, inbox: Inbox) -> None:
        """Listen. Errors: OSError."""

    async def close(self) -> None:
        """Take no more, and finish what is being taken."""


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
    """A gateway, how it wants to be fed, and the door of its own if it has one."""

    gateway: OpenGateway
    limits: Limits
    door: OpenDoor | None = None


def chosen(settings: Settings, means: Means) -> list[Chosen]:
    """One gateway for each channel that is configured; SMS always is."""
    makers = [_SMS[settings.gateway]]
    if settings.voice_url:
        makers.append(_voice)
    if settings.mail_host:
        makers.append(_mail)
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
        tls=_shown(_TLS[settings.smpp_tls](settings.smpp_tls_ca), settings.smpp_tls_client),
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
        dialect=DIALECTS[settings.voice_dialect],
        account=settings.voice_account_sid,
        token=settings.voice_auth_token,
        caller=settings.voice_caller,
        ring_time=round(settings.voice_ring_time),
        detect_machines=settings.voice_machines == "detect",
        ask_after=settings.voice_ask_after,
        window=settings.voice_window,
        deadline=settings.gateway_deadline,
    )
    conduct = Conduct(round(settings.voice_key_wait), settings.voice_second_chances)
    limits = Limits(
        window=settings.voice_window,
        rate=settings.voice_rate,
        response_window=settings.response_window,
        first_poll=switchboard.ask_after,
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


def _mail(settings: Settings, means: Means) -> Chosen:
    domain = settings.mail_domain or settings.mail_from.rpartition("@")[2]
    sender = Sender(settings.mail_from_name, settings.mail_from, domain, settings.mail_subject)
    peer = mail.Peer(
        host=settings.mail_host,
        port=settings.mail_port,
        us=domain,
        tls=_TLS[settings.mail_tls](settings.mail_tls_ca),
        username=settings.mail_username,
        password=settings.mail_password,
        deadline=settings.mail_deadline,
    )
    limits = Limits(
        window=settings.mail_connections,
        rate=settings.mail_rate,
        response_window=settings.response_window,
        first_poll=None,
    )
    terms = Terms(
        host=settings.mail_in_host,
        port=settings.mail_in_port,
        shared=means.store.shared,
        size=settings.mail_in_size,
        connections=settings.mail_in_connections,
        rate=settings.mail_in_rate,
        idle=settings.mail_in_idle,
    )
    door = Door(sender, terms, means.tokens, means.clock, means.meters, means.log)
    return Chosen(mail.Mail(peer, sender, means.tokens, means.clock), limits, door)


_SMS: dict[str, Callable[[Settings, Means], Chosen]] = {"enco": _enco, "smpp": _smpp}


def _shown(context: ssl.SSLContext | None, certificate: str) -> ssl.SSLContext | None:
    """With the certificate that we show to a peer that asks, if there is one."""
    if context is not None and certificate:
        context.load_cert_chain(certificate)
    return context


def _unchecked(authority: str) -> ssl.SSLContext:
    """Encrypted, with whatever certificate the peer shows."""
    context = _verified(authority)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _verified(authority: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority or None)


_TLS: dict[str, Callable[[str], ssl.SSLContext | None]] = {
    "off": lambda _authority: None,
    "on": _unchecked,
    "verify": _verified,
}
"""By the word of the setting; each takes the file of an authority's certificates."""
