"""One way to read YAML in tests."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

from blockwright.language.diagnostics import Finding, FlowError
from blockwright.language.source import Mapping, Node, Scalar, Sequence, Source, parse_nodes, resolve
from blockwright.language.source.events import open_events, open_pure_events

PARSERS = {"libyaml": open_events, "pure": open_pure_events}

Data: TypeAlias = bool | int | Decimal | str | list["Data"] | dict[str, "Data"] | None


def plain(node: Node) -> Data:
    """A node as plain data, every scalar read by YAML 1.2's core."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    return [plain(item) for item in node.items] if isinstance(node, Sequence) else resolve(node)


def scalars(node: Node) -> list[Scalar]:
    """Every scalar of a node, keys included, in the order of the file."""
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Sequence):
        return [scalar for item in node.items for scalar in scalars(item)]
    return [scalar for key, value in node.entries for scalar in (key, *scalars(value))]


def read(text: str, parser: str = "libyaml") -> Node:
    """The nodes of a text about which there is nothing to say."""
    warnings: list[Finding] = []
    root = parse_nodes(Source("flow.yaml", text), warnings, events=PARSERS[parser])
    assert not warnings, str(FlowError(warnings))
    return root


def outcome(text: str, parser: str = "libyaml") -> tuple[Node | None, list[Finding]]:
    """The nodes of a text, or None when it cannot be used; and everything that is found in it."""
    warnings: list[Finding] = []
    try:
        return parse_nodes(Source("flow.yaml", text), warnings, events=PARSERS[parser]), warnings
    except FlowError as error:
        return None, list(error.findings)


def findings_of(text: str, parser: str = "libyaml") -> list[Finding]:
    """Everything that is found in a text, errors and warnings."""
    return outcome(text, parser)[1]
