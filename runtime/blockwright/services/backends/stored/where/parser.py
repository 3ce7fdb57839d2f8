"""A condition's tokens, to its tree; names are held against the columns there are, values against their types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from blockwright.services.addresses import shown
from blockwright.services.backends.stored.where.predicates import (
    And,
    Between,
    Compare,
    Condition,
    In,
    IsNull,
    Like,
    Not,
    Or,
    Value,
)
from blockwright.services.backends.stored.where.tokens import Kind, Token, tokens, wrong
from blockwright.services.records import Column, ColumnType

DEEPEST = 50
"""How deeply parentheses and NOT may be nested."""


def parse(text: str, columns: Mapping[str, Column]) -> Condition:
    """Read a condition, for example ``age >= 18 AND (name LIKE 'A%' OR email IS NULL)``.

    Fails with 1017 and the ``position`` (from 1) of what cannot be read, is no column, or cannot be compared with it.
    """
    return _Parser(text, columns).read()


class _Parser:
    def __init__(self, text: str, columns: Mapping[str, Column]) -> None:
        self._tokens = tokens(text)
        self._columns = columns
        self._depth = 0
        self._token = next(self._tokens)

    def read(self) -> Condition:
        condition = self._any()
        if self._token.kind is not Kind.END:
            raise self._expected("AND, OR or the end")
        return condition

    def _any(self) -> Condition:
        parts = [self._all()]
        while self._skip("OR"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Condition:
        parts = [self._one()]
        while self._skip("AND"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Condition:
        position = self._token.position
        for opening, read in (("NOT", lambda: Not(self._one())), ("(", self._in_parentheses)):
            if self._skip(opening):
                self._depth += 1
                if self._depth > DEEPEST:
                    raise wrong(position, f"it is nested more than {DEEPEST} deep")
                condition = read()
                self._depth -= 1
                return condition
        return self._comparison()

    def _in_parentheses(self) -> Condition:
        condition = self._any()
        self._need(")")
        return condition

    def _comparison(self) -> Condition:
        column = self._column()
        if self._skip("IS"):
            negated = self._skip("NOT")
            self._need("NULL")
            return Not(IsNull(column.name)) if negated else IsNull(column.name)
        _check_comparable(column, self._token)
        if self._skip("NOT"):
            return Not(self._range(column))
        if self._token.kind is Kind.SIGN and self._token.text in _SIGNS:
            sign = self._take().text
            return Compare(column.name, _SIGNS[sign], self._value(column))
        return self._range(column)

    def _range(self, column: Column) -> Condition:
        if self._skip("BETWEEN"):
            low = self._value(column)
            self._need("AND")
            return Between(column.name, low, self._value(column))
        if self._skip("IN"):
            return self._list(column)
        position = self._token.position
        if self._skip("LIKE"):
            if column.type not in _TEXTS:
                raise wrong(position, f"LIKE is for texts, and {column.name} holds none")
            return Like(column.name, self._pattern())
        raise self._expected("a comparison such as = or LIKE")

    def _list(self, column: Column) -> Condition:
        self._need("(")
        values = [self._value(column)]
        while self._skip(","):
            values.append(self._value(column))
        self._need(")")
        return In(column.name, tuple(values))

    def _pattern(self) -> str:
        if self._token.kind is not Kind.TEXT:
            raise self._expected("a text such as 'A%'")
        return self._take().text

    def _column(self) -> Column:
        if self._token.kind is not Kind.NAME:
            raise self._expected("the name of a column")
        token = self._take()
        column = self._columns.get(token.text)
        if column is None:
            raise wrong(token.position, f"there is no column called {shown(token.text)}")
        if column.name == "password":
            raise wrong(token.position, "nobody may ask for passwords")
        return column

    def _value(self, column: Column) -> Value:
        sign = self._token if self._token.kind is Kind.SIGN and self._token.text in ("+", "-") else None
        if sign is not None:
            self._take()
        token = self._token
        if sign is not None and token.kind is not Kind.NUMBER:
            raise self._expected("a number")
        read = _READERS.get(token.kind if token.kind is not Kind.WORD else token.text)
        if read is None:
            raise self._expected("a value: a text in '…', a number, TRUE, FALSE or NULL")
        self._take()
        written = token.text if sign is None or sign.text == "+" else f"-{token.text}"
        return read(column, token, written)

    def _take(self) -> Token:
        token = self._token
        self._token = next(self._tokens, token)
        return token

    def _skip(self, text: str) -> bool:
        """Take the keyword or sign if it is next."""
        if self._token.text == text and self._token.kind in (Kind.WORD, Kind.SIGN):
            self._take()
            return True
        return False

    def _need(self, text: str) -> None:
        if not self._skip(text):
            raise self._expected(text)

    def _expected(self, what: str) -> Exception:
        return wrong(self._token.position, f"{what} should be here, not {shown(self._token.written)}")


_SIGNS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_TEXTS = (ColumnType.STRING, ColumnType.TEXT, ColumnType.STRING_ID)


def _check_comparable(column: Column, token: Token) -> None:
    if column.type is ColumnType.JSON:
        raise wrong(token.position, f"{column.name} holds JSON, which can only be asked for with IS NULL")


def _text(column: Column, token: Token, written: str) -> Value:
    if column.type in _TEXTS:
        return written
    number = None if column.type is ColumnType.BOOLEAN or len(written) > 100 else _number_in(written)
    if number is None:
        raise wrong(token.position, f"{column.name} holds no text, so {shown(token.written)} cannot be found there")
    return number


def _number_in(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _number(column: Column, token: Token, written: str) -> Value:
    """A text column may be compared with a number, as that is written: people leave out quotes around 4711."""
    if column.type in _TEXTS:
        return written
    number = _number_in(written)
    if number is None or (column.type is ColumnType.BOOLEAN and number not in (0, 1)):
        raise wrong(token.position, f"{shown(written)} cannot be found in {column.name}")
    return number


def _yes_or_no(value: bool, column: Column, token: Token, _written: str) -> Value:
    if column.type is not ColumnType.BOOLEAN:
        raise wrong(token.position, f"{column.name} does not hold TRUE or FALSE")
    return value


def _null(_column: Column, _token: Token, _written: str) -> Value:
    return None


_READERS: dict[Kind | str, Callable[[Column, Token, str], Value]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    "TRUE": partial(_yes_or_no, True),
    "FALSE": partial(_yes_or_no, False),
    "NULL": _null,
}
