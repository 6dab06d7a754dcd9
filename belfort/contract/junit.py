"""Verdicts as JUnit XML: one test case a rule, so that any build server shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from belfort.contract.rule import Result, Verdict

SUITE = "belfort contract"
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def document(verdicts: Sequence[Verdict], url: str, log_in: Sequence[str]) -> ElementTree[Element]:
    """One suite; the text of a failure repeats it in a shell."""
    counts = {result: sum(each.result is result for each in verdicts) for result in Result}
    seconds = f"{sum(each.seconds for each in verdicts):.3f}"
    told = {
        "name": SUITE,
        "tests": str(len(verdicts)),
        "failures": str(counts[Result.BROKEN]),
        "errors": "0",
        "time": seconds,
    }
    root = Element("testsuites", told)
    skipped = str(counts[Result.SKIPPED])
    suite = SubElement(root, "testsuite", {**told, "skipped": skipped, "hostname": url})
    for verdict in verdicts:
        _case(suite, verdict, log_in)
    indent(root)
    return ElementTree(root)


def _case(suite: Element, verdict: Verdict, log_in: Sequence[str]) -> None:
    told = {"classname": SUITE.replace(" ", "."), "name": verdict.rule, "time": f"{verdict.seconds:.3f}"}
    case = SubElement(suite, "testcase", told)
    if verdict.result is Result.SKIPPED:
        SubElement(case, "skipped", {"message": _printable(verdict.why)})
    elif verdict.result is Result.BROKEN:
        said = f"expected {verdict.why}; saw {verdict.saw}"
        failure = SubElement(case, "failure", {"message": _printable(said), "type": verdict.rule})
        failure.text = _printable("\n".join(repetition(verdict, log_in)))


def repetition(verdict: Verdict, log_in: Sequence[str] = ()) -> list[str]:
    """A broken rule, told so that the reader sees it again: the sentence, and lines for a shell."""
    lines = [f"# {verdict.rule}: {verdict.sentence}"]
    lines += [f"# expected {verdict.why}", f"# saw      {verdict.saw}", "# Reproduce with:"]
    lines += [*log_in, verdict.curl]
    if verdict.before:
        lines += ["# that answer came after:", *(f"#   {line}" for line in verdict.before)]
    return lines


def _printable(text: str) -> str:
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
