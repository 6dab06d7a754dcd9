"""How calls are shown and told of, member by member; the SDK's reading of dates is the witness."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from defusedxml import ElementTree
from twilio.base.deserialize import rfc2822_datetime

from simulator.wire import calls_shape as shape
from simulator.wire.calls_dialect import RESTCOMM, TWILIO, Refused
from simulator.wire.calls_order import CallOrder

AT = 1_795_711_596_365
ORDER = CallOrder("AC1", "+32470000000", "+3228889999", TWILIO, None, "<Response/>")


@dataclass(frozen=True)
class Shown:
    sid: str = "CA1"
    order: CallOrder = ORDER
    status: str = "completed"
    created: int = AT
    updated: int = AT + 9_000
    rang: int | None = AT + 500
    answered: int | None = AT + 4_000
    ended: int | None = AT + 9_000
    duration: int | None = 5
    answered_by: str | None = None


CALL = Shown()
OLD = replace(CALL, order=replace(CALL.order, dialect=RESTCOMM))


def test_dates_are_what_the_sdk_reads():
    assert rfc2822_datetime(shape.date(AT)) == datetime(2026, 11, 26, 16, 46, 36, tzinfo=UTC)
    assert shape.date(None) is None


def test_a_call_is_shown_with_the_members_of_the_resource():
    shown = json.loads(shape.as_json(shape.call(CALL)))
    assert (shown["sid"], shown["duration"], shown["direction"]) == ("CA1", "5", "outbound-api")
    assert shown["uri"] == "/2010-04-01/Accounts/AC1/Calls/CA1.json"
    assert shown["end_time"] == shape.date(AT + 9_000)


@pytest.mark.parametrize(
    ("status", "dialect", "word"),
    [
        ("initiated", TWILIO, "queued"),
        ("no-answer", TWILIO, "no-answer"),
        ("no-answer", RESTCOMM, "NO_ANSWER"),
        ("ringing", RESTCOMM, "RINGING"),
        ("in-progress", RESTCOMM, "in-progress"),
        ("completed", RESTCOMM, "completed"),
    ],
)
def test_each_dialect_has_its_words_for_a_status(status, dialect, word):
    assert shape.status_word(status, dialect) == word


def test_pages_lead_to_each_other():
    first = shape.page([CALL], path="/x", query={"Status": "busy"}, number=0, size=1, more=True)
    last = shape.page([CALL], path="/x", query={}, number=1, size=1, more=False)
    assert first["next_page_uri"] == "/x?Status=busy&PageSize=1&Page=1"
    assert (first["previous_page_uri"], last["previous_page_uri"]) == (None, "/x?PageSize=1&Page=0")
    assert last["next_page_uri"] is None


def test_xml_is_xml_whatever_a_value_holds():
    odd = replace(OLD, order=replace(OLD.order, sender='<&>"\x00'[:4]))
    tree = ElementTree.fromstring(shape.as_xml(shape.call(odd), "Call"))
    assert tree.findtext("Call/Sid") == "CA1"
    assert tree.findtext("Call/From") == '<&>"'
    assert tree.findtext("Call/SubresourceUris/Recordings")
    listed = ElementTree.fromstring(shape.as_xml({"calls": [{"sid": "CA1"}, {"sid": "CA2"}]}, "Calls"))
    assert [each.text for each in listed.iter("Sid")] == ["CA1", "CA2"]


def test_errors_have_what_the_sdks_raise():
    told = shape.error(Refused(404, 20404, "not found"))
    assert (told["code"], told["status"], told["message"]) == (20404, 404, "not found")


def test_progress_says_how_far_it_is_and_in_the_end_how_long_it_was():
    ringing = replace(CALL, status="ringing", answered=None, ended=None, duration=None)
    told = shape.progress(ringing, "ringing", sequence=1, now=AT)
    assert (told["CallStatus"], told["SequenceNumber"]) == ("ringing", "1")
    assert "CallDuration" not in told
    assert "CallerName" not in told
    told = shape.progress(CALL, "completed", sequence=3, now=AT)
    assert (told["CallStatus"], told["CallDuration"], told["Duration"]) == ("completed", "5", "1")


def test_the_old_dialect_names_the_event_and_sends_a_word_for_nothing():
    told = shape.progress(replace(OLD, status="busy"), "completed", sequence=1, now=AT)
    assert (told["CallStatus"], told["SequenceNumber"], told["CallerName"]) == ("completed", "3", "null")
