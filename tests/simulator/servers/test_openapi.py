"""The description is valid OpenAPI 3.1, names exactly the routes there are, and says what they answer."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from aiohttp import encode_basic_auth, web
from openapi_spec_validator import validate

from simulator.servers.openapi import document
from tests.simulator.servers.worlds import World, open_world

NINE, SILENT = "+32450000901", "+32450080701"


def operations() -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, methods in document()["paths"].items() for method in methods}


def routes(app: web.Application) -> set[tuple[str, str]]:
    found = ((route.method, route.resource) for route in app.router.routes())
    return {(method, resource.canonical) for method, resource in found if resource and method != "HEAD"}


def schema_of(path: str, method: str, status: int) -> dict[str, Any]:
    described = document()
    response = described["paths"][path][method]["responses"][str(status)]
    if "$ref" in response:
        response = described["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    schema = next(content["schema"] for kind, content in response["content"].items() if "json" in kind)
    return {**schema, "components": described["components"]}


def test_the_document_is_valid():
    validate(document())


async def test_the_document_and_the_application_have_the_same_routes():
    async with open_world() as world:
        assert routes(world.simulator.control_app) == operations()


async def test_the_document_is_offered_as_it_is():
    async with open_world() as world:
        assert await world.get("/openapi.json") == document()


async def call(world: World) -> None:
    """Somebody listens to a long silence."""
    settings = world.simulator.settings
    url = f"{world.simulator.voice_url}/2010-04-01/Accounts/{settings.voice_account_sid}/Calls.json"
    form = {"To": SILENT, "From": "8937", "Twiml": '<Response><Pause length="3600"/></Response>'}
    headers = {"Authorization": encode_basic_auth(settings.voice_account_sid, settings.voice_auth_token)}
    async with world.session.post(url, data=form, headers=headers) as made:
        assert made.status == 201
    await world.post("/clock/advance", {"by": "10s"})


async def fill(world: World) -> str:
    await world.send(NINE, reference="r1")
    await world.send("+32450040101")
    await world.post("/clock/drain")
    await world.fetch()
    await call(world)
    await world.post("/faults", {"fault": "latency", "where": "sms.poll", "ttl": "1h"})
    await world.ask("PUT", "/people/+32450900101", {"says": [7]})
    return str((await world.get("/messages"))["messages"][0]["id"])


CALLS = [
    ("GET", "/version", None, 200),
    ("GET", "/seed", None, 200),
    ("GET", "/clock", None, 200),
    ("PUT", "/clock", {"mode": "scaled", "rate": 2}, 200),
    ("PUT", "/clock", {"mode": 5}, 400),
    ("POST", "/clock/advance", {"by": "1m"}, 200),
    ("POST", "/clock/drain", {}, 200),
    ("GET", "/population", None, 200),
    ("PUT", "/population", {"profile": "instant"}, 200),
    ("GET", "/numbers", None, 200),
    ("GET", "/people?count=3", None, 200),
    ("GET", f"/people/{NINE}", None, 200),
    ("GET", "/people/+3222011234", None, 200),
    ("PUT", f"/people/{NINE}", {"language": "nl"}, 200),
    ("DELETE", "/people/+32450900101", None, 200),
    ("DELETE", "/people/+32470000000", None, 404),
    ("POST", f"/people/{NINE}/reply", {"text": "8", "score": 8}, 202),
    ("POST", "/people/+32470000009/reply", {"text": "8", "score": 8}, 409),
    ("GET", "/faults", None, 200),
    ("POST", "/faults", {"fault": "outage"}, 201),
    ("GET", "/faults/1", None, 200),
    ("DELETE", "/faults/1", None, 200),
    ("DELETE", "/faults", None, 200),
    ("GET", "/messages", None, 200),
    ("GET", "/messages/{message}", None, 200),
    ("GET", "/messages/none", None, 404),
    ("GET", f"/messages/wait?to=%2B{NINE[1:]}", None, 200),
    ("GET", "/messages/wait?state=replied&count=5&within=1ms", None, 408),
    ("POST", "/smpp/outbind", {"port": "{smpp}"}, 202),
    ("POST", "/smpp/outbind", {"port": "{smpp}", "system_id": "stranger"}, 400),
    ("POST", "/smpp/outbind", {"port": "{smpp}", "host": "192.0.2.1"}, 400),
    ("POST", "/smpp/outbind", {"port": 1}, 502),
    ("GET", "/calls", None, 200),
    ("GET", f"/calls/{SILENT}", None, 200),
    ("GET", "/calls/none", None, 404),
    ("POST", f"/calls/{SILENT}/keys", {"keys": "10", "gap": "1s"}, 202),
    ("POST", f"/calls/{NINE}/keys", {"keys": "10"}, 404),
    ("DELETE", f"/calls/{SILENT}", None, 200),
    ("GET", "/truth?evidence=true", None, 200),
    ("POST", "/truth", {"destinations": [NINE, "+32470000008"], "evidence": True}, 200),
    ("GET", "/journal", None, 200),
    ("POST", "/reset", {"seed": 4}, 200),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"), CALLS, ids=[f"{c[0]} {c[1]} {c[3]}" for c in CALLS]
)
async def test_answers_are_as_described(method, path, body, status):
    async with open_world() as world:
        message = await fill(world)
        if body and body.get("port") == "{smpp}":
            body = {**body, "port": int(world.simulator.smpp_address.rpartition(":")[2])}
        bare, _, query = path.partition("?")
        given = dict(part.split("=") for part in query.split("&")) if query else {}
        given = {name: value.replace("%2B", "+") for name, value in given.items()}
        told_status, told = await world.ask(method, bare.replace("{message}", message), body, **given)
        assert told_status == status, told
        described = "/control/v1" + re.sub(
            r"/(people|faults|messages|calls)/(?!wait)[^/]+",
            lambda match: f"/{match[1]}/" + ("{address}" if match[1] == "people" else "{id}"),
            bare,
        )
        jsonschema.validate(
            told, schema_of(described, method.lower(), status), cls=jsonschema.Draft202012Validator
        )


def test_every_described_json_answer_is_tried_above():
    tried = {
        (method, re.sub(r"/(\+?\w*\d+|\{message\}|none)(?=/|\?|$)", "/{}", path.partition("?")[0]))
        for method, path, *_ in CALLS
    }
    described = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path.removeprefix("/control/v1")))
        for path, methods in document()["paths"].items()
        if path.startswith("/control/v1")
        for method in methods
    }
    assert described - tried == {("GET", "/openapi.json"), ("GET", "/events"), ("PUT", "/seed")}
