"""Mails as octets: any text in any charset and encoding comes back; no value breaks out of its header."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.wire.mail.compose import Mailbox, mail, several, text_part
from simulator.wire.mail.html import as_html, shown

CHARSETS = ("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16")
ENCODINGS = ("quoted-printable", "base64", "8bit")
LINES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\u0085"), max_size=60
)
TEXTS = st.lists(LINES, max_size=5).map("\n".join)


@given(TEXTS, st.sampled_from(CHARSETS), st.sampled_from(ENCODINGS))
def test_a_text_comes_back_in_any_charset_and_encoding(text, charset, encoding):
    raw = mail([("Subject", "x")], text_part(text, "plain", charset, encoding))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    read = message_from_bytes(raw, policy=policy.default)
    assert not read.defects
    assert read.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")


@given(st.text(max_size=80), st.text(max_size=40), st.sampled_from(CHARSETS))
def test_no_value_breaks_out_of_its_header(subject, name, charset):
    subject, name = (each.encode("utf-8", "replace").decode() for each in (subject, name))
    headers = [("Subject", subject), ("From", Mailbox(name, "a@belfort.test"))]
    raw = mail(headers, text_part("9"), charset)
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert names == [b"Subject", b"From", b"MIME-Version", b"Content-Type", b"Content-Transfer-Encoding"]
    assert head.isascii()
    assert message_from_bytes(raw, policy=policy.default)["From"].addresses[0].addr_spec == "a@belfort.test"


def test_long_headers_are_folded():
    raw = mail(
        [("Subject", "één lang onderwerp " * 12), ("References", "<abc@x.example> " * 30)], text_part("9")
    )
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert head.count(b"\r\n ") > 5
    assert (
        message_from_bytes(raw, policy=policy.default)["Subject"].strip()
        == ("één lang onderwerp " * 12).strip()
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Jan Peeters", b"Jan Peeters <"),
        ("Peeters, Jan", b'"Peeters, Jan" <'),
        ("", b"From: a@"),
        ('a"b\\', b"From: ab <"),
    ],
)
def test_names_are_quoted_where_they_must_be(name, written):
    assert written in mail([("From", Mailbox(name, "a@belfort.test"))], text_part("9"))


def test_the_same_input_gives_the_same_octets():
    def once() -> bytes:
        return mail([("Subject", "é")], several("mixed", "bound", [text_part("a"), text_part("b", "html")]))

    assert once() == once()


@given(TEXTS)
def test_a_text_as_html_shows_the_text(text):
    squeezed = "".join(text.split())
    assert "".join(shown(as_html(text)).split()) == squeezed


@given(st.text(max_size=300))
def test_any_page_shows_something(page):
    assert isinstance(shown(page), str)


PAGES = [
    ("<p>9</p><p>dank u</p>", "9\n\ndank u"),
    ("a<br>b<br/>c", "a\nb\nc"),
    ("<head><title>x</title></head><body>9</body>", "9"),
    ("<script>alert(1)</script>9<style>p{}</style>", "9"),
    ("9<!-- 8 -->", "9"),
    ("9<!-- 8", "9"),
    ("1 < 2 &lt; 3 &amp; &eacute; &#57;", "1 < 2 < 3 & é 9"),
    ("<blockquote>van 0 tot 10?</blockquote>9", "van 0 tot 10?\n9"),
    ("<td>a</td><td>b</td>", "a\n\nb"),
    ("a\r\n   b\tc", "a b c"),
]


@pytest.mark.parametrize(("page", "text"), PAGES)
def test_a_page_is_read_as_the_text_it_shows(page, text):
    assert shown(page) == text
