"""Finding flows and their tests in files and folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from blockwright.language.cases.checked import is_beside
from blockwright.language.cases.written import read_cases
from blockwright.language.checker.cases import Subject, check_cases, labels_called, type_returned
from blockwright.language.checker.report import Enough, Report
from blockwright.language.diagnostics import Finding, FlowError
from blockwright.language.source import read_source
from blockwright.language.suggest import did_you_mean
from blockwright.testing.given import findings_in

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow, Runtime
    from blockwright.language.cases.checked import Case

SUFFIXES = frozenset([".yaml", ".yml"])
_FLOW = re.compile(r"^flow:[ \t]*(['\"]?)(.*?)\1[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_HEADER_SIZE = 20_000
_PASSED_OVER = frozenset(["node_modules", "__pycache__"])


@dataclass(slots=True)
class Collected:
    """The flows that were found, by path, and the tests of each; ``findings`` is what is wrong with files."""

    flows: list[Flow] = field(default_factory=list)
    cases: list[tuple[Flow, Case]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def collect(paths: Iterable[Path], runtime: Runtime) -> Collected:
    """The tests in files, and in the flows below folders. A file that is named is read even if it is no flow."""
    collected = Collected()
    for path in dict.fromkeys(file for each in paths for file in _files(each)):
        try:
            cases = read_tests(path, runtime)
        except FlowError as error:
            collected.findings += error.findings
            continue
        if not is_beside(path):
            collected.flows.append(cases.flow)
        collected.cases += [(cases.flow, case) for case in cases.cases]
    return collected


@dataclass(frozen=True, slots=True)
class Tests:
    """The tests in one file, the flow that they are about, and what is odd in the file."""

    __test__ = False
    flow: Flow
    cases: Sequence[Case]
    warnings: Sequence[Finding]


def read_tests(path: Path, runtime: Runtime) -> Tests:
    """The tests in a flow's file, or in a file beside it. Raises FlowError with all that is wrong with either, and with
    what the tests give that can never be."""
    if is_beside(path):
        tests = _beside(path, runtime)
    else:
        flow = runtime.check(path)
        tests = Tests(flow, flow.programs[0].cases, flow.warnings)
    wrong = [finding for case in tests.cases for finding in findings_in(case)]
    if wrong:
        raise FlowError([*tests.warnings, *wrong])
    return tests


def _beside(path: Path, runtime: Runtime) -> Tests:
    source = read_source(path)
    warnings: list[Finding] = []
    document = read_cases(source, warnings)
    name = document.tests_of
    home = next((each for each in flows_in(path.parent) if flow_name(each) == name.text), None)
    if home is None:
        near = did_you_mean(name.text, filter(None, map(flow_name, flows_in(path.parent))))
        mend = f"did you mean `{near}`?" if near else "the tests of a flow lie in the same folder"
        message = f"there is no flow called `{name.text}` in this folder"
        raise FlowError([source.finding(name.span, message, mend, rule="unknown-flow")])
    flow = runtime.check(home)
    called = {label for program in flow.programs for label in labels_called(program)}
    report = Report(source, warnings)
    program = flow.programs[0]
    subject = Subject.of(program, runtime.blocks, called, lambda: flow.failures, lambda: type_returned(program))
    try:
        cases = check_cases(document.tests, subject, report)
    except Enough:
        raise FlowError(report.findings()) from None
    return Tests(flow, cases, report.close())


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if not _is_passed_over(Path(folder, each)))
        for name in sorted(names):
            file = Path(folder, name)
            if file.suffix in SUFFIXES and not name.startswith(".") and (is_beside(file) or flow_name(file)):
                yield file


def _is_passed_over(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in _PASSED_OVER or (folder / "pyvenv.cfg").exists()


def flows_in(folder: Path) -> Iterator[Path]:
    """The files of a folder that begin like flows."""
    for path in sorted(folder.iterdir()):
        if path.suffix in SUFFIXES and path.is_file() and not is_beside(path):
            yield path


def flow_name(path: Path) -> str | None:
    """The name of the flow in a file; None for a file that is no flow."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            match = _FLOW.search(file.read(_HEADER_SIZE))
    except OSError:
        return None
    return match[2] if match else None
