"""What callers give for an account, held against the columns there are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import BadAddress, kind_of, parse_address, shown
from blockwright.services.backends.rows import ColumnRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored.columns import check_name, check_new, columns_in, is_set_by_service
from blockwright.services.properties import frozen
from blockwright.services.records import Column, ColumnType
from blockwright.services.settings import Settings

MOST_PROPERTIES = 1000
LONGEST_STRING = 500
"""The longest text of a STRING column, in characters; longer ones need a TEXT column."""


@dataclass(frozen=True, slots=True)
class Values:
    """Checked values for columns, without those that the service keeps apart, and the columns to be made for them."""

    properties: Mapping[str, object]
    new_columns: tuple[ColumnRow, ...] = ()


def check_given(given: object) -> Mapping[str, object]:
    """What a caller gives for an account, as far as it can be checked without knowing the columns."""
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise Failure(BAD_VALUE, "The properties of a user are an object, with names that are text.")
    if len(given) > MOST_PROPERTIES:
        raise Failure(BAD_VALUE, f"A user may be given at most {MOST_PROPERTIES} properties at once.")
    return dict(given)


def is_empty(value: object) -> bool:
    """Whether a value counts as none where one is required."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_email(value: object) -> str | None:
    """The address as it is stored. Fails with 3040."""
    if is_empty(value):
        return None
    if not isinstance(value, str):
        raise Failure(3040, "The email address must be text.")
    try:
        return str(parse_address(value))
    except BadAddress as error:
        raise Failure(3040, f"{shown(value)} cannot be used as an email address: it {error}.") from None


def read_values(tables: Tables, settings: Settings, given: Mapping[str, object]) -> Values:
    """The values for columns. Unknown properties bring columns along where the schema is dynamic and are left out where
    it is not, or where their value is null. Fails with 3049 for a value of the wrong type."""
    columns = columns_in(tables, settings)
    kept: dict[str, object] = {}
    new: list[ColumnRow] = []
    for name, value in given.items():
        if is_set_by_service(name) or name in ("email", "password"):
            continue
        column = columns.get(name)
        if column is not None:
            kept[name] = fit(column, value)
        elif settings.dynamic_schema and value is not None:
            kept[name] = value
            new.append(ColumnRow(check_name(name), type_of(value).value, False, "null"))
    if new:
        check_new(tables, [row.name for row in new])
    return Values(frozen(kept), tuple(sorted(new, key=lambda row: row.name)))


def make_columns(tables: Tables, values: Values) -> None:
    """Make the columns that values bring along, in the order of their names, so that no two changes wait for each
    other. Fails with 3049 when somebody else has just made one of another type."""
    for row in values.new_columns:
        if not tables.columns.add(row):
            made = tables.columns.get(row.name)
            if made is not None and made.type != row.type:
                raise Failure(3049, f"The property {row.name} must be {_MUST_BE[ColumnType(made.type)]}.")


def fit(column: Column, value: object) -> object:
    """A value as its column keeps it. Fails with 3049 for one of another type, ``bad value`` for a text too long."""
    if value is None or column.type is ColumnType.JSON:
        return value
    fitting = _fitted(column.type, value)
    if fitting is None:
        raise Failure(3049, f"The property {column.name} must be {_MUST_BE[column.type]}; this one is {_kind(value)}.")
    if column.type is ColumnType.STRING and isinstance(fitting, str) and len(fitting) > LONGEST_STRING:
        raise Failure(
            BAD_VALUE, f"The property {column.name} takes at most {LONGEST_STRING} characters, not {len(fitting)}."
        )
    return fitting


def _fitted(type: ColumnType, value: object) -> object:
    match type:
        case ColumnType.BOOLEAN:
            return value if isinstance(value, bool) else None
        case ColumnType.INT | ColumnType.DATETIME:
            return _whole(value)
        case ColumnType.DOUBLE:
            return value if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None
        case _:
            return value if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if math.isfinite(value) and value.is_integer():
            return int(value)
        case Decimal() if value.is_finite() and value.adjusted() < 80 and value == value.to_integral_value():
            return int(value)
        case _:
            return None


_MUST_BE = {
    ColumnType.STRING: "text",
    ColumnType.TEXT: "text",
    ColumnType.STRING_ID: "text",
    ColumnType.INT: "a whole number",
    ColumnType.DOUBLE: "a number",
    ColumnType.BOOLEAN: "yes or no (true or false)",
    ColumnType.DATETIME: "a whole number, the milliseconds since 1970",
    ColumnType.JSON: "anything",
}


def _kind(value: object) -> str:
    if isinstance(value, str):
        return "text"
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return "a number" if is_number else kind_of(value)


def type_of(value: object) -> ColumnType:
    """The type of the column that a new property brings along, by its first value."""
    match value:
        case bool():
            return ColumnType.BOOLEAN
        case int():
            return ColumnType.INT
        case float() | Decimal():
            return ColumnType.DOUBLE
        case str():
            return ColumnType.STRING if len(value) <= LONGEST_STRING else ColumnType.TEXT
        case _:
            return ColumnType.JSON
