"""``name=value`` as it is typed after ``-i`` and ``-v``, and values written as in YAML."""

from __future__ import annotations

from collections.abc import Iterable

from blockwright.cli.terminal import CallError
from blockwright.language.diagnostics import Span
from blockwright.language.source import Node, Scalar, Sequence, Source, parse_nodes, resolve


def read_pairs(pairs: Iterable[str], option: str = "") -> dict[str, str]:
    """The names and texts of ``name=value``, as they follow ``option``. Raises CallError."""
    read: dict[str, str] = {}
    before = f"{option} " if option else ""
    for pair in pairs:
        name, equals, text = pair.partition("=")
        name = name.strip()
        if not equals or not name:
            raise CallError(f"`{before}{pair}` does not give a name its value", f'write it like {before}"name=value"')
        if name in read:
            raise CallError(f"`{name}` is given twice", "leave one of the two out")
        read[name] = text
    return read


def read_value(name: str, text: str) -> object:
    """What a text means where no type is declared: as in YAML, with lists and objects in brackets.

    Raises FlowError, in which ``name`` is what the text is called.
    """
    if writes_structure(text):
        return plain_value(parse_nodes(Source(name, text)))
    return resolve(Scalar(text, Span(1, 1, 1, 1)))


def plain_value(node: Node) -> object:
    """What a node of YAML means where no type is declared."""
    if isinstance(node, Scalar):
        return resolve(node)
    if isinstance(node, Sequence):
        return [plain_value(item) for item in node.items]
    return {key.text: plain_value(item) for key, item in node.entries}


def writes_structure(text: str) -> bool:
    """Whether a text writes a list or an object."""
    return text.lstrip()[:1] in ("[", "{")
