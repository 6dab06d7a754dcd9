"""The page about a run, with everything that can stand on it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest
from culprits import Culprit
from gauges import Gauges, Growth
from page import page
from thresholds import Judged, Row, Threshold
from timeline import Flows, Timeline
from truth import Compared, Figures, Scope
from verdict import Fault, Verdict

from tests.loadtests.browser import contrast, drawn, opened

HOSTILE = "<script>alert(1)</script><img src=http://192.0.2.1/>\"'&" + "0123456789" * 12
BEGAN = 1_900_000_000
SECONDS = range(BEGAN, BEGAN + 90)


def everything() -> Verdict:
    """A run in which all went wrong that can."""
    row = Row(1_234_567, 3, 45.6, {"p50": 1.0, "p95": 20.0, "p99": 300.0, "max": 4000.0}, 5)
    lost = Threshold("truth", "lost", "", "==", 0, "== 0")
    figures = [Figures.of_fates(fates) for fates in (("promoters", "bad"), ("detractors", "bad"))]
    return Verdict(
        accepted=7, due=10, made=8, shape="smoke", remarks=[HOSTILE], told=[HOSTILE] * 30,
        rows={"requests": {HOSTILE: row}, "flows": {"sent→delivered": row}},
        judged=[Judged(lost, HOSTILE, 3), Judged(lost, "lost", 0)],
        differing=[Compared(Scope(1, (HOSTILE,)), *figures)] * 30,
        culprits=[Culprit("01a21bbf", 1, "+32470000000", (HOSTILE,), "7", "a passive", "a detractor")],
        faults=[Fault(HOSTILE, "sms.submit", 3)], growth={"queue": Growth(1, 2)},
    )  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    flows, timeline, gauges = Flows(), Timeline(), Gauges()
    for second in SECONDS:
        flows.add("sent→delivered", second * 1000, 50 + second % 7)
        timeline.sample(second, 20, {30: second, 40 + second % 5: second})
        gauges.series.setdefault("memory.service", []).append((second, 100 + second % 3))
        gauges.series.setdefault("queue", []).append((second, second % 11))
    counts = {second: 100 + second % 13 for second in SECONDS[-30:]}  # the first call took long
    total = SimpleNamespace(
        num_reqs_per_sec=counts,
        num_fail_per_sec={},
        start_time=SECONDS[0],
        last_request_timestamp=SECONDS[-1],
    )
    (tmp_path / "index.html").write_text(page(everything(), timeline, flows, gauges, total))
    return tmp_path / "index.html"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_everything_on_the_page_can_be_read_and_nothing_of_it_acts(
    file: Path, scheme: Literal["light", "dark"], width: int
):
    with opened(file, scheme=scheme, width=width) as seen:
        assert drawn(seen) == {
            "Calls a second", "Latency of calls", "Flows, p95", "Users", "Memory",
            "Requests waiting to be handed over",
        }  # fmt: skip
        assert seen.locator("script, img").count() == 0
        assert "1:29 min" in seen.locator("header").inner_text()
        assert seen.evaluate("document.documentElement.scrollWidth") == width
        for text in (".verdict", ".soft", ".culprit", "td.good", "td.bad", "figcaption", ".legend span"):
            assert contrast(seen.locator(text).first) >= 4.5, text
        ground = seen.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(24, 22, 19)") == (scheme == "dark")
