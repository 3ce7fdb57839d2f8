"""What is tried, each with any bytes: every function here raises only where a promise is broken."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from blockwright.expressions import Expression, Position, SyntaxProblem, evaluating, failure_of, parse, running
from blockwright.expressions.compare import key_of, same
from blockwright.expressions.decimals import CONTEXT
from blockwright.expressions.expression import Errors
from blockwright.expressions.patterns import PatternProblem, compile_pattern
from blockwright.expressions.temporal.reading import (
    read_date,
    read_date_and_time,
    read_duration,
    read_temporal,
    read_time,
)
from blockwright.expressions.temporal.types import Date, DateTime, DaysDuration, Time, YearsDuration
from blockwright.expressions.types import ANYTHING
from blockwright.expressions.values import CAPS, Value, admits, fit, give, number_text, take, to_text, type_of
from blockwright.failure import BAD_VALUE, ENGINE_CODES, TOO_MANY_STEPS, Failure, Place
from blockwright.language.diagnostics import FlowError
from blockwright.language.document import read_document
from blockwright.language.source import Source
from blockwright.testing.properties.writing.flows import write_flow
from tests.fuzzing import grammar
from tests.fuzzing.choices import Choices
from tests.meaning.blocks import BLOCKS
from tests.meaning.running import loaded

SLOWEST = 2.0
"""Seconds of work that one input may take."""

STEPS = 200_000
"""The budget of one search for a pattern here."""

FLOWS = sorted((Path(__file__).parents[2] / "flows").glob("*.yaml"))

_SCOPE: Mapping[str, tuple[object, ...]] = {
    "n": (1, 0, -3, 2.5, 10**33, Decimal("1E-6176"), "a", None, [1, 2]),
    "maybe": (None, 7, Decimal("0.1"), Decimal("9.9E+6144")),
    "count": (3, None, "x", [1]),
    "user identity": ("alice@yourmail.com", "", "\ud83d", "é" * 300, None, 5),
    "first-name": ("Ann", "\x00"),
    "in stock": (True, False, None),
    "is paid": (True, None, "yes"),
    "due": (datetime.date(2024, 2, 29), Date(-5, 1, 1), datetime.datetime(2024, 1, 1, 12, 0), None),
    "noon": (datetime.time(12, 0), Time(12, 0, 0, "Europe/Paris"), Time(12, 0, Decimal("0.5"), 3600)),
    "delay": (datetime.timedelta(hours=1), DaysDuration(Decimal("-0.001")), YearsDuration(5)),
    "numbers": ([3, 1, 2], [], [None, 1], list(range(100)), [Decimal("0.0"), 0]),
    "rows": ([{"price": 1, "a": 2}, {"price": None}], [{}], [1, {"item": 5, "n": 1}], [[{"a": 1}]]),
    "row": ({"price": 3, "first name": "Ann", "a": 1}, {}, {"__class__": 1, "": 2}),
    "twice": (None, "text"),
}
NAMES = tuple(_SCOPE)


def expression(data: bytes) -> None:
    """Any text is a value, a syntax problem inside the text, or a failure with a place; soon, under both policies."""
    choices = Choices(data)
    scope = {name: choices.one_of(values) for name, values in _SCOPE.items()}
    text = grammar.text(choices)
    try:
        check_expression(text, scope)
    except BaseException as error:
        used = {name: value for name, value in scope.items() if name in text}
        error.add_note(f"in {text!r} with {used!r}")
        raise


def check_expression(text: str, scope: Mapping[str, object]) -> None:
    """The promise about any text, for one text and the values of its names."""
    try:
        with _soon():
            expression = parse(text, NAMES)
            expression.infer()
    except SyntaxProblem as problem:
        _check_problem(problem, text)
        return
    values = {name: take(value, name) for name, value in scope.items()}
    strict = outcome(lambda: expression.value(values), text)
    null = outcome(lambda: expression.value(values, errors="null"), text)
    typed = outcome(_typed(expression, values), None)
    assert not isinstance(null, Failure) or null.code != BAD_VALUE, null
    if isinstance(strict, Failure):
        assert isinstance(typed, Failure), typed
        assert typed.code == strict.code or TOO_MANY_STEPS in (typed.code, strict.code)
    elif not re.search(r"now|today", text):
        assert _words(strict) == _words(typed)
        assert _words(strict) == _words(null) or not _is_feel_alone(expression)
    for value in (strict, null):
        if not isinstance(value, Failure):
            _check_value(value)
    if not re.search(r"now|today", text):
        _check_lent(expression, scope, strict)


def _check_lent(expression: Expression, scope: Mapping[str, object], strict: Value | Failure) -> None:
    """Python's own values give what FEEL's give, and stay as they are."""
    before = repr(scope)
    lent = outcome(lambda: take(expression.evaluate(dict(scope))), None)
    assert repr(scope) == before
    expected = strict if isinstance(strict, Failure) else outcome(lambda: take(give(strict)), None)
    assert _words(lent) == _words(expected) or TOO_MANY_STEPS in (_words(lent), _words(expected))


def _is_feel_alone(expression: Expression) -> bool:
    """Whether it uses none of the operators that are ours, which standard mode does not know."""
    try:
        return parse(expression.text, NAMES, sugar=False).tree == expression.tree
    except SyntaxProblem:
        return False


def unary_tests(data: bytes) -> None:
    """The cells of decision tables keep the same promise."""
    choices = Choices(data)
    value = choices.one_of([5, "a", None, [1, 2], True, datetime.date(2024, 2, 29)])
    tests = ", ".join(choices.one_of(["", "< ", ">= ", "= ", "not("]) + grammar.text(choices) for _ in range(2))
    try:
        _check_cell(tests, value)
    except BaseException as error:
        error.add_note(f"in {tests!r} with {value!r}")
        raise


def _check_cell(tests: str, value: object) -> None:
    try:
        cell = parse(tests, ["?", *NAMES], start="unary_tests")
    except SyntaxProblem as problem:
        _check_problem(problem, tests)
        return
    for errors in _POLICIES:
        outcome(lambda errors=errors: cell.value({"?": take(value)}, errors), tests)


def number(data: bytes) -> None:
    """A number's text is read back as that number, has no exponent, and sorts and compares by its value."""
    choices = Choices(data)
    first, second = (_number(choices) for _ in range(2))
    for each in (first, second):
        text = number_text(each)
        assert re.fullmatch(r"-?[0-9]+(\.[0-9]*[1-9])?", text), text
        assert parse(text).evaluate() == each
    assert (key_of(first) == key_of(second)) is (first == second) is same(first, second)


def temporal(data: bytes) -> None:
    """Any text is a date, a time, a duration or none; what is one is written so that it is read back the same."""
    choices = Choices(data)
    text = _temporal_text(choices) if choices.chance(2) else choices.rest()
    with _soon():
        value = read_temporal(text)
        kinds = (
            read_date(text),
            read_time(text),
            read_date_and_time(text) if "T" in text else None,
            read_duration(text),
        )
        assert value == next((kind for kind in kinds if kind is not None), None)
        if value is None:
            return
        assert isinstance(value, Date | Time | DateTime | DaysDuration | YearsDuration)
        written = to_text(value)
        again = read_temporal(written)
    assert again == value, (written, again)
    given = give(value)
    assert same(take(given), value), given


def pattern(data: bytes) -> None:
    """Any text is a pattern or none; where XPath and Python mean the same, the matches are those of ``re``."""
    choices = Choices(data)
    if choices.chance(2):
        _compare_with_re(_plain_pattern(choices, 3), choices.rest()[:12])
        return
    flags = choices.one_of(["", "i", "s", "m", "x", "smix"])
    whole = choices.rest()
    text, _, written = whole.partition("/")
    with _soon(), evaluating(STEPS):
        try:
            ready = compile_pattern(written, flags)
            found = ready.found_in(text)
            if not ready.found_in(""):
                assert bool(list(ready.matches(text, with_groups=True))) is found
        except PatternProblem:
            return
        except Failure as failure:
            _check_failure(failure)


def edges(data: bytes) -> None:
    """Whatever Python hands over is taken or refused in words, and comes back as it was."""
    choices = Choices(data)
    value = _python_value(choices, 4)
    with _soon():
        try:
            taken = take(value, "it")
        except Failure as failure:
            _check_failure(failure)
            return
        assert same(take(give(taken)), taken)
        assert admits(type_of(taken), taken)
        assert key_of(take(give(taken))) == key_of(taken)


def document(data: bytes) -> None:
    """A damaged flow is read, or refused with findings that lie in it."""
    choices = Choices(data)
    text = choices.one_of(FLOWS).read_text("utf-8")
    for _ in range(choices.number(4) + 1):
        start = choices.number(len(text) + 1)
        end = start + choices.number(64)
        text = text[:start] + choices.one_of([*_YAML_SCRAPS, text[: choices.number(200)]]) + text[end:]
    with _soon():
        try:
            read_document(Source("flow.yaml", text))
        except FlowError as error:
            findings = error.findings
        else:
            return
    lines = text.count("\n") + text.count("\r") + 2
    assert findings
    assert all(1 <= finding.span.line <= lines for finding in findings)


def flow(data: bytes) -> None:
    """A flow means the same, compiled and watched."""
    example = write_flow(Choices(data).number, BLOCKS)
    ready = loaded(example)
    if ready is None:
        return
    try:
        compiled, interpreted = ready.compiled(example.inputs), ready.interpreted(example.inputs)
        if ready.has_sides:
            compiled, interpreted = compiled.without_order(), interpreted.without_order()
        assert compiled == interpreted
    except BaseException as error:
        error.add_note(f"in\n{example}")
        raise


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (expression, unary_tests, number, temporal, pattern, edges, document, flow)
}
"""What there is to try, by name."""

_POLICIES: tuple[Errors, ...] = ("raise", "null")

_YAML_SCRAPS = (
    "",
    ":",
    ": ",
    "- ",
    "\n",
    "\t",
    "  ",
    "'",
    '"',
    "|",
    ">",
    "&a ",
    "*a",
    "!!x ",
    "[",
    "{",
    "}",
    "# ",
    "\r",
)


def outcome(act: Callable[[], Value], text: str | None) -> Value | Failure:
    """The value of an evaluation, or its failure, which lies inside the text."""
    try:
        with _soon():
            return act()
    except Failure as failure:
        _check_failure(failure)
        if text is not None:
            _check_place(failure.place, text)
        return failure


def _check_problem(problem: SyntaxProblem, text: str) -> None:
    assert problem.message
    assert 0 <= problem.start <= problem.end <= len(text), (problem, problem.start, problem.end)


def _check_failure(failure: Failure) -> None:
    assert failure.code in ENGINE_CODES, failure
    assert failure.message
    assert len(failure.message) <= 1_000


def _check_place(place: Place | None, text: str) -> None:
    assert place is not None
    lines = text.split("\n")
    assert 1 <= place.line <= len(lines), place
    assert 1 <= place.column <= len(lines[place.line - 1]) + 1, place


def _typed(expression: Expression, values: Mapping[str, Value]) -> Callable[[], Value]:
    """The evaluation as a compiled flow does it, where types are known."""

    def act() -> Value:
        types = {name: ANYTHING if value is None else type_of(value) for name, value in values.items()}
        function = expression.function("<typed>", lambda start, end: Position(1, start, 1, end), types)
        with evaluating(running.STEPS):
            try:
                return function(values)
            except Exception as error:
                failure = failure_of(error)
                if failure is None:
                    raise
                raise failure from error

    return act


def _words(value: Value | Failure) -> str:
    if isinstance(value, Failure):
        return str(value.code)
    try:
        return to_text(value) if value is not None else "null"
    except Failure as failure:
        return str(failure.code)


def _check_value(value: Value) -> None:
    try:
        given = give(value)
        to_text(value)
    except Failure as failure:
        _check_failure(failure)
        return
    if isinstance(given, int) and not isinstance(given, bool):
        assert len(str(abs(given))) <= 1_001
    if isinstance(given, str):
        assert len(given) <= CAPS.text


def _number(choices: Choices) -> Decimal | int:
    digits = choices.number(10 ** choices.one_of([1, 2, 18, 34, 35]))
    if choices.chance(2):
        return fit(-digits if choices.chance(2) else digits)
    made = CONTEXT.create_decimal(Decimal(digits)).scaleb(choices.number(400) - 200, CONTEXT)
    return CONTEXT.minus(made) if choices.chance(2) else made


def _temporal_text(choices: Choices) -> str:
    parts = [
        "2024", "-2024", "999999999", "-999999999", "0000", "12", "00", "02-29", "2024-02-29", "-", ":", "T", "P", "1Y",
        "18M", "3D", "PT", "4H", "5M", "6.000000001S", "30.5", "+", "Z", "@", "Europe/Paris", "Etc/UTC", "@Etc/UTC",
        "14:00", "24:00:00", "23:59:60", "10:30:00",
    ]  # fmt: skip
    pieces = []
    while not choices.is_used_up and len(pieces) < 12:
        pieces.append(choices.one_of(parts))
    return "".join(pieces)


def _plain_pattern(choices: Choices, depth: int) -> str:
    if depth == 0 or choices.is_used_up:
        return choices.one_of(["a", "b", "[ab]", "[^a]", r"\d", "1", "."])
    match choices.number(6):
        case 0:
            return _plain_pattern(choices, depth - 1) + _plain_pattern(choices, depth - 1)
        case 1:
            return f"({_plain_pattern(choices, depth - 1)}|{_plain_pattern(choices, depth - 1)})"
        case 2:
            return f"(?:{_plain_pattern(choices, depth - 1)})" + choices.one_of(["*", "+", "?", "*?", "{2}", "{1,3}"])
        case 3:
            return f"^{_plain_pattern(choices, depth - 1)}"
        case 4:
            return f"{_plain_pattern(choices, depth - 1)}$"
    return f"({_plain_pattern(choices, depth - 1)})"


def _compare_with_re(written: str, text: str) -> None:
    if "\r" in text or re.search(r"[^\x00-\x7f]", text):
        return
    theirs = re.compile(written.replace("$", r"\Z"))
    ours = compile_pattern(written)
    assert ours.found_in(text) is bool(theirs.search(text)), (written, text)
    if not theirs.search(""):
        spans = [list(found.span()) for found in theirs.finditer(text)]
        assert [found[:2] for found in ours.matches(text)] == spans, (written, text)


def _python_value(choices: Choices, depth: int) -> object:
    kind = choices.number(18)
    if kind == 0 or depth == 0:
        return None
    match kind:
        case 1 | 2:
            return [_python_value(choices, depth - 1) for _ in range(choices.number(4))]
        case 3 | 4:
            return {choices.rest()[:3] or "k": _python_value(choices, depth - 1) for _ in range(choices.number(3))}
        case 5:
            return _number(choices)
        case 6:
            return choices.one_of([0.1, 1e300, -0.0, float("nan"), float("inf"), 1e-320, 123456789.125])
        case 7:
            return datetime.date.fromordinal(choices.number(3652059) + 1)
        case 8:
            micros = choices.number(10**18)
            return datetime.timedelta(microseconds=-micros if choices.chance(2) else micros)
        case 9:
            return datetime.time(choices.number(24), choices.number(60), choices.number(60), choices.number(10**6))
        case 10:
            offset = datetime.timezone(datetime.timedelta(seconds=choices.number(172_799) - 86_399))
            return datetime.datetime.fromordinal(choices.number(3652059) + 1).replace(tzinfo=offset)
        case 11:
            return choices.one_of([object(), b"bytes", {1: 2}, {"a": print}, [float("nan")], 10**7000, set()])
        case 12:
            return choices.one_of([True, False])
        case 13:
            return choices.one_of([Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1E+7000")])
    return choices.rest()[:20]


@contextmanager
def _soon() -> Iterator[None]:
    """The work inside takes no longer than it may, whatever else the machine does."""
    start = time.process_time()
    try:
        yield
    finally:
        taken = time.process_time() - start
        assert taken <= SLOWEST, f"took {taken:.1f} seconds"
