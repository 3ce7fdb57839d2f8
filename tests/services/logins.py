"""How tests log in."""

from __future__ import annotations

from blockwright.failure import Failure
from blockwright.services.records import Session
from tests.services.world import ALICE, PASSWORD, World, outcome_of, run


def log_in(world: World, identity: str = ALICE, password: str = PASSWORD, client: str | None = None) -> Session:
    return run(world.users.log_in(identity, password, client=client))


def login_code(world: World, identity: str = ALICE, password: str = PASSWORD, client: str | None = None) -> object:
    """The code that a login fails with, or None when it goes well."""
    outcome = outcome_of(lambda: log_in(world, identity, password, client))
    return outcome.code if isinstance(outcome, Failure) else None


def is_valid(world: World, session: Session) -> bool:
    return run(world.users.is_valid(session.token))
