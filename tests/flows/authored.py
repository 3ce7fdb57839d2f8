"""The tests that flow files carry: what is given, with which inputs, and what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from blockwright import Flow
from blockwright.language.source import Mapping as Entries
from blockwright.language.source import Node, Scalar, parse_nodes, read_source, resolve
from blockwright.language.source import Sequence as Items

FLOWS = Path(__file__).parents[2] / "flows"


@dataclass(frozen=True)
class Authored:
    """One test of one file. An app that a test does not describe further requires confirmation.

    A user in it may have been ``created`` on a day of the past. ``roles`` say who has them, by email.
    """

    path: Path
    sentence: str
    users: Sequence[Mapping[str, object]]
    settings: Mapping[str, object]
    roles: Mapping[str, Sequence[str]]
    inputs: Entries
    expected: Mapping[str, object]

    def inputs_for(self, flow: Flow) -> dict[str, object]:
        """The inputs, read by the types that the flow declares."""
        return {key.text: _input(flow, key.text, node) for key, node in self.inputs.entries}


def authored(folder: Path = FLOWS) -> Iterator[Authored]:
    """The tests of all flows in a folder."""
    for path in sorted(folder.glob("*.yaml")):
        tests = cast("Entries", parse_nodes(read_source(path))).get("tests")
        for test in cast("Items", tests).items if tests else ():
            yield _read(path, cast("Entries", test))


def _read(path: Path, test: Entries) -> Authored:
    given = cast("Mapping[str, object]", plain(test.get("given") or Entries((), test.span)))
    return Authored(
        path,
        cast("str", plain(test.by_name["it"][1])),
        cast("Sequence[Mapping[str, object]]", given.get("users", ())),
        {"emailConfirmationRequired": True, **cast("Mapping[str, object]", given.get("settings", {}))},
        cast("Mapping[str, Sequence[str]]", given.get("roles", {})),
        cast("Entries", test.get("with") or Entries((), test.span)),
        cast("Mapping[str, object]", plain(test.by_name["expect"][1])),
    )


def plain(node: Node) -> object:
    """What a node means where no type is declared."""
    if isinstance(node, Scalar):
        return resolve(node)
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}


def _input(flow: Flow, name: str, node: Node) -> object:
    if isinstance(node, Scalar) and node.style == "plain":
        return flow.read_inputs({name: node.text})[name]
    return plain(node)
