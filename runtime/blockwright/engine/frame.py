"""Where the steps of one call work: its variables, what values come to, and where it is that something fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, TypeVar

from blockwright.engine import meaning
from blockwright.failure import Failure
from blockwright.language import program as p

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.engine.run import Run
    from blockwright.engine.unit import Unit
    from blockwright.expressions.values import Value
    from blockwright.language.diagnostics import Span

T = TypeVar("T")


class Frame:
    """One call of a flow or function, as far as values go. Every failure that leaves it has its place."""

    def __init__(self, run: Run, unit: Unit, variables: dict[str, Value]) -> None:
        self.run = run
        self.unit = unit
        self.variables = variables

    def value(self, value: p.Value) -> Value:
        """What a value of the file comes to now."""
        match value:
            case p.Constant():
                return value.value
            case p.Computed():
                try:
                    return self.unit.evaluate(value, self.variables)
                except Exception as error:
                    self.fail_at(error, value.span)
            case p.Joined():
                pieces = [each if isinstance(each, str) else self.needed(each, meaning.piece) for each in value.parts]
                return self.guarded(value.span, lambda: meaning.joined(*pieces))
            case p.Listed():
                return [self.value(each) for each in value.items]
            case p.Grouped():
                return {name: self.value(each) for name, each in value.entries}

    def needed(self, value: p.Value, form: Callable[[Value], T]) -> T:
        """A value in the form that a step needs it."""
        worked_out = self.value(value)
        try:
            return form(worked_out)
        except Exception as error:
            self.fail_at(error, value.span)

    def wanted(self, value: p.Value | None, form: Callable[[Value], T]) -> T | None:
        """The same for what may be left out."""
        return None if value is None else self.needed(value, form)

    def charge(self, span: Span, cost: int) -> None:
        """Take steps from the run's budget."""
        try:
            self.run.charge(cost)
        except Failure as error:
            self.fail_at(error, span)

    def guarded(self, span: Span, act: Callable[[], T]) -> T:
        """What ``act`` gives; if it fails, it failed at ``span``."""
        try:
            return act()
        except Exception as error:
            self.fail_at(error, span)

    def fail_at(self, error: Exception, span: Span, block: AnyBlock | None = None) -> NoReturn:
        """Fail as ``error`` means: raised by ``block``, or else at ``span``."""
        failure = self.unit.failed(error, span, block)
        raise failure from failure.__cause__
