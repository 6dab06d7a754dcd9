"""`belfort send`: a survey to numbers or to a whole customer file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.progress import Progress

from belfort import screen
from belfort.campaign import SURVEYS, Campaign, Customer, Rejection
from belfort.client import SurveyApi
from belfort.connect import HERE, Where
from belfort.customers import read_customers
from belfort.exits import Exit, Trouble
from belfort.ledger import scopes_of_run
from belfort.lifetime import run
from belfort.oracle import Oracle
from belfort.output import console, show, talk


def send(
    *to: str,
    survey: str | None = None,
    csv: Path | None = None,
    language: str | None = None,
    segments: str = "",
    reference: str | None = None,
    channel: str = "SMS",
    batch: int = 500,
    check: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
    where: Where = HERE,
) -> int:
    """Send a survey; rejected rows come back with their line and the reason.

    Parameters
    ----------
    to
        Numbers to send to.
    survey
        Name or id; the newest if none is given, the documentation's "waffles" if there is none at all.
    csv
        A customer file with the columns destination, language, segments, referenceId.
    language
        Which question is asked, for numbers given by hand.
    segments
        Tags, separated by commas, for numbers given by hand.
    reference
        Your own reference, for a number given by hand.
    channel
        SMS, VOICE or EMAIL.
    batch
        Requests in one call, 1000 at most.
    check
        Afterwards let the town answer (the clock runs ahead) and compare the reports with the truth.
    json
        Answer in JSON.
    """
    by_hand = frozenset(tag.strip() for tag in segments.split(",") if tag.strip())
    customers = [Customer(address, language, by_hand, reference) for address in to]
    customers += read_customers(csv) if csv else []
    if not customers:
        raise Trouble("nobody to send to: give numbers, or --csv FILE", Exit.USAGE)
    if not 1 <= batch <= 1000:
        raise Trouble("--batch is 1 to 1000: a call takes no more", Exit.USAGE)
    return run(_send(where, customers, survey, channel, batch, check, json))


async def _send(
    where: Where,
    customers: list[Customer],
    survey: str | None,
    channel: str,
    batch: int,
    check: bool,
    as_json: bool,
) -> int:
    async with where.api() as api:
        chosen = await _survey(api, survey)
        campaign = Campaign(api, channel, tagged=check)
        with screen.progress(talk()) as progress:
            await _with_bar(progress, campaign, chosen, customers, batch)
        _tell(campaign, as_json)
        if check and len(campaign.ledger):
            return await _check(where, campaign)
    return Exit.WELL if len(campaign.ledger) else Exit.CHECK_FAILED


async def _with_bar(
    progress: Progress, campaign: Campaign, survey: int, customers: list[Customer], batch: int
) -> None:
    task = progress.add_task("sending", total=len(customers), note="")
    await campaign.send(survey, customers, batch=batch, progress=lambda count: progress.advance(task, count))


async def _survey(api: SurveyApi, wanted: str | None) -> int:
    known = await api.surveys()
    if wanted is None and not known:
        made = await api.create_survey("waffles", "general", SURVEYS["waffles"])
        return int(made["id"])
    for each in known:
        if wanted is None or wanted in (str(each["id"]), each["name"]):
            return int(each["id"])
    names = ", ".join(f"{each['id']} {each['name']}" for each in known) or "none yet"
    raise Trouble(f"no survey {wanted!r}; there are: {names}", Exit.USAGE)


def _tell(campaign: Campaign, as_json: bool) -> None:
    accepted = [{"id": row.request, "destination": row.address} for row in campaign.ledger]
    rejected = [_row(rejection) for rejection in campaign.rejections]
    if as_json:
        show({"accepted": accepted, "rejected": rejected}, as_json=True)
        return
    console().print(f"accepted {len(accepted):,}, rejected {len(rejected):,}")
    if rejected:
        show(rejected, as_json=False)


def _row(rejection: Rejection) -> dict[str, Any]:
    row = {
        "line": rejection.customer.line,
        "destination": rejection.customer.address,
        "reason": rejection.reason,
        "retryAfter": rejection.retry_after,
    }
    return {name: value for name, value in row.items() if value is not None}


async def _check(where: Where, campaign: Campaign) -> int:
    async with where.controls() as control:
        with screen.busy(talk(), "the town answers"):
            await control.drain()
        with screen.busy(talk(), "comparing"):
            oracle = Oracle(campaign.api, control, campaign.ledger)
            finding = await oracle.judge(scopes_of_run(campaign.ledger))
    screen.verdict(talk(), finding)
    return Exit.WELL if finding.agrees else Exit.WRONG_ANSWER
