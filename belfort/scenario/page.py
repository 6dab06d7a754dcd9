"""One page about a run of scenarios: it opens from disk, asks nothing of any network, and needs no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from belfort.scenario.charts import SIGNS, bars, gauge, sign, timeline
from belfort.scenario.outcome import Beside, Blamed, Event, Outcome, Verdict
from belfort.scenario.telling import UNHEARD, WORDS, quoted

MOST_EVENTS = 120
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
BADGES = {
    Verdict.PASSED: ("passed", "passed"),
    Verdict.FAILED: ("failed-badge", "failed"),
    Verdict.WRONG: ("wrong-answer", "wrong answer"),
    Verdict.TROUBLE: ("trouble", "trouble"),
    Verdict.SKIPPED: ("skipped", "left out"),
}
TINTS = {
    "promoters": "good",
    "passives": "middle",
    "detractors": "bad",
    "bad, eliminated": "eliminated",
    "not delivered": "failed",
    "no answer": "silent",
}
FINE = frozenset({Verdict.PASSED, Verdict.SKIPPED})


def page(outcomes: Sequence[Outcome]) -> str:
    """The whole page; what went wrong stands first and is open."""
    ordered = sorted(outcomes, key=lambda each: each.verdict in FINE)
    style = files("belfort.scenario").joinpath("page.css").read_text("utf-8")
    body = "\n".join(
        [_top(outcomes), _overview(ordered), *(_story(each, place) for place, each in enumerate(ordered))]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Belfort: scenarios</title><style>\n{style}</style></head>\n"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def _top(outcomes: Sequence[Outcome]) -> str:
    counts = Counter(BADGES[each.verdict] for each in outcomes)
    told = ", ".join(
        f'<span class="badge {kind}">{count} {word}</span>' for (kind, word), count in counts.items()
    )
    compared = sum(len(each.compared) for each in outcomes)
    return (
        "<header><h1><span>Belfort</span> scenarios</h1>"
        f'<p class="verdict">{told or "nothing ran"}</p>'
        f'<p class="soft">{sum(each.asked for each in outcomes):,} surveys were sent, '
        f"{compared:,} reports were compared with the truth.</p></header>"
    )


def _overview(outcomes: Iterable[Outcome]) -> str:
    rows = "".join(
        f'<li>{_badge(each)}<a href="#s{place}">{escape(each.title)}</a>'
        f'<span class="soft">{each.seconds:.1f} s</span></li>'
        for place, each in enumerate(outcomes)
    )
    return f'<ul class="overview">{rows}</ul>'


def _badge(outcome: Outcome) -> str:
    kind, word = BADGES[outcome.verdict]
    return f'<span class="badge {kind}">{word}</span>'


def _story(outcome: Outcome, place: int) -> str:
    opened = "" if outcome.verdict in FINE else " open"
    return (
        f'<article id="s{place}"><details{opened}><summary>{_badge(outcome)} <h2>{escape(outcome.title)}</h2>'
        f'<p>{escape(outcome.story)}</p></summary><div class="inner">{"".join(_parts(outcome))}</div>'
        "</details></article>"
    )


def _parts(outcome: Outcome) -> Iterator[str]:
    yield (
        f'<p class="soft">{escape(outcome.node)} · seed {outcome.seed} · lane {outcome.lane:02} · '
        f"{outcome.asked:,} surveys sent · {len(outcome.compared):,} reports compared"
        f"{f', {outcome.uncompared:,} more were not' if outcome.uncompared else ''}</p>"
    )
    if outcome.reason:
        yield f"<pre>{escape(outcome.reason)}</pre>"
    if outcome.steps:
        yield _steps(outcome)
    if outcome.blamed or outcome.unheard:
        yield _culprits(outcome)
    if outcome.compared:
        yield _figures(outcome)
    if outcome.events:
        yield _events(outcome.events)
    if outcome.verdict is not Verdict.SKIPPED:
        yield f"<h3>Play it again</h3><pre>{escape(chr(10).join(outcome.reproduce()))}</pre>"


def _steps(outcome: Outcome) -> str:
    played = "".join(
        f'<li class="{"yes" if each.fine else "no"}">{escape(each.sentence)} '
        f'<span class="saw">{"" if each.fine else "✗ "}{escape(each.saw)}</span> '
        f'<span class="where">line {each.line}, {escape(each.at[:16].replace("T", " "))}</span></li>'
        for each in outcome.steps
    )
    left = "".join(f'<li class="left">{escape(sentence)} (not reached)</li>' for sentence in outcome.left)
    return f'<h3>What was done</h3><ol class="steps">{played}{left}</ol>'


def _culprits(outcome: Outcome) -> str:
    unheard = f"<p>{outcome.unheard:,} {UNHEARD}</p>" if outcome.unheard else ""
    return f"<h3>Who is behind it</h3>{''.join(map(_culprit, outcome.blamed))}{unheard}"


def _culprit(blamed: Blamed) -> str:
    wrote = ", then ".join(quoted(text) for text in blamed.wrote) or "nothing"
    hard = f", {blamed.phenomenon}," if blamed.phenomenon else ""
    return (
        f'<div class="culprit"><p><b>{escape(blamed.who)}</b> wrote {escape(wrote + hard)} and meant '
        f"{escape(blamed.meant)}.</p><p>Should count as <b>{escape(blamed.should)}</b>; was counted as "
        f"<b>{escape(blamed.counted)}</b>.</p>"
        f'<p class="where">request {escape(blamed.request)}</p></div>'
    )


def _figures(outcome: Outcome) -> str:
    shown = (outcome.differing or outcome.compared)[0]
    reported, true = shown.figures["score"]
    tints = (f'<span><i style="background:var(--{tint})"></i>{word}</span>' for word, tint in TINTS.items())
    return (
        f'<h3>Truth and report: {escape(shown.title)}</h3><div class="side">{gauge(true, reported)}'
        f'<div>{bars(shown)}<div class="legend">{"".join(tints)}</div></div></div>{_table(outcome.compared)}'
    )


def _table(compared: Sequence[Beside]) -> str:
    heads = "".join(f"<th>{word}</th>" for word in WORDS.values())
    rows = "".join(
        f"<tr><td>{escape(each.title)}</td>{''.join(_cell(*each.figures[name]) for name in WORDS)}</tr>"
        for each in sorted(compared, key=lambda each: each.agrees)
    )
    return (
        f"<details><summary>All {len(compared):,} reports</summary>"
        f'<div class="wide"><table><tr><th>report on</th>{heads}</tr>{rows}</table></div></details>'
    )


def _signs() -> str:
    """What the signs of the timeline stand for."""
    return f'<div class="legend">{"".join(f"<span>{sign(what)}{what}</span>" for what in SIGNS)}</div>'


def _cell(reported: object, true: object) -> str:
    told = "–" if reported is None else f"{reported}"
    if reported == true:
        return f"<td>{told}</td>"
    return f'<td class="off">{told}, not {"–" if true is None else true}</td>'


def _events(events: Sequence[Event]) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.at[:19].replace('T', ' '))}</td><td>{escape(each.who)}</td>"
        f"<td>{escape(each.what)}</td><td>{escape(quoted(each.detail)) if each.detail else ''}</td></tr>"
        for each in events[:MOST_EVENTS]
    )
    return (
        f"<h3>Messages</h3>{timeline(events)}{_signs()}"
        f"<details><summary>The first {min(len(events), MOST_EVENTS)} events</summary>"
        f'<div class="wide"><table>{rows}</table></div></details>'
    )
