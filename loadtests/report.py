"""The folder `belfort-report/`: a page, Locust's own page and tables, JUnit XML, JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from locust.env import Environment
from locust.html import get_html_report
from locust.stats import PERCENTILES_TO_REPORT, StatsCSV
from page import page
from verdict import Verdict

SUITE = "belfort load"


def forget(folder: Path) -> None:
    """What an earlier run came to must not be taken for the verdict of one that comes to none."""
    for name in ("verdict.json", "junit.xml", "index.html"):
        (folder / name).unlink(missing_ok=True)


def write_report(folder: Path, verdict: Verdict, run: Any, environment: Environment) -> None:
    """Everything about the run, in files that open from disk. The verdict comes last, since it tells what
    could not be written, and must agree with the exit code.
    """
    parts: tuple[Callable[[], object], ...] = (
        lambda: folder.mkdir(parents=True, exist_ok=True),
        lambda: _tables(folder, environment),
        lambda: _write(folder / "locust.html", get_html_report(environment, show_download_link=False)),
        lambda: _write(
            folder / "index.html", page(verdict, run.timeline, run.flows, run.gauges, environment.stats.total)
        ),
        lambda: junit(verdict).write(folder / "junit.xml", encoding="utf-8", xml_declaration=True),
        lambda: _write(
            folder / "verdict.json", json.dumps(verdict.as_json(), indent=1, ensure_ascii=False) + "\n"
        ),
    )
    for write in parts:
        try:
            write()
        except OSError as error:
            verdict.not_written(error)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def _tables(folder: Path, environment: Environment) -> None:
    tables = StatsCSV(environment, PERCENTILES_TO_REPORT)
    for name, write in (("stats", tables.requests_csv), ("failures", tables.failures_csv)):
        with (folder / f"locust_{name}.csv").open("w", newline="", encoding="utf-8") as file:
            write(csv.writer(file))


def junit(verdict: Verdict) -> ElementTree[Element]:
    """One test case a threshold; who is behind a wrong answer stands in the failure's text."""
    told = {"name": SUITE, "tests": str(len(verdict.judged)), "failures": str(len(verdict.crossed))}
    root = Element("testsuites", told)
    suite = SubElement(root, "testsuite", {**told, "errors": "0", "skipped": "0"})
    for each in verdict.judged:
        name = f"{each.threshold.section} {each.name} {each.threshold.written}"
        case = SubElement(suite, "testcase", {"classname": "belfort.load", "name": name})
        if not each.kept:
            failure = SubElement(case, "failure", {"message": f"{each.threshold.written}: {each.told()}"})
            if each.threshold.section == "truth":
                failure.text = "\n".join([*map(str, verdict.culprits), *verdict.told])
    SubElement(suite, "system-out").text = "\n".join(verdict.lines())
    indent(root)
    return ElementTree(root)
