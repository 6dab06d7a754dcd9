"""Questions that came by the hundred."""

from dataclasses import replace

from simulator.entry import Line
from simulator.journal import Batch, Journal, Kind
from simulator.reckoning import Figures
from simulator.truth import Forgotten
from simulator.world import Moment
from tests.simulator.truth.story import ALL, HOUR, START, Story


class Questions(Batch):
    """Questions by the hundred: each record is the number of a message and of its person."""

    def message_of(self, record: int) -> str:
        return f"m{record}"

    def lines(self, record: int) -> tuple[Line]:
        facts = {"channel": "SMS", "text": "Question?", "reference": None}
        return (Line(f"m{record}", f"+32470{record:06}", "a", facts),)


def submitted(journal: Journal, numbers: range) -> None:
    journal.enter(Questions((Kind.MT_SUBMITTED,), list(numbers)))


def test_questions_that_came_by_the_hundred_are_read_when_somebody_asks(story):
    story.journal.listen(story.ledger, story.ledger.kinds, take=story.ledger.take)
    story.journal._set_listeners(story.journal._listeners[1:])
    submitted(story.journal, range(3))
    story.delivered("m1").good("r1", 9, "+32470000001")
    assert story.states() == ["SUBMITTED", "ANSWERED", "SUBMITTED"]
    story.at(1)
    submitted(story.journal, range(3, 5))
    assert story.figures() == Figures(requests=5, promoters=1)


def test_what_nobody_has_read_yet_is_read_in_steps_to_the_same_truth(story):
    story.journal.listen(story.ledger, story.ledger.kinds, take=story.ledger.take)
    story.journal._set_listeners(story.journal._listeners[1:])
    for first in range(0, 50, 10):
        submitted(story.journal, range(first, first + 10))
    story.delivered("m1").good("r1", 9, "+32470000001")
    until = story.journal.last
    submitted(story.journal, range(50, 60))
    steps = 1
    while not story.ledger.catch_up(until, most=10):
        steps += 1
    assert steps == 6
    assert len(story.ledger._backlog._items) == 1
    assert story.ledger._backlog._questions == 10
    assert story.figures() == Figures(requests=60, promoters=1)


def test_refused_questions_that_nobody_asked_about_take_no_memory_for_ever():
    story = Story(keep=10)
    story.journal.listen(story.ledger, story.ledger.kinds, take=story.ledger.take)
    story.journal._set_listeners(story.journal._listeners[1:])
    submitted(story.journal, range(3))
    for number in range(50):
        facts = {"channel": "SMS", "text": "Question?", "reference": None, "permanent": True}
        story.journal.note(Kind.MT_REFUSED, None, f"+32471{number:06}", "a", facts)
    assert len(story.ledger._backlog._items) == 10
    assert isinstance(story.ledger.tell(ALL, START), Forgotten)


def test_of_questions_that_nobody_asked_about_the_latest_are_kept(story):
    story = Story(keep=10)
    story.journal.listen(story.ledger, story.ledger.kinds, take=story.ledger.take)
    story.journal._set_listeners(story.journal._listeners[1:])
    story.sent("before")
    for hour in range(6):
        submitted(story.at(hour).journal, range(4 * hour, 4 * hour + 4))
    told = story.ledger.tell(ALL, story.clock.now())
    assert isinstance(told, Forgotten)
    assert told.before == START + 3 * HOUR
    kept = replace(ALL, since=Moment(START + 4 * HOUR))
    assert story.figures(kept).requests == 8
