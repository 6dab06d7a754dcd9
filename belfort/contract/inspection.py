"""One inspection: every rule in its turn, each with a visit of its own."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import aiohttp

from belfort.client import Control
from belfort.contract.exchange import Call
from belfort.contract.rule import MISSHAPEN, Broken, Needs, NotPossible, Result, Rule, Verdict
from belfort.contract.visit import Site, Visit, log_in
from belfort.exits import Exit, Trouble

DEADLINE = aiohttp.ClientTimeout(total=60, sock_connect=10)


@dataclass(frozen=True, slots=True)
class Client:
    """Who calls."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Order:
    """What is inspected, and with what."""

    url: str
    first: Client
    second: Client | None = None
    control: Control | None = None
    seed: int = 0

    def misses(self, rule: Rule) -> str:
        """What the check of `rule` needs and is not there; empty if it can be made."""
        given = {Needs.SECOND_ACCOUNT: self.second, Needs.PEOPLE: self.control}
        return " and ".join(need.value for need in rule.needs if given[need] is None)


async def inspect(
    order: Order, rules: Sequence[Rule], hear: Callable[[Verdict], None] = lambda verdict: None
) -> list[Verdict]:
    """A verdict on each of `rules`; `hear` is told of each as it falls. `Trouble` when nobody answers."""
    async with _session() as session:
        site = Site(order.url.rstrip("/"), {}, session, random.Random(order.seed), order.control)
        await _log_in(site, order)
        verdicts = []
        for rule in rules:
            verdict = await check(site, rule, order.misses(rule))
            verdicts.append(verdict)
            hear(verdict)
        return verdicts


def _session() -> aiohttp.ClientSession:
    """Each call on a connection of its own, like the curl that repeats it."""
    return aiohttp.ClientSession(timeout=DEADLINE, connector=aiohttp.TCPConnector(force_close=True))


async def _log_in(site: Site, order: Order) -> None:
    for suffix, client in (("", order.first), ("_TWO", order.second)):
        if client is None:
            continue
        site.secrets |= {
            "CLIENT_ID" + suffix: client.client_id,
            "CLIENT_SECRET" + suffix: client.client_secret,
        }
        site.secrets["TOKEN" + suffix] = await log_in(site, "CLIENT_ID" + suffix, "CLIENT_SECRET" + suffix)


async def token(order: Order) -> str:
    """A token for the first account. `Trouble` if the service gives none."""
    async with _session() as session:
        site = Site(order.url, {}, session, random.Random(order.seed))
        await _log_in(site, order)
        return site.secrets["TOKEN"]


async def check(site: Site, rule: Rule, misses: str = "") -> Verdict:
    """The verdict on one rule. What a failed check has made stays, so that its curl shows the same again."""
    if misses:
        return Verdict(rule.name, rule.sentence, Result.SKIPPED, why=f"needs {misses}")
    visit, began = Visit(site), time.monotonic()
    try:
        await rule.check(visit)
    except Broken as broken:
        return _broken(rule, broken, time.monotonic() - began)
    except MISSHAPEN as error:
        if visit.last is None:
            raise
        shapeless = Broken("an answer of the documented shape", visit.last, lambda seen: False)
        shapeless.__cause__ = error
        return _broken(rule, shapeless, time.monotonic() - began)
    except NotPossible as reason:
        return Verdict(rule.name, rule.sentence, Result.SKIPPED, time.monotonic() - began, str(reason))
    await visit.put_away()
    return Verdict(rule.name, rule.sentence, Result.KEPT, time.monotonic() - began)


def _broken(rule: Rule, broken: Broken, seconds: float) -> Verdict:
    *before, last = broken.calls
    return Verdict(
        rule.name,
        rule.sentence,
        Result.BROKEN,
        seconds,
        why=broken.expected,
        saw=broken.answer.shown(),
        curl=last.curl(),
        before=tuple(call.curl() for call in before),
        broken=broken,
    )


def how_to_log_in(url: str, *, second: bool) -> list[str]:
    """Shell lines that set what the curls speak of; the secrets themselves are the reader's."""
    lines = []
    for suffix in ("", "_TWO") if second else ("",):
        user = f"$CLIENT_ID{suffix}:$CLIENT_SECRET{suffix}"
        call = Call("POST", f"{url}/token?grant_type=client_credentials", user=user)
        taken = "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"access_token\"])'"
        lines.append(f"export TOKEN{suffix}=$({call.curl().replace('-sSi', '-sS')} | {taken})")
    return lines


def chosen(rules: Iterable[Rule], names: Sequence[str]) -> list[Rule]:
    """The rules with these names, or that begin with them; all if none is given. `Trouble` for a word that
    fits none."""
    known = list(rules)
    for name in names:
        if not any(rule.name.startswith(name) for rule in known):
            raise Trouble(f"no rule is called {name!r}; see: belfort contract --list", Exit.USAGE)
    return [rule for rule in known if not names or rule.name.startswith(tuple(names))]
