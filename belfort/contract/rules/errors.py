"""How a service says no: problems, every fault named, and which no comes first."""

from __future__ import annotations

from belfort.contract.exchange import Answer
from belfort.contract.rule import Rule
from belfort.contract.visit import QUESTION, Visit

NOWHERE = 2_147_483_000
"""A survey's id that no account has."""
NEW = {"name": "belfort contract", "interactionType": "check", "questions": [QUESTION]}
HALF = '{"name": "x", "interactionType": "y", "questions": [{"body": "z", "language": "nl"}], '


def pointers(answer: Answer) -> set[str]:
    """Where the faults are that a problem lists."""
    return {str(each.get("pointer")) for each in answer.objects("/errors")}


def parameters(answer: Answer) -> set[str]:
    """Which parameters a problem complains about."""
    return {str(each.get("parameter")) for each in answer.objects("/errors")}


def is_problem(answer: Answer) -> bool:
    """RFC 9457, with the platform's fault riding along."""
    said = answer.json
    return (
        answer.header("Content-Type").startswith("application/problem+json")
        and isinstance(said, dict)
        and said.get("status") == answer.status
        and all(isinstance(said.get(name), str) for name in ("type", "title", "detail"))
        and isinstance(said.get("fault"), dict)
        and {"code", "message", "description"} <= set(said["fault"])
    )


async def problem_form(visit: Visit) -> None:
    for answer in (
        await visit.call("GET", f"/surveys/{NOWHERE}"),
        await visit.call("PUT", "/surveys"),
        await visit.call("POST", "/surveys", {}),
        await visit.call("GET", "/surveys", token=None),
    ):
        visit.must(answer, "application/problem+json with type, title, status, detail and fault", is_problem)


async def every_fault(visit: Visit) -> None:
    broken = {"interactionType": "", "questions": [{"body": "?", "language": "not a tag"}], "colour": "red"}
    answer = await visit.call("POST", "/surveys", broken)
    wanted = {"/name", "/interactionType", "/questions/0/language", "/colour"}
    visit.must(
        answer,
        f"status 400 with errors at {', '.join(sorted(wanted))}",
        lambda seen: seen.status == 400 and wanted <= pointers(seen),
    )


async def unknown_member(visit: Visit) -> None:
    answer = await visit.call("POST", "/surveys", {**NEW, "intercationType": "x"})
    visit.must(
        answer,
        "status 400 that names /intercationType",
        lambda seen: seen.status == 400 and "/intercationType" in pointers(seen),
    )


async def unknown_parameter(visit: Visit) -> None:
    answer = await visit.call("GET", "/report", query={"segmentsMode": "ANY"})
    visit.must(
        answer,
        "status 400 that names segmentsMode",
        lambda seen: seen.status == 400 and "segmentsMode" in parameters(seen),
    )


async def statuses(visit: Visit) -> None:
    visit.must_be(await visit.call("GET", f"/surveys/{NOWHERE}"), 404)
    visit.must_be(await visit.call("GET", f"/surveys/{NOWHERE}/report"), 404)
    visit.must_be(await visit.call("DELETE", f"/surveys/{NOWHERE}"), 404)
    visit.must_be(await visit.call("POST", "/surveys", raw="{"), 400)
    visit.must_be(await visit.call("POST", "/surveys", raw="a", headers={"Content-Type": "text/plain"}), 415)
    coded = {"Content-Encoding": "gzip"}
    visit.must_be(await visit.call("POST", "/surveys", NEW, headers=coded), 415)
    visit.must_be(await visit.call("POST", "/surveys", raw=" " * (1024 * 1024 + 1)), 413)


async def allow(visit: Visit) -> None:
    for path, allowed in (("/surveys", {"GET", "POST"}), ("/report", {"GET"})):
        answer = await visit.call("PUT", path)
        visit.must(
            answer,
            f"status 405 with Allow: {', '.join(sorted(allowed))}",
            lambda seen, allowed=allowed: seen.status == 405 and allowed <= _methods(seen),  # type: ignore[misc]  # a default binds the loop's value
        )


def _methods(answer: Answer) -> set[str]:
    return {method.strip() for method in answer.header("Allow").split(",")}


async def order_of_refusals(visit: Visit) -> None:
    plain = {"Content-Type": "text/plain"}
    path = f"/surveys/{NOWHERE}/send"
    visit.must_be(await visit.call("POST", path, raw="a", headers=plain, token=None), 401)
    visit.must_be(await visit.call("POST", path, raw="a", headers=plain), 404)
    visit.must_be(await visit.call("PUT", "/surveys", raw="a", headers=plain), 405)
    visit.must_be(await visit.call("POST", "/surveys", raw=" " * (1024 * 1024 + 1), headers=plain), 415)


async def unsound_json(visit: Visit) -> None:
    await visit.survey()  # what is sound is taken
    for member in ('"name": "twice"', '"x": NaN'):
        visit.must_be(await visit.call("POST", "/surveys", raw=f"{HALF}{member}}}"), 400)
    for name in ("a\\u0000b", "a\\ud800b"):
        text = HALF.replace('"x"', f'"{name}"').rstrip(", ") + "}"
        visit.must_be(await visit.call("POST", "/surveys", raw=text), 400)


async def null_is_left_out(visit: Visit) -> None:
    answer = await visit.call("POST", "/surveys", {**NEW, "name": None})
    visit.must(
        answer,
        "status 400 that names /name, as if it were left out",
        lambda seen: seen.status == 400 and "/name" in pointers(seen),
    )
    survey = await visit.survey()
    nothing = {"language": None, "segments": None, "referenceId": None}
    visit.must_say(await visit.send(survey, nothing), 202, "/accepted", 1)


async def nothing_has_happened(visit: Visit) -> None:
    before = await visit.call("GET", "/surveys")
    visit.must(before, "status 200, an array", lambda seen: seen.status == 200 and _is_array(seen))
    many = len(before.json)
    visit.must_be(await visit.call("POST", "/surveys", {**NEW, "colour": "red"}), 400)
    after = await visit.call("GET", "/surveys")
    visit.must(after, f"{many} surveys, as before", lambda seen: _is_array(seen) and len(seen.json) == many)


def _is_array(answer: Answer) -> bool:
    return isinstance(answer.json, list)


RULES = (
    Rule(
        "errors-are-problems",
        "application/problem+json (RFC 9457): type, title, status, detail; the platform's own form rides "
        "along as fault = {code, message, description}.",
        problem_form,
    ),
    Rule("errors-all-named", "For bad input errors, every fault found, each with its place.", every_fault),
    Rule("unknown-member", "Unknown members are 400 and named.", unknown_member),
    Rule("unknown-parameter", "Unknown query parameters are 400 and named.", unknown_parameter),
    Rule(
        "statuses",
        "400 malformed · 404 · 413 body over 1 MiB · 415 not JSON, or a content coding.",
        statuses,
    ),
    Rule("method-not-allowed", "405 (with Allow).", allow),
    Rule(
        "order-of-refusals",
        "The first that applies answers: 401, 404, 405, 415, 413, 400, 409, 422.",
        order_of_refusals,
    ),
    Rule("unsound-json", "NUL, lone surrogates, NaN and repeated members are 400.", unsound_json),
    Rule("null-is-left-out", "null is as if left out.", null_is_left_out),
    Rule("refused-leaves-no-trace", "Nothing of a request that is answered 4xx has happened.",
         nothing_has_happened),
)  # fmt: skip
