"""Bad bodies and the exact places of their faults; good ones and what is read from them."""

import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.accept import SendItem
from service.domain.request import Channel
from service.store.surveys import Draft
from service.web import forms
from service.web.problems import Faults

GOOD = {"body": "How likely?", "language": "en-GB"}
SMS = {"channel": "SMS", "destination": "+32472306705"}


def places(form: Any, value: Any) -> list[str | None]:
    faults = Faults()
    form(value, faults)
    return [fault.pointer for fault in faults.found]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, [""]),
        ([], [""]),
        ("text", [""]),
        ({}, ["/name", "/interactionType", "/questions"]),
        ({"name": None, "interactionType": "x", "questions": [GOOD]}, ["/name"]),
        ({"name": " \t\u3000", "interactionType": 5, "questions": [GOOD]}, ["/name", "/interactionType"]),
        ({"name": "x" * 256, "interactionType": "x" * 255, "questions": [GOOD]}, ["/name"]),
        ({"name": "\U0001f600" * 255, "interactionType": "x", "questions": [GOOD]}, []),
        ({"name": " " * 300 + "x", "interactionType": "x", "questions": [GOOD]}, []),
        ({"name": "x", "interactionType": "x", "questions": []}, ["/questions"]),
        ({"name": "x", "interactionType": "x", "questions": GOOD}, ["/questions"]),
        (
            {"name": "x", "interactionType": "x", "questions": [None, GOOD, 3]},
            ["/questions/0", "/questions/2"],
        ),
        (
            {"name": "x", "interactionType": "x", "questions": [{}]},
            ["/questions/0/body", "/questions/0/language"],
        ),
        (
            {"name": "x", "interactionType": "x", "questions": [{**GOOD, "body": "x" * 1001}]},
            ["/questions/0/body"],
        ),
        (
            {"name": "x", "interactionType": "x", "questions": [{**GOOD, "id": 1}], "a/b~c": None},
            ["/a~1b~0c", "/questions/0/id"],
        ),
    ],
)
def test_every_fault_of_a_survey_is_told_with_its_place(value: Any, expected: list[str]) -> None:
    assert expected == places(forms.survey, value)


@pytest.mark.parametrize("tag", ["", "e", "en_GB", "en-", "-en", "en-GB-", "ünï", "en GB", "abcdefghi", "12"])
def test_a_malformed_language_is_a_fault(tag: str) -> None:
    assert places(forms.question, {"body": "x", "language": tag}) == ["/language"]


@pytest.mark.parametrize(
    "tag", ["FR", "en-GB", "nl-BE-x-formal", " en-GB ", "zh-Hant-TW", "x-tone", "sr-Latn"]
)
def test_a_language_is_taken_as_given_but_trimmed(tag: str) -> None:
    assert Draft(language=tag.strip(), body="x") == forms.question({"body": " x ", "language": tag}, Faults())


def test_what_is_too_long_for_a_language_is_not_remembered() -> None:
    tracemalloc.start()
    for number in range(20):
        assert places(forms.question, {"body": "x", "language": f"{number}-" * 1_000}) == ["/language"]
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 20_000


def test_languages_repeat_without_regard_to_case() -> None:
    drafts = [Draft("en-GB", "a"), Draft("nl", "b"), Draft("EN-gb", "c")]
    assert forms.repeated_language(drafts) == 2
    assert forms.repeated_language(drafts[:2]) is None


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (SMS, []),
        ({**SMS, "language": None, "segments": None, "referenceId": None}, []),
        ({}, ["/channel", "/destination"]),
        (None, [""]),
        ({**SMS, "channel": "sms"}, ["/channel"]),
        ({**SMS, "channel": "PIGEON"}, ["/channel"]),
        ({**SMS, "channel": ["SMS"]}, ["/channel"]),
        ({**SMS, "channel": None}, ["/channel"]),
        ({**SMS, "destination": "  "}, ["/destination"]),
        ({**SMS, "destination": 32472306705}, ["/destination"]),
        ({**SMS, "language": "english please"}, ["/language"]),
        ({**SMS, "segments": "male"}, ["/segments"]),
        ({**SMS, "segments": []}, []),
        ({**SMS, "segments": ["a,b", "", "x" * 65, 5, None, "ok", " " + "x" * 64]},
         ["/segments/0", "/segments/1", "/segments/2", "/segments/3", "/segments/4"]),
        ({**SMS, "segments": ["t"] * 20}, []),
        ({**SMS, "segments": [f"t{i}" for i in range(21)]}, ["/segments"]),
        ({**SMS, "referenceId": ""}, ["/referenceId"]),
        ({**SMS, "referenceId": "x" * 256}, ["/referenceId"]),
        ({**SMS, "referenceId": 7}, ["/referenceId"]),
        ({**SMS, "reference": "x", "segment": []}, ["/reference", "/segment"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_request_is_told_with_its_place(request_: Any, expected: list[str]) -> None:
    value = {"requests": [SMS, request_]}
    assert [f"/requests/1{place}" for place in expected] == places(forms.order, value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, ["/requests"]),
        ({"requests": None}, ["/requests"]),
        ({"requests": []}, ["/requests"]),
        ({"requests": {}}, ["/requests"]),
        ({"requests": [SMS] * 1000}, []),
        ({"requests": [SMS] * 1001}, ["/requests"]),
        ({"request": [SMS]}, ["/request", "/requests"]),
    ],
)
def test_an_order_has_1_to_1000_requests(value: Any, expected: list[str]) -> None:
    assert expected == places(forms.order, value)


def test_a_request_is_read_trimmed() -> None:
    value = {**SMS, "destination": " +32472306705 ", "segments": [" male", "male"], "referenceId": " r "}
    (asked,) = forms.order({"requests": [value]}, Faults())
    assert SendItem(Channel.SMS, "+32472306705", None, ("male", "male")) == asked.item
    assert asked.reference == "r"


def test_a_near_miss_gets_a_suggestion() -> None:
    faults = Faults()
    forms.order({"requests": [{**SMS, "refrenceId": "x"}]}, faults)
    assert faults.found[0].detail == "There is no such member; did you mean referenceId?"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["name", "interactionType", "questions", "body", "language", "requests", "channel",
                         "destination", "segments", "referenceId"]) | st.text(max_size=4),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_no_value_makes_a_form_raise(value: Any) -> None:
    for form in (forms.survey, forms.question, forms.order):
        assert all(place is not None for place in places(form, value))
