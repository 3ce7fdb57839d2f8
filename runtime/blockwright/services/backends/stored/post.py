"""The mail queue: a mail is written with what it announces, and delivered afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from blockwright.services.backends.store import Store, Tables
from blockwright.services.mail import Mailer
from blockwright.services.records import Delivery
from blockwright.services.settings import Settings
from blockwright.services.sources import Sources


class Post:
    """Queues mails in the transaction that they belong to, and hands them to the mailer."""

    def __init__(self, store: Store, mailer: Mailer | None, sources: Sources) -> None:
        self._store = store
        self._mailer = mailer
        self._sources = sources
        self._wake: Callable[[], None] | None = None

    def write(
        self, tables: Tables, settings: Settings, template: str, to: str, values: Mapping[str, str], now: int
    ) -> None:
        """Queue a mail made from a template ("confirmation", "password", …), within a change.

        Fails with ``unavailable`` when there is no mailer, ``bad value`` when no mail can be made of it.
        """
        raise NotImplementedError

    async def send(self) -> None:
        """After a change that wrote mail: deliver it, or wake who does. A mail that cannot be delivered now stays queued,
        which is logged and is no failure."""
        raise NotImplementedError

    async def deliver(self) -> Delivery:
        raise NotImplementedError
