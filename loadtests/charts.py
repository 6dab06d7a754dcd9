"""Lines over time as inline SVG. Colours are classes, so that the page decides them for dark and light."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 500, 170
LEFT, RIGHT, TOP, BOTTOM = 66, 12, 12, 24
MOST_POINTS = 360
TICKS = 5

Series = Sequence[tuple[int, float]]
"""Second of the run and value."""


def lines(label: str, series: Mapping[str, Series], unit: str, first: int, last: int) -> str:
    """One chart with a line for each of `series`, from second `first` to `last` of the wall clock, and the
    legend under it. Nothing if there is nothing to draw.
    """
    series = {name: [each for each in points if first <= each[0] <= last] for name, points in series.items()}
    if not any(series.values()):
        return ""
    top = nice(max((value for points in series.values() for _, value in points), default=0))
    parts = [*_grid(top, unit), *_seconds(first, last)]
    for place, (name, points) in enumerate(series.items()):
        shown = (
            [*points] * 2 if len(points) == 1 else thin(points)
        )  # one point is seen as a line of no length
        drawn = " ".join(f"{_x(at, first, last):.1f},{_y(value, top):.1f}" for at, value in shown)
        parts.append(
            f'<polyline class="line s{place}" points="{drawn}"><title>{escape(name)}</title></polyline>'
        )
    legend = "".join(
        f'<span><i class="s{place}"></i>{escape(name)}</span>' for place, name in enumerate(series)
    )
    return (
        f'<figure><figcaption>{escape(label)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(_said(label, series, unit), quote=True)}">{"".join(parts)}</svg>'
        f'<div class="legend">{legend}</div></figure>'
    )


def thin(points: Series) -> Series:
    """At most so many points as can be seen: of each stretch the highest, since peaks are what matters."""
    size = math.ceil(len(points) / MOST_POINTS)
    if size < 2:
        return points
    return [max(points[at : at + size], key=lambda point: point[1]) for at in range(0, len(points), size)]


def nice(value: float) -> float:
    """The next round number above `value`: 1, 2, 2.5 or 5 times a power of ten."""
    if value <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value)


def _x(at: int, first: int, last: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (at - first) / max(last - first, 1)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _grid(top: float, unit: str) -> Iterator[str]:
    for step in range(TICKS + 1):
        value = top * step / TICKS
        y = _y(value, top)
        yield f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>'
        told = f"{value:,.10g}{unit}"
        yield f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{told}</text>'


def _seconds(first: int, last: int) -> Iterator[str]:
    for at in sorted({first + round((last - first) * step / TICKS) for step in range(TICKS + 1)}):
        anchor = {first: "start", last: "end"}.get(at, "middle")
        yield (
            f'<text class="tick" x="{_x(at, first, last):.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}">'
            f"{minutes(at - first)}</text>"
        )


def minutes(seconds: int) -> str:
    """`1:05` for 65 seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


def _said(label: str, series: Mapping[str, Series], unit: str) -> str:
    told = (
        f"{name} at most {max(value for _, value in points):.0f}{unit}"
        for name, points in series.items()
        if points
    )
    return f"{label}: {', '.join(told) or 'nothing'}"
