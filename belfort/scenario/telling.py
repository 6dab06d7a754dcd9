"""What is said of a scenario that did not end well: where, what was expected, seen, and who is behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from belfort.scenario.outcome import Beside, Blamed, Outcome, Verdict

WORDS = {
    "totalRequests": "requests",
    "totalResponses": "responses",
    "goodResponses": "good",
    "badResponses": "bad",
    "failed": "failed",
    "promoters": "promoters",
    "detractors": "detractors",
    "score": "score",
}
"""A report's members, by the words of a scenario."""
MOST_REPORTS, MOST_WITNESSES = 5, 8
WROTE = "wrote"
"""The kind of event, in the words of `history`."""
UNHEARD = "replies were written that the service has never taken; they count nowhere"


def failure(outcome: Outcome) -> str:
    """The whole of it, for a terminal or a log."""
    return "\n".join(_lines(outcome))


def headline(outcome: Outcome) -> str:
    """The one line that says it best."""
    if outcome.verdict is Verdict.TROUBLE or (outcome.reason and not outcome.expected):
        return outcome.reason.splitlines()[0]
    if outcome.expected and outcome.verdict is Verdict.FAILED:
        return f"expected {outcome.expected}; saw {outcome.saw}"
    return f"{len(outcome.differing)} of {len(outcome.compared)} reports differ from the truth"


def _lines(outcome: Outcome) -> Iterator[str]:
    where = f"{_file(outcome)}:{outcome.line}"
    yield f"{where}: {_failing(outcome)}"
    if outcome.reason:
        yield from (f"  {line}" for line in outcome.reason.splitlines())
    if outcome.expected:
        yield f"  expected  {outcome.expected}"
        yield f"  saw       {outcome.saw}"
    if outcome.differing:
        yield f"  {len(outcome.differing)} of {len(outcome.compared)} reports differ from the truth:"
        yield from (f"    {differences(each)}" for each in outcome.differing[:MOST_REPORTS])
        if len(outcome.differing) > MOST_REPORTS:
            yield f"    … and {len(outcome.differing) - MOST_REPORTS} more"
    for each in outcome.blamed:
        yield from _culprit(each)
    yield from _witnesses(outcome)
    if outcome.unheard:
        yield f"  {outcome.unheard:,} {UNHEARD}"
    yield "Reproduce with:"
    yield from (f"  {line}" for line in outcome.reproduce())


def _witnesses(outcome: Outcome) -> Iterator[str]:
    """Where every report is true and the story expected something else: what people wrote, to judge by."""
    wrote = [event for event in outcome.events if event.what == WROTE]
    if outcome.verdict is not Verdict.FAILED or outcome.differing or not wrote:
        return
    yield f"  {_agreed(outcome)}; people wrote:"
    yield from (
        f"    {each.who} {quoted(each.detail)}, meant {each.meant}" for each in wrote[:MOST_WITNESSES]
    )
    if len(wrote) > MOST_WITNESSES:
        yield f"    … and {len(wrote) - MOST_WITNESSES} more"


def _agreed(outcome: Outcome) -> str:
    if outcome.uncompared:
        told = f"{len(outcome.compared)} reports agree with the truth"
        return f"{told}, {outcome.uncompared:,} more were not compared"
    return "every report agrees with the truth" if outcome.compared else "no report was compared"


def _file(outcome: Outcome) -> str:
    return outcome.node.partition("::")[0]


def _failing(outcome: Outcome) -> str:
    failed = [step for step in outcome.steps if not step.fine]
    if failed:
        return failed[0].sentence
    return (
        "the story ends with a wrong answer" if outcome.verdict is Verdict.WRONG else "it could not be played"
    )


def differences(compared: Beside) -> str:
    """One report's figures that are not true."""
    told = ", ".join(
        f"{WORDS.get(name, name)} report {_number(reported)}, truth {_number(true)}"
        for name, (reported, true) in compared.figures.items()
        if reported != true
    )
    return f"{compared.title}: {told}"


def _number(value: Any) -> str:
    return "none" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _culprit(blamed: Blamed) -> Iterator[str]:
    wrote = ", then ".join(quoted(text) for text in blamed.wrote) or "nothing"
    hard = f", {blamed.phenomenon}" if blamed.phenomenon else ""
    yield f"  culprit {blamed.who}: wrote {wrote}{hard}; meant {blamed.meant}"
    yield f"    should count as {blamed.should}; was counted as {blamed.counted}"


def quoted(text: str, longest: int = 60) -> str:
    """A reply on one line, shortened, unable to disturb a terminal."""
    line = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return f"“{line}”" if len(line) <= longest else f"“{line[: longest - 1]}…”"
