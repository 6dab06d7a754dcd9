"""`belfort contract`: the documented API checked from outside, at our service or at anybody's."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from cyclopts import Parameter

from belfort.client import Control, http_address
from belfort.connect import CLIENT_ID, CLIENT_SECRET, SERVICE_PORT
from belfort.exits import Exit, Trouble
from belfort.lifetime import run
from belfort.output import console, talk
from belfort.screen import printable

if TYPE_CHECKING:
    from belfort.contract.inspection import Order
    from belfort.contract.rule import Rule, Verdict

EXAMPLES = 20
HERE = ("127.0.0.1", "::1", "localhost")
Hidden = Annotated[str, Parameter(show_default=False)]


def contract(
    *rules: str,
    against: str = f"http://127.0.0.1:{SERVICE_PORT}",
    client_id: str = CLIENT_ID,
    client_secret: Hidden = CLIENT_SECRET,
    second_client_id: str | None = None,
    second_client_secret: Annotated[str | None, Parameter(show_default=False)] = None,
    control: str | None = None,
    control_token: Annotated[str | None, Parameter(show_default=False)] = None,
    junit: Path | None = None,
    document: str = "",
    examples: int = EXAMPLES,
    seed: int | None = None,
    properties: bool | None = None,
    list_: Annotated[bool, Parameter(name="--list", negative="")] = False,
) -> int:
    """Check a service against the contract: the documentation's examples, rules that no schema can say, and
    property-based checks by the OpenAPI document. Exit 1 if a rule is broken, each with a curl that shows it.

    It makes surveys, sends them to numbers +32 450 that belong to nobody, and deletes them. A survey whose
    rule is broken stays, so that its curl shows the same again.

    Parameters
    ----------
    rules
        Names of rules, or their beginnings; all if none is given.
    against
        Base URL of the service.
    client_id
        OAuth client id of an account there.
    client_secret
        Its secret.
    second_client_id
        A client of another account, for what accounts must not see of each other.
    second_client_secret
        Its secret.
    control
        Control API of the simulator that the service sends to, for what needs people who answer.
    control_token
        Its token, if it asks for one.
    junit
        Write JUnit XML to this file.
    document
        An OpenAPI document to use instead of our own: a path or an address.
    examples
        Property-based examples for each operation.
    seed
        Seed of numbers, keys and examples; drawn and printed if none is given.
    properties
        Make the property-based checks (schemathesis) [default: on this machine only, since generated calls
        may name any number].
    list_
        Only list the rules, with their sentences.
    """
    from belfort.contract.inspection import Client, Order, chosen
    from belfort.contract.rules.table import RULES

    wanted = chosen(RULES, rules)
    if list_:
        return _list(wanted)
    if (second_client_id is None) != (second_client_secret is None):
        raise Trouble("--second-client-id and --second-client-secret go together", Exit.USAGE)
    against = http_address(against)
    second = Client(second_client_id, second_client_secret or "") if second_client_id else None
    drawn = secrets.randbelow(2**31) if seed is None else seed
    local = urlsplit(against).hostname in HERE
    by_document = not rules and (local if properties is None else properties)
    order = Order(against, Client(client_id, client_secret), second, None, drawn)
    people = None if control is None else (control, control_token)
    return run(_contract(order, people, wanted, examples if by_document else 0, document, junit))


def _list(rules: Sequence[Rule]) -> int:
    for rule in rules:
        print(f"{rule.name:38}  {rule.sentence}")
    return Exit.WELL


async def _contract(
    order: Order,
    people: tuple[str, str | None] | None,
    rules: Sequence[Rule],
    examples: int,
    document: str,
    junit: Path | None,
) -> int:
    from dataclasses import replace

    from belfort.contract import inspection, properties
    from belfort.contract.junit import document as as_xml

    if examples and not properties.installed():
        raise Trouble(properties.MISSING, Exit.ENVIRONMENT)
    log_in = inspection.how_to_log_in(order.url, second=order.second is not None)
    talk().print(f"{order.url}   seed {order.seed}")
    async with AsyncExitStack() as open_things:
        if people is not None:
            control = await open_things.enter_async_context(Control(*people))
            order = replace(order, control=control)
        verdicts: list[Verdict] = []
        if examples:
            token = await inspection.token(order)
            found = await properties.inspect(
                order.url, token, seed=order.seed, examples=examples, document=document
            )
            for verdict in found:
                _say(verdict)
            verdicts += found
        verdicts += await inspection.inspect(order, rules, _say)  # limits come last
    if junit is not None:
        junit.parent.mkdir(parents=True, exist_ok=True)
        as_xml(verdicts, order.url, log_in).write(junit, encoding="utf-8", xml_declaration=True)
    return _conclude(verdicts, log_in)


MARKS = {"kept": "[green]ok  [/]", "broken": "[red bold]FAIL[/]", "skipped": "[yellow]skip[/]"}


def _say(verdict: Verdict) -> None:
    from belfort.contract.junit import repetition
    from belfort.contract.rule import Result

    out = console()
    why = f"  {verdict.why}" if verdict.result is Result.SKIPPED else ""
    out.print(f"{MARKS[verdict.result.value]}  {verdict.rule}{why}", soft_wrap=True)
    if verdict.result is Result.BROKEN:
        for line in repetition(verdict):
            out.print(f"      {printable(line)}", markup=False, soft_wrap=True)


def _conclude(verdicts: Sequence[Verdict], log_in: Sequence[str]) -> int:
    from belfort.contract.rule import Result

    counts = {result: sum(each.result is result for each in verdicts) for result in Result}
    out = console()
    if counts[Result.BROKEN]:
        out.print("\nThe curls speak of tokens; with id and secret in CLIENT_ID and CLIENT_SECRET:")
        for line in log_in:
            out.print(line, markup=False, soft_wrap=True)
    out.print(f"\n{', '.join(f'{counts[result]} {result.value}' for result in Result)}")
    if counts[Result.BROKEN]:
        return Exit.CHECK_FAILED
    return Exit.WELL if counts[Result.KEPT] else Exit.NOTHING_RAN
