"""Reading YAML so that every key and value knows its line and column, and nothing is silently misread."""

from blockwright.language.source.nodes import Mapping, Node, Scalar, Sequence, Style, resolve
from blockwright.language.source.parse import parse_nodes
from blockwright.language.source.text import SIZE_LIMIT, Source, read_source

__all__ = [
    "SIZE_LIMIT",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Source",
    "Style",
    "parse_nodes",
    "read_source",
    "resolve",
]
