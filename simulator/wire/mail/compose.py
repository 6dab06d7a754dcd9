"""Writes mails as octets: the standard library's `email` puts them together, in any charset and transfer
encoding.

Nothing here trusts a header's value: what would break its line becomes a blank. The same input gives the same
octets, so a seed repeats them; boundaries are handed in.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterable, Sequence
from email import message_from_string
from email.charset import Charset
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.policy import compat32
from io import BytesIO
from typing import NamedTuple, cast

from simulator.wire.mail.charset import one_line

Headers = Sequence[tuple[str, "str | Mailbox"]]


class Mailbox(NamedTuple):
    """A name and an address, for From and its like."""

    name: str
    address: str


_POLICY = compat32.clone(linesep="\r\n")
MULTIBYTE = ("utf-16",)
"""Charsets whose octets are no text, so that only base64 carries them (RFC 2045 §6.8)."""


def text_part(
    text: str, subtype: str = "plain", charset: str = "utf-8", encoding: str = "quoted-printable"
) -> Message:
    """A part of type text. `charset` is taken if it can carry the text, else UTF-8."""
    charset = charset if _carries(charset, text) else "utf-8"
    text = text.replace("\r\n", "\n")
    part = Message()
    part["Content-Type"] = f"text/{subtype}; charset={charset}"
    if charset in MULTIBYTE or encoding == "base64":
        part["Content-Transfer-Encoding"] = "base64"
        octets = text.replace("\n", "\r\n").encode(charset)
        part.set_payload(base64.encodebytes(octets).decode("ascii"))
    elif encoding == "8bit":
        part["Content-Transfer-Encoding"] = "8bit"
        part.set_payload(f"{text}\n".encode(charset).decode("ascii", "surrogateescape"))
    else:
        part["Content-Transfer-Encoding"] = "quoted-printable"
        part.set_payload(quopri.encodestring(f"{text}\n".encode(charset)).decode("ascii"))
    return part


def _carries(charset: str, text: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def octets_part(kind: str, name: str, octets: bytes, disposition: str) -> Message:
    """A part of other octets, such as a picture."""
    part = Message()
    part["Content-Type"] = f'{kind}; name="{name}"'
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-Disposition"] = f'{disposition}; filename="{name}"'
    part.set_payload(base64.encodebytes(octets).decode("ascii"))
    return part


def plain_part(kind: str, text: str) -> Message:
    """A part in ASCII as it is: the machine's part of a report, or returned headers."""
    return message_from_string(f"Content-Type: {kind}\n\n{text}")


def several(subtype: str, boundary: str, parts: Iterable[Message], **parameters: str) -> Message:
    """A multipart of that subtype. `boundary` must stand in none of the parts."""
    whole = Message()
    whole.add_header("Content-Type", f"multipart/{subtype}", **parameters, boundary=boundary)
    for part in parts:
        whole.attach(part)
    return whole


def mail(headers: Headers, body: Message, charset: str = "utf-8") -> bytes:
    """The whole mail, with lines that end in CR LF. Headers beyond ASCII are encoded in `charset`.

    `body` becomes the mail: it is used once.
    """
    own = body.items()
    for name, _ in own:
        del body[name]
    for name, value in headers:
        body[name] = cast(str, _header(name, value, charset))  # a Header will do as well
    for name, said in [("MIME-Version", "1.0"), *own]:
        body[name] = said
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_POLICY).flatten(body)
    octets = out.getvalue()
    return octets if octets.endswith(b"\r\n") else octets + b"\r\n"


def _header(name: str, value: str | Mailbox, charset: str) -> Header | str:
    words = value.name if isinstance(value, Mailbox) else value
    words = one_line(words)
    carried = charset if _carries(charset, words) and charset not in MULTIBYTE else "utf-8"
    if isinstance(value, str):
        return words if words.isascii() else Header(words, Charset(carried), header_name=name)
    address = f"<{one_line(value.address)}>"
    if not words:
        return address[1:-1]
    if words.isascii():
        return f"{_quoted(words)} {address}"
    header = Header(words, Charset(carried), header_name=name)
    header.append(address, "us-ascii" if address.isascii() else "utf-8")
    return header


def _quoted(name: str) -> str:
    """A name in quotes where it needs them (RFC 5322 §3.2.3)."""
    plain = name.replace("\\", "").replace('"', "")
    return plain if plain.replace(" ", "").isalnum() else f'"{plain}"'
