"""Calling functions: which overload, in which order, with which conversions (DMN 1.5, 10.3.2.9.4 and table 63)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from blockwright.expressions.functions.builtin import Builtin, Overload, Parameter
from blockwright.expressions.temporal.arithmetic import midnight
from blockwright.expressions.temporal.types import Date
from blockwright.expressions.types import ANYTHING, required
from blockwright.expressions.values import Function, Value, admits, fail, is_a
from blockwright.failure import TOO_DEEP, Failure

_NOT_NAMED: Mapping[str, Value] = {}


def call(builtin: Builtin, positional: Sequence[Value], named: Mapping[str, Value] = _NOT_NAMED) -> Value:
    """Call a built-in with arguments by position, or by name; never both.

    The first overload that takes the arguments as they are is used, else the first that takes them once a list of one
    item stands for its item, or an item for a list of itself. A null argument makes the result null where its parameter
    has no null. Arguments that fit nowhere are a mistake.
    """
    if not named:
        for overload in builtin.overloads:
            if len(overload.parameters) == len(positional) and not overload.variadic:
                for argument, parameter in zip(positional, overload.parameters, strict=True):
                    if parameter.kinds is not None and type(argument) not in parameter.kinds:
                        break
                else:
                    return overload.call(*positional)
    return _call_with_care(builtin, positional, named)


def invoke(function: Value, positional: Sequence[Value], named: Mapping[str, Value] = _NOT_NAMED) -> Value:
    """Call a function value: a built-in, or one that an author wrote.

    Arguments by name may be in any order; those not given are null, and those of another type are converted, if one of
    the standard's conversions fits. Raises ``too deep`` where functions call one another without end.
    """
    if not isinstance(function, Function):
        return None if function is None else fail(f"{is_a(function)}, and cannot be called")
    try:
        if function.choose is not None:
            return function.choose(positional, named)
        arguments = _bound(function, positional, named)
        return None if arguments is None else function.call(*arguments)
    except RecursionError:
        raise Failure(TOO_DEEP, "functions call one another without end") from None


def conversions(value: Value) -> Iterator[Value]:
    """What may stand for a value that does not fit itself: its only item, a list of it, a date's midnight in UTC."""
    if type(value) is list and len(value) == 1:
        yield value[0]
    yield [value]
    if type(value) is Date:
        yield midnight(value)


def as_function(builtin: Builtin) -> Function:
    """The built-in as a value, which can be passed on and called like any other function."""
    first = builtin.overloads[0]

    def choose(positional: Sequence[Value], named: Mapping[str, Value]) -> Value:
        return call(builtin, positional, named)

    return Function(
        call=lambda *arguments: call(builtin, arguments),
        parameters=tuple(parameter.name for parameter in first.parameters),
        types=tuple(parameter.type for parameter in first.parameters),
        result=first.result_type([parameter.type for parameter in first.parameters]),
        name=builtin.name,
        choose=choose,
    )


def caller(function: Function, arity: int, what: str) -> Callable[..., Value] | None:
    """A quick way of calling a function value again and again; None, and a mistake, where it takes another number.

    ``what`` says in a message what the function is for, such as ``"precedes" of "sort"``.
    """
    if function.choose is None and len(function.parameters) != arity:
        fail(f"{what} must be a function of {arity} inputs, and this one has {len(function.parameters)}")
        return None
    if function.choose is None and all(of == ANYTHING for of in function.types):
        return function.call
    return lambda *arguments: invoke(function, arguments)


def _call_with_care(builtin: Builtin, positional: Sequence[Value], named: Mapping[str, Value]) -> Value:
    """The call where the inputs are not simply those of one overload."""
    overloads = _as_named(builtin, list(named)) if named else builtin.overloads
    for convert in (False, True):
        for overload in overloads:
            arguments = _arranged(overload, positional, named)
            if arguments is None:
                continue
            fitting = _fitting(overload, arguments, convert)
            if fitting is not None:
                if _lacks_a_value(overload, fitting):
                    return None
                return overload.call(*fitting)
    return fail(_what_is_wrong(builtin, positional, named))


def _as_named(builtin: Builtin, names: list[str]) -> Sequence[Overload]:
    """The overloads, first those whose inputs have these names in this order.

    ``before`` has both (point, range) and (range, point): only the order in which they are written tells them apart.
    """
    return sorted(builtin.overloads, key=lambda overload: [each.name for each in overload.parameters] != names)


def _arranged(overload: Overload, positional: Sequence[Value], named: Mapping[str, Value]) -> list[Value] | None:
    """The arguments in the order of the parameters; None where their number or names do not fit."""
    if not named:
        most = overload.most
        enough = overload.fewest <= len(positional) and (most is None or len(positional) <= most)
        return list(positional) if enough else None
    parameters = overload.parameters
    names = {parameter.name for parameter in parameters}
    if positional or not names.issuperset(named):
        return None
    for parameter in parameters:
        if parameter.name not in named and not parameter.optional and not parameter.takes_null:
            return None
    last = max(position for position, parameter in enumerate(parameters) if _is_given(parameter, named))
    return [named.get(parameter.name) for parameter in parameters[: last + 1]]


def _is_given(parameter: Parameter, named: Mapping[str, Value]) -> bool:
    return parameter.name in named or not parameter.optional


def _parameter_at(overload: Overload, position: int) -> Parameter:
    return overload.parameters[min(position, len(overload.parameters) - 1)]


def _fitting(overload: Overload, arguments: list[Value], convert: bool) -> list[Value] | None:
    for position, argument in enumerate(arguments):
        if argument is None:
            continue
        kinds = _parameter_at(overload, position).kinds
        if kinds is None or type(argument) in kinds:
            continue
        if not convert:
            return None
        if list in kinds:
            arguments[position] = [argument]
        elif type(argument) is list and len(argument) == 1 and type(argument[0]) in kinds:
            arguments[position] = argument[0]
        else:
            return None
    return arguments


def _lacks_a_value(overload: Overload, arguments: list[Value]) -> bool:
    return any(
        argument is None and not _parameter_at(overload, position).takes_null
        for position, argument in enumerate(arguments)
    )


def _bound(function: Function, positional: Sequence[Value], named: Mapping[str, Value]) -> list[Value] | None:
    parameters = function.parameters
    title = f'"{function.name}"' if function.name else "this function"
    if named:
        for name in named:
            if name not in parameters:
                fail(f'{title} has no input "{name}"; it has {_listed(parameters)}')
                return None
        arguments = [named.get(name) for name in parameters]
    elif len(positional) != len(parameters):
        fail(f"{title} takes {len(parameters)} inputs ({_listed(parameters)}), not {len(positional)}")
        return None
    else:
        arguments = list(positional)
    for position, (argument, of) in enumerate(zip(arguments, function.types, strict=True)):
        if argument is None or of == ANYTHING or admits(of, argument):
            continue
        for other in conversions(argument):
            if admits(of, other):
                arguments[position] = other
                break
        else:
            fail(f'{is_a(argument)}; "{parameters[position]}" of {title} must be {of}')
            return None
    return arguments


def _what_is_wrong(builtin: Builtin, positional: Sequence[Value], named: Mapping[str, Value]) -> str:
    """One sentence about arguments that no overload takes."""
    known = {parameter.name: None for overload in builtin.overloads for parameter in overload.parameters}
    for name in named:
        if name not in known:
            return f'"{builtin.name}" has no input "{name}"; it has {_listed(tuple(known))}'
    for overload in builtin.overloads:
        arguments = _arranged(overload, positional, named)
        if arguments is not None:
            return _wrong_type(builtin, overload, arguments)
    if named:
        first = builtin.overloads[0]
        missing = [p.name for p in first.parameters if p.name not in named and not p.optional]
        return f'"{builtin.name}" needs {_listed(tuple(missing)) or "other inputs"} too'
    counts = sorted({_count(overload) for overload in builtin.overloads})
    longest = max(builtin.overloads, key=lambda overload: len(overload.parameters))
    inputs = _listed([parameter.name for parameter in longest.parameters])
    return f'"{builtin.name}" takes {" or ".join(counts)} inputs ({inputs or "none"}), not {len(positional)}'


def _wrong_type(builtin: Builtin, overload: Overload, arguments: list[Value]) -> str:
    for position, argument in enumerate(arguments):
        parameter = _parameter_at(overload, position)
        kinds = parameter.kinds
        if argument is not None and kinds is not None and type(argument) not in kinds:
            return f'{is_a(argument)}; "{parameter.name}" of "{builtin.name}" must be {required(parameter.type)}'
    return f'"{builtin.name}" cannot use these inputs together'


def _count(overload: Overload) -> str:
    if overload.most is None:
        return f"at least {overload.fewest}"
    return str(overload.most) if overload.fewest == overload.most else f"{overload.fewest} to {overload.most}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
