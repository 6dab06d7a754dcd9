"""What is heard and pressed, to the millisecond; a playbook of moments, and every input in every state."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.calls.performance import (
    LOOPS,
    Asking,
    Bounds,
    Doing,
    Fetch,
    Finished,
    Gathered,
    Heard,
    Performance,
    Quirks,
    Warned,
)
from simulator.calls.speech import seconds
from simulator.wire.twiml import Document, read
from simulator.world import Moment

T0 = Moment(1_000_000)
URL = "http://127.0.0.1:1/voice/first?x=1"


class Play:
    """A performance told in seconds from its beginning."""

    def __init__(self, inside: str, quirks: Quirks | None = None, bounds: Bounds | None = None) -> None:
        self.performance = Performance(bounds or Bounds(), quirks or Quirks())
        self.performance.perform(read(f"<Response>{inside}</Response>".encode()), URL, T0)

    def at(self, second: float, *keys: str) -> list:
        """What comes of the keys pressed at that second, and of the time until then."""
        now = Moment(T0 + round(second * 1000))
        self.performance.tick(now)
        for key in keys:
            self.performance.press(key, now)
        return self.taken()

    def taken(self) -> list:
        effects, self.performance.effects = self.performance.effects, []
        return [each for each in effects if not isinstance(each, Heard | Asking)]


def fetch(keys: str, url: str = URL, finished_by: str = "", method: str = "POST") -> list:
    gathered = Gathered(keys, finished_by)
    told = {"Digits": keys, "msg": "Gather End"} | ({"FinishedOnKey": finished_by} if finished_by else {})
    return [gathered, Fetch(url, method, told, gathered)]


NOTHING_CAME = [Gathered("", "", False), Finished("the document has ended")]
TWO = '<Gather numDigits="2" timeout="3"/>'


def test_one_pause_nought_is_one_when_the_timeout_is_shorter():
    play = Play(TWO)
    assert play.at(1, "1") == []
    assert play.at(3.999) == []
    assert play.at(4) == fetch("1")
    assert play.at(5, "0") == []


def test_one_pause_nought_is_ten_when_the_timeout_is_longer():
    play = Play(TWO)
    assert play.at(1, "1") == []
    assert play.at(3.999, "0") == fetch("10")


def test_a_key_at_the_very_moment_of_the_timeout_is_too_late():
    play = Play(TWO)
    play.at(1, "1")
    assert play.at(4, "0") == fetch("1")


def test_ten_ends_at_once():
    assert Play(TWO).at(1, "1", "0") == fetch("10")


def test_the_finish_key_ends_at_once_and_is_not_collected():
    assert Play(TWO).at(1, "9", "#") == fetch("9", finished_by="#")
    assert Play('<Gather finishOnKey="*"/>').at(1, "9", "#", "*") == fetch("9#", finished_by="*")


def test_an_empty_finish_key_collects_every_key_until_the_timeout():
    play = Play('<Gather finishOnKey="" timeout="2"/>')
    assert play.at(1, "9", "#", "*") == []
    assert play.at(3) == fetch("9#*")


def test_a_finish_key_alone_asks_nobody():
    assert Play(TWO).at(1, "#") == [Gathered("", "#", False), Finished("the document has ended")]


def test_nothing_in_time_goes_on_with_the_next_verb():
    play = Play(TWO + "<Redirect>/other</Redirect>")
    assert play.at(3) == [Gathered("", "", False), Fetch("http://127.0.0.1:1/other", "POST")]


def test_nothing_in_time_is_told_where_that_is_wanted():
    play = Play('<Gather timeout="3" actionOnEmptyResult="true" action="none"/>')
    assert play.at(3) == fetch("", "http://127.0.0.1:1/voice/none")


def test_the_action_is_relative_to_the_document_and_asked_by_its_method():
    play = Play('<Gather numDigits="1" action="../keys?a=b" method="GET"/>')
    assert play.at(1, "7") == fetch("7", "http://127.0.0.1:1/keys?a=b", method="GET")


def test_the_timeout_counts_from_the_end_of_the_prompts():
    play = Play('<Gather timeout="3"><Pause length="10"/><Pause length="2"/></Gather>')
    assert play.at(14.999) == []
    assert play.at(15) == NOTHING_CAME


def test_a_key_stops_the_prompt_and_the_timeout_counts_from_it():
    play = Play('<Gather timeout="3"><Pause length="100"/></Gather>')
    assert play.at(2, "9") == []
    assert play.at(5) == fetch("9")


def test_prompts_that_a_key_has_cut_off_are_not_heard_later():
    play = Play('<Gather><Pause length="10"/><Pause length="20"/></Gather><Gather timeout="1"/>')
    assert play.at(1, "#") == [Gathered("", "#", False)]
    assert play.at(2) == NOTHING_CAME


def test_keys_outside_a_gather_are_not_heard():
    play = Play('<Pause length="5"/><Gather timeout="2"/>')
    assert play.performance.press("9", Moment(T0 + 1000)) is False
    assert play.at(7) == NOTHING_CAME


def test_speech_alone_collects_no_keys():
    play = Play('<Gather input="speech" timeout="2"/>')
    assert play.at(1, "9") == []
    assert play.at(2) == NOTHING_CAME


def test_prompts_take_as_long_as_their_words():
    text = "Van nul tot tien, hoe waarschijnlijk is het?"
    play = Play(f'<Say language="nl-BE">{text}</Say><Hangup/>')
    takes = seconds(read(f'<Response><Say language="nl-BE">{text}</Say></Response>'.encode()).verbs[0])
    assert 2 < takes < 5
    assert play.at(takes - 0.001) == []
    assert play.at(takes) == [Finished("the document hangs up")]


def test_what_follows_a_redirection_or_a_hang_up_is_not_performed():
    assert Play("<Redirect>/x</Redirect><Hangup/>").taken() == [Fetch("http://127.0.0.1:1/x", "POST")]
    assert Play("<Hangup/><Redirect>/x</Redirect>").taken() == [Finished("the document hangs up")]


def test_a_rejection_of_an_answered_call_ends_it_with_a_warning():
    warned, finished = Play('<Reject reason="busy"/>').taken()
    assert isinstance(warned, Warned)
    assert finished == Finished("the document rejects the call")


def test_without_an_action_the_present_document_is_asked_again_unless_the_dialect_asks_nobody():
    assert Play('<Gather numDigits="1"/>').at(1, "9") == fetch("9")
    quirks = Quirks(posts_without_action=False)
    assert Play('<Gather numDigits="1"/>', quirks).at(1, "9") == [
        Gathered("9", "", False),
        Finished("the document has ended"),
    ]


def test_a_dialect_may_take_an_empty_finish_key_for_a_hash():
    quirks = Quirks(finish_key_of_empty="#")
    assert Play('<Gather finishOnKey=""/>', quirks).at(1, "9", "#") == fetch("9", finished_by="#")


def test_a_document_that_asks_for_itself_for_ever_is_ended():
    performance = Performance(Bounds(documents=10))
    performance.begin(URL, "POST")
    document, asked = Document(read(b"<Response><Redirect/></Response>").verbs), 0
    while performance.doing is Doing.DOCUMENT:
        asked += 1
        performance.perform(document, URL, T0)
    assert asked == 10
    assert performance.effects[-1] == Finished("more than 10 documents in one call", LOOPS)


def test_more_verbs_than_a_call_may_have_end_it():
    play = Play("<Pause length='0'/>" * 20, bounds=Bounds(verbs=10))
    assert play.at(1) == [Finished("more than 10 verbs in one call", LOOPS)]


def test_a_new_document_drops_the_old_one():
    play = Play(TWO)
    play.at(1, "1")
    play.performance.begin("http://127.0.0.1:1/new", "GET")
    assert play.at(60) == [Fetch("http://127.0.0.1:1/new", "GET")]
    assert play.performance.due is None


def test_a_call_that_is_over_does_nothing_more():
    play = Play(TWO)
    play.performance.finish("the person hangs up")
    play.taken()
    play.performance.perform(read(b"<Response><Say>x</Say></Response>"), URL, T0)
    assert play.at(60, "1", "2") == []


STEPS = st.one_of(
    st.tuples(st.just("press"), st.sampled_from("019#*")),
    st.tuples(st.just("wait"), st.integers(0, 4_000)),
    st.tuples(
        st.just("perform"),
        st.sampled_from(
            [TWO, "<Hangup/>", "<Say>een twee drie</Say>" + TWO, "<Redirect>/x</Redirect>", "<Pause/>" * 3,
             '<Gather finishOnKey="" timeout="0"/>']
        ),
    ),
    st.tuples(st.just("begin"), st.just(URL)),
    st.tuples(st.just("finish"), st.just("enough")),
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(STEPS, max_size=30))
def test_every_input_in_every_state_keeps_the_promises(steps):
    """It is over once, and waits for a moment exactly while something takes time."""
    performance, now, finished = Performance(Bounds(verbs=20, documents=8)), T0, 0
    for what, how in steps:
        match what:
            case "press":
                performance.press(str(how), now)
            case "wait":
                now = Moment(now + int(how))
                performance.tick(now)
            case "perform":
                performance.perform(read(f"<Response>{how}</Response>".encode()), URL, now)
            case "begin":
                performance.begin(str(how), "POST")
            case "finish":
                performance.finish(str(how))
        effects, performance.effects = performance.effects, []
        finished += sum(isinstance(each, Finished) for each in effects)
        assert finished == (performance.doing is Doing.OVER)
        timed = performance.doing in (Doing.PROMPT, Doing.GATHER, Doing.GATHER_PROMPT)
        assert (performance.due is not None) == timed
        assert performance.due is None or performance.due >= now
        for each in effects:
            if isinstance(each, Fetch) and each.keys is not None:
                assert each.parameters["Digits"] == each.keys.keys
                assert len(each.keys.keys) <= 100


@pytest.mark.parametrize("loop", [0, 1, 3])
def test_a_prompt_is_heard_as_often_as_it_says(loop):
    once = seconds(read(b"<Response><Say>een twee</Say></Response>").verbs[0])
    looped = seconds(read(f'<Response><Say loop="{loop}">een twee</Say></Response>'.encode()).verbs[0])
    assert looped == (14_400 if loop == 0 else pytest.approx(once * loop))
