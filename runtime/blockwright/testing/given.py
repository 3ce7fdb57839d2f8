"""What tests say of an app, held against what an app can be, before any of them runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from blockwright.engine.clock import LONGEST_WAIT
from blockwright.expressions import evaluating
from blockwright.expressions.temporal.types import DaysDuration
from blockwright.failure import Failure
from blockwright.language import program as p
from blockwright.language.cases import checked as c
from blockwright.services.records import UserStatus
from blockwright.testing.values import worked_out
from blockwright.testing.world import STEPS, NotReady, World, no_status

if TYPE_CHECKING:
    from blockwright.language.diagnostics import Finding


def findings_in(case: c.Case) -> Iterator[Finding]:
    """What can never be: settings that nobody has, users that no app takes. It is tried out in an app of its own."""
    try:
        World(case).prepare()
    except NotReady as problem:
        yield from problem.findings
    for answers in case.given.answers.values():
        yield from (finding for answer in answers if answer.takes for finding in _takes(case, answer.takes))
    for expected in case.expected:
        if isinstance(expected, c.Users):
            yield from _statuses(case, expected)


def _takes(case: c.Case, takes: p.Value) -> Iterator[Finding]:
    try:
        with evaluating(STEPS):
            duration = worked_out(takes)
    except Failure as failure:
        message = f"what is given here cannot be worked out: {failure.message}"
        yield case.source.finding(takes.span, message, rule="given")
        return
    if isinstance(duration, DaysDuration) and not 0 <= duration.seconds <= LONGEST_WAIT:
        yield case.source.finding(takes.span, "an answer takes from 0 seconds to ten years", rule="given")


def _statuses(case: c.Case, expected: c.Users) -> Iterator[Finding]:
    for user in expected.records:
        status = user.record.get("userStatus")
        if isinstance(status, p.Constant) and status.value not in list(UserStatus):
            message, mend = no_status(str(status.value))
            yield case.source.finding(status.span, message, mend, rule="given")
