"""What is wrong with the text of an expression, said before it is ever evaluated."""

from __future__ import annotations


class SyntaxProblem(Exception):
    """The text is not an expression. ``start`` and ``end`` are offsets in it; ``mend`` says what to write, if known."""

    def __init__(self, message: str, start: int, end: int, mend: str | None = None) -> None:
        super().__init__(message, start, end, mend)
        self.message = message
        self.start = start
        self.end = end
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message}; {self.mend}" if self.mend else self.message


class UnknownName(SyntaxProblem):
    """The text uses a name, or calls a function, that nobody knows. ``name`` is what was written."""

    def __init__(self, name: str, message: str, start: int, end: int, mend: str | None = None) -> None:
        super().__init__(message, start, end, mend)
        self.args = (name, message, start, end, mend)
        self.name = name
