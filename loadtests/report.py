"""The folder `belfort-report/`: a page, Locust's own page and tables, JUnit XML, JSON."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from locust.env import Environment
from locust.html import get_html_report
from locust.stats import PERCENTILES_TO_REPORT, StatsCSV
from page import page
from verdict import Verdict

SUITE = "belfort load"


def write_report(folder: Path, verdict: Verdict, run: Any, environment: Environment) -> None:
    """Everything about the run, in files that open from disk."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "verdict.json").write_text(json.dumps(verdict.as_json(), indent=1, ensure_ascii=False) + "\n")
    junit(verdict).write(folder / "junit.xml", encoding="utf-8", xml_declaration=True)
    tables = StatsCSV(environment, PERCENTILES_TO_REPORT)
    for name, write in (("stats", tables.requests_csv), ("failures", tables.failures_csv)):
        with (folder / f"locust_{name}.csv").open("w", newline="") as file:
            write(csv.writer(file))
    (folder / "locust.html").write_text(get_html_report(environment, show_download_link=False))
    (folder / "index.html").write_text(
        page(verdict, run.timeline, run.flows, run.gauges, environment.stats.total)
    )


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
                failure.text = "\n".join(str(culprit) for culprit in verdict.culprits)
    SubElement(suite, "system-out").text = "\n".join(verdict.lines())
    indent(root)
    return ElementTree(root)
