from hypothesis import given
from hypothesis import strategies as st

from simulator.servers.sms.inbox import Inbox
from simulator.world import Address, Moment, ReplyOut


def reply(number: int) -> ReplyOut:
    return ReplyOut(f"r{number}", "a", Address("+32470000001"), "8937", "9", Moment(number), None)


def test_a_full_box_lets_the_oldest_go_and_says_which():
    inbox = Inbox(most=2)
    assert [inbox.put(reply(n)) for n in range(3)] == [None, None, reply(0)]
    assert inbox.take(10) == [reply(1), reply(2)]


def test_only_what_was_shown_can_be_confirmed():
    inbox = Inbox()
    for n in range(3):
        inbox.put(reply(n))
    inbox.confirm("r1")
    assert len(inbox) == 3
    inbox.show(2)
    inbox.confirm("r2")
    assert len(inbox) == 3
    inbox.confirm("r0")
    assert inbox.show(9) == [reply(1), reply(2)]


def test_a_duplicate_is_confirmed_with_its_first():
    inbox = Inbox()
    for n in (1, 1, 2):
        inbox.put(reply(n))
    inbox.show(3)
    inbox.confirm("r1")
    assert inbox.show(3) == [reply(2)]


@given(st.lists(st.tuples(st.sampled_from(["put", "poll", "crash"]), st.integers(1, 4)), max_size=60))
def test_a_peer_that_confirms_what_it_has_kept_misses_nothing(steps):
    """A crash forgets what was fetched since the peer last wrote it down: it asks with its older id."""
    inbox, put, kept, after = Inbox(), 0, [], ""
    for what, size in steps:
        if what == "put":
            inbox.put(reply(put))
            put += 1
            continue
        inbox.confirm(after)
        shown = [each.id for each in inbox.show(size)]
        if what == "poll" and shown:
            kept += [each for each in shown if each not in kept]
            after = shown[-1]
    inbox.confirm(after)
    kept += [each.id for each in inbox.show(100) if each.id not in kept]
    assert kept == [f"r{n}" for n in range(put)]
