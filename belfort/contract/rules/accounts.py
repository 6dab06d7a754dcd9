"""Two accounts that must not know of each other."""

from __future__ import annotations

from belfort.contract.rule import Needs, Rule
from belfort.contract.rules.reports import TOTAL
from belfort.contract.rules.sending import reasons
from belfort.contract.visit import QUESTION, Visit

OTHER = "$TOKEN_TWO"
BOTH = frozenset({Needs.SECOND_ACCOUNT})


async def not_reachable(visit: Visit) -> None:
    survey = await visit.survey()
    requests = {"requests": [{"channel": "SMS", "destination": visit.site.number()}]}
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/report", None),
        ("POST", "/question", {**QUESTION, "language": "fr"}),
        ("POST", "/send", requests),
        ("POST", "/send", {}),
        ("DELETE", "", None),
    ):
        answer = await visit.call(method, f"/surveys/{survey}{path}", body, token=OTHER)
        visit.must_be(answer, 404)
    visit.must_be(await visit.call("GET", f"/surveys/{survey}"), 200)


async def not_counted(visit: Visit) -> None:
    before = visit.count(await visit.call("GET", "/report", token=OTHER), TOTAL)
    survey = await visit.survey()
    visit.must_say(await visit.send(survey, {"segments": ["gold"]}), 202, "/accepted", 1)
    visit.must_say(await visit.call("GET", "/report", token=OTHER), 200, TOTAL, before)
    listed = await visit.call("GET", "/surveys", token=OTHER)
    visit.must(
        listed,
        f"no survey {survey} in the list",
        lambda seen: (
            isinstance(seen.json, list) and survey not in [each.get("id") for each in seen.objects("")]
        ),
    )


async def interval_of_its_own(visit: Visit) -> None:
    number = visit.site.number()
    for token in ("$TOKEN", OTHER):
        survey = await visit.survey(token=token)
        answer = await visit.send(survey, {"destination": number}, token=token)
        visit.must(answer, "ACCEPTED", lambda seen: reasons(seen) == [None])


RULES = (
    Rule(
        "another-accounts-survey",
        "One account never sees, counts, changes or deletes another's data: for it, the other's survey is a "
        "404.",
        not_reachable,
        BOTH,
    ),
    Rule("another-accounts-figures", "One account never sees or counts another's data.", not_counted, BOTH),
    Rule(
        "contact-interval-of-an-account",
        "One person gets at most one survey in the interval, over all surveys of the account.",
        interval_of_its_own,
        BOTH,
    ),
)
