"""Whether a run went as its test expects, and what is said where it did not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, cast

from blockwright.expressions.temporal.types import DaysDuration
from blockwright.expressions.temporal.words import duration_words
from blockwright.expressions.values import Value, take
from blockwright.failure import Failure, Place
from blockwright.language.cases import checked as c
from blockwright.language.diagnostics import show_place
from blockwright.language.showing import in_line
from blockwright.testing.differences import difference
from blockwright.testing.secrets import secrets_of
from blockwright.testing.values import plain, same, worked_out
from blockwright.testing.world import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blockwright.catalogue import AnyBlock
    from blockwright.engine.runtime import Flow
    from blockwright.engine.secrets import Secrets
    from blockwright.language.diagnostics import Span
    from blockwright.services import Message
    from blockwright.testing.stand_ins import Call
    from blockwright.testing.world import Account, World


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one run: what it returned or how it failed, its log, and the world behind it."""

    returned: Value
    failure: Failure | None
    log: Sequence[str]
    world: World
    flow: Flow

    def excerpt(self, place: Place) -> Iterator[str]:
        """The line of the flow at a place, with a caret."""
        for program in self.flow.programs:
            if program.source.path == place.file:
                yield from show_place(place, program.source.text).split("\n")[1:]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as the test expects: a sentence, the place in the test or flow, and lines that show it."""

    message: str
    place: Place
    lines: tuple[str, ...] = ()


def judge(case: c.Case, ran: Ran) -> Iterator[Problem]:
    """What is not as the test expects, without anything secret in it; nothing when it passes."""
    judging = _Judging(case, ran)
    for problem in _judged(case, ran, judging):
        masked = judging.secrets.text
        yield Problem(masked(problem.message), problem.place, tuple(map(masked, problem.lines)))


def _judged(case: c.Case, ran: Ran, judging: _Judging) -> Iterator[Problem]:
    yield from judging.unanswered()
    if ran.world.clock.is_stuck:
        yield from judging.endless()
        return
    if ran.failure is not None and not any(isinstance(each, c.Fails) for each in case.expected):
        yield judging.failed(ran.failure)
    for each in case.expected:
        try:
            yield from judging.expectation(each)
        except Failure as failure:
            yield judging.problem(each.span, f"what is expected here cannot be worked out: {failure.message}")


class _Judging:
    def __init__(self, case: c.Case, ran: Ran) -> None:
        self._case = case
        self._ran = ran

    @cached_property
    def secrets(self) -> Secrets:
        """Looked for only when there is something to show."""
        return secrets_of(self._case, self._ran.flow, self._ran.world.stand_ins.calls)

    def problem(self, span: Span, message: str, lines: Sequence[str] = ()) -> Problem:
        return Problem(message, Place(self._case.source.path, span.line, span.column), tuple(lines))

    def failed(self, failure: Failure) -> Problem:
        words = f"the flow failed with {failure.code}: {failure.message}"
        place = failure.place or self._case.place
        return Problem(words, place, (*self._ran.excerpt(place), *_about(failure)))

    def unanswered(self) -> Iterator[Problem]:
        for call in self._ran.world.stand_ins.unanswered:
            label = call.block.label
            if label in self._case.given.answers:
                message = f"`{label}` was called, and no answer is meant for these inputs"
            else:
                message = f"`{label}` was called, and there is neither an answer nor a service for it"
            inputs = _shown_inputs(call, call.inputs)
            yield Problem(message, self._case.place, (f"{label}: {in_line(inputs)}",))

    def endless(self) -> Iterator[Problem]:
        """Why the run had to be given up; what it came to then means nothing."""
        given_up = f"so the run was given up after {duration_words(self._ran.world.clock.patience or 0)}"
        for call in self._ran.world.stand_ins.endless:
            lines = (f"{call.block.label}: {in_line(_shown_inputs(call, call.inputs))}",)
            yield Problem(f"`{call.block.label}` was called and never answers, {given_up}", self._case.place, lines)
        if not self._ran.world.stand_ins.endless:
            yield Problem(f"the flow waits for something that never happens, {given_up}", self._case.place)

    def expectation(self, expected: c.Expectation) -> Iterator[Problem]:
        match expected:
            case c.Returns():
                return self._returns(expected)
            case c.Fails():
                return self._fails(expected)
            case c.Logs():
                return self._logs(expected)
            case c.Mails():
                to = [message.to for message in self._ran.world.mailer.messages]
                return self._differs(expected.span, "emails to", worked_out(expected.to), take(to))
            case c.MailWords():
                return self._mail_words(expected)
            case c.Calls():
                return self._calls(expected)
            case c.NeverCalls():
                return self._never_calls(expected)
            case c.TimePassed():
                return self._time_passed(expected)
            case c.Users():
                return self._users(expected)

    def _differs(self, span: Span, what: str, expected: Value, got: Value) -> Iterator[Problem]:
        if not same(expected, got):
            yield self.problem(span, f"`{what}` is not as expected", self._difference(expected, got))

    def _difference(self, expected: Value, got: Value) -> tuple[str, ...]:
        """What differs, if that may be seen."""
        wanted, came = (cast("Value", self.secrets.value(each)) for each in (expected, got))
        return ("  what is secret in them differs",) if same(wanted, came) else difference(wanted, came)

    def _returns(self, expected: c.Returns) -> Iterator[Problem]:
        if self._ran.failure is None:
            yield from self._differs(expected.span, "returns", worked_out(expected.value), self._ran.returned)

    def _fails(self, expected: c.Fails) -> Iterator[Problem]:
        meant, failure = expected.failure, self._ran.failure
        parts = {"code": meant.code, "message": meant.message, "details": meant.details}
        wanted = {name: worked_out(value) for name, value in parts.items() if value is not None}
        if failure is None:
            message = f"the flow should fail with {wanted['code']}, and it did not"
            yield self.problem(expected.span, message, (f"it returned {in_line(plain(self._ran.returned))}",))
            return
        came = {"code": failure.code, "message": failure.message, "details": take(failure.details)}
        if not same(cast("Value", wanted), cast("Value", {name: came[name] for name in wanted})):
            shown = came if came["details"] is not None else {"code": failure.code, "message": failure.message}
            lines = (*self._difference(cast("Value", wanted), cast("Value", shown)), *_about(failure))
            yield self.problem(expected.span, "the flow failed in another way", lines)

    def _logs(self, expected: c.Logs) -> Iterator[Problem]:
        lines, log = cast("list[str]", worked_out(expected.lines)), list(self._ran.log)
        if expected.exactly:
            yield from self._differs(expected.span, "log", cast("Value", lines), cast("Value", log))
            return
        rest = iter(log)
        missing = next((line for line in lines if line not in rest), None)
        if missing is not None:
            where = " after the lines before it" if missing in log else ""
            message = f"the log does not have the line “{missing}”{where}"
            yield self.problem(expected.span, message, [f"  {line}" for line in log] or ["  nothing was logged"])

    def _mail_words(self, expected: c.MailWords) -> Iterator[Problem]:
        messages = self._ran.world.mailer.messages
        to = sorted({message.to for message in messages})
        if to != sorted(expected.words):
            lines = self._difference(cast("Value", sorted(expected.words)), cast("Value", to))
            yield self.problem(expected.span, "`emails to` is not as expected", lines)
        for address, value in expected.words.items():
            found = worked_out(value)
            words = [found] if isinstance(found, str) else cast("list[str]", found)
            mails = [message for message in messages if message.to == address]
            missing = [word for word in words if not any(_one_spaced(word) in _text(mail) for mail in mails)]
            if mails and missing:
                listed = " and ".join(f"“{word}”" for word in missing)
                yield self.problem(value.span, f"no mail to {address} has the words {listed}", list(_shown(mails)))

    def _calls(self, expected: c.Calls) -> Iterator[Problem]:
        labels = {each.block.label for each in expected.calls}
        heard = [each for each in self._ran.world.stand_ins.calls if each.block.label in labels]
        wanted: list[Value] = []
        came: list[Value] = []
        right = len(heard) == len(expected.calls)
        for meant, call in zip_longest(expected.calls, heard):
            inputs = {name: worked_out(value) for name, value in meant.inputs.items()} if meant else {}
            if meant:
                wanted.append({meant.block.label: cast("Value", _masked(meant.block, inputs))})
            if call:
                seen = inputs.keys() if meant and meant.block is call.block else call.inputs.keys()
                given = {name: call.inputs[name] for name in call.inputs if name in seen}
                came.append({call.block.label: cast("Value", _masked(call.block, given))})
                right = right and meant is not None and meant.block is call.block and same(inputs, given)
        if not right:
            yield self.problem(expected.span, "`calls` is not as expected", self._difference(wanted, came))

    def _never_calls(self, expected: c.NeverCalls) -> Iterator[Problem]:
        for label in expected.labels:
            calls = [each for each in self._ran.world.stand_ins.calls if each.block.label == label]
            if calls:
                times = "once" if len(calls) == 1 else f"{len(calls)} times"
                lines = [f"  {label}: {in_line(_shown_inputs(each, each.inputs))}" for each in calls]
                yield self.problem(expected.span, f"`{label}` was called {times}, and should not be", lines)

    def _time_passed(self, expected: c.TimePassed) -> Iterator[Problem]:
        wanted = float(cast("DaysDuration", worked_out(expected.duration)).seconds)
        passed = self._ran.world.clock.passed
        if abs(wanted - passed) >= _A_MOMENT:
            lines = (f"- {duration_words(wanted)}", f"+ {duration_words(round(passed, 3))}")
            yield self.problem(expected.span, "`time passed` is not as expected", lines)

    def _users(self, expected: c.Users) -> Iterator[Problem]:
        rest = self._ran.world.accounts()
        wanted: list[Value] = []
        came: list[Value] = []
        for meant in expected.records:
            record = {name: worked_out(value) for name, value in meant.record.items()}
            account = next((each for each in rest if _is(each, record)), None)
            if account is not None:
                rest.remove(account)
                came.append({name: self._seen(account, name, value) for name, value in record.items()})
            if "password" in record:
                record["password"] = _THIS_PASSWORD
            wanted.append(cast("Value", record))
        came += [{"email": each.user.email, "userStatus": each.user.user_status.value} for each in rest]
        if not same(wanted, came):
            yield self.problem(expected.span, "`users` is not as expected", difference(wanted, came))

    def _seen(self, account: Account, name: str, expected: Value) -> Value:
        """A property of an account, in the form in which the test expects it."""
        user = account.user
        if name == "roles":
            roles = take(sorted(account.roles))
            return expected if isinstance(expected, list) and same(take(sorted(map(str, expected))), roles) else roles
        if name == "password":
            is_this = asyncio.run(self._ran.world.passwords.verify(account.password_hash, expected))
            return _THIS_PASSWORD if is_this else "another password"
        if name == "created":
            return expected if moment(expected).timestamp() * 1000 == user.created else user.created
        return take(user.to_dict().get(name))


_A_MOMENT = 0.001
"""Seconds that do not count."""


_THIS_PASSWORD = "•••"


def _is(account: Account, record: Mapping[str, Value]) -> bool:
    """Whether an account is the one that a test means."""
    seen = account.user.to_dict()
    for name in ("objectId", "email"):
        if name in record:
            return str(seen[name]).casefold() == str(record[name]).casefold()
    return all(seen.get(name) == value for name, value in record.items() if name != "userStatus")


def _about(failure: Failure) -> Iterator[str]:
    if failure.block:
        yield f"  block: {failure.block}"
    if failure.details is not None:
        yield f"  details: {in_line(failure.details)}"
    cause = failure.__cause__
    if cause is not None and not isinstance(cause, Failure):
        yield f"  cause: {type(cause).__name__}: {cause}"


def _shown_inputs(call: Call, inputs: Mapping[str, Value]) -> dict[str, object]:
    return {name: plain(value) for name, value in _masked(call.block, inputs).items()}


def _masked(block: AnyBlock, inputs: Mapping[str, Value]) -> dict[str, Value]:
    secret = {each.name for each in block.inputs if each.secret}
    return {name: "…" if name in secret and value else value for name, value in inputs.items()}


def _one_spaced(text: str) -> str:
    return " ".join(text.split()).casefold()


def _text(mail: Message) -> str:
    return _one_spaced(f"{mail.subject}\n{mail.text}")


def _shown(mails: list[Message]) -> Iterator[str]:
    for mail in mails:
        yield f"  Subject: {mail.subject}"
        yield from (f"  {line}".rstrip() for line in mail.text.split("\n"))
