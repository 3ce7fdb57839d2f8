"""User services: what blocks and owners may ask about accounts, as small protocols, and the data they speak of.

A backend provides as many of the protocols as it can; whoever needs one asks for it by its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from blockwright.services.settings import Settings

Identity: TypeAlias = str | int
"""What names an account: the value of the identity column, which is the email address here."""


class UserStatus(StrEnum):
    """The status of an account, under Backendless's documented names."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"
    EMAIL_CONFIRMATION_PENDING = "EMAIL_CONFIRMATION_PENDING"
    GUEST = "GUEST"


@dataclass(frozen=True, slots=True)
class User:
    """One account. ``object_id`` is an upper-case UUID; ``created`` and ``updated`` are milliseconds since 1970, UTC.

    ``updated`` is None until something about the account changes.
    """

    object_id: str
    email: str
    user_status: UserStatus
    created: int
    updated: int | None = None
    properties: Mapping[str, object] = field(default_factory=dict, hash=False)

    def to_dict(self) -> dict[str, object]:
        """The account as Backendless writes a record of its Users table, ready for JSON."""
        return {
            **self.properties,
            "objectId": self.object_id,
            "email": self.email,
            "userStatus": self.user_status.value,
            "created": self.created,
            "updated": self.updated,
            "ownerId": self.object_id,
            "___class": "Users",
        }


@runtime_checkable
class Accounts(Protocol):
    """Accounts: people register, and are found."""

    async def register(self, email: str, properties: Mapping[str, object] | None = None) -> User:
        """Make an account. Where the app requires confirmation it is pending, and the confirmation email goes out.

        Fails with 3009 registration is off, 3013 no email, 3033 already registered, 3039, 3076 or 3077 a property that
        the service itself sets, 3040 not an email address, ``bad value`` properties that cannot be kept, and
        ``unavailable``, after which nobody has been registered.
        """
        ...

    async def find(self, identity: Identity) -> User | None:
        """The account of this identity, or None. Fails with ``bad value`` for anything but text or a number."""
        ...

    async def list_users(self) -> tuple[User, ...]:
        """All accounts, the oldest first."""
        ...


@runtime_checkable
class ConfirmationService(Protocol):
    """The confirmation email, sent again."""

    async def resend_confirmation(self, identity: Identity) -> None:
        """Mail a new confirmation link to a user who has not confirmed yet; older links stop working.

        Fails with 3103 the app does not require confirmation, 3104 no such account, 3102 not awaiting confirmation
        (asked in this order), ``unavailable`` or ``rate limited``.
        """
        ...


@runtime_checkable
class ConfirmationLinks(Protocol):
    """What a confirmation link does when its owner follows it."""

    async def confirm_token(self, token: str) -> User:
        """Confirm the address to which this link's token was mailed. A token works once.

        Fails with 3051 the link is wrong, too old, or replaced by a newer one; 3092 already confirmed; 3090 the account
        is disabled.
        """
        ...


@runtime_checkable
class Administration(Protocol):
    """What only the owner of the app may do. No mail goes out."""

    async def add(self, email: str, status: UserStatus = UserStatus.ENABLED) -> User:
        """Make an account with this status, whatever the settings say. Fails with 3013, 3033, 3040 as ``register``."""
        ...

    async def confirm(self, identity: Identity) -> User:
        """Confirm a pending account by hand.

        Fails with 3057 no such account, 3092 already confirmed, 3090 disabled, 3051 a guest has nothing to confirm.
        """
        ...


@runtime_checkable
class UserSettings(Protocol):
    """The settings of the app's user service."""

    async def read_settings(self) -> Settings:
        """All settings, with the defaults of those never changed."""
        ...

    async def change_settings(self, changes: Mapping[str, object]) -> Settings:
        """Change settings by their documented names, all or none. Fails with ``bad value``, naming what is wrong."""
        ...


@runtime_checkable
class UserService(Accounts, ConfirmationService, ConfirmationLinks, Administration, UserSettings, Protocol):
    """The whole family: what the backends in memory and in SQL provide."""
