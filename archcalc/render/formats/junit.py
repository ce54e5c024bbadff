"""Findings as JUnit XML, which CI systems read: a suite for each network, a case for each figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

from archcalc.published.check import MEASURED, MISPRINT
from archcalc.render.check import VERDICTS, broken, computed, spoken_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.published.check import Finding
    from archcalc.render.check import CheckPage
    from archcalc.render.page import Target


_NOT_IN_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Characters that XML does not have, not even by a reference."""


def write(page: CheckPage, target: Target) -> str:
    """Write the findings of a page as JUnit XML, those that are not asked for too."""
    findings = page.findings
    root = Xml.Element("testsuites", {"name": "archcalc check", **_numbers(findings)})
    for name in dict.fromkeys(finding.network for finding in findings):
        own = [each for each in findings if each.network == name]
        skipped = str(sum(each.status == MEASURED for each in own))
        suite = Xml.SubElement(root, "testsuite", {"name": name, **_numbers(own), "skipped": skipped})
        for each in own:
            _case(suite, each)
    Xml.indent(root)
    text = re.sub(_NOT_IN_XML, "\ufffd", Xml.tostring(root, encoding="unicode"))
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}"  # what the output has no character for is a reference


def _numbers(findings: Sequence[Finding]) -> dict[str, str]:
    return {"tests": str(len(findings)), "failures": str(sum(each.fails for each in findings))}


def _case(suite: Xml.Element, each: Finding) -> None:
    figure = each.figure
    source = ", ".join(part for part in (figure.cite, figure.where) if part) or "expected"
    title = f"{spoken_of(each)} {figure.printed} ({source})"
    case = Xml.SubElement(suite, "testcase", classname=f"archcalc.{each.network}", name=title)
    if each.fails:
        message = f"printed {figure.printed}, computed {computed(each, full=True)}: {VERDICTS[each.status]}"
        Xml.SubElement(case, "failure", message=broken(each) if figure.bound else message)
    elif each.status == MEASURED:
        Xml.SubElement(case, "skipped", message="measured, not computed")
    elif each.status == MISPRINT:
        Xml.SubElement(case, "system-out").text = f"known misprint: {figure.misprint}"
