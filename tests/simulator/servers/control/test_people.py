"""People by the control API: who they are, and writing in their name."""

from __future__ import annotations

import re

import phonenumbers
import pytest

from tests.simulator.servers.worlds import open_world

NINE, ORDINARY = "+32450000901", "+32470123456"
FIXED = phonenumbers.PhoneNumberType.FIXED_LINE


def kind_of(address):
    """libphonenumber's word for a number, None for a mailbox or a number it does not take for valid."""
    return None if "@" in address else phonenumbers.number_type(phonenumbers.parse(address))


async def test_a_number_that_does_things_is_taken_apart():
    async with open_world() as world:
        person = await world.get(f"/people/{NINE}")
        assert person["number"] == {"family": "00", "parameter": "09", "lane": "01"}
        assert person["describes"] == "answers 9, lane 01"
        assert person["language"] in ("nl-BE", "fr-BE", "de-BE", "en-GB")
        assert person["name"]
        assert person == await world.get("/people/0450%2000%2009%2001")


async def test_who_lives_somewhere_is_the_same_tomorrow():
    async with open_world(seed=7) as world:
        first = await world.get(f"/people/{ORDINARY}")
    async with open_world(seed=7) as world:
        assert await world.get(f"/people/{ORDINARY}") == first
        assert first["describes"] == "an ordinary inhabitant"


async def test_somebody_lives_at_a_landline_and_nobody_abroad():
    async with open_world() as world:
        assert (await world.get("/people/+3222011234"))[
            "describes"
        ] == "an ordinary inhabitant, at a landline"
        person = await world.get("/people/+33612345678")
        assert (person["describes"], person["language"]) == ("not a Belgian mobile number", None)
        status, told = await world.ask("GET", "/people/112")
        assert (status, told["errors"][0]["parameter"]) == (400, "address")


async def test_inhabitants_are_many_different_and_always_the_same():
    async with open_world() as world:
        people = (await world.get("/people", count="2000"))["people"]
        addresses = [person["address"] for person in people]
        assert len(set(addresses)) == 2000
        assert {person["describes"] for person in people} == {"an ordinary inhabitant"}
        assert {person["language"] for person in people} == {"nl-BE", "fr-BE", "de-BE", "en-GB"}
        assert addresses[:50] == [p["address"] for p in (await world.get("/people", count="50"))["people"]]


async def test_the_numbers_that_do_things_are_listed_with_one_of_each():
    async with open_world() as world:
        told = await world.get("/numbers", lane="42")
        assert len(told["people"]) == len(told["numbers"]) > 60
        assert all(person["number"]["lane"] == "42" for person in told["people"])
        assert told["numbers"][9]["number"] == "+32 450 00 09 LL"


@pytest.mark.parametrize(
    ("channel", "form"),
    [
        ("SMS", r"\+3247[0-9]{7}"),
        ("VOICE", r"\+32(47[0-9]{7}|[2-9][0-9]{7}|10[0-9]{6})"),
        ("EMAIL", r"[a-z0-9]+@belfort\.test"),
    ],
)
async def test_inhabitants_can_be_reached_by_the_channel_they_are_asked_for(channel, form):
    async with open_world() as world:
        people = (await world.get("/people", count="1000", channel=channel))["people"]
        assert all(re.fullmatch(form, person["address"]) for person in people)
        assert len({person["address"] for person in people}) == 1000
        assert {person["language"] for person in people} == {"nl-BE", "fr-BE", "de-BE", "en-GB"}
        landlines = sum(kind_of(person["address"]) == FIXED for person in people)
        assert landlines == (250 if channel == "VOICE" else 0)
        assert (await world.ask("GET", "/people?channel=FAX"))[0] == 400


async def test_numbers_that_do_things_do_them_on_a_channel():
    async with open_world() as world:
        families = {
            channel: {p["number"]["family"] for p in (await world.get("/numbers", channel=channel))["people"]}
            for channel in ("SMS", "VOICE", "EMAIL")
        }
    assert "08" not in families["SMS"] | families["EMAIL"]
    assert families["VOICE"] >= {"00", "09"}
    assert not families["VOICE"] & {"03", "04", "07"}
    assert families["SMS"] >= {"00", "03", "04", "07"}


async def test_a_reply_by_hand_reaches_the_peer_and_the_truth():
    async with open_world() as world:
        await world.send(ORDINARY, reference="r1")
        told = await world.post(
            f"/people/{ORDINARY}/reply", {"text": "een dikke 9", "score": 9, "after": "5m"}
        )
        await world.post("/clock/advance", {"by": "299s"})
        by_hand = [reply for reply in await world.fetch() if reply["messageId"] == told["reply"]]
        assert by_hand == []
        await world.post("/clock/advance", {"by": "1s"})
        [reply] = [reply for reply in await world.fetch() if reply["messageId"] == told["reply"]]
        assert (reply["senderAddress"], reply["message"]) == (ORDINARY, "een dikke 9")
        truth = await world.post("/truth", {"references": ["r1"]})
        assert truth["report"]["nps"] == {"promoters": 1, "detractors": 0, "score": 100}


async def test_a_reply_whose_meaning_nobody_told_is_a_doubt():
    async with open_world() as world:
        await world.send("+32450030001")
        await world.post("/people/+32450030001/reply", {"text": "hmm"})
        await world.post("/clock/drain")
        await world.fetch()
        truth = await world.post("/truth", {})
        assert (truth["doubts"], truth["report"]["responseStatistics"]["totalResponses"]) == (1, 0)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/text"),
        ({"text": 9}, "/text"),
        ({"text": "9", "score": 11}, "/score"),
        ({"text": "9", "meaning": "godo"}, "/meaning"),
        ({"text": "9", "meaning": "good"}, "/score"),
        ({"text": "x", "meaning": "no_score", "score": 3}, "/score"),
        ({"text": "x", "after": "later"}, "/after"),
        ({"text": "x", "texd": 1}, "/texd"),
    ],
)
async def test_a_wrong_reply_is_refused_with_what_is_wrong(body, pointer):
    async with open_world() as world:
        await world.send(NINE)
        status, told = await world.ask("POST", f"/people/{NINE}/reply", body)
        assert (status, [each["pointer"] for each in told["errors"]]) == (400, [pointer])


async def test_who_was_never_written_to_cannot_answer():
    async with open_world() as world:
        status, told = await world.ask("POST", f"/people/{NINE}/reply", {"text": "9", "score": 9})
        assert (status, "nobody has written" in told["detail"]) == (409, True)
