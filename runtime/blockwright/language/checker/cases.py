"""The tests that authors write for a flow: inputs, answers, codes and labels checked as if they were steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from blockwright.catalogue import Block
from blockwright.expressions.types import (
    ANYTHING,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    ListOf,
    ObjectOf,
    Type,
    either,
    fits,
    join,
    optional,
    phrase,
    required,
)
from blockwright.failure import CANCELLED, FINAL_CODES, TIMED_OUT, UNEXPECTED, Code
from blockwright.language import program as p
from blockwright.language.cases import checked as c
from blockwright.language.checker.calls import check_constant
from blockwright.language.checker.formulas import Formulas
from blockwright.language.checker.names import RoutineNames, check_names
from blockwright.language.checker.state import State
from blockwright.language.checker.values import is_unknown, type_of_value
from blockwright.language.source.quoting import cut
from blockwright.language.suggest import did_you_mean
from blockwright.language.writing import Formula, Plain, Template, WrittenList, WrittenObject

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock
    from blockwright.language.cases import written as w
    from blockwright.language.checker.codes import Codes
    from blockwright.language.checker.report import Report
    from blockwright.language.diagnostics import Span
    from blockwright.language.fields import NamedValues
    from blockwright.language.source import Scalar
    from blockwright.language.writing import Written


@dataclass(frozen=True, slots=True)
class Subject:
    """The flow that tests are about. ``called`` are the blocks that it and the flows it calls may call, as far as that
    is known; ``codes`` gives what it can fail with; ``promise`` is what it says that it returns, and ``returned`` what
    its steps return, as far as that is known."""

    asked: tuple[p.Asked, ...]
    blocks: Mapping[str, AnyBlock]
    called: Collection[str] | None
    codes: Callable[[], Codes]
    promise: p.Promise | None
    returned: Callable[[], Type]

    @classmethod
    def of(
        cls,
        program: p.Program,
        blocks: Mapping[str, AnyBlock],
        called: Collection[str] | None,
        codes: Callable[[], Codes],
        returned: Callable[[], Type],
    ) -> Subject:
        contract = program.contract
        return cls(program.main.inputs, blocks, called, codes, contract.returns, returned)


def labels_called(program: p.Program) -> Iterator[str]:
    """The blocks that a file calls."""
    for routine in program.routines():
        yield from (call.callee.label for call in p.calls_in(routine.body) if isinstance(call.callee, Block))


def type_returned(program: p.Program) -> Type:
    """What the steps of a checked flow return."""
    body = program.main.body
    types = [type_of_value(each.value) for each in p.every_step(body) if isinstance(each, p.Return)]
    ends = bool(body) and isinstance(body[-1], p.Return | p.Fail | p.FailAgain)
    return reduce(join, types if ends else [*types, NOTHING]) if types or not ends else ANYTHING


def check_cases(written: w.Cases, subject: Subject, report: Report) -> tuple[c.Case, ...]:
    """The checked tests of a flow; what is wrong with them is reported."""
    if not written:
        return ()
    names = RoutineNames((), ())
    formulas = Formulas(names, check_names(names, report), {}, (), report)
    checker = _Checker(subject, formulas, report)
    cases = tuple(checker.case(each) for each in written)
    formulas.settle()
    _check_sentences(cases, written, report)
    return cases


def _check_sentences(cases: Iterable[c.Case], written: w.Cases, report: Report) -> None:
    """A test is known by what it says, so it says something, and no other says the same."""
    seen: set[str] = set()
    for case, each in zip(cases, written, strict=True):
        if not case.sentence:
            report.error(each.it.span, "this test does not say what it tests", "`it: greets a user`", rule="no-value")
        elif case.sentence in seen:
            message, mend = "another test of the flow says the same", "say what is different here"
            report.warning(each.it.span, message, mend, rule="clash")
        seen.add(case.sentence)


class _Checker:
    def __init__(self, subject: Subject, formulas: Formulas, report: Report) -> None:
        self._subject = subject
        self._formulas = formulas
        self._report = report

    def case(self, case: w.CaseWritten) -> c.Case:
        given = self._given(case.given) if case.given else c.Given()
        inputs = self._inputs(case)
        return c.Case(
            self._report.source,
            " ".join(case.it.text.split()),
            given,
            inputs,
            tuple(self._expected(case.expect)),
            case.it.span,
        )

    def _value(self, written: Written, wanted: Type, what: str) -> p.Value:
        return self._formulas.value(written, wanted, State(), what)

    def _maybe(self, written: Written | None, wanted: Type, what: str) -> p.Value | None:
        return None if written is None else self._value(written, wanted, what)

    def _inputs(self, case: w.CaseWritten) -> c.Record:
        asked = {each.name: each for each in self._subject.asked}
        meant: set[str | None] = set()
        inputs: dict[str, p.Value] = {}
        for name, written in case.inputs:
            each = asked.get(name.text)
            if each is None:
                meant.add(self._unknown_input("the flow", name, asked))
            value = self._value(written, each.type if each else ANYTHING, f"`{name.text}`")
            if each is not None:
                check_constant(each, value, self._report)
            inputs[name.text] = value
        missing = [each.name for each in asked.values() if each.is_required and each.name not in inputs.keys() | meant]
        if missing:
            names = ", ".join(f"`{name}`" for name in missing)
            message, mend = f"this test gives no value for {names}", f"add to its `with:` a line `{missing[0]}: …`"
            self._report.error(case.span, message, mend, rule="missing-input")
        return inputs

    def _given(self, given: w.GivenWritten) -> c.Given:
        return c.Given(
            users=self._users(given.users) if given.users else (),
            settings=self._settings(given.settings) if given.settings else (),
            roles=self._record(given.roles, "`roles`", {}, otherwise=ListOf(TEXT)) if given.roles else {},
            logged_in=self._maybe(given.logged_in, either([TEXT, NUMBER]), "`logged in`"),
            answers=self._answers(given.blocks),
            clock=self._maybe(given.clock, either([DATE_AND_TIME, DATE]), "`clock`"),
        )

    def _settings(self, written: Written) -> tuple[c.GivenSetting, ...]:
        values = self._record(written, "`settings`", {})
        keys = (key for key, _ in written.entries) if isinstance(written, WrittenObject) else ()
        return tuple(c.GivenSetting(key.text, values[key.text], key.span) for key in keys)

    def _users(self, written: Written) -> tuple[c.GivenUser, ...]:
        if not isinstance(written, WrittenList) or not all(isinstance(each, WrittenObject) for each in written.items):
            self._report.error(
                written.span, "`users` must be a list of object", "`users: [{email: alice@example.com}]`", rule="types"
            )
            return ()
        return tuple(c.GivenUser(self._record(each, "a user", _COLUMNS), each.span) for each in written.items)

    def _record(
        self, written: Written, what: str, types: Mapping[str, Type], otherwise: Type = ANYTHING
    ) -> dict[str, p.Value]:
        """The entries of an object, each read by its type."""
        if not isinstance(written, WrittenObject):
            self._value(written, OBJECT, what)
            if isinstance(written, Formula | Template):
                self._report.error(written.span, f"{what} are written with a name each", "`name: value`", rule="shape")
            return {}
        return {
            key.text: self._value(each, types.get(key.text, otherwise), f"`{cut(key.text)}`")
            for key, each in written.entries
        }

    def _answers(self, stand_ins: Iterable[w.StandInWritten]) -> dict[str, tuple[c.Answer, ...]]:
        answers: dict[str, tuple[c.Answer, ...]] = {}
        for each in stand_ins:
            block = self._block(each.block)
            if block is None:
                continue
            called = self._subject.called
            if called is not None and block.label not in called:
                message = f"the flow never calls `{block.label}`, so nobody hears these answers"
                self._report.warning(each.span, message, "take them out", rule="unused")
            answers[block.label] = tuple(self._answer(answer, block) for answer in each.answers)
        return answers

    def _answer(self, answer: w.AnswerWritten, block: AnyBlock) -> c.Answer:
        if answer.gives is not None and answer.fails is not None:
            message = "a block that fails gives nothing"
            self._report.error(answer.span, message, "write `gives` or `fails`, not both", rule="shape")
        elif answer.gives is None and answer.fails is None and block.gives_value:
            message = f"this does not say what `{block.label}` answers"
            self._report.error(answer.span, message, "add `gives: …` or `fails: …`", rule="missing-key")
        if answer.takes is not None and not block.is_async:
            message = f"`{block.label}` does not wait for anything, so its answer takes no time"
            self._report.error(answer.takes.span, message, "take `takes` out", rule="shape")
        return c.Answer(
            when={_parameter(block, name): value for name, value in self._block_inputs(answer.when, block).items()},
            gives=self._result(answer.gives, block),
            fails=self._failure(answer.fails, lambda: {*block.failures, UNEXPECTED}, f"`{block.label}`"),
            takes=self._maybe(answer.takes, DAYS_DURATION, "`takes`"),
            span=answer.span,
        )

    def _result(self, written: Written | None, block: AnyBlock) -> p.Value | None:
        if written is None:
            return None
        if block.gives_value:
            return self._answered(written, block.result, f"what `{block.label}` gives")
        value = self._value(written, ANYTHING, "`gives`")
        if not (isinstance(value, p.Constant) and value.value is None):
            message = f"`{block.label}` gives no value"
            self._report.error(written.span, message, "take `gives` out, or write `gives: null`", rule="no-result")
        return value

    def _answered(self, written: Written, wanted: Type, what: str) -> p.Value:
        """What a block is said to give: what is left out of its objects is null."""
        of = required(wanted)
        if isinstance(written, WrittenList) and isinstance(of, ListOf):
            items = (self._answered(each, of.item, f"an item of {what}") for each in written.items)
            return p.Listed(tuple(items), written.span)
        if not isinstance(written, WrittenObject) or not isinstance(of, ObjectOf):
            return self._value(written, wanted, what)
        types = dict(of.fields or ())
        entries = {
            key.text: self._answered(each, optional(types.get(key.text, ANYTHING)), f"`{cut(key.text)}`")
            for key, each in written.entries
        }
        missing = {name: p.Constant(None, written.span) for name in types if name not in entries}
        return p.Grouped(tuple({**entries, **missing}.items()), written.span)

    def _failure(
        self,
        written: w.FailureMeant | None,
        codes: Callable[[], Collection[object]],
        who: str,
        always: Collection[Code] = (),
    ) -> c.MeantFailure | None:
        if written is None:
            return None
        code = self._value(written.code, either([NUMBER, TEXT]), "`code`")
        if isinstance(code, p.Constant) and not is_unknown(code):
            _check_code(code, codes(), who, always, self._report)
        return c.MeantFailure(
            code=code,
            message=self._maybe(written.message, TEXT, "`message`"),
            details=self._maybe(written.details, ANYTHING, "`details`"),
            span=written.span,
        )

    def _expected(self, expected: w.ExpectedWritten) -> Iterator[c.Expectation]:
        if expected.returns is not None and expected.fails is not None:
            message = "a flow that fails returns nothing"
            self._report.error(expected.span, message, "expect `returns` or `fails`, not both", rule="shape")

        def place(key: str) -> Span:
            scalar = expected.place(key)
            return scalar.span if scalar else expected.span

        if expected.returns is not None:
            yield c.Returns(self._returned(expected.returns), place("returns"))
        failure = self._failure(expected.fails, self._subject.codes, _THE_FLOW, _OF_LIMITS)
        if failure is not None:
            yield c.Fails(failure, place("fails"))
        if expected.log is not None:
            yield c.Logs(self._value(expected.log, ListOf(TEXT), "`log`"), True, place("log"))
        if expected.log_has is not None:
            yield c.Logs(self._value(expected.log_has, ListOf(TEXT), "`log has`"), False, place("log has"))
        if expected.emails_to is not None:
            yield self._mails(expected.emails_to, place("emails to"))
        if expected.calls is not None:
            yield c.Calls(tuple(self._calls(expected.calls)), place("calls"))
        if expected.never_calls:
            blocks = filter(None, map(self._block, expected.never_calls))
            yield c.NeverCalls(tuple(block.label for block in blocks), place("never calls"))
        if expected.time_passed is not None:
            yield c.TimePassed(self._value(expected.time_passed, DAYS_DURATION, "`time passed`"), place("time passed"))
        if expected.users is not None:
            yield c.Users(self._users(expected.users), place("users"))

    def _returned(self, written: Written) -> p.Value:
        """What the flow should return, read by the type that it promises; held against its steps where it promises
        none."""
        promise = self._subject.promise
        if promise is not None:
            return self._value(written, promise.type, "`returns`")
        value = self._value(written, ANYTHING, "`returns`")
        found = self._subject.returned()
        if not is_unknown(value) and fits(type_of_value(value), found) is False:
            self._report_returned(written, value, found)
        return value

    def _report_returned(self, written: Written, value: p.Value, found: Type) -> None:
        mend, meant = None, type_of_value(value)
        if phrase(meant) != phrase(found):
            message = f"the flow returns {phrase(found)}, and this is {phrase(meant)}"
            if isinstance(written, Plain) and fits(TEXT, found) and meant != NOTHING:
                mend = f"in quotes it is a text: '{written.scalar.text}'"
        else:
            message = f"the flow returns {phrase(found)}, and never one like this"
            if isinstance(found, ObjectOf) and found.fields:
                mend = "its entries are " + ", ".join(f"`{cut(name)}` ({each})" for name, each in found.fields)
        self._report.error(value.span, message, mend, rule="types")

    def _mails(self, written: Written, span: Span) -> c.Mails | c.MailWords:
        if not isinstance(written, WrittenObject):
            return c.Mails(self._value(written, ListOf(TEXT), "`emails to`"), span)
        words = {
            key.text: self._value(each, ListOf(TEXT) if isinstance(each, WrittenList) else TEXT, f"`{cut(key.text)}`")
            for key, each in written.entries
        }
        return c.MailWords(words, span)

    def _calls(self, calls: Iterable[w.CallMeant]) -> Iterator[c.MeantCall]:
        for each in calls:
            block = self._block(each.block)
            if block is not None:
                yield c.MeantCall(block, self._block_inputs(each.inputs, block))

    def _block(self, label: Scalar) -> AnyBlock | None:
        block = self._subject.blocks.get(label.text)
        if block is None:
            near = did_you_mean(label.text, [*(self._subject.called or ()), *self._subject.blocks])
            mend = f"did you mean `{near}`?" if near else "`blockwright blocks` lists all there are"
            self._report.error(label.span, f"there is no block called `{label.text}`", mend, rule="unknown-block")
        return block

    def _block_inputs(self, inputs: NamedValues, block: AnyBlock) -> dict[str, p.Value]:
        asked = {each.name: each for each in block.inputs}
        values: dict[str, p.Value] = {}
        for name, written in inputs:
            each = asked.get(name.text)
            value = self._value(written, each.type if each else ANYTHING, f"`{name.text}`")
            if each is None:
                self._unknown_input(f"`{block.label}`", name, asked)
            else:
                check_constant(each, value, self._report)
                values[name.text] = value
        return values

    def _unknown_input(self, who: str, name: Scalar, known: Collection[str]) -> str | None:
        near = did_you_mean(name.text, known)
        others = "it has " + ", ".join(f"`{each}`" for each in known) if known else "it has none"
        mend = f"did you mean `{near}`?" if near else others
        self._report.error(name.span, f"{who} has no input called `{name.text}`", mend, rule="unknown-input")
        return near


def check_codes_expected(cases: Iterable[c.Case], codes: Codes, report: Report) -> None:
    """Report the codes that tests of a flow expect and that cannot arise in it."""
    for case in cases:
        for each in case.expected:
            if isinstance(each, c.Fails) and isinstance(each.failure.code, p.Constant):
                _check_code(each.failure.code, codes, _THE_FLOW, _OF_LIMITS, report)


def _check_code(
    code: p.Constant, codes: Collection[object], who: str, always: Collection[Code], report: Report
) -> None:
    if code.value in codes or None in codes or code.value in always:
        return
    known = sorted(str(each) for each in codes if each not in FINAL_CODES)
    near = did_you_mean(str(code.value), known)
    others = f"it can fail with {', '.join(known)}" if known else "it cannot fail at all"
    mend = f"did you mean {near}?" if near else others
    report.error(code.span, f"{who} cannot fail with {cut(str(code.value))}", mend, rule="unknown-code")


def _parameter(block: AnyBlock, name: str) -> str:
    return next(each.parameter for each in block.inputs if each.name == name)


_THE_FLOW = "the flow"

_OF_LIMITS: frozenset[Code] = (FINAL_CODES - {CANCELLED}) | {TIMED_OUT}
"""What any flow can fail with in an application that limits its runs."""

_COLUMNS: Mapping[str, Type] = {
    "email": TEXT,
    "password": TEXT,
    "userStatus": TEXT,
    "created": either([DATE, DATE_AND_TIME]),
    "roles": ListOf(TEXT),
}
"""What every user may have; other properties are read as they are written."""
