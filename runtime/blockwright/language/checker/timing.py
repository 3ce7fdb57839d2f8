"""Times and numbers of tries, as steps write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from blockwright.catalogue import Block, DeclaredFailure
from blockwright.expressions.temporal.types import DaysDuration
from blockwright.expressions.temporal.words import UNITS, read_duration_words, unit_meant
from blockwright.expressions.types import DAYS_DURATION, NUMBER, TEXT, either
from blockwright.expressions.values import whole
from blockwright.failure import FINAL_CODES, RATE_LIMITED, TIMED_OUT, UNAVAILABLE, Code
from blockwright.language import program as p
from blockwright.language.checker.cost import cost
from blockwright.language.checker.values import unknown
from blockwright.language.source.quoting import cut
from blockwright.language.suggest import did_you_mean
from blockwright.language.writing import Plain, WrittenList

if TYPE_CHECKING:
    from blockwright.language import steps as s
    from blockwright.language.checker.formulas import Formulas
    from blockwright.language.checker.report import Report
    from blockwright.language.checker.state import State
    from blockwright.language.source import Scalar
    from blockwright.language.writing import Written

_A_DURATION = either([DAYS_DURATION, TEXT])
_EXAMPLE = "write it in words, such as `5 seconds` or `1 hour 30 minutes`"
_HELPED_BY_WAITING: tuple[Code, ...] = (UNAVAILABLE, RATE_LIMITED, TIMED_OUT)


class Timing:
    """Reads durations, retries and how many rounds run at once."""

    def __init__(self, formulas: Formulas, report: Report) -> None:
        self._formulas = formulas
        self._report = report

    def duration(self, written: Written, state: State, what: str) -> p.Value:
        """A duration of days and time."""
        if not isinstance(written, Plain):
            return self._formulas.value(written, _A_DURATION, state, what)
        scalar = written.scalar
        found = read_duration_words(scalar.text.strip())
        if isinstance(found, DaysDuration):
            return p.Constant(found, scalar.span)
        message, mend = f"{what} must be a duration, not “{cut(scalar.text)}”", _mend(scalar.text)
        if found is not None:
            message, mend = f"{what} cannot be in months or years, which differ in length", "write it in days"
        elif scalar.is_empty:
            message = f"{what} has no duration"
        self._report.error(scalar.span, message, mend, rule="duration")
        return unknown(scalar.span)

    def width(self, written: Written, state: State) -> p.Value:
        """How many rounds run at once."""
        return self._whole(self._formulas.value(written, NUMBER, state, "`at once`"), "`at once`", 1)

    def retry(self, written: s.Retry, body: p.Body, state: State, *, limited: bool) -> p.Retry:
        """Steps that are tried again. Everything about that is worked out before the first try."""
        more = self._whole(self._formulas.value(written.more_tries, NUMBER, state, "`more tries`"), "`more tries`", 0)
        wait = self.duration(written.wait, state, "`wait`") if written.wait else None
        at_most = self.duration(written.at_most, state, "`at most`") if written.at_most else None
        growing = self._growing(written, state)
        for key, value in (("growing", written.growing), ("at most", written.at_most)):
            if value is not None and written.wait is None:
                message = f"`{key}` is about waiting, and there is no `wait`"
                self._report.error(value.span, message, "`wait: 1 second`", rule="missing")
        if written.only_for is None:
            codes = self._transient(body, written, limited=limited)
            return p.Retry(body, more, wait, growing, at_most, codes, (), cost(body), written.span)
        scalars = list(self._codes(written.only_for))
        codes, spans = tuple(_code(each.text) for each in scalars), tuple(each.span for each in scalars)
        return p.Retry(body, more, wait, growing, at_most, codes, spans, cost(body), written.span)

    def _growing(self, written: s.Retry, state: State) -> p.Value | None:
        if written.growing is None:
            return None
        value = self._formulas.value(written.growing, NUMBER, state, "`growing`")
        known = value.value if isinstance(value, p.Constant) else None
        if isinstance(known, int | Decimal) and not 1 <= known <= 1000:
            message = "`growing` is a factor from 1 to 1000: each wait is so many times the one before"
            self._report.error(value.span, message, "`growing: 2`", rule="value")
        return value

    def _codes(self, written: Written) -> Iterator[Scalar]:
        items = written.items if isinstance(written, WrittenList) else (written,)
        for item in items:
            if isinstance(item, Plain) and not item.scalar.is_empty:
                if _code(item.scalar.text) in FINAL_CODES:
                    message = f"`{cut(item.scalar.text)}` ends the run, so it is never tried again"
                    self._report.error(item.span, message, "take it out", rule="unknown-code")
                yield item.scalar
            else:
                message = "`only for` takes the codes for which to try again"
                self._report.error(item.span, message, "`only for: [rate limited, unavailable]`", rule="value")

    def _transient(self, body: p.Body, written: s.Retry, *, limited: bool) -> tuple[Code, ...]:
        """The codes for which to try again where the author names none."""
        codes: dict[Code, None] = dict.fromkeys([TIMED_OUT]) if limited else {}
        calls = list(p.calls_in(body))
        declared = [_declared(call.callee) for call in calls]
        for failures in declared:
            codes |= {code: None for code, each in (failures or {}).items() if each.transient}
        if len(calls) != 1 or declared[0] is None:
            codes |= dict.fromkeys(_HELPED_BY_WAITING)
        elif not codes:
            callee = calls[0].callee
            label = callee.label if isinstance(callee, Block) else callee.name
            message = f"`{label}` declares no code for which trying again could help"
            known = ", ".join(str(code) for code in declared[0])
            mend = f"name the codes: `only for: [{known}]`" if known else "take `retry` out"
            self._report.error(written.span, message, mend, rule="missing")
        return tuple(codes)

    def _whole(self, value: p.Value, what: str, least: int) -> p.Value:
        known = value.value if isinstance(value, p.Constant) else None
        if isinstance(known, int | Decimal) and not isinstance(known, bool):
            number = whole(known)
            if number is None or number < least:
                message = f"{what} takes a whole number from {least} up"
                self._report.error(value.span, message, "write a number such as 3", rule="value")
        return value


def _declared(callee: p.Callee) -> Mapping[Code, DeclaredFailure] | None:
    """The codes that a block declares, or a flow or function that declares any."""
    return callee.failures if isinstance(callee, Block) else callee.contract.failures


def _code(text: str) -> Code:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 20 else text


def _mend(text: str) -> str:
    unit = unit_meant(text)
    near = did_you_mean(unit, [*UNITS, *(f"{each}s" for each in UNITS)]) if unit else None
    if near:
        return f"did you mean `{text.replace(unit or '', near, 1)}`?"
    if text.strip().replace(".", "", 1).isdigit():
        return f"say of what: `{text.strip()} seconds`"
    return _EXAMPLE
