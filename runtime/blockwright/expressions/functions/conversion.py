"""Functions that turn values of one type into another (DMN 1.5, table 72), and ``not`` (table 73)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import DecimalException

from blockwright.expressions.cost import pay_for_text, pay_for_visits
from blockwright.expressions.functions.builtin import Builtin, Overload, Parameter
from blockwright.expressions.functions.numbers import tidy
from blockwright.expressions.types import ANYTHING, NOTHING, NUMBER, TEXT, YES_OR_NO, Type, either, optional, required
from blockwright.expressions.values import CAPS, CONTEXT, Number, Value, fail, shown, to_text


def number(text: str | Number, grouping: str | None = None, point: str | None = None) -> Value:
    """The number a text shows; the grouping signs are dropped, and ``point`` parts the whole from the fraction."""
    if not isinstance(text, str):
        return text
    if grouping is not None and grouping not in (" ", ",", "."):
        return fail(f"{shown(grouping)} cannot group digits; only a space, a comma or a period can")
    if point is not None and point not in (",", "."):
        return fail(f"{shown(point)} cannot be a decimal separator; only a comma or a period can")
    if grouping is not None and grouping == point:
        return fail(f"{shown(grouping)} cannot both group digits and separate the decimals")
    pay_for_text(len(text))
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        plain = plain.replace(".", "?").replace(",", ".")
    if len(plain) > CAPS.digits or not _NUMBER.fullmatch(plain):
        return fail(f"{shown(text)} is not a number")
    try:
        return tidy(CONTEXT.create_decimal(plain))
    except DecimalException:
        return fail(f"{shown(text)} is larger than any number can be")


def string(value: Value) -> Value:
    if value is None:
        return None
    text = to_text(value)
    if not isinstance(value, str):
        pay_for_visits(len(text))
    return text


def negation(value: bool) -> bool:
    return not value


def _text_unless_null(arguments: Sequence[Type]) -> Type:
    given = arguments[0] if arguments else ANYTHING
    if given == NOTHING:
        return NOTHING
    return TEXT if required(given) == given != ANYTHING else optional(TEXT)


_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")

BUILTINS = (
    Builtin(
        "number",
        "conversion",
        "The number that a text shows, with its grouping and decimal separators.",
        (
            Overload(number, NUMBER, (Parameter("from", either([TEXT, NUMBER])),)),
            Overload(
                number,
                NUMBER,
                (
                    Parameter("from", TEXT),
                    Parameter("grouping separator", optional(TEXT)),
                    Parameter("decimal separator", optional(TEXT)),
                ),
            ),
        ),
        (('number("1 000,5", " ", ",")', "1000.5"), ('number("12")', "12")),
    ),
    Builtin(
        "string",
        "conversion",
        "The value as text.",
        (Overload(string, _text_unless_null, (Parameter("from"),)),),
        (("string(1.1)", '"1.1"'), ("string([1, true])", '"[1, true]"')),
    ),
    Builtin(
        "not",
        "logic",
        "The opposite of yes or no.",
        (Overload(negation, YES_OR_NO, (Parameter("negand", YES_OR_NO),)),),
        (("not(true)", "false"), ("not(null)", "null")),
    ),
)
