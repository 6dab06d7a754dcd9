"""Every setting of the service: its name, default, limits, and how it is read from the environment.

`BELFORT_CONTACT_INTERVAL=2h` sets `contact_interval`. Durations are seconds or carry a unit: `250ms`, `30s`,
`5m`, `2h`, `3d`. Unknown names are the command line's to refuse (`NAMES`), because other programs have
settings of the same prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from service.values import (
    caller,
    certificate_with_key,
    certificates,
    domain,
    duration,
    if_any,
    mail_address,
    master_key,
    number,
    octets,
    one_of,
    plain,
    postgres_url,
    short_number,
    signing_secret,
    url,
    whole,
)

PREFIX = "BELFORT_"
GATEWAYS = ("enco", "smpp")
MODES = ("push", "poll", "both")
TLS = ("off", "on", "verify")
LEVELS = ("debug", "info", "warning", "error")


class SettingsError(Exception):
    """A setting cannot be used. The text names the variable, what is wrong with it and what is allowed."""


def _setting(
    default: Any,
    read: Callable[[str], Any],
    about: str,
    low: float | None = None,
    high: float | None = None,
    *,
    secret: bool = False,
) -> Any:
    return field(
        default=default,
        repr=not secret,
        metadata={"read": read, "about": about, "low": low, "high": high, "secret": secret},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service's settings. Durations are in seconds, rates in units a second; rate 0 means no limit."""

    host: str = _setting("127.0.0.1", plain, "where to listen")
    port: int = _setting(8032, whole, "port to listen on; 0 takes any free one", 0, 65535)
    public_url: str = _setting(
        "", if_any(url), "where gateways reach us from outside; empty: the address we listen on"
    )
    database: str = _setting("belfort.sqlite3", plain, "the SQLite file")
    database_url: str = _setting(
        "", if_any(postgres_url), "postgresql://user:password@host/name instead of the file", secret=True
    )
    master_key: str = _setting(
        "", master_key, "base64 of 32 bytes; empty keeps the key in a file beside the database", secret=True
    )
    gateway: str = _setting(
        "enco", one_of(*GATEWAYS), "how the SMS gateway is spoken to: enco (HTTP) or smpp"
    )
    gateway_url: str = _setting("http://127.0.0.1:8034", url, "base address of the SMS gateway")
    gateway_client_id: str = _setting("belfort", plain, "our OAuth client there")
    gateway_client_secret: str = _setting("belfort-secret", plain, "its secret", secret=True)
    gateway_mode: str = _setting(
        "poll", one_of(*MODES), "how replies and reports come back: push, poll or both"
    )
    callback_secret: str = _setting("", signing_secret, "whsec_…: signs what the gateway pushes", secret=True)
    gateway_rate: float = _setting(0.0, number, "messages a second to the gateway; 0: no limit", 0, 1_000_000)
    gateway_deadline: float = _setting(8.0, duration, "for the gateway's answer to one call", 0.1, 300)
    gateway_window: int = _setting(32, whole, "messages in flight to the gateway", 1, 1024)
    short_number: str = _setting("8937", short_number, "whom messages over SMPP come from")
    smpp_host: str = _setting("127.0.0.1", plain, "where the SMPP message centre is")
    smpp_port: int = _setting(2775, whole, "its port", 0, 65535)
    smpp_system_id: str = _setting("belfort-smpp", octets(15), "who we are there")
    smpp_password: str = _setting("secret08", octets(8), "our password there", secret=True)
    smpp_sessions: int = _setting(1, whole, "transceiver sessions to hold open", 1, 64)
    smpp_tls: str = _setting(
        "off", one_of(*TLS), "TLS to the message centre: off, on (any certificate) or verify"
    )
    smpp_tls_ca: str = _setting(
        "", certificates, "PEM file of whoever signed its certificate; empty: the system's"
    )
    smpp_tls_client: str = _setting(
        "", certificate_with_key, "PEM file with our certificate and its key; empty: we show none"
    )
    voice_url: str = _setting(
        "", if_any(url), "base address of the telephone exchange; empty: no channel VOICE"
    )
    voice_dialect: str = _setting(
        "twilio", one_of("twilio", "restcomm"), "how it is spoken to: as Twilio, or as RestComm before 2020"
    )
    voice_account_sid: str = _setting("", if_any(plain), "our account there")
    voice_auth_token: str = _setting(
        "", if_any(plain), "its auth token, which also signs what we are told", secret=True
    )
    voice_caller: str = _setting("", if_any(caller), "the number that those called see, +32…")
    voice_rate: float = _setting(0.0, number, "calls a second to order; 0: no limit", 0, 1_000_000)
    voice_window: int = _setting(16, whole, "orders of calls under way at a time", 1, 1024)
    voice_ring_time: float = _setting(25.0, duration, "how long it rings", 5, 600)
    voice_key_wait: float = _setting(5.0, duration, "how long each key is waited for", 1, 60)
    voice_second_chances: int = _setting(
        1, whole, "how often one whose keys are no score is asked again in the same call", 0, 5
    )
    voice_machines: str = _setting(
        "detect",
        one_of("detect", "ignore"),
        "answering machines: detect (and hang up) or ignore the difference",
    )
    voice_ask_after: float = _setting(
        300.0, duration, "until a call that nobody told us of is asked about", 1, 86_400
    )
    mail_host: str = _setting("", if_any(plain), "where the mail relay is; empty: no channel EMAIL")
    mail_port: int = _setting(25, whole, "its port", 1, 65535)
    mail_tls: str = _setting(
        "off", one_of(*TLS), "STARTTLS to the relay: off, on (any certificate) or verify"
    )
    mail_tls_ca: str = _setting(
        "", certificates, "PEM file of whoever signed its certificate; empty: the system's"
    )
    mail_username: str = _setting("", if_any(plain), "who we are there; empty: no AUTH")
    mail_password: str = _setting("", if_any(plain), "our password there", secret=True)
    mail_deadline: float = _setting(30.0, duration, "for handing over one mail", 0.1, 600)
    mail_connections: int = _setting(
        4, whole, "connections to the relay, each with one mail at a time", 1, 64
    )
    mail_rate: float = _setting(0.0, number, "mails a second to the relay; 0: no limit", 0, 1_000_000)
    mail_from: str = _setting("survey@survey.test", mail_address, "the address that mails come from")
    mail_from_name: str = _setting("Survey", plain, "the name beside it")
    mail_subject: str = _setting("", if_any(plain), "of every mail; empty: the question's own words")
    mail_domain: str = _setting(
        "", if_any(domain), "domain of reply and bounce addresses; empty: that of mail_from"
    )
    mail_in_host: str = _setting("127.0.0.1", plain, "where to listen for mail that comes back")
    mail_in_port: int = _setting(8035, whole, "its port; 0 takes any free one", 0, 65535)
    mail_in_size: int = _setting(1_048_576, whole, "bytes of a mail that comes back", 1_024, 33_554_432)
    mail_in_connections: int = _setting(100, whole, "connections of that door at a time", 1, 10_000)
    mail_in_rate: float = _setting(0.0, number, "mails a second through that door; 0: no limit", 0, 100_000)
    mail_in_idle: float = _setting(60.0, duration, "for each command, and for the whole data", 0.1, 3_600)
    contact_interval: float = _setting(
        86_400.0, duration, "between two surveys to one person", 0, 400 * 86_400
    )
    response_window: float = _setting(
        259_200.0, duration, "how long a reply counts, from the hand-over", 0.001, 400 * 86_400
    )
    validity: float = _setting(
        86_400.0, duration, "how long a message may wait to be handed over", 0.001, 30 * 86_400
    )
    send_rate: float = _setting(2_000.0, number, "requests to send a second and account", 0.001, 1_000_000)
    send_burst: int = _setting(10_000, whole, "requests to send at once", 1_000, 10_000_000)
    call_rate: float = _setting(1_000.0, number, "other calls a second and account", 0.001, 1_000_000)
    call_burst: int = _setting(5_000, whole, "other calls at once", 1, 10_000_000)
    token_lifetime: float = _setting(3_600.0, duration, "of bearer tokens", 1, 30 * 86_400)
    log_level: str = _setting("info", one_of(*LEVELS), "least important kind of line to log")
    head_deadline: float = _setting(20.0, duration, "for a whole request head", 0.05, 600)
    body_deadline: float = _setting(60.0, duration, "for a request body", 0.05, 3_600)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of an environment. Errors: SettingsError, naming every setting that is wrong."""
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for setting in fields(cls):
            name = PREFIX + setting.name.upper()
            if name not in environ:
                continue
            try:
                values[setting.name] = _read(environ[name], setting.metadata)
            except ValueError as error:
                shown = "" if setting.metadata["secret"] else f" {environ[name][:80]!r}"
                wrong.append(f"{name}{shown} must be {error}")
        wrong = wrong or _missing(values)
        if wrong:
            raise SettingsError("; ".join(wrong))
        return cls(**values)


def _missing(values: Mapping[str, Any]) -> list[str]:
    """What must be set because of what is set."""
    missing = []
    if values.get("gateway_mode", "poll") != "poll" and not values.get("callback_secret"):
        missing.append(f"{PREFIX}CALLBACK_SECRET must be set when {PREFIX}GATEWAY_MODE is push or both")
    if values.get("voice_url"):
        needed = ("voice_account_sid", "voice_auth_token", "voice_caller")
        missing += [
            f"{PREFIX}{name.upper()} must be set when {PREFIX}VOICE_URL is"
            for name in needed
            if not values.get(name)
        ]
    return missing


def _read(text: str, rule: Mapping[str, Any]) -> Any:
    value = rule["read"](text)
    low, high = rule["low"], rule["high"]
    if low is not None and not low <= value <= high:
        unit = " seconds" if rule["read"] is duration else ""
        raise ValueError(f"from {low:g} to {high:.12g}{unit}")
    return value


NAMES = frozenset(PREFIX + setting.name.upper() for setting in fields(Settings))
"""Every variable that is read here."""
