"""The server's own limits, and what it remembers for a moment."""

from __future__ import annotations

import asyncio

import pytest

from blockwright.failure import Failure
from blockwright.server import gates as gates_module
from blockwright.server.gates import Gates
from blockwright.server.remembered import Remembered
from blockwright.services.backends.stored.throttle import Limit

MINUTE = 60_000


class Clock:
    now = 0

    def __call__(self) -> int:
        return self.now


def test_a_limit_is_used_up_and_comes_back() -> None:
    clock = Clock()
    gates, limit = Gates(clock), Limit("mail of", "alice", 1, MINUTE)

    gates.use([limit], "Another mail can go out")
    with pytest.raises(Failure) as caught:
        gates.use([limit], "Another mail can go out")
    clock.now = MINUTE
    gates.use([limit], "Another mail can go out")

    assert caught.value.to_dict() == {
        "message": "Another mail can go out in 60 seconds.",
        "code": "rate limited",
        "details": {"retry after": 60},
    }


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates_module, "MOST", 10)
    gates = Gates(Clock())

    for number in range(100):
        gates.use([Limit("mail of", str(number), 1, MINUTE)], "x")

    assert gates._tables.throttles.count() <= 11


def test_limits_that_are_free_again_are_forgotten() -> None:
    clock = Clock()
    gates = Gates(clock)
    for number in range(50):
        gates.use([Limit("mail of", str(number), 1, MINUTE)], "x")
    clock.now = 10 * MINUTE

    for number in range(5):
        gates.use([Limit("login of", str(number), 1, MINUTE)], "x")

    assert gates._tables.throttles.count() == 5


def test_an_answer_is_remembered_and_a_failure_is_not() -> None:
    asked: list[str] = []

    async def ask(key: str) -> int:
        asked.append(key)
        if len(asked) == 1:
            raise Failure("unavailable")
        return len(asked)

    async def scene() -> list[int]:
        remembered = Remembered(ask, 1000)
        with pytest.raises(Failure):
            await remembered.get("a")
        first = [await remembered.get("a"), await remembered.get("a"), await remembered.get("b")]
        remembered.forget()
        return [*first, await remembered.get("a")]

    assert asyncio.run(scene()) == [2, 2, 3, 4]
