"""Sessions: how many there are of one user, and until when somebody is logged in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.failure import RATE_LIMITED
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.store import Store, Tables
from blockwright.services.records import Session, UserStatus
from tests.services.logins import is_valid, log_in, login_code
from tests.services.world import (
    ALICE,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    World,
    code_of,
    failure_of,
    in_threads,
    label,
    run,
)

T = TypeVar("T")
SECOND = 1000


def test_who_logs_in_is_known_by_the_token_from_then_on(world: World) -> None:
    alice = world.register(name="Alice")

    session = log_in(world)

    assert session.user.object_id == alice.object_id
    assert session.to_dict()["user-token"] == session.token
    assert is_valid(world, session)
    assert run(world.users.user_of(session.token)) == session.user


def test_only_a_digest_of_the_token_is_kept_and_nothing_shows_the_token(world: World) -> None:
    world.register()

    session = log_in(world)

    kept = run(world.store.read(lambda tables: list(tables.sessions.all())))
    assert session.token not in repr(kept)
    assert session.token not in repr(session)
    assert len({log_in(world).token for _ in range(3)}) == 3


def test_a_new_login_ends_the_one_before(world: World) -> None:
    world.register()
    world.register("bob@yourmail.com")
    first, bob = log_in(world), log_in(world, "bob@yourmail.com")

    second = log_in(world)

    assert [is_valid(world, session) for session in (first, second, bob)] == [False, True, True]


def test_a_login_can_be_refused_while_there_is_another(world: World) -> None:
    world.register()
    world.change_settings(logoutLastUser=True, sessionTimeout=60)
    first = log_in(world)

    assert login_code(world) == 3002
    assert is_valid(world, first)

    world.clock.now += MINUTE
    assert login_code(world) is None


def test_several_logins_at_once_can_be_allowed(world: World) -> None:
    world.register()
    world.change_settings(enableMultipleLogins=True)

    sessions = [log_in(world) for _ in range(3)]

    assert all(is_valid(world, session) for session in sessions)


def test_so_many_logins_at_once_can_be_allowed_and_who_left_does_not_count(world: World) -> None:
    world.register()
    world.change_settings(enableMultipleLogins=True, maxConcurrentLogins=2, sessionTimeout=600)
    first, _ = log_in(world), log_in(world)
    assert login_code(world) == 3044

    run(world.users.log_out(first.token))
    assert login_code(world) is None
    assert login_code(world) == 3044

    world.clock.now += 600 * SECOND
    assert login_code(world) is None


def test_at_most_so_many_of_parallel_logins_succeed(world: World) -> None:
    world.register()
    world.change_settings(enableMultipleLogins=True, maxConcurrentLogins=3)
    users = world.users

    async def one(_: int) -> str:
        return (await users.log_in(ALICE, PASSWORD)).user.user_status

    assert Counter(in_threads(10, one)) == {"ENABLED": 3, 3044: 7}


def test_a_session_ends_when_it_was_not_used_for_the_time_that_the_settings_say(world: World) -> None:
    world.register()
    world.change_settings(sessionTimeout=600)
    session = log_in(world)

    for _ in range(5):
        world.clock.now += 530 * SECOND
        run(world.users.user_of(session.token))

    world.clock.now += 600 * SECOND
    assert not is_valid(world, session)
    assert code_of(world.users.user_of(session.token)) == 3091
    assert code_of(world.users.log_out(session.token)) == 3064


def test_to_ask_whether_a_session_is_valid_does_not_prolong_it(world: World) -> None:
    world.register()
    world.change_settings(sessionTimeout=600)
    session = log_in(world)

    world.clock.now += 590 * SECOND
    assert is_valid(world, session)
    world.clock.now += 10 * SECOND
    assert not is_valid(world, session)


def test_without_a_time_in_the_settings_a_session_does_not_end_by_itself(world: World) -> None:
    world.register()
    session = log_in(world)

    world.clock.now += 100_000 * HOUR

    assert is_valid(world, session)
    assert run(world.users.user_of(session.token)).email == ALICE


def test_a_new_time_in_the_settings_holds_from_the_next_use_of_a_session(world: World) -> None:
    world.register()
    session = log_in(world)
    world.change_settings(sessionTimeout=60)
    run(world.users.user_of(session.token))

    world.clock.now += 59 * SECOND
    world.change_settings(sessionTimeout=0)
    run(world.users.user_of(session.token))

    world.clock.now += HOUR
    assert is_valid(world, session)
    world.change_settings(sessionTimeout=3600)
    run(world.users.user_of(session.token))
    world.change_settings(sessionTimeout=1)
    run(world.users.user_of(session.token))
    world.clock.now += SECOND
    assert code_of(world.users.user_of(session.token)) == 3091


@dataclass
class CountingStore:
    """A store that counts what is done with it."""

    store: Store
    changes: int = 0

    async def read(self, work: Callable[[Tables], T]) -> T:
        return await self.store.read(work)

    async def change(self, work: Callable[[Tables], T]) -> T:
        self.changes += 1
        return await self.store.change(work)

    async def upgrade(self) -> tuple[str, str]:
        return await self.store.upgrade()

    async def close(self) -> None:
        await self.store.close()


def test_using_a_session_writes_at_most_once_a_minute(world: World) -> None:
    world.register()
    world.change_settings(sessionTimeout=3600)
    session = log_in(world)
    store = CountingStore(world.store)
    world.store = store

    for _ in range(600):
        world.clock.now += SECOND
        run(world.users.user_of(session.token))

    assert store.changes == 10


@given(
    timeout=st.integers(1, 10_000),
    uses=st.lists(st.tuples(st.booleans(), st.integers(0, 12_000)), max_size=12),
)
def test_a_session_never_outlives_its_time_and_lives_at_least_nine_tenths_of_it(
    timeout: int, uses: list[tuple[bool, int]]
) -> None:
    world = World(MemoryStore())
    world.register()
    world.change_settings(sessionTimeout=timeout)
    session, last_use = log_in(world), world.clock.now

    for is_use, seconds in uses:
        world.clock.now += seconds * SECOND
        idle = world.clock.now - last_use
        valid = is_valid(world, session)
        if idle >= timeout * SECOND:
            assert not valid
            assert code_of(world.users.user_of(session.token)) == 3091
            return
        if idle < 0.9 * timeout * SECOND:
            assert valid
        if not valid:
            return
        if is_use:
            run(world.users.user_of(session.token))
            last_use = world.clock.now


def test_who_logs_out_is_not_known_any_more(world: World) -> None:
    world.register()
    session = log_in(world)

    run(world.users.log_out(session.token))

    assert not is_valid(world, session)
    assert code_of(world.users.user_of(session.token)) == 3064
    assert code_of(world.users.verify_password(session.token, PASSWORD)) == 3064
    assert code_of(world.users.log_out(session.token)) == 3064


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "\0", "\ud800", "é", None, 5, ["x"], b"x", {}], ids=label)
def test_anything_at_all_may_arrive_as_a_token(world: World, token: str) -> None:
    assert run(world.users.is_valid(token)) is False
    failure = failure_of(world.users.user_of(token))
    assert failure.code == 3064
    assert len(failure.message) < 100
    assert code_of(world.users.log_out(token)) == 3064
    assert code_of(world.users.verify_password(token, "x")) == 3064


@given(token=st.text() | st.none() | st.integers() | st.binary())
def test_a_made_up_token_is_never_valid(token: str) -> None:
    world = World(MemoryStore())
    world.register()
    log_in(world)

    assert run(world.users.is_valid(token)) is False


def test_a_session_is_over_when_its_account_is_removed(world: World) -> None:
    session = log_in_new(world)

    run(world.users.remove(session.user.object_id))

    assert not is_valid(world, session)
    assert code_of(world.users.user_of(session.token)) == 3064


def log_in_new(world: World) -> Session:
    world.register()
    return log_in(world)


def test_a_new_password_ends_all_sessions(world: World) -> None:
    session = log_in_new(world)

    run(world.users.update(session.user.object_id, {"password": "another"}))

    assert not is_valid(world, session)
    assert login_code(world) == 3003
    assert login_code(world, password="another") is None


def test_the_password_of_who_is_logged_in_can_be_asked_for_again(world: World) -> None:
    session = log_in_new(world)

    assert run(world.users.verify_password(session.token, PASSWORD)) is True
    assert run(world.users.verify_password(session.token, "wrong")) is False
    assert run(world.users.verify_password(session.token, None)) is False  # type: ignore[arg-type]


def test_a_guest_is_logged_in_at_once_and_gone_after_leaving(world: World) -> None:
    session = run(world.users.log_in_as_guest())

    guest = run(world.users.user_of(session.token))
    assert (guest.user_status, guest.email, guest.last_login) == (UserStatus.GUEST, None, NOON)

    run(world.users.log_out(session.token))
    assert run(world.users.list_users()) == ()
    assert code_of(world.users.user_of(session.token)) == 3064


def test_a_guest_stays_as_long_as_the_session_is_used(world: World) -> None:
    world.change_settings(guestHours=2)
    session = run(world.users.log_in_as_guest())

    for _ in range(4):
        world.clock.now += 2 * HOUR - 2 * MINUTE
        run(world.users.user_of(session.token))
    world.clock.now += 2 * HOUR

    assert code_of(world.users.user_of(session.token)) == 3091
    run(world.users.housekeep())
    assert run(world.users.list_users()) == ()


def test_the_time_of_all_sessions_holds_for_guests_too(world: World) -> None:
    world.change_settings(sessionTimeout=60)
    session = run(world.users.log_in_as_guest())

    world.clock.now += MINUTE

    assert not is_valid(world, session)


def test_one_client_cannot_make_guests_without_end(world: World) -> None:
    world.change_settings(loginsPerClientAndHour=3)

    for _ in range(3):
        run(world.users.log_in_as_guest(client="192.0.2.1"))
    failure = failure_of(world.users.log_in_as_guest(client="192.0.2.1"))

    assert failure.code == RATE_LIMITED
    assert failure.details == {"retry after": 1200}
    run(world.users.log_in_as_guest(client="192.0.2.2"))
    run(world.users.log_in_as_guest())
    assert len(run(world.users.list_users())) == 5


def test_logins_of_many_at_once_leave_one_session(world: World) -> None:
    world.register()
    users = world.users

    async def one(_: int) -> Session:
        return await users.log_in(ALICE, PASSWORD)

    sessions = [session for session in in_threads(12, one) if isinstance(session, Session)]

    assert len(sessions) == 12
    assert sum(is_valid(world, session) for session in sessions) == 1
