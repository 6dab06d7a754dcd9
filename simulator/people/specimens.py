"""Specimens: any number of replies by mail, each with what its writer meant, and of mails by machines.

They are drawn wide, not by the population's shares: every habit, form, quote, signature, charset and language
comes as often as any other. The same seed gives the same octets, today and next year. Whoever reads mail can
be tried with them: `python -m simulator.people.specimens 2000`.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from simulator.clock import Chance, Streams
from simulator.people.identity import LOCALES, made
from simulator.people.mail_causes import MAIL_CAUSES, SPELLINGS
from simulator.people.mail_population import CHARSETS, CLIENTS, ENCODINGS, FORMS, QUOTES, SIGNATURES
from simulator.people.mail_script import COMPLAINT, OUT_OF_OFFICE
from simulator.people.mailboxes import AUTOMATIC_TEXT, HOME
from simulator.phrasebook import writer
from simulator.phrasebook.books import QUESTIONS
from simulator.phrasebook.habits import HABITS
from simulator.phrasebook.mail.away import away
from simulator.phrasebook.mail.dress import UNDER_WORDS, Dress
from simulator.phrasebook.mail.furniture import Question, Writer
from simulator.phrasebook.mail.reply import Thread, reply
from simulator.phrasebook.phrase import BAD_MEANINGS, LANGUAGES, SCORES, Meaning, Utterance
from simulator.wire.mail.report import Returned, Verdict, complaint, delivery_status

Item = TypeVar("Item")

GOOD_SHARE = 0.7
BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SURROUNDINGS = {
    "nl": ("Beste klant,", "Antwoord gewoon op deze mail, met een cijfer van 0 tot 10.", "Tel. 02 555 12 34"),
    "fr": ("Cher client,", "Répondez à ce message par une note de 0 à 10.", "Tél. 02 555 12 34"),
    "de": ("Guten Tag,", "Antworten Sie auf diese E-Mail mit einer Zahl von 0 bis 10.", "Tel. 087 55 12 34"),
    "en": ("Dear customer,", "Just reply to this message with a number from 0 to 10.", "Tel. 02 555 12 34"),
}
"""What stands before and behind the question of a survey mail."""
SUBJECTS = {
    "nl": "Hoe tevreden bent u over onze wafels?",
    "fr": "Votre avis sur nos gaufres",
    "de": "Ihre Meinung zählt: 1 Frage",
    "en": "One question about our waffles",
}


@dataclass(frozen=True, slots=True)
class Specimen:
    """One mail. A machine's has no meaning: it is no reply."""

    number: int
    language: str
    sender: str
    """The envelope's; empty: null."""
    to: str
    raw: bytes = field(repr=False)
    meaning: Meaning | None = None
    score: int | None = None
    words: str = field(default="", repr=False)
    """What the person wrote of their own."""
    made_as: str = ""
    """How it is dressed, or what kind of machine wrote it."""


def usual_question(number: int, language: str) -> Question:
    """A survey mail such as companies send, with a reply address of its own."""
    hello, how, phone = SURROUNDINGS[language]
    return Question(
        name="Wafels De Smet",
        address=f"reply+{number:05}@survey.example",
        to=f"customer{number}@{HOME}",
        subject=SUBJECTS[language],
        text="\n\n".join((hello, QUESTIONS[language], how, f"Wafels De Smet\n{phone}")),
        at=BEGAN + timedelta(minutes=7 * number),
    )


def replies(
    count: int, seed: int = 1, question: Callable[[int, str], Question] = usual_question
) -> Iterator[Specimen]:
    """`count` replies that people wrote, in all four languages."""
    streams = Streams(seed)
    for number in range(count):
        language = LANGUAGES[number % len(LANGUAGES)]
        chance = streams.of("specimen", number)
        said, dress = _said(language, chance), _dress(chance)
        if said.meaning is Meaning.EMPTY and dress.signature in UNDER_WORDS:
            dress = replace(dress, signature="dashed")
        asked = question(number, language)
        sender = _writer(number, language, asked, chance)
        raw = reply(
            said.text,
            identity=f"specimen-{seed}-{number}",
            dress=dress,
            question=asked,
            writer=sender,
            thread=Thread(f"<question-{number}@survey.example>"),
            at=asked.at + timedelta(minutes=1 + chance.randrange(3_000)),
            chance=chance,
        )
        yield Specimen(
            number,
            language,
            sender.address,
            asked.address,
            raw,
            said.meaning,
            said.score,
            said.text,
            str(dress),
        )


def machines(
    count: int, seed: int = 1, question: Callable[[int, str], Question] = usual_question
) -> Iterator[Specimen]:
    """`count` mails that no human wrote: out of office, bounces, notices of delay, complaints."""
    streams = Streams(seed)
    kinds = (*OUT_OF_OFFICE, *SPELLINGS, COMPLAINT)
    for number in range(count):
        language = LANGUAGES[number // len(kinds) % len(LANGUAGES)]
        kind, chance = kinds[number % len(kinds)], streams.of("machine", number)
        asked = question(number, language)
        sender = _writer(number, language, asked, chance)
        raw = _machine(kind, f"machine-{seed}-{number}", asked, sender, chance)
        envelope = sender.address if kind in OUT_OF_OFFICE and chance.random() < 0.5 else ""
        yield Specimen(number, language, envelope, asked.address, raw, made_as=kind)


def _machine(kind: str, identity: str, asked: Question, sender: Writer, chance: Chance) -> bytes:
    at = asked.at + timedelta(minutes=1)
    if kind in OUT_OF_OFFICE:
        return away(
            kind, identity=identity, question=asked, writer=sender, thread=Thread(None), at=at, chance=chance
        )
    head = f"From: {asked.address}\r\nTo: {asked.to}\r\nSubject: survey\r\nMessage-ID: <{identity}@x.example>"
    about = Returned(asked.to, asked.address, f"{at:%a, %d %b %Y %H:%M:%S} +0000", head.encode())
    headers = [("From", f"MAILER-DAEMON@mx.{HOME}"), ("To", asked.address), ("Subject", f"About {identity}")]
    if kind == COMPLAINT:
        return complaint(headers, about, identity, f"mx.{HOME}")
    spelling = SPELLINGS[kind]
    verdict = Verdict(
        spelling.status, spelling.diagnostic.format(address=asked.to), delayed=not MAIL_CAUSES[kind].final
    )
    return delivery_status(headers, about, verdict, identity, f"mx.{HOME}")


def _said(language: str, chance: Chance) -> Utterance:
    """Good ones in every habit, bad ones of every verdict. Native texts need a question in their language."""
    if chance.random() < GOOD_SHARE:
        habit = _any(tuple(HABITS), chance)
        meaning, score = Meaning.GOOD, _any(SCORES, chance)
        if habit == "repeater":  # 0 is not repeated in the phrasebook
            score = max(1, score)
    else:
        habit, meaning, score = "words", _any(BAD_MEANINGS, chance), None
    said = writer.write(
        language=language, habit=habit, meaning=meaning, score=score, chance=chance, asked=language
    )
    if said.phenomenon == AUTOMATIC_TEXT:
        return writer.utterance_of("gibberish", language=language, score=None, chance=chance)
    return said


def _dress(chance: Chance) -> Dress:
    return Dress(
        form=_any(tuple(FORMS), chance),
        quote=_any(tuple(QUOTES), chance),
        client=_any(tuple(CLIENTS), chance),
        signature=_any(tuple(SIGNATURES), chance),
        footer=chance.random() < 0.4,
        charset=_any(tuple(CHARSETS), chance),
        encoding=_any(tuple(ENCODINGS), chance),
        pictures=chance.random() < 0.15,
    )


def _writer(number: int, language: str, asked: Question, chance: Chance) -> Writer:
    who = made(_any(LOCALES[language], chance), number)
    return Writer(who.name, who.place, asked.to, language)


def _any(choices: Sequence[Item], chance: Chance) -> Item:
    """By `random` alone, whose sequence Python promises."""
    return choices[int(chance.random() * len(choices))]


def main(count: int) -> None:
    """Write replies as JSON Lines: the mail in base64, and what it means."""
    for each in replies(count):
        line = {
            "number": each.number,
            "language": each.language,
            "sender": each.sender,
            "to": each.to,
            "verdict": each.meaning,
            "score": each.score,
            "words": each.words,
            "raw": base64.b64encode(each.raw).decode(),
        }
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
