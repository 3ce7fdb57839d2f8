"""Confirming, enabling, disabling and unlocking accounts, and giving them passwords."""

from __future__ import annotations

from blockwright.cli.terminal import say
from blockwright.cli.users.asking import ask_password, read_password
from blockwright.cli.users.calling import account, ask, cannot, exit_code, name_of
from blockwright.cli.values import as_json
from blockwright.services import Accounts, Administration, User, UserStatus
from blockwright.services.users import Statuses


def confirm_user(identity: str, url: str | None, *, json: bool) -> int:
    """Confirm a user's address; gives the exit code."""

    async def confirm(users: object) -> User:
        if not isinstance(users, Administration):
            raise cannot("confirm users by hand")
        return await users.confirm(identity)

    def call() -> None:
        user = ask(url, confirm)
        _say_of(user, f"{name_of(user)} is confirmed", json=json)

    return exit_code(call, json=json)


def enable_user(identity: str, url: str | None, *, json: bool) -> int:
    """Enable an account; gives the exit code."""
    return _set_status(identity, UserStatus.ENABLED, "enabled", url, json=json)


def disable_user(identity: str, url: str | None, *, json: bool) -> int:
    """Disable an account; gives the exit code."""
    return _set_status(identity, UserStatus.DISABLED, "disabled", url, json=json)


def _set_status(identity: str, status: UserStatus, word: str, url: str | None, *, json: bool) -> int:
    async def change(users: object) -> User:
        if not isinstance(users, Statuses):
            raise cannot("enable and disable users")
        object_id = (await account(users, identity)).object_id
        await users.set_status(object_id, status)
        return await account(users, object_id)

    def call() -> None:
        user = ask(url, change)
        _say_of(user, f"{name_of(user)} is {word}", json=json)

    return exit_code(call, json=json)


def unlock_user(identity: str, url: str | None, *, json: bool) -> int:
    """Forget failed logins; gives the exit code."""

    async def unlock(users: object) -> User:
        if not isinstance(users, Administration):
            raise cannot("unlock users")
        user = await account(users, identity)
        await users.unlock(identity)
        return user

    def call() -> None:
        user = ask(url, unlock)
        _say_of(user, f"{name_of(user)} may try again at once", json=json)

    return exit_code(call, json=json)


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
