"""What a flow can fail with, and the handlers that can never be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from blockwright.catalogue import Block
from blockwright.expressions.types import LIST, NUMBER, TEXT, YES_OR_NO, Type, either, fits
from blockwright.failure import BAD_VALUE, FINAL_CODES, TOO_BIG, TOO_DEEP, TOO_MANY_STEPS, UNEXPECTED, Code
from blockwright.language import program as p
from blockwright.language.checker.values import type_of_value
from blockwright.language.suggest import did_you_mean

if TYPE_CHECKING:
    from blockwright.language.checker.report import Report

Codes: TypeAlias = frozenset[Code | None]
"""What may arise; None stands for "any code", where that cannot be known."""

NO_CODES: Codes = frozenset()
ANY_CODE: Codes = frozenset([None])
_CODE = either([NUMBER, TEXT])


def codes_of(program: p.Program, flows: Callable[[str], Codes]) -> Codes:
    """What a run can fail with, when ``flows`` says the same of the flows it calls."""
    functions = _settle(program, flows)
    return _Codes(functions, flows).body(program.main.body, NO_CODES)


def check_codes(program: p.Program, report: Report) -> None:
    """Report each handler for a code that cannot arise in its place."""
    functions = _settle(program, _any)
    reader = _Codes(functions, _any, report)
    for routine in program.routines():
        reader.body(routine.body, NO_CODES)


def _any(_flow: str) -> Codes:
    return ANY_CODE


def _settle(program: p.Program, flows: Callable[[str], Codes]) -> Mapping[str, Codes]:
    """The codes of each function; functions may call one another, so sets grow until none does any more."""
    found: dict[str, Codes] = dict.fromkeys(program.functions, NO_CODES)
    while True:
        reader = _Codes(found, flows)
        grown = {name: reader.body(routine.body, NO_CODES) for name, routine in program.functions.items()}
        if grown == found:
            return found
        found = grown


class _Codes:
    def __init__(
        self, functions: Mapping[str, Codes], flows: Callable[[str], Codes], report: Report | None = None
    ) -> None:
        self._functions = functions
        self._flows = flows
        self._report = report

    def body(self, body: p.Body, caught: Codes) -> Codes:
        """What these steps can fail with; ``caught`` is what ``fail again`` would pass on."""
        return NO_CODES.union(*(self._step(step, caught) for step in body))

    def _step(self, step: p.Step, caught: Codes) -> Codes:
        match step:
            case p.Set(values=values):
                return NO_CODES.union(*(_value(value) for _, value in values))
            case p.If(branches=branches, otherwise=otherwise):
                conditions = (_wanted(condition, YES_OR_NO) for condition, _ in branches)
                bodies = (self.body(body, caught) for _, body in branches)
                return NO_CODES.union(*conditions, *bodies, self.body(otherwise, caught))
            case p.ForEach(items=items, body=body):
                return _wanted(items, LIST) | {TOO_MANY_STEPS} | self.body(body, caught)
            case p.Count(start=start, stop=stop, by=by, body=body):
                numbers = (_wanted(each, NUMBER) for each in (start, stop, by))
                zero = NO_CODES if isinstance(by, p.Constant) else {BAD_VALUE}
                return NO_CODES.union(*numbers, zero, {TOO_MANY_STEPS}, self.body(body, caught))
            case p.Repeat(times=times, body=body):
                whole = NO_CODES if isinstance(times, p.Constant) else {BAD_VALUE}
                return _wanted(times, NUMBER) | whole | {TOO_MANY_STEPS} | self.body(body, caught)
            case p.While(condition=condition, body=body):
                return _wanted(condition, YES_OR_NO) | {TOO_MANY_STEPS} | self.body(body, caught)
            case p.Try():
                return self._try(step, caught)
            case p.Return(value=value):
                return _value(value)
            case p.Fail(code=code, message=message, details=details):
                return NO_CODES.union(
                    {_constant_code(code)}, _wanted(code, _CODE), _wanted(message, TEXT), _value(details)
                )
            case p.FailAgain():
                return caught
            case p.Log(text=text):
                return _value(text)
            case p.Call():
                return self._call(step)
        return NO_CODES

    def _call(self, call: p.Call) -> Codes:
        inputs = NO_CODES.union(*(_wanted(each.value, each.input.type) for each in call.arguments))
        if any(not isinstance(each.value, p.Constant) and _is_narrow(each.input) for each in call.arguments):
            inputs |= {BAD_VALUE}
        if isinstance(call.callee, Block):
            return inputs | set(call.callee.failures) | {UNEXPECTED}
        name = call.callee.name
        own = self._functions[name] if isinstance(call.callee, p.FunctionName) else self._flows(name)
        return inputs | own | {TOO_DEEP, TOO_MANY_STEPS}

    def _try(self, step: p.Try, caught: Codes) -> Codes:
        left = self.body(step.body, caught)
        result = NO_CODES
        for handler in step.handlers:
            taken = frozenset(handler.codes) if handler.codes else left - FINAL_CODES
            self._check_handler(step, handler, left)
            known = taken if None in left else taken & left
            result |= self.body(handler.body, known)
            left = left - taken if handler.codes else left & FINAL_CODES
        return left | result | self.body(step.always, caught)

    def _check_handler(self, step: p.Try, handler: p.Handler, left: Codes) -> None:
        if self._report is None:
            return
        if not handler.codes and not left - FINAL_CODES:
            self._report.error(
                handler.span, "nothing is left here that could fail", "take this handler out", rule="unknown-code"
            )
        for code, span in zip(handler.codes, handler.spans, strict=True):
            if code in FINAL_CODES:
                message = f"`{code}` ends the run; no handler is asked"
                self._report.error(span, message, "use `always:` to tidy up", rule="unknown-code")
            elif code not in left and None not in left:
                self._report.error(span, _cannot_arise(step, code), _mend(code, left), rule="unknown-code")


def _cannot_arise(step: p.Try, code: Code) -> str:
    match step.body:
        case (p.Call(callee=Block(label=label)),):
            return f"{code} is not a code of `{label}`"
    return f"nothing here can fail with {code}"


def _mend(code: Code, left: Codes) -> str:
    known = [each for each in left - FINAL_CODES if each is not None]
    near = did_you_mean(str(code), [str(each) for each in known])
    if near:
        return f"did you mean {near}?"
    declared = sorted((each for each in known), key=lambda each: (isinstance(each, str), str(each)))
    return "it can fail with " + ", ".join(map(str, declared)) if declared else "take this handler out"


def _value(value: p.Value) -> Codes:
    """What working a value out can fail with; reading a name or a constant never does."""
    match value:
        case p.Constant():
            return NO_CODES
        case p.Computed(expression=expression):
            return NO_CODES if expression.text in expression.reads else frozenset([BAD_VALUE, TOO_BIG])
        case p.Joined(parts=parts):
            return frozenset([BAD_VALUE, TOO_BIG]) if any(not isinstance(part, str) for part in parts) else NO_CODES
        case p.Listed(items=items):
            return NO_CODES.union(*(_value(item) for item in items))
        case p.Grouped(entries=entries):
            return NO_CODES.union(*(_value(each) for _, each in entries))


def _wanted(value: p.Value, wanted: Type) -> Codes:
    return _value(value) | (NO_CODES if fits(type_of_value(value), wanted) is True else {BAD_VALUE})


def _is_narrow(asked: object) -> bool:
    return bool(getattr(asked, "whole", False) or getattr(asked, "choices", ()))


def _constant_code(code: p.Value) -> Code | None:
    return code.value if isinstance(code, p.Constant) and isinstance(code.value, int | str) else None
