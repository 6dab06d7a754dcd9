"""The simulator's settings: one frozen value, read once from the environment, every field with a default.

Variable names are `BELFORT_` and the field's name in capitals. A wrong value stops the start with a sentence
that names the variable, what is wrong and what is allowed; a secret is never repeated in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Self

from simulator import readers
from simulator.readers import duration as duration
from simulator.readers import is_loopback as is_loopback

PREFIX = "BELFORT_"
CLOCK_MODES = ("real", "scaled", "frozen", "auto")
LOG_LEVELS = ("debug", "info", "warning", "error")
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


class SettingsError(ValueError):
    """A setting cannot be used. The message says which, why, and what is allowed."""


def _setting(default: Any, read: Callable[[str], Any], about: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"read": read, "about": about, "secret": secret})


_PORT = readers.whole(0, 65_535, "a port (0 takes any free one)")
_COUNT = readers.whole(1, 100_000_000)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a simulator can be told before it starts."""

    host: str = _setting(
        "127.0.0.1", readers.text, "where to listen; beyond loopback control_token is needed"
    )
    control_port: int = _setting(8033, _PORT, "port of the control API and the console")
    gateway_port: int = _setting(8034, _PORT, "port of the SMS gateway over HTTP")
    control_token: str | None = _setting(
        None, readers.text, "bearer token the control API asks for", secret=True
    )
    host_names: tuple[str, ...] = _setting(
        (), readers.names, "further names the control API may be called by"
    )
    seed: int = _setting(1, readers.whole(0, 2**63 - 1), "the seed of everything that looks like chance")
    profile: str = _setting("everyday", readers.text, "named population: how the inhabitants behave")
    people_file: str | None = _setting(None, readers.text, "a people.yaml that is laid over the profile")
    clock: str = _setting("real", readers.one_of(*CLOCK_MODES), "how the world's time passes")
    clock_rate: float = _setting(
        60.0, readers.number(0.001, 1_000_000), "how many times faster a scaled clock runs"
    )
    short_number: str = _setting("8937", readers.short_number, "the Belgian short number questions come from")
    gateway_client_id: str = _setting("belfort", readers.text, "client id the gateway accepts")
    gateway_client_secret: str = _setting("belfort-secret", readers.text, "its secret", secret=True)
    gateway_accounts: tuple[tuple[str, str], ...] = _setting(
        (("belfort-two", "belfort-two-secret"),),
        readers.accounts,
        "further ones, client_id:secret, separated by commas",
        secret=True,
    )
    dedicated_numbers: tuple[str, ...] = _setting(
        ("8938",), readers.short_numbers, "short numbers of the first account alone, separated by commas"
    )
    smpp_port: int | None = _setting(
        None, _PORT, "port of the SMPP door: 2775 unless said, any free one where gateway_port is 0"
    )
    smpp_system_id: str = _setting("belfort-smpp", readers.system_id, "system_id an ESME binds with")
    smpp_password: str = _setting("secret08", readers.smpp_password, "its password", secret=True)
    smpp_accounts: tuple[tuple[str, str], ...] = _setting(
        (), readers.smpp_accounts, "further ones, system_id:password, separated by commas", secret=True
    )
    smpp_tls_certificate: str | None = _setting(None, readers.text, "PEM file: the SMPP door speaks TLS only")
    smpp_tls_key: str | None = _setting(None, readers.text, "PEM file with its private key")
    smpp_tls_client_ca: str | None = _setting(
        None, readers.text, "PEM file: ESMEs must show a certificate that one of these signed"
    )
    smpp_receipts: str = _setting("standard", readers.one_of(*RECEIPTS), "how delivery receipts are written")
    smpp_alphabet: str = _setting("gsm", readers.one_of(*ALPHABETS), "what data_coding 0 means")
    smpp_long_replies: str = _setting("udh-8", readers.one_of(*WAYS), "how replies in parts are marked")
    smpp_window: int = _setting(
        1_000, readers.whole(1, 100_000), "PDUs of a session without an answer, each way"
    )
    smpp_pdus: bool = _setting(True, readers.yes_or_no, "yes or no: keep every PDU in the journal")
    smpp_enquire: float = _setting(60.0, readers.seconds, "silence of an ESME until it gets an enquire_link")
    smpp_response: float = _setting(30.0, readers.seconds, "time for an ESME to answer")
    smpp_inactivity: float = _setting(0.0, duration, "time without a message until unbind; 0: never")
    smtp_port: int | None = _setting(
        None, _PORT, "port of the SMTP door: 2525 unless said, any free one where gateway_port is 0"
    )
    smtp_domains: tuple[str, ...] = _setting((), readers.names, "domains with mailboxes besides belfort.test")
    smtp_replies: tuple[str, int] | None = _setting(
        None,
        readers.peer,
        "host:port that takes replies and bounces: 127.0.0.1:8035 unless said (no MX look-up)",
    )
    smtp_auth: str = _setting("off", readers.one_of(*WANTED), "whether senders say who they are (AUTH)")
    smtp_accounts: tuple[tuple[str, str], ...] = _setting(
        (("belfort-mail", "belfort-mail-secret"),),
        readers.accounts,
        "user:password pairs for AUTH",
        secret=True,
    )
    smtp_tls: str = _setting("off", readers.one_of(*WANTED), "whether STARTTLS is there")
    smtp_tls_certificate: str | None = _setting(
        None, readers.text, "PEM file for STARTTLS; none: a self-signed one"
    )
    smtp_tls_key: str | None = _setting(None, readers.text, "PEM file with its private key")
    smtp_size_limit: int = _setting(1_048_576, readers.whole(10_240, 104_857_600), "octets of a mail")
    smtp_recipients: int = _setting(100, readers.whole(1, 10_000), "recipients of a mail")
    smtp_greylist: float = _setting(0.0, duration, "time a first try is put off with 451; 0: never")
    smtp_idle: float = _setting(60.0, readers.seconds, "time without a command, and to send a mail's data")
    voice_account_sid: str = _setting(
        "ACbe1f0000000000000000000000000001", readers.account_sid, "account sid that makes calls"
    )
    voice_auth_token: str = _setting(
        "belfort-voice-token", readers.text, "its token, which signs call-backs as well", secret=True
    )
    voice_accounts: tuple[tuple[str, str], ...] = _setting(
        (), readers.voice_accounts, "further ones, account sid:token, separated by commas", secret=True
    )
    voice_origins: tuple[str, ...] = _setting(
        (), readers.origins, "origins beside this machine that calls may ask for documents, by commas"
    )
    voice_per_second: float = _setting(
        0.0, readers.number(0, 1_000_000), "calls an account dials in a second, others queue; 0: no limit"
    )
    voice_at_once: int = _setting(
        0, readers.whole(0, 1_000_000), "calls of an account under way, others are refused; 0: no limit"
    )
    callback_url: str | None = _setting(None, readers.url, "where to push replies and reports; none: polling")
    callback_secret: str | None = _setting(None, readers.callback_secret, "signs what is pushed", secret=True)
    callback_window: int = _setting(16, readers.whole(1, 1_000), "pushes in flight to one peer")
    journal: str | None = _setting(None, readers.text, "SQLite file that keeps the whole journal")
    keep_entries: int = _setting(200_000, _COUNT, "journal entries kept in memory")
    keep_messages: int = _setting(300_000, _COUNT, "messages the truth is known of")
    throughput: float = _setting(
        0.0, readers.number(0, 1_000_000), "messages a second and account; 0: no limit"
    )
    max_connections: int = _setting(4_096, readers.whole(1, 100_000), "open connections of one door")
    idle_deadline: float = _setting(
        30.0, readers.seconds, "time to send a whole request head, and to stay idle"
    )
    body_deadline: float = _setting(30.0, readers.seconds, "time to send a request body")
    body_limit: int = _setting(1_048_576, readers.whole(1_024, 1_073_741_824), "bytes of a request body")
    max_waits: int = _setting(
        1_000, readers.whole(1, 100_000), "callers of messages/wait, and of events, at a time"
    )
    log_level: str = _setting("info", readers.one_of(*LOG_LEVELS), "least important kind of line to log")

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
