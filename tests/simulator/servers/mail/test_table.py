"""Every row of the mail table does what the table says, from the wire to the wire and in the truth."""

from __future__ import annotations

from dataclasses import dataclass

import aiosmtplib
import pytest

from simulator.clock import Mode
from simulator.journal import Kind
from simulator.people.mailboxes import MAIL_ROWS, mailbox
from simulator.phrasebook.phenomena import BAD_PHENOMENA, GOOD_PHENOMENA
from simulator.servers.mail.options import Bounds
from simulator.truth import Selection, Truth
from tests.simulator.servers.mail.post_office import PostOffice, Taken, mail, post_office

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


@dataclass
class Story:
    """What came of one mail to one mailbox."""

    office: PostOffice
    refused: list[int]
    """Answers to the tries that failed; 0: the connection broke."""
    replies: list[tuple[float, str]]
    """Seconds from the acceptance, and the words that the journal knows."""
    automatic: list[Taken]

    @property
    def truth(self) -> Truth:
        told = self.office.ledger.tell(Selection(references=frozenset({"r"})), self.office.clock.now())
        assert isinstance(told, Truth)
        return told

    @property
    def state(self) -> str:
        return self.truth.accounts[0].state.value


async def story(family: int, parameter: int, lane: int = 1, **more: object) -> Story:
    """Send one mail as a service would: again after a minute when it was not taken."""
    async with post_office(**more) as office:  # type: ignore[arg-type]
        refused = await _submit(office, mailbox(family, parameter, lane))
        begun = office.clock.now()
        await office.passes()
        handed = [entry.message for entry in office.entries(Kind.REPLY_HANDED)]
        replies = [
            ((entry.at - begun) / 1000, str(entry.facts["text"]))
            for entry in office.entries(Kind.REPLY_WRITTEN)
            if entry.message in handed
        ]
        automatic = [each for each in office.peer.taken if not _is_reply(each)]
        return Story(office, refused, replies, automatic)


def _is_reply(taken: Taken) -> bool:
    return bool(taken.sender)


async def _submit(office: PostOffice, to: str) -> list[int]:
    refused: list[int] = []
    while len(refused) < 4:
        try:
            await office.send(to, mail("r"))
        except aiosmtplib.SMTPRecipientsRefused as no:
            refused.append(no.recipients[0].code)
        except aiosmtplib.SMTPResponseException as no:
            refused.append(no.code)
            if no.code >= 500:
                break
        except aiosmtplib.SMTPServerDisconnected:
            refused.append(0)
        else:
            break
        await office.clock.advance(by=MINUTE)
    return refused


def test_every_row_is_told_here():
    """Families 01 and 02 by their phenomena, all others one by one."""
    told = {(family, parameter) for family, parameter, *_ in [*ANSWERED, *UNANSWERED, *SUBMISSIONS]}
    told |= {(0, score) for score in range(11)} | {(9, parameter) for parameter in range(1, 6)}
    assert {(row.family, row.parameter) for row in MAIL_ROWS if row.family not in (1, 2)} == told


@pytest.mark.parametrize("score", range(11))
async def test_family_00_answers_the_score(score: int):
    told = await story(0, score)
    assert [words for _, words in told.replies] == [str(score)]
    assert told.office.peer.taken[0].text.strip() == str(score)
    assert told.state == "ANSWERED"


ANSWERED = [
    # family, parameter, seconds and words, automatic mails by their subject
    (5, 1, [(1, "8")], []),
    (5, 2, [(5 * MINUTE, "8")], []),
    (5, 3, [(2 * HOUR, "8")], []),
    (5, 4, [(25 * HOUR, "8")], []),
    (5, 5, [(8 * DAY, "8")], []),
    (5, 6, [(1, "8")], ["delayed"]),
    (5, 7, [(73 * HOUR, "8")], []),
    (5, 8, [(HOUR, "8")], ["away"]),
    (6, 1, [(0, "9"), (2, "9")], []),
    (6, 2, [(0, "3"), (2, "9")], []),
    (6, 3, [(0, "9"), (2, "3")], []),
    (6, 4, [(0, "9")], []),
    (6, 5, [(0, "9")], ["failed"]),
    (6, 6, [(0, "9")], []),
    (6, 7, [(0, "banana"), (2, "9")], []),
    (6, 8, [(0, "9"), (2, "banana")], []),
    (6, 9, [(3, "9")], ["failed"]),
]
TOO_LATE = {(5, 5), (5, 7)}


@pytest.mark.parametrize(("family", "parameter", "said", "automatic"), ANSWERED)
async def test_families_05_and_06_answer_at_their_time(family, parameter, said, automatic):
    told = await story(family, parameter)
    assert told.replies == said
    assert [_kind(each) for each in told.automatic] == automatic
    assert told.state == ("CLOSED" if (family, parameter) in TOO_LATE else "ANSWERED")


async def test_family_06_04_delivers_one_mail_twice():
    told = await story(6, 4)
    first, second = told.office.peer.taken
    assert first.raw == second.raw
    assert second.at == first.at + 2
    assert told.truth.figures.good == 1


async def test_family_06_06_hides_the_text_behind_a_picture():
    told = await story(6, 6)
    kinds = [part.get_content_type() for part in told.office.peer.taken[0].mail.walk()]
    assert kinds == ["multipart/mixed", "image/gif", "multipart/alternative", "text/plain", "text/html"]


UNANSWERED = [
    # family, parameter, automatic mails, state in the end
    (3, 0, [], "CLOSED"),
    (3, 1, ["delayed"], "CLOSED"),
    (3, 2, ["delayed", "failed"], "FAILED"),
    (3, 3, ["delayed"], "CLOSED"),
    (3, 4, ["away"], "CLOSED"),
    (3, 5, ["away"], "CLOSED"),
    (3, 6, ["away"], "CLOSED"),
    (3, 7, ["away"], "CLOSED"),
    (3, 8, ["complaint"], "CLOSED"),
    (4, 1, ["failed"], "FAILED"),
    (4, 2, ["failed"], "FAILED"),
    (4, 3, ["failed"], "FAILED"),
    (4, 4, ["failed"], "FAILED"),
    (4, 5, ["failed"], "FAILED"),
    (4, 6, [], "CLOSED"),
    (4, 7, ["failed"], "FAILED"),
]


@pytest.mark.parametrize(("family", "parameter", "automatic", "state"), UNANSWERED)
async def test_families_03_and_04_never_answer(family, parameter, automatic, state):
    told = await story(family, parameter)
    assert told.replies == []
    assert [_kind(each) for each in told.automatic] == automatic
    await told.office.clock.advance(by=4 * DAY)
    assert told.state == state
    assert (told.truth.figures.good, told.truth.figures.bad) == (0, 0)


def _kind(taken: Taken) -> str:
    """What a machine's mail says it is, or what its words say."""
    kind = taken.mail["Content-Type"].params.get("report-type")
    if kind == "delivery-status":
        (status,) = [
            part for part in taken.mail.walk() if part.get_content_type() == "message/delivery-status"
        ]
        return str(status.get_payload()[1]["Action"])  # type: ignore[index,union-attr]
    return "complaint" if kind == "feedback-report" else "away"


SUBMISSIONS = [
    (7, 0, [550], "FAILED"),
    (7, 1, [451, 451], "ANSWERED"),
    (7, 2, [452], "ANSWERED"),
    (7, 3, [0], "ANSWERED"),
    (7, 4, [0], "ANSWERED"),
    (7, 5, [421, 421], "ANSWERED"),
    (7, 6, [451], "ANSWERED"),
]


@pytest.mark.parametrize(("family", "parameter", "refused", "state"), SUBMISSIONS)
async def test_family_07_fails_when_it_is_handed_in(family, parameter, refused, state):
    told = await story(family, parameter, bounds=Bounds(silence=0.2))
    assert [
        code or 421 if 421 in refused else code for code in told.refused
    ] == refused  # it may be cut first
    assert told.state == state
    assert [words for _, words in told.replies] == (["9"] if state == "ANSWERED" else [])


@pytest.mark.parametrize("parameter", range(1, 6))
async def test_family_09_answers_9_in_a_language(parameter: int):
    told = await story(9, parameter)
    (written,) = told.office.entries(Kind.REPLY_WRITTEN)
    assert (written.facts["meaning"], written.facts["score"]) == ("good", 9)
    assert told.replies[0][1].split("\n")[0].strip() in told.office.peer.taken[0].text.replace("\r\n", "\n")


async def test_families_01_and_02_show_every_phenomenon_in_a_mail():
    rows = [row for row in MAIL_ROWS if row.family in (1, 2)]
    assert len(rows) == len(GOOD_PHENOMENA) + len(BAD_PHENOMENA) - 1 + 16
    async with post_office() as office:
        for row in rows:
            await office.send(mailbox(row.family, row.parameter, 7), mail(f"r{row.family}-{row.parameter}"))
        await office.passes()
        written = office.entries(Kind.REPLY_WRITTEN)
        assert len(written) == len(rows)
        assert len(office.peer.taken) == len(rows)
        for row, entry in zip(rows, sorted(written, key=lambda entry: entry.address or ""), strict=True):
            assert (entry.facts["meaning"] == "good") == (row.family == 1)


@pytest.mark.parametrize("mode", [Mode.AUTO, Mode.SCALED])
@pytest.mark.parametrize(
    ("family", "parameter", "count"), [(0, 9, 1), (5, 2, 1), (3, 1, 1), (4, 5, 1), (6, 2, 2), (6, 4, 2)]
)
async def test_rows_hold_on_a_clock_that_jumps_or_runs_fast(mode, family, parameter, count):
    rate = 3_000.0 if mode is Mode.SCALED else None
    async with post_office(mode=mode, rate=rate) as office:
        await office.send(mailbox(family, parameter, 1), mail("r"))
        assert len(await office.peer.mails(count)) == count


@pytest.mark.parametrize("place", [(0, 9), (4, 1), (5, 1), (6, 2), (3, 4)])
async def test_rows_hold_on_a_real_clock(place):
    async with post_office(mode=Mode.REAL, profile="everyday") as office:
        begun = office.clock.wall()
        await office.send(mailbox(*place, 1), mail("r"))
        (first, *_) = await office.peer.mails(1)
        seconds = 0.5 if place[0] in (3, 4) else 1.0
        assert seconds - 0.05 < office.clock.wall() - begun < seconds + 5
        assert bool(first.sender) == (place[0] not in (3, 4))


async def test_the_greylisted_mailbox_puts_every_mail_off_and_not_only_the_first():
    async with post_office() as office:
        for reference in ("one", "two"):
            with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
                await office.send(mailbox(7, 6, 1), mail(reference))
            await office.clock.advance(by=MINUTE)
            await office.send(mailbox(7, 6, 1), mail(reference))
        assert len(office.entries(Kind.MT_SUBMITTED)) == 2
