"""Health, metrics, the document and its page; and that document and routes are the same set."""

import re
from html.parser import HTMLParser
from typing import Any

from openapi_spec_validator import validate

from service.app import Service
from service.web.addresses import BASE
from service.web.api import RESOURCES
from service.web.ops import document
from service.web.problems import Kind
from tests.service.web.caller import Caller, to
from tests.service.web.conftest import Opener

METHODS = {"get", "post", "put", "patch", "delete"}


async def fetch(caller: Caller, path: str) -> tuple[int, Any, str]:
    async with caller.session.get(path) as answer:
        return answer.status, answer.headers, await answer.text()


async def test_a_service_that_runs_is_live_and_ready(caller: Caller) -> None:
    assert (await fetch(caller, "/health/live"))[::2] == (200, '{"status": "ok"}')
    assert (await fetch(caller, "/health/ready"))[::2] == (200, '{"status": "ok"}')


async def test_metrics_count_calls_and_requests_and_name_nobody(open_service: Opener) -> None:
    async with (
        open_service() as service,
        Caller(service.url, await service.open_account("acme", "s")) as caller,
    ):
        survey = await caller.survey(name="waffles")
        await caller.send(survey, to(1234567, referenceId="ref-77"), to(1234567))
        await fetch(caller, "/nowhere/+32471234567")
        _, headers, text = await fetch(caller, "/metrics")
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'survey_calls_total{method="POST",route="/surveys/{id}/send",status="202"} 1.0' in text
    assert 'survey_requests_accepted_total{channel="SMS"} 1.0' in text
    assert 'survey_requests_rejected_total{channel="SMS",reason="CONTACTED_RECENTLY"} 1.0' in text
    assert 'survey_requests_queued{channel="SMS"}' in text
    assert "survey_store_available 1.0" in text
    commits = re.search(r"^survey_store_commits_total ([0-9.]+)$", text, re.MULTILINE)
    assert commits is not None
    assert float(commits[1]) >= 3
    assert [word for word in ("acme", "waffles", "1234567", "ref-77", "nowhere") if word in text] == []


def operations() -> set[tuple[str, str]]:
    """(method, path as called) of the document."""
    found = set()
    for path, item in document()["paths"].items():
        for server in item.get("servers", document()["servers"]):
            for method in METHODS & item.keys():
                found.add((method.upper(), server["url"].rstrip("/") + path))
    return found


async def test_the_document_has_every_route_and_no_other(service: Service) -> None:
    routes = {(method, BASE + path) for path, methods in RESOURCES.items() for method in methods}
    root = service.application.router.routes()
    served = {(route.method, route.resource.canonical) for route in root if route.resource is not None}
    routes |= {(method, path) for method, path in served if method not in ("*", "HEAD")}
    assert operations() == routes


async def test_the_document_is_served_as_it_is_and_valid(caller: Caller) -> None:
    got = await caller.get("/openapi.json", token=None)
    assert (got.status, got.headers["Content-Type"], got.json) == (200, "application/json", document())
    validate(document())
    assert document()["openapi"] == "3.1.0"


def test_the_document_says_what_the_contract_says() -> None:
    schemas = document()["components"]["schemas"]
    assert list(schemas["Report"]["properties"]) == [
        "date", "from", "to", "segments", "segmentMode", "nps", "responseStatistics", "details",
    ]  # fmt: skip
    objects = [schema for schema in schemas.values() if schema.get("type") == "object"]
    closed = [schema for schema in objects if schema.get("additionalProperties") is False]
    assert len(objects) - len(closed) == 2, "only the answers of RFC 6749 are open"
    assert schemas["Order"]["properties"]["requests"]["maxItems"] == 1000


class Page(HTMLParser):
    """Collects what a page refers to and what it offers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.add(value or "")
            if name in ("href", "src", "action"):
                self.links.add(value or "")


async def test_the_page_needs_nothing_from_elsewhere_and_its_links_lead_somewhere(caller: Caller) -> None:
    status, headers, text = await fetch(caller, "/docs")
    page = Page(text)
    assert (status, "{{" in text) == (200, False)
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    assert page.links - {"/survey/1.0.0/openapi.json"} == {
        link for link in page.links if link.startswith("#")
    }
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    assert {f"problem-{kind.value[1]}" for kind in Kind} <= page.ids
    described = [item[method] for item in document()["paths"].values() for method in METHODS & item.keys()]
    assert {operation["operationId"] for operation in described} <= page.ids
    policy = headers["Content-Security-Policy"]
    nonce = re.findall(r'<style nonce="([^"]+)">', text)
    assert len(nonce) == 1
    assert policy.startswith("default-src 'none'")
    assert f"style-src 'nonce-{nonce[0]}'" in policy
    assert nonce[0] not in (await fetch(caller, "/docs"))[2]


async def test_a_wrong_method_or_address_outside_the_api_is_a_problem_too(caller: Caller) -> None:
    async with caller.session.post("/health/live") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
        assert answer.content_type == "application/problem+json"
    assert (await caller.call("POST", "/openapi.json", token=None)).headers["Allow"] == "GET, HEAD"
    for path in (
        "/",
        "/nothing",
        "/health",
        "/docs/../x",
        "/survey/2.0.0/surveys",
        "/docs/%2e%2e/etc/passwd",
    ):
        status, headers, text = await fetch(caller, path)
        assert (status, headers["Content-Type"]) == (404, "application/problem+json"), text
