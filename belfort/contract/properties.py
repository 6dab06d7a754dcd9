"""Property-based and stateful checks: schemathesis with the OpenAPI document.

It runs as a process of its own, and only when it is asked for: importing it costs a second, and its plug-ins
are nobody else's business. Its findings become verdicts like those of the rules.
"""

from __future__ import annotations

import asyncio
import importlib.util
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, parse

from belfort.client import BASE
from belfort.contract.rule import Result, Verdict
from belfort.exits import Exit, Trouble
from belfort.settings import environment

DOCUMENT = Path(__file__).parents[2] / "service" / "web" / "openapi.json"
"""The one source. It lies in the same distribution; nothing of the service is imported to read it."""
CONFIG = Path(__file__).with_name("schemathesis.toml")
HOOKS = "belfort.contract.hooks"
NOT_THE_API = r"^/(docs|metrics|health|openapi)"
PHASES = "examples,coverage,fuzzing,stateful"
SENTENCE = "The OpenAPI 3.1 document is the one source."
MISSING = (
    "the property-based checks need schemathesis: install belfort[contract], or leave them out with "
    "--no-properties"
)
FOUND = re.compile(r"^- (ST\d+ .*)$", re.M)
CURLS = re.compile(r"^ {4}(curl .*)$", re.M)
SAID = re.compile(r"^(\[\d+\] [^\n]*)", re.M)


def installed() -> bool:
    """Whether the checks can be made on this machine."""
    return importlib.util.find_spec("schemathesis") is not None


async def inspect(
    url: str,
    token: str,
    *,
    seed: int,
    examples: int,
    document: str = "",
    only: str = "",
    phases: str = PHASES,
) -> list[Verdict]:
    """A verdict for each operation of the document, and one for sequences of them.

    `document`: the path or address of another one; `only`: one operation of it; `phases`: some of
    schemathesis' own. Errors: Trouble, when it is missing or breaks.
    """
    if not installed():
        raise Trouble(MISSING, Exit.ENVIRONMENT)
    with tempfile.TemporaryDirectory(prefix="belfort-") as folder:
        report = Path(folder, "report.xml")
        chosen = ("--include-name", only) if only else ()
        said = await _run(
            document or str(DOCUMENT), "--url", url + BASE, "--seed", str(seed),
            "--max-examples", str(examples), "--phases", phases, "--exclude-path-regex", NOT_THE_API,
            "--report-junit-path", str(report), *chosen, folder=folder, token=token,
        )  # fmt: skip
        return list(_read(report, said, token))


def _read(report: Path, said: str, token: str) -> Iterator[Verdict]:
    if not report.exists():
        raise Trouble(f"schemathesis broke off: {said[-500:]}", Exit.INTERNAL)
    for case in parse(report).iter("testcase"):  # noqa: S314  # written a moment ago by our own child
        yield from _verdicts(case, token)


async def _run(document: str, *options: str, folder: str, token: str) -> str:
    """What it printed."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
        "--config-file", str(CONFIG), "run", document, "--no-color", "--report", "junit",
        "--output-sanitize", "false", *options,
        cwd=folder,
        env={**environment({}), "CONTRACT_TOKEN": token, "SCHEMATHESIS_HOOKS": HOOKS},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await running.communicate()
    return output.decode(errors="replace")


def _verdicts(case: Element, token: str) -> Iterator[Verdict]:
    name, seconds = f"schema: {case.get('name')}", float(case.get("time") or 0)
    complaints = case.findall("failure") + case.findall("error")
    if not complaints:
        yield Verdict(name, SENTENCE, Result.KEPT, seconds)
    for complaint in complaints:
        yield _complaint(name, complaint.text or "", token)


def _complaint(name: str, text: str, token: str) -> Verdict:
    """The first finding of a text that may hold several: its siblings come again once it is mended."""
    found, saw, curls = FOUND.search(text), SAID.search(text), CURLS.findall(text.split("\n2. ")[0])
    masked = [
        curl.replace(f"'Authorization: Bearer {token}'", '"Authorization: Bearer $TOKEN"') for curl in curls
    ]
    *before, last = masked or [""]
    return Verdict(
        name,
        SENTENCE,
        Result.BROKEN,
        why=f"an answer as the document describes it ({found[1] if found else text[:200]})",
        saw=saw[1] if saw else "no answer",
        curl=last.replace("curl -X", "curl -sSi -X", 1),
        before=tuple(before),
    )
