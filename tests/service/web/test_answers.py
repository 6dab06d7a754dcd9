"""What callers get back, member by member."""

import json
from datetime import date
from uuid import UUID

from service.accept import Accepted, Decision, Reason, Rejected
from service.clock import Moment
from service.domain.nps import Split
from service.domain.request import Channel
from service.domain.segments import SegmentMode
from service.report import Details, Figures, Findings
from service.web import answers, moments
from service.web.queries import ReportQuery

SCORES = (1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 4)
FIGURES = Figures(
    requests=10, failed=1, bad=1, split=Split.of(SCORES), scores=SCORES, bad_by_verdict={"empty": 1}
)
NOW = Moment(1_581_090_882_179)
PERIOD = {"start": moments.read("2019-11-01T12:12:15.982+01:00", end=False), "end": None}


def query(*, details: bool = False) -> ReportQuery:
    return ReportQuery(
        **PERIOD, channel=Channel.SMS, segments=("b", "a"), mode=SegmentMode.ANY, details=details
    )


def test_a_report_is_written_in_the_documented_members() -> None:
    assert answers.report(query(), Findings(FIGURES, None), NOW) == {
        "date": "2020-02-07T16:54:42.179",
        "from": "2019-11-01T12:12:15.982",
        "to": "2020-02-07T16:54:42.179",
        "segments": ["b", "a"],
        "segmentMode": "ANY",
        "nps": {"promoters": 4, "detractors": 1, "score": 43},
        "responseStatistics": {
            "totalRequests": 10,
            "totalResponses": 8,
            "goodResponses": 7,
            "badResponses": 1,
            "failed": 1,
        },
    }


def test_details_show_every_score_and_every_kind_of_bad_response() -> None:
    parts = Details({"SMS": FIGURES}, {"en-GB": FIGURES}, {date(2020, 2, 7): FIGURES})
    report = answers.report(query(details=True), Findings(FIGURES, None, parts), NOW)
    details = report["details"]
    part = {"nps": report["nps"], "responseStatistics": report["responseStatistics"]}
    assert (details["passives"], details["responseRate"]) == (2, 0.8)
    assert list(details["scores"].values()) == list(SCORES)
    assert {name: count for name, count in details["badResponses"].items() if count} == {"empty": 1}
    assert len(details["badResponses"]) == 7
    assert details["byDay"] == {"2020-02-07": part}
    low, high = FIGURES.split.interval() or (0, 0)
    assert details["confidenceInterval"] == {"level": 95, "low": low, "high": high}


def test_a_receipt_counts_and_keeps_the_order() -> None:
    decisions: list[Decision] = [
        Accepted(UUID(int=1)),
        Rejected(Reason.CONTACTED_RECENTLY, Moment(1_795_424_400_000)),
        Rejected(Reason.OPTED_OUT),
    ]
    assert json.loads(answers.receipt(decisions, ["\"a\"", None, "c"])) == {
        "accepted": 1,
        "rejected": 2,
        "requests": [
            {"id": str(UUID(int=1)), "referenceId": '"a"', "status": "ACCEPTED"},
            {"referenceId": None, "status": "REJECTED", "reason": "CONTACTED_RECENTLY",
             "retryAfter": "2026-11-23T10:00:00.000"},
            {"referenceId": "c", "status": "REJECTED", "reason": "OPTED_OUT"},
        ],
    }  # fmt: skip
