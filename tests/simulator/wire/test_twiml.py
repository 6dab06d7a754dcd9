"""Documents become verbs, or the error that the platform names; hostile ones are refused and cost little."""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import Gather as SdkGather
from twilio.twiml.voice_response import VoiceResponse

from simulator.wire.twiml import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_ELEMENTS,
    NO_RESPONSE,
    NOT_XML,
    TOO_LARGE,
    BadDocument,
    Document,
    read,
)
from simulator.wire.twiml_verbs import Gather, Hangup, Pause, Play, Redirect, Reject, Say


def doc(inside: str) -> Document:
    return read(f"<Response>{inside}</Response>".encode())


def refused(body: bytes) -> BadDocument:
    with pytest.raises(BadDocument) as bad:
        read(body)
    return bad.value


def test_what_the_sdk_writes_is_what_is_read():
    response = VoiceResponse()
    gather = SdkGather(
        num_digits=2, timeout=7, finish_on_key="*", action="/keys?n=1&m=2", method="GET",
        action_on_empty_result=True, input="dtmf",
    )  # fmt: skip
    gather.say("Één tot tien & meer <ja>?", language="nl-BE", voice="Polly.Lotte", loop=2)
    gather.play("http://127.0.0.1/a.wav")
    gather.pause(length=3)
    response.append(gather)
    response.redirect("/again", method="GET")
    response.reject(reason="busy")
    response.hangup()
    assert read(str(response).encode()) == Document(
        (
            Gather(
                (Say("Één tot tien & meer <ja>?", "nl-BE", 2), Play("http://127.0.0.1/a.wav"), Pause(3)),
                action="/keys?n=1&m=2", method="GET", timeout=7, finish_on_key="*", num_digits=2,
                action_on_empty_result=True,
            ),
            Redirect("/again", "GET"),
            Reject("busy"),
            Hangup(),
        )
    )  # fmt: skip


def test_defaults_are_those_of_the_dialect():
    assert doc("<Gather/><Pause/><Redirect>/x</Redirect>").verbs == (
        Gather(),
        Pause(1),
        Redirect("/x", "POST"),
    )
    assert (Gather().timeout, Gather().finish_on_key, Gather().num_digits) == (5, "#", None)


def test_an_empty_finish_key_is_no_key():
    assert doc('<Gather finishOnKey=""/>').verbs == (Gather(finish_on_key=""),)


@pytest.mark.parametrize(
    ("inside", "verbs", "warning"),
    [
        ("<Dial>+32470000000</Dial><Hangup/>", (Hangup(),), "<Dial> is not performed here"),
        ("<Whistle/><Hangup/>", (Hangup(),), "<Whistle> is no verb"),
        ("<hangup/>", (), "<hangup> is no verb"),
        ('<Gather timeout="soon"/>', (Gather(),), 'Gather timeout="soon" must be a whole number'),
        ('<Gather timeout="-1"/>', (Gather(),), "timeout"),
        ('<Gather numDigits="0"/>', (Gather(),), "numDigits"),
        ('<Gather finishOnKey="##"/>', (Gather(),), "finishOnKey"),
        ('<Gather method="PUT"/>', (Gather(),), "method"),
        ('<Gather colour="red"/>', (Gather(),), "no attribute 'colour'"),
        ("<Gather><Hangup/></Gather>", (Gather(),), "may not stand in <Gather>"),
    ],
)
def test_what_cannot_be_performed_is_passed_over_with_a_warning(inside, verbs, warning):
    document = doc(inside)
    assert document.verbs == verbs
    assert [each for each in document.warnings if warning in each]


def test_what_changes_nothing_here_is_no_warning():
    document = doc('<Gather speechTimeout="auto" hints="een"><Say voice="alice">x</Say></Gather>')
    assert document.warnings == ()


def test_speech_markup_inside_a_say_is_read_as_its_words():
    assert doc("<Say>Kies <emphasis>nul</emphasis> tot <s>tien</s></Say>").verbs == (
        Say("Kies nul tot tien"),
    )


def test_only_speech_is_heard_as_no_keys():
    assert doc('<Gather input="speech"/>').verbs == (Gather(takes_keys=False),)
    assert doc('<Gather input="dtmf speech"/>').verbs == (Gather(takes_keys=True),)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<Response><Say>&d;</Say></Response>"""
EXTERNAL = b"""<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><Response><Say>&x;</Say></Response>"""
REMOTE = b"""<!DOCTYPE r SYSTEM "http://127.0.0.1:9/evil.dtd"><Response/>"""
PARAMETER = b"""<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><Response/>"""


@pytest.mark.parametrize(
    "body", [BOMB, EXTERNAL, REMOTE, PARAMETER], ids=["bomb", "file", "dtd", "parameter"]
)
def test_entities_and_document_types_are_refused_before_they_are_expanded(body):
    bad = refused(body)
    assert bad.code == NOT_XML
    assert "refused" in str(bad)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", NOT_XML),
        (b"hello", NOT_XML),
        (b"<Response>", NOT_XML),
        (b"<Response><Say>a & b</Say></Response>", NOT_XML),
        (b"\xff\xfe\x00", NOT_XML),
        (b'<?xml version="1.0" encoding="utf-7"?><Response/>', NOT_XML),
        (b'<?xml version="1.0" encoding="klingon"?><Response/>', NOT_XML),
        (b"<Reply/>", NO_RESPONSE),
        (b"<response/>", NO_RESPONSE),
        (b"<Response>" + b" " * MOST_BYTES + b"</Response>", TOO_LARGE),
        (b"<Response>" + b"<a>" * MOST_DEPTH + b"</a>" * MOST_DEPTH + b"</Response>", NOT_XML),
        (b"<Response>" + b"<Hangup/>" * MOST_ELEMENTS + b"</Response>", NOT_XML),
        (b"<Response " + b" ".join(b'a%d=""' % n for n in range(33)) + b"/>", NOT_XML),
    ],
)
def test_what_is_no_document_is_refused_with_the_platforms_number(body, code):
    assert refused(body).code == code


def test_ten_megabytes_are_refused_without_being_read():
    body = b"<Response>" + b"<Say>x</Say>" * 900_000 + b"</Response>"
    tracemalloc.start()
    try:
        assert refused(body).code == TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_the_most_nested_document_that_fits_costs_little():
    body = b"<Response>" + b"<a>" * 20_000
    tracemalloc.start()
    try:
        assert refused(body).code == NOT_XML
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_document_or_refused(body):
    with suppress(BadDocument):
        assert isinstance(read(body), Document)


@given(
    st.recursive(
        st.text(alphabet="abc &<>\"'é\n", max_size=8),
        lambda inner: st.tuples(st.sampled_from(["Say", "Gather", "Play", "Hangup", "b"]), inner),
        max_leaves=6,
    ),
    st.dictionaries(
        st.sampled_from(["timeout", "numDigits", "loop", "x"]),
        st.text("0123456789-#", max_size=3),
        max_size=3,
    ),
)
def test_any_well_formed_document_is_read(tree, attributes):
    given_ = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())

    def written(node) -> str:
        return escape(node) if isinstance(node, str) else f"<{node[0]}{given_}>{written(node[1])}</{node[0]}>"

    document = read(f"<Response>{written(tree)}</Response>".encode())
    assert all(each.loop >= 0 for each in document.verbs if isinstance(each, Say | Play))
