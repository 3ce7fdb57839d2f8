"""``blockwright test``: run the tests that authors wrote for their flows, and say what came of them."""

from __future__ import annotations

import json as json_module
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from blockwright.cli.junit import write_junit
from blockwright.cli.run import make_runtime
from blockwright.cli.terminal import CallError, complain, has_color, has_terminal, safe, say, say_raw
from blockwright.failure import Place
from blockwright.language.diagnostics import Finding, to_json, to_text
from blockwright.language.showing import as_json
from blockwright.testing.choosing import BadChoice, Chooser, chooser
from blockwright.testing.collecting import Collected, collect
from blockwright.testing.covering import Coverage, coverage_of, percentage
from blockwright.testing.running import Outcome, run_case
from blockwright.testing.wording import coverage_line, headline, problem_lines, seconds

PASSED, FAILED, STOPPED, BROKEN, MISUSED, NOTHING = range(6)
"""Exit codes, which are those of pytest. STOPPED is also for files that cannot be used."""

Detail: TypeAlias = Literal["quiet", "normal", "verbose"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller asked for."""

    paths: Sequence[str]
    folders: Sequence[str] = ()
    keyword: str | None = None
    first_only: bool = False
    junit: str | None = None
    json: bool = False
    detail: Detail = "normal"
    least: float | None = None


@dataclass(slots=True)
class Results:
    """What came of the tests until now."""

    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    coverages: list[Coverage] = field(default_factory=list)
    left_out: int = 0
    was_stopped: bool = False
    seconds: float = 0.0

    @property
    def failed(self) -> list[Outcome]:
        return [each for each in self.outcomes if not each.passed]


def run_tests(wishes: Wishes) -> int:
    """Run the tests in files and folders; gives the exit code."""
    try:
        _check_folder(wishes.junit)
        chosen = None if wishes.keyword is None else chooser(wishes.keyword)
        collected = collect(_existing(wishes.paths), make_runtime(None, None, wishes.folders))
    except BadChoice as error:
        complain(str(error), 'write it like -k "mails and not pending"')
        return MISUSED
    except CallError as error:
        complain(error.message, error.mend)
        return MISUSED
    results = Results(findings=collected.findings)
    if not any(each.severity == "error" for each in collected.findings):
        _run_all(collected, chosen, wishes, results)
    is_written = wishes.junit is None or _written(wishes.junit, results)
    if wishes.json:
        say(as_json(_data(results)))
    else:
        _sum_up(results, wishes)
    return _code(results, wishes) if is_written else MISUSED


def _check_folder(junit: str | None) -> None:
    """Raises CallError before anything runs whose results could not be written."""
    if junit is not None and not Path(junit).parent.is_dir():
        raise CallError(f"there is no folder {Path(junit).parent}", "look at the spelling of what stands after --junit")


def _existing(names: Sequence[str]) -> list[Path]:
    paths = [Path(name) for name in names or ["."]]
    for path in paths:
        if not path.exists():
            raise CallError(f"there is no file or folder {path}", "look at its spelling")
    return paths


def _run_all(collected: Collected, chosen: Chooser | None, wishes: Wishes, results: Results) -> None:
    began = time.perf_counter()
    progress = _Progress(wishes)
    seen: set[Place] = set()
    try:
        for flow, case in collected.cases:
            if chosen is not None and not chosen(f"{_from_here(case.source.path)} {flow.name} {case.sentence}"):
                results.left_out += 1
                continue
            outcome = run_case(case, flow)
            results.outcomes.append(outcome)
            seen |= outcome.steps
            progress.show(outcome)
            if wishes.first_only and not outcome.passed:
                break
        else:
            if chosen is None:
                flows = {flow.path: flow for flow in (*collected.flows, *(flow for flow, _ in collected.cases))}
                results.coverages = [coverage_of(flow, seen) for flow in flows.values()]
    except KeyboardInterrupt:
        results.was_stopped = True
    progress.end()
    results.seconds = time.perf_counter() - began


def _from_here(path: str) -> Path:
    """A path without the folders above the current one, which nobody means by the words of a test."""
    whole, here = Path(path).absolute(), Path.cwd()
    return whole.relative_to(here) if whole.is_relative_to(here) else Path(whole.name)


class _Progress:
    """Shows each test as it is done: a sign, or a line."""

    def __init__(self, wishes: Wishes) -> None:
        self._detail = wishes.detail
        self._is_silent = wishes.json or wishes.detail == "quiet"
        self._file: str | None = None
        self._color = has_color(sys.stdout)

    def show(self, outcome: Outcome) -> None:
        if self._is_silent:
            return
        path = outcome.case.source.path
        if self._detail == "verbose":
            word = self._painted("passed" if outcome.passed else "FAILED", outcome.passed)
            say_raw(f"{word}  {_safe(headline(outcome))} ({seconds(outcome.seconds)})")
            return
        if path != self._file:
            self.end()
            self._write(f"{_safe(path)} ")
            self._file = path
        self._write(self._painted("." if outcome.passed else "F", outcome.passed))

    def end(self) -> None:
        if self._file is not None:
            self._write("\n")
        self._file = None

    def _write(self, text: str) -> None:
        say_raw(text, end="")

    def _painted(self, text: str, good: bool) -> str:
        return painted(text, "32" if good else "1;31", self._color)


def painted(text: str, style: str, color: bool) -> str:
    """The text in a colour, where there are any."""
    return f"\x1b[{style}m{text}\x1b[0m" if color else text


def _safe(text: str) -> str:
    return safe(text) if has_terminal(sys.stdout) else text


def _sum_up(results: Results, wishes: Wishes) -> None:
    color = has_color(sys.stdout)
    for finding in results.findings:
        say_raw(to_text([finding], color) + "\n")
    for outcome in results.failed:
        say_raw("\n" + painted(_safe(headline(outcome)), "1", color))
        for line in problem_lines(outcome.problems):
            say_raw("  " + painted(_safe(line), _STYLES.get(line.strip()[:2], "0"), color and line.startswith("    ")))
    if results.coverages and wishes.detail != "quiet":
        _show_coverage(results.coverages)
    if wishes.least is not None and results.coverages:
        _show_least(results.coverages, wishes.least)
    word = "1;31" if _code(results, wishes) else "1;32"
    say_raw(("\n" if results.outcomes and wishes.detail != "quiet" else "") + painted(_summary(results), word, color))


_STYLES = {"- ": "31", "+ ": "32"}


def _show_coverage(coverages: Iterable[Coverage]) -> None:
    lines = [line for line in map(coverage_line, coverages) if line is not None]
    if lines:
        say("\n" + "\n".join(lines))


def _show_least(coverages: Sequence[Coverage], least: float) -> None:
    percent = percentage(coverages)
    if percent < least:
        say(f"\n{_percent(percent)} of the steps ran, and at least {_percent(least)} should")


def _percent(number: float) -> str:
    """Rounded down, so that nearly all is not taken for all."""
    return f"{int(number * 10) / 10:g} %"


def _summary(results: Results) -> str:
    failed, count = len(results.failed), len(results.outcomes)
    wrong = sum(each.severity == "error" for each in results.findings)
    parts = [f"{failed} failed"] if failed else []
    parts += [f"{count - failed} passed"] if count - failed else []
    parts += [f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong, so nothing was run"] if wrong else []
    parts += [f"{results.left_out} left out"] if results.left_out else []
    parts += ["stopped"] if results.was_stopped else []
    if not parts:
        return "there are no tests"
    return f"{', '.join(parts)} in {seconds(results.seconds)}" if count else ", ".join(parts)


def _code(results: Results, wishes: Wishes) -> int:
    if results.was_stopped or any(each.severity == "error" for each in results.findings):
        return STOPPED
    if results.failed:
        return FAILED
    if not results.outcomes:
        return NOTHING
    if wishes.least is not None and results.coverages and percentage(results.coverages) < wishes.least:
        return FAILED
    return PASSED


def _written(file: str, results: Results) -> bool:
    try:
        write_junit(file, results.outcomes, [each for each in results.findings if each.severity == "error"])
    except OSError as error:
        complain(f"{file} cannot be written: {error.strerror or error}")
        return False
    return True


def _data(results: Results) -> dict[str, object]:
    return {
        "tests": [_outcome_data(each) for each in results.outcomes],
        "findings": json_module.loads(to_json(results.findings)),
        "coverage": [
            {"file": each.file, "flow": each.flow, "steps": len(each.steps), "missed": each.lines}
            for each in results.coverages
        ],
        "passed": len(results.outcomes) - len(results.failed),
        "failed": len(results.failed),
        "leftOut": results.left_out,
        "stopped": results.was_stopped,
        "seconds": round(results.seconds, 3),
    }


def _outcome_data(outcome: Outcome) -> dict[str, object]:
    case = outcome.case
    problems = [
        {"message": each.message, "file": each.place.file, "line": each.place.line, "lines": list(each.lines)}
        for each in outcome.problems
    ]
    return {
        "file": case.source.path,
        "line": case.place.line,
        "flow": outcome.flow.name,
        "it": case.sentence,
        "passed": outcome.passed,
        "seconds": round(outcome.seconds, 3),
        "problems": problems,
    }
