"""What build servers take for JUnit XML: the elements, attributes and children that the schema of Jenkins'
xUnit plug-in (junit-10) knows, and no others.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, parse

TIME = re.compile(r"\d*(\.\d{1,3})?")
COUNTS = {"tests", "failures", "errors"}
KNOWN = {
    "testsuites": ({"name", "time", *COUNTS}, {"testsuite"}),
    "testsuite": (
        {"name", "time", "skipped", "timestamp", "hostname", "id", "package", *COUNTS},
        {"testcase", "properties", "system-out", "system-err"},
    ),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "skipped", "system-out", "system-err"}),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "skipped": ({"message", "type"}, set()),
}
NEEDED = {"testsuite": {"name", *COUNTS}, "testcase": {"name", "classname"}}


def complaints(path: Path) -> list[str]:
    """What a strict reader would refuse."""
    root = parse(path).getroot()  # noqa: S314
    found = [] if root.tag == "testsuites" else [f"{root.tag} at the root"]
    return found + [said for each in root.iter() for said in _about(each)]


def _about(element: Element) -> list[str]:
    attributes, children = KNOWN.get(element.tag, (set(), set()))
    said = [f"{element.tag} has no {name}" for name in NEEDED.get(element.tag, set()) - set(element.attrib)]
    said += [f"{element.tag} knows no {name}" for name in set(element.attrib) - attributes]
    said += [f"{element.tag} holds no {child.tag}" for child in element if child.tag not in children]
    if not TIME.fullmatch(element.get("time", "")):
        said.append(f"{element.get('time')} is no time")
    return said
