"""Blocks that make, find, change and remove accounts."""

from __future__ import annotations

from blockwright.catalogue import block
from blockwright.failure import BAD_VALUE, RATE_LIMITED, Failure
from blockwright.services.current import CurrentUser
from blockwright.services.users import Accounts
from blockwright_blocks.users.codes import GIVEN, PROPERTIES, TRANSIENT, TRANSIENT_OR_LIMITED
from blockwright_blocks.users.records import SecretObject, UserRecord, user_record


@block(
    "register user",
    category="users",
    failures={
        3009: "Registration is turned off in this app.",
        3010: "There is a property that users do not have, and none can be added.",
        3011: "There is no password.",
        3012: "A required property is missing.",
        3013: "The property that names the account is missing: the email, unless the app says otherwise.",
        3014: "Another service that registers users has refused.",
        3021: "The user cannot be registered, for a reason that the message gives.",
        3033: "There is an account with this identity already.",
        3038: "A value is missing that is needed.",
        3039: "The property objectId is given by the service, except that of a guest who is to become this user.",
        3043: "A property is given twice.",
        3076: "The property updated is kept by the service.",
        3077: "The property created is kept by the service.",
        3078: "There is no email that the user could confirm.",
        **PROPERTIES,
        RATE_LIMITED: "Too many emails were asked for; wait a while.",
        **GIVEN,
    },
    transient=TRANSIENT_OR_LIMITED,
)
async def register_user(user: SecretObject, *, users: Accounts) -> UserRecord:
    """Make an account of a user's properties, the password among them.

    Where the app requires confirmation, the confirmation email goes out and the user is pending until then. Nobody is
    logged in by it. With the objectId of a guest, the guest becomes this user.
    """
    return user_record(await users.register(user))


@block("find user", category="users", failures=GIVEN, transient=TRANSIENT)
async def find_user(identity: str | int, *, users: Accounts) -> UserRecord | None:
    """Find the user with an identity; gives nothing when there is none.

    The identity is the value of the identity column: the email address, unless the app says otherwise.
    """
    user = await users.find(identity)
    return None if user is None else user_record(user)


@block("find user by id", category="users", failures=GIVEN, transient=TRANSIENT)
async def find_user_by_id(object_id: str, *, users: Accounts) -> UserRecord | None:
    """Find the user with an object id; gives nothing when there is none."""
    user = await users.find_by_id(object_id)
    return None if user is None else user_record(user)


@block(
    "update user",
    category="users",
    failures={
        3018: "There is another account with this identity.",
        3024: "The user cannot be updated, for a reason that the message gives.",
        3030: "There is no account with this objectId.",
        3031: "There is a property that users do not have, and none can be added.",
        3045: "A required property is empty.",
        **PROPERTIES,
        **GIVEN,
    },
    transient=TRANSIENT,
)
async def update_user(user: SecretObject, *, users: Accounts, current: CurrentUser) -> UserRecord:
    """Change properties of a user; gives the whole user.

    The user is an object with the objectId and what is to change; other properties stay as they are. What the service
    itself keeps, such as created, may stand in the object and is not changed.
    """
    object_id = user.get("objectId")
    if not isinstance(object_id, str):
        raise Failure(BAD_VALUE, "The user has no objectId, so nobody can tell whom to update.")
    changes = {name: value for name, value in user.items() if name not in ("objectId", "user-token")}
    updated = await users.update(object_id, changes)
    known = current.user()
    if known is not None and known.object_id == updated.object_id:
        current.become(current.token(), updated)
    return user_record(updated)


@block(
    "remove user",
    category="users",
    failures={1000: "There is no account with this objectId.", **GIVEN},
    transient=TRANSIENT,
)
async def remove_user(object_id: str, *, users: Accounts) -> int:
    """Remove a user's account and end all sessions; gives when, in milliseconds since 1970."""
    return await users.remove(object_id)
