"""Documents of a call: well-formed whatever is asked, and the same to the official SDK."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import Gather, VoiceResponse

from service.wire.call_documents import _NO_XML, Phrase, asking, ending

ACTION = "http://127.0.0.1:8032/gateways/voice/tok/keys/1?reference=r&x=1"


def canonical(document: bytes | str) -> str:
    return ElementTree.canonicalize(document.decode() if isinstance(document, bytes) else document)


def say(document: bytes) -> list[tuple[str | None, str | None]]:
    return [(each.get("language"), each.text) for each in fromstring(document).iter("Say")]


def test_a_question_is_the_document_that_the_sdk_would_make():
    theirs = VoiceResponse()
    gather = Gather(input="dtmf", num_digits=2, finish_on_key="#", timeout=5, action=ACTION, method="POST")
    gather.say("Hoe <vond> u 't & waarom?", language="nl-BE")
    theirs.append(gather)
    theirs.hangup()
    ours = asking([Phrase("Hoe <vond> u 't & waarom?", "nl-BE")], action=ACTION, wait=5)
    assert canonical(ours) == canonical(theirs.to_xml())


def test_an_ending_says_something_or_nothing():
    assert canonical(ending()) == "<Response><Hangup></Hangup></Response>"
    assert say(ending(Phrase("Dank u", "nl"))) == [("nl-NL", "Dank u")]


@pytest.mark.parametrize(
    ("tag", "voice"),
    [
        ("nl-BE", "nl-BE"), ("nl", "nl-NL"), ("nl-SR", "nl-NL"), ("fr-BE", "fr-BE"), ("fr-LU", "fr-FR"),
        ("de-BE", "de-DE"), ("DE-at", "de-AT"), ("en-GB", "en-GB"), ("en-US", "en-US"), ("en", "en-GB"),
        ("nl-Latn-BE-x-formal", "nl-BE"), ("nl-x-vlaams", "nl-NL"), ("es-ES", "es-ES"), ("pt-br", "pt-BR"),
        ("tr", None), ("x-klingon", None), ("es-419", None),
    ],
)  # fmt: skip
def test_a_language_is_said_by_a_voice_that_there_is(tag, voice):
    assert say(ending(Phrase("…", tag))) == [(voice, "…")]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60), max_size=3))
def test_every_text_that_xml_can_hold_is_said_as_it_is(texts):
    document = asking([Phrase(text, "nl-BE") for text in texts], action=ACTION, wait=5)
    said = [text or "" for _, text in say(document)]
    assert said == [_NO_XML.sub(" ", text) for text in texts]
    assert all(text == kept for text, kept in zip(texts, said, strict=True) if text.isprintable())


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\ufffe", "\uffff", "\x0b"])
def test_what_no_document_may_hold_is_left_out(character):
    ((_, said),) = say(ending(Phrase(f"a{character}b", "nl")))
    assert said == "a b"


def test_no_text_can_add_a_verb():
    document = ending(Phrase("</Say><Dial>+32900123456</Dial><Say>&#60;Dial&#62;", "nl"))
    assert [each.tag for each in fromstring(document).iter()] == ["Response", "Say", "Hangup"]
