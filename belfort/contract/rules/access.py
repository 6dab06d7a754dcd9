"""Who may call: tokens, and 401 before everything else."""

from __future__ import annotations

from urllib.parse import urlencode

from belfort.client import BASE
from belfort.contract.exchange import Answer, Call
from belfort.contract.rule import Rule
from belfort.contract.visit import Visit

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANT = {"grant_type": "client_credentials"}
IN_CLEAR = "&client_id=$CLIENT_ID&client_secret=$CLIENT_SECRET"
OPERATIONS = (
    ("GET", "/surveys"),
    ("POST", "/surveys"),
    ("GET", "/surveys/1"),
    ("DELETE", "/surveys/1"),
    ("POST", "/surveys/1/question"),
    ("POST", "/surveys/1/send"),
    ("GET", "/surveys/1/report"),
    ("GET", "/report"),
)


def _grants(answer: Answer) -> bool:
    said = answer.json or {}
    return (
        answer.status == 200
        and isinstance(said.get("access_token"), str)
        and said.get("token_type") == "Bearer"
        and isinstance(said.get("expires_in"), int)
        and isinstance(said.get("scope"), str)
    )


def token_calls(root: str) -> list[Call]:
    """The three ways in which real clients give their id and secret."""
    grant = urlencode(GRANT)
    return [
        Call("POST", f"{root}/token?{grant}", user="$CLIENT_ID:$CLIENT_SECRET"),
        Call("POST", f"{root}/token", FORM, (grant + IN_CLEAR).encode()),
        Call("POST", f"{root}/token?{grant}{IN_CLEAR}"),
    ]


async def token_in_three_ways(visit: Visit) -> None:
    for call in token_calls(visit.site.url):
        visit.must(await visit.make(call), "a bearer token with its four members", _grants)


async def token_under_the_base_path(visit: Visit) -> None:
    answer = await visit.make(token_calls(visit.site.url + BASE)[0])
    visit.must(answer, "a bearer token with its four members", _grants)
    visit.must(
        answer,
        "Cache-Control: no-store",
        lambda seen: "no-store" in seen.header("Cache-Control"),
    )


async def token_errors(visit: Visit) -> None:
    other = Call("POST", f"{visit.site.url}/token?grant_type=password", user="$CLIENT_ID:$CLIENT_SECRET")
    visit.must_say(await visit.make(other), 400, "/error", "unsupported_grant_type")
    wrong = Call("POST", f"{visit.site.url}/token?{urlencode(GRANT)}", user="belfort-nobody:wrong")
    visit.must_say(await visit.make(wrong), 401, "/error", "invalid_client")


def _asks_for_a_token(answer: Answer) -> bool:
    return answer.status == 401 and answer.header("WWW-Authenticate").startswith("Bearer")


async def auth_first(visit: Visit) -> None:
    for method, path in OPERATIONS:
        for token in (None, "not-a-token"):
            answer = await visit.call(method, path, token=token, raw="{" if method == "POST" else None)
            visit.must(answer, "status 401 with WWW-Authenticate: Bearer", _asks_for_a_token)


RULES = (
    Rule(
        "token-in-three-ways",
        "The client id and secret come as HTTP Basic or as form or query parameters, since real clients of "
        "this platform do all three.",
        token_in_three_ways,
    ),
    Rule(
        "token-under-the-base-path",
        "The token end point is also reachable under the base path; Cache-Control: no-store.",
        token_under_the_base_path,
    ),
    Rule("token-errors", "RFC 6749 error bodies.", token_errors),
    Rule(
        "auth-first",
        "A missing, wrong or expired token is 401 with WWW-Authenticate: Bearer; the first that applies "
        "answers: 401, 404, …",
        auth_first,
    ),
)
