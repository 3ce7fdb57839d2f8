"""How each of these commands talks to a user service, and turns what goes wrong into words and an exit code."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar, runtime_checkable

from blockwright.cli.defaults import make_data_folder, users_url
from blockwright.cli.showing import show_failure, show_findings
from blockwright.cli.stopping import FAILED, OK, WRONG
from blockwright.cli.terminal import CallError
from blockwright.failure import BAD_VALUE, Failure
from blockwright.language.diagnostics import FlowError
from blockwright.services import Accounts, Mailer, User, UserSettings, open_users
from blockwright.services.addresses import shown
from blockwright.services.users import UserSearch

T = TypeVar("T")


def exit_code(call: Callable[[], int | None], *, json: bool) -> int:
    """Do what a command does, and give its exit code; a failure is shown."""
    try:
        return call() or OK
    except FlowError as error:
        return show_findings(error.findings, "a value cannot be read", as_data=json)
    except Failure as failure:
        return show_failure(failure, as_data=json, code=WRONG if failure.code == BAD_VALUE else FAILED)


def ask(url: str | None, question: Callable[[object], Awaitable[T]], mailer: Mailer | None = None) -> T:
    """What the user service of a URL answers; without one it is the database in the data folder. Raises CallError,
    Failure."""

    async def asked() -> T:
        users = open_users(_named(url), mailer)
        try:
            return await question(users)
        finally:
            if isinstance(users, _Closable):
                await users.close()

    return asyncio.run(asked())


@runtime_checkable
class _Closable(Protocol):
    async def close(self) -> None: ...


def _named(url: str | None) -> str:
    if url is None:
        make_data_folder()
        url = users_url()
    if url is None:
        raise CallError("no user database is named, and there is no data folder for one", "give one: --users URL")
    return url


def cannot(what: str) -> CallError:
    """The mistake of asking a user service for something that it does not do."""
    return CallError(f"this user service cannot {what}", "give another one: --users URL")


async def account(users: object, identity: str) -> User:
    """The account of an identity, or of an object id, which nobody can choose. Fails with 3057."""
    if not isinstance(users, Accounts):
        raise cannot("find users")
    found = await users.find_by_id(identity) if _OBJECT_ID.fullmatch(identity) else None
    found = found or await users.find(identity)
    if found is None:
        raise Failure(3057, f"Nobody is registered as {shown(identity)}.")
    return found


_OBJECT_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


async def identity_column(users: object) -> str:
    """The column whose value names an account."""
    if isinstance(users, UserSettings):
        return (await users.read_settings()).identity_column
    columns = await users.describe() if isinstance(users, UserSearch) else ()
    return next((column.name for column in columns if column.identity), "email")


def name_of(user: User) -> str:
    """What a user is called where there is room for one name."""
    return user.email or user.object_id
