"""What is secret in a test, and so is never shown: what it gives to secret inputs, and passwords.

Of a whole object that is secret, such as a user who registers, that is the password alone: nobody could find out what
is wrong with a test that does not show the user's email.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from blockwright.engine.secrets import NAMES, Secrets, written_secrets
from blockwright.failure import Failure
from blockwright.language.cases import checked as c
from blockwright.testing.values import worked_out

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow
    from blockwright.testing.stand_ins import Call


def secrets_of(case: c.Case, flow: Flow, calls: Iterable[Call]) -> Secrets:
    """The secrets of a run: those of the test, of the flow as it is written, and of the calls that there were."""
    secrets = Secrets()
    asked = {each.name for each in flow.inputs if each.secret}
    users = [user for each in case.expected if isinstance(each, c.Users) for user in each.records]
    written = [value for name, value in case.inputs.items() if name in asked]
    written += [user.record["password"] for user in (*case.given.users, *users) if "password" in user.record]
    for value in written:
        with suppress(Failure):
            secrets.note(worked_out(value))
    given = [each for program in flow.programs for each in written_secrets(program)]
    given += [
        (call.inputs[each.name], each.secret_entries) for call in calls for each in call.block.inputs if each.secret
    ]
    for known, entries in given:
        secrets.note(known, entries or (NAMES if isinstance(known, dict) else ()))
    return secrets
