"""``blockwright blocks``: the catalogue, for people and for programs."""

from __future__ import annotations

import json
import re

import pytest

from blockwright.catalogue import installed_blocks
from tests.cli.pack import install
from tests.cli.world import Command


def test_every_installed_block_is_listed_under_its_category(command: Command) -> None:
    result = command("blocks")

    lines = result.out.splitlines()
    assert result.code == 0
    for block in installed_blocks():
        assert block.category in lines
        assert any(line.startswith(f"  {block.label}") for line in lines)
    assert re.search("^  resend confirmation email +Send the confirmation email again", result.out, re.M)


def test_a_block_is_shown_with_its_inputs_its_codes_and_a_step_to_copy(command: Command) -> None:
    out = command("blocks", "resend confirmation email").out

    assert "  user identity  text or number" in out
    assert "gives: nothing" in out
    assert "  3104          Nobody is registered with this user identity." in out
    snippet = out[out.index("in a flow\n") + len("in a flow\n") :]
    command.write("flow.yaml", f"flow: try it\ninputs: {{user identity: text}}\nsteps:\n{snippet}")
    assert command("check", "flow.yaml").out.startswith("flow.yaml: right; ")


def test_a_label_that_is_nearly_right_is_put_right(command: Command) -> None:
    result = command("blocks", "resend confirmaton email")

    assert (result.code, result.out) == (2, "")
    assert "did you mean `resend confirmation email`?" in result.err


def test_json_is_the_schema_of_the_block(command: Command) -> None:
    one = json.loads(command("blocks", "resend confirmation email", "--json").out)
    everything = json.loads(command("blocks", "--json").out)

    assert one["inputs"]["required"] == ["user identity"]
    assert one["failures"][0]["code"] == 3102
    assert one in everything


def test_a_stranger_s_pack_is_listed_beside_the_standard_blocks(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(install(command.folder / "packs")))

    out = command("blocks").out

    assert out.index("other\n") < out.index("  wait until stopped  ") < out.index("users\n")


def test_a_pack_that_is_broken_is_named(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(install(command.folder / "packs", "BLOCKS = 'none'\n", "broken")))

    result = command("blocks")

    assert result.code == 2
    assert "the block pack 'broken'" in result.err


PROMISING = """\
flow: who is pending
about: Looks for those who have not confirmed.
inputs: {most: {type: number, default: 10}}
returns: {type: list of text, about: Their addresses.}
failures:
  9: Nobody is pending.
steps:
  - if: = most < 1
    then: [fail: {code: 9, message: Nobody.}]
  - return: [a@example.com]
"""


def test_a_flow_that_says_what_it_promises_is_listed_and_shown_as_a_block(command: Command) -> None:
    (command.folder / "library/below").mkdir(parents=True)
    command.write("library/below/pending.yaml", PROMISING)
    command.write("library/silent.yaml", "flow: silent\nsteps:\n  - log: a\n")
    command.write("library/broken.yaml", "flow: broken\nsteps:\n  - lgo: a\n")

    listed = command("blocks", "--flows", "library")
    assert listed.code == 0
    assert re.search("^flows\n  who is pending +Looks for those", listed.out, re.M)
    assert "silent" not in listed.out
    assert "did you mean `log`?" in listed.err

    shown = command("blocks", "who is pending", "--flows", "library").out
    assert "  most  number (otherwise 10)" in shown
    assert "gives: list of text" in shown
    assert "Gives: Their addresses." in shown
    assert "  9  Nobody is pending." in shown


def test_check_says_what_a_flow_says_of_its_codes(command: Command) -> None:
    command.write("pending.yaml", PROMISING)

    assert re.search("^  9 +Nobody is pending", command("check", "--failures", "pending.yaml").out, re.M)


def test_a_folder_of_flows_that_is_not_there_is_said(command: Command) -> None:
    assert command("blocks", "--flows", "nowhere").code == 2
