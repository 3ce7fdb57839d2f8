"""How an operator or a function reports a mistake: one hook, two policies.

In flows a mistake is a ``Failure`` with code ``bad value``. In standard mode, which the DMN specification asks for, it
is a warning, and the value is null.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from blockwright.expressions.budget import spend
from blockwright.failure import BAD_VALUE, TOO_BIG, Failure

if TYPE_CHECKING:
    from blockwright.expressions.values.domain import Value

MOST_WARNINGS = 1000
"""Warnings kept of one evaluation; later ones are dropped."""

LONGEST = 500
"""Characters of one message; what is longer is cut."""

PRICE = 4
"""Steps that a mistake costs where it does not end the evaluation: its message must be put into words."""

_warnings: ContextVar[list[str] | None] = ContextVar("blockwright_warnings", default=None)


def fail(message: str) -> Value:
    """Report a mistake: raise ``Failure("bad value", message)``, or in standard mode note a warning and give null.

    The message is one sentence in an author's words. Write ``return fail("…")`` in an operator or a function.
    """
    if len(message) > LONGEST:
        message = message[: LONGEST - 1] + "…"
    warnings = _warnings.get()
    if warnings is None:
        raise Failure(BAD_VALUE, message)
    spend(PRICE)
    if len(warnings) < MOST_WARNINGS:
        warnings.append(message)
    return None


class standard_mode:
    """``with standard_mode() as warnings:`` evaluates as the DMN specification says: mistakes are null, and noted."""

    __slots__ = ("_token",)

    def __enter__(self) -> list[str]:
        warnings: list[str] = []
        self._token = _warnings.set(warnings)
        return warnings

    def __exit__(self, *_: object) -> None:
        _warnings.reset(self._token)


def is_strict() -> bool:
    """Whether mistakes are failures just now."""
    return _warnings.get() is None


def too_big(message: str) -> Failure:
    """The failure for a value past a cap; raised under both policies."""
    return Failure(TOO_BIG, message)
