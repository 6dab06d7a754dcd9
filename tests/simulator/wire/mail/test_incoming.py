"""Mail that comes in: any octets are read or refused; the text is what the mail shows."""

from __future__ import annotations

import base64
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.mail.incoming import KEPT_HEAD, LONGEST_HEAD, LONGEST_TEXT, MOST_PARTS, Unreadable, read

HEAD = b"From: Wafels <a@acme.example>\r\nMessage-ID: <0197@acme.example>\r\n"


def built(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Wafels <a@acme.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


def octets(message: EmailMessage) -> bytes:
    return message.as_bytes(policy=policy.SMTP)


@given(st.binary(max_size=400))
def test_any_octets_are_read_or_refused(content: bytes):
    try:
        mail = read(content)
    except Unreadable:
        return
    assert b"\x00" not in content
    assert "\n" not in mail.subject


LINES = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=a", b"Content-Type: text/plain; charset=utf-16",
        b"--a", b"--a--", b"", b"Content-Transfer-Encoding: base64", b"=C3=A9=", b"4pyo", b"\xff\xfe",
        b"Content-Transfer-Encoding: quoted-printable", b"Subject: =?utf-8?b?!!?=", b"Message-ID: <@>",
        b"Reply-To: (((", b"Content-Type: text/html", b"<b>9</b", b"Content-Type: message/rfc822",
        b"Content-Type:", b" folded", b": nothing", b"References: <a@b> <c@d>",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=25))
def test_any_order_of_mails_own_lines_is_read(lines: list[bytes]):
    mail = read(b"\r\n".join(lines) + b"\r\n")
    assert len(mail.text) <= LONGEST_TEXT


@pytest.mark.parametrize("broken", [b"a\nb", b"a\rb", b"\n.\r\n", b"\r.\r", b"a\r\r\n", b"\n"])
def test_a_bare_cr_or_lf_is_refused(broken):
    with pytest.raises(Unreadable, match=r"5\.6\.11"):
        read(HEAD + b"\r\n" + broken + b"\r\n")


def test_nul_and_a_head_without_end_are_refused():
    with pytest.raises(Unreadable, match="NUL"):
        read(HEAD + b"\r\n\x00\r\n")
    with pytest.raises(Unreadable, match="head is longer"):
        read(HEAD + b"X: y\r\n" * (LONGEST_HEAD // 6) + b"\r\n9\r\n")


def test_parts_of_parts_have_a_limit_one_below_and_one_above():
    def nested(depth: int) -> bytes:
        return HEAD + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (each, each)
            for each in range(depth)
        )

    assert len(read(nested(MOST_PARTS) + b"\r\n9\r\n").parts) > MOST_PARTS // 2
    with pytest.raises(Unreadable, match="nested too deeply"):
        read(nested(MOST_PARTS + 1) + b"\r\n9\r\n")


def test_the_head_is_decoded():
    message = built(
        Reply_To="Café <reply+1@acme.example>", Subject="Zoë vraagt", Message_ID="<0197-a@acme.example>"
    )
    message["References"] = "<one@x.example> <two@x.example>"
    message.set_content("9?")
    mail = read(octets(message))
    assert (mail.reply_to, mail.name, mail.subject) == ("reply+1@acme.example", "Café", "Zoë vraagt")
    assert (mail.message_id, mail.reference) == ("<0197-a@acme.example>", "0197-a")
    assert mail.references == ("<one@x.example>", "<two@x.example>")
    assert mail.text == "9?"


def test_an_answer_goes_to_reply_to_or_else_to_from():
    assert read(HEAD + b"\r\nx\r\n").reply_to == "a@acme.example"
    assert read(HEAD + b"Reply-To: b@acme.example\r\n\r\nx\r\n").reply_to == "b@acme.example"
    assert read(HEAD + b"Reply-To: nobody\r\n\r\nx\r\n").reply_to == "a@acme.example"
    assert read(b"Subject: x\r\n\r\nx\r\n").reply_to is None


def test_the_text_is_the_plain_one_or_what_the_page_shows():
    message = built()
    message.set_content("plain é")
    message.add_alternative("<p>page</p>", subtype="html")
    assert read(octets(message)).text == "plain é"
    alone = built()
    alone.set_content(
        "<style>p {}</style><p>Hoe&nbsp;waarschijnlijk?</p><ul><li>0</li><li>10</li></ul>", subtype="html"
    )
    assert read(octets(alone)).text == "Hoe\u00a0waarschijnlijk?\n\n0\n\n10"
    attached = built()
    attached.set_content("body")
    attached.add_attachment("not this", filename="a.txt")
    assert read(octets(attached)).text == "body"


@pytest.mark.parametrize("charset", ["iso-8859-15", "windows-1252", "utf-16", "utf-8"])
def test_text_is_read_in_its_charset(charset):
    head = HEAD + f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64".encode()
    body = base64.b64encode("prijs: 5 € voor één".encode(charset))
    assert read(head + b"\r\n\r\n" + body + b"\r\n").text == "prijs: 5 € voor één"


@pytest.mark.parametrize("charset", ["zip", "idna", "punycode", "rot13", "x-nothing", "unicode_escape", ""])
def test_a_charset_that_is_none_is_no_harm(charset):
    content = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\nh\u00e9\r\n".encode()
    assert read(content).text == "hé"


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        (b"", False),
        (b"Auto-Submitted: no\r\n", False),
        (b"Auto-Submitted: auto-generated; x=y\r\n", True),
        (b"Precedence: BULK\r\n", True),
        (b"X-Auto-Response-Suppress: OOF, DR\r\n", True),
        (b"X-Auto-Response-Suppress: DR\r\n", False),
    ],
)
def test_a_mail_says_that_no_human_wrote_it(header, automatic):
    assert read(HEAD + header + b"\r\nx\r\n").automatic is automatic


def test_of_a_long_head_only_the_beginning_is_kept():
    mail = read(HEAD + b"X-Long: y\r\n" * 2_000 + b"\r\nx\r\n")
    assert len(mail.head) <= KEPT_HEAD
    assert mail.head.startswith(b"From: Wafels")
