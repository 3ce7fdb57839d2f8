"""``blockwright check``: every finding in every flow that was named, and what the good ones ask for and fail with."""

from __future__ import annotations

import json as json_module
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from blockwright.catalogue import Block
from blockwright.cli.run import make_runtime
from blockwright.cli.stopping import OK, WRONG
from blockwright.cli.terminal import CallError, columns, has_color, say, say_raw
from blockwright.engine.files import Files, flow_files
from blockwright.engine.runtime import Flow
from blockwright.failure import ENGINE_CODES, Code
from blockwright.language import program as p
from blockwright.language.cases.checked import is_beside
from blockwright.language.diagnostics import Finding, FlowError, to_json, to_sarif, to_text
from blockwright.language.showing import as_json
from blockwright.testing.collecting import read_tests


def check_flows(paths: Sequence[str], *, folders: Sequence[str], json: bool, sarif: bool, failures: bool) -> int:
    """Check files and the files in folders; gives the exit code."""
    if json and sarif:
        raise CallError("--json and --sarif are two ways to print the same findings", "leave one of the two out")
    runtime = make_runtime(None, None, folders)
    flows: list[Flow] = []
    findings: dict[tuple[str, object, str], Finding] = {}
    for path in _files(paths):
        try:
            tests = read_tests(path, runtime)
        except FlowError as error:
            found: Iterable[Finding] = error.findings
        else:
            flows += [] if is_beside(path) else [tests.flow]
            found = tests.warnings
        findings |= {(str(Path(each.file).absolute()), each.span, each.message): each for each in found}
    listed = _with_flows_elsewhere(list(findings.values()), [path for path in paths if Path(path).is_dir()])
    if sarif:
        say_raw(to_sarif(listed))
    elif json:
        data = json_module.loads(to_json(listed))
        say(as_json({"findings": data, "flows": [_flow_data(each) for each in flows]}))
    else:
        _show(listed, flows, failures=failures)
    return WRONG if any(each.severity == "error" for each in listed) else OK


def _with_flows_elsewhere(findings: list[Finding], folders: Sequence[str]) -> list[Finding]:
    """Findings, which say of a label that is the name of a flow in another of these folders how it may be called."""
    if all(each.rule != "unknown-block" for each in findings):
        return findings
    homes = {name: folder for folder in folders for name in Files().index(Path(folder), deep=True)}

    def mended(finding: Finding) -> Finding:
        label = (finding.source_line or "")[finding.span.column - 1 : finding.span.end_column - 1]
        if finding.rule != "unknown-block" or label not in homes:
            return finding
        return replace(
            finding, mend=f"it is a flow of another folder, which may be called with: --flows {homes[label]}"
        )

    return [mended(each) for each in findings]


def _files(paths: Iterable[str]) -> Iterator[Path]:
    for name in paths:
        path = Path(name)
        if not path.is_dir():
            yield path
            continue
        found = sorted(map(Path, flow_files(path)))
        if not found:
            raise CallError(f"there is no flow in the folder {name}", "flows are files that end in .yaml or .yml")
        yield from found


def _show(findings: Sequence[Finding], flows: Sequence[Flow], *, failures: bool) -> None:
    for finding in findings:
        say_raw(to_text([finding], has_color(sys.stdout)) + "\n")
    for flow in flows:
        needs = ", ".join(f"{each.name} ({each.type})" for each in flow.inputs)
        codes = _sorted_codes(flow.failures)
        fails = f"can fail with {', '.join(map(_code_text, codes))}" if codes else "cannot fail"
        say(f"{flow.path}: right; " + (f"asks for {needs}; " if needs else "") + fails)
        if failures and codes:
            say(columns(([_code_text(code), _sentence(code, flow)] for code in codes), indent="  "))
    wrong = sum(each.severity == "error" for each in findings)
    if wrong:
        say(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong")


def _flow_data(flow: Flow) -> dict[str, object]:
    inputs = [
        {"name": each.name, "type": str(each.type), "required": each.is_required, "about": each.about}
        | ({} if each.is_required else {"default": each.default})
        | ({"choices": list(each.choices)} if each.choices else {})
        | ({} if each.example is None else {"example": each.example})
        for each in flow.inputs
    ]
    failures = [{"code": code, "about": _sentence(code, flow)} for code in _sorted_codes(flow.failures)]
    return {"file": flow.path, "flow": flow.name, "about": flow.about, "inputs": inputs, "failures": failures}


def _sorted_codes(codes: frozenset[Code | None]) -> list[Code | None]:
    """Numbers first, then names; None, which stands for any code, at the end."""
    numbers = sorted(code for code in codes if isinstance(code, int))
    names = sorted(code for code in codes if isinstance(code, str))
    return [*numbers, *names, *(code for code in codes if code is None)]


def _code_text(code: Code | None) -> str:
    return "any code" if code is None else str(code)


def _sentence(code: Code | None, flow: Flow) -> str:
    """What a code means: what the flow itself says of it, or the engine of its own; or the functions, flows and blocks
    that it calls, or the step that fails with it."""
    if code is None:
        return "A code that is only known when the flow runs."
    own = flow.contract.failures or {}
    if code in ENGINE_CODES and code not in own:
        return ENGINE_CODES[str(code)]
    routines = [routine for program in flow.programs for routine in program.routines()]
    called = [call.callee for routine in routines for call in p.calls_in(routine.body)]
    blocks = [each.failures for each in called if isinstance(each, Block)]
    for failures in (*(each.contract.failures or {} for each in routines), *blocks):
        if code in failures:
            return failures[code].about
    for step in (step for routine in routines for step in p.every_step(routine.body)):
        match step:
            case p.Fail(code=p.Constant(value=value), message=p.Constant(value=str(message))) if value == code:
                return message
    return ""
