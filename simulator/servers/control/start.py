"""`version`, `seed` and `reset`: which program this is, and beginning anew."""

from __future__ import annotations

from aiohttp import web

from simulator.servers import forms
from simulator.servers.control.desk import Desk, answer, product_version

ANY_SEED = forms.whole(0, 2**63 - 1)


class StartDesk:
    """The routes `version`, `seed` and `reset`."""

    def __init__(self, desk: Desk, profiles: frozenset[str]) -> None:
        self._desk, self._profiles = desk, profiles

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/version", self.version, allow_head=False),
            web.get("/seed", self.seed, allow_head=False),
            web.put("/seed", self.set_seed),
            web.post("/reset", self.reset),
        ]

    async def version(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        return answer({"product": "belfort simulator", "version": product_version(), "protocol": 1})

    async def seed(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        return answer(self._reading())

    async def set_seed(self, request: web.Request) -> web.Response:
        """Another seed is another town, so what was under way is dropped: the same as a reset."""
        form = await self._desk.form(request)
        seed = form.required("seed", ANY_SEED)
        form.done()
        self._desk.world.reset(seed=seed, profile=None)
        return answer(self._reading())

    async def reset(self, request: web.Request) -> web.Response:
        form = await self._desk.form(request)
        seed = form.optional("seed", ANY_SEED)
        profile = form.optional("profile", forms.word_of(self._profiles))
        form.done()
        self._desk.world.reset(seed=seed, profile=profile)
        return answer(self._reading())

    def _reading(self) -> dict[str, object]:
        return {"seed": self._desk.world.seed, "profile": self._desk.world.profile}
