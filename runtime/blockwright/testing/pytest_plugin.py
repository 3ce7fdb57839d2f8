"""The pytest plug-in: an application's own suite runs the tests of its flows.

It is there in every suite of an environment with Blockwright in it, so it does nothing, and imports nothing, unless it
is asked to: by ``blockwright_files`` in pytest's settings, or by a flow named on the command line.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pluggy

    from blockwright.engine.runtime import Runtime
    from blockwright.language.cases.checked import Case
    from blockwright.testing.collecting import Tests
    from blockwright.testing.gathering import Ran
    from blockwright.testing.judging import Problem

FILES = "blockwright_files"


class Hooks:
    """What an application may say about its flows' tests, in a ``conftest.py``."""

    @pytest.hookspec(firstresult=True)
    def pytest_blockwright_runtime(self, config: pytest.Config) -> Runtime | None:
        """The runtime with the application's blocks, folders of flows, and services. Its user service and mailer
        are not used: each test has its own, in memory."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    about = "files of flows whose tests are collected, as globs such as flows/*.yaml; none unless this says so"
    parser.addini(FILES, about, type="args", default=[])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the flows that pytest is asked for; a YAML file that is no flow is none of them."""
    if file_path.suffix not in _SUFFIXES:
        return None
    is_named = parent.session.isinitpath(file_path)
    if not is_named and not any(_matches(file_path, each, parent.config) for each in parent.config.getini(FILES)):
        return None
    from blockwright.language.cases.checked import is_beside
    from blockwright.testing.collecting import flow_name

    if not is_beside(file_path) and flow_name(file_path) is None:
        return None
    found: FlowFile = FlowFile.from_parent(parent, path=file_path)
    return found


_SUFFIXES = (".yaml", ".yml")


def _matches(path: Path, glob: str, config: pytest.Config) -> bool:
    """A glob with a slash is one of paths below pytest's root, in which ``*`` stands for folders too; any other is one
    of names."""
    if "/" not in glob:
        return fnmatchcase(path.name, glob)
    root = config.rootpath
    return path.is_relative_to(root) and fnmatchcase(path.relative_to(root).as_posix(), glob)


class FlowFile(pytest.File):
    """A file with tests of a flow."""

    def collect(self) -> Iterator[pytest.Item]:
        from blockwright.language.diagnostics import FlowError
        from blockwright.testing.collecting import read_tests

        runtime = self._runtime()
        path = _shown(self.path)
        try:
            tests = read_tests(path, runtime)
        except FlowError as error:
            raise self.CollectError(str(error)) from None
        self.config.stash.setdefault(_COLLECTED, {})[str(path)] = tests
        for case in tests.cases:
            yield FlowTest.make(self, case, tests, runtime)

    def _runtime(self) -> Runtime:
        given: Runtime | None = self.ihook.pytest_blockwright_runtime(config=self.config)
        if given is not None:
            return given
        stash = self.config.stash
        if _OWN not in stash:
            from blockwright.engine.runtime import Runtime

            stash[_OWN] = Runtime()
        return stash[_OWN]


_OWN = pytest.StashKey["Runtime"]()
"""The runtime of an application that gives none of its own."""

_COLLECTED = pytest.StashKey["dict[str, Tests]"]()
"""The files that were collected, as they are shown."""


def _shown(path: Path) -> Path:
    """The path as it is shown: from where pytest was started, if it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


class FlowTest(pytest.Item):
    """One test that an author wrote."""

    case: Case
    tests: Tests
    runtime: Runtime
    ran: Ran | None = None

    @classmethod
    def make(cls, parent: FlowFile, case: Case, tests: Tests, runtime: Runtime) -> FlowTest:
        test: FlowTest = cls.from_parent(parent, name=case.sentence)
        test.case, test.tests, test.runtime = case, tests, runtime
        return test

    def runtest(self) -> None:
        from blockwright.testing.gathering import ran
        from blockwright.testing.running import run_case

        outcome = run_case(self.case, self.tests.flow, self.runtime.services)
        self.ran = ran(outcome, len(self.tests.cases))
        if not outcome.passed:
            raise NotAsExpected(outcome.problems)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: None = None) -> str:  # type: ignore[override]  # noqa: ARG002
        if not isinstance(excinfo.value, NotAsExpected):
            return str(super().repr_failure(excinfo))
        from blockwright.testing.wording import problem_lines

        return "\n".join(problem_lines(excinfo.value.problems))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.case.place.line - 1, f"{self.tests.flow.name}: {self.name}"


class NotAsExpected(AssertionError):
    """A test of a flow did not pass; ``problems`` say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """Let the report of a flow's test tell which steps ran."""
    result = yield
    if isinstance(item, FlowTest) and call.when == "call" and item.ran is not None:
        setattr(result.get_result(), _RAN, item.ran)


_RAN = "blockwright_ran"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which steps of flows never ran, where all their tests did."""
    reports = [each for several in terminalreporter.stats.values() for each in several]
    ran: list[Ran] = [getattr(each, _RAN) for each in reports if hasattr(each, _RAN)]
    if not ran:
        return
    from blockwright.testing.gathering import coverages
    from blockwright.testing.wording import coverage_line

    collected: dict[str, Tests] = config.stash.get(_COLLECTED, {})
    lines = [coverage_line(each) for each in coverages(ran, collected)]
    if any(lines):
        terminalreporter.section("steps of flows", sep="-")
        for line in filter(None, lines):
            terminalreporter.write_line(line)
