"""The control API knows mail: mailboxes that do things, inhabitants, one mail in full, replies by hand."""

from __future__ import annotations

import asyncio
import base64
import smtplib

from tests.simulator.servers.mail.post_office import mail
from tests.simulator.servers.worlds import World, open_world

NINE = "f00p09.l01@belfort.test"


def handed(address: str, to: str) -> None:
    host, _, port = address.rpartition(":")
    with smtplib.SMTP(host, int(port), local_hostname="acme.example", timeout=10) as client:
        client.sendmail("b@acme.example", [to], mail("r1", subject="Vraagje <b>é</b>"))


async def write_to(world: World, to: str) -> str:
    await asyncio.to_thread(handed, world.simulator.smtp_address, to)
    return str((await world.get("/messages?channel=EMAIL"))["messages"][-1]["id"])


async def test_a_mail_is_shown_with_its_head_its_parts_and_its_source():
    async with open_world() as world:
        identity = await write_to(world, NINE)
        shown = await world.get(f"/messages/{identity}")
        assert (shown["channel"], shown["to"], shown["reference"]) == ("EMAIL", NINE, "r1")
        assert shown["sender"] == "reply+token1@acme.example"
        assert "Hoe waarschijnlijk" in shown["text"]
        assert ["Subject", "Vraagje <b>é</b>"] in shown["mail"]["headers"]
        kinds = [part["type"] for part in shown["mail"]["parts"]]
        assert kinds == ["multipart/alternative", "text/plain", "text/html"]
        assert base64.b64decode(shown["mail"]["source"]).startswith(b"From: Wafels")


async def test_what_was_written_is_shown_with_its_mail():
    async with open_world() as world:
        identity = await write_to(world, NINE)
        await world.post("/clock/drain")
        (wrote,) = (await world.get(f"/messages/{identity}"))["wrote"]
        assert (wrote["text"], wrote["meaning"], wrote["score"]) == ("9", "good", 9)
        assert ["In-Reply-To", "<r1@acme.example>"] in wrote["mail"]["headers"]


async def test_the_table_of_mailboxes_and_inhabitants_with_a_mailbox_are_listed():
    async with open_world() as world:
        numbers = await world.get("/numbers?channel=EMAIL&lane=7")
        assert numbers["grammar"].startswith("fFFpPP.lLL@belfort.test")
        assert {"f03p04.l07@belfort.test", "f00p09.l07@belfort.test"} <= {
            each["address"] for each in numbers["people"]
        }
        people = (await world.get("/people?channel=EMAIL&count=3"))["people"]
        assert len({each["address"] for each in people}) == 3
        assert all(each["address"].endswith("@belfort.test") for each in people)


async def test_somebody_with_a_mailbox_can_be_shown_set_and_made_to_reply_by_hand():
    async with open_world() as world:
        _, told = await world.ask("PUT", "/people/anna@belfort.test", {"language": "fr", "says": [4]})
        assert (told["language"], told["set"], told["network"]) == ("fr-BE", True, "mail")
        identity = await write_to(world, "anna@belfort.test")
        await world.post("/people/anna@belfort.test/reply", {"text": "plutôt 6", "score": 6})
        await world.post("/clock/drain")
        wrote = (await world.get(f"/messages/{identity}"))["wrote"]
        assert sorted(each["score"] for each in wrote) == [4, 6]
