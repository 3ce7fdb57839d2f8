"""``blockwright expr`` without an expression: a prompt at a terminal, and line by line out of a pipe."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from blockwright.cli.expr import read_variables
from blockwright.cli.interrupts import Interrupts
from blockwright.cli.line_editing import editing
from blockwright.cli.session import Session
from blockwright.cli.showing import WRONG_TEXT, show_failure, show_findings
from blockwright.cli.stopping import FAILED, OK, WRONG
from blockwright.cli.terminal import CallError, complain, finish, has_color, painted, say, tell
from blockwright.expressions import SyntaxProblem
from blockwright.expressions.functions import FUNCTIONS
from blockwright.expressions.values import Function, Value, give, to_text, type_of
from blockwright.failure import Failure
from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.language.diagnostics import to_text as findings_text
from blockwright.language.showing import as_json, as_text, in_line

PROMPT = "= "
ROOM = 100
"""Characters of a value that is shown on one line."""
LONGEST_LINE = 1_000_000
"""Bytes of one line out of a pipe."""


def converse(variables: Sequence[str], *, json: bool) -> int:
    """Answer line after line until the end; gives the exit code."""
    try:
        session = Session(read_variables(variables))
    except FlowError as error:
        return show_findings(error.findings, "the value of a variable cannot be read", as_data=json)
    except Failure as failure:
        return show_failure(failure, as_data=json)
    if _is_terminal():
        return _prompt(session)
    return _pipe(session, json=json)


def _is_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _prompt(session: Session) -> int:
    tell("Type an expression; ? for help, exit to leave.")
    with Interrupts() as interrupts, editing(lambda: (*session.names, *FUNCTIONS)) as can_edit:
        if not can_edit:
            tell("This Python has no readline, so there is no history.")
        while True:
            try:
                interrupts.ready = True
                goes_on = _answered(session)
                interrupts.ready = False
                if not goes_on:
                    return OK
            except KeyboardInterrupt:
                interrupts.ready = False
                if interrupts.is_over:
                    raise
                say("")


def _answered(session: Session) -> bool:
    """Read a line and answer it; tells whether there was one."""
    try:
        line = input(PROMPT)
    except EOFError:
        say("")
        return False
    except UnicodeDecodeError:
        complain("this line is not UTF-8")
        return True
    except SystemError:
        # What Python makes of a Ctrl-C upon another that has not left input() yet.
        raise KeyboardInterrupt from None
    if line.strip() in ("exit", "quit") and line.strip() not in session.names:
        return False
    if line.strip() and not _help(line, session):
        _show(session, line)
    return True


def _help(line: str, session: Session) -> bool:
    """Answer a line that asks for help; tells whether it did."""
    from blockwright.cli.expression_help import about, guide, meant

    match = _ASKING.fullmatch(line.strip())
    if match is None or "help" in session.names:
        return False
    what = match[1] or match[2] or ""
    if not what:
        say(guide(session.names))
        return True
    text = about(what)
    if text is not None:
        say(text)
        return True
    if what.startswith("="):
        return False
    near = meant(what)
    complain(f"there is no function or operator `{what}`", f"did you mean `{near}`?" if near else "? shows all of them")
    return True


_ASKING = re.compile(r"(?:help(?=\s|$)|\?)\s*(.*)|(.*\S)\s*\?")


def _show(session: Session, line: str) -> None:
    try:
        value, name = session.answer(line)
    except (SyntaxProblem, Failure) as error:
        painted(findings_text([_finding(error, "expression", 1, line)], has_color(sys.stderr)))
        return
    of = _type(value)
    text = _text(value)
    if "\n" in text:
        say(f"{name} =\n{text}\n{of}" if name else f"{text}\n{of}")
    else:
        say((f"{name} = {text}  {of}" if name else f"{text}  {of}").rstrip())


def _text(value: Value) -> str:
    """A value on one line if there is room for it."""
    if isinstance(value, Function):
        return to_text(value)
    given = give(value)
    line = in_line(given)
    return line if not isinstance(value, str | list | dict) or len(line) <= ROOM else as_text(given)


def _type(value: Value) -> str:
    try:
        return "" if value is None else f"({type_of(value)})"
    except Failure:
        return ""


def _pipe(session: Session, *, json: bool) -> int:
    code = OK
    for number, line in enumerate(_piped(), 1):
        if not _SOMETHING.match(line):
            continue
        try:
            value, name = session.answer(line)
        except (SyntaxProblem, Failure) as error:
            code = max(code, FAILED if isinstance(error, Failure) else WRONG)
            found = _finding(error, "standard input", number, line)
            if json:
                say(_in_one_line(as_json(_data(error, found))))
            else:
                painted(findings_text([found], has_color(sys.stderr)))
        else:
            if name is None:
                say(_in_one_line(as_json(give(value))) if json else in_line(give(value)))
        finish()
    return code


_SOMETHING = re.compile(r"\s*(?!//)\S")


def _piped() -> Iterator[str]:
    while sys.stdin is not None and (data := sys.stdin.buffer.readline(LONGEST_LINE + 1)):
        if len(data) > LONGEST_LINE:
            raise CallError(f"a line from standard input is longer than {LONGEST_LINE // 1_000_000} MB")
        try:
            yield data.decode().rstrip("\r\n").removeprefix("\ufeff")
        except UnicodeDecodeError:
            raise CallError("what comes from standard input is not UTF-8") from None


def _finding(error: SyntaxProblem | Failure, file: str, number: int, line: str) -> Finding:
    if isinstance(error, SyntaxProblem):
        span = Span(number, error.start + 1, number, max(error.end, error.start) + 1)
        return Finding(file, span, error.message, error.mend, "error", "expression", line)
    column = error.place.column if error.place else 1
    message = f"failed with {error.code}: {error.message}"
    return Finding(file, Span(number, column, number, column + 1), message, source_line=line)


def _data(error: SyntaxProblem | Failure, found: Finding) -> dict[str, object]:
    code = error.code if isinstance(error, Failure) else WRONG_TEXT
    data: dict[str, object] = {"message": error.message, "code": code}
    if isinstance(error, SyntaxProblem) and error.mend:
        data["mend"] = error.mend
    return data | {"file": found.file, "line": found.span.line, "column": found.span.column}


def _in_one_line(json: str) -> str:
    return re.sub(r"\n\s*", " ", json)
