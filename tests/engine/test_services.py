"""Services are handed to blocks by their type; a missing one is a finding before the run."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

import pytest

from blockwright import Failure, FlowError, Runtime, block
from tests.engine.kit import WAYS, Way, load, run


@runtime_checkable
class Bell(Protocol):
    def ring(self) -> str: ...


class Door:
    """A service known by its class."""

    def __init__(self, name: str) -> None:
        self.name = name


class BigBell:
    def ring(self) -> str:
        return "ding"


@block("ring")
def ring(*, bell: Bell, door: Door) -> str:
    """Ring the bell at the door."""
    return f"{bell.ring()} at the {door.name}"


FLOW = "flow: visit\nsteps:\n  - ring:\n    save as: heard\n  - return: = heard\n"


@pytest.mark.parametrize("way", WAYS)
def test_a_block_is_handed_the_services_it_asks_for(way: Way) -> None:
    flow = load(FLOW, ring, services=[Door("front"), Door("back"), BigBell()])
    assert run(flow, way) == "ding at the front", "the first that fits"


def test_each_missing_service_is_a_finding_where_the_block_is_called() -> None:
    with pytest.raises(FlowError) as refused:
        load(FLOW, ring)
    assert [((found.span.line, found.span.column), found.message, found.mend) for found in refused.value.findings] == [
        (
            (3, 5),
            "`ring` needs a service for `bell` (Bell), and there is none",
            "give the runtime one: `Runtime(services=[…])`",
        ),
        (
            (3, 5),
            "`ring` needs a service for `door` (Door), and there is none",
            "give the runtime one: `Runtime(services=[…])`",
        ),
    ]


def test_users_and_mail_are_named_as_the_command_names_them() -> None:
    text = "flow: resend\nsteps:\n  - resend confirmation email: {user identity: a@yourmail.com}\n"
    with pytest.raises(FlowError) as refused:
        Runtime().load_text(text)
    assert refused.value.findings[0].mend == "give the runtime one: `--users URL`, or `Runtime(users=…)`"


def test_a_flow_may_be_checked_without_its_services_but_not_run(tmp_path: Path) -> None:
    path = tmp_path / "visit.yaml"
    path.write_text(FLOW, encoding="utf-8")
    runtime = Runtime(blocks=[ring])
    flow = runtime.check(path)
    assert flow.name == "visit"
    for watch in (None, lambda _: None):
        with pytest.raises(FlowError, match="needs a service"):
            flow.run(watch=watch)


def test_another_flows_missing_service_is_not_this_flows_affair(tmp_path: Path) -> None:
    path = tmp_path / "visit.yaml"
    path.write_text(FLOW, encoding="utf-8")
    runtime = Runtime(blocks=[ring])
    runtime.check(path)
    assert runtime.load_text("flow: stay\nsteps:\n  - return: here\n", str(tmp_path / "stay.yaml")).run() == "here"


def test_a_service_that_a_called_flow_needs_is_looked_for_at_load(tmp_path: Path) -> None:
    (tmp_path / "visit.yaml").write_text(FLOW, encoding="utf-8")
    with pytest.raises(FlowError, match=r"visit\.yaml:3:5: `ring` needs a service for `bell`"):
        Runtime(blocks=[ring]).load_text("flow: walk\nsteps:\n  - visit\n", str(tmp_path / "walk.yaml"))


def test_a_url_that_names_no_service_fails_when_a_block_first_asks() -> None:
    runtime = Runtime(users="nonsense:x", blocks=[ring])
    assert runtime.load_text("flow: stay\nsteps:\n  - return: here\n").run() == "here"
    with pytest.raises(Failure):
        runtime.load_text(FLOW)


def test_the_invoker_binds_each_block_once_and_every_call_goes_through_it() -> None:
    seen: list[str] = []

    class Counting:
        def bind(self, of, services):  # type: ignore[no-untyped-def]
            seen.append(f"binds {of.label}")

            def call(**inputs: object) -> object:
                seen.append(f"calls {of.label}")
                return of.function(**inputs, **services)

            return call

    runtime = Runtime(services=[Door("front"), BigBell()], blocks=[ring], invoker=Counting())
    flow = runtime.load_text(FLOW)
    assert [flow.run(), flow.run(watch=lambda _: None)] == ["ding at the front"] * 2
    assert seen == ["binds ring", "calls ring", "calls ring"]
