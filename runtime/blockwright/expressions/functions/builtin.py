"""What a built-in function is: its name, its overloads, and what its help says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import TypeAlias

from blockwright.expressions.functions.kinds import Kinds, kinds_of
from blockwright.expressions.types import ANYTHING, Type
from blockwright.expressions.values import Value

Result: TypeAlias = Type | Callable[[Sequence[Type]], Type]
"""The type of a function's result, or a function that tells it from the types of the arguments."""

Example: TypeAlias = tuple[str, str]
"""A FEEL text and the FEEL text of its value."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input of a function. Null for a parameter whose type has no null makes the result null."""

    name: str
    type: Type = ANYTHING
    optional: bool = False
    kinds: Kinds = field(init=False, repr=False)
    """The Python types of the values it takes; None for any."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", kinds_of(self.type))

    @property
    def takes_null(self) -> bool:
        return self.kinds is None or NoneType in self.kinds


@dataclass(frozen=True, slots=True)
class Overload:
    """One way of calling a function.

    ``call`` takes the arguments in order, of the parameters' types, and is quick: it checks only what types do not say
    (items of lists, bounds). Optional parameters that are left out are left out of the call, or None before others.
    Where ``variadic``, the last parameter takes any number of arguments, at least one.
    """

    call: Callable[..., Value]
    result: Result
    parameters: tuple[Parameter, ...] = ()
    variadic: bool = False

    @property
    def fewest(self) -> int:
        """The least number of arguments."""
        return sum(not parameter.optional for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """The greatest number of arguments; None where there is no limit."""
        return None if self.variadic else len(self.parameters)

    def result_type(self, arguments: Sequence[Type] = ()) -> Type:
        """The type of the result for arguments of these types, given in order."""
        return self.result(arguments) if callable(self.result) else self.result


@dataclass(frozen=True, slots=True)
class Builtin:
    """A built-in function: what it does in one sentence, examples, and the ways of calling it."""

    name: str
    category: str
    about: str
    overloads: tuple[Overload, ...]
    examples: tuple[Example, ...] = ()
