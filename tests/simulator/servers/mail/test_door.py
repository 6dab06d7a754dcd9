"""Mail comes in by SMTP, people answer by SMTP."""

from __future__ import annotations

from simulator.journal import Kind
from tests.simulator.servers.mail.post_office import NINE, post_office


async def test_a_mail_is_taken_and_its_person_answers_to_the_reply_address():
    async with post_office() as office:
        answer = await office.send()
        assert answer.startswith("2.0.0 taken as ")
        await office.passes()
        (reply,) = await office.peer.mails(1)
        assert (reply.sender, reply.to) == (NINE, "reply+token1@acme.example")
        assert reply.text.strip() == "9"
        assert reply.mail["In-Reply-To"] == "<0197-1@acme.example>"
        assert office.entries(Kind.REPLY_HANDED)
