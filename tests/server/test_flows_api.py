"""Flows over HTTP: listed, run, failing, too many, and ended when the caller goes away."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from blockwright import Runtime
from blockwright.catalogue import AnyBlock, block
from blockwright.engine.reloading import Refreshed
from blockwright.language.diagnostics import FlowError
from blockwright.server import Options, ServedFlows, load_flows
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import KeyKind
from tests.server.world import PATIENCE, Machine, Mailbox, Place, served
from tests.services.world import ALICE, QuickHasher

GREET = """\
flow: greet somebody
about: Says hello.
inputs:
  name: {type: text, about: Who is greeted., example: Alice}
  price: {type: number, default: 1.10}
  day: date, optional
steps:
  - return:
      text: hello ${name}
      price: = price * 3
      day: = day
"""
FAIL = "flow: give up\nsteps:\n  - fail: {code: 3104, message: nobody is there, details: {who: Al}}\n"
NAMED = "flow: name a code\ninputs: {code: text}\nsteps:\n  - fail: {code: = code, message: so it is}\n"
WHO = "flow: who am i\nsteps:\n  - get current user:\n    save as: user\n  - return: = user.email\n"
HOLD = """\
flow: hold on
steps:
  - try:
      - hold
    always:
      - tidy up
"""


class Holding:
    """Blocks that wait until they are let go, and say when they were ended."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.ended = threading.Semaphore(0)
        self.free = threading.Event()

    @property
    def blocks(self) -> list[AnyBlock]:
        @block("hold", category="tests")
        async def hold() -> None:
            """Wait."""
            self.begun.release()
            while not self.free.is_set():
                await asyncio.sleep(0.005)

        @block("tidy up", category="tests")
        def tidy_up() -> None:
            """Say that it is over."""
            self.ended.release()

        return [hold, tidy_up]


@contextmanager
def serving(
    machine: Machine, folder: Path, holding: Holding | None = None, at_once: int = 4, *, follows: bool = False
) -> Iterator[Place]:
    users = StoredUsers(MemoryStore(), Mailbox(), passwords=QuickHasher())
    runtime = Runtime(users=users, blocks=holding.blocks if holding else (), flows=folder)
    flows = ServedFlows(load_flows(runtime, folder), at_once)
    if follows:
        flows = ServedFlows(runtime.refresh().flows.values(), at_once, runtime.refresh)
    with served(machine, Options(remember=0), flows, users) as place:
        yield place


@pytest.fixture
def place(machine: Machine, tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "more").mkdir()
    for name, text in {"greet": GREET, "more/fail": FAIL, "named": NAMED, "who": WHO}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    with serving(machine, tmp_path) as place:
        yield place


@pytest.fixture
def held(machine: Machine, tmp_path: Path) -> Iterator[tuple[Place, Holding]]:
    (tmp_path / "hold.yaml").write_text(HOLD)
    holding = Holding()
    with serving(machine, tmp_path, holding, at_once=2) as place:
        yield place, holding
        holding.free.set()


@pytest.mark.parametrize("name", ["greet somebody", "greet%20somebody", "greet"])
@pytest.mark.parametrize("form", ["", "/api", "key"])
def test_a_flow_runs_by_its_name_or_its_file_and_gives_exact_values(place: Place, name: str, form: str) -> None:
    base = place.form(KeyKind.REST) if form == "key" else form

    answer = place.post(f"{base}/flows/{name}", b'{"name": "Al", "price": 0.1234567890123456789, "day": "2026-03-01"}')

    assert answer.status == 200
    assert answer.body == b'{"text":"hello Al","price":0.3703703670370370367,"day":"2026-03-01"}'


def test_the_flows_that_are_served_are_listed_with_what_they_ask_for(place: Place) -> None:
    by_name = {flow["name"]: flow for flow in listed(place)}

    assert set(by_name) == {"greet somebody", "give up", "name a code", "who am i"}
    assert by_name["greet somebody"]["about"] == "Says hello."
    inputs = by_name["greet somebody"]["inputs"]
    assert isinstance(inputs, list)
    assert inputs[0] == {
        "name": "name",
        "type": "text",
        "required": True,
        "about": "Who is greeted.",
        "example": "Alice",
    }


def listed(place: Place) -> list[dict[str, object]]:
    found = place.get("/flows").json
    assert isinstance(found, list)
    return found


def test_inputs_that_a_flow_does_not_take_are_refused_with_all_problems(place: Place) -> None:
    answer = place.post("/flows/greet", {"nmae": "Al", "price": "much"})

    assert (answer.status, answer.code) == (400, "wrong inputs")
    data = answer.record["errorData"]
    assert isinstance(data, dict)
    assert len(data["problems"]) == 3
    assert place.post("/flows/greet", b"[1]").code == 8002


def test_a_failure_has_its_code_and_says_nothing_of_the_server(place: Place) -> None:
    answer = place.post("/flows/give up")

    assert (answer.status, answer.json) == (
        400,
        {"message": "nobody is there", "code": 3104, "errorData": {"who": "Al"}},
    )


@pytest.mark.parametrize(
    ("code", "status"), [("timed out", 504), ("unexpected", 500), ("unavailable", 503), ("my own", 400)]
)
def test_a_failure_s_status_goes_with_its_code(place: Place, code: str, status: int) -> None:
    answer = place.post("/flows/name a code", {"code": code})

    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize("name", ["nothing", "", "..", "greet.yaml", "more%2Ffail", "greet%0A"])
def test_a_flow_that_is_not_served_is_not_found(place: Place, name: str) -> None:
    answer = place.raw("POST", f"/flows/{name}")

    assert (answer.status, answer.code) == (404, "unknown flow")


def test_a_run_is_that_of_the_user_whose_token_comes_along(place: Place) -> None:
    place.register()

    assert place.post("/flows/who", token=place.log_in()).json == ALICE
    assert place.post("/flows/who").json is None
    assert place.post("/flows/who", token="nonsense").code == 3064


def ask(place: Place, name: str) -> socket.socket:
    """Begin a call and leave it open."""
    connection = socket.create_connection(("127.0.0.1", place.machine.port), timeout=PATIENCE)
    connection.sendall(f"POST /flows/{quote(name)} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    return connection


def test_a_run_is_ended_when_the_caller_goes_away(held: tuple[Place, Holding]) -> None:
    place, holding = held
    with ask(place, "hold on"):
        assert holding.begun.acquire(timeout=PATIENCE)

    assert holding.ended.acquire(timeout=PATIENCE)


def test_so_many_runs_go_on_at_once_others_wait_and_the_rest_is_refused(
    held: tuple[Place, Holding], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, holding = held
    flows = place.app.state.house.flows
    monkeypatch.setattr(flows, "_room", 3)
    calls = [ask(place, "hold on") for _ in range(3)]
    try:
        assert holding.begun.acquire(timeout=PATIENCE)
        assert holding.begun.acquire(timeout=PATIENCE)

        async def waiting() -> None:
            while len(flows._runs) < 3:
                await asyncio.sleep(0.005)

        place.machine.do(waiting())
        refused = place.post("/flows/hold on")
        others = place.get("/health")

        assert (refused.status, refused.code) == (503, "unavailable")
        assert not holding.begun.acquire(blocking=False)
        assert others.status == 200
        holding.free.set()
        for call in calls:
            assert call.recv(15) == b"HTTP/1.1 200 OK"
    finally:
        for call in calls:
            call.close()


def test_runs_are_ended_when_the_server_stops(held: tuple[Place, Holding]) -> None:
    place, holding = held
    with ask(place, "hold on") as call:
        assert holding.begun.acquire(timeout=PATIENCE)
        place.machine.loop.call_soon_threadsafe(place.app.state.house.flows.stop)

        assert holding.ended.acquire(timeout=PATIENCE)
        assert b'"cancelled"' in call.recv(10_000) + call.recv(10_000)


def test_all_that_is_wrong_with_a_folder_of_flows_is_found(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("flow: one\nsteps:\n  - retrun: 1\n")
    (tmp_path / "two.yaml").write_text("flow: two\nsteps:\n  - return: = nobody\n")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "three.yaml").write_text(GREET)
    (tmp_path / "greet.yaml").write_text(GREET)

    with pytest.raises(FlowError) as caught:
        load_flows(Runtime(), tmp_path)

    assert {Path(found.file).name for found in caught.value.findings} >= {"one.yaml", "two.yaml"}
    assert any("is also the name of the flow in" in found.message for found in caught.value.findings)


def test_flows_follow_their_files_and_runs_under_way_do_not(machine: Machine, tmp_path: Path) -> None:
    holding = Holding()
    hold = tmp_path / "hold.yaml"
    hold.write_text(HOLD + "  - return: as it began\n")
    (tmp_path / "fail.yaml").write_text(FAIL)
    with serving(machine, tmp_path, holding, follows=True) as place, ask(place, "hold on") as call:
        assert holding.begun.acquire(timeout=PATIENCE)
        hold.write_text("flow: hold on\nsteps:\n  - return: quick\n")
        (tmp_path / "greet.yaml").write_text(GREET)
        (tmp_path / "fail.yaml").unlink()

        assert place.post("/flows/hold").json == "quick"
        assert place.post("/flows/greet", {"name": "Al"}).status == 200
        assert place.post("/flows/give up").code == "unknown flow"
        holding.free.set()
        assert b"as it began" in call.recv(10_000) + call.recv(10_000)


def test_a_broken_edit_is_in_the_log_once_and_the_flow_goes_on(
    machine: Machine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    greet = tmp_path / "greet.yaml"
    greet.write_text(GREET)
    with serving(machine, tmp_path, follows=True) as place, caplog.at_level(logging.INFO, "blockwright"):
        greet.write_text(GREET.replace("return", "retrun"))
        (tmp_path / "two.yaml").write_text("flow: two\nsteps:\n  - return: = nobody\n")
        for _ in range(3):
            assert place.post("/flows/greet", {"name": "Al"}).status == 200
            assert place.post("/flows/two").code == "unknown flow"
        assert [flow["name"] for flow in listed(place)] == ["greet somebody"]
        messages = [each.getMessage() for each in caplog.records if each.name != "blockwright.access"]
        (goes_on,) = [each for each in messages if "`greet somebody` goes on as it was" in each]
        (cannot,) = [each for each in messages if "The flow `two` cannot be served" in each]
        assert "did you mean `return`?" in goes_on
        assert "two.yaml:3:" in cannot

        greet.write_text(GREET.replace("hello", "good evening"))
        assert place.post("/flows/greet", {"name": "Al"}).record["text"] == "good evening Al"
        assert "The flow `greet somebody` is changed." in caplog.text


def test_files_are_looked_at_once_in_a_while(tmp_path: Path) -> None:
    (tmp_path / "greet.yaml").write_text(GREET)
    looks: list[Refreshed] = []
    runtime = Runtime(flows=tmp_path)

    def follow() -> Refreshed:
        looks.append(runtime.refresh())
        if len(looks) == 2:
            raise OSError("the disk is gone")
        return looks[-1]

    async def look() -> None:
        for _ in range(5):
            await flows.look(3600)
        for _ in range(2):
            await flows.look()

    flows = ServedFlows([], 1, follow)
    try:
        asyncio.run(look())
        assert [flow.name for flow in flows.flows] == ["greet somebody"]
        assert len(looks) == 3
    finally:
        flows.close()


def test_without_flows_there_are_none(machine: Machine) -> None:
    with served(machine) as place:
        assert place.get("/flows").json == []
        assert place.post("/flows/greet").code == "unknown flow"
