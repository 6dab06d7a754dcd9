"""The simulator's settings: one frozen value, read once from the environment, every field with a default.

Variable names are `BELFORT_` and the field's name in capitals. A wrong value stops the start with a sentence
that names the variable, what is wrong and what is allowed; a secret is never repeated in it.
"""

from __future__ import annotations

import base64
import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Self
from urllib.parse import urlsplit

PREFIX = "BELFORT_"
CLOCK_MODES = ("real", "scaled", "frozen", "auto")
LOG_LEVELS = ("debug", "info", "warning", "error")
SECONDS_PER_UNIT = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
SMPP_PORT = 2775
"""IANA's."""
SMTP_PORT = 2525
"""Where development mail servers often stand; 25 is for those who may."""
SMTP_REPLIES = ("127.0.0.1", 8035)
"""The bundled service's door for replies."""
WANTED = ("off", "offered", "required")
ALPHABETS = ("gsm", "ascii", "latin-1", "packed")
RECEIPTS = (
    "standard", "appendix-b", "decimal", "hex", "upper", "padded", "uncounted", "reordered", "seconds",
    "textless", "text-only", "all-tlvs", "unterminated",
)  # fmt: skip
"""The dialects of `wire.smpp.receipt`; a test holds the two together."""
WAYS = ("udh-8", "udh-16", "sar", "payload")
LONGEST = 100 * 366 * 86_400.0
"""No duration is longer than a century: everything due must stay within the years a calendar can print."""

_DURATION = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?(ms|[smhdw]?)", re.ASCII)


class SettingsError(ValueError):
    """A setting cannot be used. The message says which, why, and what is allowed."""


def duration(text: str) -> float:
    """Seconds of "250ms", "30s", "5m", "2h", "3d", "1w" or of a plain number; ValueError otherwise."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError('allowed: a number of seconds, or a text such as "250ms", "30s", "5m", "2h", "3d"')
    seconds = float(match[1]) * SECONDS_PER_UNIT[match[2]]
    if seconds > LONGEST:
        raise ValueError("a duration is at most a hundred years")
    return seconds


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a listener bound to `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _text(value: str) -> str:
    if not value or len(value) > 1_000 or not value.isprintable():
        raise ValueError("allowed: 1 to 1000 printable characters")
    return value


def _whole(least: int, most: int, meaning: str = "a whole number") -> Callable[[str], int]:
    def read(value: str) -> int:
        if re.fullmatch(r"-?[0-9]{1,20}", value, re.ASCII) is None or not least <= int(value) <= most:
            raise ValueError(f"allowed: {meaning} from {least} to {most}")
        return int(value)

    return read


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise ValueError(f"allowed: a number from {least:g} to {most:g}")
        return number

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"allowed: {', '.join(words)}")
        return value

    return read


def _seconds(value: str) -> float:
    seconds = duration(value)
    if seconds <= 0:
        raise ValueError("allowed: a duration above zero")
    return seconds


def _short_number(value: str) -> str:
    if re.fullmatch(r"[0-9]{3,8}", value, re.ASCII) is None:
        raise ValueError("allowed: 3 to 8 digits, such as 8937")
    return value


def _url(value: str) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(
            "allowed: an http or https address without user name, such as http://127.0.0.1:8032/path"
        )
    return value


def _callback_secret(value: str) -> str:
    kind, _, key = value.partition("_")
    try:
        fine = kind == "whsec" and 24 <= len(base64.b64decode(key, validate=True)) <= 64
    except ValueError:
        fine = False
    if not fine:
        raise ValueError("allowed: whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)")
    return value


def _names(value: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in value.split(",") if name.strip())
    if not all(re.fullmatch(r"[a-z0-9.:\[\]-]{1,253}", name, re.ASCII) for name in names):
        raise ValueError("allowed: host names, with a port where it differs, separated by commas")
    return names


def _system_id(value: str) -> str:
    if re.fullmatch(r"[!-+\--9;-~]{1,15}", value, re.ASCII) is None:
        raise ValueError(
            "allowed: 1 to 15 visible ASCII characters without comma and colon (SMPP 3.4 §5.2.1)"
        )
    return value


def _smpp_password(value: str) -> str:
    if re.fullmatch(r"[!-+\--~]{1,8}", value, re.ASCII) is None:
        raise ValueError("allowed: 1 to 8 visible ASCII characters without comma (SMPP 3.4 §5.2.2)")
    return value


def _smpp_accounts(value: str) -> tuple[tuple[str, str], ...]:
    pairs = [each.strip().partition(":") for each in value.split(",") if each.strip()]
    return tuple((_system_id(name), _smpp_password(password)) for name, _, password in pairs)


def _accounts(value: str) -> tuple[tuple[str, str], ...]:
    pairs = [each.strip().partition(":") for each in value.split(",") if each.strip()]
    if not all(name and secret for name, _, secret in pairs):
        raise ValueError("allowed: client_id:secret pairs, separated by commas")
    return tuple((_text(name), _text(secret)) for name, _, secret in pairs)


def _account_sid(value: str) -> str:
    if re.fullmatch(r"AC[0-9a-f]{32}", value, re.ASCII) is None:
        raise ValueError("allowed: AC and 32 hexadecimal digits")
    return value


def _voice_accounts(value: str) -> tuple[tuple[str, str], ...]:
    return tuple((_account_sid(sid), token) for sid, token in _accounts(value))


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(each.strip().rstrip("/") for each in value.split(",") if each.strip())
    if not all(urlsplit(_url(origin)).path == "" and origin == origin.lower() for origin in origins):
        raise ValueError("allowed: https://host:port in small letters and nothing after it, by commas")
    return origins


def _short_numbers(value: str) -> tuple[str, ...]:
    return tuple(_short_number(each.strip()) for each in value.split(",") if each.strip())


def _peer(value: str) -> tuple[str, int]:
    """One host and port, as the operator names it: nothing else is ever written to."""
    host, _, port = value.strip().rpartition(":")
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\]", host, re.ASCII) or not port.isdecimal():
        raise ValueError("allowed: a host and a port, such as 127.0.0.1:8035")
    return host.strip("[]"), _whole(1, 65_535)(port)


def _yes_or_no(value: str) -> bool:
    return _one_of("yes", "no")(value) == "yes"


def _setting(default: Any, read: Callable[[str], Any], about: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"read": read, "about": about, "secret": secret})


_PORT = _whole(0, 65_535, "a port (0 takes any free one)")
_COUNT = _whole(1, 100_000_000)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a simulator can be told before it starts."""

    host: str = _setting("127.0.0.1", _text, "where to listen; beyond loopback control_token is needed")
    control_port: int = _setting(8033, _PORT, "port of the control API and the console")
    gateway_port: int = _setting(8034, _PORT, "port of the SMS gateway over HTTP")
    control_token: str | None = _setting(None, _text, "bearer token the control API asks for", secret=True)
    host_names: tuple[str, ...] = _setting((), _names, "further names the control API may be called by")
    seed: int = _setting(1, _whole(0, 2**63 - 1), "the seed of everything that looks like chance")
    profile: str = _setting("everyday", _text, "named population: how the inhabitants behave")
    people_file: str | None = _setting(None, _text, "a people.yaml that is laid over the profile")
    clock: str = _setting("real", _one_of(*CLOCK_MODES), "how the world's time passes")
    clock_rate: float = _setting(60.0, _number(0.001, 1_000_000), "how many times faster a scaled clock runs")
    short_number: str = _setting("8937", _short_number, "the Belgian short number questions come from")
    gateway_client_id: str = _setting("belfort", _text, "client id the gateway accepts")
    gateway_client_secret: str = _setting("belfort-secret", _text, "its secret", secret=True)
    gateway_accounts: tuple[tuple[str, str], ...] = _setting(
        (("belfort-two", "belfort-two-secret"),),
        _accounts,
        "further ones, client_id:secret, separated by commas",
        secret=True,
    )
    dedicated_numbers: tuple[str, ...] = _setting(
        ("8938",), _short_numbers, "short numbers of the first account alone, separated by commas"
    )
    smpp_port: int | None = _setting(
        None, _PORT, "port of the SMPP door: 2775 unless said, any free one where gateway_port is 0"
    )
    smpp_system_id: str = _setting("belfort-smpp", _system_id, "system_id an ESME binds with")
    smpp_password: str = _setting("secret08", _smpp_password, "its password", secret=True)
    smpp_accounts: tuple[tuple[str, str], ...] = _setting(
        (), _smpp_accounts, "further ones, system_id:password, separated by commas", secret=True
    )
    smpp_tls_certificate: str | None = _setting(None, _text, "PEM file: the SMPP door speaks TLS only")
    smpp_tls_key: str | None = _setting(None, _text, "PEM file with its private key")
    smpp_tls_client_ca: str | None = _setting(
        None, _text, "PEM file: ESMEs must show a certificate that one of these signed"
    )
    smpp_receipts: str = _setting("standard", _one_of(*RECEIPTS), "how delivery receipts are written")
    smpp_alphabet: str = _setting("gsm", _one_of(*ALPHABETS), "what data_coding 0 means")
    smpp_long_replies: str = _setting("udh-8", _one_of(*WAYS), "how replies in parts are marked")
    smpp_window: int = _setting(1_000, _whole(1, 100_000), "PDUs of a session without an answer, each way")
    smpp_pdus: bool = _setting(True, _yes_or_no, "yes or no: keep every PDU in the journal")
    smpp_enquire: float = _setting(60.0, _seconds, "silence of an ESME until it gets an enquire_link")
    smpp_response: float = _setting(30.0, _seconds, "time for an ESME to answer")
    smpp_inactivity: float = _setting(0.0, duration, "time without a message until unbind; 0: never")
    smtp_port: int | None = _setting(
        None, _PORT, "port of the SMTP door: 2525 unless said, any free one where gateway_port is 0"
    )
    smtp_domains: tuple[str, ...] = _setting((), _names, "domains with mailboxes besides belfort.test")
    smtp_replies: tuple[str, int] | None = _setting(
        None, _peer, "host:port that takes replies and bounces: 127.0.0.1:8035 unless said (no MX look-up)"
    )
    smtp_auth: str = _setting("off", _one_of(*WANTED), "whether senders say who they are (AUTH)")
    smtp_accounts: tuple[tuple[str, str], ...] = _setting(
        (("belfort-mail", "belfort-mail-secret"),), _accounts, "user:password pairs for AUTH", secret=True
    )
    smtp_tls: str = _setting("off", _one_of(*WANTED), "whether STARTTLS is there")
    smtp_tls_certificate: str | None = _setting(None, _text, "PEM file for STARTTLS; none: a self-signed one")
    smtp_tls_key: str | None = _setting(None, _text, "PEM file with its private key")
    smtp_size_limit: int = _setting(1_048_576, _whole(10_240, 104_857_600), "octets of a mail")
    smtp_recipients: int = _setting(100, _whole(1, 10_000), "recipients of a mail")
    smtp_greylist: float = _setting(0.0, duration, "time a first try is put off with 451; 0: never")
    smtp_idle: float = _setting(60.0, _seconds, "time without a command, and to send a mail's data")
    voice_account_sid: str = _setting(
        "ACbe1f0000000000000000000000000001", _account_sid, "account sid that makes calls"
    )
    voice_auth_token: str = _setting(
        "belfort-voice-token", _text, "its token, which signs call-backs as well", secret=True
    )
    voice_accounts: tuple[tuple[str, str], ...] = _setting(
        (), _voice_accounts, "further ones, account sid:token, separated by commas", secret=True
    )
    voice_origins: tuple[str, ...] = _setting(
        (), _origins, "origins beside this machine that calls may ask for documents, by commas"
    )
    voice_per_second: float = _setting(
        0.0, _number(0, 1_000_000), "calls an account dials in a second, others queue; 0: no limit"
    )
    voice_at_once: int = _setting(
        0, _whole(0, 1_000_000), "calls of an account under way, others are refused; 0: no limit"
    )
    callback_url: str | None = _setting(None, _url, "where to push replies and reports; none: polling")
    callback_secret: str | None = _setting(None, _callback_secret, "signs what is pushed", secret=True)
    callback_window: int = _setting(16, _whole(1, 1_000), "pushes in flight to one peer")
    journal: str | None = _setting(None, _text, "SQLite file that keeps the whole journal")
    keep_entries: int = _setting(200_000, _COUNT, "journal entries kept in memory")
    keep_messages: int = _setting(300_000, _COUNT, "messages the truth is known of")
    throughput: float = _setting(0.0, _number(0, 1_000_000), "messages a second and account; 0: no limit")
    max_connections: int = _setting(4_096, _whole(1, 100_000), "open connections of one door")
    idle_deadline: float = _setting(30.0, _seconds, "time to send a whole request head, and to stay idle")
    body_deadline: float = _setting(30.0, _seconds, "time to send a request body")
    body_limit: int = _setting(1_048_576, _whole(1_024, 1_073_741_824), "bytes of a request body")
    max_waits: int = _setting(1_000, _whole(1, 100_000), "callers of messages/wait, and of events, at a time")
    log_level: str = _setting("info", _one_of(*LOG_LEVELS), "least important kind of line to log")

    def __post_init__(self) -> None:
        if not is_loopback(self.host) and not self.control_token:
            raise SettingsError(
                f"{PREFIX}HOST: {self.host} can be reached from other machines; "
                f"set {PREFIX}CONTROL_TOKEN as well, or listen on 127.0.0.1"
            )
        taken = [*self.gateway_clients, self.smpp_system_id, *(name for name, _ in self.smpp_accounts)]
        if len(set(taken)) < len(taken):
            raise SettingsError(
                f"{PREFIX}SMPP_SYSTEM_ID: every account of the gateway has a name of its own, over HTTP and "
                f"SMPP together; two of these are alike: {', '.join(sorted(taken))}"
            )
        if (self.smpp_tls_certificate is None) != (self.smpp_tls_key is None):
            raise SettingsError(f"{PREFIX}SMPP_TLS_KEY: TLS needs both a certificate and its key; set both")
        if self.smpp_tls_client_ca is not None and self.smpp_tls_certificate is None:
            raise SettingsError(
                f"{PREFIX}SMPP_TLS_CLIENT_CA: ESMEs show certificates over TLS only; "
                f"set {PREFIX}SMPP_TLS_CERTIFICATE as well"
            )
        if (self.smtp_tls_certificate is None) != (self.smtp_tls_key is None):
            raise SettingsError(
                f"{PREFIX}SMTP_TLS_KEY: a certificate goes with its key; set both, or neither"
            )
        if self.callback_url is not None and self.callback_secret is None:
            raise SettingsError(
                f"{PREFIX}CALLBACK_URL: pushes are signed; set {PREFIX}CALLBACK_SECRET as well"
            )

    @property
    def gateway_clients(self) -> dict[str, str]:
        """Secrets by client id, the first account's first."""
        return {self.gateway_client_id: self.gateway_client_secret} | {
            name: secret for name, secret in self.gateway_accounts if name != self.gateway_client_id
        }

    @property
    def voice_clients(self) -> dict[str, str]:
        """Tokens by account sid."""
        return {self.voice_account_sid: self.voice_auth_token} | {
            sid: token for sid, token in self.voice_accounts if sid != self.voice_account_sid
        }

    @property
    def dedicated(self) -> dict[str, str]:
        """The client that owns each dedicated number. The number that all share is nobody's."""
        numbers = (number for number in self.dedicated_numbers if number != self.short_number)
        return dict.fromkeys(numbers, self.gateway_client_id)

    @property
    def smpp_listens(self) -> int:
        """The port to open: several worlds beside each other need not name it."""
        usual = SMPP_PORT if self.gateway_port else 0
        return usual if self.smpp_port is None else self.smpp_port

    @property
    def smtp_listens(self) -> int:
        """As `smpp_listens`."""
        usual = SMTP_PORT if self.gateway_port else 0
        return usual if self.smtp_port is None else self.smtp_port

    @property
    def smtp_goes_to(self) -> tuple[str, int] | None:
        """Where replies go; nowhere until told in a world on free ports."""
        usual = SMTP_REPLIES if self.gateway_port else None
        return self.smtp_replies or usual

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings in `environ`, others passed over; SettingsError names the first wrong one."""
        given = {variable(each.name): each for each in fields(cls)}
        return cls(
            **{each.name: _read(name, each, environ[name]) for name, each in given.items() if name in environ}
        )


def variable(name: str) -> str:
    """The environment variable of the setting `name`."""
    return PREFIX + name.upper()


def _read(name: str, setting: Field[Any], value: str) -> Any:
    if value == "" and setting.default in (None, ()):
        return setting.default
    try:
        return setting.metadata["read"](value)
    except ValueError as error:
        shown = "its value" if setting.metadata["secret"] else repr(value[:80])
        raise SettingsError(f"{name}: {shown} cannot be used; {error}") from None


NAMES = frozenset(variable(each.name) for each in fields(Settings))
"""Every environment variable the simulator reads."""
