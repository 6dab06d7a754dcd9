"""A reply's head: its subject, its thread, its sender."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from simulator.phrasebook.mail.dress import PLAIN
from simulator.phrasebook.mail.furniture import Question, Writer
from simulator.phrasebook.mail.manual import MANUALS
from simulator.phrasebook.mail.reply import Thread, reply, subject_of

AT = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)


def head_of(language: str, thread: Thread, subject: str = "Vraagje"):
    question = Question("Wafels", "reply+1@acme.example", "jan@belfort.test", subject, "0-10?", AT)
    raw = reply(
        "9",
        identity="m1-1",
        dress=PLAIN,
        question=question,
        writer=Writer("Zoë De Smet", "Gent", "jan@belfort.test", language),
        thread=thread,
        at=AT,
        chance=random.Random(1),
    )
    return message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize(
    ("prefix", "subject", "written"),
    [
        ("Re: ", "Vraagje", "Re: Vraagje"),
        ("Re: ", "Re: Vraagje", "Re: Vraagje"),
        ("RE : ", "RE : Avis", "RE : Avis"),
        ("AW: ", "aw: Frage", "aw: Frage"),
        ("Antw: ", "Re: Vraagje", "Antw: Re: Vraagje"),
    ],
)
def test_a_prefix_is_not_heaped_up(prefix, subject, written):
    assert subject_of(prefix, subject) == written


@pytest.mark.parametrize("language", MANUALS)
def test_each_language_has_its_own_prefix(language):
    assert head_of(language, Thread(None))["Subject"].startswith(MANUALS[language].prefix)


def test_a_reply_stands_behind_what_it_answers():
    head = head_of("nl", Thread("<b@x.example>", ("<a@x.example>", "<b@x.example>")))
    assert head["In-Reply-To"] == "<b@x.example>"
    assert head["References"] == "<a@x.example> <b@x.example>"
    assert head["Message-ID"] == "<m1-1@belfort.test>"
    assert head["Date"].datetime == AT
    assert head["From"].addresses[0].display_name == "Zoë De Smet"
    assert head["To"].addresses[0].addr_spec == "reply+1@acme.example"


def test_a_question_without_an_id_is_answered_without_a_thread():
    head = head_of("fr", Thread(None))
    assert head["In-Reply-To"] is None
    assert head["References"] is None
