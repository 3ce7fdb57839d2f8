"""What the caller gives a flow: ``-i "name=value"`` and files of inputs, read by the types that the flow declares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from blockwright.cli.reading import writes_structure
from blockwright.cli.terminal import CallError
from blockwright.engine.runtime import Flow
from blockwright.expressions.types import ANYTHING, NOTHING, TEXT, Either, ListOf, ObjectOf, Type
from blockwright.language.checker.values import NOT_READ, read_plain
from blockwright.language.diagnostics import FlowError
from blockwright.language.source import Mapping as Entries
from blockwright.language.source import Node, Scalar, Sequence, Source, parse_nodes, read_source, resolve


def collect_inputs(flow: Flow, pairs: Mapping[str, str], file: str | None) -> dict[str, object]:
    """The inputs for a run; what ``pairs`` say wins over the file.

    Raises CallError or FlowError for what cannot be read, InputsError for values that are not of their types.
    """
    types = {each.name: each.type for each in flow.inputs}
    given = _read_file(file, types) if file else {}
    plain: dict[str, str] = {}
    for name, text in pairs.items():
        wanted = types.get(name, ANYTHING)
        if writes_structure(text) and _takes_structure(wanted):
            given[name] = _read_node(parse_nodes(Source(f"-i {name}", text)), wanted)
        elif not text and _takes_empty_text(wanted):
            given[name] = text
        else:
            plain[name] = text
    return given | flow.read_inputs(plain)


def _read_node(node: Node, wanted: Type) -> object:
    """What a node of YAML means where ``wanted`` is asked for; whatever cannot mean that is read as it stands."""
    if isinstance(node, Scalar):
        value = read_plain(node.text, node.style != "plain", wanted)
        return resolve(node) if value is NOT_READ else value
    if isinstance(node, Sequence):
        items = next((option.item for option in _options(wanted) if isinstance(option, ListOf)), ANYTHING)
        return [_read_node(item, items) for item in node.items]
    fields = next((option for option in _options(wanted) if isinstance(option, ObjectOf)), ObjectOf())
    return {key.text: _read_node(item, fields.field(key.text) or ANYTHING) for key, item in node.entries}


def _options(of: Type) -> Iterable[Type]:
    return of.options if isinstance(of, Either) else (of,)


def _takes_structure(wanted: Type) -> bool:
    return any(option == ANYTHING or isinstance(option, ListOf | ObjectOf) for option in _options(wanted))


def _takes_empty_text(wanted: Type) -> bool:
    """Whether nothing after the ``=`` is the empty text, and not an input left out."""
    return TEXT in _options(wanted) and NOTHING not in _options(wanted)


def _read_file(path: str, types: Mapping[str, Type]) -> dict[str, object]:
    source = read_source(path)
    if Path(path).suffix.lower() == ".json":
        return _read_json(source)
    node = parse_nodes(source)
    if not isinstance(node, Entries):
        _not_inputs(source)
    return {key.text: _read_node(value, types.get(key.text, ANYTHING)) for key, value in node.entries}


def _read_json(source: Source) -> dict[str, object]:
    try:
        data = json.loads(
            source.text, parse_float=Decimal, parse_int=_whole, parse_constant=_no_number, object_pairs_hook=_entries
        )
    except json.JSONDecodeError as error:
        span = source.span(error.pos, error.pos + 1)
        finding = source.finding(span, f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", rule="not-json")
        raise FlowError([finding]) from None
    except RecursionError:
        raise CallError(f"{source.path} is nested too deeply") from None
    except _Refused as refused:
        raise CallError(f"{source.path}: {refused}") from None
    if not isinstance(data, dict):
        _not_inputs(source)
    return data


class _Refused(Exception):
    """JSON that Python would take, and that means nothing here."""


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) < 1000 else Decimal(digits)


def _no_number(word: str) -> NoReturn:
    raise _Refused(f"{word} is not a number")


def _entries(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"`{twice}` stands twice in the same object")
    return entries


def _not_inputs(source: Source) -> NoReturn:
    raise CallError(
        f"{source.path} does not hold inputs", "write one per line, as `user identity: alice@youremail.com`"
    )
