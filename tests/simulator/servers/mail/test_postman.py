"""What goes out is tried again until it is taken, and never goes round."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.journal import Kind
from simulator.people.mailboxes import mailbox
from tests.simulator.servers.mail.post_office import NINE, mail, post_office

HOUR, DAY = 3_600.0, 86_400.0


async def test_a_temporary_no_is_tried_again_with_growing_waits():
    async with post_office() as office:
        office.peer.answers = ["451 later", "452 full", "421 closing"]
        await office.send()
        await office.passes()
        assert [each.at for each in office.peer.taken] == [4.0]  # after 1 s, 2 s, and a pause of 1 s
        assert len(office.entries(Kind.REPLY_FAILED)) == 3
        assert len(office.entries(Kind.REPLY_HANDED)) == 1


async def test_a_no_for_good_is_told_to_the_journal_and_to_nobody_else():
    async with post_office() as office:
        office.peer.answers = ["550 no such reply address"]
        await office.send()
        await office.passes()
        (lost,) = office.entries(Kind.REPLY_LOST)
        assert lost.facts["why"] == "refused for good: 550 no such reply address"
        assert office.peer.taken == []
        assert office.clock.due == 0


async def test_a_peer_that_is_away_is_waited_for_and_then_gets_everything_in_order():
    async with post_office() as office:
        port, office.peer.port = office.peer.port, 1
        office.door.deliver_to("127.0.0.1", 1)  # nobody listens there
        for number in range(3):
            await office.send(NINE, mail(f"w{number}"))
        await office.clock.advance(by=HOUR)
        assert office.peer.taken == []
        assert office.door.waiting == 3
        office.door.deliver_to("127.0.0.1", port)
        await office.passes()
        assert [each.mail["In-Reply-To"] for each in office.peer.taken] == [
            f"<w{number}@acme.example>" for number in range(3)
        ]


async def test_a_peer_that_never_comes_back_is_given_up_after_days():
    async with post_office(give_up=DAY) as office:
        office.door.deliver_to("127.0.0.1", 1)
        await office.send()
        await office.passes()
        (lost,) = office.entries(Kind.REPLY_LOST)
        assert lost.facts["why"] == "not taken for days, given up"
        assert DAY * 1000 <= lost.at - office.entries(Kind.REPLY_WRITTEN)[0].at < 1.1 * DAY * 1000


async def test_without_an_address_for_replies_the_journal_says_which_setting_is_missing():
    async with post_office(listens=False) as office:
        await office.send()
        await office.passes()
        (lost,) = office.entries(Kind.REPLY_LOST)
        assert "smtp_replies" in str(lost.facts["why"])


ROUND = [
    ({"reply_to": "other@belfort.test"}, "one of the town's own"),
    ({"reply_to": "x@klanten.example"}, "one of the town's own"),
]


@pytest.mark.parametrize(("headers", "why"), ROUND)
async def test_an_answer_to_the_towns_own_address_does_not_go_round(headers, why):
    async with post_office() as office:
        await office.send(NINE, mail("round", **headers))
        await office.passes()
        assert why in str(office.entries(Kind.REPLY_LOST)[0].facts["why"])
        assert office.peer.taken == []


@pytest.mark.parametrize("place", [(3, 4), (3, 8), (4, 1)])
async def test_nothing_automatic_answers_a_mail_with_the_null_path(place):
    async with post_office() as office:
        await office.send(mailbox(*place, 1), sender="")
        await office.passes()
        lost = office.entries(Kind.REPORT_LOST, Kind.MAIL_LOST)
        assert "null" in str(lost[0].facts["why"])
        assert office.peer.taken == []


async def test_bounces_have_the_null_path_and_go_to_the_return_path():
    async with post_office() as office:
        await office.send(mailbox(4, 1, 1), sender="bounce+77@acme.example")
        await office.passes()
        (bounce,) = office.peer.taken
        assert (bounce.sender, bounce.to) == ("", "bounce+77@acme.example")
        text, status, head = bounce.mail.iter_parts()
        assert "5.1.1" in text.get_content()
        fields = status.get_payload()[1]
        assert (fields["Final-Recipient"], fields["Action"], fields["Status"]) == (
            f"rfc822; {mailbox(4, 1, 1)}",
            "failed",
            "5.1.1",
        )
        assert "Message-ID: <0197-1@acme.example>" in head.get_content()


async def test_one_of_several_recipients_is_refused_for_good_and_bounces():
    async with post_office() as office:
        answer = await office.send([NINE, mailbox(7, 0, 1), mailbox(0, 3, 1)], mail("several"))
        assert answer.startswith("2.0.0 taken as")
        await office.passes()
        replies = sorted(each.sender for each in office.peer.taken if each.sender)
        assert replies == sorted([NINE, mailbox(0, 3, 1)])
        (bounce,) = [each for each in office.peer.taken if not each.sender]
        assert "550 5.7.1" in str(bounce.mail.get_payload()[1].get_payload()[1]["Diagnostic-Code"])
        assert len(office.entries(Kind.MT_REFUSED)) == 1


async def test_one_of_several_recipients_refused_for_now_makes_the_peer_send_again_and_nobody_gets_it_twice():
    async with post_office() as office:
        for _ in range(2):
            with pytest.raises(Exception, match="451"):
                await office.send([NINE, mailbox(7, 1, 1)], mail("again"))
        await office.send([NINE, mailbox(7, 1, 1)], mail("again"))
        await office.passes()
        assert sorted(each.sender for each in office.peer.taken) == sorted([NINE, mailbox(7, 1, 1)])


async def test_greylisting_by_the_settings_puts_everybody_off_once():
    async with post_office(adjust=lambda options: replace(options, greylist=30.0)) as office:
        with pytest.raises(Exception, match="451"):
            await office.send()
        await office.clock.advance(by=10)
        with pytest.raises(Exception, match="try again in 20 seconds"):
            await office.send()
        await office.clock.advance(by=20)
        assert (await office.send()).startswith("2.0.0")


async def test_another_world_forgets_the_mail_of_the_one_before():
    async with post_office() as office:
        office.door.deliver_to("127.0.0.1", 1)
        await office.send()
        await office.clock.advance(by=10)
        assert office.door.waiting == 1
        office.carrier.reset(2)
        assert office.door.waiting == 0
        await office.passes()


async def test_a_reply_by_hand_is_sent_as_it_was_written():
    async with post_office() as office:
        await office.send(mailbox(3, 0, 1))
        office.carrier.reply_by_hand(mailbox(3, 0, 1), "van mij een 6", score=6)
        await office.passes()
        (reply,) = office.peer.taken
        assert reply.text.strip() == "van mij een 6"
        assert reply.to == "reply+token1@acme.example"


@pytest.mark.parametrize(("headers", "answered"), [({}, 3), ({"Auto_Submitted": "auto-generated"}, 1)])
async def test_polite_machines_do_not_answer_a_mail_that_says_no_human_wrote_it(headers, answered):
    async with post_office(profile="everyday") as office:
        population = office.carrier.town.population
        away = replace(population.mail, out_of_office=1.0, answer_rate=0.0, greylisted=0.0)
        office.carrier.town.settle(replace(population, mail=away))
        kinds: dict[str, str] = {}
        for number in range(12):
            await office.send(f"p{number}@belfort.test", mail(f"a{number}", **headers))
        for entry in office.entries(Kind.PERSON_DECIDED):
            kinds[str(entry.address)] = str(entry.facts["notices"])
        await office.passes()
        sent = {kinds[str(each.mail["From"].addresses[0].addr_spec)] for each in office.peer.taken}
        assert (sent == {"bare"}) == bool(headers)
        assert len(sent) >= answered
