"""Hypothesis strategies for the values of flows: of a type, and for all that a flow asks for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import strategies as st

from blockwright.expressions import types as t
from blockwright.expressions.temporal.types import YearsDuration
from blockwright.expressions.values import give

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow
    from blockwright.language.program import Asked

Values: TypeAlias = st.SearchStrategy[object]

_TELLING_TEXTS = ("", " ", "a", "Größe", "😀", "7", "null", "= 1 + 1", "${a}", "it's", "2026-01-31", "a@example.com")
_TELLING_NUMBERS = (0, 1, -1, 2, Decimal("0.1"), Decimal("2.50"), 10**20, Decimal("1E+33"), Decimal("-1E-30"))
_LONGEST = datetime.timedelta(days=10_000)


def values_of(of: t.Type, *, whole: bool = False) -> Values:
    """Values of a type, as Python has them; with ``whole``, numbers are whole ones."""
    if of == t.ANYTHING:
        return st.recursive(_flat(), _nested, max_leaves=5)
    match of:
        case t.ListOf(item=item):
            return st.lists(values_of(item, whole=whole), max_size=5)
        case t.ObjectOf(fields=fields):
            known = {name: values_of(field) for name, field in fields or ()}
            return st.fixed_dictionaries(known) if known else st.dictionaries(_names(), _flat(), max_size=3)
        case t.Either():
            options = of.written or tuple(sorted(of.options, key=str))
            return st.one_of(*(values_of(option, whole=whole) for option in options))
    if of == t.NUMBER:
        return _whole_numbers() if whole else _numbers()
    if of not in _BASIC:
        raise TypeError(f"no values can be made up for {of}")
    return _BASIC[of]


def inputs_for(flow: Flow) -> st.SearchStrategy[dict[str, object]]:
    """All that a flow takes: values of the declared types, the declared choices, its examples among them; what may be
    left out is left out at times."""
    required = {each.name: _asked(each) for each in flow.inputs if each.is_required}
    others = {each.name: _asked(each) for each in flow.inputs if not each.is_required}
    return st.fixed_dictionaries(required, optional=others)


def _asked(each: Asked) -> Values:
    telling = st.sampled_from([each.example]).map(give) if each.example is not None else st.nothing()
    if each.choices:
        choices = st.sampled_from(each.choices).map(give)
        return st.one_of(choices, st.none()) if t.fits(t.NOTHING, each.type) is True else choices
    return st.one_of(telling, values_of(each.type))


def _texts() -> Values:
    return st.one_of(st.sampled_from(_TELLING_TEXTS), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))


def _numbers() -> Values:
    decimals = st.decimals(-1_000_000, 1_000_000, allow_nan=False, allow_infinity=False, places=2)
    return st.one_of(st.integers(-1_000, 1_000), st.sampled_from(_TELLING_NUMBERS), decimals)


def _whole_numbers() -> Values:
    return st.one_of(st.integers(-1_000, 1_000), st.sampled_from([0, 1, -1, 10**20]))


def _names() -> st.SearchStrategy[str]:
    return st.sampled_from(["a", "b", "name", "größe", ""])


def _flat() -> Values:
    return st.one_of(st.none(), st.booleans(), _numbers(), _texts(), st.dates())


def _nested(inner: Values) -> Values:
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(_names(), inner, max_size=3))


_BASIC: Mapping[t.Type, Values] = {
    t.TEXT: _texts(),
    t.YES_OR_NO: st.booleans(),
    t.DATE: st.dates(),
    t.TIME: st.times(),
    t.DATE_AND_TIME: st.datetimes(timezones=st.sampled_from([None, datetime.UTC])),
    t.DAYS_DURATION: st.timedeltas(-_LONGEST, _LONGEST),
    t.YEARS_DURATION: st.integers(-1_200, 1_200).map(YearsDuration),
    t.NOTHING: st.none(),
}
