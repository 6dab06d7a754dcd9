"""The control API's description: one hand-written OpenAPI 3.1 document, offered as it is."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from aiohttp import web

from simulator.servers import forms
from simulator.servers.control.desk import answer, product_version


def document() -> dict[str, Any]:
    """The document, with the product's version filled in."""
    read: dict[str, Any] = json.loads(files("simulator.servers").joinpath("openapi.json").read_text("utf-8"))
    read["info"]["version"] = product_version()
    return read


class Description:
    """The route that offers the document."""

    def __init__(self) -> None:
        self._document = document()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/openapi.json", self.show, allow_head=False)]

    async def show(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        return answer(self._document)
