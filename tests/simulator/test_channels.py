"""The seam for channels beside SMS: who decides, whom a reply is for, and what counts as the same again."""

from simulator.journal import Kind
from simulator.phrasebook.phrase import Meaning, Utterance
from simulator.respondent import Answer
from simulator.returns import Reply
from simulator.truth import Selection
from simulator.world import Accepted, Address, Channel, Refused, Submission
from tests.simulator.town_hall import World
from tests.simulator.truth.story import ANNA, Story


def call(to: str, account: str = "acme", reference: str | None = None) -> Submission:
    return Submission(account, Channel.VOICE, Address(to), "8937", "", reference)


def test_a_channel_can_be_entrusted_to_somebody_who_decides():
    world, decided = World(), []
    world.carrier.entrust(Channel.VOICE, lambda message, who: decided.append((message.id, who.address)))
    taken = world.carrier.submit(call("+32450000901"))
    assert isinstance(taken, Accepted)
    assert decided == [(taken.message, "+32450000901")]
    assert world.entries(Kind.MT_SUBMITTED)[0].facts["channel"] == "VOICE"
    assert not world.entries(Kind.PERSON_DECIDED)
    assert world.clock.due == 0


def test_a_landline_can_be_called_but_not_written_to():
    world = World()
    world.carrier.entrust(Channel.VOICE, lambda message, who: None)
    assert isinstance(world.carrier.submit(call("+3223456789")), Accepted)
    assert isinstance(world.submit("+3223456789"), Refused)


def test_two_calls_under_one_reference_are_two_calls():
    world = World()
    world.carrier.entrust(Channel.VOICE, lambda message, who: None)
    first, second = (world.carrier.submit(call("+32450000901", reference="r")) for _ in range(2))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.message != second.message
    assert not second.repeated


def test_what_is_pressed_in_a_call_goes_to_the_account_that_called():
    world, messages = World(), []
    world.carrier.attach(Channel.VOICE, world.door)
    world.carrier.entrust(Channel.VOICE, lambda message, who: messages.append(message))
    world.carrier.submit(call("+32450000901", "one"))
    world.carrier.submit(call("+32450000901", "two"))
    said = Utterance("9", Meaning.GOOD, 9, "keys")
    world.carrier.returns.write(Reply("r1", messages[0], Answer(0.0, said)))
    assert [reply.account for _, reply in world.door.replies] == ["one"]


def test_an_addressed_reply_belongs_to_its_own_question_and_not_to_the_latest():
    story = Story()
    for message in ("first", "second"):
        story.journal.record(
            Kind.MT_SUBMITTED, message=message, address=ANNA, account="a", channel="VOICE", text=message
        )
    story.journal.record(Kind.REPLY_WRITTEN, reply="k", text="9", meaning="good", score=9)
    story.journal.record(
        Kind.REPLY_HANDED, message="first", address=ANNA, account="a", reply="k", channel="VOICE"
    )
    told = story.ledger.tell(Selection(), story.clock.now())
    states = {each.asked.message: each.state.value for each in told.accounts}
    assert states == {"first": "ANSWERED", "second": "SUBMITTED"}


def test_an_addressed_reply_to_an_answered_question_changes_no_other():
    story = Story()
    for message in ("first", "second"):
        story.journal.record(
            Kind.MT_SUBMITTED, message=message, address=ANNA, account="a", channel="VOICE", text=message
        )
    for reply, score in (("k", 9), ("l", 3)):
        story.journal.record(Kind.REPLY_WRITTEN, reply=reply, text=str(score), meaning="good", score=score)
        story.journal.record(
            Kind.REPLY_HANDED, message="second", address=ANNA, account="a", reply=reply, channel="VOICE"
        )
    told = story.ledger.tell(Selection(), story.clock.now())
    assert told.figures.good == 1
    assert told.figures.promoters == 1
    assert [each.asked.message for each in told.accounts if each.replies] == ["second"]
