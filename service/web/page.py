"""The readable page of the OpenAPI document: plain HTML, no script, nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from service.web.problems import Kind

NONCE = "{{nonce}}"
METHODS = ("get", "post", "put", "patch", "delete")

Node = Mapping[str, Any]


def render(document: Node, frame: str) -> str:
    """The page, but for its nonce."""
    info = document["info"]
    parts = {
        "title": escape(info["title"]),
        "summary": escape(info["summary"]),
        "description": escape(info["description"]),
        "version": escape(info["version"]),
        "contents": "".join(_contents(document)),
        "operations": "".join(_by_tag(document)),
        "schemas": "".join(_schemas(document)),
        "problems": _problems(),
    }
    for name, text in parts.items():
        frame = frame.replace("{{" + name + "}}", text)
    return frame


def _operations(document: Node) -> Iterator[tuple[str, str, Node, list[Node]]]:
    """(path as called, method, operation, its parameters)."""
    for path, item in document["paths"].items():
        base = item.get("servers", document["servers"])[0]["url"].rstrip("/")
        for method in METHODS:
            if method in item:
                shared = item.get("parameters", []) + item[method].get("parameters", [])
                yield base + path, method.upper(), item[method], [_resolved(document, p) for p in shared]


def _contents(document: Node) -> Iterator[str]:
    for path, method, operation, _ in _operations(document):
        name = f"<code>{method} {escape(path)}</code>"
        yield f'<li><a href="#{operation["operationId"]}">{name}</a></li>'


def _by_tag(document: Node) -> Iterator[str]:
    for tag in document["tags"]:
        name = tag["name"]
        yield f'<h2 id="{name}">{name.capitalize()}</h2><p>{escape(tag["description"])}</p>'
        for path, method, operation, parameters in _operations(document):
            if tag["name"] in operation["tags"]:
                yield from _operation(document, path, method, operation, parameters)


def _operation(
    document: Node, path: str, method: str, operation: Node, parameters: list[Node]
) -> Iterator[str]:
    line = f'<span class="method">{method}</span> {escape(path)}'
    yield f'<h3 id="{operation["operationId"]}"><code>{line}</code></h3>'
    yield f"<p>{escape(operation['summary'])}.</p>"
    if "description" in operation:
        yield f"<p>{escape(operation['description'])}</p>"
    if parameters:
        yield _table("Parameter", "Meaning", ((p["name"], _parameter(p)) for p in parameters))
    if "requestBody" in operation:
        yield "<h4>Body</h4>" + "".join(_content(operation["requestBody"]["content"]))
    rows = []
    for status, answer in operation["responses"].items():
        found = _resolved(document, answer)
        rows.append((status, escape(found["description"]) + "".join(_content(found.get("content", {})))))
    yield _table("Status", "Answer", rows)


def _parameter(parameter: Node) -> str:
    place = f"in the {parameter['in']}" + (", required" if parameter.get("required") else "")
    text = f" {escape(parameter['description'])}" if "description" in parameter else ""
    return f'<span class="soft">{place}.</span>{text}'


def _content(content: Node) -> Iterator[str]:
    for media in content.values():
        schema = media["schema"]
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield f' <a href="#schema-{name}">{name}</a>'
        if "example" in media:
            shown = json.dumps(media["example"], indent=2, ensure_ascii=False)
            yield f"<pre>{escape(shown)}</pre>"


def _schemas(document: Node) -> Iterator[str]:
    for name, schema in document["components"]["schemas"].items():
        shown = json.dumps(schema, indent=2, ensure_ascii=False)
        yield f'<h3 id="schema-{name}">{name}</h3><pre>{escape(shown)}</pre>'


def _problems() -> str:
    lines = "".join(
        f'<tr id="problem-{name}"><td><code>{name}</code></td><td>{status}: {escape(title)}</td></tr>'
        for status, name, title, _ in (kind.value for kind in Kind)
    )
    return f"<table><tr><th>Type</th><th>Meaning</th></tr>{lines}</table>"


def _table(left: str, right: str, rows: Iterable[tuple[str, str]]) -> str:
    """`right` cells are HTML already."""
    lines = "".join(f"<tr><td><code>{escape(name)}</code></td><td>{text}</td></tr>" for name, text in rows)
    return f'<div class="scroll"><table><tr><th>{left}</th><th>{right}</th></tr>{lines}</table></div>'


def _resolved(document: Node, node: Node) -> Node:
    """What a `$ref` stands for, one step."""
    if "$ref" not in node:
        return node
    found: Any = document
    for step in node["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)
