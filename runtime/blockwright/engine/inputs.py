"""The inputs of a run, as an application, a file or a command line gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from blockwright.expressions.types import (
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    TEXT,
    TIME,
    YEARS_DURATION,
    Either,
    either,
    fits,
    phrase,
)
from blockwright.expressions.values import Value, admits, describe, take, type_of
from blockwright.failure import Failure
from blockwright.language.checker.values import NOT_READ, read_plain
from blockwright.language.suggest import did_you_mean

if TYPE_CHECKING:
    from blockwright.language.program import Asked, Routine

_TEMPORAL = (DATE, TIME, DATE_AND_TIME, DAYS_DURATION, YEARS_DURATION)


class InputsError(ValueError):
    """A run was asked for with inputs that the flow does not take; ``problems`` has a sentence for each of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "; ".join(self.problems)


def take_inputs(routine: Routine, given: Mapping[str, object]) -> dict[str, Value]:
    """Every input of a flow, defaults filled in, as values. Raises InputsError with all that is wrong."""
    if not isinstance(given, Mapping):
        raise InputsError([f"inputs are given by name, as a dict, and this is of the type {type(given).__name__}"])
    problems = _missing_and_unknown(routine, given)
    taken: dict[str, Value] = {}
    for asked in routine.inputs:
        if asked.name not in given:
            taken[asked.name] = asked.default
            continue
        try:
            value = _by_type(take(given[asked.name], f"`{asked.name}`"), asked)
        except Failure as failure:
            problems.append(failure.message)
            continue
        problem = _wrong(value, asked)
        if problem:
            problems.append(problem)
        taken[asked.name] = value
    if problems:
        raise InputsError(problems)
    return taken


def read_inputs(routine: Routine, texts: Mapping[str, str]) -> dict[str, object]:
    """Inputs typed as text, read by their declared types. What cannot be read stays text, for ``take_inputs`` to refuse
    together with all else that is wrong."""
    types = {asked.name: asked.type for asked in routine.inputs}
    read = {name: read_plain(text, False, types.get(name, TEXT)) for name, text in texts.items()}
    return {name: texts[name] if value is NOT_READ else value for name, value in read.items()}


def _missing_and_unknown(routine: Routine, given: Mapping[str, object]) -> list[str]:
    names = [asked.name for asked in routine.inputs]
    missing = [asked.name for asked in routine.inputs if asked.is_required and asked.name not in given]
    problems = []
    if missing:
        problems.append(f"`{routine.name}` needs " + ", ".join(f"`{name}`" for name in missing))
    for name in given:
        if name not in names:
            near = did_you_mean(str(name), names)
            hint = (
                f"did you mean `{near}`?" if near else "it has " + (", ".join(f"`{each}`" for each in names) or "none")
            )
            problems.append(f"`{routine.name}` has no input called `{name}`; {hint}")
    return problems


def _by_type(value: Value, asked: Asked) -> Value:
    """A text where a date, time or duration is asked for is read as one: JSON has no other way to write them."""
    if not isinstance(value, str) or admits(asked.type, value):
        return value
    if not any(fits(each, asked.type) is True for each in _TEMPORAL):
        return value
    options = asked.type.options if isinstance(asked.type, Either) else [asked.type]
    read = read_plain(value, False, either(option for option in options if option in _TEMPORAL))
    return value if read is NOT_READ else read


def _wrong(value: Value, asked: Asked) -> str | None:
    said = phrase(type_of(value)) if asked.secret else describe(value)
    if not admits(asked.type, value):
        return f"`{asked.name}` must be {phrase(asked.type)}, and this is {said}"
    if asked.choices and value is not None and value not in asked.choices:
        near = None if asked.secret else did_you_mean(str(value), [str(choice) for choice in asked.choices])
        names = ", ".join(f"`{choice}`" for choice in asked.choices)
        hint = f"did you mean `{near}`?" if near else f"choose one of {names}"
        return f"`{asked.name}` cannot be {said}; {hint}"
    return None
