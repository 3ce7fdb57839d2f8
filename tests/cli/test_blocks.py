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
