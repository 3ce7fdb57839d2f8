"""Services are handed to blocks by their type; a missing one is a finding before the run."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

import pytest

from blockwright import Failure, FlowError, Runtime, block
from blockwright.services import Mailer
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


def needs(text: str, **given: object) -> list[tuple[str, str | None]]:
    """What loading a flow says is missing, and the mends."""
    with pytest.raises(FlowError) as refused:
        Runtime(**given).load_text(text)  # type: ignore[arg-type]
    assert {found.rule for found in refused.value.findings} == {"no-service"}
    return [(found.message, found.mend) for found in refused.value.findings]


class OnlyFinds:
    """A user service that keeps accounts, and can do nothing else."""

    async def register(self, properties: object, *, client: str | None = None) -> None: ...
    async def find(self, identity: object) -> None: ...
    async def find_by_id(self, object_id: str) -> None: ...
    async def update(self, object_id: str, changes: object) -> None: ...
    async def remove(self, object_id: str) -> None: ...
    async def list_users(self) -> None: ...


USERS = """
flow: look after users
steps:
  - find user: {identity: alice@yourmail.com}
  - restore password: {user identity: alice@yourmail.com}
  - assign role: {identity: alice@yourmail.com, role name: baker}
"""


def test_a_missing_user_service_is_told_apart_from_one_that_cannot_do_it() -> None:
    mend = "give the runtime one: `--users URL`, or `Runtime(users=…)`"
    assert needs(USERS) == [
        ("`find user` needs a user service, and there is none", mend),
        ("`restore password` needs a user service, and there is none", mend),
        ("`assign role` needs a user service, and there is none", mend),
    ]

    mend = "use one that has it, such as `--users sqlite:///users.db`"
    assert needs(USERS, users=OnlyFinds()) == [
        (
            "`restore password` needs a user service with password recovery (a way back in for who forgot the "
            "password), and the one there is has none of that",
            mend,
        ),
        (
            "`assign role` needs a user service with roles that the owner gave to users, and the one there is has none "
            "of that",
            mend,
        ),
    ]


def test_a_missing_mailer_is_named() -> None:
    @block("write to somebody")
    async def write(*, post: Mailer) -> None:
        """Write."""

    text = "flow: write\nsteps:\n  - write to somebody\n"
    assert needs(text, blocks=[write]) == [
        (
            "`write to somebody` needs a mailer, and there is none",
            "give the runtime one: `--mail URL`, or `Runtime(mail=…)`",
        )
    ]


def test_who_is_logged_in_is_offered_without_being_given() -> None:
    text = "flow: say\nsteps:\n  - get current user token:\n    save as: token\n  - return: = token\n"
    assert Runtime().load_text(text).run(user_token="abc") == "abc"


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
