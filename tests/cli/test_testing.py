"""``blockwright test``: what is shown, what is written, and the exit codes, which are those of pytest."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests.cli.world import Command

FLOW = """\
flow: greet
inputs: {name: text}
steps:
  - if: = name = ""
    then: [fail: {code: nobody, message: There is nobody}]
  - return: hello ${name}
tests:
  - it: greets
    with: {name: Ann}
    expect: {returns: hello Ann}
  - it: greets loudly
    with: {name: Bob}
    expect: {returns: HELLO Bob}
  - it: greets <&> "quietly" \\
    with: {name: Cid}
    expect: {returns: hello Cid}
"""
GOOD = FLOW.replace("HELLO", "hello")


def in_time(text: str) -> str:
    """The text without the times in it, which are never the same."""
    import re

    return re.sub(r"\d+ ms", "… ms", text)


@pytest.fixture
def greet(command: Command) -> Command:
    command.write("greet.yaml", FLOW)
    return command


def test_a_dot_for_each_test_that_passes_and_what_differs_below(greet: Command) -> None:
    result = greet("test")

    assert (result.code, result.err) == (1, "")
    assert in_time(result.out) == (
        "greet.yaml .F.\n"
        "\n"
        "greet.yaml:11: greets loudly\n"
        "  greet.yaml:13: `returns` is not as expected\n"
        "      - HELLO Bob\n"
        "      + hello Bob\n"
        "\n"
        "greet.yaml: 1 of 3 steps never ran: line 5\n"
        "\n"
        "1 failed, 2 passed in … ms\n"
    )


def test_a_line_for_each_test(greet: Command) -> None:
    lines = in_time(greet("test", "greet.yaml", "-v").out).splitlines()

    assert lines[:3] == [
        "passed  greet.yaml:8: greets (… ms)",
        "FAILED  greet.yaml:11: greets loudly (… ms)",
        'passed  greet.yaml:14: greets <&> "quietly" \\ (… ms)',
    ]


def test_only_what_failed(greet: Command) -> None:
    assert in_time(greet("test", "-q").out) == (
        "\n"
        "greet.yaml:11: greets loudly\n"
        "  greet.yaml:13: `returns` is not as expected\n"
        "      - HELLO Bob\n"
        "      + hello Bob\n"
        "1 failed, 2 passed in … ms\n"
    )


def test_all_is_well(command: Command) -> None:
    command.write("greet.yaml", GOOD)

    result = command("test", ".", "-q")

    assert (result.code, in_time(result.out)) == (0, "3 passed in … ms\n")


def test_tests_are_chosen_by_words(greet: Command) -> None:
    result = greet("test", "-k", "greet and not loudly")

    assert (result.code, in_time(result.out)) == (0, "greet.yaml ..\n\n2 passed, 1 left out in … ms\n")


def test_folders_above_the_current_one_are_no_words_of_a_test(greet: Command) -> None:
    above = greet.folder.name

    assert greet("test", str(greet.folder), "-k", f"not {above}").code == 1
    assert greet("test", str(greet.folder), "-k", above).code == 5
    assert greet("test", str(greet.folder / "greet.yaml"), "-k", "greet.yaml and loudly").code == 1


def test_it_stops_at_the_first_that_fails(greet: Command) -> None:
    assert in_time(greet("test", "-x").out).endswith("\n1 failed, 1 passed in … ms\n")


def test_junit(greet: Command) -> None:
    assert greet("test", "--junit", "out.xml").code == 1

    root = ElementTree.parse(greet.folder / "out.xml").getroot()
    (suite,) = root
    assert suite.attrib | dict.fromkeys(("time", "timestamp", "hostname"), "") == {
        "name": "greet.yaml", "tests": "3", "failures": "1", "errors": "0", "skipped": "0", "time": "",
        "timestamp": "", "hostname": "",
    }  # fmt: skip
    assert [(case.get("name"), case.get("classname"), case.get("line")) for case in suite] == [
        ("greets", "greet", "8"),
        ("greets loudly", "greet", "11"),
        ('greets <&> "quietly" \\', "greet", "14"),
    ]
    (failure,) = suite.findall("testcase/failure")
    assert failure.get("message") == "`returns` is not as expected"
    assert failure.text == "greet.yaml:13: `returns` is not as expected\n    - HELLO Bob\n    + hello Bob"


def test_a_file_that_cannot_be_written_is_said_before_anything_runs(greet: Command) -> None:
    result = greet("test", "--junit", "no/such/folder.xml")

    assert (result.code, result.out) == (4, "")
    assert result.err.startswith("blockwright: there is no folder no/such\n")


def test_what_was_found_is_shown_even_if_it_cannot_be_written(greet: Command) -> None:
    (greet.folder / "out.xml").mkdir()

    result = greet("test", "--junit", "out.xml")

    assert result.code == 4
    assert "out.xml cannot be written" in result.err
    assert "greet.yaml:13: `returns` is not as expected" in result.out


def test_junit_has_the_shape_that_pytest_gives_it(greet: Command) -> None:
    greet.write("pytest.ini", "[pytest]\n")
    greet("test", "--junit", "ours.xml")
    words = ["-m", "pytest", "-p", "no:cacheprovider", "greet.yaml", "--junit-xml", "pytests.xml"]
    subprocess.run([sys.executable, *words], cwd=greet.folder, check=False, capture_output=True)

    ours, pytests = (ElementTree.parse(greet.folder / name).getroot() for name in ("ours.xml", "pytests.xml"))

    def shape(root: ElementTree.Element) -> list[list[object]]:
        return [[case.get("name"), *(each.tag for each in case)] for case in root.iter("testcase")]

    assert [each.tag for each in ours.iter()] == [each.tag for each in pytests.iter()]
    assert shape(ours) == shape(pytests)
    for tag in ("testsuites", "testsuite", "testcase", "failure"):
        one, other = next(ours.iter(tag)), next(pytests.iter(tag))
        assert other.attrib.keys() <= one.attrib.keys()


def test_characters_that_no_xml_may_have_are_left_out_of_it(command: Command) -> None:
    command.write("odd.yaml", 'flow: odd\nsteps: [return: "\\u0001"]\ntests: [{it: works, expect: {returns: a}}]\n')

    assert command("test", "--junit", "out.xml").code == 1
    assert ElementTree.parse(command.folder / "out.xml").getroot().get("failures") == "1"


def test_json(greet: Command) -> None:
    result = greet("test", "--json")

    data = json.loads(result.out)
    assert result.code == 1
    assert (data["passed"], data["failed"], data["leftOut"], data["stopped"], data["findings"]) == (2, 1, 0, False, [])
    assert data["coverage"] == [{"file": "greet.yaml", "flow": "greet", "steps": 3, "missed": [5]}]
    assert data["tests"][1] | {"seconds": 0} == {
        "file": "greet.yaml",
        "line": 11,
        "flow": "greet",
        "it": "greets loudly",
        "passed": False,
        "seconds": 0,
        "problems": [
            {
                "message": "`returns` is not as expected",
                "file": "greet.yaml",
                "line": 13,
                "lines": ["- HELLO Bob", "+ hello Bob"],
            }
        ],
    }


def test_steps_that_never_ran_may_be_too_many(command: Command) -> None:
    command.write("greet.yaml", GOOD)

    assert command("test", "--coverage-min", "66.6").code == 0
    result = command("test", "--coverage-min", "66.7", "-q")
    assert (result.code, result.out.splitlines()[1]) == (1, "66.6 % of the steps ran, and at least 66.7 % should")
    assert command("test", "--coverage-min", "100", "-k", "greets").code == 0


def test_a_flow_that_is_wrong_keeps_all_from_running(greet: Command) -> None:
    greet.write("bad.yaml", "flow: bad\nsteps:\n  - lgo: a\n")

    result = greet("test", "--junit", "out.xml")

    assert result.code == 2
    assert result.out.startswith("bad.yaml:3:5: ")
    assert result.out.endswith("\n1 thing is wrong, so nothing was run\n")
    assert ElementTree.parse(greet.folder / "out.xml").getroot().get("errors") == "1"
    assert [finding["line"] for finding in json.loads(greet("test", "--json").out)["findings"]] == [3]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["-k", "nothing has these words"], 5),
        (["empty"], 5),
        (["nowhere"], 4),
        (["-k", "greet and"], 4),
        (["--no-such-option"], 4),
        (["--coverage-min", "101"], 4),
        (["--flows", "nowhere"], 4),
        (["--junit", "no/such/folder.xml"], 4),
        (["--help"], 0),
    ],
)
def test_other_exit_codes(greet: Command, words: list[str], code: int) -> None:
    (greet.folder / "empty").mkdir()

    assert greet("test", *words).code == code


def test_what_nobody_expected_is_3(greet: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_(*_: object) -> None:
        raise ValueError("broken by purpose")

    monkeypatch.setattr("blockwright.cli.test.collect", break_)

    result = greet("test")

    assert result.code == 3
    assert "ValueError: broken by purpose" in result.err


def test_ctrl_c_ends_it_with_what_was_found_until_then(greet: Command) -> None:
    greet.write(
        "late.yaml", "flow: late\nsteps:\n  - until: = 1 > 2\n    do: [log: a]\ntests: [{it: is late, expect: {}}]\n"
    )
    running = greet.start("test", "-v")
    assert running.stdout is not None
    first = [running.stdout.readline() for _ in range(3)]
    running.send_signal(signal.SIGINT)

    out, _ = running.communicate(timeout=30)

    assert running.returncode == 2
    assert first[0].startswith("passed  greet.yaml:8: greets")
    assert "greet.yaml:13: `returns` is not as expected" in out
    assert "1 failed, 2 passed, stopped in " in out
