"""What the people who run a service look at."""

from __future__ import annotations

from belfort.contract.exchange import Answer
from belfort.contract.rule import Rule
from belfort.contract.rules.access import OPERATIONS
from belfort.contract.visit import Visit


def _described(answer: Answer) -> set[tuple[str, str]]:
    paths = answer.member("/paths")
    described = paths.items() if isinstance(paths, dict) else ()
    return {(method.upper(), path) for path, methods in described for method in methods}


async def document(visit: Visit) -> None:
    answer = await visit.call("GET", "/openapi.json", token=None)
    visit.must(
        answer, "an OpenAPI 3.1 document", lambda seen: str(seen.member("/openapi")).startswith("3.1.")
    )
    wanted = {(method, path.replace("/1", "/{id}")) for method, path in OPERATIONS}
    visit.must(answer, "every documented call in it", lambda seen: wanted <= _described(seen))


async def health(visit: Visit) -> None:
    for path in ("/health/live", "/health/ready"):
        visit.must_be(await visit.call("GET", path, token=None, root=True), 200)
    answer = await visit.call("GET", "/metrics", token=None, root=True)
    visit.must(answer, "Prometheus metrics", lambda seen: seen.status == 200 and "# TYPE" in seen.text)
    page = await visit.call("GET", "/docs", token=None, root=True)
    visit.must(page, "a readable page", lambda seen: "text/html" in seen.header("Content-Type"))


RULES = (
    Rule("document-served", "GET /survey/1.0.0/openapi.json: OpenAPI 3.1.", document),
    Rule("health-and-metrics", "GET /health/live, /health/ready, /metrics (Prometheus), /docs.", health),
)
