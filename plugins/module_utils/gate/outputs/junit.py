# Copyright: (c) 2026, genesyscloud.usage contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdict as JUnit XML: a test case for each rule and subject.

Private to the collection: this may change without notice.

A breach is a failure, whatever its severity; what is unknown is an error, and what was waived is skipped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from xml.etree import ElementTree

from .text import Document, Finding, headline, subject, visible, waiver, window

ELEMENTS = {"fail": "failure", "warn": "failure", "unknown": "error", "waived": "skipped"}
COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def render(document: Document) -> str:
    """The document as XML. It has no time in it, so that equal verdicts make equal bytes."""
    root = ElementTree.Element("testsuites", name="genesyscloud.usage.gate")
    for rule, cases in sorted(_by_rule(document).items()):
        suite = ElementTree.SubElement(root, "testsuite", name=rule)
        suite.append(_properties(document))
        suite.extend(cases)
        _count(suite)
    _count(root)
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _by_rule(document: Document) -> dict[str, list[ElementTree.Element]]:
    suites: dict[str, list[ElementTree.Element]] = defaultdict(list)
    breached = set()
    for finding in document["findings"]:
        rule = visible(finding["rule"])
        breached.add((finding["rule"], finding["subject"].get("organization")))
        suites[rule].append(_case(rule, finding))
    for entry in document["passed"]:
        rule = visible(entry["rule"])
        # A rule about the share of organizations is of none of them.
        for organization in entry["organizations"] or ["all organizations"]:
            others = ", all others" if (entry["rule"], organization) in breached else ""
            suites[rule].append(_element("testcase", name=f"{visible(organization)}{others}", classname=rule, time="0"))
    if not document["findings"] and document["verdict"] != "pass":
        # A file without a failure would be taken for a success.
        case = _element("testcase", name="verdict", classname="gate", time="0")
        case.append(_element("error", type=document["verdict"], message=headline(document)))
        suites["gate"].append(case)
    return suites


def _case(rule: str, finding: Finding) -> ElementTree.Element:
    case = _element("testcase", name=subject(finding), classname=rule, time="0")
    message = visible(finding["message"])
    outcome = _element(ELEMENTS[finding["verdict"]], type=finding["verdict"], message=message)
    outcome.text = "\n".join(_details(finding, message))
    case.append(outcome)
    return case


def _details(finding: Finding, message: str) -> Iterator[str]:
    yield message
    yield f"metric: {visible(finding['metric'])}"
    client = finding["subject"].get("client_id")
    for name, value in (
        ("client_id", visible(client) if client else ""),
        ("days", window(finding)),
        ("since", finding.get("since") or ""),
        ("waiver", waiver(finding)),
    ):
        if value:
            yield f"{name}: {value}"


def _properties(document: Document) -> ElementTree.Element:
    properties = ElementTree.Element("properties")
    judged = document["judged"]
    for name, value in (
        ("verdict", document["verdict"]),
        ("exit_code", document["exit_code"]),
        ("service", judged.get("service")),
        ("first_day", judged.get("first_day")),
        ("last_day", judged.get("last_day")),
        ("note", document["note"]),
    ):
        if value is not None:
            properties.append(_element("property", name=name, value=visible(str(value))))
    return properties


def _count(element: ElementTree.Element) -> None:
    element.set("tests", str(len(element.findall(".//testcase"))))
    for name, attribute in COUNTED.items():
        element.set(attribute, str(len(element.findall(f".//{name}"))))
    element.set("time", "0")


def _element(tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.Element(tag, attributes)
