"""The world of one run of a test: an app of its own in memory, a clock of its own, and who stands in for blocks."""

from __future__ import annotations

import asyncio
import datetime
import itertools
import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from blockwright.catalogue import Block
from blockwright.engine.manual_clock import START, ManualClock
from blockwright.engine.services import BoundBlocks, Services
from blockwright.expressions import evaluating
from blockwright.expressions.values import DateTime, Value, give
from blockwright.failure import Failure
from blockwright.language.program import calls_in
from blockwright.language.source.quoting import cut
from blockwright.language.suggest import did_you_mean
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import User, UserStatus
from blockwright.services.settings import Settings
from blockwright.services.sources import Sources
from blockwright.testing.passwords import QuickPasswords
from blockwright.testing.stand_ins import StandIns
from blockwright.testing.values import worked_out

if TYPE_CHECKING:
    from blockwright.engine.runtime import Flow
    from blockwright.language import program as p
    from blockwright.language.cases.checked import Case, GivenSetting, GivenUser
    from blockwright.language.diagnostics import Finding, Span

T = TypeVar("T")


class NotReady(Exception):
    """What a test gives cannot be; ``findings`` say what, and where it is written."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is after a run, with its roles."""

    user: User
    roles: tuple[str, ...]
    password_hash: str | None


DEFAULTS: Mapping[str, object] = {"emailConfirmationRequired": True}
"""The settings of an app that a test does not describe further."""


STEPS = 1_000_000
"""Steps that the expressions in a test may take."""


PATIENCE = 30.0
"""Real seconds for which a test waits for blocks of an application while nothing else happens."""


def longest_wait() -> float:
    """The chance of a test: a drawn wait is as long as it can be, so that a test knows it."""
    return 1 - 2**-53


class World:
    """Made anew for each run. ``services`` are further ones, of the application's own."""

    def __init__(self, case: Case, services: Sequence[object] = (), patience: float = PATIENCE) -> None:
        self._case = case
        self.clock = ManualClock(self._start(), chance=longest_wait, patience=patience)
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
        with evaluating(STEPS, self.clock.now):
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

    def _start(self) -> datetime.datetime:
        clock = self._case.given.clock
        if clock is None:
            return START
        with evaluating(STEPS):
            return moment(self._given(clock))

    def _now(self) -> int:
        return int((self._day or self.clock.now()).timestamp() * 1000)

    async def _prepare(self) -> str | None:
        given = self._case.given
        await self.users.change_settings(DEFAULTS)
        await self._for_each(given.settings, self._change_setting)
        await self._for_each(given.roles.items(), self._make_role)
        await self._for_each(given.users, self._add)
        await self._for_each(given.roles.items(), self._assign)
        if given.logged_in is None:
            return None
        identity = cast("str | int", give(self._given(given.logged_in)))
        account = await self.users.find(identity)
        if account is None:
            raise self._not_ready(given.logged_in.span, f"nobody can be logged in as {identity}, who is not there")
        return (await self.users.log_in_by_id(account.object_id)).token

    async def _for_each(self, items: Iterable[T], act: Callable[[T], Awaitable[object]]) -> None:
        """Do the same with all, and say of all of them what cannot be."""
        findings: list[Finding] = []
        for item in items:
            try:
                await act(item)
            except NotReady as problem:
                findings += problem.findings
        if findings:
            raise NotReady(findings)

    async def _change_setting(self, setting: GivenSetting) -> None:
        names = Settings.documented_names()
        if setting.name not in names:
            near = did_you_mean(setting.name, names)
            mend = f"did you mean `{near}`?" if near else f"there are {', '.join(names)}"
            raise self._not_ready(setting.span, f"there is no setting called `{cut(setting.name)}`", mend)
        value = give(self._given(setting.value))
        with self._at(setting.value.span):
            await self.users.change_settings({setting.name: value})

    async def _make_role(self, role: tuple[str, p.Value]) -> None:
        name, members = role
        with self._at(members.span):
            await self.users.make_role(name)

    async def _assign(self, role: tuple[str, p.Value]) -> None:
        name, members = role
        with self._at(members.span):
            for member in cast("list[str]", self._given(members)):
                await self.users.assign_role(member, name)

    async def _add(self, user: GivenUser) -> None:
        record = {name: self._given(value) for name, value in user.record.items()}
        status = self._status(user.record.get("userStatus"))
        roles = cast("list[str]", record.pop("roles", None) or [])
        created = record.pop("created", None)
        record.pop("userStatus", None)
        self._day = None if created is None else moment(created)
        try:
            with self._at(user.span):
                account = await self.users.add({name: give(value) for name, value in record.items()}, status)
                for role in roles:
                    if role not in await self.users.list_roles():
                        await self.users.make_role(role)
                    await self.users.assign_role(account.object_id, role)
        finally:
            self._day = None

    def _status(self, written: p.Value | None) -> UserStatus:
        if written is None:
            return UserStatus.ENABLED
        status = str(self._given(written))
        if status not in list(UserStatus):
            raise self._not_ready(written.span, *no_status(status))
        return UserStatus(status)

    def _given(self, value: p.Value) -> Value:
        with self._at(value.span, "what is given here cannot be worked out: "):
            return worked_out(value)

    @contextmanager
    def _at(self, span: Span, before: str = "") -> Iterator[None]:
        """While something is made ready that is written there."""
        try:
            yield
        except Failure as failure:
            raise self._not_ready(span, before + failure.message) from failure

    def _not_ready(self, span: Span, message: str, mend: str | None = None) -> NotReady:
        return NotReady([self._case.source.finding(span, message, mend, rule="given")])

    async def _accounts(self) -> list[Account]:
        rows = await self._store.read(lambda tables: {row.object_id: row.password_hash for row in tables.users.all()})
        return [
            Account(user, await self.users.roles_of(user.object_id), rows[user.object_id])
            for user in await self.users.list_users()
        ]


def no_status(status: str) -> tuple[str, str]:
    """What is wrong with a status that no user can have, and a mend."""
    near = did_you_mean(status, UserStatus)
    mend = f"did you mean {near}?" if near else f"there are {', '.join(UserStatus)}"
    return f"{cut(status)} is no status of a user", mend


def moment(value: Value) -> datetime.datetime:
    """A date, or a date and time, as a moment; in UTC unless it has a zone."""
    day = give(value)
    if isinstance(value, DateTime) and isinstance(day, datetime.datetime):
        return day if day.tzinfo else day.replace(tzinfo=datetime.UTC)
    assert isinstance(day, datetime.date)
    return datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)
