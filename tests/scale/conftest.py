"""A real PostgreSQL server, and a crew of service processes on it beside a real simulator."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from scenarios.programs import Program, running
from scenarios.test_killed import SIGNING_SECRET, free_port
from tests.service.server import Server, serving

MASTER_KEY = base64.b64encode(b"k" * 32).decode()


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    with serving() as opened:
        yield opened


@pytest.fixture
def crew(server: Server, request: pytest.FixtureRequest) -> Iterator[tuple[Program, Program, str]]:
    """Simulator, two workers (or as many as a test asks for) behind one port, and the database's URL."""
    workers = str(getattr(request, "param", 2))
    url, port = server.new_database(), free_port()
    ports = [f"--{door}-port=0" for door in ("control", "gateway", "smpp", "smtp")]
    notify = f"http://127.0.0.1:{port}/gateways/sms/notifications"
    calling = ["--callback-url", notify, "--callback-secret", SIGNING_SECRET]
    with running("simulator", "--json", "--tied", *ports, "--profile", "instant", *calling) as simulator:
        where = ["--port", str(port), "--database-url", url, "--master-key", MASTER_KEY, "--workers", workers]
        gateway = ["--gateway-url", simulator.card["gateway"], "--gateway-mode", "push"]
        signing = ["--callback-secret", SIGNING_SECRET]
        with running("service", "--json", "--tied", *where, *gateway, *signing) as service:
            yield simulator, service, url
