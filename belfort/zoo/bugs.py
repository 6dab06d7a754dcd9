"""The bugs by name: what is wrong, which parts are exchanged, which shipped scenario should notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from belfort.exits import Exit, Trouble
from belfort.scenario.marks import suggestion
from belfort.zoo import accepting, handing, reading, reporting, settling


@dataclass(frozen=True, slots=True)
class Bug:
    """A planted bug."""

    area: str
    about: str
    found_by: str
    """A shipped scenario, without folder and ending."""
    shows: str
    """Words of the failure that tell the cause."""
    parts: Mapping[str, Any]


BUGS = {
    "first-number-wins": Bug(
        "filtering",
        "the first number in a reply is taken for the score",
        "bad_replies",
        "meant ambiguous",
        {"reader": reading.first_number_wins},
    ),
    "halves-rounded": Bug(
        "filtering",
        "a half is rounded up to a score",
        "bad_replies",
        "meant not integer",
        {"reader": reading.halves_are_rounded},
    ),
    "stop-unheard": Bug(
        "filtering",
        "STOP is a word like any other",
        "bad_replies",
        "OPTED_OUT",
        {"reader": reading.stop_is_a_word},
    ),
    "boundary-6-7": Bug(
        "arithmetic",
        "a 7 is taken for a detractor",
        "first_steps",
        "should count as a passive; was counted as a detractor",
        {"report": reporting.SevenDetracts},
    ),
    "score-cut-off": Bug(
        "arithmetic",
        "the score is cut off instead of rounded",
        "nps_accuracy",
        "score report",
        {"report": reporting.CutsOff},
    ),
    "double-count": Bug(
        "arithmetic",
        "a person who answers twice counts twice",
        "every_number",
        "in 2 requests",
        {"settle": settling.CountsEveryReply},
    ),
    "last-reply-wins": Bug(
        "arithmetic",
        "a later score replaces the first good one",
        "every_number",
        "should count as a promoter; was counted as a detractor",
        {"settle": settling.LastReplyWins},
    ),
    "bad-reply-closes": Bug(
        "arithmetic",
        "a bad reply closes the request to a later good one",
        "every_number",
        "should count as a promoter; was counted as a bad response",
        {"settle": settling.FirstReplyWins},
    ),
    "any-as-all": Bug(
        "segments",
        "segmentMode ANY is read as ALL",
        "segments",
        "gold or web",
        {"report": reporting.AnyMeansAll},
    ),
    "any-counts-twice": Bug(
        "segments",
        "who carries two of the segments of ANY counts twice",
        "segments",
        "gold or web",
        {"report": reporting.AnyCountsTwice},
    ),
    "tag-lost": Bug(
        "segments",
        "of several segments the first is lost",
        "segments",
        "gold: requests report",
        {"accept": accepting.LosesATag},
    ),
    "offset-converted": Bug(
        "dates",
        "the ends of a period are converted to Brussels time twice",
        "segments",
        "2031-03-30",
        {"report": reporting.ConvertedTwice},
    ),
    "end-excluded": Bug(
        "dates",
        "the last moment of a period is left out",
        "segments",
        "2031-03-30",
        {"report": reporting.EndExcluded},
    ),
    "late-counted": Bug(
        "dates",
        "a reply after the response window is counted",
        "every_number",
        "should count as no response; was counted as a passive",
        {"submit": handing.WaitsForEver},
    ),
    "asks-again": Bug(
        "sending",
        "people are asked again within the contact interval",
        "contact_interval",
        "CONTACTED_RECENTLY",
        {"accept": accepting.AsksAgain},
    ),
    "first-question": Bug(
        "sending",
        "everybody is asked in the language of the first question",
        "languages",
        "NO_QUESTION_IN_LANGUAGE",
        {"accept": accepting.FirstQuestion},
    ),
    "throttled-gives-up": Bug(
        "throttling",
        "a gateway that says “not now” is taken to say “never”",
        "throttling",
        "was counted as failed",
        {"submit": handing.GivesUp},
    ),
    "key-ignored": Bug(
        "idempotency",
        "a call repeated under its key is a new call",
        "sent_again",
        "CONTACTED_RECENTLY",
        {"keys": accepting.NoKeys},
    ),
    "lost-on-restart": Bug(
        "durability",
        "what was queued when the service ended is never sent",
        "crash",
        "never saw it",
        {"submit": handing.Forgets},
    ),
    "report-needed": Bug(
        "durability",
        "a reply that overtakes its delivery report is lost",
        "every_number",
        "should count as a passive; was counted as no response",
        {"settle": settling.NeedsReport},
    ),
    "everybodys-report": Bug(
        "isolation",
        "the report on all surveys counts other accounts, too",
        "two_accounts",
        "another account's report counts",
        {"report": reporting.EverybodysReport},
    ),
    "numbers-in-log": Bug(
        "privacy",
        "the log tells whom was written to",
        "privacy",
        "a destination stands in service.log",
        {"submit": handing.TellsTheLog},
    ),
    "replies-kept": Bug(
        "privacy",
        "the texts of replies stay in the database",
        "privacy",
        "a reply stands in",
        {"settle": settling.KeepsReplies},
    ),
}


def parts_of(name: str) -> dict[str, Any]:
    """The parts of the service with this bug. `Trouble` for a name that is not in the zoo."""
    if name not in BUGS:
        raise Trouble(f"no bug {name!r} in the zoo; {suggestion(name, tuple(BUGS))}", Exit.USAGE)
    return dict(BUGS[name].parts)
