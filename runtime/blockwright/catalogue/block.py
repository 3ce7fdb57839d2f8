"""What a block is, and ``@block``, which reads it from a Python function's signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Generic, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

from blockwright.catalogue.annotations import BadAnnotation, Reading, is_value_type, read_annotation
from blockwright.catalogue.naming import is_name
from blockwright.expressions.types import NOTHING, Type
from blockwright.expressions.values import admits, take
from blockwright.failure import FINAL_CODES, Code, Failure

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
    """One input of a block. ``whole`` says that a number must be a whole one, ``choices`` the only values allowed,
    ``secret`` that its values are for nobody's eyes: no message and no trace shows them."""

    name: str
    type: Type
    parameter: str
    default: object = MISSING
    whole: bool = False
    choices: tuple[object, ...] = ()
    secret: bool = False

    @property
    def is_required(self) -> bool:
        return self.default is MISSING


@dataclass(frozen=True, slots=True)
class DeclaredFailure:
    """A code that a block may fail with. ``transient`` says that trying again later can help."""

    code: Code
    about: str
    transient: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Block(Generic[P, R]):
    """A block: its label, inputs, result and failures, and the Python function that runs it.

    ``result_secret`` says that what it gives, or something in it, is for nobody's eyes.

    Calling a Block calls its function, so blocks are tested in Python like any function.
    """

    label: str
    about: str
    category: str
    inputs: tuple[Input, ...]
    result: Type
    result_whole: bool
    result_secret: bool
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
    the types, the docstring the help; ``Annotated[str, SECRET]`` is a secret text. Keyword-only parameters are
    services, found by their annotated type.
    ``failures`` declares every code the block may fail with, a sentence each; ``transient`` names those for which
    trying again can help. Raises BlockError when the function cannot be a block.
    """

    def make(function: Callable[P, R]) -> Block[P, R]:
        if not is_name(label):
            raise BlockError(f"{label!r} is not a label: words with single spaces, beginning with a letter")
        inputs, services, result = _read_signature(label, function)
        return Block(
            label=label,
            about=inspect.cleandoc(function.__doc__ or ""),
            category=category,
            inputs=inputs,
            result=result.type,
            result_whole=result.whole,
            result_secret=result.secret,
            failures=_declare(label, failures or {}, frozenset(transient)),
            services=services,
            function=function,
            is_async=inspect.iscoroutinefunction(function),
        )

    return make


def _read_signature(
    label: str, function: Callable[..., object]
) -> tuple[tuple[Input, ...], Mapping[str, type], Reading]:
    if not (inspect.isfunction(function) or inspect.ismethod(function)):
        raise BlockError(f"{label}: a block is made of a function, `def` or `async def`")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise BlockError(f"{label}: a function with `yield` gives no value; return a list")
    try:
        hints = get_type_hints(function, include_extras=True)
    except Exception as error:
        raise BlockError(f"{label}: an annotation cannot be read: {error}") from error
    inputs: list[Input] = []
    services: dict[str, type] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise BlockError(f"{label}: *{name} cannot be an input; give every input a name")
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise BlockError(f"{label}: flows give inputs by name; take the `/` out behind {name}")
        if name not in hints:
            raise BlockError(f"{label}: annotate {name}, so that flows can be checked")
        if parameter.kind is parameter.KEYWORD_ONLY:
            services[name] = _read_service(label, name, hints[name])
        else:
            inputs.append(_read_input(label, name, hints[name], parameter.default))
    if "return" not in hints:
        raise BlockError(f"{label}: annotate what it returns (None for nothing)")
    return tuple(inputs), MappingProxyType(services), _read(label, "the result", hints["return"])


def _read_input(label: str, parameter: str, hint: object, default: object) -> Input:
    name = parameter.replace("_", " ")
    if not is_name(name):
        raise BlockError(f"{label}: {parameter} cannot be written in a flow; begin with a letter, single `_` between")
    reading = _read(label, parameter, hint)
    if default is inspect.Parameter.empty:
        return Input(name, reading.type, parameter, MISSING, reading.whole, reading.choices, reading.secret)
    try:
        fits = admits(reading.type, take(default))
    except Failure:
        fits = False
    if not fits:
        mend = f"; annotate it as `{_name_of(hint)} | None`" if default is None else ""
        raise BlockError(f"{label}: the default of {parameter} is not {reading.type}{mend}")
    return Input(name, reading.type, parameter, default, reading.whole, reading.choices, reading.secret)


def _read_service(label: str, name: str, hint: object) -> type:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if not isinstance(hint, type) or is_value_type(hint):
        raise BlockError(f"{label}: {name} is keyword-only, so it is a service; inputs stand before the `*`")
    try:
        isinstance(None, hint)
    except TypeError:
        raise BlockError(f"{label}: put @runtime_checkable on {hint.__name__}, the service that {name} is") from None
    return hint


def _read(label: str, what: str, annotation: object) -> Reading:
    try:
        return read_annotation(annotation)
    except BadAnnotation as error:
        raise BlockError(f"{label}: {what}: {error}") from error
    except RecursionError:
        raise BlockError(f"{label}: {what}: a type made of itself has no end; annotate dict") from None


def _name_of(hint: object) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)


def _declare(label: str, failures: Mapping[Code, str], transient: frozenset[Code]) -> Mapping[Code, DeclaredFailure]:
    unknown = transient - failures.keys()
    if unknown:
        raise BlockError(f"{label}: {sorted(map(str, unknown))} are transient but not among its failures")
    for code, about in failures.items():
        _check_code(label, code)
        if not isinstance(about, str) or not about.strip():
            raise BlockError(f"{label}: say in a sentence what {code!r} means")
    return MappingProxyType({code: DeclaredFailure(code, about, code in transient) for code, about in failures.items()})


def _check_code(label: str, code: object) -> None:
    if isinstance(code, bool) or not isinstance(code, int | str) or code == "":
        raise BlockError(f"{label}: {code!r} is not a code; a code is a whole number or a name")
    if isinstance(code, str) and code.isdigit():
        raise BlockError(f"{label}: the code {code!r} is a text; write it as a number")
    if isinstance(code, str) and (not is_name(code) or code == "anything else"):
        raise BlockError(f"{label}: a handler cannot name the code {code!r}; choose plain words")
    if code in FINAL_CODES:
        raise BlockError(f"{label}: {code!r} ends a run, so no block may fail with it")
