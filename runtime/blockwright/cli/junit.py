"""What came of tests as JUnit's XML, which build servers read."""

from __future__ import annotations

import datetime
import platform
import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from blockwright.language.diagnostics import Finding
from blockwright.testing.running import Outcome
from blockwright.testing.wording import problem_lines


def write_junit(file: str, outcomes: Sequence[Outcome], findings: Sequence[Finding]) -> None:
    """Write a file: a suite for each file of tests, and an error for each thing that is wrong with one. It has the
    shape that pytest writes (``xunit2``), with the ``file`` and ``line`` of each test, which build servers link to.

    Raises OSError.
    """
    root = Element("testsuites", name="blockwright")
    for path, group in groupby(outcomes, key=lambda each: each.case.source.path):
        _add_suite(root, path, list(group))
    for path, wrong in groupby(findings, key=lambda each: each.file):
        suite = SubElement(root, "testsuite", name=_clean(path))
        count = 0
        for finding in wrong:
            case = SubElement(suite, "testcase", classname=_clean(path), name="can be used", time="0")
            case.set("file", _clean(path))
            case.set("line", str(finding.span.line))
            SubElement(case, "error", message=_clean(finding.message)).text = _clean(str(finding))
            count += 1
        _count(suite, tests=count, errors=count)
        _sign(suite, 0)
    total = {name: sum(int(suite.get(name, 0)) for suite in root) for name in ("tests", "failures", "errors")}
    _count(root, **total)
    indent(root)
    ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _add_suite(root: Element, path: str, outcomes: list[Outcome]) -> None:
    suite = SubElement(root, "testsuite", name=_clean(path))
    for each in outcomes:
        case = SubElement(suite, "testcase", classname=_clean(each.flow.name), name=_clean(each.case.sentence))
        case.set("file", _clean(path))
        case.set("line", str(each.case.place.line))
        case.set("time", f"{each.seconds:.3f}")
        if each.problems:
            failure = SubElement(case, "failure", message=_clean(each.problems[0].message))
            failure.text = _clean("\n".join(problem_lines(each.problems)))
    _count(suite, tests=len(outcomes), failures=sum(not each.passed for each in outcomes))
    _sign(suite, sum(each.seconds for each in outcomes))


def _count(element: Element, *, tests: int, failures: int = 0, errors: int = 0) -> None:
    for name, number in (("tests", tests), ("failures", failures), ("errors", errors), ("skipped", 0)):
        element.set(name, str(number))


def _sign(suite: Element, seconds: float) -> None:
    """How long a suite took, and when and where it ran."""
    suite.set("time", f"{seconds:.3f}")
    suite.set("timestamp", datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"))
    suite.set("hostname", _clean(platform.node()))


def _clean(text: str) -> str:
    """The text without the characters that no XML may have."""
    return _NOT_XML.sub("\ufffd", text)


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
