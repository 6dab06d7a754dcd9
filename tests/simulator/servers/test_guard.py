"""The guard lets in this machine's own programs and pages, and nobody behind their back."""

from __future__ import annotations

import pytest
from aiohttp import web

from simulator.journal import Kind
from tests.simulator.servers.doors import open_door, problem


async def fine(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


ROUTES = (
    web.get("/thing", fine),
    web.post("/thing", fine),
    web.put("/thing", fine),
    web.delete("/thing", fine),
    web.put("/population", fine),
    web.get("/health/live", fine),
)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}", "127.1.2.3:{port}"]
)
async def test_every_loopback_name_with_the_right_port_is_ours(host):
    async with open_door(*ROUTES) as door:
        status, _, _ = await door.ask("GET", "/thing", Host=host.format(port=door.listener.port))
        assert status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.evil.example:{port}",
        "localhost.evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1:999999",
        "10.0.0.1:{port}",
        "[::2]:{port}",
        "[::1",
        "127.0.0.1:{port}, evil.example",
        "127.0.0.1:{port}@evil.example",
        "",
        ":{port}",
        "::::",
        "\xff\xfe",
        "a" * 5000,
    ],
)
async def test_any_other_host_is_misdirected_and_named_in_the_journal(host):
    async with open_door(*ROUTES) as door:
        status, headers, body = await door.ask("GET", "/thing", Host=host.format(port=door.listener.port))
        assert status == 421
        assert headers["content-type"].startswith("application/problem+json")
        assert "address it printed" in str(problem(body)["detail"])
        assert [entry.kind for entry in door.journal.tail(1)] == [Kind.INPUT_MALFORMED]
        assert (await door.ask("GET", "/thing"))[0] == 200


async def test_no_host_or_two_hosts_are_refused_too():
    async with open_door(*ROUTES) as door:
        ours = f"127.0.0.1:{door.listener.port}".encode()
        bare = await door.knock(b"GET /thing HTTP/1.1\r\nConnection: close\r\n\r\n")
        two = await door.knock(
            b"GET /thing HTTP/1.1\r\nHost: " + ours + b"\r\nHost: evil\r\nConnection: close\r\n\r\n"
        )
        assert {bare[0], two[0]} <= {400, 421}


async def test_a_name_that_was_allowed_is_ours():
    async with open_door(*ROUTES, names=("belfort.test", "proxy.test:80")) as door:
        assert (await door.ask("GET", "/thing", Host=f"Belfort.test:{door.listener.port}"))[0] == 200
        assert (await door.ask("GET", "/thing", Host="proxy.test:80"))[0] == 200
        assert (await door.ask("GET", "/thing", Host="proxy.test:81"))[0] == 421


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "file://"]
)
async def test_a_page_of_another_origin_may_do_nothing(method, origin):
    async with open_door(*ROUTES) as door:
        status, headers, _ = await door.ask(method, "/thing", Origin=origin)
        assert status == 403
        assert not [name for name in headers if name.startswith("access-control")]


async def test_a_page_of_ours_may_and_a_program_without_origin_too():
    async with open_door(*ROUTES) as door:
        assert (await door.ask("POST", "/thing", Origin=f"http://127.0.0.1:{door.listener.port}"))[0] == 200
        assert (await door.ask("POST", "/thing"))[0] == 200
        assert (await door.ask("POST", "/thing", Sec_Fetch_Site="cross-site"))[0] == 403


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/yaml", "", None]
)
async def test_a_body_that_is_not_said_to_be_json_is_not_read(kind):
    async with open_door(*ROUTES) as door:
        headers = {} if kind is None else {"Content_Type": kind}
        status, _, body = await door.ask("POST", "/thing", b"{}", **headers)
        assert status == 415
        assert "application/json" in str(problem(body)["detail"])


async def test_json_is_read_and_yaml_where_a_population_is_put():
    async with open_door(*ROUTES) as door:
        assert (await door.ask("POST", "/thing", b"{}", Content_Type="application/json; charset=utf-8"))[
            0
        ] == 200
        assert (await door.ask("PUT", "/population", b"a: 1", Content_Type="application/yaml"))[0] == 200


async def test_a_compressed_body_is_refused_unread():
    async with open_door(*ROUTES) as door:
        status, _, _ = await door.ask(
            "POST", "/thing", b"\x1f\x8b\x08", Content_Type="application/json", Content_Encoding="gzip"
        )
        assert status == 415


async def test_a_token_is_asked_for_where_one_is_set():
    async with open_door(*ROUTES, token="sesame") as door:
        status, headers, body = await door.ask("GET", "/thing")
        assert status == 401
        assert headers["www-authenticate"].startswith("Bearer")
        assert b"sesame" not in body
        assert (await door.ask("GET", "/thing", Authorization="Bearer sesam"))[0] == 401
        assert (await door.ask("GET", "/thing", Authorization="Basic sesame"))[0] == 401
        assert (await door.ask("GET", "/thing", Authorization="Bearer \xff\xfe"))[0] == 401
        assert (await door.ask("GET", "/thing", Authorization="bearer sesame"))[0] == 200
        assert (await door.ask("GET", "/health/live"))[0] == 200


async def test_an_unknown_route_and_a_wrong_method_are_problems_that_help():
    async with open_door(*ROUTES) as door:
        status, _, body = await door.ask("GET", "/nothing")
        assert (status, "openapi.json" in str(problem(body)["detail"])) == (404, True)
        status, headers, body = await door.ask("PATCH", "/thing")
        assert status == 405
        assert headers["allow"] == "DELETE, GET, HEAD, POST, PUT"
