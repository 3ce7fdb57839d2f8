"""The inputs that a flow or function declares, and constants that are read by their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.expressions import types as t
from blockwright.expressions.infer.words import a
from blockwright.expressions.values import Value, admits
from blockwright.language import program as p
from blockwright.language.checker.values import NOT_READ, NotRead, read_plain
from blockwright.language.source.quoting import cut
from blockwright.language.suggest import did_you_mean
from blockwright.language.writing import Plain, Written, WrittenList, WrittenObject

if TYPE_CHECKING:
    from blockwright.language import document as d
    from blockwright.language.checker.report import Report
    from blockwright.language.source import Scalar

OPTIONAL = "optional"
LONGEST_TYPE = 200


def read_inputs(written: d.Inputs, report: Report) -> tuple[p.Asked, ...]:
    """What a flow or function asks for, with types understood and defaults, examples and choices read by them."""
    return tuple(_read_input(each, report) for each in written)


def read_constant(written: Written, of: t.Type, what: str, report: Report) -> Value | NotRead:
    """The value that is written where only a constant may stand; NOT_READ, with a finding, when it is not of the type.

    ``what`` names the place.
    """
    value = _constant(written, of)
    if value is NOT_READ or not admits(of, value):
        mend = f"write {a(of)}, without `=` or `${{…}}`" if of != t.ANYTHING else "write it without `=` or `${…}`"
        report.error(written.span, f"{what} must be {a(of)}", mend, rule="types")
        return NOT_READ
    return value


def _read_input(each: d.InputWritten, report: Report) -> p.Asked:
    of, may_be_missing = read_type(each.type, report)
    name = each.name.text
    default = example = None
    if each.default is not None:
        default, may_be_missing = _or_null(read_constant(each.default, of, f"the default of `{name}`", report)), True
    if each.example is not None:
        example = _or_null(read_constant(each.example, of, f"the example of `{name}`", report))
    read = (read_constant(choice, of, f"a choice of `{name}`", report) for choice in each.choices)
    choices = tuple(choice for choice in read if choice is not NOT_READ)
    for written, value, what in ((each.default, default, "default"), (each.example, example, "example")):
        if choices and written is not None and value is not None and value not in choices:
            report.error(
                written.span, f"the {what} of `{name}` is not one of its choices", "choose one of them", rule="choices"
            )
    return p.Asked(
        name=name,
        type=of,
        is_required=not may_be_missing,
        default=default,
        choices=choices,
        about=each.about.text if each.about else "",
        example=example,
        span=each.span,
        secret=each.secret,
    )


def _or_null(value: Value | NotRead) -> Value:
    return None if value is NOT_READ else value


def read_type(scalar: Scalar, report: Report) -> tuple[t.Type, bool]:
    """The type that an author wrote, and whether it may be missing."""
    text, comma, word = scalar.text.partition(",")
    of = t.parse_type(text) if len(text) <= LONGEST_TYPE else None
    if of is not None and (not comma or word.strip() == OPTIONAL):
        return (t.optional(of), True) if comma else (of, False)
    if of is not None:
        mend = f"only `, {OPTIONAL}` may follow a type"
    else:
        near = did_you_mean(text.strip(), t.TYPE_NAMES)
        names = ", ".join(f"`{name}`" for name in t.TYPE_NAMES)
        mend = f"did you mean `{near}`?" if near else f"the types are {names}, `list of …`, and `… or …`"
    report.error(scalar.span, f"`{cut(scalar.text)}` is not a type", mend, rule="unknown-type")
    return t.ANYTHING, False


def _constant(written: Written, of: t.Type) -> Value | NotRead:
    match written:
        case Plain(scalar=scalar):
            return read_plain(scalar.text, scalar.style != "plain", of)
        case WrittenList():
            wanted = t.required(of)
            item = wanted.item if isinstance(wanted, t.ListOf) else t.ANYTHING
            items: list[Value] = []
            for each in written.items:
                value = _constant(each, item)
                if value is NOT_READ:
                    return NOT_READ
                items.append(value)
            return items
        case WrittenObject():
            entries: dict[str, Value] = {}
            for key, each in written.entries:
                value = _constant(each, t.ANYTHING)
                if value is NOT_READ:
                    return NOT_READ
                entries[key.text] = value
            return entries
    return NOT_READ
