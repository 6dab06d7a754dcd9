"""The end of a run: let everything that is under way come to its end, then lay each report beside the
truth.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from harness import BASE, CONTROL, URL, bearer, call

FIGURES = (
    ("responseStatistics", ("totalRequests", "totalResponses", "goodResponses", "badResponses", "failed")),
    ("nps", ("promoters", "detractors", "score")),
)


class Book:
    """What was accepted in this run: request ids by survey and segment. Workers send their rows to the
    master.
    """

    def __init__(self) -> None:
        self.accepted: dict[tuple[int, str], list[str]] = defaultdict(list)
        self.fresh: list[tuple[int, str, str]] = []

    def note(self, survey: int, segment: str, request: str) -> None:
        self.fresh.append((survey, segment, request))

    def hand_over(self) -> list[tuple[int, str, str]]:
        """The rows since the last hand-over."""
        rows, self.fresh = self.fresh, []
        return rows

    def take(self, rows: list[tuple[int, str, str]]) -> None:
        for survey, segment, request in rows:
            self.accepted[survey, segment].append(request)


def reconcile(book: Book) -> list[str]:
    """A sentence for each figure that differs; an empty list is the green verdict."""
    book.take(book.hand_over())
    if not book.accepted:
        return ["nothing was accepted, so nothing was proved"]
    call(f"{CONTROL}/control/v1/clock/drain", method="POST", body={})
    token = bearer()
    surveys = sorted({survey for survey, _ in book.accepted})
    scopes: list[tuple[int, str | None]] = [(survey, None) for survey in surveys]
    scopes += sorted(book.accepted)
    return [line for survey, segment in scopes for line in _compare(book, survey, segment, token)]


def _compare(book: Book, survey: int, segment: str | None, token: dict[str, str]) -> list[str]:
    requests = [
        request
        for (of_survey, of_segment), ids in book.accepted.items()
        if of_survey == survey and segment in (None, of_segment)
        for request in ids
    ]
    query = f"?segments={segment}" if segment else ""
    report = call(f"{URL}{BASE}/surveys/{survey}/report{query}", headers=token)
    truth = call(f"{CONTROL}/control/v1/truth", method="POST", body={"references": requests})["report"]
    truth["responseStatistics"]["totalRequests"] = len(requests)
    return list(_differences(f"survey {survey}{query}", report, truth))


def _differences(title: str, report: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    return [
        f"{title}: {name} report {report[block][name]}, truth {truth[block][name]}"
        for block, names in FIGURES
        for name in names
        if report[block][name] != truth[block][name]
    ]
