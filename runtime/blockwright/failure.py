"""Failures: how a block, an expression or the engine says that something did not work.

The ground floor of the house: everything may import this module, and it imports nothing of Blockwright.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

Code: TypeAlias = int | str
"""What a failure is known by: a documented number such as 3104, or a name such as ``bad value``."""

BAD_VALUE = "bad value"
TIMED_OUT = "timed out"
CANCELLED = "cancelled"
TOO_MANY_STEPS = "too many steps"
TOO_DEEP = "too deep"
TOO_BIG = "too big"
TOO_MANY_LINES = "too many log lines"
TOO_MANY_BRANCHES = "too many branches"
TOO_MANY_CALLS = "too many calls"
UNAVAILABLE = "unavailable"
RATE_LIMITED = "rate limited"
UNEXPECTED = "unexpected"

ENGINE_CODES: Mapping[str, str] = MappingProxyType(
    {
        BAD_VALUE: "A value is not what the step or the expression needs.",
        TIMED_OUT: "The step took longer than its time limit.",
        CANCELLED: "The run was cancelled.",
        TOO_MANY_STEPS: "The run took more steps than its limit allows.",
        TOO_DEEP: "Functions or flows called one another more deeply than the limit allows.",
        TOO_BIG: "A text, list, object or number grew past its limit.",
        TOO_MANY_LINES: "The run wrote more lines into its log than its limit allows.",
        TOO_MANY_BRANCHES: "The run had more branches and rounds side by side than its limit allows.",
        TOO_MANY_CALLS: "The run waited for more calls of blocks at a time than its limit allows.",
        UNAVAILABLE: "A service cannot be reached just now.",
        RATE_LIMITED: "A service asks to wait before trying again.",
        UNEXPECTED: "Something went wrong that nobody declared.",
    }
)
"""The codes the engine itself may give, each with its sentence. They are names; documented numbers stay blocks' own."""

FINAL_CODES = frozenset({TOO_MANY_STEPS, CANCELLED, TOO_MANY_LINES, TOO_MANY_BRANCHES, TOO_MANY_CALLS})
"""Codes that end a run: no handler sees them, only ``always:`` still runs. So does ``timed out`` where it is the whole
run that took too long."""


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a flow's file. Lines and columns are counted from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Failure(Exception):
    """A block, an expression or a ``fail`` step did not succeed, and says so with a code.

    ``code`` is an int or a name, ``message`` one sentence for people, ``details`` any value a flow can hold.
    ``place``, ``flow`` and ``block`` say where it happened; the engine fills them in.
    """

    def __init__(
        self,
        code: Code,
        message: str = "",
        details: object = None,
        *,
        place: Place | None = None,
        flow: str | None = None,
        block: str | None = None,
    ) -> None:
        super().__init__(code, message, details)
        self.code = code
        self.message = message or ENGINE_CODES.get(str(code), "")
        self.details = details
        self.place = place
        self.flow = flow
        self.block = block

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return f"{self.code}: {self.message}{where}"

    def to_dict(self) -> dict[str, object]:
        """The failure as JSON-ready data; it begins with Backendless's own shape, ``{"message", "code"}``."""
        data: dict[str, object] = {"message": self.message, "code": self.code}
        if self.details is not None:
            data["details"] = self.details
        if self.place is not None:
            data |= {"file": self.place.file, "line": self.place.line, "column": self.place.column}
        if self.flow is not None:
            data["flow"] = self.flow
        if self.block is not None:
            data["block"] = self.block
        return data
