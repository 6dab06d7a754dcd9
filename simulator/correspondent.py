"""What one person, and their mail server, do with one mail: a pure function of seed, address and ordinal.

The words of an answer are decided as for an SMS (`respondent`): the same person means the same. What mail
adds stands here: bounces and delays, greylisting, refusals, out-of-office replies, complaints, and the dress
of a reply. No mail system reports success, so `delivered` is a state that nobody is told of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from simulator import respondent
from simulator.clock import Draws, Streams
from simulator.people.mail_causes import MAIL_CAUSES, OF_A_PHONE, mail_cause
from simulator.people.mail_population import OF_THE_MAILBOX, PASSES, MailPopulation
from simulator.people.mail_script import COMPLAINT, OUT_OF_OFFICE, MailScript, Notice
from simulator.people.mailboxes import AUTOMATIC_TEXT
from simulator.people.population import Population
from simulator.people.script import Script, Step, Telling
from simulator.people.shares import Mixture, Shares
from simulator.people.subscriber import Subscriber
from simulator.phrasebook import writer
from simulator.phrasebook.mail.dress import MANNERS, UNDER_WORDS, Dress
from simulator.phrasebook.phrase import Utterance
from simulator.respondent import Answer, Decision, State

SOON = 2.0
"""Seconds from a mail's arrival to a machine's answer."""
CERTAIN = Shares({"delivered": 1.0})


@dataclass(frozen=True, slots=True)
class Due:
    """An automatic mail, `after` seconds from the acceptance."""

    kind: str
    after: float


def script_of(who: Subscriber) -> MailScript | None:
    """What a mailbox does if it was told beforehand, a telephone's script translated."""
    script = who.script
    if script is None or isinstance(script, MailScript):
        return script
    return MailScript(_steps(script), script.says, script.tries, script.for_good)


def _steps(script: Script) -> tuple[Step, ...]:
    named = ((OF_A_PHONE.get(step.cause, step.cause), step) for step in script.steps)
    return tuple(
        Step(cause, step.after, Telling.QUIET if cause == "delivered" else step.telling)
        for cause, step in named
    )


def refused_for_good(who: Subscriber, population: Population, streams: Streams) -> bool:
    """Whether the server answers every mail to this mailbox, once it has the data, with a no for good."""
    if who.script is not None:
        return False
    draws = streams.about(who.address)
    known = _of_the_mailbox(population.mail, draws)
    return known is not None and draws.fraction("refused at once") < population.mail.refused_at_once


def greylisted(who: Subscriber, population: Population, streams: Streams) -> float:
    """Seconds for which a first try to write to this mailbox is put off; 0: none."""
    script, mail = script_of(who), population.mail
    if script is not None:
        return script.greylisted
    listed = streams.about(who.address).fraction("greylisted") < mail.greylisted
    return mail.greylist_seconds if listed else 0.0


def decide(who: Subscriber, population: Population, nth: int, streams: Streams) -> Decision:
    """What becomes of mail `nth` to `who`: its states, told or not, and the answers."""
    script, draws = script_of(who), streams.about(who.address, nth)
    states = _told(script, population) if script else tuple(_drawn(who, population, draws, streams))
    arrives = next((each.after for each in states if each.cause.name == "delivered"), None)
    fate = next((each.cause.name for each in states if each.cause.final), states[-1].cause.name)
    if arrives is None and script is None:
        return Decision(nth, fate, states, ())
    answers = _answers(who, script, population, nth, streams)
    late = 0.0 if script is not None else arrives or 0.0
    return Decision(nth, fate, states, tuple(each._replace(after=each.after + late) for each in answers))


def notices(who: Subscriber, population: Population, nth: int, streams: Streams) -> tuple[Due, ...]:
    """The automatic mails that mail `nth` to `who` brings."""
    script, mail = script_of(who), population.mail
    if script is not None:
        return tuple(_due(each, population) for each in script.notices)
    draws = streams.about(who.address, nth)
    states = tuple(_drawn(who, population, draws, streams))
    arrives = next((each.after for each in states if each.cause.name == "delivered"), None)
    if arrives is None:
        return ()
    found = []
    if draws.fraction("away") < mail.out_of_office:
        kind = OUT_OF_OFFICE[int(draws.fraction("away as") * len(OUT_OF_OFFICE))]
        found.append(Due(kind, arrives + SOON))
    if draws.fraction("complains") < mail.complains:
        found.append(Due(COMPLAINT, arrives + mail.reply_delay.seconds(draws.fraction("complaint"))))
    return tuple(found)


def dress(who: Subscriber, population: Population, silent: bool, streams: Streams) -> Dress:
    """How `who` writes mail. Nothing said (`silent`) stands above no closing: that would be words, too."""
    script, mail, draws = script_of(who), population.mail, streams.about(who.address, "mail")
    if script is not None and script.manner is not None:
        return MANNERS[script.manner]
    signed = mail.signatures.pick(draws.fraction("signature"))
    return Dress(
        form=mail.forms.pick(draws.fraction("form")),
        quote=mail.quotes.pick(draws.fraction("quote")),
        client=mail.clients.pick(draws.fraction("client")),
        signature="dashed" if silent and signed in UNDER_WORDS else signed,
        footer=draws.fraction("footer") < mail.footers,
        charset=mail.charsets.pick(draws.fraction("charset")),
        encoding=mail.encodings.pick(draws.fraction("encoding")),
        pictures=draws.fraction("pictures") < mail.pictures,
    )


# States


def _told(script: MailScript, population: Population) -> tuple[State, ...]:
    return tuple(
        State(
            population.script_report if step.after is None else step.after,
            mail_cause(step.cause),
            step.telling,
        )
        for step in script.steps
    )


def _of_the_mailbox(mail: MailPopulation, draws: Draws) -> str | None:
    fraction = draws.fraction("mailbox")
    for cause in OF_THE_MAILBOX:
        fraction -= mail.reach.share(cause)
        if fraction < 0:
            return cause
    return None


def _drawn(who: Subscriber, population: Population, draws: Draws, streams: Streams) -> Iterator[State]:
    mail = population.mail
    fate = _of_the_mailbox(mail, streams.about(who.address)) or _passing(mail, draws)
    if fate == "never taken":
        yield State(min(mail.delay_told, mail.expiry), MAIL_CAUSES["server not reached"], Telling.TOLD)
        yield State(mail.expiry, MAIL_CAUSES[fate], Telling.TOLD)
    elif fate in PASSES:
        arrives = mail.arrives.seconds(draws.fraction("arrives"))
        if arrives > mail.delay_told:
            yield State(mail.delay_told, MAIL_CAUSES[fate], Telling.TOLD)
        yield State(arrives, MAIL_CAUSES["delivered"], Telling.QUIET)
    elif fate == "delivered":
        yield State(population.script_report, MAIL_CAUSES[fate], Telling.QUIET)
    else:
        lost = Telling.LOST if fate == "lost without a report" else Telling.TOLD
        yield State(mail.bounce_delay.seconds(draws.fraction("bounce")), MAIL_CAUSES[fate], lost)


def _passing(mail: MailPopulation, draws: Draws) -> str:
    """What this one mail meets; the causes of the mailbox were drawn for the address."""
    passing = {cause: share for cause, share in mail.reach.items() if cause not in OF_THE_MAILBOX}
    return Shares(passing or {"delivered": 1.0}).pick(draws.fraction("mail fate"))


# Words


def _answers(
    who: Subscriber, script: MailScript | None, population: Population, nth: int, streams: Streams
) -> tuple[Answer, ...]:
    """As the same person answers an SMS, in mail's shares and delays."""
    mail = population.mail
    by_mail = replace(
        population,
        reach=CERTAIN,
        answer_rate=mail.answer_rate,
        report_delay=Mixture(),
        reply_delay=mail.reply_delay,
    )
    somebody = who.reached(Script(says=script.says) if script else None)
    answers = respondent.decide(somebody, by_mail, nth, streams).answers
    return tuple(each._replace(said=_human(each.said, who, nth, streams)) for each in answers)


def _human(said: Utterance, who: Subscriber, nth: int, streams: Streams) -> Utterance:
    """What a telephone says by itself is no reply by mail; a person writes something else."""
    if said.phenomenon != AUTOMATIC_TEXT:
        return said
    chance = streams.of(who.address, nth, "instead")
    return writer.utterance_of("gibberish", language=who.language, score=None, chance=chance)


def _due(notice: Notice, population: Population) -> Due:
    return Due(notice.kind, population.script_report if notice.after is None else notice.after)
