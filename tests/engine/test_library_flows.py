"""Flows by name out of a runtime's folders: they follow their files, and what is under way stays as it is."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from blockwright import Failure, FlowError, Limits, Runtime, block
from blockwright.catalogue import AnyBlock
from blockwright.engine import library
from blockwright.language.checker import Arising, Labels
from blockwright.language.diagnostics import Finding
from blockwright.language.document import Document
from blockwright.language.program import Program
from blockwright.language.source import Source

TOP = "flow: top\nsteps:\n  - helper:\n    save as: answer\n  - return: = answer\n"
HELPER = "flow: helper\nsteps:\n  - return: helped\n"
BETTER = HELPER.replace("helped", "better")
BROKEN = HELPER.replace("return", "retrun")


class Shelf:
    """A folder of flows, and a runtime that knows it."""

    def __init__(self, folder: Path, *blocks: AnyBlock, limits: Limits | None = None) -> None:
        self.folder = folder
        self.runtime = Runtime(flows=folder, blocks=blocks, limits=limits)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def problem(self, name: str) -> str:
        with pytest.raises(FlowError) as caught:
            self.runtime.flow(name)
        return caught.value.findings[0].message


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path)
    shelf.write("top.yaml", TOP)
    shelf.write("below/deep/helper.yml", HELPER)
    return shelf


def test_a_flow_is_found_by_its_name_in_folders_below_too(shelf: Shelf) -> None:
    assert shelf.runtime.flow("top").run() == "helped"
    assert shelf.runtime.flow("helper").run() == "helped"


def test_several_folders_make_one_library(tmp_path: Path) -> None:
    first, second = Shelf(tmp_path / "first"), Shelf(tmp_path / "second")
    first.write("top.yaml", TOP)
    second.write("helper.yaml", HELPER)

    assert Runtime(flows=[first.folder, second.folder]).flow("top").run() == "helped"


@pytest.mark.parametrize(
    "text",
    [
        '{"flow": "an odd one", "steps": [{"return": 5}]}',
        "'flow': an odd one\nsteps:\n  - return: 5\n",
        "about: odd\nflow :\n  an odd one\nsteps:\n  - return: 5\n",
        "steps:\n  - return: 5\nflow: an odd one # indeed\n",
        "\ufeff# odd\r\nflow: 'an odd one'\r\nsteps:\r\n  - return: 5\r\n",
    ],
)
def test_a_flow_is_found_however_its_name_is_written(shelf: Shelf, text: str) -> None:
    shelf.write("top.yaml", TOP.replace("helper", "an odd one"))
    shelf.write("odd.yaml", text)

    assert shelf.runtime.flow("top").run() == 5
    assert shelf.runtime.refresh().problems == {}


def test_what_is_hidden_is_no_part_of_a_library(shelf: Shelf) -> None:
    shelf.write("caller.yaml", TOP.replace("helper", "hidden").replace("top", "caller"))
    shelf.write(".git/hidden.yaml", HELPER.replace("helper", "hidden"))
    shelf.write(".hidden.yaml", HELPER.replace("helper", "hidden"))
    shelf.write("node_modules/pack/hidden.yaml", HELPER.replace("helper", "hidden"))
    shelf.write("env/lib/hidden.yaml", HELPER.replace("helper", "hidden"))
    shelf.write("env/pyvenv.cfg", "")

    assert "no flow called `hidden`" in shelf.problem("hidden")
    assert "there is no block, function or flow called `hidden`" in shelf.problem("caller")


def test_a_misspelled_name_gets_the_nearest_one(shelf: Shelf) -> None:
    with pytest.raises(FlowError) as caught:
        shelf.runtime.flow("hepler")
    assert caught.value.findings[0].mend == "did you mean `helper`?"


def test_a_flow_is_the_same_until_something_that_it_is_made_of_changes(shelf: Shelf) -> None:
    flow = shelf.runtime.flow("top")
    assert shelf.runtime.flow("top") is flow

    shelf.write("another.yaml", HELPER.replace("helper", "another"))
    assert shelf.runtime.flow("top") is flow

    shelf.write("below/deep/helper.yml", BETTER)
    again = shelf.runtime.flow("top")
    assert again is not flow
    assert (again.run(), flow.run()) == ("better", "helped")


def test_an_edit_of_the_same_size_at_the_same_moment_is_seen(shelf: Shelf) -> None:
    path = shelf.folder / "below/deep/helper.yml"
    stamp = path.stat()
    assert shelf.runtime.flow("top").run() == "helped"

    path.write_text(BETTER, "utf-8")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    assert shelf.runtime.flow("top").run() == "better"


def test_files_that_have_not_changed_for_a_while_are_not_read_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Path] = []
    really = Path.open

    def counting(path: Path, *args: str, **more: str) -> object:
        reads.append(path)
        return really(path, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr("blockwright.engine.files._YOUNG", -1_000_000_000_000)
    shelf.runtime.flow("top")
    monkeypatch.setattr(Path, "open", counting)

    shelf.runtime.flow("top")
    assert reads == []

    path = shelf.write("below/deep/helper.yml", BETTER)
    reads.clear()
    assert shelf.runtime.flow("top").run() == "better"
    assert set(reads) == {path, shelf.folder / "top.yaml"}


def test_a_broken_edit_is_told_once_and_the_flow_goes_on_as_it_was(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.runtime.flow("top")
    shelf.write("below/deep/helper.yml", BROKEN)

    with caplog.at_level(logging.WARNING, "blockwright.library"):
        assert [shelf.runtime.flow("top").run() for _ in range(3)] == ["helped"] * 3
    assert len(caplog.records) == 1
    assert "there is no statement `retrun`" in caplog.text

    shelf.write("below/deep/helper.yml", BETTER)
    assert shelf.runtime.flow("top").run() == "better"


def test_a_broken_edit_is_mended_by_a_file_that_was_missing(shelf: Shelf) -> None:
    shelf.runtime.flow("top")
    shelf.write("top.yaml", TOP.replace("helper", "third"))
    assert shelf.runtime.flow("top").run() == "helped"
    assert set(shelf.runtime.refresh().problems) == {"top"}

    shelf.write("third.yaml", BETTER.replace("helper", "third"))
    assert shelf.runtime.flow("top").run() == "better"


def test_a_flow_that_never_was_right_is_refused(shelf: Shelf) -> None:
    shelf.write("below/deep/helper.yml", BROKEN)

    assert "no statement `retrun`" in shelf.problem("top")


@pytest.mark.parametrize("text", ["", "flow helper\n", "# flow: helper\n"])
def test_a_file_that_no_longer_begins_like_a_flow_is_a_broken_edit_too(shelf: Shelf, text: str) -> None:
    flow = shelf.runtime.flow("helper")
    shelf.write("below/deep/helper.yml", text)

    assert shelf.runtime.flow("helper") is flow
    assert set(shelf.runtime.refresh().problems) == {"helper", "top"}


def test_a_flow_whose_file_is_gone_is_gone_and_those_that_call_it_go_on(shelf: Shelf) -> None:
    shelf.runtime.flow("top")
    shelf.runtime.flow("helper")
    (shelf.folder / "below/deep/helper.yml").unlink()

    assert "no flow called `helper`" in shelf.problem("helper")
    assert shelf.runtime.flow("top").run() == "helped"


def test_a_file_may_be_renamed_and_a_flow_too(shelf: Shelf) -> None:
    flow = shelf.runtime.flow("helper")
    path = (shelf.folder / "below/deep/helper.yml").rename(shelf.folder / "elsewhere.yaml")

    assert shelf.runtime.flow("helper").path == str(path)
    assert flow.run() == "helped"

    path.write_text(HELPER.replace("flow: helper", "flow: other"), "utf-8")
    assert shelf.runtime.flow("other").run() == "helped"
    assert "no flow called `helper`" in shelf.problem("helper")


def test_two_files_with_one_name_are_said_at_both_places(shelf: Shelf) -> None:
    first = shelf.folder / "below/deep/helper.yml"
    second = shelf.write("second.yaml", HELPER)

    with pytest.raises(FlowError) as caught:
        shelf.runtime.flow("helper")
    assert {(each.file, each.message) for each in caught.value.findings} == {
        (str(first), f"`helper` is also the name of the flow in {second}"),
        (str(second), f"`helper` is also the name of the flow in {first}"),
    }
    for path, other in ((first, second), (second, first)):
        with pytest.raises(FlowError) as caught:
            shelf.runtime.load(path)
        assert caught.value.findings[0].message == f"`helper` is also the name of the flow in {other}"


def test_a_name_clashes_for_whoever_sees_both_whatever_was_called_before(tmp_path: Path) -> None:
    library, own = Shelf(tmp_path / "library"), Shelf(tmp_path / "own")
    library.write("helper.yaml", HELPER)
    library.write("other.yaml", TOP.replace("top", "other"))
    own.write("helper.yaml", BETTER)
    own.write("mid.yaml", TOP.replace("top", "mid"))
    path = own.write("first.yaml", "flow: first\nsteps:\n  - other\n  - mid\n")

    for each in (path, own.folder / "mid.yaml"):
        with pytest.raises(FlowError) as caught:
            library.runtime.load(each)
        assert {found.message for found in caught.value.findings} == {
            f"`helper` is also the name of the flow in {folder / 'helper.yaml'}"
            for folder in (library.folder, own.folder)
        }
    assert library.runtime.flow("other").run() == "helped"


def test_a_text_that_is_not_saved_yet_stands_for_its_file(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shelf.folder)
    path = shelf.write("ping.yaml", "flow: ping\nsteps:\n  - pong\n")
    shelf.write("pong.yaml", "flow: pong\nsteps:\n  - ping\n")
    text = "flow: ping\ninputs: {b: number}\nsteps:\n  - log: = b\n  - pong\n"

    for runtime, name in ((shelf.runtime, str(path)), (Runtime(), "standard input")):
        with pytest.raises(FlowError) as caught:
            runtime.load_text(text, name)
        assert [each.message for each in caught.value.findings] == ["`ping` needs `b`"]


def test_a_flow_whose_contract_changes_is_held_against_every_call_again(shelf: Shelf) -> None:
    promising = "flow: helper\nreturns: number\nfailures: {7: Seven.}\nsteps:\n  - return: 1\n"
    shelf.write("below/deep/helper.yml", promising)
    call = "  - helper:\n    save as: answer\n    if it fails: {7: [return: 0]}\n  - return: = answer + 1\n"
    top = shelf.write("top.yaml", f"flow: top\nsteps:\n{call}")
    flow = shelf.runtime.flow("top")

    def now(text: str) -> tuple[int, int, str]:
        shelf.write("below/deep/helper.yml", text)
        (found,) = shelf.runtime.refresh().problems["top"].findings
        assert (found.file, shelf.runtime.flow("top")) == (str(top), flow)
        return found.span.line, found.span.column, found.message

    words = promising.replace("number", "list").replace("return: 1", "return: [1]")
    assert now(words) == (6, 15, "a list and a number cannot be added")
    assert now(promising.replace("7: Seven.", "8: Eight.")) == (5, 19, "nothing here can fail with 7")
    assert now(promising.replace("\nreturns", "\ninputs: {b: text}\nreturns")) == (3, 5, "`helper` needs `b`")
    assert now(promising.replace("returns: number", "returns: nothing").replace("  - return: 1", "  - return")) == (
        4,
        14,
        "`helper` gives no value to save",
    )
    shelf.write("below/deep/helper.yml", promising.replace("return: 1", "return: 2"))
    assert (shelf.runtime.refresh().problems, shelf.runtime.flow("top").run()) == ({}, 3)


def test_promises_go_round_a_circle_of_files(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, limits=Limits(depth=7))
    for name, following in (("a", "b"), ("b", "c"), ("c", "a")):
        shelf.write(
            f"{name}/{name}.yaml",
            f"flow: {name}\ninputs: {{n: number}}\nreturns: number\nfailures: {{9: Enough.}}\nsteps:\n"
            "  - if: = n = 0\n    then: [return: 0]\n"
            "  - if: = n < 0\n    then: [fail: {code: 9, message: Enough.}]\n"
            f"  - {following}: {{n: = n - 1}}\n    save as: found\n  - return: = found + 1\n",
        )
    flow = shelf.runtime.flow("a")

    assert flow.run({"n": 6}) == 6
    for n, code in ((-1, 9), (7, "too deep")):
        with pytest.raises(Failure) as failed:
            flow.run({"n": n})
        assert failed.value.code == code

    shelf.write("c/c.yaml", (tmp_path / "c/c.yaml").read_text("utf-8").replace("{9: Enough.}", "{}"))
    assert {each.findings[0].file for each in shelf.runtime.refresh().problems.values()} == {str(tmp_path / "c/c.yaml")}
    assert shelf.runtime.flow("a").run({"n": 6}) == 6


def test_only_what_an_edit_touches_is_loaded_and_checked_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    checks: list[str] = []
    loads: list[str] = []
    really, really_across = library.check, library.check_across

    def counting(document: Document, source: Source, labels: Labels, warnings: Iterable[Finding] = ()) -> Program:
        checks.append(document.flow.text)
        return really(document, source, labels, warnings)

    def counting_loads(program: Program, arising: Arising) -> tuple[Finding, ...]:
        loads.append(program.name)
        return really_across(program, arising)

    monkeypatch.setattr(library, "check", counting)
    monkeypatch.setattr(library, "check_across", counting_loads)
    shelf.write("alone.yaml", HELPER.replace("helper", "alone"))
    shelf.write("above.yaml", TOP.replace("- helper", "- top").replace("flow: top", "flow: above"))
    shelf.runtime.refresh()
    assert sorted(checks) == ["above", "alone", "helper", "top"]

    checks.clear()
    shelf.write("below/deep/helper.yml", BETTER)
    assert set(shelf.runtime.refresh().changed) == {"above", "top", "helper"}
    assert sorted(checks) == ["helper", "top"]
    assert shelf.runtime.flow("above").run() == "better"

    checks.clear()
    loads.clear()
    shelf.write("one more.yaml", HELPER.replace("helper", "one more"))
    shelf.runtime.refresh()
    assert (checks, loads) == (["one more"], [])


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FlowError) as caught:
        Runtime(flows=[tmp_path, tmp_path / "elsewhere"]).flow("helper")
    (found,) = caught.value.findings
    assert found.mend == f"{tmp_path / 'elsewhere'} is no folder that can be looked into"


def test_a_file_that_cannot_be_read_any_more_is_said_and_the_flow_goes_on(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    flow = shelf.runtime.flow("helper")
    (shelf.folder / "below/deep/helper.yml").write_bytes("flow: helper".encode("utf-16"))

    assert shelf.runtime.flow("helper") is flow
    assert "this file is saved as UTF-16" in caplog.text


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no such permissions")
@pytest.mark.parametrize("closed", ["below/deep", "below/deep/helper.yml"])
def test_a_file_that_may_not_be_read_any_more_is_said_and_the_flow_goes_on(
    shelf: Shelf, closed: str, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.runtime.refresh()
    path, me = shelf.folder / closed, os.geteuid()
    for each in (shelf.folder, *shelf.folder.parents[:2]):
        each.chmod(0o755)
    path.chmod(0)
    if me == 0:
        os.seteuid(65534)
    try:
        found = shelf.runtime.refresh()
    finally:
        os.seteuid(me)
        path.chmod(0o755)

    assert (set(found.flows), found.gone, set(found.problems)) == ({"top", "helper"}, (), {"top", "helper"})
    assert "this file may not be read by you" in caplog.text
    assert shelf.runtime.refresh().problems == {}


def test_one_file_by_several_ways_is_one_flow(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    (shelf.folder / "again").symlink_to(shelf.folder / "below", target_is_directory=True)
    (shelf.folder / "below" / "round").symlink_to(shelf.folder, target_is_directory=True)
    (shelf.folder / "link.yaml").symlink_to(shelf.folder / "below/deep/helper.yml")
    (shelf.folder / "nowhere.yaml").symlink_to(shelf.folder / "nothing")
    (shelf.folder / "itself.yaml").symlink_to(shelf.folder / "itself.yaml")
    monkeypatch.chdir(shelf.folder)
    runtime = Runtime(flows=[".", shelf.folder, "again", "below/../below", shelf.folder / "below" / "round"])

    found = runtime.refresh()

    assert (set(found.flows), found.problems) == ({"top", "helper"}, {})
    assert runtime.flow("top").run() == "helped"


def test_a_file_that_is_replaced_as_a_whole_is_seen(shelf: Shelf) -> None:
    flow = shelf.runtime.flow("top")
    shelf.write("new", BETTER).replace(shelf.folder / "below/deep/helper.yml")

    assert shelf.runtime.flow("top").run() == "better"
    assert flow.run() == "helped"


def test_a_look_at_all_flows_says_what_is_new_changed_gone_and_wrong(shelf: Shelf) -> None:
    first = shelf.runtime.refresh()
    assert (set(first.flows), set(first.added), first.changed, first.gone, first.problems) == (
        {"top", "helper"},
        {"top", "helper"},
        (),
        (),
        {},
    )
    nothing = shelf.runtime.refresh()
    assert (nothing.added, nothing.changed, nothing.gone) == ((), (), ())

    shelf.write("below/deep/helper.yml", BETTER)
    shelf.write("third.yaml", HELPER.replace("helper", "third"))
    shelf.write("wrong.yaml", BROKEN.replace("helper", "wrong"))
    second = shelf.runtime.refresh()
    assert (second.added, set(second.changed), list(second.problems)) == (("third",), {"top", "helper"}, ["wrong"])

    (shelf.folder / "third.yaml").unlink()
    shelf.write("top.yaml", TOP.replace("return", "retrun"))
    third = shelf.runtime.refresh()
    assert (third.gone, set(third.problems), "top" in third.flows) == (("third",), {"wrong", "top"}, True)


def test_a_run_under_way_goes_on_with_the_flows_it_began_with(tmp_path: Path) -> None:
    shelf: Shelf

    @block("change the helper")
    def change() -> None:
        """Write another helper while a flow is on its way to it."""
        shelf.write("helper.yaml", BETTER)
        assert shelf.runtime.flow("top") is not flow

    shelf = Shelf(tmp_path, change)
    shelf.write("top.yaml", TOP.replace("  - helper", "  - change the helper\n  - helper"))
    shelf.write("helper.yaml", HELPER)
    flow = shelf.runtime.flow("top")

    assert flow.run() == "helped"
    assert shelf.runtime.flow("top").run() == "better"


@pytest.mark.parametrize("depth", [5, 64])
def test_flows_that_call_one_another_without_an_end_are_bounded(tmp_path: Path, depth: int) -> None:
    shelf = Shelf(tmp_path, limits=Limits(depth=depth))
    shelf.write("a/ping.yaml", "flow: ping\nsteps:\n  - pong\n")
    shelf.write("b/pong.yaml", "flow: pong\nsteps:\n  - ping\n")
    text = "flow: caught\nsteps:\n  - ping:\n    if it fails: {too deep: [return: = failure.message]}\n"
    shelf.write("caught.yaml", text)

    expected = f"functions and flows may call one another {depth} levels deep, no deeper"
    assert shelf.runtime.flow("caught").run() == expected
    assert shelf.runtime.flow("caught").run(watch=lambda _event: None) == expected


def test_flows_are_edited_and_asked_for_by_several_threads_at_once(shelf: Shelf) -> None:
    wrong: list[object] = []

    def repeatedly(do: Callable[[int], object]) -> threading.Thread:
        def work() -> None:
            try:
                for number in range(30):
                    do(number)
            except BaseException as error:
                wrong.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    def ask(_: int) -> None:
        given = shelf.runtime.flow("top").run()
        assert given in ("helped", "better")

    shelf.runtime.flow("top")
    edits = (HELPER, BROKEN, BETTER)
    threads = [repeatedly(lambda number: shelf.write("below/deep/helper.yml", edits[number % 3]))]
    threads += [repeatedly(ask) for _ in range(3)]
    for thread in threads:
        thread.join()

    assert wrong == []
    assert shelf.runtime.flow("top").run() == "better"
