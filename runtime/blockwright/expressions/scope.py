"""What the names of an expression stand for at one place in it, innermost first.

The same rules serve three readers: what an expression reads (``reads.py``), what types names have (``infer``) and
which Python variable holds them (``python``). Each keeps its own kind of thing per name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

Thing = TypeVar("Thing")

ITEM = "item"
PARTIAL = "partial"
INPUT = "?"
"""The value that a unary test looks at."""


class Found(NamedTuple, Generic[Thing]):
    """Where a name may come from: the items of the filters around it, innermost first, and then, if any, a variable."""

    items: tuple[Thing, ...]
    variable: Thing | None


class Scope(Generic[Thing]):
    """A place in an expression. It is never changed: ``bind`` and ``inside`` make the scope of an inner place.

    A filter's condition sees the entries of each item, before everything that is known outside it, and ``item`` itself
    (DMN 1.5, 10.3.2.5).
    """

    __slots__ = ("_item", "_names", "_outer")

    def __init__(self) -> None:
        self._outer: Scope[Thing] | None = None
        self._names: Mapping[str, Thing] = {}
        self._item: Thing | None = None

    def bind(self, name: str, thing: Thing) -> Scope[Thing]:
        """The scope in which one more variable is known."""
        inner = Scope[Thing]()
        inner._outer = self
        inner._names = {name: thing}
        return inner

    def inside(self, item: Thing) -> Scope[Thing]:
        """The scope of a filter's condition."""
        inner = Scope[Thing]()
        inner._outer = self
        inner._names = {ITEM: item}
        inner._item = item
        return inner

    def find(self, name: str) -> Found[Thing]:
        """Where a name may come from here; names of the world outside the expression are nobody's variable."""
        items = []
        for scope in self._chain():
            if scope._item is not None:
                items.append(scope._item)
            if name in scope._names:
                return Found(tuple(items), scope._names[name])
        return Found(tuple(items), None)

    def names(self) -> Iterator[str]:
        """All names that are bound here."""
        for scope in self._chain():
            yield from scope._names

    def variable(self, name: str) -> Thing | None:
        """The variable of this name, past all filters: what a call looks for."""
        return self.find(name).variable

    def _chain(self) -> Iterator[Scope[Thing]]:
        scope: Scope[Thing] | None = self
        while scope is not None:
            yield scope
            scope = scope._outer
