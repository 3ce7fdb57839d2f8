"""What tests say of an app, held against what an app can be, before any of them runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from blockwright.language import program as p
from blockwright.language.cases import checked as c
from blockwright.services.records import UserStatus
from blockwright.testing.world import NotReady, World, no_status

if TYPE_CHECKING:
    from blockwright.language.diagnostics import Finding


def findings_in(case: c.Case) -> Iterator[Finding]:
    """What can never be: settings that nobody has, users that no app takes. It is tried out in an app of its own."""
    try:
        World(case).prepare()
    except NotReady as problem:
        yield from problem.findings
    for expected in case.expected:
        if isinstance(expected, c.Users):
            yield from _statuses(case, expected)


def _statuses(case: c.Case, expected: c.Users) -> Iterator[Finding]:
    for user in expected.records:
        status = user.record.get("userStatus")
        if isinstance(status, p.Constant) and status.value not in list(UserStatus):
            message, mend = no_status(str(status.value))
            yield case.source.finding(status.span, message, mend, rule="given")
