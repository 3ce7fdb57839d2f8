"""Logins and sessions: who gets in, who is told what, and until when somebody is logged in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.failure import RATE_LIMITED, UNAVAILABLE, Failure
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.store import Store, Tables
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import Session, UserStatus
from blockwright.services.sources import Sources
from tests.services.world import (
    ALICE,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    QuickHasher,
    World,
    code_of,
    failure_of,
    in_threads,
    label,
    outcome_of,
    run,
)

T = TypeVar("T")
SECOND = 1000


def log_in(world: World, identity: str = ALICE, password: str = PASSWORD, client: str | None = None) -> Session:
    return run(world.users.log_in(identity, password, client=client))


def login_code(world: World, identity: str = ALICE, password: str = PASSWORD, client: str | None = None) -> object:
    """The code that a login fails with, or None when it goes well."""
    outcome = outcome_of(lambda: log_in(world, identity, password, client))
    return outcome.code if isinstance(outcome, Failure) else None


def is_valid(world: World, session: Session) -> bool:
    return run(world.users.is_valid(session.token))


def test_who_logs_in_is_known_by_the_token_from_then_on(world: World) -> None:
    alice = world.register(name="Alice")

    session = log_in(world)

    assert session.user.object_id == alice.object_id
    assert session.to_dict()["user-token"] == session.token
    assert is_valid(world, session)
    assert run(world.users.user_of(session.token)) == session.user


def test_any_spelling_of_the_identity_logs_in(world: World) -> None:
    world.register()

    assert log_in(world, "ALICE@yourMail.com").user.email == ALICE


def test_a_login_is_remembered_and_is_no_change_of_the_account(world: World) -> None:
    before = world.register()
    world.clock.now += HOUR

    assert log_in(world).user.last_login == NOON + HOUR
    assert world.found() == replace(before, last_login=NOON + HOUR)


def test_only_a_digest_of_the_token_is_kept_and_nothing_shows_the_token(world: World) -> None:
    world.register()

    session = log_in(world)

    kept = run(world.store.read(lambda tables: list(tables.sessions.all())))
    assert session.token not in repr(kept)
    assert session.token not in repr(session)
    assert len({log_in(world).token for _ in range(3)}) == 3


def test_an_unknown_identity_and_a_wrong_password_get_the_same_answer_for_the_same_work(world: World) -> None:
    world.register()
    hasher = QuickHasher()
    world.passwords = hasher
    identities = (ALICE, "nobody@yourmail.com", "no address", "", "x" * 10_000)

    answers = [failure_of(world.users.log_in(identity, "wrong")).to_dict() for identity in identities if identity]

    assert answers == [{"message": "The identity or the password is wrong.", "code": 3003}] * 4
    assert (hasher.verified, hasher.hashed) == (4, 0)


@pytest.mark.parametrize("password", ["x" * 2000, "\0", "\ud800", " "], ids=label)
def test_a_password_that_cannot_be_one_is_a_wrong_one(world: World, password: str) -> None:
    world.register()

    assert login_code(world, password=password) == 3003


@pytest.mark.parametrize(("identity", "password"), [("", "x"), ("x", ""), (None, "x"), ("x", None)])
def test_an_empty_identity_or_password_is_told_as_such(world: World, identity: str, password: str) -> None:
    assert code_of(world.users.log_in(identity, password)) == 3006


@pytest.mark.parametrize(("identity", "password"), [([ALICE], "x"), ({}, "x"), (True, "x"), (ALICE, 5), (ALICE, ["x"])])
def test_values_of_impossible_types_are_mistakes_of_the_caller(world: World, identity: str, password: str) -> None:
    world.register()

    assert code_of(world.users.log_in(identity, password)) == "bad value"


def test_an_account_without_a_password_cannot_be_logged_in_to_by_one(world: World) -> None:
    run(world.users.add({"email": ALICE}))

    assert login_code(world) == 3003


def test_logins_can_be_turned_off(world: World) -> None:
    alice = world.register()
    world.change_settings(loginsEnabled=False)

    assert login_code(world) == 3034
    assert code_of(world.users.log_in_by_id(alice.object_id)) == 3034
    assert code_of(world.users.log_in_as_guest()) == 3034


def test_only_who_knows_the_password_learns_that_the_account_is_pending(world: World) -> None:
    world.register_pending()

    assert login_code(world, password="wrong") == 3003
    assert login_code(world) == 3087


def test_only_who_knows_the_password_learns_that_the_account_is_disabled(world: World) -> None:
    alice = world.register()
    run(world.users.set_status(alice.object_id, UserStatus.DISABLED))

    assert login_code(world, password="wrong") == 3003
    assert login_code(world) == 3090
    assert world.found().last_login is None


def test_a_guest_cannot_log_in_by_a_password(world: World) -> None:
    run(world.users.add({"email": ALICE, "password": PASSWORD}, UserStatus.GUEST))

    assert login_code(world) == 3003


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


def test_the_servers_own_code_logs_somebody_in_without_a_password(world: World) -> None:
    alice = world.register()
    world.change_settings(failedLoginsLock=1)
    assert login_code(world, password="wrong") == 3003

    session = run(world.users.log_in_by_id(alice.object_id))

    assert session.user.last_login == world.clock.now
    assert is_valid(world, session)


@pytest.mark.parametrize("object_id", ["", "nobody", "x" * 100_000, "\0", "\ud800", ALICE], ids=label)
def test_an_object_id_that_nobody_has_logs_nobody_in(world: World, object_id: str) -> None:
    world.register()

    failure = failure_of(world.users.log_in_by_id(object_id))
    assert failure.code == 3003
    assert failure.message.isprintable()
    assert len(failure.message) < 200


def test_the_servers_own_code_cannot_log_in_to_pending_and_disabled_accounts_either(world: World) -> None:
    world.register_pending()
    alice = world.found()
    assert code_of(world.users.log_in_by_id(alice.object_id)) == 3087
    run(world.users.set_status(alice.object_id, UserStatus.DISABLED))
    assert code_of(world.users.log_in_by_id(alice.object_id)) == 3090
    assert code_of(world.users.log_in_by_id(5)) == "bad value"  # type: ignore[arg-type]


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


def test_an_account_is_locked_after_failed_logins_even_for_the_right_password(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=2, lockMinutes=15)

    assert [login_code(world, password="wrong") for _ in range(3)] == [3003, 3003, 3036]
    failure = failure_of(world.users.log_in(ALICE, PASSWORD))

    assert failure.code == 3036
    assert failure.details == {"retry after": 900}
    assert "15 minutes" in failure.message


def test_a_lock_looks_the_same_where_there_is_no_account(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=2)
    tries = [(identity, "wrong") for identity in (ALICE, "nobody@yourmail.com") for _ in range(3)]

    answers = [failure_of(world.users.log_in(*one)).to_dict() for one in tries]

    assert answers[:3] == answers[3:]


def test_a_locked_account_costs_no_work(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=1)
    assert login_code(world, password="wrong") == 3003
    hasher = QuickHasher()
    world.passwords = hasher

    assert login_code(world) == 3036
    assert hasher.verified == 0


def test_a_lock_ends_by_itself_however_often_somebody_tries_meanwhile(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=2, lockMinutes=15)
    assert [login_code(world, password="wrong") for _ in range(2)] == [3003, 3003]

    for _ in range(14):
        world.clock.now += MINUTE
        assert login_code(world, password="wrong") == 3036
    world.clock.now += MINUTE

    assert login_code(world) is None


def test_a_good_login_forgets_the_failed_ones(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=2)

    for _ in range(3):
        assert login_code(world, password="wrong") == 3003
        assert login_code(world) is None


def test_the_owner_unlocks_an_account(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=1)
    assert login_code(world, password="wrong") == 3003

    run(world.users.unlock("Alice@yourmail.com"))

    assert login_code(world) is None
    assert code_of(world.users.unlock("nobody@yourmail.com")) == 3057
    assert code_of(world.users.unlock("no address")) == 3057
    assert code_of(world.users.unlock(["x"])) == "bad value"  # type: ignore[arg-type]


def test_all_spellings_of_an_identity_count_together(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=2)

    codes = [login_code(world, identity, "wrong") for identity in (ALICE, "ALICE@yourmail.com", "Alice@YOURMAIL.com")]

    assert codes == [3003, 3003, 3036]


def test_of_many_guesses_at_once_only_as_many_as_allowed_tell_anything(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=3)
    users = world.users

    async def guess(number: int) -> str:
        return (await users.log_in(ALICE, f"wrong {number}")).token

    assert Counter(in_threads(16, guess)) == {3003: 3, 3036: 13}

    async def guess_for_nobody(number: int) -> str:
        return (await users.log_in("nobody@yourmail.com", f"wrong {number}")).token

    assert Counter(in_threads(16, guess_for_nobody)) == {3003: 3, 3036: 13}


@given(
    most=st.integers(1, 4),
    minutes=st.integers(1, 10),
    events=st.lists(st.tuples(st.sampled_from(["right", "wrong", "unlock"]), st.integers(0, 12 * MINUTE)), max_size=25),
)
def test_locks_are_what_the_settings_say(most: int, minutes: int, events: list[tuple[str, int]]) -> None:
    world = World(MemoryStore())
    world.register()
    world.change_settings(failedLoginsLock=most, lockMinutes=minutes, enableMultipleLogins=True)
    failed: list[int] = []

    for event, wait in events:
        world.clock.now += wait
        now = world.clock.now
        if failed and now >= failed[-1] + minutes * MINUTE:
            failed = []
        if event == "unlock":
            run(world.users.unlock(ALICE))
            failed = []
            continue
        code = login_code(world, password=PASSWORD if event == "right" else "wrong")
        if len(failed) >= most:
            assert code == 3036
        elif event == "right":
            assert code is None
            failed = []
        else:
            assert code == 3003
            failed.append(now)


def test_the_failed_logins_of_one_client_are_limited_whomever_it_tries(world: World) -> None:
    world.register()
    world.change_settings(loginsPerClientAndHour=3)

    codes = [login_code(world, f"user{number}@yourmail.com", "x", "192.0.2.1") for number in range(4)]
    failure = failure_of(world.users.log_in(ALICE, PASSWORD, client="192.0.2.1"))

    assert codes == [3003, 3003, 3003, RATE_LIMITED]
    assert failure.code == RATE_LIMITED
    assert failure.details == {"retry after": 1200}
    assert login_code(world, client="192.0.2.2") is None
    assert login_code(world) is None
    world.clock.now += 1200 * SECOND
    assert login_code(world, client="192.0.2.1") is None


def test_good_logins_do_not_count_for_a_client(world: World) -> None:
    world.register()
    world.change_settings(loginsPerClientAndHour=1)

    assert [login_code(world, client="192.0.2.1") for _ in range(5)] == [None] * 5


def test_a_network_of_one_customer_is_one_client(world: World) -> None:
    world.change_settings(loginsPerClientAndHour=2)
    clients = ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:0:9::3", "2001:db8:0:1::1")

    codes = [login_code(world, ALICE, "x", client) for client in clients]

    assert codes == [3003, 3003, RATE_LIMITED, 3003]


@dataclass
class BusyHasher(QuickHasher):
    """Something happens to accounts while it checks a password."""

    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    async def verify(self, password_hash: str | None, password: object) -> bool:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return await super().verify(password_hash, password)


def in_another_thread(world: World, call: Callable[[StoredUsers], object]) -> Callable[[], object]:
    users = StoredUsers(world.store, None, replace(Sources(), now=world.clock), QuickHasher())

    async def one(_: int) -> object:
        return await call(users)  # type: ignore[misc]

    return lambda: in_threads(1, one)


def test_a_password_that_is_changed_while_it_is_checked_logs_nobody_in(world: World) -> None:
    alice = world.register()
    change = in_another_thread(world, lambda users: users.update(alice.object_id, {"password": "another"}))
    world.passwords = BusyHasher(meanwhile=[change])

    assert login_code(world) == 3003
    assert login_code(world, password="another") is None


def test_an_account_that_is_removed_while_its_password_is_checked_is_unknown(world: World) -> None:
    alice = world.register()
    world.passwords = BusyHasher(meanwhile=[in_another_thread(world, lambda users: users.remove(alice.object_id))])

    assert login_code(world) == 3003


def test_a_login_into_an_account_that_changes_all_the_time_ends(world: World) -> None:
    alice = world.register()
    changes = [
        in_another_thread(world, lambda users, number=number: users.update(alice.object_id, {"password": str(number)}))
        for number in range(10)
    ]
    world.passwords = BusyHasher(meanwhile=changes)

    assert login_code(world) == UNAVAILABLE
    assert len(changes) == 7


def test_logins_of_many_at_once_leave_one_session(world: World) -> None:
    world.register()
    users = world.users

    async def one(_: int) -> Session:
        return await users.log_in(ALICE, PASSWORD)

    sessions = [session for session in in_threads(12, one) if isinstance(session, Session)]

    assert len(sessions) == 12
    assert sum(is_valid(world, session) for session in sessions) == 1
