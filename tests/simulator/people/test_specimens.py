"""The generator of mails: wide, repeatable, and each mail carries the words it says it carries."""

from __future__ import annotations

import hashlib
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from simulator.people.mail_causes import SPELLINGS
from simulator.people.mail_script import NOTICES
from simulator.people.specimens import Specimen, machines, replies
from simulator.phrasebook.phrase import LANGUAGES, Meaning
from simulator.wire.mail.html import shown

COUNT = 800


@pytest.fixture(scope="module")
def mails() -> list[Specimen]:
    return list(replies(COUNT))


def opened(specimen: Specimen) -> EmailMessage:
    return message_from_bytes(specimen.raw, policy=policy.default)  # type: ignore[return-value]


def bodies(mail: EmailMessage) -> list[str]:
    """Every text of a mail, HTML as the text it shows."""
    texts = []
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            text = str(part.get_content())
            texts.append(shown(text) if part.get_content_subtype() == "html" else text)
    return texts


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_mail_carries_its_writers_words_in_every_form(mails):
    for each in mails:
        texts = bodies(opened(each))
        assert texts
        for text in texts:
            assert squeezed(each.words) in squeezed(text), (each.number, each.words, text)


def test_all_languages_and_verdicts_come_and_good_ones_carry_a_score(mails):
    assert set(Counter(each.language for each in mails).values()) == {COUNT // 4}
    meanings = Counter(each.meaning for each in mails)
    assert set(meanings) == set(Meaning)
    assert min(meanings.values()) > COUNT // 50
    assert all((each.score in range(11)) == (each.meaning is Meaning.GOOD) for each in mails)
    assert {each.score for each in mails} == {*range(11), None}


def test_every_form_charset_and_encoding_comes(mails):
    kinds: Counter[str] = Counter()
    for each in mails:
        for part in opened(each).walk():
            kinds[part.get_content_type()] += 1
            kinds[str(part.get_content_charset())] += 1
            kinds[str(part.get("Content-Transfer-Encoding"))] += 1
    wanted = {"text/plain", "text/html", "multipart/alternative", "multipart/mixed", "image/gif"}
    wanted |= {"utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15"}
    wanted |= {"quoted-printable", "base64", "8bit"}
    assert wanted <= set(kinds)


def test_a_mail_is_well_formed(mails):
    for each in mails:
        mail = opened(each)
        assert not mail.defects, each.number
        assert all(not part.defects for part in mail.walk()), each.number
        assert each.raw.replace(b"\r\n", b"").count(b"\n") == 0
        assert max(map(len, each.raw.split(b"\r\n"))) <= 998
        assert mail["In-Reply-To"] == f"<question-{each.number}@survey.example>"
        assert mail["To"].addresses[0].addr_spec == each.to
        assert mail["From"].addresses[0].addr_spec == each.sender


def test_headers_beyond_ascii_are_encoded_words_in_several_charsets(mails):
    heads = [each.raw.partition(b"\r\n\r\n")[0] for each in mails]
    assert all(head.isascii() for head in heads)
    for charset in (b"=?utf-8?", b"=?windows-1252?", b"=?iso-8859-1?", b"=?iso-8859-15?"):
        assert any(charset in head for head in heads), charset


def test_the_same_seed_gives_the_same_octets_today_and_next_year(mails):
    digest = hashlib.sha256(b"".join(each.raw for each in mails[:200])).hexdigest()
    assert digest == hashlib.sha256(b"".join(each.raw for each in replies(200))).hexdigest()
    assert mails[0].raw != next(replies(1, seed=2)).raw


def test_machines_write_every_kind_of_automatic_mail_and_mean_nothing():
    found = list(machines(96))
    assert {each.made_as for each in found} == {*NOTICES, *SPELLINGS}
    assert {each.language for each in found} == set(LANGUAGES)
    assert {each.meaning for each in found} == {None}
    reports = [opened(each) for each in found if each.made_as in SPELLINGS]
    for mail in reports:
        assert mail.get_content_type() == "multipart/report"
        assert [part.get_content_type() for part in mail.iter_parts()] == [
            "text/plain",
            "message/delivery-status",
            "text/rfc822-headers",
        ]
    assert all(each.sender == "" for each in found if each.made_as in SPELLINGS)
