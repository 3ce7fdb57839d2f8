"""What flows can fail with, and the handlers that can never be asked.

What ends a run (``FINAL_CODES``) may come upon every flow, whatever it does, and is not among what it can fail with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from blockwright.catalogue import Block, Input
from blockwright.expressions import tree
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DATE_AND_TIME,
    DURATION,
    LIST,
    NOTHING,
    NUMBER,
    TEXT,
    TIME,
    YES_OR_NO,
    Type,
    either,
    fits,
)
from blockwright.failure import BAD_VALUE, FINAL_CODES, TIMED_OUT, TOO_BIG, TOO_DEEP, UNEXPECTED, Code
from blockwright.language import program as p
from blockwright.language.checker.contracts import UNDECLARED
from blockwright.language.checker.values import is_unknown, type_of_value
from blockwright.language.suggest import did_you_mean

if TYPE_CHECKING:
    from blockwright.language.checker.report import Report
    from blockwright.language.diagnostics import Span

Codes: TypeAlias = frozenset[Code | None]
"""What may arise; None stands for "any code", where that cannot be known."""

NO_CODES: Codes = frozenset()
ANY_CODE: Codes = frozenset([None])
_COMPUTING: Codes = frozenset([BAD_VALUE, TOO_BIG])
_CALLING: Codes = frozenset([TOO_DEEP])
_FLAT = either([TEXT, NUMBER, YES_OR_NO, DATE, TIME, DATE_AND_TIME, DURATION, NOTHING])
"""Values without anything in them: to hand these over can never be too much."""

_Key: TypeAlias = tuple[str, str | None]
"""A flow's name, and one of its functions or None for its own steps."""


class Arising:
    """What each flow and function of some programs can fail with; a flow that is not among them, with anything.

    It is worked out when it is first asked for: most flows call no others, and most runs never ask.
    """

    def __init__(self, programs: Iterable[p.Program]) -> None:
        self._bodies: dict[_Key, p.Body] = {}
        self._declared: dict[str, p.Contract] = {}
        for program in programs:
            self._declared[program.name] = program.contract
            self._bodies[program.name, None] = program.main.body
            self._bodies |= {(program.name, name): routine.body for name, routine in program.functions.items()}
        self._settled: dict[_Key, Codes] | None = None

    def of(self, flow: str) -> Codes:
        """What a run of a flow can fail with."""
        return self._found().get((flow, None), ANY_CODE) | frozenset(self._declared[flow].failures or ())

    def check_handlers(self, program: p.Program, report: Report) -> None:
        """Report each handler of a program for a code that cannot arise in its place."""
        for routine in program.routines():
            _Codes(self._ask(program.name, self._found), report).body(routine.body, NO_CODES)

    def check_contract(self, program: p.Program, report: Report) -> None:
        """Report what a flow or a function of it can fail with and does not declare, if it declares its codes at all;
        and what it declares and cannot fail with."""
        for key, routine in ((None, program.main), *program.functions.items()):
            self._check_declared(program, key, routine, report)

    def _check_declared(self, program: p.Program, key: str | None, routine: p.Routine, report: Report) -> None:
        declared, kind = routine.contract.failures, "flow" if key is None else "function"
        if declared is None:
            return
        found = self._found()[program.name, key]
        codes = _Codes(self._ask(program.name, self._found))
        for code in sorted(found - declared.keys() - UNDECLARED, key=str):
            what = "this can fail with any code" if code is None else f"this can fail with {code}"
            mend = "write the code out" if code is None else f"handle it, or add to `failures:` a line `{code}: …`"
            span = codes.origin(routine.body, NO_CODES, code) or routine.span
            report.error(span, f"{what}, which the {kind} does not declare", mend, rule="undeclared")
        for code in sorted(declared.keys() - found - FINAL_CODES, key=str) if None not in found else ():
            span = routine.contract.spans[code]
            report.warning(span, f"nothing here fails with {code}", "take it out", rule="unused")

    def _found(self) -> dict[_Key, Codes]:
        if self._settled is None:
            self._settled = self._settle()
        return self._settled

    def _settle(self) -> dict[_Key, Codes]:
        """Flows and functions may call one another, so what is found grows until nothing does any more."""
        settled: dict[_Key, Codes] = dict.fromkeys(self._bodies, NO_CODES)
        callers: dict[_Key, set[_Key]] = {}
        waiting = dict.fromkeys(reversed(self._bodies))
        while waiting:
            key = next(iter(waiting))
            del waiting[key]
            for call in p.calls_in(self._bodies[key]):
                if not isinstance(call.callee, Block):
                    callers.setdefault(_key(key[0], call.callee), set()).add(key)
            found = _Codes(self._ask(key[0], lambda: settled)).body(self._bodies[key], NO_CODES)
            if found != settled[key]:
                settled[key] = found
                waiting |= dict.fromkeys(callers.get(key, ()))
        return settled

    def _ask(self, flow: str, found: Callable[[], Mapping[_Key, Codes]]) -> _Ask:
        return lambda callee: _promised(callee, found().get(_key(flow, callee), ANY_CODE))


_Ask: TypeAlias = "Callable[[p.FunctionName | p.FlowName], Codes]"


def _key(flow: str, callee: p.FunctionName | p.FlowName) -> _Key:
    return (flow, callee.name) if isinstance(callee, p.FunctionName) else (callee.name, None)


def _promised(callee: p.FunctionName | p.FlowName, found: Codes) -> Codes:
    """What a call can fail with, for all that its contract says and all that is known of its steps."""
    declared = callee.contract.failures
    if declared is None:
        return found
    return frozenset(declared) | (UNDECLARED if None in found else found & UNDECLARED)


class _Codes:
    """Walks steps for their codes; ``ask`` says what a called flow or function can fail with."""

    def __init__(self, ask: _Ask, report: Report | None = None) -> None:
        self._ask = ask
        self._report = report

    def body(self, body: p.Body, caught: Codes) -> Codes:
        """What these steps can fail with; ``caught`` is what ``fail again`` would pass on."""
        found: set[Code | None] = set()
        for step in body:
            found |= self._step(step, caught)
        return frozenset(found)

    def origin(self, body: p.Body, caught: Codes, code: Code | None) -> Span | None:
        """The place of the innermost of these steps that a failure with this code comes from."""
        for step in body:
            if code in self._step(step, caught):
                return next(filter(None, self._inner_origins(step, caught, code)), step.span)
        return None

    def _inner_origins(self, step: p.Step, caught: Codes, code: Code | None) -> Iterator[Span | None]:
        if not isinstance(step, p.Try):
            yield from (self.origin(body, caught, code) for body in p.bodies(step))
            return
        left = self.body(step.body, caught)
        for handler in step.handlers:
            taken: Codes = frozenset(handler.codes) if handler.codes else left
            yield self.origin(handler.body, taken if None in left else taken & left, code)
            left = left - taken
        if code in left:
            yield self.origin(step.body, caught, code)
        yield self.origin(step.always, caught, code)

    def _step(self, step: p.Step, caught: Codes) -> Codes:
        match step:
            case p.Call():
                return self._call(step)
            case p.Set(values=values):
                return _all(_value(value) for _, value in values)
            case p.If(branches=branches, otherwise=otherwise):
                conditions = _all(_wanted(condition, YES_OR_NO) for condition, _ in branches)
                bodies = _all(self.body(body, caught) for _, body in branches)
                return conditions | bodies | self.body(otherwise, caught)
            case p.Try():
                return self._try(step, caught)
            case p.Log(text=text):
                return _value(text) | _handed_over(text)
            case p.Return(value=value, wanted=wanted):
                return _wanted(value, wanted or ANYTHING) | _handed_over(value)
            case p.Fail(code=code, message=message, details=details):
                own: Codes = frozenset([_constant_code(code)])
                given = _value(details) | _handed_over(details)
                may_be_none: Codes = NO_CODES if isinstance(code, p.Constant) else frozenset([BAD_VALUE])
                return own | _value(code) | may_be_none | _wanted(message, TEXT) | given
            case p.FailAgain():
                return caught
            case p.ForEach():
                of_rounds = self._round(step, caught)
                return _of_loop(step) | (of_rounds if step.failures_as is None else NO_CODES)
            case p.Count() | p.Repeat() | p.While():
                return _of_loop(step) | self.body(step.body, caught)
            case p.Retry():
                return self._retry(step, caught)
            case p.Limited(body=body, limit=limit):
                return self.body(body, caught) | _timed(limit) | {TIMED_OUT}
            case p.Together(branches=branches):
                return _all(self.body(body, caught) for body in branches)
            case p.Wait(duration=duration):
                return _timed(duration)
        return NO_CODES

    def _round(self, step: p.ForEach, caught: Codes) -> Codes:
        given = _value(step.collected.gives) | _handed_over(step.collected.gives) if step.collected else NO_CODES
        return self.body(step.body, caught) | given

    def _retry(self, step: p.Retry, caught: Codes) -> Codes:
        found = self.body(step.body, caught)
        if self._report is not None:
            for code, span in zip(step.codes, step.spans, strict=False):
                if code not in found and None not in found and code not in FINAL_CODES:
                    known = [each for each in found if each is not None]
                    self._report.error(span, _cannot_arise(step, code), _mend(code, known), rule="unknown-code")
        numbers = _all(_plan(each) for each in (step.more, step.growing) if each is not None)
        return found | numbers | _all(_timed(each) for each in (step.wait, step.at_most) if each is not None)

    def _call(self, call: p.Call) -> Codes:
        inputs = _all(_wanted(each.value, each.input.type) | _handed_over(each.value) for each in call.arguments)
        if any(not isinstance(each.value, p.Constant) and _is_narrow(each.input) for each in call.arguments):
            inputs |= {BAD_VALUE}
        if isinstance(call.callee, Block):
            return inputs | set(call.callee.failures) | {UNEXPECTED}
        return inputs | self._ask(call.callee) | _CALLING

    def _try(self, step: p.Try, caught: Codes) -> Codes:
        left = self.body(step.body, caught)
        result: set[Code | None] = set()
        for place, handler in enumerate(step.handlers):
            if self._report is not None:
                _check_handler(self._report, step, place, left)
            taken: Codes = frozenset(handler.codes) if handler.codes else left
            result |= self.body(handler.body, taken if None in left else taken & left)
            left = left - taken
        return left | result | self.body(step.always, caught)


def _check_handler(report: Report, step: p.Try, place: int, left: Codes) -> None:
    handler, before = step.handlers[place], step.handlers[:place]
    seen = {code for each in before for code in each.codes}
    if not handler.codes and not left:
        message = "nothing is left that this handler could be asked about"
        report.error(handler.span, message, "take this handler out", rule="unknown-code")
    for index, (code, span) in enumerate(zip(handler.codes, handler.spans, strict=True)):
        if not all(each.codes for each in before):
            message = f"`anything else` stands before this and takes {code} as well"
            report.error(span, message, "put `anything else` last", rule="unknown-code")
        elif code in seen or code in handler.codes[:index]:
            report.error(span, f"{code} has a handler already", "keep one of them", rule="unknown-code")
        elif code in FINAL_CODES:
            message = f"`{code}` ends the run; no handler is asked"
            report.error(span, message, "use `always:` to tidy up", rule="unknown-code")
        elif code not in left and None not in left:
            known = [each for each in left if each is not None]
            message = _cannot_arise(step, code) if known or seen else f"nothing here can fail, with {code} or at all"
            report.error(span, message, _mend(code, known), rule="unknown-code")


def _cannot_arise(step: p.Try | p.Retry, code: Code) -> str:
    match step.body:
        case (p.Call(callee=Block(label=label)),):
            return f"{code} is not a code of `{label}`"
    return f"nothing here can fail with {code}"


def _mend(code: Code, known: list[Code]) -> str:
    near = did_you_mean(str(code), [str(each) for each in known])
    if near:
        return f"did you mean {near}?"
    declared = sorted(known, key=lambda each: (isinstance(each, str), each if isinstance(each, int) else 0, str(each)))
    return "it can fail with " + ", ".join(map(str, declared)) if declared else "take this handler out"


def _of_loop(step: p.ForEach | p.Count | p.Repeat | p.While) -> Codes:
    match step:
        case p.ForEach(items=items, at_once=at_once):
            return _wanted(items, LIST) | (_plan(at_once) if at_once is not None else NO_CODES)
        case p.Count(start=start, stop=stop, by=by):
            may_be_zero = NO_CODES if isinstance(by, p.Constant) else {BAD_VALUE}
            return _all(_wanted(each, NUMBER) for each in (start, stop, by)) | may_be_zero
        case p.Repeat(times=times):
            may_be_broken = NO_CODES if isinstance(times, p.Constant) else {BAD_VALUE}
            return _wanted(times, NUMBER) | may_be_broken
        case p.While(condition=condition):
            return _wanted(condition, YES_OR_NO)


def _timed(duration: p.Value) -> Codes:
    """What a wait or a time limit can fail with, before it begins."""
    if isinstance(duration, p.Constant) and not is_unknown(duration):
        return NO_CODES
    return _value(duration) | {BAD_VALUE}


def _plan(number: p.Value) -> Codes:
    """What a number of tries or of rounds at once can fail with."""
    return NO_CODES if isinstance(number, p.Constant) else _wanted(number, NUMBER) | {BAD_VALUE}


def _all(codes: Iterable[Codes]) -> Codes:
    found: set[Code | None] = set()
    for each in codes:
        found |= each
    return frozenset(found)


def _value(value: p.Value) -> Codes:
    """What working a value out can fail with; reading a name or a constant never does."""
    match value:
        case p.Constant():
            return _COMPUTING if is_unknown(value) else NO_CODES
        case p.Computed(expression=expression):
            return _of_expression(expression.tree)
        case p.Joined():
            return _COMPUTING
        case p.Listed(items=items):
            return _all(_value(item) for item in items)
        case p.Grouped(entries=entries):
            return _all(_value(each) for _, each in entries)


def _of_expression(whole: tree.Node) -> Codes:
    if isinstance(whole, tree.Name):
        return NO_CODES
    has_functions = any(isinstance(part, tree.FunctionDefinition) for part in tree.walk(whole))
    return _COMPUTING | _CALLING if has_functions else _COMPUTING


def _wanted(value: p.Value, wanted: Type) -> Codes:
    codes = _value(value)
    return codes if fits(type_of_value(value), wanted) is True else codes | {BAD_VALUE}


def _handed_over(value: p.Value) -> Codes:
    """What copying or printing a value can fail with: lists and objects may have grown too big for it."""
    if isinstance(value, p.Constant) or fits(type_of_value(value), _FLAT) is True:
        return NO_CODES
    return frozenset([TOO_BIG])


def _is_narrow(asked: Input | p.Asked) -> bool:
    return bool(asked.choices or (isinstance(asked, Input) and asked.whole))


def _constant_code(code: p.Value) -> Code | None:
    return code.value if isinstance(code, p.Constant) and isinstance(code.value, int | str) else None
