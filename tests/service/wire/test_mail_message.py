"""Mails taken apart: charsets, encodings, parts, and what is refused before it costs anything."""

from __future__ import annotations

import time
import tracemalloc
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire.mail_message import MOST_LINES, MailError, body, header, parse


def plain_of(content: bytes) -> str:
    return body(parse(content)).plain.strip()


def single(content_type: str, content: bytes, encoding: str = "8bit") -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + content


@pytest.mark.parametrize(
    ("charset", "encoded"),
    [
        ("utf-8", "één 9".encode()),
        ("UTF8", "één 9".encode()),
        ("iso-8859-1", "één 9".encode("latin-1")),
        ("iso-8859-15", "één 9".encode("iso-8859-15")),
        ("windows-1252", "één 9".encode("cp1252")),
        ("cp850", "één 9".encode("cp850")),
        ("macintosh", "één 9".encode("mac-roman")),
        ("utf-16", "één 9".encode("utf-16")),
        ("us-ascii", "één 9".encode()),
        ("us-ascii", "één 9".encode("latin-1")),
        ("utf-8", "één 9".encode("latin-1")),
        ("unknown-8bit", "één 9".encode()),
        ("x-user-defined", "één 9".encode("cp1252")),
        ("punycode", "één 9".encode()),
        ("", "één 9".encode()),
    ],
)
def test_a_charset_is_believed_when_it_can_be_true(charset, encoded):
    assert plain_of(single(f'text/plain; charset="{charset}"', encoded)) == "één 9"


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("quoted-printable", b"=C3=A9=C3=A9n =\r\n9"),
        ("QUOTED-PRINTABLE ", b"=c3=a9=c3=a9n 9"),
        ("base64", b"w6nDqW4gOQ=="),
        ("base64", b"w6nDqW4gOQ"),
        ("base64", b"w6nD\r\nqW4g\r\nOQ==\r\n"),
        ("x-unknown", "één 9".encode()),
    ],
)
def test_transfer_encodings_are_undone_as_far_as_they_go(encoding, content):
    assert plain_of(single("text/plain; charset=utf-8", content, encoding)) == "één 9"


def test_a_mail_without_any_field_is_text():
    assert plain_of(b"\r\n9\r\n") == "9"
    assert plain_of(b"9") in ("", "9")
    assert len(plain_of(b"\r\n" + b"x" * 70_000)) == 70_000


def test_attachments_and_forwarded_mails_are_not_what_was_written():
    mail = EmailMessage()
    mail.set_content("7")
    mail.add_attachment("9", filename="scores.txt")
    forwarded = EmailMessage()
    forwarded.set_content("8")
    mail.add_attachment(forwarded)
    assert plain_of(mail.as_bytes()) == "7"


def test_both_alternatives_are_found_in_any_depth():
    mail = EmailMessage()
    mail.set_content("plain 9")
    mail.add_alternative("<p>html 9</p>", subtype="html")
    mail.make_mixed()
    found = body(parse(mail.as_bytes()))
    assert (found.plain.strip(), found.html.strip()) == ("plain 9", "<p>html 9</p>")


def test_of_a_signed_mail_the_signature_is_no_text():
    signed = (
        b"Content-Type: multipart/signed; boundary=x\r\n\r\n--x\r\n\r\n9\r\n--x\r\n"
        b"Content-Type: text/plain\r\n\r\n-----BEGIN 5-----\r\n--x--\r\n"
    )
    assert plain_of(signed) == "9"


def test_flowed_lines_go_on_and_keep_their_marks():
    flowed = b"Ik geef een \r\n9\r\n>> van 0 \r\n>> tot 10\r\n-- \r\nJan"
    assert plain_of(single("text/plain; format=flowed", flowed)) == "Ik geef een 9\n>> van 0 tot 10\n-- \nJan"
    delsp = single("text/plain; format=flowed; delsp=yes", b"ze \r\nven")
    assert plain_of(delsp) == "zeven"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (b"=?utf-8?q?R=C3=A9ponse_?= =?utf-8?q?9?=", "Réponse 9"),
        (b"=?iso-8859-1?B?UulwIDk=?=", "Rép 9"),
        (b"=?utf-8?b?broken", "=?utf-8?b?broken"),
        (b"=?unknown?q?=E9?=", "é"),
        (b"=?utf-8?b?!!!?=", ""),
        (b"een\r\n 9", "een 9"),
    ],
)
def test_encoded_words_are_read_as_far_as_they_can_be(field, value):
    assert header(parse(b"Subject: " + field + b"\r\n\r\n"), "Subject") == value


def nested(depth: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth)
    )
    return opened + b"\r\n9\r\n" + b"".join(b"--b%d--\r\n" % n for n in reversed(range(depth)))


@pytest.mark.parametrize(
    "content",
    [
        nested(1_000),
        b"Content-Type:\r\n multipart/digest; boundary=b\r\n\r\n" * 30,
        b"Content-Type: message/rfc822\r\n\r\n" * 1_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 100_000,
        b"Content-Type: text/plain" + b';";' * 300_000 + b"\r\n\r\n9",
        b"Content-Disposition: x\r\n " + b'a="' * 300_000 + b"\r\n\r\n9",
        b"X-Long: " + b"x" * 70_000 + b"\r\n\r\n9",
        b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\n9",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: x" + b';";' * 300_000,
        b"\r\n" * (MOST_LINES + 1),
        b"Content-Type: multipart/mixed; boundary=b\r\r" * 30,
    ],
    ids=range(11),
)
def test_what_would_cost_much_is_refused_at_once(content):
    tracemalloc.start()
    begun = time.thread_time()
    with pytest.raises(MailError):
        parse(content)
    seconds, (_, peak) = time.thread_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 5  # of this thread, whatever else the machine does; the square of it would be minutes
    assert peak < 20 * max(len(content), 100_000)


def test_nesting_that_mail_programs_make_is_taken():
    assert plain_of(nested(10)) == "9"


fields = st.sampled_from(
    [
        b"Content-Type",
        b"Content-Transfer-Encoding",
        b"Content-Disposition",
        b"Subject",
        b"From",
        b"MIME-Version",
    ]
)
values = st.sampled_from(
    [b"text/plain", b"text/html; charset=utf-8", b"multipart/mixed; boundary=b", b"multipart/alternative",
     b"message/rfc822", b'multipart/mixed; boundary="', b"text/plain; charset*=utf-7'x'%FF", b"base64",
     b"x-uuencode", b"text/plain; format=flowed; charset=utf-16", b"message/delivery-status", b""]
)  # fmt: skip
lines = st.one_of(
    st.tuples(fields, values).map(b": ".join),
    st.just(b""),
    st.just(b"--b"),
    st.just(b"--b--"),
    st.binary(max_size=30),
)


@given(st.lists(lines, max_size=40).map(b"\r\n".join) | st.binary(max_size=300))
def test_any_bytes_are_a_mail_or_an_error_of_ours(content):
    try:
        mail = parse(content)
    except MailError:
        return
    found = body(mail)
    assert isinstance(found.plain + found.html + header(mail, "Subject"), str)
