"""Mails that users ask for, and confirmation links."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from blockwright.failure import Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.backendless.answers import link_of, nothing_of
from blockwright.services.backends.backendless.api import Api, Call
from blockwright.services.backends.backendless.identities import segment, written
from blockwright.services.records import Identity

T = TypeVar("T")

NO_ACCOUNT = 3104
NO_ACCOUNT_TO_RESTORE = 3020


async def resend_confirmation(api: Api, identity: Identity) -> None:
    await _ask_about(api, "POST", "users/resendconfirmation", identity, NO_ACCOUNT, nothing_of)


async def create_confirmation_link(api: Api, identity: Identity) -> str:
    return await _ask_about(api, "POST", "users/createEmailConfirmationURL", identity, NO_ACCOUNT, link_of)


async def restore_password(api: Api, identity: Identity) -> None:
    await _ask_about(api, "GET", "users/restorepassword", identity, NO_ACCOUNT_TO_RESTORE, nothing_of)


async def _ask_about(
    api: Api, method: str, path: str, identity: Identity, unknown: int, read: Callable[[object], T]
) -> T:
    """Ask for something about an account; fails with ``unknown`` for an identity that nobody can have."""
    name = segment(written(identity))
    if name is None:
        raise Failure(unknown, f"Nobody is registered as {shown(identity)}.")
    return await api.ask(Call(method, f"{path}/{name}"), read)
