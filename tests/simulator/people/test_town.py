"""Who lives at an address: the same person whenever and by whomever asked, unless set by hand."""

from __future__ import annotations

import pytest

from simulator.clock import Streams
from simulator.people import identity as identities
from simulator.people import town as towns
from simulator.people.population import EVERYDAY, INSTANT
from simulator.people.script import Say, Script, bare
from simulator.people.subscriber import Person, holder_of
from simulator.people.town import TooManyPeople, Town
from simulator.world import Address, Channel

SOMEBODY = Address("+32470123456")


def test_nobody_lives_at_what_is_neither_a_belgian_number_nor_a_mailbox():
    town = Town(Streams(1))
    assert town.subscriber(Address("+33612345678")) is None
    assert town.identity(Address("somebody at belfort.test")) is None


def test_somebody_lives_at_every_mailbox():
    town = Town(Streams(1))
    somebody = town.subscriber(Address("somebody@belfort.test"))
    assert somebody is not None
    assert (somebody.channels, somebody.number, somebody.script) == ((Channel.EMAIL,), None, None)


def test_a_person_depends_on_nobody_else():
    one, other = Town(Streams(1)), Town(Streams(1), keep=2)
    numbers = [Address(f"+324701234{n:02}") for n in range(50)]
    forwards = [one.subscriber(number) for number in numbers]
    backwards = [other.subscriber(number) for number in reversed(numbers)]
    assert forwards == backwards[::-1]


def test_a_town_remembers_no_more_than_it_may():
    town = Town(Streams(1), keep=10)
    for n in range(100):
        town.subscriber(Address(f"+32470{n:06}"))
    assert len(town._known) == 10


def test_the_prefix_is_not_the_network():
    town = Town(Streams(1))
    networks = {town.subscriber(Address(f"+32495{n:06}")).network for n in range(200)}
    assert holder_of(Address("+32495000000")) == "orange"
    assert networks == {"proximus", "orange", "telenet", "other"}


def test_a_prefix_without_holder_belongs_to_nobody_first():
    assert holder_of(Address("+32450000000")) is None
    assert holder_of(Address("+32465100000")) == "other"
    assert holder_of(Address("+32465012345")) == "telenet"


def test_an_identity_is_the_same_for_a_seed_and_in_the_language_of_the_person():
    one, other = Town(Streams(1)), Town(Streams(1))
    assert other.identity(Address("+32470999999")) != one.identity(SOMEBODY)
    identities.made.cache_clear()
    assert one.identity(SOMEBODY) == other.identity(SOMEBODY)
    locales = {
        (town.subscriber(Address(f"+32470{n:06}")).language, town.identity(Address(f"+32470{n:06}")).locale)
        for town in [Town(Streams(4))]
        for n in range(400)
    }
    assert {("nl", "nl_BE"), ("fr", "fr_BE"), ("en", "en_GB")} <= locales


def test_a_name_stays_out_of_every_repr():
    somebody = Town(Streams(1)).identity(SOMEBODY)
    assert somebody.family_name not in repr(somebody)


def test_a_person_set_by_hand_is_how_they_were_set_until_forgotten():
    town = Town(Streams(1))
    before = town.subscriber(SOMEBODY)
    script = Script(says=(Say(bare(3)),))
    town.set_person(SOMEBODY, Person(script, "de", "orange"))
    now = town.subscriber(SOMEBODY)
    assert (now.script, now.language, now.network, now.region) == (script, "de", "orange", before.region)
    assert town.forget_person(SOMEBODY)
    assert not town.forget_person(SOMEBODY)
    assert town.subscriber(SOMEBODY) == before


def test_nobody_is_set_where_nobody_can_live_and_not_too_many(monkeypatch):
    town = Town(Streams(1))
    with pytest.raises(ValueError, match="no Belgian mobile number"):
        town.set_person(Address("+3221234567"), Person())
    monkeypatch.setattr(towns, "MOST_PEOPLE", 1)
    town.set_person(SOMEBODY, Person())
    town.set_person(SOMEBODY, Person(language="nl"))
    with pytest.raises(TooManyPeople):
        town.set_person(Address("+32470000000"), Person())


def test_a_reset_brings_back_the_founders_only():
    founder = Person(language="de")
    town = Town(Streams(1), EVERYDAY, {SOMEBODY: founder})
    town.set_person(SOMEBODY, Person(language="en"))
    town.set_person(Address("+32470000000"), Person(language="en"))
    town.reset(Streams(2), INSTANT)
    assert town.people() == {SOMEBODY: founder}
    assert town.subscriber(SOMEBODY).language == "de"
    assert town.population is INSTANT
