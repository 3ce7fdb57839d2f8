"""Flows that call flows: found by name, checked together, each file read anew at every load."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from blockwright import FlowError, Runtime
from blockwright.language.diagnostics import Finding
from tests.language.checking import BLOCKS

CALLER = "flow: caller\nsteps:\n  - helper:\n    save as: answer\n  - return: = answer\n"
HELPER = "flow: helper\nsteps:\n  - return: helped\n"


class Folder:
    """A folder of flows, and a runtime that loads them."""

    def __init__(self, path: Path, *shared: Path) -> None:
        self.path = path
        self.runtime = Runtime(blocks=BLOCKS, flows=shared)

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def run(self, name: str) -> object:
        return self.runtime.load(self.path / name).run()

    def findings(self, name: str) -> list[Finding]:
        with pytest.raises(FlowError) as caught:
            self.runtime.load(self.path / name)
        return list(caught.value.findings)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def places(findings: list[Finding]) -> list[tuple[str, int, str]]:
    return [(Path(each.file).name, each.span.line, each.rule) for each in findings]


def test_a_flow_calls_another_of_its_folder(folder: Folder) -> None:
    folder.write("caller.yaml", CALLER)
    folder.write("any name.yml", HELPER)

    assert folder.run("caller.yaml") == "helped"


@pytest.mark.parametrize(
    "header", ["flow: helper", "flow:   'helper'", 'flow: "helper"', "flow: helper # the name", "# first\nflow: helper"]
)
def test_a_flow_is_found_by_the_name_in_its_file(folder: Folder, header: str) -> None:
    folder.write("caller.yaml", CALLER)
    folder.write("helper.yaml", HELPER.replace("flow: helper", header))

    assert folder.run("caller.yaml") == "helped"


def test_a_file_with_windows_line_ends_and_a_byte_order_mark_is_found(folder: Folder) -> None:
    folder.write("caller.yaml", CALLER)
    folder.write("helper.yaml", "\ufeff" + HELPER.replace("\n", "\r\n"))

    assert folder.run("caller.yaml") == "helped"


def test_a_flow_calls_those_of_given_folders(tmp_path: Path) -> None:
    folder = Folder(tmp_path, tmp_path / "first", tmp_path / "second", tmp_path / "not there")
    folder.write("caller.yaml", CALLER)
    folder.write("second/helper.yaml", HELPER)

    assert folder.run("caller.yaml") == "helped"


def test_a_flow_in_a_given_folder_calls_its_own_neighbours(tmp_path: Path) -> None:
    folder = Folder(tmp_path, tmp_path / "shared")
    folder.write("caller.yaml", CALLER)
    folder.write("shared/helper.yaml", "flow: helper\nsteps:\n  - second helper:\n    save as: a\n  - return: = a\n")
    folder.write("shared/second.yaml", "flow: second helper\nsteps:\n  - return: helped twice\n")

    assert folder.run("caller.yaml") == "helped twice"


def test_a_flow_does_not_call_those_of_other_folders(folder: Folder) -> None:
    folder.write("caller.yaml", CALLER)
    folder.write("elsewhere/helper.yaml", HELPER)

    assert places(folder.findings("caller.yaml")) == [("caller.yaml", 3, "unknown-block")]


def test_inputs_of_another_flow_are_checked(folder: Folder) -> None:
    helper = (
        "flow: helper\ninputs: {name: text, times: {type: number, default: 1}}\nsteps:\n  - return: ${name} ${times}\n"
    )
    folder.write("helper.yaml", helper)
    folder.write("missing.yaml", "flow: missing\nsteps:\n  - helper\n")
    folder.write("unknown.yaml", "flow: unknown\nsteps:\n  - helper: {nam: a}\n")
    folder.write("wrong.yaml", "flow: wrong\nsteps:\n  - helper: {name: a, times: often}\n")
    folder.write("right.yaml", "flow: right\nsteps:\n  - helper: {name: a}\n    save as: b\n  - return: = b\n")

    assert [each.rule for each in folder.findings("missing.yaml")] == ["missing-input"]
    assert [each.mend for each in folder.findings("unknown.yaml")] == ["did you mean `name`?"]
    assert [each.rule for each in folder.findings("wrong.yaml")] == ["types"]
    assert folder.run("right.yaml") == "a 1"


def test_a_misspelled_flow_gets_the_nearest_one(folder: Folder) -> None:
    folder.write("caller.yaml", CALLER.replace("- helper", "- hepler"))
    folder.write("helper.yaml", HELPER)

    assert [each.mend for each in folder.findings("caller.yaml")] == ["did you mean `helper`?"]


def test_flows_may_call_one_another_in_a_circle(folder: Folder) -> None:
    steps = """\
inputs: {n: number}
steps:
  - if: = n = 0
    then: [return: NAME]
  - OTHER: {n: = n - 1}
    save as: a
  - return: = a
"""
    folder.write("even.yaml", "flow: even\n" + steps.replace("NAME", "even").replace("OTHER", "odd"))
    folder.write("odd.yaml", "flow: odd\n" + steps.replace("NAME", "odd").replace("OTHER", "even"))

    assert folder.runtime.load(folder.path / "even.yaml").run({"n": 7}) == "odd"


def test_a_flow_may_call_itself(folder: Folder) -> None:
    folder.write(
        "down.yaml", "flow: down\ninputs: {n: number}\nsteps:\n  - if: = n > 0\n    then: [down: {n: = n - 1}]\n"
    )

    assert folder.runtime.load(folder.path / "down.yaml").run({"n": 5}) is None


def test_a_broken_file_only_matters_to_flows_that_call_it(folder: Folder) -> None:
    folder.write("caller.yaml", CALLER)
    folder.write("helper.yaml", HELPER)
    folder.write("broken.yaml", "flow: broken\nsteps: [\n")
    folder.write("binary.yaml", "flow: binary\0")
    folder.write("calls broken.yaml", "flow: calls broken\nsteps:\n  - broken\n")

    assert folder.run("caller.yaml") == "helped"
    assert {file for file, _, _ in places(folder.findings("calls broken.yaml"))} == {"broken.yaml"}


def test_what_is_wrong_in_several_files_comes_at_once(folder: Folder) -> None:
    folder.write("caller.yaml", "flow: caller\nsteps:\n  - aks\n  - helper\n  - broken\n")
    folder.write("helper.yaml", "flow: helper\nsteps:\n  - log: = nobody\n  - deeper\n")
    folder.write("deeper.yaml", "flow: deeper\nsteps:\n  - stop loop\n")
    folder.write("broken.yaml", "flow: broken\nsteps: no\n")

    assert places(folder.findings("caller.yaml")) == [
        ("caller.yaml", 3, "unknown-block"),
        ("broken.yaml", 2, "shape"),
        ("helper.yaml", 3, "unknown-name"),
        ("deeper.yaml", 3, "misplaced"),
    ]


def test_a_broken_file_that_is_called_often_is_read_once(folder: Folder) -> None:
    folder.write("caller.yaml", "flow: caller\nsteps:\n" + "  - broken\n" * 500)
    folder.write("broken.yaml", "flow: broken\nsteps: [" + "[" * 100_000)

    assert len(folder.findings("caller.yaml")) == 1


def test_a_flow_that_is_called_often_is_reported_once(folder: Folder) -> None:
    folder.write("caller.yaml", "flow: caller\nsteps:\n  - helper\n  - helper\n  - helper\n")
    folder.write("helper.yaml", "flow: helper\nsteps:\n  - log: = nobody\n")

    assert len(folder.findings("caller.yaml")) == 1


def test_two_files_with_one_name_matter_when_the_name_is_called(folder: Folder) -> None:
    folder.write("caller.yaml", CALLER)
    first = folder.write("first.yaml", HELPER)
    second = folder.write("second.yaml", HELPER)
    folder.write("stranger.yaml", "flow: stranger\nsteps:\n  - return: 1\n")

    found, other = folder.findings("caller.yaml")
    assert found.message == f"`helper` is also the name of the flow in {first}"
    assert (other.file, other.message) == (str(first), f"`helper` is also the name of the flow in {second}")
    assert (Path(found.file).name, found.span.line, found.span.column, found.source_line) == (
        "second.yaml",
        1,
        7,
        "flow: helper",
    )
    assert folder.run("stranger.yaml") == 1


def test_two_files_with_one_name_are_not_both_loaded_from_one_folder(folder: Folder) -> None:
    folder.write("first.yaml", HELPER)
    folder.write("second.yaml", HELPER)
    folder.write("elsewhere/helper.yaml", HELPER)

    assert folder.run("first.yaml") == "helped"
    assert folder.run("elsewhere/helper.yaml") == "helped"
    assert places(folder.findings("second.yaml")) == [("second.yaml", 1, "clash")]


def test_a_file_may_be_renamed(folder: Folder) -> None:
    first = folder.write("first.yaml", HELPER)
    assert folder.run("first.yaml") == "helped"

    first.rename(folder.path / "second.yaml")

    assert folder.run("second.yaml") == "helped"


def test_the_same_file_under_two_names_is_one_flow(folder: Folder) -> None:
    folder.write("caller.yaml", CALLER)
    helper = folder.write("helper.yaml", HELPER)
    (folder.path / "link.yaml").symlink_to(helper)

    assert folder.run("caller.yaml") == "helped"


@pytest.mark.parametrize("name", ["ask", "repeat", "save as"])
def test_a_flow_may_not_be_called_like_a_block_or_a_word_of_the_language(folder: Folder, name: str) -> None:
    folder.write("flow.yaml", f"flow: {name}\nsteps:\n  - do it\n")

    assert places(folder.findings("flow.yaml")) == [("flow.yaml", 1, "clash")]


def test_files_are_read_anew_at_every_load(folder: Folder) -> None:
    folder.write("caller.yaml", CALLER)
    folder.write("helper.yaml", HELPER)
    first = folder.runtime.load(folder.path / "caller.yaml")

    folder.write("helper.yaml", HELPER.replace("helped", "helped better"))
    second = folder.runtime.load(folder.path / "caller.yaml")

    assert (first.run(), second.run()) == ("helped", "helped better")


def test_a_text_that_is_not_in_a_file_calls_flows_beside_its_path(folder: Folder) -> None:
    folder.write("helper.yaml", HELPER)

    assert folder.runtime.load_text(CALLER, str(folder.path / "unsaved.yaml")).run() == "helped"


def test_a_flow_fails_with_what_the_flows_it_calls_fail_with(folder: Folder) -> None:
    folder.write("caller.yaml", "flow: caller\nsteps:\n  - helper:\n    if it fails: {7: ignore}\n")
    folder.write("helper.yaml", "flow: helper\nsteps:\n  - ask: {question: a}\n  - deeper\n")
    folder.write("deeper.yaml", "flow: deeper\nsteps:\n  - do it\n  - fail: {code: 7, message: a}\n")
    folder.write("around.yaml", "flow: around\nsteps:\n  - around\n  - helper\n")

    found = folder.runtime.load(folder.path / "caller.yaml").failures
    assert found == {3102, 3104, "not now", "unexpected", "too deep"}
    assert 7 in folder.runtime.load(folder.path / "around.yaml").failures


def test_a_handler_for_a_code_that_another_flow_never_gives_is_found(folder: Folder) -> None:
    folder.write("caller.yaml", "flow: caller\nsteps:\n  - helper:\n    if it fails: {7: ignore, 77: ignore}\n")
    folder.write("helper.yaml", "flow: helper\nsteps:\n  - fail: {code: 7, message: a}\n")

    (found,) = folder.findings("caller.yaml")
    assert (found.message, found.span.column) == ("nothing here can fail with 77", 30)


def test_warnings_of_a_flow_are_kept_those_of_yaml_too(folder: Folder) -> None:
    folder.write("flow.yaml", "flow: a\ninputs: {b: text}\nsteps:\n  - log: one line\n      and another\n")
    rules = [each.rule for each in folder.runtime.load(folder.path / "flow.yaml").warnings]

    assert len(rules) == 2
    assert "unused" in rules


def test_two_threads_load_at_once(folder: Folder) -> None:
    for number in range(4):
        folder.write(
            f"caller {number}.yaml", CALLER.replace("caller", f"caller {number}").replace("helper", f"helper {number}")
        )
        folder.write(
            f"helper {number}.yaml", HELPER.replace("helper", f"helper {number}").replace("helped", f"helped {number}")
        )
    answers: list[object] = []

    def load(number: int) -> None:
        for _ in range(10):
            flow = folder.runtime.load(folder.path / f"caller {number}.yaml")
            answers.append((flow.run() == f"helped {number}", flow.failures))

    threads = [threading.Thread(target=load, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(True, {"too deep", "too big"})] * 40
