"""``blockwright users``: the accounts of an app and its settings, in the hands of its owner."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime

from blockwright.cli.defaults import make_data_folder, users_url
from blockwright.cli.reading import read_pairs
from blockwright.cli.showing import show_failure
from blockwright.cli.stopping import FAILED, OK, WRONG
from blockwright.cli.terminal import CallError, columns, say, tell
from blockwright.cli.values import as_json, as_text
from blockwright.failure import BAD_VALUE, Failure
from blockwright.language.suggest import did_you_mean
from blockwright.services import Accounts, Administration, Settings, User, UserSettings, UserStatus, open_users

PENDING = "PENDING"
"""Short for ``EMAIL_CONFIRMATION_PENDING``."""


def add_user(email: str, status: str, url: str | None, *, json: bool) -> int:
    """Add a user; gives the exit code. Raises CallError for a status that is none."""
    chosen = _read_status(status)

    async def add() -> None:
        users = _open(url)
        if not isinstance(users, Administration):
            raise _cannot("add users")
        user = await users.add(email, chosen)
        say(as_json(user.to_dict()) if json else f"added {user.email} ({user.user_status})")

    return _run(add(), json=json)


def list_users(url: str | None, *, json: bool) -> int:
    """Print all users; gives the exit code."""

    async def show() -> None:
        service = _open(url)
        if not isinstance(service, Accounts):
            raise _cannot("list its users")
        users = await service.list_users()
        if json:
            say(as_json([user.to_dict() for user in users]))
        elif users:
            say(columns([user.email, user.user_status, _when(user)] for user in users))
        else:
            tell("nobody is registered yet")

    return _run(show(), json=json)


def confirm_user(identity: str, url: str | None, *, json: bool) -> int:
    """Confirm a user's address; gives the exit code."""

    async def confirm() -> None:
        users = _open(url)
        if not isinstance(users, Administration):
            raise _cannot("confirm users by hand")
        user = await users.confirm(identity)
        say(as_json(user.to_dict()) if json else f"{user.email} is confirmed")

    return _run(confirm(), json=json)


def change_settings(changes: Sequence[str], url: str | None, *, json: bool) -> int:
    """Change all the settings that are named, or none, and print those; without changes print all."""
    pairs = read_pairs(changes)

    async def change() -> None:
        users = _open(url)
        if not isinstance(users, UserSettings):
            raise _cannot("show or change its settings")
        settings = await (users.change_settings(pairs) if pairs else users.read_settings())
        say(as_json(settings.to_dict()) if json else _settings_text(settings, frozenset(pairs)))

    return _run(change(), json=json)


def _run(work: Coroutine[object, object, None], *, json: bool) -> int:
    try:
        asyncio.run(work)
    except Failure as failure:
        return show_failure(failure, as_data=json, code=WRONG if failure.code == BAD_VALUE else FAILED)
    return OK


def _open(url: str | None) -> object:
    if url is None:
        make_data_folder()
        url = users_url()
    if url is None:
        raise CallError("no user database is named, and there is no data folder for one", "give one: --users URL")
    return open_users(url)


def _cannot(what: str) -> CallError:
    return CallError(f"this user service cannot {what}", "give another one: --users URL")


def _read_status(text: str) -> UserStatus:
    name = text.strip().upper()
    if name == PENDING:
        return UserStatus.EMAIL_CONFIRMATION_PENDING
    if name in UserStatus.__members__:
        return UserStatus[name]
    near = did_you_mean(name, [*UserStatus, PENDING])
    mend = f"did you mean {near}?" if near else f"there are {', '.join(UserStatus)}"
    raise CallError(f"{text} is no status of a user", mend)


def _when(user: User) -> str:
    return f"added {datetime.fromtimestamp(user.created / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _settings_text(settings: Settings, names: frozenset[str]) -> str:
    about = {field.alias: field.description or "" for field in type(settings).model_fields.values()}
    values = settings.to_dict().items()
    return columns([f"{name} = {as_text(value)}", about[name]] for name, value in values if name in names or not names)
