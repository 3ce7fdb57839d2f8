"""Built-in functions as generated code calls them, each by the quickest way that what is known allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from blockwright.expressions.functions import FUNCTIONS, Builtin, Overload, call, kinds_of
from blockwright.expressions.values import Value

Kinds = frozenset[type] | None


def overload_helper(name: str, number: int) -> str:
    """The global that calls one overload, for arguments whose types are known to be its own."""
    return f"_feel_{_slug(name)}_by_{number}"


def helper(name: str, arguments: int) -> str:
    """The global that calls a function with so many arguments of any type."""
    quick = f"_feel_{_slug(name)}_of_{arguments}"
    return quick if quick in FUNCTION_HELPERS else f"_feel_{_slug(name)}_of_any"


def _slug(name: str) -> str:
    return name.replace(" ", "_")


def _helpers() -> dict[str, object]:
    made: dict[str, object] = {}
    for name, builtin in FUNCTIONS.items():
        made[f"_feel_{_slug(name)}_of_any"] = _checked(builtin)
        for number, overload in enumerate(builtin.overloads):
            made[overload_helper(name, number)] = overload.call
        for arguments in (1, 2, 3):
            quick = _quick(builtin, arguments)
            if quick is not None:
                made[f"_feel_{_slug(name)}_of_{arguments}"] = quick
    return made


def _checked(builtin: Builtin) -> Callable[..., Value]:
    def checked(*arguments: Value) -> Value:
        return call(builtin, arguments)

    return checked


def _quick(builtin: Builtin, arguments: int) -> Callable[..., Value] | None:
    """Straight to the first overload where the arguments are of its types as they are, and with care elsewhere."""
    fitting = [overload for overload in builtin.overloads if _takes(overload, arguments)]
    if not fitting or fitting[0].variadic:
        return None
    direct = fitting[0].call
    kinds = [kinds_of(parameter.type) for parameter in fitting[0].parameters[:arguments]]
    match kinds:
        case [first]:
            return _quick_one(builtin, direct, first)
        case [first, second]:
            return _quick_two(builtin, direct, first, second)
    return _quick_more(builtin, direct, kinds)


def _takes(overload: Overload, arguments: int) -> bool:
    return overload.fewest <= arguments and (overload.most is None or arguments <= overload.most)


def _quick_one(builtin: Builtin, direct: Callable[..., Value], kinds: Kinds) -> Callable[..., Value]:
    def one(first: Value) -> Value:
        return direct(first) if kinds is None or type(first) in kinds else call(builtin, (first,))

    return one


def _quick_two(builtin: Builtin, direct: Callable[..., Value], kinds: Kinds, more_kinds: Kinds) -> Callable[..., Value]:
    def two(first: Value, second: Value) -> Value:
        if (kinds is None or type(first) in kinds) and (more_kinds is None or type(second) in more_kinds):
            return direct(first, second)
        return call(builtin, (first, second))

    return two


def _quick_more(builtin: Builtin, direct: Callable[..., Value], kinds: list[Kinds]) -> Callable[..., Value]:
    def more(*arguments: Value) -> Value:
        for argument, wanted in zip(arguments, kinds, strict=True):
            if wanted is not None and type(argument) not in wanted:
                return call(builtin, arguments)
        return direct(*arguments)

    return more


FUNCTION_HELPERS: Mapping[str, object] = MappingProxyType(_helpers())
"""The globals of generated code that are built-in functions."""
