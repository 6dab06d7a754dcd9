"""The mailboxes that do things: the same table as the telephones' (`numbers`), read for mail.

Grammar: `fFFpPP.lLL@belfort.test`, family, parameter, lane. Where a row speaks of what mail does not have (a
delivery report that says yes, parts out of order), it does what comes nearest; rows that only mail has follow
behind the telephones'. Every other address is an ordinary inhabitant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from simulator.people.mail_script import MailScript, Notice
from simulator.people.numbers import (
    DAY,
    FAMILIES,
    HOUR,
    MINUTE,
    ROWS,
    Number,
    Row,
    check_parts,
    inhabitant,
    taken_apart,
)
from simulator.people.script import Say, Step, Telling, bare
from simulator.phrasebook.phenomena import BAD_PHENOMENA
from simulator.world import Address

AUTOMATIC_TEXT = "automatic-notice"
"""The phenomenon of a telephone that answers by itself."""
HOME = "belfort.test"
"""RFC 6761 §6.2: a name below `test` is never anybody's."""
PATTERN = "f{family:02}p{parameter:02}.lLL@" + HOME

_MAILBOX = re.compile(r"[^\x00-\x20\x7f\"(),:;<>@\[\\\]]{1,64}@[^\x00-\x20\x7f\"(),:;<>@\[\\\]]{1,190}")
_MAGIC = re.compile(r"f([0-9]{2})p([0-9]{2})\.l([0-9]{2})@" + re.escape(HOME))


class MailRow(Row):
    """One line of the table, for a mailbox."""

    @property
    def pattern(self) -> str:
        """How the address is written, with `LL` for the lane."""
        return PATTERN.format(family=self.family, parameter=self.parameter)


def _bounces(cause: str, after: float | None = None) -> MailScript:
    return MailScript(steps=(Step(cause, after),))


def _delayed(cause: str, then: str, after: float) -> MailScript:
    return MailScript(steps=(Step(cause, None), Step(then, after, _told(then))))


def _told(cause: str) -> Telling:
    """No mail system reports that a mail was delivered."""
    return Telling.QUIET if cause == "delivered" else Telling.TOLD


def _answers(
    *scores: int, after: float | None = None, notices: tuple[Notice, ...] = (), manner: str | None = None
) -> MailScript:
    return MailScript(says=tuple(Say(bare(score), after) for score in scores), notices=notices, manner=manner)


_ONLY_MAIL: tuple[tuple[int, int, str, MailScript], ...] = (
    (3, 1, "a notice of delay, delivered after 10 minutes",
     _delayed("server not reached", "delivered", 10 * MINUTE)),
    (3, 2, "a notice of delay, and a bounce when the mail expires, after a day",
     _delayed("server not reached", "never taken", DAY)),
    (3, 3, "mailbox full: a notice of delay, delivered after 10 minutes",
     _delayed("mailbox full", "delivered", 10 * MINUTE)),
    (3, 4, "out of office, by the standard's header", MailScript(notices=(Notice("rfc3834"),))),
    (3, 5, "out of office, as Outlook says it", MailScript(notices=(Notice("outlook"),))),
    (3, 6, "out of office, only `Precedence` tells", MailScript(notices=(Notice("precedence"),))),
    (3, 7, "out of office, only its subject tells", MailScript(notices=(Notice("bare"),))),
    (3, 8, "complains: a feedback report comes", MailScript(notices=(Notice("complaint"),))),
    (4, 1, "accepted, then bounces: no such mailbox", _bounces("mailbox unknown")),
    (4, 2, "accepted, then bounces: mailbox disabled", _bounces("mailbox disabled")),
    (4, 3, "accepted, bounces when it expires, after a day", _bounces("never taken", DAY)),
    (4, 4, "accepted, then bounces: refused by a filter", _bounces("refused by a filter")),
    (4, 5, "accepted, bounces after 30 s: cannot be routed", _bounces("cannot be routed", 30)),
    (4, 6, "accepted and lost, and no bounce ever",
     MailScript(steps=(Step("lost without a report", None, Telling.LOST),))),
    (4, 7, "accepted, then bounces: mailbox full for good", _bounces("mailbox full for good")),
    (5, 6, "after 1 s, a notice of delay follows after 10 s",
     MailScript(steps=(Step("delivered", 1, Telling.QUIET), Step("server not reached", 10)),
                says=(Say(bare(8), 1),))),
    (5, 8, "after 1 hour, out of office at once", _answers(8, after=HOUR, notices=(Notice("rfc3834"),))),
    (6, 4, "answers 9; the mail comes twice, under one Message-ID",
     MailScript(says=(Say(bare(9)),), copies=2)),
    (6, 5, "answers 9; a bounce of the same mail comes after it",
     MailScript(steps=(Step("mailbox unknown", 3.0),), says=(Say(bare(9)),))),
    (6, 6, "answers 9 in a mail of many parts, the text behind the pictures",
     _answers(9, manner="text-last")),
    (6, 9, "bounces, and answers 9 all the same",
     MailScript(steps=(Step("mailbox full for good", 0.5),), says=(Say(bare(9), 3.0),))),
)  # fmt: skip

_CLOTHES: tuple[tuple[str, str], ...] = (
    ("plain", "answers 8 in plain text and nothing else"),
    ("html-only", "answers 8 in HTML only"),
    ("alternative", "answers 8 in plain text and HTML"),
    ("quote-below", "answers 8 above the quoted question"),
    ("quote-above", "answers 8 below the quoted question"),
    ("inline", "answers 8 between the lines of the quoted question"),
    ("outlook", "answers 8 above the question as Outlook quotes it, without marks"),
    ("original-message", "answers 8 above `-----Original Message-----`"),
    ("signature", "answers 8, signed below `-- ` with a telephone number"),
    ("business", "answers 8, signed with company, telephone and disclaimer"),
    ("mobile", "answers 8 from a telephone, whose footer says so"),
    ("windows-1252", "answers 8 in windows-1252 and quoted-printable"),
    ("latin-1", "answers 8 in iso-8859-1 and 8bit"),
    ("latin-9", "answers 8 in iso-8859-15 and base64"),
    ("utf-16", "answers 8 in utf-16"),
    ("text-last", "answers 8 in a mail of many parts, the text behind the pictures"),
)  # fmt: skip
FIRST_CLOTHES = 80
"""Family 01 from this parameter on: a good answer in the clothes of mail."""

_OTHER_WORDS: Mapping[tuple[int, int], str] = {
    (6, 1): "answers 9, and 9 again in a second mail",
    (7, 0): "refused for good: 550 after the data",
    (7, 1): "too many mails (451) twice",
    (7, 2): "no room (452) once",
    (7, 3): "the first try times out after the data and is not accepted",
    (7, 4): "accepted, then the connection is cut before the answer",
    (7, 5): "closes for now (421) twice",
    (9, 5): "in a text that forces UTF-8",
}
_NOT_MAIL = frozenset(
    (2, place) for place, told in enumerate(BAD_PHENOMENA, 1) if told.slug == AUTOMATIC_TEXT
)
"""Automatic mail is no reply, not even a bad one (answers.md, "E-mail")."""
_GREYLIST = MailScript(says=(Say(bare(9)),), greylisted=60.0)


def _rows() -> Iterator[MailRow]:
    own = {(family, parameter): (does, script) for family, parameter, does, script in _ONLY_MAIL}
    for row in ROWS:
        place = (row.family, row.parameter)
        if place in own or place in _NOT_MAIL or row.family == 8:
            continue
        yield MailRow(*place, _OTHER_WORDS.get(place, row.does), _as_mail(row))
    for place, (does, script) in own.items():
        yield MailRow(*place, does, script)
    for parameter, (manner, does) in enumerate(_CLOTHES, FIRST_CLOTHES):
        yield MailRow(1, parameter, does, _answers(8, manner=manner))
    yield MailRow(7, 6, "greylisted (451) for a minute", _GREYLIST)


def _as_mail(row: Row) -> MailScript:
    """A telephone's script, where mail does the same: it is delivered, and nobody is told."""
    told = row.script
    return MailScript(
        steps=tuple(Step(step.cause, step.after, _told(step.cause)) for step in told.steps),
        says=told.says,
        tries=told.tries,
        for_good=told.for_good,
        manner="plain" if row.family == 0 else None,
    )


MAIL_ROWS: tuple[MailRow, ...] = tuple(sorted(_rows(), key=lambda row: (row.family, row.parameter)))
_BY_PLACE = {(row.family, row.parameter): row for row in MAIL_ROWS}


def is_mailbox(address: str) -> bool:
    """Whether `address` is a mail address in the form in which the town knows it: in lower case."""
    return _MAILBOX.fullmatch(address) is not None and address == address.lower()


def decode(address: str) -> Number | None:
    """The parts of a mailbox that does things; None for any other address."""
    match = _MAGIC.fullmatch(address)
    return None if match is None else taken_apart(match, _BY_PLACE)


def mailbox(family: int, parameter: int, lane: int = 0) -> Address:
    """The mailbox of that family, parameter and lane, each 0..99; ValueError outside."""
    check_parts(family, parameter, lane)
    return Address(f"f{family:02}p{parameter:02}.l{lane:02}@{HOME}")


def describe(address: str) -> str:
    """What stands behind a mail address, in a few words."""
    if not is_mailbox(address):
        return "not a mail address"
    return inhabitant(decode(address))


GRAMMAR = f"fFFpPP.lLL@{HOME}: family, parameter, lane"


def as_json() -> list[dict[str, object]]:
    """The table for machines."""
    return [
        {
            "family": f"{row.family:02}",
            "parameter": f"{row.parameter:02}",
            "number": row.pattern,
            "example": mailbox(row.family, row.parameter, 1),
            "about": FAMILIES[row.family],
            "does": row.does,
        }
        for row in MAIL_ROWS
    ]


def _other_rows() -> list[MailRow]:
    """Rows that do by mail what they do not by telephone."""
    same = {(row.family, row.parameter): row.does for row in ROWS}
    return [row for row in MAIL_ROWS if same.get((row.family, row.parameter)) != row.does]


INTRODUCTION = (
    f"A mailbox fFFpPP.lLL@{HOME} does what the number with the same digits does, but for family 08 and:"
)


def as_markdown() -> str:
    """Where mail differs, for the pages."""
    lines = ["## By mail", "", INTRODUCTION, "", "| mailbox | does |", "| --- | --- |"]
    told = (f"| `{row.pattern}` | {row.does} |" for row in _other_rows())
    return "\n".join([*lines, *told, ""])


def as_text() -> str:
    """Where mail differs, for a terminal."""
    return "\n".join(["", INTRODUCTION, *(f"    {row.pattern}  {row.does}" for row in _other_rows())])
