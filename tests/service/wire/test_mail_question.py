"""The question as a mail that every client shows and no name breaks out of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.wire.mail_message import body, parse
from service.wire.mail_question import Box, Sender, question
from service.wire.mail_quotes import own_words

REQUEST = UUID("01931a2b-0000-7000-8000-000000000001")
TOKEN = "a" * 42
SENDER = Sender("Klantenpanel", "survey@survey.test", "survey.test")


def made(text="Hoe waarschijnlijk?", sender=SENDER, language="nl-BE", to="jan@belfort.test"):
    at = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
    return question(sender, request=REQUEST, token=TOKEN, to=to, text=text, language=language, at=at)


def read(content):
    return message_from_bytes(content, policy=policy.default)


def text_of(mail, kind):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_both_parts_ask_the_same_in_the_questions_language():
    mail = read(made("Hoe waarschijnlijk is het dat u één <winkel> aanbeveelt?\nTweede regel"))
    assert mail.get_content_type() == "multipart/alternative"
    assert [entity["Content-Language"] for entity in mail.walk()] == ["nl-BE"] * 3
    assert text_of(mail, "plain").startswith(
        "Hoe waarschijnlijk is het dat u één <winkel> aanbeveelt?\nTweede regel\n"
    )
    html = text_of(mail, "html")
    assert "één &lt;winkel&gt; aanbeveelt?<br>\nTweede regel</p>" in html
    assert 'lang="nl-BE"' in html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "Antwoord STOP"), ("nl-BE-x-formal", "Antwoord STOP"), ("FR", "Répondez STOP"),
        ("de-AT", "Antworten Sie mit STOP"), ("en-GB", "Reply STOP"), ("pl", "Reply STOP"),
        ("nld", "Reply STOP"),
    ],
)  # fmt: skip
def test_the_way_out_is_told_in_the_questions_language_else_in_english(language, words):
    mail = read(made(language=language))
    assert words in text_of(mail, "plain")
    assert words in text_of(mail, "html")


def test_the_subject_is_the_question_cut_short_between_words_or_what_is_configured():
    assert read(made("Kort?"))["Subject"] == "Kort?"
    long = read(
        made("Hoe waarschijnlijk is het dat u onze vernieuwde winkel in Kortrijk aanbeveelt aan een vriend?")
    )
    assert long["Subject"] == "Hoe waarschijnlijk is het dat u onze vernieuwde winkel in Kortrijk…"
    assert len(read(made("é" * 500))["Subject"]) == 70
    ours = Sender("K", "survey@survey.test", "survey.test", "Uw mening")
    assert read(made(sender=ours))["Subject"] == "Uw mening"


NAMES = ["X\r\nBcc: victim@y.test", "X\nBcc: victim@y.test", "X\r\n\r\n<script>", "X\rBcc: v@y.test",
         "X\u2028Bcc: v",
         '"X" <victim@y.test>, Y', "X\x00Y\x1b[2J", "=?utf-8?q?=0D=0ABcc:_v@y.test?=", "X\x85Bcc: v@y.test",
         "é" * 200 + "\r\nBcc: v@y.test"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", ["display name", "question", "subject"])
def test_no_name_and_no_question_begins_another_header(name, where):
    names = {"display name": "K", "question": "Vraag?", "subject": "", where: name}
    sender = Sender(names["display name"], "survey@survey.test", "survey.test", names["subject"])
    content = made(names["question"], sender)
    head = content.split(b"\r\n\r\n", 1)[0]
    fields = re.findall(rb"^([^ \t\r\n:]+):", head, re.MULTILINE)
    assert sorted(fields) == sorted(
        [b"From", b"To", b"Reply-To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted",
         b"Content-Language",
         b"X-Auto-Response-Suppress", b"List-Unsubscribe", b"MIME-Version", b"Content-Type"]
    )  # fmt: skip
    mail = read(content)
    assert [address.addr_spec for address in mail["From"].addresses] == ["survey@survey.test"]
    assert mail["Bcc"] is None
    if where == "display name":
        assert mail["From"].addresses[0].display_name.startswith(("X", '"X', "é", "="))


@given(st.text(min_size=1, max_size=1000), st.text(max_size=100))
def test_any_question_is_ascii_in_lines_that_smtp_takes(text, name):
    text, name = (each.encode("utf-8", "ignore").decode() for each in (text, name))
    content = made(text, Sender(name, "survey@survey.test", "survey.test"))
    assert content.isascii()
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not [line for line in lines if b"\r" in line or b"\n" in line]
    shown = text_of(read(content), "plain")
    assert (
        shown.split("\n\n-- \n")[0].split()
        == f"{text}\n\nAntwoord op deze e-mail met een cijfer van 0 tot 10.".split()
    )


def test_the_longest_addresses_stay_on_one_line():
    domain = ".".join(["d" * 60] * 3) + ".test"
    sender = Sender("K", f"survey@{domain}", domain)
    content = made(sender=sender, to="a" * 64 + "@" + domain)
    assert f"\r\nReply-To: K <r-{TOKEN}@{domain}>\r\n".encode() in content
    assert f"\r\nTo: {'a' * 64}@{domain}\r\n".encode() in content
    assert f"\r\nList-Unsubscribe: <mailto:u-{TOKEN}@{domain}>\r\n".encode() in content


def test_html_is_whole():
    class Tags(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open, self.wrong = [], []

        def handle_starttag(self, tag, attrs):
            if tag not in ("br", "meta"):
                self.open.append(tag)

        def handle_endtag(self, tag):
            if self.open.pop() != tag:
                self.wrong.append(tag)

    tags = Tags()
    tags.feed(text_of(read(made("<b>&amp;</p>\n\"'")), "html"))
    assert (tags.open, tags.wrong) == ([], [])


def test_our_own_mail_quoted_whole_holds_no_words_of_the_respondent():
    """Below its last line an unmarked copy of it ends: the two sides of `mail_quotes` and this page agree."""
    ours = body(parse(made())).plain
    copy = f"Van: K\nVerzonden: nu\nAan: u\nOnderwerp: v\n\n{ours}"
    assert own_words(copy) == ""
    assert own_words(f"{copy}\nEen 9!") == "Een 9!"


@pytest.mark.parametrize("box", Box)
def test_an_address_of_ours_says_what_it_is_for(box):
    assert SENDER.read_box(SENDER.box(box, TOKEN)) == (box, TOKEN)
    assert SENDER.read_box(SENDER.box(box, TOKEN).upper()) == (box, TOKEN)


@given(st.text(max_size=80))
def test_a_strangers_address_is_none_of_ours(address):
    assert SENDER.read_box(address) is None
