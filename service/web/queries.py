"""What callers write behind the question mark, as values; or every fault in it, each with its parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from service.domain import segments
from service.domain.period import Period
from service.domain.request import Channel
from service.domain.segments import SegmentMode
from service.web import moments
from service.web.forms import CHANNELS, NO_SEGMENT, unknown
from service.web.problems import Faults

MOST_SEGMENTS = 100
MODES = tuple(mode.value for mode in SegmentMode)
REPEATABLE = ("segments",)
REPORT = ("startDate", "endDate", "channel", "segments", "segmentMode", "include")


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Which requests a report is about, and how it was asked for."""

    start: moments.Instant | None
    end: moments.Instant | None
    channel: Channel | None
    segments: tuple[str, ...]
    mode: SegmentMode
    details: bool

    @property
    def period(self) -> Period:
        start = None if self.start is None else self.start.moment
        return Period(start, None if self.end is None else self.end.moment)


def parameters(raw: str, known: tuple[str, ...], faults: Faults) -> Mapping[str, list[str]]:
    """The parameters of a query string as it stands in the request line. Unknown or repeated: faults."""
    found: dict[str, list[str]] = {}
    for pair in raw.split("&") if raw else ():
        if pair:
            name, _, value = pair.partition("=")
            found.setdefault(_decoded(name, faults), []).append(_decoded(value, faults, name))
    for name, values in found.items():
        if name not in known:
            faults.of(name, unknown("parameter", name, known))
        elif len(values) > 1 and name not in REPEATABLE:
            faults.of(name, "The parameter is repeated.")
    return found


def report(raw: str, faults: Faults) -> ReportQuery:
    """The parameters of a report (survey-api "Reports")."""
    found = parameters(raw, REPORT, faults)
    start, end = _moment(found, "startDate", faults), _moment(found, "endDate", faults)
    if start is not None and end is not None and start.moment > end.moment:
        faults.of("startDate", "It lies after endDate.")
    channel = _word(found, "channel", tuple(CHANNELS), faults)
    return ReportQuery(
        start=start,
        end=end,
        channel=None if channel is None else CHANNELS.get(channel),
        segments=_segments(found.get("segments", []), faults),
        mode=SegmentMode.ANY if _word(found, "segmentMode", MODES, faults) == "ANY" else SegmentMode.ALL,
        details=_word(found, "include", ("details",), faults) is not None,
    )


def _decoded(text: str, faults: Faults, name: str = "") -> str:
    try:
        value = unquote_plus(text, errors="strict")
    except UnicodeDecodeError:
        value = unquote_plus(text)
        faults.of(unquote_plus(name) or value, "It is not UTF-8.")
    if "\0" in value:
        faults.of(unquote_plus(name) or value, "A NUL is no text.")
    return value


def _moment(found: Mapping[str, list[str]], name: str, faults: Faults) -> moments.Instant | None:
    if name not in found:
        return None
    try:
        return moments.read(found[name][0], end=name == "endDate")
    except moments.NotAMoment as error:
        faults.of(name, str(error))
        return None


def _word(found: Mapping[str, list[str]], name: str, words: tuple[str, ...], faults: Faults) -> str | None:
    if name not in found:
        return None
    word = found[name][0]
    if word not in words:
        faults.of(name, f"It must be {' or '.join(words)}.")
    return word


def _segments(values: list[str], faults: Faults) -> tuple[str, ...]:
    tags = tuple(tag.strip() for value in values for tag in value.split(","))
    if not all(map(segments.is_tag, tags)):
        faults.of("segments", NO_SEGMENT)
    if len(tags) > MOST_SEGMENTS:
        faults.of("segments", f"There may be at most {MOST_SEGMENTS} segments.")
    return tags
