"""Generated flows as YAML text: mappings and lists in block style, scalars in the style that was drawn for them."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Style = Literal["plain", "single", "double", "literal", "folded"]


class Scalar(NamedTuple):
    """A scalar's text, and how it is written; a text that cannot stand plain is written in single quotes."""

    text: str
    style: Style = "plain"


Node: TypeAlias = "Scalar | list[Node] | dict[str, Node]"


def write(node: Node) -> str:
    """The YAML text of a node."""
    return "\n".join(_lines(node)) + "\n"


def _lines(node: Node) -> list[str]:
    if isinstance(node, Scalar):
        return _scalar(node)
    if not node:
        return ["[]" if isinstance(node, list) else "{}"]
    if isinstance(node, list):
        return [line for item in node for line in _hung("- ", _lines(item))]
    found: list[str] = []
    for key, value in node.items():
        first, *rest = _lines(value)
        if isinstance(value, Scalar) or not value:
            found += [f"{key}: {first}".rstrip(), *(f"  {line}" for line in rest)]
        else:
            found += [f"{key}:", *(f"  {line}" for line in (first, *rest))]
    return found


def _hung(mark: str, lines: list[str]) -> list[str]:
    return [mark + lines[0], *(" " * len(mark) + line for line in lines[1:])]


def _scalar(scalar: Scalar) -> list[str]:
    text = scalar.text
    match scalar.style:
        case "double":
            escaped = text.replace("\\", "\\\\").replace('"', '\\"')
            return [f'"{escaped}"']
        case "literal" | "folded" if text and text == text.strip():
            return ["|-" if scalar.style == "literal" else ">-", *_broken(text)]
        case "plain" if _stands_plain(text):
            return [text]
    return ["'" + text.replace("'", "''") + "'"]


def _broken(text: str) -> list[str]:
    """The text on two lines where an operator allows it; single line breaks are blanks to an expression."""
    first, plus, rest = text.partition(" + ")
    return [f"{first} +", rest] if plus and text.startswith("= ") else [text]


def _stands_plain(text: str) -> bool:
    begins_well = not text.startswith(tuple("!&*{[]}|>@`\"'%#,")) and text[:2] not in ("- ", "? ", ": ")
    return begins_well and text == text.strip() and not any(sign in text for sign in (": ", " #", "\n"))
