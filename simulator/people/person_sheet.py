"""A person read from a sheet: who somebody is, and what the number does with a message.

A text needs the score or the meaning it is written with, as nothing here reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from simulator.people import calling_sheet, mailboxes
from simulator.people.addresses import channels_of
from simulator.people.forms import Form
from simulator.people.numbers import OWN, decode
from simulator.people.population_sheet import FATES
from simulator.people.script import Say, Script, Step, Telling, Words, Writing
from simulator.people.subscriber import Person
from simulator.people.tree import Node, suggestion
from simulator.phrasebook.habits import HABITS
from simulator.phrasebook.phrase import LANGUAGES, Meaning, Utterance, primary
from simulator.world import Accident, Address, Refusal

TROUBLES: Mapping[str, Refusal | Accident] = {
    "rejected": Refusal.REJECTED,
    "throttled": Refusal.THROTTLED,
    "queue full": Refusal.QUEUE_FULL,
    "unavailable": Refusal.UNAVAILABLE,
    "times out": Accident.TIMES_OUT,
    "cut after accepting": Accident.CUT_AFTER_ACCEPTING,
}
"""What a try to submit can meet."""
MEANINGS = tuple(meaning.value for meaning in Meaning)
UNTOLD = ("no report", "lost without a report")
MOST_SAID = 20
LONGEST_TEXT = 1600

PERSON = ("language", "network", "fate", "report", "says", "after", "fails", "for_good", "call")
_SAY = ("text", "score", "meaning", "after", "language", "habit")


def row(form: Form, node: Node) -> Iterator[tuple[Address, Person]]:
    """One entry of the list of people: the addresses that its number stands for, and the person at each."""
    items = form.mapping(node, ("number", *PERSON))
    somebody = person(form, items)
    if "number" not in items:
        form.wrong(node.where, 'a person needs a number, for example number: "+32450900001"')
        return
    for address in _addresses(form, items["number"]):
        yield address, somebody


def _addresses(form: Form, node: Node) -> list[Address]:
    written = form.text(node, 254)
    if written is None:
        return []
    numbers = _mailboxes(written) if "@" in written else _numbers(written)
    if not channels_of(numbers[0]):
        form.wrong(
            node.where,
            f"{written!r} is not a Belgian mobile number (+324 and eight digits), nor a mail address",
        )
        return []
    found = decode(numbers[0]) or mailboxes.decode(numbers[0])
    if found is not None and found.row is not None:
        form.wrong(
            node.where, f"{written!r} does something already; families {OWN[0]} to {OWN[-1]} are yours"
        )
        return []
    return [Address(each) for each in numbers]


def _numbers(written: str) -> list[str]:
    """`LL` at the end stands for all hundred lanes."""
    number = re.sub(r"[ ./]", "", written)
    return [f"{number[:-2]}{lane:02}" for lane in range(100)] if number.endswith("LL") else [number]


def _mailboxes(written: str) -> list[str]:
    """`lLL` before the `@` stands for all hundred lanes."""
    before, lanes, behind = written.strip().lower().partition(".lll@")
    return [f"{before}.l{lane:02}@{behind}" for lane in range(100)] if lanes else [before]


def person(form: Form, items: Mapping[str, Node]) -> Person:
    """The person that the items of a mapping describe."""
    language = _language(form, items)
    network = form.text(items["network"], 40) if "network" in items else None
    told = {"fate", "report", "says", "after", "fails", "for_good", "call"} & set(items)
    return Person(_script(form, items) if told else None, language, network)


def _script(form: Form, items: Mapping[str, Node]) -> Script:
    fate = form.word(items["fate"], FATES) if "fate" in items else "delivered"
    after = form.seconds(items["after"]) if "after" in items else None
    says = form.items(items["says"], MOST_SAID) if "says" in items else ()
    fails = form.items(items["fails"], MOST_SAID) if "fails" in items else ()
    tries = [TROUBLES[word] for each in fails if (word := form.word(each, TROUBLES)) is not None]
    return Script(
        steps=(_step(form, fate or "delivered", items.get("report")),),
        says=tuple(
            say for place, each in enumerate(says) if (say := _say(form, each, None if place else after))
        ),
        tries=tuple(tries),
        for_good=bool("for_good" in items and form.flag(items["for_good"])),
        call=calling_sheet.call(form, items["call"]) if "call" in items else None,
    )


def _step(form: Form, fate: str, report: Node | None) -> Step:
    if fate in UNTOLD or (report is not None and report.value == "never"):
        return Step(fate, None, Telling.LOST)
    return Step(fate, form.seconds(report) if report is not None else None)


def _say(form: Form, node: Node, after: float | None) -> Say | None:
    """A score alone, or a mapping."""
    if not isinstance(node.value, dict):
        score = form.whole(node, 0, 10)
        return None if score is None else Say(Utterance(str(score), Meaning.GOOD, score, "bare"), after)
    items = form.mapping(node, _SAY)
    if "after" in items:
        after = form.seconds(items["after"])
    words = _words(form, node, items)
    return None if words is None else Say(words, after)


def _words(form: Form, node: Node, items: Mapping[str, Node]) -> Words | None:
    score = form.whole(items["score"], 0, 10) if "score" in items else None
    named = form.word(items["meaning"], MEANINGS) if "meaning" in items else None
    meaning = Meaning(named) if named else (Meaning.GOOD if "score" in items else None)
    if meaning is None or (meaning is Meaning.GOOD) != ("score" in items):
        form.wrong(node.where, "say what is meant: a score from 0 to 10, or else a meaning other than good")
        return None
    if "text" in items:
        text = form.text(items["text"], LONGEST_TEXT)
        return None if text is None else Utterance(text, meaning, score, "by hand")
    habit = form.word(items["habit"], HABITS) if "habit" in items else "bare"
    return Writing(meaning, score, habit or "bare", _language(form, items))


def _language(form: Form, items: Mapping[str, Node]) -> str | None:
    if "language" not in items:
        return None
    tag = form.text(items["language"], 40)
    language = primary(tag or "")
    if tag is not None and language not in LANGUAGES:
        form.wrong(items["language"].where, f"nobody here speaks {tag!r}; {suggestion(language, LANGUAGES)}")
    return language if language in LANGUAGES else None
