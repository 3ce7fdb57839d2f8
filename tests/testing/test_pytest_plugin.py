"""pytest runs the tests of an application's flows, where its settings say so, and is left alone where they do not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FLOW = """\
flow: pay
steps:
  - charge: {amount: 5}
    save as: receipt
  - return: = receipt
tests:
  - it: pays
    expect: {returns: took 5}
  - it: pays double
    expect: {returns: took 10}
"""
BLOCKS = '''
from blockwright import Runtime, block


class Till:
    pass


@block("charge")
def charge(amount: int, *, till: Till) -> str:
    """Charge a card."""
    return f"took {amount}"


def pytest_blockwright_runtime(config):
    return Runtime(blocks=[charge], services=[Till()])
'''
SETTINGS = "[pytest]\nblockwright_files = *.yaml\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def run_pytest(folder: Path, *words: str) -> tuple[int, str]:
    """pytest in a process of its own, which finds the plug-in as it is installed: its exit code, and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:schemathesis", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        check=False,
    )
    return done.returncode, done.stdout


def test_each_test_is_one_of_pytests_with_its_own_place_and_words(tmp_path: Path) -> None:
    write(tmp_path, {"pytest.ini": SETTINGS, "conftest.py": BLOCKS, "pay.yaml": FLOW, "data.yaml": "a: b\n"})

    code, out = run_pytest(tmp_path, "-v", "-W", "error")

    assert code == 1
    assert "pay.yaml::pays PASSED" in out
    assert "pay.yaml::pays double FAILED" in out
    assert "___ pay: pays double ___" in out
    assert "\npay.yaml:10: `returns` is not as expected\n    - took 10\n    + took 5\n" in out
    assert "1 failed, 1 passed" in out


def test_words_and_names_choose_tests_as_everywhere_in_pytest(tmp_path: Path) -> None:
    write(tmp_path, {"pytest.ini": SETTINGS, "conftest.py": BLOCKS, "pay.yaml": FLOW})

    assert run_pytest(tmp_path, "-k", "not double")[0] == 0
    assert run_pytest(tmp_path, "pay.yaml::pays")[0] == 0


def test_a_flow_that_is_wrong_is_an_error_with_its_findings(tmp_path: Path) -> None:
    write(tmp_path, {"pytest.ini": SETTINGS, "pay.yaml": FLOW})

    code, out = run_pytest(tmp_path)

    assert code == 2
    assert "pay.yaml:3:5: there is no block, function or flow called `charge`" in out


def test_tests_beside_a_flow_are_collected_too(tmp_path: Path) -> None:
    tests = "tests of: pay\ntests: [{it: pays once more, expect: {returns: took 5}}]\n"
    flow = FLOW[: FLOW.index("tests:")]
    write(tmp_path, {"pytest.ini": SETTINGS, "conftest.py": BLOCKS, "pay.yaml": flow, "pay.tests.yaml": tests})

    code, out = run_pytest(tmp_path, "-v")

    assert (code, "pay.tests.yaml::pays once more PASSED" in out) == (0, True)


def test_only_files_that_the_settings_name_are_collected(tmp_path: Path) -> None:
    for folder in ("a", "a/b", "c"):
        (tmp_path / folder).mkdir()
    flows = ("one.yaml", "two.yaml", "two.yml", "a/three.yaml", "a/b/four.yaml", "c/five.yaml", "c/one.yaml")
    settings = "[pytest]\nblockwright_files = one.yaml a/*.yaml\n"
    write(tmp_path, {"pytest.ini": settings, "conftest.py": BLOCKS, **dict.fromkeys(flows, FLOW)})

    code, out = run_pytest(tmp_path, "--collect-only", "-q")

    assert code == 0
    assert [line.split("::")[0] for line in out.splitlines() if line.endswith("::pays")] == [
        "a/b/four.yaml",
        "a/three.yaml",
        "c/one.yaml",
        "one.yaml",
    ]


def test_a_flow_that_is_named_is_run_without_any_settings(tmp_path: Path) -> None:
    write(tmp_path, {"pytest.ini": "[pytest]\n", "conftest.py": BLOCKS, "pay.yaml": FLOW})

    assert run_pytest(tmp_path)[0] == 5
    assert run_pytest(tmp_path, "pay.yaml", "-k", "not double")[0] == 0


BRANCHES = """\
flow: pay
inputs: {amount: number}
steps:
  - if: = amount < 0
    then: [return: nothing]
  - return: something
tests:
  - it: pays
    with: {amount: 1}
    expect: {returns: something}
  - it: pays more
    with: {amount: 2}
    expect: {returns: something}
"""
NEVER_RAN = "- steps of flows -"


def test_the_steps_that_never_ran_are_said_as_the_command_says_them(tmp_path: Path) -> None:
    write(tmp_path, {"pytest.ini": SETTINGS, "pay.yaml": BRANCHES, "other.yaml": "flow: other\nsteps: [log: a]\n"})

    code, out = run_pytest(tmp_path)

    assert code == 0
    assert NEVER_RAN in out
    assert "\nother.yaml: 1 of 1 step never ran: line 2\npay.yaml: 1 of 3 steps never ran: line 5\n" in out


def test_all_steps_ran_and_nothing_is_said(tmp_path: Path) -> None:
    write(tmp_path, {"pytest.ini": SETTINGS, "conftest.py": BLOCKS, "pay.yaml": FLOW})

    code, out = run_pytest(tmp_path)

    assert (code, NEVER_RAN in out) == (1, False)


def test_of_a_flow_whose_tests_did_not_all_run_nothing_is_said(tmp_path: Path) -> None:
    again = BRANCHES.replace("flow: pay", "flow: again").replace("it: pays more", "it: more")
    beside = "tests of: pay\ntests:\n  - it: gives\n    with: {amount: -1}\n    expect: {returns: nothing}\n"
    write(tmp_path, {"pytest.ini": SETTINGS, "pay.yaml": BRANCHES, "again.yaml": again})

    assert "\nagain.yaml: 1 of 3 " not in run_pytest(tmp_path, "-k", "pays")[1]
    assert "\npay.yaml: 1 of 3 " in run_pytest(tmp_path, "-k", "pays")[1]
    assert NEVER_RAN not in run_pytest(tmp_path, "-k", "more and not pays")[1]
    assert NEVER_RAN not in run_pytest(tmp_path, "--collect-only")[1]

    write(tmp_path, {"pay.tests.yaml": beside})
    assert "\npay.yaml: " not in run_pytest(tmp_path, "-k", "pays")[1]
    assert "\npay.yaml: " not in run_pytest(tmp_path)[1]
    assert "\npay.yaml: 1 of 3 " in run_pytest(tmp_path, "pay.yaml")[1]


def test_in_a_suite_without_flows_nothing_is_imported_but_the_plug_in(tmp_path: Path) -> None:
    write(tmp_path, {"pytest.ini": "[pytest]\n", "test_a.py": "def test_a(): pass\n", "pay.yaml": FLOW})
    script = """
import sys, pytest
assert pytest.main(["-q", "-p", "no:cacheprovider"]) == 0
print(*sorted(name for name in sys.modules if name.startswith("blockwright")))
"""

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True)

    assert done.stdout.splitlines()[-1] == "blockwright blockwright.testing blockwright.testing.pytest_plugin"
