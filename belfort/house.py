"""Both programs in one process, under one clock, as `demo` and `up` run them.

The only room of `belfort` that imports the two programs' `app`. They still meet over the wire alone, on
loopback.
"""

from __future__ import annotations

import base64
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from belfort.connect import CLIENT_ID, CLIENT_SECRET, SECOND_CLIENT_ID, SECOND_CLIENT_SECRET, Where
from belfort.memory import settle_in
from belfort.premises import passing_memory
from belfort.settings import mendable, read_settings
from service.app import Service
from service.clock import Clock as ServiceClock
from service.config import Settings as ServiceSettings
from simulator.app import Simulator
from simulator.config import Settings as SimulatorSettings

ACCOUNTS = 2
"""So many accounts that know nothing of each other, so that isolation can be tried."""
CALLER = "+3222222222"
"""The number that people see when the service calls; any will do, since nobody calls back."""


def tenants_of(count: int) -> list[tuple[str, str]]:
    """The credentials of the first accounts: well known, on loopback only."""
    known = [(CLIENT_ID, CLIENT_SECRET), (SECOND_CLIENT_ID, SECOND_CLIENT_SECRET)]
    more = [(f"{CLIENT_ID}-{number}", f"{CLIENT_ID}-{number}-secret") for number in range(3, count + 1)]
    return [*known, *more][: max(count, 1)]


@dataclass(frozen=True, slots=True)
class Tenant:
    """One account of the bundled service and how to call as it."""

    client_id: str
    client_secret: str = field(repr=False)
    token: str = field(repr=False)

    def card(self) -> dict[str, str]:
        return {"client_id": self.client_id, "client_secret": self.client_secret, "token": self.token}


class House:
    """The running harness: gateway, people and survey service."""

    def __init__(
        self, simulator: Simulator, service: Service, tenants: list[Tenant], closing: AsyncExitStack
    ) -> None:
        self.simulator, self.service, self.tenants = simulator, service, tenants
        self._closing = closing

    @classmethod
    async def open(
        cls,
        environ: Mapping[str, str],
        *,
        free_ports: bool = False,
        data: Path | None = None,
        bug: str | None = None,
        accounts: int = ACCOUNTS,
    ) -> Self:
        """Start both programs with the settings in `environ`; without `data` everything is gone when it
        closes.

        `bug` names a planted bug (`belfort.zoo`) that the service is built with.
        """
        asked, parts = read_settings(ServiceSettings, environ), _parts(bug)  # before any door is open
        async with AsyncExitStack() as closing:
            folder = data or Path(closing.enter_context(_passing_folder()))
            folder.mkdir(parents=True, exist_ok=True)
            secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
            with mendable(SimulatorSettings):
                simulator = await Simulator.start(_simulator_settings(environ, free_ports))
            closing.push_async_callback(simulator.stop)
            settings = _service_settings(asked, free_ports, folder, simulator, secret)
            service = await Service.start(settings, clock=_shared(simulator), **parts)
            closing.push_async_callback(service.stop)
            simulator.push_to(f"{service.url}/gateways/sms/notifications", secret)
            simulator.mail_to(*_split(service.mail_in))
            tenants = [
                Tenant(*tenant, await service.open_account(*tenant)) for tenant in tenants_of(accounts)
            ]
            settle_in()
            return cls(simulator, service, tenants, closing.pop_all())

    def where(self) -> Where:
        """How a client reaches this harness as its first account."""
        return Where(url=self.service.url, control=self.simulator.control_url)

    def card(self) -> dict[str, Any]:
        """Every address and credential, as `belfort up --json` prints them (spec harness.md)."""
        control = self.simulator.control_url
        return {
            "service": self.service.url,
            "gateway": self.simulator.gateway_url,
            "control": control,
            "console": f"{control}/",
            "smpp": self.simulator.smpp_address,
            "smtp": self.simulator.smtp_address,
            "mail_in": self.service.mail_in,
            "smpp_system_id": self.simulator.settings.smpp_system_id,
            "smpp_password": self.simulator.settings.smpp_password,
            "voice": self.simulator.voice_url,
            "voice_account_sid": self.simulator.settings.voice_account_sid,
            "voice_auth_token": self.simulator.settings.voice_auth_token,
            "short_number": self.simulator.settings.short_number,
            **self.tenants[0].card(),
            "accounts": [tenant.card() for tenant in self.tenants],
        }

    async def close(self) -> None:
        """Stop taking calls, finish those begun, put everything away: the service first, then its gateway."""
        await self._closing.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _passing_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that is gone at the end; in memory where the machine offers that."""
    return tempfile.TemporaryDirectory(prefix="belfort-", dir=passing_memory())


def _simulator_settings(environ: Mapping[str, str], free_ports: bool) -> SimulatorSettings:
    settings = read_settings(SimulatorSettings, environ)
    free = {"control_port": 0, "gateway_port": 0, "smpp_port": 0, "smtp_port": 0}
    return replace(settings, **free) if free_ports else settings  # type: ignore[arg-type]  # all are ports


def _service_settings(
    settings: ServiceSettings, free_ports: bool, folder: Path, simulator: Simulator, secret: str
) -> ServiceSettings:
    """The service beside this simulator: told where each gateway is, and as whom it is known there."""
    there = simulator.settings
    return replace(
        settings,
        port=0 if free_ports else settings.port,
        mail_in_port=0 if free_ports else settings.mail_in_port,
        database=str(folder / "belfort.sqlite3"),
        gateway_url=simulator.gateway_url,
        gateway_client_id=there.gateway_client_id,
        gateway_client_secret=there.gateway_client_secret,
        gateway_mode="push",
        callback_secret=secret,
        short_number=there.short_number,
        voice_url=simulator.voice_url,
        voice_account_sid=there.voice_account_sid,
        voice_auth_token=there.voice_auth_token,
        voice_caller=settings.voice_caller or CALLER,
        **_smpp(settings, simulator),
        **_mail(settings, simulator),
    )


def _tls(simulator: Simulator, settings: ServiceSettings) -> str:
    """What the door speaks; `verify` where it is asked for."""
    if simulator.settings.smpp_tls_certificate is None:
        return "off"
    return "on" if settings.smpp_tls == "off" else settings.smpp_tls


def _smpp(settings: ServiceSettings, simulator: Simulator) -> dict[str, Any]:
    host, port = _split(simulator.smpp_address)
    there = simulator.settings
    return {
        "smpp_host": host,
        "smpp_port": port,
        "smpp_system_id": there.smpp_system_id,
        "smpp_password": there.smpp_password,
        "smpp_tls": _tls(simulator, settings),
    }


def _mail(settings: ServiceSettings, simulator: Simulator) -> dict[str, Any]:
    host, port = _split(simulator.smtp_address)
    there = simulator.settings
    username, password = there.smtp_accounts[0] if there.smtp_auth == "required" else ("", "")
    return {
        "mail_host": host,
        "mail_port": port,
        "mail_tls": "on" if there.smtp_tls == "required" else settings.mail_tls,
        "mail_username": username or settings.mail_username,
        "mail_password": password or settings.mail_password,
    }


def _split(address: str) -> tuple[str, int]:
    """`host:port`, as sockets want it."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _shared(simulator: Simulator) -> ServiceClock:
    """The simulator's clock as the service's: the same methods, though each program has its own name for
    a moment.
    """
    return cast(ServiceClock, simulator.clock)


def _parts(bug: str | None) -> dict[str, Any]:
    if bug is None:
        return {}
    from belfort.zoo.bugs import parts_of

    return parts_of(bug)
