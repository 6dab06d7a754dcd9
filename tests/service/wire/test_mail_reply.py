"""Whole mails, as they come in, read: every reply of the collections in every dress that mail wears."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import answer
from service.wire.mail_message import MailError
from service.wire.mail_reply import Automatic, Reported, Written, read
from service.wire.mail_reports import Report
from tests.service.wire.mail_replies import PLAIN
from tests.service.wire.test_mail_html import REPLIES
from tests.service.wire.test_mail_reports import EXIM, status


def written(content: bytes) -> str:
    found = read(content, from_nobody=False)
    assert isinstance(found, Written), found
    return found.text


def dressed(text: str = "", html: str = "", *, charset: str = "utf-8", cte: str | None = None) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Jan Peeters <jan@belfort.test>"
    mail["Subject"] = "Re: Hoe waarschijnlijk is het?"
    mail["Message-ID"] = "<1@belfort.test>"
    if text:
        mail.set_content(text, charset=charset, cte=cte)
    if html and text:
        mail.add_alternative(html, subtype="html", charset=charset)
    elif html:
        mail.set_content(html, subtype="html", charset=charset)
    return mail.as_bytes()


@pytest.mark.parametrize("cte", ["8bit", "quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-15", "windows-1252"])
def test_every_plain_reply_is_read_in_every_charset_and_encoding(charset, cte):
    for text, own in PLAIN.values():
        try:
            content = dressed(text.replace("\r\n", "\n"), charset=charset, cte=cte)
        except (UnicodeEncodeError, ValueError):
            continue  # no mail program can write that one so
        assert written(content) == own or (not own and not written(content))


def test_every_html_reply_is_read_alone_and_beside_an_empty_plain_part():
    for html, own in REPLIES.values():
        assert written(dressed(html=html)) == own
        assert written(dressed(" ", html)) == own


def test_the_plain_part_is_believed_unless_it_only_points_to_the_other():
    assert written(dressed("8", "<p>9</p>")) == "8"
    assert written(dressed("Dit bericht is in HTML. Gebruik een ander programma.", "<p>9</p>")) == "9"


@pytest.mark.parametrize(
    ("subject", "text", "own"),
    [
        ("STOP", "", "STOP"),
        ("unsubscribe", "-- \nJan 4", "unsubscribe"),
        ("Re: Geef een score van 0 tot 10", "", ""),
        ("RE : note 9", "", ""),
        ("AW: 9", "", ""),
        ("Antw: 9", "", ""),
        ("FW: 9", "", ""),
        ("9", "8", "8"),
        ("", "", ""),
    ],
)
def test_a_subject_written_anew_is_read_when_nothing_else_was_written(subject, text, own):
    assert written(f"Subject: {subject}\r\n\r\n{text}\r\n".encode()) == own


def test_a_sender_is_read_where_there_is_exactly_one():
    def sender(field: bytes) -> str:
        found = read(b"From: " + field + b"\r\n\r\n9", from_nobody=False)
        assert isinstance(found, Written)
        return found.sender

    assert sender(b'"Peeters, Jan" <jan@belfort.test>') == "jan@belfort.test"
    assert sender(b"jan@belfort.test, piet@belfort.test") == ""
    assert sender(b"\xff\xfe<<<@@") == "" or "@" in sender(b"\xff\xfe<<<@@")


def test_reports_and_programs_are_told_from_people():
    assert read(status("failed"), from_nobody=True) == Reported(Report.FAILED)
    assert read(EXIM.encode(), from_nobody=True) == Reported(Report.FAILED)
    assert read(b"Subject: Re: x\r\n\r\n9", from_nobody=True) == Automatic("null sender")
    assert read(b"Auto-Submitted: auto-replied\r\n\r\n9", from_nobody=False) == Automatic("Auto-Submitted")


def test_what_was_written_never_stands_in_a_repr():
    assert repr(read(dressed("geheim 9"), from_nobody=False)) == "Written()"


def test_the_intended_score_is_read_from_whole_mails():
    for score in range(11):
        for text, own in PLAIN.values():
            if own == "9":
                content = dressed(text.replace("\r\n", "\n").replace("9", str(score), 1))
                assert answer.read(written(content), "nl-BE").score == score


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_read_or_refused(content, from_nobody):
    try:
        found = read(content, from_nobody=from_nobody)
    except MailError:
        return
    assert isinstance(found, Written | Automatic | Reported)
