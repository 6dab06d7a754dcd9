"""`belfort run`: scenarios, by a thin cover over pytest, which collects and runs them."""

from __future__ import annotations

import json as jsons
import re
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from belfort.exits import Exit, Trouble
from belfort.scenario import SUFFIX
from belfort.scenario.case import Case
from belfort.scenario.marks import suggestion
from belfort.scenario.scenario import Scenario, found_in, read_scenario

NODE = "::"


def run(
    *paths: str,
    select: Annotated[str | None, Parameter(name=["--select", "-k"])] = None,
    workers: Annotated[str | None, Parameter(name=["--workers", "-n"])] = None,
    first: Annotated[bool, Parameter(name=["--first", "-x"], negative="")] = False,
    explain: Annotated[bool, Parameter(negative="")] = False,
    schema: Annotated[bool, Parameter(negative="")] = False,
    seed: Annotated[int | None, Parameter(validator=Number(gte=0, lt=2**63))] = None,
    lane: Annotated[int | None, Parameter(validator=Number(gte=0, lt=100))] = None,
    bug: str | None = None,
    against: str | None = None,
    control: str | None = None,
    client_id: str | None = None,
    client_secret: Annotated[str | None, Parameter(show_default=False)] = None,
    junit: Path | None = None,
    html: Path | None = None,
    github: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Play scenarios, each on a fresh harness of its own, and compare every report with the truth.

    Parameters
    ----------
    paths
        Files *.belfort.yaml, folders that hold some, or one case: FILE::NAME.
    select
        Only those whose names match, as pytest's -k has it: "languages and not nl".
    workers
        How many at a time, or auto.
    first
        Stop at the first that fails.
    explain
        Say what each step would do, and do nothing.
    schema
        Print the JSON Schema of the language.
    seed
        The town's seed, instead of each scenario's own.
    lane
        The lane of the numbers that do things, 0 to 99.
    bug
        Build the service with this planted bug.
    against
        Base URL of a running survey service, ours or anybody's.
    control
        Base URL of the control API of the simulator beside it.
    client_id
        OAuth client id of the account to call as.
    client_secret
        Its secret.
    junit
        Write JUnit XML.
    html
        Write one page about it all, that opens from disk.
    github
        Annotate the scenario's lines for GitHub; done by itself when run there.
    """
    if schema:
        from belfort.scenario.schema import schema as made

        print(jsons.dumps(made(), indent=1, ensure_ascii=False))
        return Exit.WELL
    scenarios = _read(paths)
    cases = _chosen(scenarios, paths)
    if explain:
        from belfort.scenario.explaining import explain as told

        print("\n\n".join(told(case) for case in cases))
        return Exit.WELL
    _check(bug, against, control, workers)
    options = {
        "seed": seed, "lane": lane, "bug": bug, "against": against, "control": control,
        "client-id": client_id, "client-secret": client_secret, "html": html,
    }  # fmt: skip
    from belfort.scenario.session import session

    return session(
        paths,
        [f"--scenario-{name}={value}" for name, value in options.items() if value is not None],
        select=select,
        workers=workers,
        first=first,
        junit=junit,
        github=github,
        titles=[case.title for case in cases],
    )


def _check(bug: str | None, against: str | None, control: str | None, workers: str | None) -> None:
    """Whether these go together; said before anything runs."""
    from belfort.scenario.environment import running

    if workers not in (None, "auto", "logical") and not re.fullmatch("[1-9][0-9]{0,2}", workers or ""):
        raise Trouble(f"--workers takes a number from 1 to 999, or auto; not {workers!r}", Exit.USAGE)
    borrowed = running(url=against, control=control) is not None
    if bug is None:
        return
    from belfort.zoo.bugs import parts_of

    parts_of(bug)
    if borrowed:
        raise Trouble(
            "--bug builds a service of its own; leave out --against, and unset BELFORT_URL", Exit.USAGE
        )


def _read(paths: tuple[str, ...]) -> list[Scenario]:
    """Read everything before anything runs; what is wrong anywhere is said of all files at once."""
    if not paths:
        raise Trouble(
            "which scenarios? Give files *.belfort.yaml, or a folder: belfort run scenarios/", Exit.USAGE
        )
    read, wrong = (
        [],
        [f"{path} is no scenario: its name does not end with {SUFFIX}" for path in _others(paths)],
    )
    for path in dict.fromkeys(found_in([Path(each.partition(NODE)[0]) for each in paths])):
        try:
            read.append(read_scenario(path))
        except Trouble as trouble:
            wrong.append(str(trouble))
    if wrong:
        raise Trouble("\n".join(wrong), Exit.USAGE)
    if not read:
        raise Trouble(f"no scenario *.belfort.yaml in {', '.join(paths)}", Exit.NOTHING_RAN)
    return read


def _others(paths: tuple[str, ...]) -> list[str]:
    """Files that pytest would not collect as scenarios."""
    files = [each.partition(NODE)[0] for each in paths]
    return [each for each in files if Path(each).is_file() and not each.endswith(SUFFIX)]


def _chosen(scenarios: list[Scenario], paths: tuple[str, ...]) -> list[Case]:
    """Every case, or those that were named behind `::`. `Trouble` for a name that none has."""
    chosen = []
    for scenario in scenarios:
        titles = tuple(case.title for case in scenario.cases)
        asked = [each.partition(NODE) for each in paths if Path(each.partition(NODE)[0]) == scenario.path]
        named = {name for _, _, name in asked if name}
        for name in sorted(named - set(titles)):
            raise Trouble(f"no case {name!r} in {scenario.path}; {suggestion(name, titles)}", Exit.USAGE)
        whole = not named or any(not name for _, _, name in asked)
        chosen += [case for case in scenario.cases if whole or case.title in named]
    return chosen
