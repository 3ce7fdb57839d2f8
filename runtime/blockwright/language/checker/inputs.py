"""The inputs that a flow or function declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.expressions import types as t
from blockwright.expressions.values import Value, admits
from blockwright.language import program as p
from blockwright.language.checker.values import NOT_READ, NotRead, read_plain
from blockwright.language.suggest import did_you_mean
from blockwright.language.writing import Plain, Written, WrittenList, WrittenObject

if TYPE_CHECKING:
    from blockwright.language import document as d
    from blockwright.language.checker.report import Report
    from blockwright.language.source import Scalar

OPTIONAL = "optional"


def read_inputs(written: d.Inputs, report: Report) -> tuple[p.Asked, ...]:
    """What a flow or function asks for, with types understood and defaults, examples and choices read by them."""
    return tuple(_read_input(each, report) for each in written)


def _read_input(each: d.InputWritten, report: Report) -> p.Asked:
    of, may_be_missing = _read_type(each.type, report)
    default: Value = None
    if each.default is not None:
        default, may_be_missing = _constant(each.default, of, "the default", report), True
    example = None if each.example is None else _constant(each.example, of, "the example", report)
    choices = tuple(_constant(choice, of, "a choice", report) for choice in each.choices)
    if choices and each.default is not None and default not in choices:
        report.error(each.default.span, "the default is not one of the choices", None, rule="choices")
    return p.Asked(
        name=each.name.text,
        type=of,
        is_required=not may_be_missing,
        default=default,
        choices=choices,
        about=each.about.text if each.about else "",
        example=example,
        span=each.span,
    )


def _read_type(scalar: Scalar, report: Report) -> tuple[t.Type, bool]:
    text, comma, word = scalar.text.partition(",")
    of = t.parse_type(text)
    if of is None or (comma and word.strip() != OPTIONAL):
        near = did_you_mean(text.strip(), t.TYPE_NAMES)
        names = ", ".join(f"`{name}`" for name in t.TYPE_NAMES)
        if of is not None:
            mend = f"only `, {OPTIONAL}` may follow a type"
        else:
            mend = f"did you mean `{near}`?" if near else f"the types are {names}, `list of …`, and `… or …`"
        report.error(scalar.span, f"`{scalar.text}` is not a type", mend, rule="unknown-type")
        return t.ANYTHING, False
    return (t.optional(of), True) if comma else (of, False)


def _constant(written: Written, of: t.Type, what: str, report: Report) -> Value:
    value = _read_constant(written, of)
    if value is NOT_READ or not admits(of, value):
        report.error(
            written.span, f"{what} is not {of}", "write a value of the input's type, without `=`", rule="types"
        )
        return None
    return value


def _read_constant(written: Written, of: t.Type) -> Value | NotRead:
    wanted = t.required(of)
    if isinstance(written, Plain):
        return read_plain(written.scalar.text, written.scalar.style != "plain", of)
    if isinstance(written, WrittenList):
        item = wanted.item if isinstance(wanted, t.ListOf) else t.ANYTHING
        items = [_read_constant(each, item) for each in written.items]
        return NOT_READ if NOT_READ in items else [each for each in items if each is not NOT_READ]
    if isinstance(written, WrittenObject):
        entries = {key.text: _read_constant(each, t.ANYTHING) for key, each in written.entries}
        return NOT_READ if NOT_READ in entries.values() else {k: v for k, v in entries.items() if v is not NOT_READ}
    return NOT_READ
