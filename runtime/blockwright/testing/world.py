"""The world of one run of a test: an app of its own in memory, a clock of its own, and who stands in for blocks."""

from __future__ import annotations

import asyncio
import datetime
import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from blockwright.catalogue import Block
from blockwright.engine.manual_clock import START, ManualClock
from blockwright.engine.services import BoundBlocks, Services
from blockwright.expressions.values import DateTime, Value, give
from blockwright.failure import Failure, Place
from blockwright.language.program import calls_in
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import User, UserStatus
from blockwright.services.sources import Sources
from blockwright.testing.passwords import QuickPasswords
from blockwright.testing.stand_ins import StandIns
from blockwright.testing.values import worked_out

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow
    from blockwright.language.cases.checked import Case, GivenUser
    from blockwright.language.diagnostics import Span


class NotReady(Exception):
    """What a test gives cannot be: ``message`` says what, ``place`` where it is written."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is after a run, with its roles."""

    user: User
    roles: tuple[str, ...]
    password_hash: str | None


DEFAULTS: Mapping[str, object] = {"emailConfirmationRequired": True}
"""The settings of an app that a test does not describe further."""


def longest_wait() -> float:
    """The chance of a test: a drawn wait is as long as it can be, so that a test knows it."""
    return 1 - 2**-53


class World:
    """Made anew for each run. ``services`` are further ones, of the application's own."""

    def __init__(self, case: Case, services: Sequence[object] = ()) -> None:
        self._case = case
        self.clock = ManualClock(_start(case), chance=longest_wait)
        self.mailer = MemoryMailer()
        self.passwords = QuickPasswords()
        self._store = MemoryStore()
        self._day: datetime.datetime | None = None
        numbers = itertools.count(1)
        sources = Sources(
            now=self._now,
            token=lambda: f"token-{next(numbers)}",
            object_id=lambda: str(uuid.UUID(int=next(numbers))).upper(),
        )
        self.users = StoredUsers(self._store, self.mailer, sources, self.passwords)
        self.stand_ins = StandIns(case.given.answers, self.clock)
        self._services = Services(self.users, self.mailer, services)

    def prepare(self) -> str | None:
        """Make the app as the test finds it; gives the session of who is logged in. Raises NotReady."""
        return asyncio.run(self._prepare())

    def host(self, flow: Flow) -> Flow:
        """The flow as it runs in this world."""
        blocks = BoundBlocks(self._services, self.stand_ins)
        for program in flow.programs:
            for routine in program.routines():
                for call in calls_in(routine.body):
                    if isinstance(call.callee, Block) and self._stands_in_for(call.callee):
                        blocks.calls[call.callee.label] = self.stand_ins.in_place_of(call.callee)
        return flow.over(blocks, self.clock)

    def accounts(self) -> list[Account]:
        """The accounts as they are now."""
        return asyncio.run(self._accounts())

    def _stands_in_for(self, block: Block[..., object]) -> bool:
        if block.label in self._case.given.answers:
            return True
        return any(self._services.find(wanted) is None for wanted in block.services.values())

    def _now(self) -> int:
        return int((self._day or self.clock.now()).timestamp() * 1000)

    async def _prepare(self) -> str | None:
        given = self._case.given
        await self._change_settings()
        for role, members in given.roles.items():
            await self._add_role(role, cast("list[str]", worked_out(members)), members.span, when="before")
        for user in given.users:
            await self._add(user)
        for role, members in given.roles.items():
            await self._add_role(role, cast("list[str]", worked_out(members)), members.span, when="after")
        if given.logged_in is None:
            return None
        identity = cast("str | int", give(worked_out(given.logged_in)))
        account = await self.users.find(identity)
        if account is None:
            raise self._not_ready(given.logged_in.span, f"nobody can be logged in as {identity}, who is not there")
        return (await self.users.log_in_by_id(account.object_id)).token

    async def _change_settings(self) -> None:
        await self.users.change_settings(DEFAULTS)
        for name, value in self._case.given.settings.items():
            try:
                await self.users.change_settings({name: give(worked_out(value))})
            except Failure as failure:
                raise self._not_ready(value.span, failure.message) from failure

    async def _add_role(self, role: str, members: list[str], span: Span, when: str) -> None:
        try:
            if when == "before":
                await self.users.make_role(role)
                return
            for member in members:
                await self.users.assign_role(member, role)
        except Failure as failure:
            raise self._not_ready(span, failure.message) from failure

    async def _add(self, user: GivenUser) -> None:
        record = {name: worked_out(value) for name, value in user.record.items()}
        status = record.pop("userStatus", UserStatus.ENABLED.value)
        roles = cast("list[str]", record.pop("roles", None) or [])
        created = record.pop("created", None)
        if status not in list(UserStatus):
            span, words = user.record["userStatus"].span, ", ".join(UserStatus)
            raise self._not_ready(span, f"{status} is no status of a user; there are {words}")
        self._day = None if created is None else moment(created)
        try:
            properties = {name: give(value) for name, value in record.items()}
            account = await self.users.add(properties, UserStatus(str(status)))
            for role in roles:
                if role not in await self.users.list_roles():
                    await self.users.make_role(role)
                await self.users.assign_role(account.object_id, role)
        except Failure as failure:
            raise self._not_ready(user.span, failure.message) from failure
        finally:
            self._day = None

    def _not_ready(self, span: Span, message: str) -> NotReady:
        return NotReady(message, Place(self._case.source.path, span.line, span.column))

    async def _accounts(self) -> list[Account]:
        rows = await self._store.read(lambda tables: {row.object_id: row.password_hash for row in tables.users.all()})
        return [
            Account(user, await self.users.roles_of(user.object_id), rows[user.object_id])
            for user in await self.users.list_users()
        ]


def _start(case: Case) -> datetime.datetime:
    return START if case.given.clock is None else moment(worked_out(case.given.clock))


def moment(value: Value) -> datetime.datetime:
    """A date, or a date and time, as a moment; in UTC unless it has a zone."""
    day = give(value)
    if isinstance(value, DateTime) and isinstance(day, datetime.datetime):
        return day if day.tzinfo else day.replace(tzinfo=datetime.UTC)
    assert isinstance(day, datetime.date)
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
