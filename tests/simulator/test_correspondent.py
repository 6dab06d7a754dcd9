"""What people and their servers do with mail: functions of seed, address and ordinal, in shares."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from simulator.clock import Streams
from simulator.correspondent import decide, dress, greylisted, notices, refused_for_good, script_of
from simulator.people.mail_population import MailPopulation
from simulator.people.mailboxes import AUTOMATIC_TEXT, mailbox
from simulator.people.population import EVERYDAY, INSTANT, Population
from simulator.people.script import Say, Script, Step, Telling, bare
from simulator.people.shares import Shares
from simulator.people.subscriber import Person, Subscriber
from simulator.people.town import Town
from simulator.phrasebook.mail.dress import MANNERS
from simulator.respondent import decide as decide_sms
from simulator.world import Address

STREAMS = Streams(1)
MANY = 4_000


def town_of(population: Population = EVERYDAY, **mail: object) -> Town:
    return Town(STREAMS, replace(population, mail=replace(population.mail, **mail)))  # type: ignore[arg-type]


def people(town: Town, count: int = MANY) -> list[Subscriber]:
    found = (town.subscriber(Address(f"p{number}@belfort.test")) for number in range(count))
    return [who for who in found if who is not None]


def test_a_decision_depends_on_seed_address_and_ordinal_alone():
    one, other = people(town_of(), 200), people(town_of(), 200)[::-1]
    first = {who.address: decide(who, EVERYDAY, 2, Streams(1)) for who in one}
    assert first == {who.address: decide(who, EVERYDAY, 2, Streams(1)) for who in other}
    assert first != {who.address: decide(who, EVERYDAY, 3, Streams(1)) for who in one}
    assert first != {who.address: decide(who, EVERYDAY, 2, Streams(2)) for who in one}


def test_the_town_answers_and_bounces_in_its_shares():
    town = town_of()
    decisions = [decide(who, town.population, 1, STREAMS) for who in people(town)]
    fates = Counter(each.fate for each in decisions)
    assert 0.985 < fates["delivered"] / MANY < 0.997
    assert 0.13 < sum(bool(each.answers) for each in decisions) / MANY < 0.17
    assert all(each.fate == "delivered" for each in decisions if each.answers)


def test_what_somebody_means_by_mail_is_what_they_mean_by_sms():
    town = town_of(answer_rate=1.0, reach=Shares({"delivered": 1.0}))
    for who in people(town, 300):
        by_mail = decide(who, town.population, 1, STREAMS).answers
        by_sms = decide_sms(
            who, replace(town.population, answer_rate=1.0, reach=Shares({"delivered": 1.0})), 1, STREAMS
        )
        if by_mail[0].said.phenomenon != "gibberish":
            assert by_mail[0].said == by_sms.answers[0].said


def test_nobody_writes_by_mail_what_a_telephone_says_by_itself():
    town = town_of(INSTANT, answer_rate=1.0)
    said = [
        answer.said for who in people(town) for answer in decide(who, town.population, 1, STREAMS).answers
    ]
    assert AUTOMATIC_TEXT not in {each.phenomenon for each in said}
    assert len(said) >= MANY


def test_delivery_is_told_to_nobody_and_a_bounce_is():
    town = town_of(reach=Shares({"delivered": 1.0, "mailbox full for good": 1.0}))
    for who in people(town, 200):
        (state,) = decide(who, town.population, 1, STREAMS).states
        told = Telling.QUIET if state.cause.name == "delivered" else Telling.TOLD
        assert state.telling is told


def test_what_is_unknown_today_is_unknown_tomorrow_and_some_servers_say_so_at_once():
    town = town_of(reach=Shares({"delivered": 0.5, "mailbox unknown": 0.5}))
    unknown, at_once = set(), set()
    for who in people(town, 500):
        fates = {decide(who, town.population, nth, STREAMS).fate for nth in (1, 2, 3)}
        assert len(fates) == 1
        if fates == {"mailbox unknown"}:
            unknown.add(who.address)
        if refused_for_good(who, town.population, STREAMS):
            at_once.add(who.address)
    assert at_once < unknown
    assert 0.5 < len(at_once) / len(unknown) < 0.7


def test_a_mail_that_is_delayed_is_told_of_and_answered_after_it_arrives():
    town = town_of(reach=Shares({"server not reached": 1.0}), answer_rate=1.0, delay_told=3_600.0)
    told = [decide(who, town.population, 1, STREAMS) for who in people(town, 200)]
    late = [each for each in told if len(each.states) == 2]
    assert len(late) > 150
    for each in told:
        *before, arrives = each.states
        assert arrives.cause.name == "delivered"
        assert all(state.after == 3_600 and not state.cause.final for state in before)
        assert all(answer.after > arrives.after for answer in each.answers)


def test_a_mail_that_is_never_taken_is_delayed_first_and_bounces_after_days():
    town = town_of(reach=Shares({"never taken": 1.0}))
    decision = decide(people(town, 1)[0], town.population, 1, STREAMS)
    assert [(state.after, state.cause.final) for state in decision.states] == [
        (4 * 3_600, False),
        (5 * 86_400, True),
    ]
    assert decision.answers == ()


def test_out_of_office_and_complaints_come_in_their_shares_and_never_for_what_did_not_arrive():
    town = town_of(out_of_office=0.2, complains=0.1)
    kinds = Counter(due.kind for who in people(town) for due in notices(who, town.population, 1, STREAMS))
    assert 0.17 < sum(count for kind, count in kinds.items() if kind != "complaint") / MANY < 0.23
    assert 0.08 < kinds["complaint"] / MANY < 0.12
    assert len(kinds) == 5
    nowhere = town_of(reach=Shares({"mailbox full for good": 1.0}), out_of_office=1.0)
    assert not [due for who in people(nowhere, 50) for due in notices(who, nowhere.population, 1, STREAMS)]


def test_greylisting_belongs_to_an_address():
    town = town_of(greylisted=0.3)
    listed = [who for who in people(town) if greylisted(who, town.population, STREAMS)]
    assert 0.26 < len(listed) / MANY < 0.34
    assert {greylisted(who, town.population, STREAMS) for who in listed} == {60.0}


def test_a_person_writes_in_the_same_dress_every_time_and_the_town_in_all_of_them():
    town = town_of()
    dresses = [dress(who, town.population, False, STREAMS) for who in people(town)]
    assert dresses == [dress(who, town.population, False, STREAMS) for who in people(town_of())]
    for name in ("form", "quote", "client", "signature", "charset", "encoding"):
        seen = Counter(getattr(each, name) for each in dresses)
        shares = getattr(town.population.mail, f"{name}s")
        for choice, share in shares.items():
            assert abs(seen[choice] / MANY - share) < 0.03, (name, choice)


def test_who_says_nothing_says_no_closing_either():
    town = town_of(signatures=Shares({"name": 1.0, "business": 1.0}))
    for who in people(town, 50):
        assert dress(who, town.population, True, STREAMS).signature == "dashed"
        assert dress(who, town.population, False, STREAMS).signature in ("name", "business")


@pytest.mark.parametrize(("parameter", "manner"), list(enumerate(MANNERS, 80)))
def test_a_mailbox_may_have_a_manner_of_its_own(parameter, manner):
    who = town_of().subscriber(mailbox(1, parameter, 1))
    assert who is not None
    assert dress(who, EVERYDAY, False, STREAMS) is MANNERS[manner]


def test_a_telephones_script_is_translated_for_a_mailbox():
    script = Script(steps=(Step("absent until expiry", 5.0),), says=(Say(bare(7)),))
    town = town_of()
    town.set_person(Address("anna@belfort.test"), Person(script))
    who = town.subscriber(Address("anna@belfort.test"))
    assert who is not None
    assert script_of(who).steps[0].cause == "never taken"  # type: ignore[union-attr]
    assert decide(who, EVERYDAY, 1, STREAMS).fate == "never taken"
    town.set_person(Address("anna@belfort.test"), Person(Script(says=(Say(bare(7), 3.0),))))
    told = decide(town.subscriber(Address("anna@belfort.test")), EVERYDAY, 1, STREAMS)  # type: ignore[arg-type]
    assert [(answer.after, answer.said.text) for answer in told.answers] == [(3.0, "7")]
    assert told.states[0].telling is Telling.QUIET


def test_the_defaults_of_mail_are_shares():
    mail = MailPopulation()
    parts = (
        mail.answer_rate,
        mail.refused_at_once,
        mail.greylisted,
        mail.out_of_office,
        mail.complains,
        mail.footers,
    )
    assert all(0 <= part <= 1 for part in parts)
    assert 1 - mail.reach.share("delivered") < 0.0101
