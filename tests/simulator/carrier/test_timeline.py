"""What a message tells of itself, and how it is found."""

from __future__ import annotations

from simulator.carrier import Limits
from simulator.delivery import State, Which
from simulator.journal import Kind
from simulator.message import MOST_EVENTS
from simulator.people.numbers import number
from simulator.world import Channel
from tests.simulator.carrier.people import NINE, SILENT
from tests.simulator.town_hall import NOON, World


async def test_a_message_tells_its_story():
    world = World()
    message = world.carrier.message(world.send(NINE).message)
    assert message.state is State.UNDERWAY
    await world.clock.drain()
    assert [(event.at - NOON, event.what, event.detail) for event in message.events] == [
        (0, "accepted", None),
        (500, "report due", "DeliveredToTerminal"),
        (500, "report handed", "DeliveredToTerminal"),
        (1000, "reply written", f"{message.id}-1"),
        (1000, "reply handed", f"{message.id}-1"),
    ]
    assert (message.state, message.replies) == (State.DELIVERED, 1)


async def test_what_the_peer_does_not_take_is_noted_and_journalled():
    world = World()
    world.door.acknowledges = False
    message = world.carrier.message(world.send(NINE).message)
    await world.clock.drain()
    ((_, report),), ((_, reply),) = world.door.reports, world.door.replies
    world.carrier.failed_report(report, "HTTP 503")
    world.carrier.handed_report(report)
    world.carrier.failed_reply(reply, "no answer")
    world.carrier.lost_reply(reply, "given up after a day")
    kinds = [Kind.REPORT_FAILED, Kind.REPORT_HANDED, Kind.REPLY_FAILED, Kind.REPLY_LOST]
    assert [entry.kind for entry in world.entries(*kinds)] == kinds
    assert [event.what for event in message.events][-4:] == [
        "report not taken", "report handed", "reply not taken", "reply lost",
    ]  # fmt: skip
    for _ in range(1000):
        world.carrier.failed_report(report, "HTTP 503")
    assert len(message.events) <= MOST_EVENTS + 1


async def test_messages_are_found_by_what_is_known_of_them():
    world = World()
    for address, account, text in [(NINE, "a", "one"), (SILENT, "b", "Two"), (number(4, 1), "a", "three")]:
        world.send(address, account=account, text=text, reference=f"ref-{text}")
    await world.clock.advance(by=60)

    def found(**conditions: object) -> list[str]:
        return [message.submission.text for message in world.carrier.messages(Which(**conditions))]

    assert found() == ["one", "Two", "three"]
    assert found(to=SILENT) == ["Two"]
    assert found(account="a") == ["one", "three"]
    assert found(state=State.DELIVERED) == ["one", "Two"]
    assert found(state=State.UNDELIVERED) == ["three"]
    assert found(replied=True) == ["one"]
    assert found(replied=False, account="a") == ["three"]
    assert found(reference="ref-one") == ["one"]
    assert found(text="TWO") == ["Two"]
    assert found(channel=Channel.VOICE) == []
    assert [message.order for message in world.carrier.messages(after=1, limit=1)] == [2]
    assert [message.submission.text for message in world.carrier.newest(limit=2)] == ["three", "Two"]


async def test_only_views_are_forgotten_never_deliveries():
    world = World(limits=Limits(keep_messages=10, keep_addresses=10))
    for lane in range(100):
        world.send(number(0, 9, lane), reference=f"r{lane}")
    assert len(world.carrier.messages(limit=1000)) == 10
    await world.clock.drain()
    assert len(world.door.reports) == 100
    assert world.carrier.message(world.door.reports[0][1].message) is None
    # a reply needs the line, and lines too are bounded: those of the first ninety find nobody, and it is said
    assert len(world.door.replies) + len(world.entries(Kind.REPLY_LOST)) == 100


def test_no_id_ever_comes_twice_not_after_a_reset_either():
    world, seen = World(), set()
    for _ in range(3):
        seen |= {world.send(NINE).message for _ in range(5)}
        world.carrier.reset(1)
    assert len(seen) == 15
