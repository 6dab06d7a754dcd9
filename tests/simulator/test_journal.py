import asyncio

from hypothesis import given
from hypothesis import strategies as st

from simulator.journal import Journal, Kind, Match
from tests.simulator.journals import PAIR, SENT, START, Pairs, bare, filled, frozen, told


def test_entries_are_numbered_from_one_and_carry_both_clocks():
    journal = filled(2)
    entries = journal.read().entries
    assert [entry.seq for entry in entries] == [1, 2]
    assert entries[0].at == START
    assert entries[0].wall > 1_700_000_000


def test_memory_keeps_the_newest_and_says_how_many_it_forgot():
    page = filled(25, keep=10).read(after=3)
    assert list(range(16, 26)) == [entry.seq for entry in page.entries]
    assert page.forgotten == 12


@given(count=st.integers(0, 60), keep=st.integers(1, 20), limit=st.integers(1, 7))
def test_following_the_cursor_shows_everything_remembered_once_and_in_order(count, keep, limit):
    journal, seen, after = filled(count, keep), [], 0
    while (page := journal.read(after, limit=limit)).entries:
        seen += [entry.seq for entry in page.entries]
        after = page.after
    assert list(range(max(1, count - keep + 1), count + 1)) == seen


@given(
    sizes=st.lists(st.integers(0, 6), max_size=8),
    keep=st.integers(1, 40),
    after=st.integers(0, 60),
    limit=st.integers(1, 9),
    match=st.sampled_from([Match(), SENT, Match(message="m2"), Match(address="+32470000001"),
                           Match(facts={"nth": 3}), Match(frozenset({Kind.DOOR_CALL}), account="a")]),
)  # fmt: skip
def test_a_batch_reads_as_its_entries_would(sizes, keep, after, limit, match):
    one, heard_one = told(sizes, keep, batched=False)
    other, heard_other = told(sizes, keep, batched=True)
    assert bare(heard_one) == bare(heard_other)
    assert (one.last, one.oldest) == (other.last, other.oldest)
    here, there = one.read(after, match, limit), other.read(after, match, limit)
    assert (bare(here.entries), here.after, here.forgotten) == (
        bare(there.entries),
        there.after,
        there.forgotten,
    )
    assert bare(one.tail(limit, match)) == bare(other.tail(limit, match))


def test_whoever_takes_batches_gets_those_with_a_kind_it_wants_and_hears_of_single_entries():
    journal, taken, heard = Journal(frozen()), [], []
    wanted, others = Pairs(PAIR, [1]), Pairs((Kind.PDU_IN, Kind.PDU_OUT), [2])
    stop = journal.listen(heard.append, frozenset({Kind.PERSON_DECIDED}), take=taken.append)
    journal.enter(wanted)
    journal.enter(others)
    journal.record(Kind.PERSON_DECIDED)
    stop()
    journal.enter(Pairs(PAIR, [3]))
    assert taken == [wanted]
    assert [each.kind for each in heard] == [Kind.PERSON_DECIDED]


def test_a_filter_asks_for_every_condition():
    journal = filled(9)
    journal.record(Kind.REPLY_HANDED, address="+32470000001")
    match = Match(frozenset({Kind.MT_SUBMITTED}), address="+32470000001", facts={"nth": 4})
    assert [entry.seq for entry in journal.read(match=match).entries] == [5]


def test_listeners_hear_every_entry_until_they_stop():
    journal, heard = filled(0), []
    stop = journal.listen(heard.append)
    journal.record(Kind.WORLD_RESET)
    stop()
    journal.record(Kind.WORLD_RESET)
    assert [entry.seq for entry in heard] == [1]


async def test_a_wait_ends_as_soon_as_enough_entries_came():
    journal = filled(1)
    waiting = asyncio.ensure_future(journal.wait(SENT, count=3, within=10))
    await asyncio.sleep(0)
    journal.record(Kind.MT_SUBMITTED)
    assert not waiting.done()
    journal.record(Kind.MT_SUBMITTED)
    waited = await waiting
    assert (waited.met, [entry.seq for entry in waited.entries]) == (True, [1, 2, 3])


async def test_a_wait_on_the_worlds_clock_ends_when_that_has_passed_and_names_near_misses():
    clock = frozen()
    journal = Journal(clock)
    journal.record(Kind.MT_SUBMITTED, address="+32470000001")
    journal.record(Kind.REPLY_HANDED, address="+32470000009")
    match = Match(frozenset({Kind.MT_SUBMITTED}), address="+32470000002")
    waiting = asyncio.ensure_future(journal.wait(match, within=3600))
    await clock.advance(by=3599)
    assert not waiting.done()
    await clock.advance(by=1)
    waited = await waiting
    assert not waited.met
    assert [(miss.entry.seq, list(miss.because)) for miss in waited.near] == [
        (1, ["address is +32470000001, not +32470000002"])
    ]


async def test_a_wait_on_this_machines_clock_does_not_need_the_worlds():
    waited = await filled(0).wait(SENT, within=0.01, wall=True)
    assert not waited.met


async def test_a_finished_wait_no_longer_listens():
    journal = filled(1)
    await journal.wait(SENT)
    await journal.wait(SENT, count=2, within=0.001, wall=True)
    assert journal._listeners == ()
