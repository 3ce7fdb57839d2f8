"""Blocks about users declare all that their service may fail with: by its word, and for any input at all."""

from __future__ import annotations

import asyncio
import inspect
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import blockwright_blocks.users
from blockwright import Failure
from blockwright.catalogue import AnyBlock
from blockwright.expressions import types as t
from blockwright.failure import Code
from blockwright.services import UserService
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.current import Login
from tests.services.world import ALICE, PASSWORD, World, outcome_of
from tests.services.world import run as wait

BLOCKS = {block.label: block for block in blockwright_blocks.users.BLOCKS}

ASKS = {
    "register user": ["register"],
    "log in": ["log_in"],
    "log in by object id": ["log_in_by_id"],
    "log in as guest": ["log_in_as_guest"],
    "log out current user": ["log_out"],
    "is valid user session": ["is_valid"],
    "get current user": ["user_of"],
    "set current user": ["user_of"],
    "get current user token": [],
    "set current user token": [],
    "find user": ["find"],
    "find user by id": ["find_by_id"],
    "find users": ["find_users"],
    "count users": ["count_users"],
    "update user": ["update"],
    "remove user": ["remove"],
    "restore password": ["restore_password"],
    "verify current user password": ["verify_password"],
    "resend confirmation email": ["resend_confirmation"],
    "create confirmation link": ["create_confirmation_link"],
    "get user roles": ["user_of", "roles_of"],
    "get roles of user": ["roles_of"],
    "get users by role": ["users_in_role"],
    "assign role": ["assign_role"],
    "unassign role": ["unassign_role"],
    "enable user": ["set_status"],
    "disable user": ["set_status"],
    "describe users": ["describe"],
}
"""The methods of the service that each block calls."""

CANNOT: dict[str, set[Code]] = {"enable user": {3085}, "disable user": {3086}}
"""Codes of a method that cannot come of the way in which the block calls it."""


def test_every_block_stands_in_the_table() -> None:
    assert ASKS.keys() == BLOCKS.keys()


@pytest.mark.parametrize("label", ASKS)
def test_a_block_declares_what_the_protocol_says_that_its_methods_fail_with(label: str) -> None:
    promised = {code for method in ASKS[label] for code in codes_of(method)} - CANNOT.get(label, set())

    assert promised <= set(BLOCKS[label].failures)


def codes_of(method: str) -> set[Code]:
    """The codes that the description of a service's method names."""
    text = inspect.getdoc(getattr(UserService, method)) or ""
    codes: set[Code] = {int(code) for code in re.findall(r"\b[1-9]\d{3}\b", text.replace("since 1970", ""))}
    if re.search(r"``rate\s+limited``", text):
        codes.add("rate limited")
    for other in re.findall(r"Fails\s+as\s+``(\w+)``", text):
        codes |= codes_of(other)
    return codes


TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [ALICE, PASSWORD, "", "\0", "\ud800", "x" * 3000, "age > ", "GuestUser", "baker", "email desc", "٣"]
    ),
)
NUMBERS = st.one_of(st.integers(), st.sampled_from([0, -1, 2**63, 10**33]))
PLAIN = st.one_of(
    st.none(), st.booleans(), TEXTS, NUMBERS, st.decimals(allow_nan=False, allow_infinity=False, places=3)
)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "email",
        "password",
        "objectId",
        "user-token",
        "name",
        "age",
        "userStatus",
        "created",
        "updated",
        "ownerId",
        "___class",
    ]
)
OBJECTS = st.dictionaries(st.one_of(NAMES, TEXTS), ANYTHING, max_size=6)


def inputs_of(block: AnyBlock, world: World, token: str) -> st.SearchStrategy[dict[str, object]]:
    """Inputs of the right types, in which anything may be wrong."""
    known = st.sampled_from([world.found().object_id, token])
    by_type: dict[str, st.SearchStrategy[object]] = {
        "text": st.one_of(TEXTS, known),
        "text, optional": st.one_of(TEXTS, known, st.none()),
        "text or number": st.one_of(TEXTS, NUMBERS, known),
        "number": NUMBERS,
        "yes or no": st.booleans(),
        "list of text": st.lists(TEXTS, max_size=12),
        str(t.OBJECT): st.one_of(OBJECTS, st.builds(lambda given: given | mine(world, token), OBJECTS)),
    }
    return st.fixed_dictionaries({each.parameter: by_type[str(each.type)] for each in block.inputs})


def mine(world: World, token: str) -> dict[str, object]:
    return {"objectId": world.found().object_id, "user-token": token}


@pytest.mark.parametrize("label", sorted(BLOCKS))
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_whatever_a_block_is_given_it_fails_only_with_what_it_declares(label: str, data: st.DataObject) -> None:
    world = World(MemoryStore())
    world.register(age=Decimal("20.5"))
    wait(world.users.make_role("baker"))
    world.change_settings(emailConfirmationRequired=data.draw(st.booleans()))
    token = wait(world.users.log_in(ALICE, PASSWORD)).token
    block = BLOCKS[label]
    inputs = data.draw(inputs_of(block, world, token))
    current = Login(data.draw(st.sampled_from([token, None, "no token", "\ud800"])))
    services = {name: current if name == "current" else world.users for name in block.services}

    outcome = outcome_of(lambda: call(block, inputs | services))

    assert not isinstance(outcome, Failure) or (outcome.code in block.failures and outcome.message)


def call(block: AnyBlock, arguments: dict[str, object]) -> object:
    given = block.function(**arguments)
    return asyncio.run(given) if block.is_async else given  # type: ignore[arg-type]
