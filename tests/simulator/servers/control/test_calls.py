"""Calls by hand: listed, shown in full, keys pressed and hung up for somebody."""

from __future__ import annotations

from tests.simulator.servers.voice.studio import Studio, open_studio

SILENT = "+32450080701"


async def in_progress(studio: Studio, to: str = SILENT) -> str:
    """A call that has been picked up and hears the question."""
    call = await studio.survey(to)
    await studio.pass_(10)
    return str(call.sid)


async def test_keys_pressed_by_hand_are_what_counts():
    async with open_studio() as studio:
        sid = await in_progress(studio)
        told = await studio.world.post(f"/calls/{sid}/keys", {"keys": "10"})
        assert (told["status"], told["keys"]) == ("in-progress", "10")
        await studio.pass_(30)
        assert studio.heard() == ["10"]
        assert (await studio.truth())["score"] == 10


async def test_the_gap_between_keys_is_the_callers_to_bear():
    async with open_studio() as studio:
        sid = await in_progress(studio)
        await studio.world.post(f"/calls/{sid}/keys", {"keys": "10", "gap": "6s"})
        await studio.pass_(30)
        assert studio.heard() == ["1"]
        assert (await studio.truth())["score"] == 1


async def test_the_newest_call_to_a_number_goes_by_that_number():
    async with open_studio() as studio:
        await in_progress(studio)
        await studio.world.post(f"/calls/{SILENT}/keys", {"keys": "7#"})
        await studio.pass_(30)
        assert studio.heard() == ["7"]


async def test_hanging_up_by_hand_ends_the_call():
    async with open_studio() as studio:
        sid = await in_progress(studio)
        status, told = await studio.world.ask("DELETE", f"/calls/{sid}")
        assert (status, told["status"], told["over"]) == (200, "completed", True)
        await studio.pass_(1)
        assert studio.statuses()[-1] == "completed"
        assert (await studio.truth())["response"] is None


async def test_a_key_cut_off_by_hanging_up_is_nobodys_response():
    async with open_studio() as studio:
        sid = await in_progress(studio)
        await studio.world.post(f"/calls/{sid}/keys", {"keys": "9"})
        await studio.pass_(1)
        await studio.world.ask("DELETE", f"/calls/{sid}")
        await studio.pass_(30)
        assert studio.heard() == []
        truth = await studio.truth()
        assert (truth["state"], truth["response"]) == ("DELIVERED", None)


async def test_calls_are_listed_newest_first_and_by_filters():
    async with open_studio() as studio:
        await studio.survey("+32450080101")
        await in_progress(studio)
        everything = (await studio.world.get("/calls"))["calls"]
        assert [each["to"] for each in everything] == [SILENT, "+32450080101"]
        assert [each["status"] for each in everything] == ["in-progress", "busy"]
        for query, found in (
            ({"status": "busy"}, ["+32450080101"]),
            ({"underway": "true"}, [SILENT]),
            ({"to": SILENT}, [SILENT]),
            ({"limit": "1"}, [SILENT]),
        ):
            told = await studio.world.get("/calls", **query)
            assert [each["to"] for each in told["calls"]] == found


async def test_one_call_is_shown_with_all_that_happened_in_it():
    async with open_studio() as studio:
        call = await studio.survey("+32450000901")
        await studio.pass_(60)
        told = await studio.world.get(f"/calls/{call.sid}")
        assert (told["status"], told["reference"], told["told"]) == ("completed", "r1", True)
        kinds = [entry["kind"] for entry in told["journal"]]
        for kind in (
            "mt.submitted",
            "call.status",
            "call.heard",
            "call.keys",
            "reply.handed",
            "report.handed",
        ):
            assert kind in kinds
        message = await studio.world.get(f"/messages/{told['message']}")
        assert (message["channel"], message["state"]) == ("VOICE", "delivered")


async def test_what_cannot_be_pressed_is_said():
    async with open_studio() as studio:
        call = await studio.survey(SILENT)
        for path, body, status in (
            ("/calls/CA1/keys", {"keys": "9"}, 404),
            (f"/calls/{call.sid}/keys", {"keys": "nine"}, 400),
            (f"/calls/{call.sid}/keys", {}, 400),
            (f"/calls/{call.sid}/keys", {"keys": "9"}, 409),
        ):
            assert (await studio.world.ask("POST", path, body))[0] == status
        assert (await studio.world.ask("DELETE", f"/calls/{call.sid}"))[0] == 409


async def test_a_call_is_answered_by_keys_and_not_by_a_message():
    async with open_studio() as studio:
        await in_progress(studio)
        status, told = await studio.world.ask("POST", f"/people/{SILENT}/reply", {"text": "9", "score": 9})
        assert (status, "press keys" in told["detail"]) == (409, True)


async def test_a_new_world_has_no_calls():
    async with open_studio() as studio:
        await in_progress(studio)
        await studio.world.post("/reset", {})
        assert (await studio.world.get("/calls"))["calls"] == []
        asked = len(studio.asked)
        await studio.pass_(120)
        assert len(studio.asked) == asked
