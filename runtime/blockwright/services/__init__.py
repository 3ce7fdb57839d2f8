"""Services: what blocks ask for, and how an application chooses who provides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blockwright.services.mail import Mailer, Message
from blockwright.services.opening import open_mailer, open_users
from blockwright.services.records import Identity, User, UserStatus
from blockwright.services.users import (
    Accounts,
    Administration,
    ConfirmationLinks,
    ConfirmationService,
    UserService,
    UserSettings,
)

if TYPE_CHECKING:
    from blockwright.services.settings import Settings

__all__ = [
    "Accounts",
    "Administration",
    "ConfirmationLinks",
    "ConfirmationService",
    "Identity",
    "Mailer",
    "Message",
    "Settings",
    "User",
    "UserService",
    "UserSettings",
    "UserStatus",
    "open_mailer",
    "open_users",
]


def __getattr__(name: str) -> object:
    """``Settings`` brings pydantic along, so it is imported only where it is used."""
    if name == "Settings":
        from blockwright.services.settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
