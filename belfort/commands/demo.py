"""`belfort demo`: the main job, in under half a minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from cyclopts import Parameter

from belfort.connect import Where
from belfort.exits import Exit, Trouble
from belfort.lifetime import run, until_told
from belfort.output import console, talk
from belfort.settings import environment

SEED = 2026
UNLIMITED = {
    "send_rate": 1_000_000,
    "send_burst": 10_000_000,
    "call_rate": 1_000_000,
    "call_burst": 10_000_000,
}
"""The demo is its own only customer; its limits are for other people's machines."""


def demo(
    *,
    people: int = 1000,
    days: int = 1,
    seed: int = SEED,
    profile: str = "everyday",
    gateway: str | None = None,
    channel: Annotated[
        Sequence[Literal["SMS", "VOICE", "EMAIL"]], Parameter(negative="", show_default=False)
    ] = (),
    bug: str | None = None,
    stay: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Ask a simulated town, let it answer, and compare every report with the truth; exit 98 if one is wrong.

    Parameters
    ----------
    people
        Inhabitants who are asked, beside one of each number that does things.
    days
        Days over which they are asked; the world's clock jumps from event to event.
    seed
        The town's seed: the same seed, the same people, the same answers.
    profile
        everyday, clean-list, first-time-list, bad-day or instant.
    gateway
        How the service speaks to the gateway: enco (HTTP, the default) or smpp.
    channel
        By which channel people are asked; may be said several times [default: by each].
    bug
        Plant a known bug in the service, so that report and truth part: see belfort demo --bug list.
    stay
        Leave everything running afterwards, until Ctrl-C.
    """
    if bug == "list":
        return _list_bugs()
    for name, given, least, most in (("--people", people, 0, 100_000), ("--days", days, 1, 10_000)):
        if not least <= given <= most:
            raise Trouble(f"{name} is {least:,} to {most:,}, not {given:,}", Exit.USAGE)
    settings = environment(
        {
            "seed": seed,
            "profile": profile,
            "gateway": gateway,
            "clock": "frozen",
            "gateway_deadline": "2s",
            "mail_deadline": "2s",
            **UNLIMITED,
        }
    )
    return run(_demo(settings, people, days, tuple(dict.fromkeys(channel)), bug, stay))


def _list_bugs() -> int:
    from belfort.zoo.bugs import BUGS

    for name, bug in BUGS.items():
        print(f"{name:20}  {bug.area:12}  {bug.about}")
    return Exit.WELL


async def _demo(
    settings: dict[str, str], people: int, days: int, channels: tuple[str, ...], bug: str | None, stay: bool
) -> int:
    from belfort.demo import CHANNELS, Demo, Plan
    from belfort.house import House
    from belfort.zoo.bugs import BUGS

    async with await House.open(
        {"BELFORT_LOG_LEVEL": "error", **settings}, free_ports=True, bug=bug
    ) as house:
        where, screen = house.where(), console()
        if bug is not None:
            screen.print(f"Planted in the service: {BUGS[bug].about}.")
        async with where.api() as api, where.controls() as control:
            plan = Plan(people, days, channels=channels or CHANNELS)
            code = await Demo(api, control, plan, console=screen, aside=talk()).run()
        if stay:
            await _let_go(where)
            screen.print(f"\nstill open: {house.card()['console']}   end with Ctrl-C")
            await until_told()
    return code


async def _let_go(where: Where) -> None:
    """Afterwards the world's time goes by like anybody's."""
    async with where.controls() as control:
        await control.set_clock("real")
