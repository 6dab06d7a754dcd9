"""Faults at every stage of SMTP, on the way in and on the way out."""

from __future__ import annotations

import aiosmtplib
import pytest

from simulator.carrier import Limits
from simulator.journal import Kind
from simulator.truth import Selection, Truth
from tests.simulator.servers.mail.post_office import NINE, PostOffice, mail, post_office

STAGES = ("connect", "helo", "mail", "rcpt", "data", "submit")


async def tried(office: PostOffice, content: bytes | None = None) -> int:
    """The code a client gets; 0 when the connection breaks."""
    try:
        await office.send(NINE, content or mail("r"))
    except aiosmtplib.SMTPRecipientsRefused as no:
        return no.recipients[0].code
    except aiosmtplib.SMTPResponseException as no:
        return no.code
    except (aiosmtplib.SMTPServerDisconnected, ConnectionError):
        return 0
    return 250


def state(office: PostOffice) -> str:
    told = office.ledger.tell(Selection(references=frozenset({"r"})), office.clock.now())
    assert isinstance(told, Truth)
    return told.accounts[0].state.value if told.accounts else "UNKNOWN"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("status", [450, 554])
async def test_an_error_is_answered_at_its_stage_and_once_it_is_over_the_mail_is_taken(stage, status):
    async with post_office() as office:
        limit = 2 if stage == "helo" else 1  # whose EHLO is refused tries HELO
        fault = office.faults.add(
            {"fault": "error", "where": f"mail.{stage}", "limit": limit, "with": {"status": status}}
        )
        assert await tried(office) == status
        assert fault.hits == limit
        assert office.entries(Kind.MT_SUBMITTED) == []
        assert str(office.entries(Kind.MAIL_REFUSED)[-1].facts["what"]).startswith(str(status))
        final = stage == "submit" and status == 554
        assert state(office) == ("FAILED" if final else "QUEUED" if stage == "submit" else "UNKNOWN")
        assert await tried(office) == 250


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("fault", ["disconnect_before", "disconnect_after", "garbage", "truncated"])
async def test_a_connection_is_broken_at_its_stage(stage, fault):
    async with post_office() as office:
        office.faults.add({"fault": fault, "where": f"mail.{stage}", "limit": 1})
        assert await tried(office) != 250
        taken = stage == "submit" and fault != "disconnect_before"
        assert len(office.entries(Kind.MT_SUBMITTED)) == taken
        assert await tried(office) == 250
        assert len(office.entries(Kind.MT_SUBMITTED)) == 1  # known by its Message-ID
        await office.passes()
        assert len(office.peer.taken) == 1


async def test_a_connection_stays_silent_and_the_mail_is_taken():
    async with post_office() as office:
        office.faults.add(
            {"fault": "half_open", "where": "mail.submit", "limit": 1, "with": {"seconds": 0.3}}
        )
        assert await tried(office) == 0
        assert len(office.entries(Kind.MT_SUBMITTED)) == 1


async def test_an_outage_says_so_and_accepts_nothing():
    async with post_office() as office:
        office.faults.add({"fault": "outage", "where": "mail"})
        assert await tried(office) == 451
        office.faults.clear()
        assert await tried(office) == 250


@pytest.mark.parametrize("fault", ["latency", "slow_reader"])
async def test_an_answer_takes_longer(fault):
    async with post_office() as office:
        given = {"seconds": 0.2} if fault == "latency" else {"rate": 2_560}
        office.faults.add({"fault": fault, "where": "mail.rcpt", "with": given})
        begun = office.clock.wall()
        assert await tried(office) == 250
        assert office.clock.wall() - begun >= 0.2


async def test_capacity_is_refused_for_now():
    async with post_office(limits=Limits(throughput=1.0)) as office:
        answers = [await tried(office, mail(f"c{number}")) for number in range(3)]
        assert answers == [250, 451, 451]
        await office.clock.advance(by=2)
        assert await tried(office, mail("c1")) == 250


async def test_a_fault_meets_only_whom_it_is_meant_for():
    async with post_office() as office:
        office.faults.add({"fault": "error", "where": "mail.rcpt", "match": {"numbers": ["f01*"]}})
        assert await tried(office) == 250


REPLIES = [
    ({"fault": "reply_lost", "where": "mail.reply"}, 0),
    ({"fault": "reply_duplicated", "where": "mail.reply"}, 2),
    ({"fault": "reply_late", "where": "mail.reply", "with": {"seconds": "1h"}}, 1),
]


@pytest.mark.parametrize(("fault", "count"), REPLIES)
async def test_replies_are_lost_late_or_twice(fault, count):
    async with post_office() as office:
        office.faults.add(fault)
        await office.send()
        await office.passes()
        assert len(office.peer.taken) == count
        assert len({each.raw for each in office.peer.taken}) == min(count, 1)
        if fault["fault"] == "reply_late":
            assert office.peer.taken[0].at == 3_600


@pytest.mark.parametrize(
    ("fault", "with_", "copies"),
    [("error", {"status": 451}, 1), ("disconnect_before", {}, 1), ("disconnect_after", {}, 2)],
)
async def test_a_reply_that_fails_on_its_way_goes_out_again(fault, with_, copies):
    async with post_office() as office:
        office.faults.add({"fault": fault, "where": "mail.push", "limit": 1, "with": with_})
        await office.send()
        await office.passes()
        assert len(office.peer.taken) == copies
        assert len({each.mail["Message-ID"] for each in office.peer.taken}) == 1
        assert len(office.entries(Kind.REPLY_FAILED)) == 1
        assert len(office.entries(Kind.REPLY_HANDED)) == 1
