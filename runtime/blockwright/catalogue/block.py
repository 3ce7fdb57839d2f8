"""What a block is, and ``@block``, which reads it from a Python function's signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, ParamSpec, TypeVar, get_type_hints

from blockwright.catalogue.annotations import BadAnnotation, Reading, read_annotation
from blockwright.catalogue.naming import is_name
from blockwright.expressions.types import NOTHING, Type
from blockwright.failure import Code

P = ParamSpec("P")
R = TypeVar("R", covariant=True)


class BlockError(TypeError):
    """A block is declared in a way that no flow could use; the message says what to change."""


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
"""The default of an input that has none."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a block. ``whole`` says that a number must be a whole one, ``choices`` the only values allowed."""

    name: str
    type: Type
    parameter: str
    default: object = MISSING
    whole: bool = False
    choices: tuple[object, ...] = ()

    @property
    def is_required(self) -> bool:
        return self.default is MISSING


@dataclass(frozen=True, slots=True)
class DeclaredFailure:
    """A code that a block may fail with. ``transient`` says that trying again later can help."""

    code: Code
    about: str
    transient: bool = False


@dataclass(frozen=True, slots=True)
class Block(Generic[P, R]):
    """A block: its label, inputs, result and failures, and the Python function that runs it.

    Calling a Block calls its function, so blocks are tested in Python like any function.
    """

    label: str
    about: str
    category: str
    inputs: tuple[Input, ...]
    result: Type
    result_whole: bool
    failures: Mapping[Code, DeclaredFailure]
    services: Mapping[str, type]
    function: Callable[P, R]
    is_async: bool

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(*args, **kwargs)

    @property
    def gives_value(self) -> bool:
        return self.result != NOTHING


def block(
    label: str,
    *,
    category: str = "other",
    failures: Mapping[Code, str] | None = None,
    transient: Iterable[Code] = (),
) -> Callable[[Callable[P, R]], Block[P, R]]:
    """Turn a function, plain or ``async``, into a block that flows can use under ``label``.

    Positional parameters are the inputs (``user_identity`` is written ``user identity`` in a flow), their annotations
    the types, the docstring the help. Keyword-only parameters are services, found by their annotated type.
    ``failures`` declares every code the block may fail with, a sentence each; ``transient`` names those for which
    trying again can help. Raises BlockError when the function cannot be a block.
    """

    def make(function: Callable[P, R]) -> Block[P, R]:
        if not is_name(label):
            raise BlockError(f"{label!r} is not a label: words with single spaces, beginning with a letter")
        inputs, services, result = _read_signature(label, function)
        declared = _declare(label, failures or {}, frozenset(transient))
        return Block(
            label=label,
            about=inspect.cleandoc(function.__doc__ or ""),
            category=category,
            inputs=inputs,
            result=result.type,
            result_whole=result.whole,
            failures=declared,
            services=services,
            function=function,
            is_async=inspect.iscoroutinefunction(function),
        )

    return make


def _declare(label: str, failures: Mapping[Code, str], transient: frozenset[Code]) -> Mapping[Code, DeclaredFailure]:
    unknown = transient - failures.keys()
    if unknown:
        raise BlockError(f"{label}: {sorted(map(str, unknown))} are transient but not among its failures")
    return MappingProxyType({code: DeclaredFailure(code, about, code in transient) for code, about in failures.items()})


def _read_signature(
    label: str, function: Callable[..., object]
) -> tuple[tuple[Input, ...], Mapping[str, type], Reading]:
    try:
        hints = get_type_hints(function)
    except NameError as error:
        raise BlockError(f"{label}: an annotation cannot be read: {error}") from error
    inputs: list[Input] = []
    services: dict[str, type] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise BlockError(f"{label}: *{name} cannot be an input; give every input a name")
        if name not in hints:
            raise BlockError(f"{label}: annotate {name}, so that flows can be checked")
        if parameter.kind is parameter.KEYWORD_ONLY:
            if not isinstance(hints[name], type):
                raise BlockError(f"{label}: {name} is keyword-only, so its annotation must be a service's type")
            services[name] = hints[name]
            continue
        reading = _read(label, name, hints[name])
        default = MISSING if parameter.default is parameter.empty else parameter.default
        inputs.append(Input(name.replace("_", " "), reading.type, name, default, reading.whole, reading.choices))
    if "return" not in hints:
        raise BlockError(f"{label}: annotate what it returns (None for nothing)")
    return tuple(inputs), MappingProxyType(services), _read(label, "the result", hints["return"])


def _read(label: str, what: str, annotation: object) -> Reading:
    try:
        return read_annotation(annotation)
    except BadAnnotation as error:
        raise BlockError(f"{label}: {what}: {error}") from error
