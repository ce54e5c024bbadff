"""Findings as JUnit XML, which CI systems read: a suite for each network, a case for each figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from archcalc.published.verdicts import AGREES, EXPECTED, MEASURED, REMARKED
from archcalc.render.findings import comments, described, failure, source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.published.verdicts import Finding
    from archcalc.render.check import CheckPage
    from archcalc.render.page import Target


_NOT_IN_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Characters that XML does not have, not even by a reference."""


def write(page: CheckPage, target: Target) -> str:
    """Write all findings of a page as JUnit XML; remarks, which nothing can test, are left out."""
    suites: dict[str, list[Finding]] = {}
    for finding in page.findings:
        if finding.status != REMARKED:
            suites.setdefault(finding.network, []).append(finding)
    every = [finding for cases in suites.values() for finding in cases]
    root = Xml.Element("testsuites", {"name": "archcalc check", **_numbers(every)})
    for name, cases in suites.items():
        skipped = str(sum(finding.status == MEASURED for finding in cases))
        suite = Xml.SubElement(root, "testsuite", {"name": name, **_numbers(cases), "skipped": skipped})
        for finding in cases:
            _case(suite, finding)
    Xml.indent(root)
    text = re.sub(_NOT_IN_XML, "\ufffd", Xml.tostring(root, encoding="unicode"))
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}"  # what the output has no character for is a reference


def _numbers(findings: Sequence[Finding]) -> dict[str, str]:
    return {"tests": str(len(findings)), "failures": str(sum(finding.fails for finding in findings))}


def _case(suite: Xml.Element, finding: Finding) -> None:
    figure = finding.figure
    title = f"{described(finding)} {figure.printed} ({source(figure) or 'expected'})"
    case = Xml.SubElement(suite, "testcase", classname=f"archcalc.{finding.network}", name=title)
    if finding.fails:
        Xml.SubElement(case, "failure", type=finding.status, message=failure(finding))
    elif finding.status == MEASURED:
        Xml.SubElement(case, "skipped", message="measured, not computed")
    elif finding.status not in (AGREES, EXPECTED):
        Xml.SubElement(case, "system-out").text = ": ".join((finding.status, *comments(finding)))
