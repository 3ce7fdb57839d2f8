"""Events -> nodes. Limits are checked here, at the events, before anything is built."""

from __future__ import annotations

from typing import TypeAlias

from blockwright.language.diagnostics import Span
from blockwright.language.source import refused
from blockwright.language.source.events import Event, NextEvent, event_kinds
from blockwright.language.source.nodes import Mapping, Node, Scalar, Sequence, Style
from blockwright.language.source.report import Report

DEPTH_LIMIT = 64
"""How many lists and mappings may stand inside one another."""

NODE_LIMIT = 200_000
"""How many keys, values, lists and mappings one file may hold."""

SCALAR_LIMIT = 1_000_000
"""The longest text of one scalar, in characters."""

Collection: TypeAlias = Sequence | Mapping
_Entries: TypeAlias = dict[str, tuple[Scalar, Node]]
_Outer: TypeAlias = tuple[Collection, _Entries | None, list[Node], Scalar | None]

_STYLES: dict[str | None, Style] = {
    "": "plain",
    None: "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}


class Builder:
    """Builds the nodes of one document.

    When YAML breaks off, ``root`` is what was read so far and ``open`` the collections that were not ended.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.root: Node | None = None
        self.open: list[Collection] = []

    def build(self, next_event: NextEvent) -> None:
        """Read the whole stream, which holds one document; an empty stream leaves ``root`` None."""
        kinds = event_kinds()
        next_event()
        event = next_event()
        if type(event) is kinds.stream_end:
            return
        refused.check_directives(event, self.report)
        event = next_event()
        if type(event) is kinds.scalar or type(event) is kinds.alias:
            self.root = scalar = self._special_scalar(event, type(event) is kinds.alias)
            if scalar.text[:1] in refused.ODD_STARTS:
                refused.check_start(scalar, self.report)
        else:
            self.root = collection = self._collection(event, type(event) is kinds.mapping)
            self._fill(collection, next_event)
        while type(event) is not kinds.stream_end:
            event = next_event()
            if type(event) is kinds.document:
                refused.second_document(event, self.report)

    def _fill(self, inner: Collection, next_event: NextEvent) -> None:
        """Read a collection to its end, with everything in it: without recursion, and on one short path, as this is
        where the time goes.

        ``inner`` is the innermost open collection, ``entries`` or ``items`` what it holds, ``key`` the key that waits
        for its value, ``last`` where the last thing ended.
        """
        scalar_kind, alias_kind, mapping_kind, mapping_end, sequence_end, *_ = event_kinds()
        report, source, open_ones = self.report, self.report.source, self.open
        scalar_type, styles, odd_starts = Scalar, _STYLES, refused.ODD_STARTS
        entries, items = _contents(inner)
        key: Scalar | None = None
        outer: list[_Outer] = []
        good_keys: set[str] = set()
        room = NODE_LIMIT
        last = inner.span[2:]
        open_ones.append(inner)
        while True:
            event = next_event()
            kind = type(event)
            if kind is scalar_kind or kind is alias_kind:
                start, end = event.start_mark, event.end_mark
                line, end_line = start.line, end.line
                last = end_line + 1, end.column + 1
                if line != end_line or event.anchor or event.tag or len(event.value) > SCALAR_LIMIT:
                    scalar = self._special_scalar(event, kind is alias_kind)
                    last = scalar.span[2:]
                else:
                    text = event.value
                    scalar = scalar_type(text, (line + 1, start.column + 1, *last), styles[event.style], source)
                room -= 1
                if entries is None:
                    items.append(scalar)
                elif key is None:
                    key = scalar
                    text = scalar.text
                    if text in good_keys:
                        if text in entries:
                            refused.duplicate(entries.pop(text)[0], scalar, report)
                    elif refused.check_key(scalar, report):
                        good_keys.add(text)
                    continue
                else:
                    entries[key.text] = key, scalar
                    if not scalar.text:
                        refused.check_no_value(key, scalar, inner.span, report)
                    key = None
                if scalar.text[:1] in odd_starts:
                    refused.check_start(scalar, report)
            elif kind is mapping_end or kind is sequence_end:
                end = event.end_mark
                if event.start_mark.index != end.index:
                    last = end.line + 1, end.column + 1
                first_line, first_column, *_ = inner.corners
                inner.corners = (first_line, first_column, *last)
                open_ones.pop()
                if not outer:
                    return
                inner, entries, items, key = outer.pop()
            else:
                collection = self._collection(event, kind is mapping_kind)
                room -= 1
                if entries is None:
                    items.append(collection)
                elif key is None:
                    key = refused.collection_as_key(collection.span, report)
                else:
                    entries[key.text] = key, collection
                    key = None
                outer.append((inner, entries, items, key))
                inner, key = collection, None
                entries, items = _contents(inner)
                open_ones.append(inner)
                if len(open_ones) > DEPTH_LIMIT:
                    refused.too_deep(inner.span, DEPTH_LIMIT, report)
            if room < 0:
                refused.too_many(Span(*last, *last), NODE_LIMIT, report)

    def _special_scalar(self, event: Event, is_alias: bool) -> Scalar:
        """A scalar about which there is more to say, or an alias in its place."""
        if is_alias:
            return refused.alias(event, self.report)
        start, end = event.start_mark, event.end_mark
        span = Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        text, style = event.value, _STYLES[event.style]
        if event.anchor or event.tag:
            refused.anchor_or_tag(event, True, self.report)
        if start.line != end.line:
            span = refused.check_lines(text, style, span, self.report)
        if len(text) > SCALAR_LIMIT:
            refused.too_long(span, SCALAR_LIMIT, self.report)
        return Scalar(text, span, style, self.report.source)

    def _collection(self, event: Event, is_mapping: bool) -> Collection:
        start = event.start_mark
        line, column = start.line + 1, start.column + 1
        if event.anchor or event.tag:
            refused.anchor_or_tag(event, False, self.report)
        return (
            Mapping((), (line, column, line, column + 1))
            if is_mapping
            else Sequence([], (line, column, line, column + 1))
        )


def _contents(collection: Collection) -> tuple[_Entries | None, list[Node]]:
    return (collection.by_name, []) if isinstance(collection, Mapping) else (None, collection.items)
