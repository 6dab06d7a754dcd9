"""What the story cannot tell: the members of a report, and that another account sees nothing."""

from __future__ import annotations

import pytest

from scenarios.programs import call

PROMOTER, DETRACTOR, SILENT, GARBAGE = "+32450000910", "+32450000210", "+32450030010", "+32450020110"
DOCUMENTED = {
    "date": str,
    "from": str,
    "to": str,
    "segments": list,
    "segmentMode": str,
    "nps": {"promoters", "detractors", "score"},
    "responseStatistics": {"totalRequests", "totalResponses", "goodResponses", "badResponses", "failed"},
}


@pytest.fixture(scope="module")
def asked(harness):
    """The survey's id, after four people were asked and a day went by."""
    base, token = f"{harness.card['service']}/survey/1.0.0", harness.card["token"]
    survey = call(
        "POST",
        f"{base}/surveys",
        {
            "name": "waffles",
            "interactionType": "general",
            "questions": [
                {"body": "On a scale from 0-10, would you recommend our waffles?", "language": "en-GB"}
            ],
        },
        token=token,
    ).body["id"]
    people = [{"channel": "SMS", "destination": to} for to in (PROMOTER, DETRACTOR, SILENT, GARBAGE)]
    sent = call("POST", f"{base}/surveys/{survey}/send", {"requests": people}, token=token)
    assert (sent.status, sent.body["accepted"]) == (202, 4)
    call("POST", f"{harness.card['control']}/control/v1/clock/advance", {"by": "1d"})
    return survey


def test_the_report_has_the_documented_members_and_no_others(harness, asked):
    report = call("GET", f"{harness.card['service']}/survey/1.0.0/report", token=harness.card["token"]).body
    assert set(report) == set(DOCUMENTED)
    assert set(report["nps"]) == DOCUMENTED["nps"]
    assert set(report["responseStatistics"]) == DOCUMENTED["responseStatistics"]


def test_another_account_sees_nothing_of_it(harness, asked):
    other = harness.card["accounts"][1]["token"]
    base = f"{harness.card['service']}/survey/1.0.0"
    assert call("GET", f"{base}/surveys/{asked}/report", token=other).status == 404
    assert call("DELETE", f"{base}/surveys/{asked}", token=other).status == 404
    assert call("GET", f"{base}/surveys", token=other).body == []
    assert call("GET", f"{base}/report", token=other).body["responseStatistics"]["totalRequests"] == 0
