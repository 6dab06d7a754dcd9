"""One page about a run: it opens from disk, asks nothing of any network, and needs no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from charts import Series, lines, minutes
from gauges import Gauges
from thresholds import Judged, Row
from timeline import Flows, Timeline, every_second, flow_series, span
from verdict import MOST_DIFFERENCES, WELL, Verdict

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
SHOWN = ("p50", "p95", "p99")
CAVEAT = (
    "Users of Locust wait for an answer before they call again. Where calls were offered and not made, the "
    "latency of those that were made looks better than a customer would find it."
)


def page(verdict: Verdict, timeline: Timeline, flows: Flows, gauges: Gauges, total: Any) -> str:
    """The whole page, the verdict first."""
    style = Path(__file__).with_name("page.css").read_text("utf-8")
    body = "\n".join(_parts(verdict, timeline, flows, gauges, total))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Belfort: {escape(verdict.word())}</title><style>\n{style}</style></head>\n"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def _parts(verdict: Verdict, timeline: Timeline, flows: Flows, gauges: Gauges, total: Any) -> Iterator[str]:
    yield _top(verdict, *_window(timeline, total))
    if verdict.differing or verdict.culprits:
        yield _wrong(verdict)
    if verdict.told:
        yield _stories(verdict)
    yield _thresholds(verdict)
    yield _charts(timeline, flows, gauges, total)
    if verdict.growth:
        yield _growth(verdict)
    for section, rows in verdict.rows.items():
        yield _rows(section, rows)
    if verdict.faults:
        yield _faults(verdict)
    yield f'<p class="soft">{CAVEAT}</p>'
    yield (
        '<p class="soft">Beside this page: <a href="locust.html">Locust’s own page</a>, '
        '<a href="locust_stats.csv">its figures as CSV</a>, <a href="locust_failures.csv">its failures</a>, '
        '<a href="junit.xml">JUnit XML</a>, <a href="verdict.json">all of this as JSON</a>.</p>'
    )


def _top(verdict: Verdict, first: int, last: int) -> str:
    tint = "good" if verdict.code == WELL else "bad"
    began = datetime.fromtimestamp(first, UTC)
    remarks = "".join(f"<p>{escape(remark)}</p>" for remark in verdict.remarks)
    return (
        f"<header><h1><span>Belfort</span> load {escape(verdict.shape)}</h1>"
        f'<p class="verdict {tint}">{escape(verdict.word())}: exit {verdict.code}</p>'
        f'<p class="soft">{began:%Y-%m-%d %H:%M:%S} UTC, {minutes(last - first)} min · '
        f"{escape(verdict.summary())}</p>{remarks}</header>"
    )


def _wrong(verdict: Verdict) -> str:
    rows = "".join(
        f"<tr><td>{escape(str(each.scope))}</td><td>{escape(each.difference)}</td></tr>"
        for each in verdict.differing[:MOST_DIFFERENCES]
    )
    culprits = "".join(
        f'<p class="culprit"><b>{escape(each.who)}</b> {escape(each.what)}<br>'
        f'<span class="soft">{escape(each.where)}</span></p>'
        for each in verdict.culprits
    )
    return (
        f"<h2>Who is behind it</h2>{culprits or '<p>Nobody could be singled out.</p>'}"
        f'<h2>Reports that differ from the truth</h2><div class="wide"><table class="words">'
        f"<tr><th>report on</th><th>says</th></tr>{rows}</table></div>{_left(len(verdict.differing))}"
    )


def _stories(verdict: Verdict) -> str:
    """What the oracle said of stories that ended with a wrong answer."""
    told = "".join(f'<p class="culprit">{escape(each)}</p>' for each in verdict.told[:MOST_DIFFERENCES])
    return f"<h2>Stories with a wrong answer</h2>{told}{_left(len(verdict.told))}"


def _left(count: int) -> str:
    more = count - MOST_DIFFERENCES
    return f'<p class="soft">and {more:,} more</p>' if more > 0 else ""


def _thresholds(verdict: Verdict) -> str:
    rows = "".join(_threshold(each) for each in sorted(verdict.judged, key=lambda each: each.kept))
    return (
        '<h2>Thresholds</h2><div class="wide"><table class="words"><tr><th></th><th>what</th><th>limit</th>'
        f"<th>seen</th></tr>{rows}</table></div>"
    )


def _threshold(judged: Judged) -> str:
    tint, word = ("good", "kept") if judged.kept else ("bad", "crossed")
    return (
        f'<tr><td class="{tint}">{word}</td><td>{escape(f"{judged.threshold.section} {judged.name}")}</td>'
        f"<td>{escape(judged.threshold.written)}</td><td>{escape(judged.told())}</td></tr>"
    )


def _gauges(gauges: Gauges) -> Iterator[tuple[str, dict[str, Series], str]]:
    memory = {
        name.partition(".")[2]: points for name, points in gauges.series.items() if name.startswith("memory.")
    }
    yield "Memory", memory, " MB"
    yield "Requests waiting to be handed over", {n: p for n, p in gauges.series.items() if n == "queue"}, ""


def _growth(verdict: Verdict) -> str:
    told = "".join(f"<li>{escape(each)}</li>" for each in verdict.grown())
    return f"<h2>From the first third of the run to its last</h2><ul>{told}</ul>"


def _window(timeline: Timeline, total: Any) -> tuple[int, int]:
    """First and last second that the page shows: users may be at work long before their first call ends."""
    samples = (each.second for each in timeline.samples if each.second >= int(total.start_time))
    seconds = [*span(total), *samples]
    return min(seconds), max(seconds)


def _charts(timeline: Timeline, flows: Flows, gauges: Gauges, total: Any) -> str:
    first, last = _window(timeline, total)
    called = every_second(total.num_reqs_per_sec, first, last)
    failed = every_second(total.num_fail_per_sec, first, last)
    latency: dict[str, Series] = {name: timeline.series(name) for name in SHOWN}
    flowing: dict[str, Series] = {
        name: list(flow_series(seconds)) for name, seconds in sorted(flows.seconds.items())
    }
    charts = (
        ("Calls a second", {"calls": called, "failures": failed}, ""),
        ("Latency of calls", latency, " ms"),
        ("Flows, p95", flowing, " ms"),
        ("Users", {"users": timeline.users()}, ""),
        *_gauges(gauges),
    )
    drawn = (lines(title, series, unit, first, last) for title, series, unit in charts)
    return f'<h2>Over time</h2><div class="charts">{"".join(drawn)}</div>'


def _rows(section: str, rows: Mapping[str, Row]) -> str:
    heads = "".join(
        f"<th>{name}</th>" for name in ("count", "a second", *SHOWN, "max", "failures", "expected")
    )
    lines_ = "".join(_row(name, row) for name, row in sorted(rows.items()))
    return (
        f'<h2>{escape(section.capitalize())}</h2><div class="wide"><table><tr><th>name</th>{heads}</tr>'
        f"{lines_}</table></div>"
    )


def _row(name: str, row: Row) -> str:
    times = "".join(f"<td>{_time(row.times.get(part))}</td>" for part in (*SHOWN, "max"))
    tint = ' class="bad"' if row.failures else ""
    return (
        f"<tr><td>{escape(name)}</td><td>{row.count:,}</td><td>{row.rate:,.1f}</td>{times}"
        f"<td{tint}>{row.failures:,}</td><td>{row.expected:,}</td></tr>"
    )


def _time(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds:,.0f} ms"


def _faults(verdict: Verdict) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.name)}</td><td>{escape(each.where)}</td><td>{each.hits:,}</td></tr>"
        for each in verdict.faults
    )
    return (
        f"<h2>Injected faults</h2><p>{verdict.expected:,} expected failures, {verdict.other:,} other.</p>"
        f'<div class="wide"><table><tr><th>fault</th><th>where</th><th>hits</th></tr>{rows}</table></div>'
    )
