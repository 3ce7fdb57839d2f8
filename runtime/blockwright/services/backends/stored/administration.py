"""What only the owner does: accounts added by hand, and clearing away what is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from blockwright.services.backends.rows import UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import accounts, registration
from blockwright.services.backends.stored.context import Context, settings_in
from blockwright.services.backends.stored.links import REMEMBERED
from blockwright.services.backends.stored.throttle import DAY, HOUR
from blockwright.services.records import MailState, User, UserStatus
from blockwright.services.settings import Settings

BATCH = 500
"""How many rows are removed in one transaction, so that nobody waits for long."""
MAILS_KEPT = 30 * DAY
SESSIONS_KEPT = DAY
"""How long a session that expired is remembered, so that its user is told why it is over."""


async def add(context: Context, properties: Mapping[str, object], status: UserStatus) -> User:
    return await registration.add(context, properties, status)


async def housekeep(context: Context) -> int:
    """Sessions that expired, guests who are gone, limits that are free again, links and mails of a month ago."""
    now = context.sources.now()
    sessions = await _until_done(context, lambda tables: _remove_sessions(tables, now))
    limits = await _until_done(context, lambda tables: _remove_limits(tables, now))
    links = await _until_done(context, lambda tables: _remove_links(tables, now))
    guests = await _remove_guests(context, now)
    mails = await _remove_mails(context, now)
    return sessions + limits + links + guests + mails


async def _until_done(context: Context, batch: Callable[[Tables], int]) -> int:
    total = 0
    while True:
        removed = await context.store.change(batch)
        total += removed
        if removed < BATCH:
            return total


def _remove_sessions(tables: Tables, now: int) -> int:
    return sum(tables.sessions.remove(row.digest) for row in tables.sessions.until(now - SESSIONS_KEPT, BATCH))


def _remove_limits(tables: Tables, now: int) -> int:
    return sum(tables.throttles.remove(row.key) for row in tables.throttles.until(now, BATCH))


def _remove_links(tables: Tables, now: int) -> int:
    return sum(tables.links.remove(row.digest) for row in tables.links.until(now - REMEMBERED, BATCH))


async def _remove_guests(context: Context, now: int) -> int:
    """Guests whose session is over. One who has none yet, or left, is kept for the hours that the settings say."""

    def gone(tables: Tables, settings: Settings, row: UserRow) -> bool:
        if row.user_status != UserStatus.GUEST:
            return False
        if max(row.created, row.last_login or 0) + settings.guest_hours * HOUR > now:
            return False
        sessions = tables.sessions.find("object_id", row.object_id)
        return all(session.expires is not None and session.expires <= now for session in sessions)

    def find(tables: Tables) -> list[str]:
        settings = settings_in(tables)
        return [row.object_id for row in tables.users.all() if gone(tables, settings, row)]

    def remove(tables: Tables, object_ids: Iterable[str]) -> int:
        settings = settings_in(tables)
        rows = filter(None, map(tables.users.get, object_ids))
        return sum(accounts.remove_row(tables, row) for row in rows if gone(tables, settings, row))

    found = await context.store.read(find)
    return await _in_batches(context, found, remove)


async def _remove_mails(context: Context, now: int) -> int:
    def find(tables: Tables) -> list[str]:
        rows = (row for state in (MailState.SENT, MailState.REFUSED) for row in tables.mails.find("state", state.value))
        return [row.mail_id for row in rows if row.finished is not None and row.finished + MAILS_KEPT <= now]

    def remove(tables: Tables, mail_ids: Iterable[str]) -> int:
        rows = filter(None, map(tables.mails.get, mail_ids))
        return sum(tables.mails.remove(row.mail_id) for row in rows if row.finished is not None)

    found = await context.store.read(find)
    return await _in_batches(context, found, remove)


async def _in_batches(context: Context, keys: list[str], remove: Callable[[Tables, Iterable[str]], int]) -> int:
    total, rest = 0, iter(sorted(keys))
    while batch := list(islice(rest, BATCH)):

        def work(tables: Tables, batch: list[str] = batch) -> int:
            return remove(tables, batch)

        total += await context.store.change(work)
    return total
