"""Python's tools see the author's file: a failing block's traceback names the YAML line that called it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from blockwright import Failure, Flow, Runtime, block

FLOW = """\
flow: mail everyone
inputs:
  users: list of text
steps:
  - for each: user
    in: = users
    do:
      - mail one:
          user: = user
functions:
  mail one:
    inputs: {user: text}
    steps:
      - log: mailing ${user}
      - if: = string length(user) > 2
        then:
          - send a letter: {to: = upper case(user)}
"""


@block("send a letter", failures={7: "Nobody lives there."})
def send_a_letter(to: str) -> None:
    """Send a letter."""
    deliver(to)


@block("send a letter later", failures={7: "Nobody lives there."})
async def send_a_letter_later(to: str) -> None:
    """Send a letter, after a while."""
    await asyncio.sleep(0)
    deliver(to)


def deliver(to: str) -> None:
    if to == "NOBODY":
        raise Failure(7, "nobody lives there")
    if to == "BROKEN":
        raise ValueError("the letter box is broken")


@pytest.fixture(params=["send a letter", "send a letter later"])
def flow(request: pytest.FixtureRequest, tmp_path: Path) -> Flow:
    path = tmp_path / "mail-everyone.yaml"
    path.write_text(FLOW.replace("send a letter", request.param), encoding="utf-8")
    return Runtime(blocks=[send_a_letter, send_a_letter_later], log=lambda _text, _place: None).load(path)


def frames_of(error: BaseException) -> list[tuple[str, int | None, str | None]]:
    """File name, line number and source line of every frame in a traceback."""
    summary = traceback.extract_tb(error.__traceback__)
    return [(Path(frame.filename).name, frame.lineno, frame.line) for frame in summary]


def test_the_traceback_of_a_failing_block_shows_the_lines_of_the_flow(flow: Flow) -> None:
    with pytest.raises(Failure) as failed:
        flow.run({"users": ["al", "nobody"]})
    frames = frames_of(failed.value)
    ours = [frame for frame in frames if frame[0] == "mail-everyone.yaml"]
    assert [line for _, line, _ in ours] == [8, 17]
    assert ours[0][2] == "- mail one:"
    assert ours[1][2] is not None
    assert ours[1][2].startswith("- send a letter")
    assert frames[-1][2] == 'raise Failure(7, "nobody lives there")'


def test_an_undeclared_error_keeps_its_own_traceback_as_the_cause(flow: Flow) -> None:
    with pytest.raises(Failure) as failed:
        flow.run({"users": ["broken"]})
    assert failed.value.code == "unexpected"
    assert isinstance(failed.value.__cause__, ValueError)
    printed = "".join(traceback.format_exception(failed.value))
    assert 'raise ValueError("the letter box is broken")' in printed
    assert f'File "{flow.path}", line 17' in printed
    assert printed.count("ValueError: the letter box is broken\n") == 1


def test_an_expression_that_fails_is_found_in_the_traceback(tmp_path: Path) -> None:
    path = tmp_path / "divide.yaml"
    path.write_text("flow: divide\ninputs: {n: number}\nsteps:\n  - return: = 10 / n\n", encoding="utf-8")
    with pytest.raises(Failure) as failed:
        Runtime().load(path).run({"n": 0})
    assert ("divide.yaml", 4, "- return: = 10 / n") in frames_of(failed.value)


def test_a_watched_run_gives_the_same_failure_with_the_blocks_own_frames(flow: Flow) -> None:
    with pytest.raises(Failure) as failed:
        flow.run({"users": ["nobody"]}, watch=lambda _: None)
    assert str(failed.value.place) == f"{flow.path}:17:13"
    assert frames_of(failed.value)[-1][2] == 'raise Failure(7, "nobody lives there")'


def test_where_python_keeps_no_columns_the_line_and_the_block_are_still_known(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from blockwright import Failure, Runtime, block\n"
        "@block('fall', failures={7: 'It fell.'})\n"
        "def fall(far: int) -> None:\n"
        "    raise Failure(7, 'fell')\n"
        "text = 'flow: f\\ninputs: {n: number}\\nsteps:\\n  - fall: {far: = 8 / n}\\n'\n"
        "flow = Runtime(blocks=[fall]).load_text(text)\n"
        "for n in (1, 0, 3):\n"
        "    try:\n"
        "        flow.run({'n': n})\n"
        "    except Failure as failure:\n"
        "        print(failure.code, failure.place, failure.block)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-X", "no_debug_ranges", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "7 flow.yaml:4:5 fall\nbad value flow.yaml:4:1 None\nbad value flow.yaml:4:1 None\n"
