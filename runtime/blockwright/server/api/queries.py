"""What a call asks of the Users table: which accounts, and which of their properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.records import UserQuery

EVERYTHING = "*"
_GROUPING = ("groupBy", "having", "distinct")


def query_in(given: Mapping[str, object], among: tuple[str, ...] | None, page_size: int = 10) -> UserQuery:
    """Which accounts are asked for, of those in ``among``. Fails with ``bad value``."""
    check_no_grouping(given)
    return UserQuery(
        where=where_in(given),
        sort_by=tuple(_names(given.get("sortBy"), "sortBy")),
        page_size=_whole(given.get("pageSize", page_size), "pageSize"),
        offset=_whole(given.get("offset", 0), "offset"),
        among=among,
    )


def where_in(given: Mapping[str, object]) -> str:
    """The condition; an empty one holds for everybody."""
    where = given.get("where")
    if where is None:
        return ""
    if not isinstance(where, str):
        raise Failure(BAD_VALUE, "The parameter where is text.")
    return where


def check_no_grouping(given: Mapping[str, object]) -> None:
    """Fails where single accounts would be no answer to what is asked."""
    for name in _GROUPING:
        if given.get(name):
            raise Failure(BAD_VALUE, f"Users are not grouped here; leave {name} out.")


@dataclass(frozen=True, slots=True)
class Properties:
    """Which properties of each account are wanted. ``only`` is empty where all are."""

    only: tuple[str, ...]
    left_out: frozenset[str]

    def of(self, record: Mapping[str, object]) -> dict[str, object]:
        names = [name for name in self.only if name in record] if self.only else record
        return {name: record[name] for name in names if name not in self.left_out}


def properties_in(given: Mapping[str, object]) -> Properties:
    """What ``props`` and ``excludeProps`` want, and ``property``, which clients use in place of ``props`` where a query
    stands in the address. Fails with ``bad value``."""
    only = [name for key in ("props", "property") for name in _names(given.get(key), key)]
    left_out = frozenset(_names(given.get("excludeProps"), "excludeProps"))
    return Properties(() if EVERYTHING in only else tuple(only), left_out)


def names_in(text: str) -> list[str]:
    """The names in a list such as ``email,name``."""
    return [name for each in text.split(",") if (name := each.strip())]


def _names(value: object, name: str) -> list[str]:
    """``a,b`` or ``["a", "b"]``."""
    if value is None:
        return []
    if isinstance(value, str):
        return names_in(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return [each.strip() for each in value]
    raise Failure(BAD_VALUE, f"The parameter {name} is text, or a list of texts.")


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Failure(BAD_VALUE, f"The parameter {name} is a whole number.")
    return value
