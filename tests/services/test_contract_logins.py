"""Logins: who gets in, who is told what, and how often one may try."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.failure import RATE_LIMITED, UNAVAILABLE
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import UserStatus
from blockwright.services.sources import Sources
from tests.services.logins import is_valid, log_in, login_code
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
    run,
)

SECOND = 1000


def test_any_spelling_of_the_identity_logs_in(world: World) -> None:
    world.register()

    assert log_in(world, "ALICE@yourMail.com").user.email == ALICE


def test_a_login_is_remembered_and_is_no_change_of_the_account(world: World) -> None:
    before = world.register()
    world.clock.now += HOUR

    assert log_in(world).user.last_login == NOON + HOUR
    assert world.found() == replace(before, last_login=NOON + HOUR)


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


class MeetingHasher(QuickHasher):
    """Lets nobody go on before so many have checked a password, so that what they do next they do at once."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._barrier = threading.Barrier(count)

    async def verify(self, password_hash: str | None, password: object) -> bool:
        self._barrier.wait(30)
        return await super().verify(password_hash, password)


@pytest.mark.parametrize("identity", [ALICE, "nobody@yourmail.com"])
def test_of_many_guesses_at_once_only_as_many_as_allowed_tell_anything(world: World, identity: str) -> None:
    world.register()
    world.change_settings(failedLoginsLock=3)
    world.passwords = MeetingHasher(12)
    users = world.users

    async def guess(number: int) -> str:
        return (await users.log_in(identity, f"wrong {number}")).token

    assert Counter(in_threads(12, guess)) == {3003: 3, 3036: 9}


def test_the_guesses_of_one_client_at_once_are_all_counted(world: World) -> None:
    world.change_settings(loginsPerClientAndHour=3)
    world.passwords = MeetingHasher(12)
    users = world.users

    async def guess(number: int) -> str:
        return (await users.log_in(f"user{number}@yourmail.com", "x", client="192.0.2.1")).token

    assert Counter(in_threads(12, guess)) == {3003: 3, RATE_LIMITED: 9}


def test_a_lock_is_counted_from_the_last_failed_login(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=2, lockMinutes=15)
    assert login_code(world, password="wrong") == 3003
    world.clock.now += 10 * MINUTE
    assert login_code(world, password="wrong") == 3003

    world.clock.now += 15 * MINUTE - 1
    assert login_code(world) == 3036
    world.clock.now += 1
    assert login_code(world) is None


def test_a_failed_login_is_forgotten_after_the_time_of_a_lock(world: World) -> None:
    world.register()
    world.change_settings(failedLoginsLock=2, lockMinutes=15)

    for _ in range(4):
        assert login_code(world, password="wrong") == 3003
        world.clock.now += 15 * MINUTE


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
        world.clock.now += wait * MINUTE
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


def in_another_thread(world: World, call: Callable[[StoredUsers], Awaitable[object]]) -> Callable[[], object]:
    users = StoredUsers(world.store, None, replace(Sources(), now=world.clock), QuickHasher())

    async def one(_: int) -> object:
        return await call(users)

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

    def change_to(number: int) -> Callable[[], object]:
        return in_another_thread(world, lambda users: users.update(alice.object_id, {"password": str(number)}))

    changes = [change_to(number) for number in range(10)]
    world.passwords = BusyHasher(meanwhile=changes)

    assert login_code(world) == UNAVAILABLE
    assert len(changes) == 7
