"""The control API's way to say no: problem+json (RFC 9457), with every fault of the input named.

`Problem` says that the call cannot be done: handlers and forms raise it, `answered` turns it into JSON.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a JSON pointer (RFC 6901), a line of YAML or a parameter; and what to do."""

    where: str
    detail: str

    def as_json(self) -> dict[str, str]:
        if self.where.startswith("line "):
            return {"place": self.where, "detail": self.detail}
        kind = "pointer" if self.where == "" or self.where.startswith("/") else "parameter"
        return {kind: self.where, "detail": self.detail}


class Problem(Exception):
    """Why a call is answered with an error."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.faults = faults
        self.headers = dict(headers or {})
        self.members = members

    def answer(self) -> web.Response:
        """The problem as a response."""
        body: dict[str, object] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.faults:
            body["errors"] = [fault.as_json() for fault in self.faults]
        return web.Response(
            text=json.dumps(body | self.members, ensure_ascii=False),
            status=self.status,
            content_type="application/problem+json",
            headers=self.headers,
        )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` Did you mean "x"?` when one of the known words looks like it; otherwise the known words."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"known: {', '.join(words)}" if words else "none is known here"


def not_found(what: str) -> Problem:
    return Problem(404, what)


_HINTS = {
    404: "there is no such route; GET /control/v1/openapi.json lists them all",
    413: "the body is too large",
}


def from_http(error: web.HTTPException) -> Problem:
    """aiohttp's own refusals (no such route, wrong method, body too large) in our words."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        return Problem(405, f"this route knows {allowed}, not {error.method}", headers={"Allow": allowed})
    return Problem(error.status, _HINTS.get(error.status, error.reason))


@web.middleware
async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal becomes problem+json."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem.answer()
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return from_http(error).answer()
