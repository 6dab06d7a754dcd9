"""One call and its answer, and the curl that makes the same call again.

Secrets are kept out of both: a call speaks of `$TOKEN` and its like, the visitor fills them in when it sends,
and the shell that runs the curl does so from its environment.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Template
from typing import Any
from urllib.parse import quote

from multidict import CIMultiDict

SECRETS = ("TOKEN", "TOKEN_TWO", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_ID_TWO", "CLIENT_SECRET_TWO")
"""Names that stand for secrets, in a call and in the environment of its curl."""

_NAMES = "|".join(SECRETS)
PLACEHOLDER = re.compile(rf"\$(?:{_NAMES})(?![A-Z_])")
_SPECIAL = re.compile(rf'["\\`]|\$(?!(?:{_NAMES})(?![A-Z_]))')
"""What a double-quoted word of a shell must escape; the names of secrets are to be expanded."""
LARGE = 4096
CUT_OFF = 0
"""The status of what came back and is no whole answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP call as it is made; `$TOKEN` and its like stand for secrets in headers, address and body."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    user: str = ""
    """HTTP Basic, as curl's `-u` takes it."""
    at_once: int = 1
    """How many of these are made at the same moment."""

    def curl(self) -> str:
        """The call as a line for a shell, its answer shown with status and headers."""
        words = ["curl", "-sSi", "-X", self.method, quoted(self.url)]
        if self.method == "HEAD":
            words = ["curl", "-sSI", quoted(self.url)]
        if self.user:
            words += ["-u", quoted(self.user)]
        for name, value in self.headers.items():
            words += ["-H", quoted(f"{name}: {value}")]
        line = " ".join(words) + self._data()
        if self._recipe():
            line = f"{self._recipe()} | {line}"
        if self.at_once > 1:
            line = f"for i in $(seq {self.at_once}); do {line} & done; wait"
        return line

    def _data(self) -> str:
        if self.body is None:
            return ""
        return f" --data-binary {'@-' if self._recipe() else quoted(self.body.decode())}"

    def _recipe(self) -> str:
        """How a shell makes a large body that repeats itself; empty for any other."""
        if self.body is None or len(self.body) < LARGE:
            return ""
        if not self.body.strip(b" "):
            return f"head -c {len(self.body)} /dev/zero | tr '\\0' ' '"
        requests = json.loads(self.body).get("requests", [])
        if any(each != requests[0] for each in requests):
            return ""
        made = f'{{"requests": [{requests[0]}] * {len(requests)}}}'.replace("'", '"')
        return f"python3 -c 'import json; print(json.dumps({made}))'"


def quoted(text: str) -> str:
    """`text` as one word for a POSIX shell, in which `$TOKEN` and its like are still expanded."""
    if not PLACEHOLDER.search(text):
        return shlex.quote(text)
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    return f'"{escaped}"'


def filled(text: str, secrets: Mapping[str, str], *, in_query: bool = False) -> str:
    """`text` with the secrets in the place of their names; percent-encoded where they are part of a query."""
    values = {name: quote(value, safe="") for name, value in secrets.items()} if in_query else secrets
    return Template(text).safe_substitute(values) if PLACEHOLDER.search(text) else text


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and the calls that led here, this one last."""

    status: int
    headers: CIMultiDict[str]
    text: str
    calls: Sequence[Call]

    @property
    def json(self) -> Any:
        """The body's value. None when it is no JSON: whoever looks for a member will not find it."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def member(self, pointer: str) -> Any:
        """The value at a JSON Pointer (RFC 6901) without escapes; None where there is none."""
        value = self.json
        for step in pointer.split("/")[1:]:
            if isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            elif isinstance(value, dict):
                value = value.get(step)
            else:
                return None
        return value

    def objects(self, pointer: str) -> list[dict[str, Any]]:
        """The objects in the array at a JSON Pointer; one that is no object counts as one without members."""
        listed = self.member(pointer)
        return [each if isinstance(each, dict) else {} for each in listed] if isinstance(listed, list) else []

    def shown(self) -> str:
        """Status and body in one short line, for the report of a failure."""
        text = " ".join(self.text.split())
        return f"{self.status or 'no whole answer:'} {text[:400]}{'…' if len(text) > 400 else ''}"
