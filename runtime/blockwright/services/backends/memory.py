"""Users kept in memory, for tests and for trying things out. What is kept is gone with the object."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.backends.stored import PENDING, StoredUsers
from blockwright.services.confirmation import REMEMBERED, Link, check_usable
from blockwright.services.mail import Mailer
from blockwright.services.users import User, UserStatus


def open_memory(url: str, mailer: Mailer | None) -> StoredUsers:
    """A new, empty user service for ``memory:``. Every opening gives another one."""
    if url.lower() != "memory:":
        raise Failure(BAD_VALUE, "A user service in memory is simply named memory: and takes nothing after it.")
    return StoredUsers(MemoryStore(), mailer)


class MemoryStore:
    """A store in memory. Each step holds a lock for a moment, so many threads may use it at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settings: dict[str, object] = {}
        self._users: dict[str, User] = {}
        self._ids_by_key: dict[str, str] = {}
        self._links: dict[str, Link] = {}
        self._digests: dict[str, list[str]] = {}

    async def read_settings(self) -> Mapping[str, object]:
        with self._lock:
            return dict(self._settings)

    async def write_settings(self, changes: Mapping[str, object]) -> None:
        with self._lock:
            self._settings.update(changes)

    async def insert(self, user: User, key: str, link: Link | None) -> bool:
        with self._lock:
            if key in self._ids_by_key:
                return False
            self._ids_by_key[key] = user.object_id
            self._users[user.object_id] = user
            if link is not None:
                self._keep(link)
            return True

    async def withdraw(self, link: Link) -> None:
        with self._lock:
            user = self._users.get(link.object_id)
            if user is None or user.user_status is not PENDING or self._links_of(link.object_id) != [link]:
                return
            del self._users[link.object_id], self._links[link.digest], self._digests[link.object_id]
            self._ids_by_key = {key: each for key, each in self._ids_by_key.items() if each != link.object_id}

    async def find(self, key: str) -> User | None:
        with self._lock:
            return self._users.get(self._ids_by_key.get(key, ""))

    async def list_users(self) -> tuple[User, ...]:
        with self._lock:
            return tuple(sorted(self._users.values(), key=lambda user: (user.created, user.object_id)))

    async def add_link(self, link: Link) -> None:
        with self._lock:
            if link.object_id not in self._users:
                return
            for old in self._links_of(link.object_id):
                if old.expires + REMEMBERED < link.issued:
                    del self._links[old.digest]
                    self._digests[link.object_id].remove(old.digest)
            self._keep(link)

    async def void_older_links(self, link: Link, now: int) -> None:
        with self._lock:
            for old in self._links_of(link.object_id):
                if old.digest == link.digest:
                    return
                if old.voided is None:
                    self._links[old.digest] = replace(old, voided=now)

    async def use_link(self, digest: str, now: int) -> User:
        with self._lock:
            link = self._links.get(digest)
            user = check_usable(link, self._users.get(link.object_id) if link else None, now)
            if link is not None:
                self._links[digest] = replace(link, used=now)
            return self._enable(user, now)

    async def enable(self, object_id: str, now: int) -> User | None:
        with self._lock:
            user = self._users.get(object_id)
            return self._enable(user, now) if user is not None and user.user_status is PENDING else None

    def _enable(self, user: User, now: int) -> User:
        enabled = replace(user, user_status=UserStatus.ENABLED, updated=now)
        self._users[user.object_id] = enabled
        return enabled

    def _keep(self, link: Link) -> None:
        self._links[link.digest] = link
        self._digests.setdefault(link.object_id, []).append(link.digest)

    def _links_of(self, object_id: str) -> list[Link]:
        """In the order in which they were kept."""
        return [self._links[digest] for digest in self._digests.get(object_id, ())]
