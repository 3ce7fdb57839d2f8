"""Limits: so many times in a period, never more by asking often, at once, or in another spelling."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.services.backends.memory import MemoryTables
from blockwright.services.backends.stored import throttle
from blockwright.services.backends.stored.throttle import DAY, HOUR, SECOND, Limit
from tests.services.world import NOON, World, in_threads, outcome_of

FIVE_A_DAY = Limit("mails to", "alice", 5, DAY)


def try_to_use(tables: MemoryTables, limits: Sequence[Limit], now: int) -> int:
    """How many seconds to wait; 0 when the limits were used."""
    failure = outcome_of(lambda: throttle.use(tables, limits, now, "Another mail can go out"))
    if failure is None:
        return 0
    assert failure.code == "rate limited"
    assert isinstance(failure.details, dict)
    return int(failure.details["retry after"])


def test_a_limit_is_used_up_and_frees_itself_evenly() -> None:
    tables = MemoryTables()

    assert [try_to_use(tables, [FIVE_A_DAY], NOON) for _ in range(6)] == [0, 0, 0, 0, 0, 17_280]
    assert try_to_use(tables, [FIVE_A_DAY], NOON + 17_279 * SECOND) == 1
    assert try_to_use(tables, [FIVE_A_DAY], NOON + 17_280 * SECOND) == 0
    assert try_to_use(tables, [FIVE_A_DAY], NOON + 17_280 * SECOND) == 17_280


def test_what_one_limit_refuses_uses_no_other() -> None:
    tables = MemoryTables()
    one = Limit("resend", "alice", 1, HOUR)
    assert try_to_use(tables, [one], NOON) == 0

    for _ in range(10):
        assert try_to_use(tables, [FIVE_A_DAY, one], NOON) == 3600
    assert [try_to_use(tables, [FIVE_A_DAY], NOON) for _ in range(6)] == [0, 0, 0, 0, 0, 17_280]


def test_of_several_limits_the_longest_wait_is_told() -> None:
    tables = MemoryTables()
    limits = [Limit("resend", "alice", 1, 60 * SECOND), Limit("mails", "", 1, HOUR)]
    assert try_to_use(tables, limits, NOON) == 0

    assert try_to_use(tables, limits, NOON + 1) == 3600
    assert try_to_use(tables, limits[:1], NOON + 1) == 60


def test_subjects_and_scopes_are_limits_of_their_own() -> None:
    tables = MemoryTables()
    subjects = ["alice", "bob", "", "x" * 100_000, "\ud800", "a:b"]
    limits = [Limit(scope, subject, 1, DAY) for scope in ("a", "b") for subject in subjects]

    assert [try_to_use(tables, [limit], NOON) for limit in limits] == [0] * len(limits)
    assert len({limit.key for limit in limits}) == len(limits)
    assert not any("alice" in limit.key or len(limit.key) > 100 for limit in limits)


def test_none_is_no_limit() -> None:
    tables = MemoryTables()

    assert [try_to_use(tables, [Limit("a", "b", 0, DAY)], NOON) for _ in range(50)] == [0] * 50
    assert tables.throttles.count() == 0


def test_to_ask_for_the_wait_uses_nothing_and_a_forgotten_limit_is_unused() -> None:
    tables = MemoryTables()
    once = Limit("a", "b", 1, HOUR)
    assert throttle.wait_for(tables, once, NOON) == 0
    assert try_to_use(tables, [once], NOON) == 0

    assert throttle.wait_for(tables, once, NOON + 1) == HOUR - 1
    throttle.forget(tables, once)
    assert throttle.wait_for(tables, once, NOON + 1) == 0
    assert try_to_use(tables, [once], NOON + 1) == 0


@given(st.integers(1, 6), st.integers(1000, 10_000), st.lists(st.integers(0, 4000), max_size=40))
def test_there_is_one_more_for_each_part_of_the_period_and_who_waits_as_told_gets_it(
    count: int, period: int, pauses: list[int]
) -> None:
    tables, now = MemoryTables(), NOON
    used: list[int] = []
    limit = Limit("a", "b", count, period)
    for pause in pauses:
        now += pause
        wait = try_to_use(tables, [limit], now)
        if not wait:
            used.append(now)
        else:
            assert throttle.wait_for(tables, limit, now + wait * SECOND) == 0

    for start, first in enumerate(used):
        for number, moment in enumerate(used[start:], 1):
            assert number <= count + (moment - first) // (period // count)


@pytest.mark.parametrize(
    ("client", "subject"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_client_is_an_ipv4_address_or_an_ipv6_network(client: str, subject: str) -> None:
    assert throttle.client_subject(client) == subject


def test_of_many_at_once_only_so_many_get_through(world: World) -> None:
    async def use(_: int) -> None:
        await world.store.change(lambda tables: throttle.use(tables, [FIVE_A_DAY], NOON, "It works again"))

    results = in_threads(20, use)

    assert sorted(map(str, results)) == ["None"] * 5 + ["rate limited"] * 15


def test_limits_that_are_free_again_are_forgotten(world: World) -> None:
    asyncio.run(world.store.change(lambda tables: throttle.use(tables, [FIVE_A_DAY], world.clock.now, "x")))
    world.clock.now += DAY // 5 - 1
    asyncio.run(world.users.housekeep())
    assert asyncio.run(world.store.read(lambda tables: tables.throttles.get(FIVE_A_DAY.key))) is not None

    world.clock.now += 1
    asyncio.run(world.users.housekeep())
    assert asyncio.run(world.store.read(lambda tables: tables.throttles.count())) == 0
