"""Steps run as a flow over a world of users, compiled and watched."""

from __future__ import annotations

import textwrap

from blockwright import Failure, Flow, Runtime
from blockwright.failure import Code
from tests.engine.kit import Way, look_away
from tests.services.world import World


def load(world: World, steps: str) -> Flow:
    """A flow of these steps."""
    text = f"flow: try it\nsteps:\n{textwrap.indent(textwrap.dedent(steps).strip(), '  ')}\n"
    return Runtime(users=world.users, mail=world.mailer).load_text(text)


def run(world: World, steps: str, way: Way = "compiled", token: str | None = None) -> object:
    """What the steps return, begun in the session of a token."""
    return load(world, steps).run(watch=look_away if way == "watched" else None, user_token=token)


def code(world: World, steps: str, way: Way = "compiled", token: str | None = None) -> Code:
    """The code that the steps fail with; steps that do not fail, fail the test."""
    try:
        given = run(world, steps, way, token)
    except Failure as failure:
        return failure.code
    raise AssertionError(f"it did not fail, and gave {given!r}")
