"""What a place for accounts must be able to do. Each method is one step that happens wholly or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from blockwright.services.confirmation import Link
from blockwright.services.users import User


class Store(Protocol):
    """Accounts, confirmation links and settings, kept somewhere. Rules about them are in ``StoredUsers``.

    Every method fails with ``unavailable``, in bounded time, when the place cannot be reached; nothing else escapes.
    """

    async def read_settings(self) -> Mapping[str, object]:
        """The settings that were ever changed, by documented name."""
        ...

    async def write_settings(self, changes: Mapping[str, object]) -> None:
        """Keep these settings; the others stay as they are."""
        ...

    async def insert(self, user: User, key: str, link: Link | None) -> bool:
        """Keep a new user under an address key, with its first link; False, changing nothing, when the key is taken."""
        ...

    async def withdraw(self, link: Link) -> None:
        """Take back a registration whose mail was not sent: the user, if still pending and without another link."""
        ...

    async def find(self, key: str) -> User | None:
        """The user kept under an address key."""
        ...

    async def list_users(self) -> tuple[User, ...]:
        """All users, the oldest first."""
        ...

    async def add_link(self, link: Link) -> None:
        """Keep a link beside the older ones, which go on working. Does nothing when the user is gone."""
        ...

    async def void_older_links(self, link: Link, now: int) -> None:
        """Make void what was issued to this user before this link."""
        ...

    async def use_link(self, digest: str, now: int) -> User:
        """Use up a link and enable its user, after ``check_usable`` with what it says. Of many at once one succeeds."""
        ...

    async def enable(self, object_id: str, now: int) -> User | None:
        """Enable a user who is pending; None, changing nothing, when the user is not, or is gone."""
        ...
