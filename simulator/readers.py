"""How a setting is read from its text: into a value, or a ValueError that says what is allowed."""

from __future__ import annotations

import base64
import ipaddress
import math
import re
from collections.abc import Callable
from urllib.parse import urlsplit

SECONDS_PER_UNIT = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
LONGEST = 100 * 366 * 86_400.0
"""No duration is longer than a century: everything due must stay within the years a calendar can print."""

_DURATION = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?(ms|[smhdw]?)", re.ASCII)


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


def text(value: str) -> str:
    if not value or len(value) > 1_000 or not value.isprintable():
        raise ValueError("allowed: 1 to 1000 printable characters")
    return value


def whole(least: int, most: int, meaning: str = "a whole number") -> Callable[[str], int]:
    def read(value: str) -> int:
        if re.fullmatch(r"-?[0-9]{1,20}", value, re.ASCII) is None or not least <= int(value) <= most:
            raise ValueError(f"allowed: {meaning} from {least} to {most}")
        return int(value)

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    def read(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not least <= number <= most:
            raise ValueError(f"allowed: a number from {least:g} to {most:g}")
        return number

    return read


def one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"allowed: {', '.join(words)}")
        return value

    return read


def seconds(value: str) -> float:
    seconds = duration(value)
    if seconds <= 0:
        raise ValueError("allowed: a duration above zero")
    return seconds


def short_number(value: str) -> str:
    if re.fullmatch(r"[0-9]{3,8}", value, re.ASCII) is None:
        raise ValueError("allowed: 3 to 8 digits, such as 8937")
    return value


def url(value: str) -> str:
    parts = urlsplit(text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(
            "allowed: an http or https address without user name, such as http://127.0.0.1:8032/path"
        )
    return value


def callback_secret(value: str) -> str:
    kind, _, key = value.partition("_")
    try:
        fine = kind == "whsec" and 24 <= len(base64.b64decode(key, validate=True)) <= 64
    except ValueError:
        fine = False
    if not fine:
        raise ValueError("allowed: whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)")
    return value


def names(value: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in value.split(",") if name.strip())
    if not all(re.fullmatch(r"[a-z0-9.:\[\]-]{1,253}", name, re.ASCII) for name in names):
        raise ValueError("allowed: host names, with a port where it differs, separated by commas")
    return names


def system_id(value: str) -> str:
    if re.fullmatch(r"[!-+\--9;-~]{1,15}", value, re.ASCII) is None:
        raise ValueError(
            "allowed: 1 to 15 visible ASCII characters without comma and colon (SMPP 3.4 §5.2.1)"
        )
    return value


def smpp_password(value: str) -> str:
    if re.fullmatch(r"[!-+\--~]{1,8}", value, re.ASCII) is None:
        raise ValueError("allowed: 1 to 8 visible ASCII characters without comma (SMPP 3.4 §5.2.2)")
    return value


def smpp_accounts(value: str) -> tuple[tuple[str, str], ...]:
    pairs = [each.strip().partition(":") for each in value.split(",") if each.strip()]
    return tuple((system_id(name), smpp_password(password)) for name, _, password in pairs)


def accounts(value: str) -> tuple[tuple[str, str], ...]:
    pairs = [each.strip().partition(":") for each in value.split(",") if each.strip()]
    if not all(name and secret for name, _, secret in pairs):
        raise ValueError("allowed: client_id:secret pairs, separated by commas")
    return tuple((text(name), text(secret)) for name, _, secret in pairs)


def account_sid(value: str) -> str:
    if re.fullmatch(r"AC[0-9a-f]{32}", value, re.ASCII) is None:
        raise ValueError("allowed: AC and 32 hexadecimal digits")
    return value


def voice_accounts(value: str) -> tuple[tuple[str, str], ...]:
    return tuple((account_sid(sid), token) for sid, token in accounts(value))


def origins(value: str) -> tuple[str, ...]:
    origins = tuple(each.strip().rstrip("/") for each in value.split(",") if each.strip())
    if not all(urlsplit(url(origin)).path == "" and origin == origin.lower() for origin in origins):
        raise ValueError("allowed: https://host:port in small letters and nothing after it, by commas")
    return origins


def short_numbers(value: str) -> tuple[str, ...]:
    return tuple(short_number(each.strip()) for each in value.split(",") if each.strip())


def peer(value: str) -> tuple[str, int]:
    """One host and port, as the operator names it: nothing else is ever written to."""
    host, _, port = value.strip().rpartition(":")
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\]", host, re.ASCII) or not port.isdecimal():
        raise ValueError("allowed: a host and a port, such as 127.0.0.1:8035")
    return host.strip("[]"), whole(1, 65_535)(port)


def yes_or_no(value: str) -> bool:
    return one_of("yes", "no")(value) == "yes"
