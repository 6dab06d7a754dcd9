"""`people`: who lives at an address, how they behave, and writing in their name."""

from __future__ import annotations

from aiohttp import web

from simulator.carrier import NobodyWrote
from simulator.journal import Kind, iso
from simulator.people import file
from simulator.people.addresses import describe
from simulator.people.inhabitants import ALL, inhabitants
from simulator.people.town import TooManyPeople
from simulator.people.tree import of_json
from simulator.phrasebook.phrase import Meaning
from simulator.servers import forms
from simulator.servers.control.desk import Desk, World, answer
from simulator.servers.control.population import named_mistakes
from simulator.servers.problems import Fault, Problem, not_found
from simulator.world import Address, Channel, Moment

MOST = 100_000
TAGS = {"nl": "nl-BE", "fr": "fr-BE", "de": "de-BE", "en": "en-GB"}
"""How a customer's file would name the language of an inhabitant."""


class PeopleDesk:
    """The routes under `people`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/people", self.show, allow_head=False),
            web.get("/people/{address}", self.one, allow_head=False),
            web.put("/people/{address}", self.settle),
            web.delete("/people/{address}", self.forget),
            web.post("/people/{address}/reply", self.reply),
        ]

    async def show(self, request: web.Request) -> web.Response:
        form = forms.Form.of_query(request)
        count = form.having("count", forms.whole(0, MOST), 0)
        after = form.having("after", forms.whole(0, ALL - MOST), 0)
        channel = form.having("channel", forms.one_of(Channel), Channel.SMS)
        form.done()
        world = self._desk.world
        asked = inhabitants(channel, count, after)
        return answer(
            {
                "people": [described(world, address, named=False) for address in asked],
                "set": sorted(world.town.people()),
            }
        )

    async def one(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        return answer(described(self._desk.world, _address(request)))

    async def settle(self, request: web.Request) -> web.Response:
        address, world = _address(request), self._desk.world
        body = await forms.json_body(request, world.settings.body_deadline, needed=True)
        with named_mistakes("this person cannot be set"):
            person = file.read_person(of_json(body))
        try:
            world.town.set_person(address, person)
        except TooManyPeople as many:
            raise Problem(409, str(many)) from None
        except ValueError as error:
            raise Problem(400, "nobody can live there", faults=[Fault("address", str(error))]) from None
        world.journal.record(Kind.PEOPLE_SET, address=address, by="hand")
        return answer(described(world, address))

    async def forget(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        address, world = _address(request), self._desk.world
        if not world.town.forget_person(address):
            raise not_found(f"nothing was set for {address}; GET /control/v1/people lists who was set")
        world.journal.record(Kind.PEOPLE_SET, address=address, by="chance")
        return answer(described(world, address))

    async def reply(self, request: web.Request) -> web.Response:
        address = _address(request)
        form = await self._desk.form(request)
        text = form.required("text", forms.text())
        meaning = form.optional("meaning", forms.one_of(Meaning))
        score = form.optional("score", forms.whole(0, 10))
        after = form.having("after", forms.seconds, 0.0)
        form.done()
        world = self._desk.world
        try:
            identity = world.carrier.reply_by_hand(address, text, meaning=meaning, score=score, after=after)
        except NobodyWrote as nobody:
            raise Problem(409, str(nobody)) from None
        except ValueError as contradiction:
            raise Problem(
                400, "meaning and score do not agree", faults=[Fault("/score", str(contradiction))]
            ) from None
        at = Moment(world.clock.now() + round(after * 1000))
        return answer({"reply": identity, "at": iso(at)}, status=202)


def described(world: World, address: Address, *, named: bool = True) -> dict[str, object]:
    """Who lives at an address. Names come from Faker, which is slow: only for who asks about one."""
    who = world.town.subscriber(address)
    identity = world.town.identity(address) if named else None
    number = who.number if who else None
    return {
        "address": address,
        "describes": describe(address),
        "number": None
        if number is None
        else {
            "family": f"{number.family:02}",
            "parameter": f"{number.parameter:02}",
            "lane": f"{number.lane:02}",
        },
        "language": TAGS.get(who.language, who.language) if who else None,
        "region": who.region if who else None,
        "network": who.network if who else None,
        "name": identity.name if identity else None,
        "place": identity.place if identity else None,
        "set": address in world.town.people(),
    }


def _address(request: web.Request) -> Address:
    try:
        return forms.address(request.match_info["address"])
    except ValueError as error:
        raise Problem(400, "there is no such address", faults=[Fault("address", str(error))]) from None
