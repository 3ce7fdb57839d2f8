"""Every flow in ``flows/`` does what the tests in its own file say, compiled and watched."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

import pytest

from blockwright import Failure, Place, Runtime
from blockwright.services import UserStatus
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.sources import system_time
from tests.flows.authored import FLOWS, Authored, authored
from tests.services.world import Clock, World

TESTS = list(authored())


@pytest.mark.parametrize("watched", [False, True], ids=["compiled", "watched"])
@pytest.mark.parametrize("test", TESTS, ids=lambda test: f"{test.path.stem}: {test.sentence}")
def test_a_flow_does_what_its_own_tests_say(test: Authored, watched: bool) -> None:
    world, log = World(MemoryStore(), clock=Clock(system_time())), list[str]()
    asyncio.run(prepare(world, test))
    flow = Runtime(users=world.users, mail=world.mailer).load(test.path)

    def keep(text: str, place: Place) -> None:  # noqa: ARG001 - it is passed by name
        log.append(text)

    try:
        result = flow.run(test.inputs_for(flow), log=keep, watch=(lambda _: None) if watched else None)
    except Failure as failure:
        failed = {"code": failure.code, "message": failure.message}
        expected = test.expected.get("fails")
        assert isinstance(expected, dict), failed
        assert {name: failed[name] for name in expected} == expected
    else:
        assert "fails" not in test.expected
        assert result == test.expected.get("returns", result)
    seen = {"log": log, "emails to": [message.to for message in world.mailer.messages]}
    assert {name: seen[name] for name in seen.keys() & test.expected.keys()} == {
        name: test.expected[name] for name in seen.keys() & test.expected.keys()
    }


async def prepare(world: World, test: Authored) -> None:
    """The app as the test finds it."""
    users, now = world.users, world.clock.now
    await users.change_settings(test.settings)
    for user in test.users:
        properties = dict(user)
        status = UserStatus(str(properties.pop("userStatus", "ENABLED")))
        created = properties.pop("created", None)
        if created is not None:
            world.clock.now = int(datetime.fromisoformat(str(created)).timestamp() * 1000)
        await users.add(properties, status)
        world.clock.now = now
    for role, members in test.roles.items():
        await users.make_role(role)
        for member in members:
            await users.assign_role(member, role)


def test_every_flow_has_tests_and_an_example_for_each_required_input() -> None:
    for path in FLOWS.glob("*.yaml"):
        flow = Runtime().check(path)
        assert any(test.path == path for test in TESTS), path
        assert all(asked.example is not None for asked in flow.inputs if asked.is_required), path
        assert flow.warnings == ()


def test_the_first_flow_is_one_step_so_that_every_code_comes_through() -> None:
    flow = Runtime().check(FLOWS / "resend-confirmation-email.yaml")

    assert flow.failures >= {3102, 3103, 3104}
    assert re.search(r"^steps:\n  - resend confirmation email:\n      user identity: = user identity\n\n", TEXT, re.M)


TEXT = (FLOWS / "resend-confirmation-email.yaml").read_text(encoding="utf-8")
