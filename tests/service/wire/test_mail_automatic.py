"""Mail that programs wrote is told from what people wrote."""

from __future__ import annotations

import pytest

from service.wire.mail_automatic import reason
from service.wire.mail_message import parse
from tests.service.wire.mail_replies import PLAIN


def told(*fields: str) -> str | None:
    return reason(parse("\r\n".join([*fields, "", "9"]).encode()))


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("Auto-Submitted: auto-replied", "Auto-Submitted"),
        ("auto-submitted: AUTO-GENERATED; owner-email=x@y", "Auto-Submitted"),
        ("Auto-Submitted: auto-notified", "Auto-Submitted"),
        ("Precedence: bulk", "Precedence"),
        ("Precedence: auto_reply", "Precedence"),
        ("Precedence: list", "Precedence"),
        ("X-Autoreply: yes", "X-Autoreply"),
        ("X-Autorespond: vacation", "X-Autorespond"),
        ("X-Auto-Response-Suppress: All", "X-Auto-Response-Suppress"),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "X-Auto-Response-Suppress"),
        ("List-Id: <x.lists.test>", "List-Id"),
        ("From: Mail Delivery <MAILER-DAEMON@mx.test>", "From"),
        ("From: no-reply@shop.test", "From"),
        ("X-Failed-Recipients: jan@belfort.test", "X-Failed-Recipients"),
        ("Content-Type: multipart/report; boundary=b", "report"),
    ],
)
def test_a_header_field_tells(field, name):
    assert told("Subject: Re: vraag", field) == name


@pytest.mark.parametrize(
    "subject",
    [
        "Automatisch antwoord: Hoe waarschijnlijk", "Automatische reactie: vraag", "Afwezig: vraag",
        "Afwezigheidsbericht", "Réponse automatique : De 0 à 10",
        "=?utf-8?q?R=C3=A9ponse_automatique?=",
        "Absence du bureau: vraag", "Message d'absence", "Abwesenheitsnotiz: Frage", "Automatische Antwort",
        "Abwesend: Frage", "Out of the office", "Automatic reply: question",
        "Auto-Reply: x", "Autoreply", "[Auto-reply] x", "Vacation reply", "Undeliverable: vraag",
        "Delivery Status Notification (Failure)", "Gelezen: vraag", "Lu : question",
    ],
)  # fmt: skip
def test_a_subject_tells_when_nothing_else_does(subject):
    assert told(f"Subject: {subject}") == "Subject"


@pytest.mark.parametrize(
    "fields",
    [
        ["Subject: Re: Hoe waarschijnlijk is het?"],
        ["Subject: 9"],
        ["Subject: Re: Automatische kassa: van 0 tot 10?"],
        ["Subject: Automatisch een 10"],
        ["Subject: Afwezige verkoper, een 3"],
        ["Subject: Absence de conseil, je mets 4"],
        ["Subject: Lucas vroeg mijn score"],
        ["Subject: RE: x", "Auto-Submitted: no"],
        ["Subject: RE: x", "auto-submitted: No; (really)"],
        ["Subject: RE: x", "X-Auto-Response-Suppress: DR, RN, NRN"],
        ["Subject: RE: x", "Precedence: normal"],
        ["Subject: RE: x", "Precedence: first-class"],
        ["Subject: RE: x", "X-Autoreply: no"],
        ["From: Jan Postmaster <jan@x.test>", "Subject: RE: x"],
        ["X-Mailer: Microsoft Outlook 16.0", "X-MS-Exchange-Organization-AuthAs: Internal", "Subject: RE: x"],
        [],
    ],
)
def test_what_a_person_may_have_written_is_never_called_automatic(fields):
    assert told(*fields) is None


def test_no_reply_of_the_collection_is_called_automatic():
    for text, _own in PLAIN.values():
        assert reason(parse(b"Subject: Re: vraag\r\n\r\n" + text.encode())) is None
