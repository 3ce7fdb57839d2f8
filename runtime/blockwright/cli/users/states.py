"""Confirming, enabling, disabling and unlocking accounts, and giving them passwords."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from types import MappingProxyType

from blockwright.cli.terminal import say
from blockwright.cli.users.asking import ask_password, read_password
from blockwright.cli.users.calling import account, ask, cannot, exit_code, name_of
from blockwright.language.showing import as_json
from blockwright.services import Accounts, Administration, User, UserStatus
from blockwright.services.users import Statuses


def change_state(change: str, identity: str, url: str | None, *, json: bool) -> int:
    """Do one of the changes that ``blockwright users`` has by this name, such as ``confirm``; gives the exit code."""
    do, words = _CHANGES[change]

    def call() -> None:
        user = ask(url, lambda users: do(users, identity))
        _say_of(user, f"{name_of(user)} {words}", json=json)

    return exit_code(call, json=json)


async def _confirm(users: object, identity: str) -> User:
    if not isinstance(users, Administration):
        raise cannot("confirm users by hand")
    return await users.confirm(identity)


async def _set_status(status: UserStatus, users: object, identity: str) -> User:
    if not isinstance(users, Statuses):
        raise cannot("enable and disable users")
    object_id = (await account(users, identity)).object_id
    await users.set_status(object_id, status)
    return await account(users, object_id)


async def _unlock(users: object, identity: str) -> User:
    if not isinstance(users, Administration):
        raise cannot("unlock users")
    user = await account(users, identity)
    await users.unlock(identity)
    return user


_CHANGES: Mapping[str, tuple[Callable[[object, str], Coroutine[object, object, User]], str]] = MappingProxyType(
    {
        "confirm": (_confirm, "is confirmed"),
        "enable": (partial(_set_status, UserStatus.ENABLED), "is enabled"),
        "disable": (partial(_set_status, UserStatus.DISABLED), "is disabled"),
        "unlock": (_unlock, "may try again at once"),
    }
)
"""What is done to the account of an identity, and what is said of it then."""


def set_password(identity: str, url: str | None, *, from_stdin: bool, json: bool) -> int:
    """Give a user another password; gives the exit code. Raises CallError."""

    async def find(users: object) -> User:
        return await account(users, identity)

    def call() -> None:
        user = ask(url, find)
        password = read_password() if from_stdin else ask_password()

        async def change(users: object) -> User:
            if not isinstance(users, Accounts):
                raise cannot("change passwords")
            return await users.update(user.object_id, {"password": password})

        changed = ask(url, change)
        _say_of(changed, f"{name_of(changed)} has a new password, and is logged out everywhere", json=json)

    return exit_code(call, json=json)


def _say_of(user: User, text: str, *, json: bool) -> None:
    say(as_json(user.to_dict()) if json else text)
