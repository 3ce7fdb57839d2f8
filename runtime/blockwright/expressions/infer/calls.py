"""The types that calls give, and the calls that can never work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from blockwright.expressions import tree
from blockwright.expressions.functions import Builtin, Overload, Parameter
from blockwright.expressions.infer.operators import FUNCTION, kinds
from blockwright.expressions.infer.results import Problem
from blockwright.expressions.infer.words import a
from blockwright.expressions.names import nearest
from blockwright.expressions.types import (
    ANYTHING,
    LIST,
    NOTHING,
    Either,
    FunctionOf,
    ListOf,
    Type,
    either,
    fits,
    optional,
)


class CallTypes:
    """One call: the types of its arguments, by position or by name."""

    def __init__(
        self, problems: list[Problem], node: tree.Call, arguments: Sequence[Type], named: Mapping[str, Type]
    ) -> None:
        self._problems = problems
        self._node = node
        self._arguments = arguments
        self._named = named

    def builtin(self, builtin: Builtin) -> Type:
        """The type that a built-in function gives."""
        arranged = [
            (overload, arguments) for overload in builtin.overloads if (arguments := self._for(overload)) is not None
        ]
        if not arranged:
            self._wrong_shape(builtin)
            return ANYTHING
        results = []
        for overload, arguments in arranged:
            answers = [_takes(parameter, of) for parameter, of in arguments]
            if False in answers:
                continue
            result = overload.result_type([of for _, of in arguments])
            lacking = any(NOTHING in kinds(of) and not parameter.takes_null for parameter, of in arguments)
            results.append(optional(result) if lacking else result)
            if None not in answers:
                break
        if not results:
            self._wrong_types(builtin, arranged)
            promised = {overload.result for overload in builtin.overloads if not callable(overload.result)}
            return optional(promised.pop()) if len(promised) == 1 else ANYTHING
        return either(results) if len(results) <= 3 else ANYTHING

    def value(self, function: Type) -> Type:
        """The type that a function value gives."""
        if function == ANYTHING or (isinstance(function, Either) and FUNCTION in kinds(function)):
            return ANYTHING
        if not isinstance(function, FunctionOf):
            self._report(self._node.function, f"this is {a(function)}, and cannot be called")
            return ANYTHING
        if function.parameters is None:
            return ANYTHING
        if not self._named and len(self._arguments) != len(function.parameters):
            takes = _inputs(str(len(function.parameters)))
            self._report(self._node, f"this function takes {takes}, not {len(self._arguments)}")
            return ANYTHING
        # A function may be given null, and gives null where an argument cannot be converted.
        return optional(function.result)

    def _for(self, overload: Overload) -> list[tuple[Parameter, Type]] | None:
        """The arguments with their parameters; None where their number or names do not fit."""
        parameters = overload.parameters
        if not self._named:
            count = len(self._arguments)
            if count < overload.fewest or (overload.most is not None and count > overload.most):
                return None
            last = len(parameters) - 1
            return [(parameters[min(place, last)], of) for place, of in enumerate(self._arguments)]
        if not {parameter.name for parameter in parameters}.issuperset(self._named):
            return None
        for parameter in parameters:
            if parameter.name not in self._named and not parameter.optional and not parameter.takes_null:
                return None
        return [
            (parameter, self._named.get(parameter.name, NOTHING))
            for parameter in parameters
            if parameter.name in self._named or not parameter.optional
        ]

    def _wrong_shape(self, builtin: Builtin) -> None:
        known = list(dict.fromkeys(p.name for overload in builtin.overloads for p in overload.parameters))
        for entry in self._node.named:
            if entry.key not in known:
                near = nearest(entry.key, known)
                mend = f"did you mean `{near}`?" if near else f"it has {_listed(known)}"
                self._report(entry, f"`{builtin.name}` has no input `{entry.key}`", mend)
                return
        first = builtin.overloads[0]
        if self._named:
            missing = [p.name for p in first.parameters if p.name not in self._named and not p.optional]
            self._report(self._node, f"`{builtin.name}` needs {_listed(missing) or 'other inputs'} too")
            return
        counts = " or ".join(dict.fromkeys(map(_count, builtin.overloads)))
        inputs = ", ".join(parameter.name for parameter in first.parameters)
        self._report(
            self._node,
            f"`{builtin.name}` takes {_inputs(counts)}, not {len(self._arguments)}",
            f"write `{builtin.name}({inputs})`",
        )

    def _wrong_types(self, builtin: Builtin, arranged: list[tuple[Overload, list[tuple[Parameter, Type]]]]) -> None:
        nodes = self._node.arguments or tuple(entry.value for entry in self._node.named)
        names = [entry.key for entry in self._node.named]
        for parameter, of in arranged[0][1]:
            if _takes(parameter, of) is False:
                place = names.index(parameter.name) if names else [p for p, _ in arranged[0][1]].index(parameter)
                message = f"`{parameter.name}` of `{builtin.name}` must be {a(parameter.type)}, and this is {a(of)}"
                self._report(nodes[min(place, len(nodes) - 1)], message)
                return
        self._report(self._node, f"`{builtin.name}` cannot use these inputs together")

    def _report(self, part: tree.Part, message: str, mend: str | None = None) -> None:
        self._problems.append(Problem(part.start, part.end, message, mend))


def _takes(parameter: Parameter, of: Type) -> bool | None:
    """Whether a parameter takes an argument: yes, no, or None for "it depends".

    Null fits everywhere (it makes the result null). A list of one item may stand for its item, and an item for a list
    of itself.
    """
    answer = fits(of, parameter.type)
    if answer is not False:
        return answer
    given, wanted = kinds(of), kinds(parameter.type)
    if NOTHING in given:
        return True if given == {NOTHING} else None
    return None if LIST in wanted or _may_hold(of, parameter.type) else False


def _may_hold(of: Type, wanted: Type) -> bool:
    options = of.options if isinstance(of, Either) else {of}
    return any(isinstance(option, ListOf) and fits(option.item, wanted) is not False for option in options)


def _count(overload: Overload) -> str:
    if overload.most is None:
        return f"at least {overload.fewest}"
    return str(overload.most) if overload.fewest == overload.most else f"{overload.fewest} to {overload.most}"


def _inputs(count: str) -> str:
    return f"{count} input" if count.endswith("1") else f"{count} inputs"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
