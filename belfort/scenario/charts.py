"""Small charts as inline SVG: the gauge with two needles, bars of truth and report, who got what when.

Colours are classes, so that the page decides them for dark and light; every mark has words beside it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from belfort.scenario.outcome import Beside, Event
from belfort.scenario.telling import quoted

WIDTH = 720
MOST_LANES = 12
MOST_COLUMNS = 60
ROW, LEFT, TOP = 34, 120, 26
BINS = 48
SIGNS: Mapping[str, str] = {
    "asked": "M0 -5 L5 0 L0 5 L-5 0 Z",
    "reported": "M-4 0 L-1 4 L5 -4",
    "wrote": "M-6 -5 H6 V3 H0 L-3 6 V3 H-6 Z",
    "heard": "M-4 0 A4 4 0 1 0 4 0 A4 4 0 1 0 -4 0",
}
"""One sign for each kind of event; what went wrong is a cross."""
CROSS = "M-4 -4 L4 4 M4 -4 L-4 4"


def svg(width: int, height: int, label: str, parts: Iterable[str]) -> str:
    """A drawing with a label for those who do not see it."""
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label, quote=True)}">'
        f"{''.join(parts)}</svg>"
    )


def gauge(true: Any, reported: Any) -> str:
    """−100 to +100 as half a circle, with a needle for the truth and one for the report."""
    arcs = [
        _arc(-100, 0, "arc low"), _arc(0, 50, "arc mid"), _arc(50, 100, "arc high"),
        _text(22, 112, "−100"), _text(198, 112, "+100"), _text(110, 12, "0"),
    ]  # fmt: skip
    same = true == reported
    needles = [_needle(true, "needle truth")] + ([] if same else [_needle(reported, "needle report")])
    words = f"truth {_score(true)}" + ("" if same else f", report {_score(reported)}")
    label = [_text(110, 134, words, "caption")]
    return svg(220, 142, f"Net Promoter Score: {words}", [*arcs, *needles, *label])


def _point(score: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - (score + 100) / 200)
    return 110 + radius * math.cos(angle), 104 - radius * math.sin(angle)


def _arc(first: float, last: float, kind: str) -> str:
    (x, y), (to_x, to_y) = _point(first, 82), _point(last, 82)
    return f'<path class="{kind}" d="M{x:.1f} {y:.1f} A82 82 0 0 1 {to_x:.1f} {to_y:.1f}"/>'


def _needle(score: Any, kind: str) -> str:
    if score is None or not -100 <= score <= 100:  # a foreign service may say anything
        return ""
    x, y = _point(score, 74)
    return f'<line class="{kind}" x1="110" y1="104" x2="{x:.1f}" y2="{y:.1f}"/>'


def _score(score: Any) -> str:
    return "none" if score is None else f"{score:+,}" if score else "0"


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(words)}</text>'


def bars(compared: Beside) -> str:
    """What became of all requests, once as it is and once as it was reported."""
    sides = [{name: pair[side] or 0 for name, pair in compared.figures.items()} for side in (1, 0)]
    most = max([1, *(_total(side) for side in sides)])
    parts: list[str] = []
    for row, (name, side) in enumerate(zip(("truth", "report"), sides, strict=True)):
        y, x = 8 + row * 44, 64.0
        parts.append(_text(56, y + 21, name, "caption", "end"))
        for kind, count in _pieces(side):
            width = (WIDTH - 80) * count / most
            if count > 0:
                parts.append(
                    f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="32" rx="3"/>'
                )
            if width > 16:
                parts.append(_text(x + width / 2, y + 21, f"{count:,}", f"inside {kind}-count"))
            x += max(width, 0)
    return svg(WIDTH, 96, f"{compared.title}: truth and report as bars", parts)


def _pieces(side: Mapping[str, int]) -> list[tuple[str, int]]:
    good = side.get("goodResponses", 0)
    passives = good - side.get("promoters", 0) - side.get("detractors", 0)
    silent = side.get("totalRequests", 0) - side.get("totalResponses", 0) - side.get("failed", 0)
    return [
        ("promoters", side.get("promoters", 0)), ("passives", passives),
        ("detractors", side.get("detractors", 0)), ("bad", side.get("badResponses", 0)),
        ("failed", side.get("failed", 0)), ("silent", silent),
    ]  # fmt: skip


def _total(side: Mapping[str, int]) -> int:
    return sum(max(count, 0) for _, count in _pieces(side))


def timeline(events: Sequence[Event]) -> str:
    """Few people: a lane for each, in the order of events. Many: how much happened when."""
    people = list(dict.fromkeys(event.who for event in events))
    if len(people) > MOST_LANES or len(events) > MOST_LANES * 6:
        return _crowd(events)
    moments = sorted({event.at for event in events})[:MOST_COLUMNS]
    step = (WIDTH - LEFT - 30) / max(len(moments) - 1, 1)
    at = {moment: LEFT + 10 + place * step for place, moment in enumerate(moments)}
    parts = [_moment(at[moment], moment, moments) for moment in _spread(moments)]
    for row, person in enumerate(people):
        y = TOP + ROW * row + 20
        parts.append(f'<line class="lane" x1="{LEFT}" y1="{y}" x2="{WIDTH - 10}" y2="{y}"/>')
        parts.append(_text(LEFT - 10, y + 4, person[-16:], "caption", "end"))
        parts += [_mark(at[each.at], y, each) for each in _visible(events, person) if each.at in at]
    return svg(WIDTH, TOP + ROW * len(people) + 12, "what happened to whom, in order", parts)


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {box} rx="2"/>'


def _class_of(what: str) -> str:
    return f"mark {what.replace(' ', '-')}"


def _visible(events: Sequence[Event], person: str) -> list[Event]:
    """One person's events; a reply that was heard as it was written needs no second sign."""
    mine = [event for event in events if event.who == person]
    wrote = {event.at for event in mine if event.what == "wrote"}
    return [event for event in mine if not (event.what == "heard" and event.at in wrote)]


def sign(what: str) -> str:
    """The sign of one kind of event, by itself."""
    drawn = f'<path class="{_class_of(what)}" transform="translate(8 8)" d="{SIGNS[what]}"/>'
    return f'<svg class="sign" viewBox="0 0 16 16" aria-hidden="true">{drawn}</svg>'


def _spread(moments: Sequence[str], most: int = 6) -> list[str]:
    step = max(1, math.ceil(len(moments) / most))
    return list(moments[::step])


def _moment(x: float, moment: str, moments: Sequence[str]) -> str:
    one_day = moments[0][:10] == moments[-1][:10]
    shown = moment[11:19] if one_day else moment[5:16].replace("T", " ")
    ends = {moments[0]: "start", moments[-1]: "end"}
    return _text(x, 14, shown, "tick", ends.get(moment, "middle"))


def _mark(x: float, y: float, event: Event) -> str:
    drawn = SIGNS.get(event.what)
    told = escape(f"{event.at[:19].replace('T', ' ')} {event.who}: {event.what} {event.detail}".strip())
    kind = _class_of(event.what) if drawn else "mark wrong"
    words = _words(x, y, event.detail) if event.what == "wrote" else ""
    return (
        f'<path class="{kind}" transform="translate({x:.1f} {y})" d="{drawn or CROSS}">'
        f"<title>{told}</title></path>{words}"
    )


def _words(x: float, y: float, text: str) -> str:
    """What was written, beside its sign: on its left where there is no room on its right."""
    shown = quoted(text, 18)
    return (
        _text(x - 12, y - 6, shown, "said", "end")
        if x > WIDTH / 2
        else _text(x + 12, y - 6, shown, "said", "start")
    )


def _crowd(events: Sequence[Event]) -> str:
    """How many events of each kind fall into each slice of the order in which they came."""
    size = max(1, math.ceil(len(events) / BINS))
    bins = [
        Counter(each.what for each in events[start : start + size]) for start in range(0, len(events), size)
    ]
    kinds = list(dict.fromkeys(each.what for each in events))
    width, parts = (WIDTH - LEFT - 10) / len(bins), []
    for row, kind in enumerate(kinds):
        y = TOP + ROW * row + 24
        parts.append(_text(LEFT - 10, y, kind, "caption", "end"))
        for place, counted in enumerate(bins):
            height = 26 * counted[kind] / size
            parts.append(_rect(LEFT + place * width, y - height, max(width - 1, 1), height, _class_of(kind)))
    ends = [_text(LEFT, 14, events[0].at[:16].replace("T", " "), "tick", "start")]
    ends.append(_text(WIDTH - 10, 14, events[-1].at[:16].replace("T", " "), "tick", "end"))
    return svg(WIDTH, TOP + ROW * len(kinds) + 8, "what happened, in order", [*ends, *parts])
