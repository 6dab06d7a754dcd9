"""What stands around a person's words: nothing before them but a quote, nothing behind that is theirs."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from itertools import product

import pytest

from simulator.people.mail_population import CLIENTS, QUOTES, SIGNATURES
from simulator.people.mail_script import MailScript
from simulator.people.mailboxes import MAIL_ROWS
from simulator.phrasebook.mail.dress import MANNERS, Dress
from simulator.phrasebook.mail.furniture import RULE, Question, Writer
from simulator.phrasebook.mail.letter import Letter
from simulator.phrasebook.mail.manual import MANUALS
from simulator.wire.mail.html import shown

WORDS = "«a line of mine»\n«and another»"
TEXT = "Beste klant,\n\nHoe waarschijnlijk is het, van 0 tot 10?\n\nGroeten van de zaak\nTel. 02 555 12 34"
QUESTION = Question(
    "Wafels",
    "reply+1@acme.example",
    "jan@belfort.test",
    "Vraagje",
    TEXT,
    datetime(2026, 11, 24, 9, 5, tzinfo=UTC),
)
EVERYTHING = list(product(QUOTES, CLIENTS, SIGNATURES, (False, True)))


def letter(language: str, **dress: object) -> Letter:
    writer = Writer("Jan Peeters", "Gent", "jan@belfort.test", language)
    return Letter(WORDS, Dress(**dress), QUESTION, writer, random.Random(1))  # type: ignore[arg-type]


@pytest.mark.parametrize("language", MANUALS)
def test_before_the_words_stands_nothing_but_a_quote(language):
    for dress in EVERYTHING:
        judge(language, *dress)


def judge(language, quote, client, signature, footer):
    written = letter(language, quote=quote, client=client, signature=signature, footer=footer)
    before, found, _ = written.plain.partition(WORDS)
    assert found
    if quote in ("below", "none"):
        assert before == ""
    else:
        unmarked = [line for line in before.split("\n") if line and not line.startswith(">")]
        assert " ".join(unmarked).endswith(":")  # the attribution, which may be broken over two lines
        assert len(unmarked) <= 2
    assert written.plain.count(WORDS) == 1
    assert shown(written.page).count(WORDS) == 1


@pytest.mark.parametrize("language", MANUALS)
def test_behind_the_words_a_signature_begins_as_signatures_do(language):
    closings = MANUALS[language].closings
    for signature in ("name", "business"):
        behind = letter(language, signature=signature).plain.partition(WORDS)[2].strip("\n")
        assert behind.startswith(closings)
    for signature in ("dashed", "card"):
        assert (
            letter(language, signature=signature).plain.partition(WORDS)[2].startswith("\n\n-- \nJan Peeters")
        )


def test_a_card_and_a_business_signature_carry_a_telephone():
    for signature in ("card", "business"):
        assert re.search(r"\d{2}[ ./]\d{2}", letter("nl", signature=signature).plain.partition(WORDS)[2])


@pytest.mark.parametrize("language", MANUALS)
def test_each_client_quotes_in_its_own_way(language):
    manual = MANUALS[language]
    outlook = letter(language, quote="below", client="outlook").plain
    assert f"\n{RULE}\n{manual.labels[0]}: Wafels <reply+1@acme.example>\n{manual.labels[1]}: " in outlook
    assert "\nHoe waarschijnlijk is het, van 0 tot 10?" in outlook
    original = letter(language, quote="below", client="original").plain
    assert f"\n{manual.original}\n" in original
    for client in ("gmail", "apple", "thunderbird"):
        plain = letter(language, quote="below", client=client).plain
        assert "\n> Hoe waarschijnlijk is het, van 0 tot 10?\n" in plain
        page = letter(language, quote="below", client=client).page
        assert "<blockquote" in page.partition("another")[2]


def test_an_inline_answer_stands_behind_the_line_that_asks():
    before, _, behind = letter("nl", quote="inline", client="gmail").plain.partition(WORDS)
    assert before.rstrip("\n").endswith("> Hoe waarschijnlijk is het, van 0 tot 10?")
    assert "> Groeten van de zaak" in behind


def test_words_are_escaped_in_html():
    writer = Writer("Jan", "Gent", "jan@belfort.test", "nl")
    page = Letter("9 <3 & <script>", Dress(form="html"), QUESTION, writer, random.Random(1)).page
    assert "9 &lt;3 &amp; &lt;script&gt;" in page


def test_every_named_manner_is_told_in_the_table():
    named = {
        row.script.manner for row in MAIL_ROWS if isinstance(row.script, MailScript) and row.script.manner
    }
    assert named == set(MANNERS)
