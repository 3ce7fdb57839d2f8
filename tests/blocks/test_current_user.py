"""Each run has its own current user: none other sees it, however many go on at once."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from blockwright import Flow, Runtime, block
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.current import CurrentUser, Login, LoginOfRun
from blockwright_blocks.users import get_current_user, log_in, log_out_current_user
from tests.engine.kit import WAYS, Way, look_away
from tests.services.world import ALICE, PASSWORD, World
from tests.services.world import run as wait

MANY = 8
ACT = """
flow: act as somebody
inputs: {identity: text, password: text}
steps:
  - get current user token:
    save as: before
  - meet
  - log in: {identity: = identity, password: = password}
  - meet
  - get current user:
    save as: user
  - meet
  - log out current user
  - meet
  - get current user:
    save as: after
  - return: '= [before, user.email, after]'
"""


@pytest.fixture
def world() -> World:
    world = World(MemoryStore())
    for number in range(MANY):
        world.register(f"user{number}@yourmail.com")
    return world


def inputs(number: int) -> dict[str, object]:
    return {"identity": f"user{number}@yourmail.com", "password": PASSWORD}


EXPECTED = [[None, f"user{number}@yourmail.com", None] for number in range(MANY)]


@pytest.mark.parametrize("way", WAYS)
def test_runs_in_many_threads_do_not_see_each_others_users(world: World, way: Way) -> None:
    barrier = threading.Barrier(MANY, timeout=20)

    @block("meet")
    def meet() -> None:
        """Wait until all runs are here."""
        barrier.wait()

    flow = Runtime(users=world.users, blocks=[meet]).load_text(ACT)

    with ThreadPoolExecutor(MANY) as pool:
        results = pool.map(lambda number: flow.run(inputs(number), watch=watching(way)), range(MANY))
        assert list(results) == EXPECTED


@pytest.mark.parametrize("way", WAYS)
def test_runs_in_one_event_loop_do_not_see_each_others_users(world: World, way: Way) -> None:
    async def all_at_once() -> list[object]:
        flow = Runtime(users=world.users, blocks=[meet_in_a_loop()]).load_text(ACT)
        return await asyncio.gather(*(flow.run_async(inputs(number), watch=watching(way)) for number in range(MANY)))

    assert asyncio.run(all_at_once()) == EXPECTED


def meet_in_a_loop():  # type: ignore[no-untyped-def]
    barrier = asyncio.Barrier(MANY)

    @block("meet")
    async def meet() -> None:
        """Wait until all runs are here."""
        await barrier.wait()

    return meet


def watching(way: Way):  # type: ignore[no-untyped-def]
    return look_away if way == "watched" else None


@block("do it twice at once")
async def do_it_twice_at_once(*, current: CurrentUser) -> list[object]:
    """What two tasks, and a thread, of one run see."""

    async def see() -> str | None:
        await asyncio.sleep(0)
        return current.token()

    return [*await asyncio.gather(see(), see()), await asyncio.to_thread(current.token)]


@pytest.mark.parametrize("way", WAYS)
def test_tasks_and_called_flows_of_a_run_share_its_user(world: World, way: Way, tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text(
        "flow: inner\nsteps:\n  - set current user token: {token: from inside}\n", encoding="utf-8"
    )
    flow = Runtime(users=world.users, blocks=[do_it_twice_at_once]).load_text(
        "flow: outer\nsteps:\n  - do it twice at once:\n    save as: first\n  - inner\n  - do it twice at once:\n"
        "    save as: later\n  - return: '= [first, later]'\n",
        str(tmp_path / "outer.yaml"),
    )

    given = flow.run(user_token="from outside", watch=watching(way))

    assert given == [["from outside"] * 3, ["from inside"] * 3]


@pytest.fixture
def token_flow(world: World) -> Flow:
    return Runtime(users=world.users).load_text(
        "flow: say the token\nsteps:\n  - get current user token:\n    save as: token\n  - return: = token\n"
    )


def test_a_run_begins_as_whom_it_is_told_and_leaves_nothing_behind(token_flow: Flow) -> None:
    assert token_flow.run(user_token="one") == "one"
    assert token_flow.run() is None
    with Login("around"):
        assert token_flow.run() is None
        assert asyncio.run(token_flow.run_async(user_token="two")) == "two"
        assert LoginOfRun().token() == "around"


def test_a_run_inside_a_run_has_a_user_of_its_own(world: World, token_flow: Flow) -> None:
    @block("run another")
    def run_another(*, current: CurrentUser) -> list[object]:
        """Run another flow inside this one."""
        return [token_flow.run(), token_flow.run(user_token="inner"), current.token()]

    outer = Runtime(users=world.users, blocks=[run_another]).load_text(
        "flow: outer\nsteps:\n  - run another:\n    save as: seen\n  - return: = seen\n"
    )

    assert outer.run(user_token="outer") == [None, "inner", "outer"]


def test_a_run_that_was_given_up_does_not_change_who_is_logged_in_where_it_is_cleared_away() -> None:
    class Wait:
        def __await__(self) -> Iterator[None]:
            yield

    async def given_up() -> None:
        with Login("given up"):
            await Wait()

    coroutine = given_up()
    thread = threading.Thread(target=coroutine.send, args=(None,))
    thread.start()
    thread.join()
    with Login("mine"):
        coroutine.close()
        gc.collect()
        assert LoginOfRun().token() == "mine"


def test_outside_of_a_run_blocks_are_given_a_login_of_their_own(world: World) -> None:
    current = Login()
    world.register()

    session = wait(log_in(ALICE, PASSWORD, users=world.users, current=current))

    assert session["user-token"] == current.token()
    user = wait(get_current_user(users=world.users, current=current))
    assert user is not None
    assert user["email"] == ALICE
    wait(log_out_current_user(users=world.users, current=current))
    assert current.user() is None
    with pytest.raises(RuntimeError, match="outside of a run"):
        wait(get_current_user(users=world.users, current=LoginOfRun()))


def test_an_application_may_offer_a_login_of_its_own(world: World) -> None:
    flow = Runtime(users=world.users, services=[Login("always this")]).load_text(
        "flow: say the token\nsteps:\n  - get current user token:\n    save as: token\n  - return: = token\n"
    )

    assert flow.run() == "always this"
