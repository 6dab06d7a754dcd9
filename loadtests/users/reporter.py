"""Those who look at reports while they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness import BASE
from locust import tag, task

from users.company import SEGMENTS, Colleague


class Reporter(Colleague):
    """Reads the account's report, whole and by segments, and holds its members against each other."""

    weight = 1
    rate = 5

    @tag("report")
    @task(3)
    def whole(self) -> None:
        self._read("", "GET /report")

    @tag("report")
    @task(1)
    def by_segments(self) -> None:
        self._read(f"?segmentMode=ANY&segments={','.join(SEGMENTS[:2])}", "GET /report (segments)")

    def _read(self, query: str, name: str) -> None:
        with self.client.get(
            f"{BASE}/report{query}", headers=self.headers, name=name, catch_response=True
        ) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}: {(answer.text or '')[:200]}")
            elif not agrees_with_itself(answer.json()):
                answer.failure("the report's members contradict each other")


def agrees_with_itself(report: Mapping[str, Any]) -> bool:
    """Whether the members of a report can all be true at once."""
    statistics, nps = report["responseStatistics"], report["nps"]
    return bool(
        statistics["totalResponses"] == statistics["goodResponses"] + statistics["badResponses"]
        and nps["promoters"] + nps["detractors"] <= statistics["goodResponses"]
        and statistics["totalResponses"] <= statistics["totalRequests"]
    )
