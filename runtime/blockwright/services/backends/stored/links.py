"""Confirmation links: issued, mailed, replaced by newer ones."""

from __future__ import annotations

from dataclasses import replace

from blockwright.services.backends.rows import LinkRow, UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored.post import Post
from blockwright.services.backends.stored.throttle import DAY, HOUR
from blockwright.services.confirmation import confirmation_url, digest_of
from blockwright.services.settings import Settings

CONFIRM = "confirm"
"""The purpose of a confirmation link."""
REMEMBERED = 30 * DAY
"""How long an expired link is remembered, so that its page can say why it does not work."""
MOST_REMEMBERED = 20
"""How many older links of one account are remembered, so that their page can say that a newer one was mailed."""


def issue(tables: Tables, settings: Settings, user: UserRow, token: str, now: int) -> str:
    """A new confirmation link, bound to the address that the user has now; older ones stop working. Gives its URL."""
    _retire(tables, user, now)
    expires = now + settings.confirmation_link_hours * HOUR
    tables.links.add(LinkRow(digest_of(token), CONFIRM, user.object_id, user.email or "", now, expires))
    return confirmation_url(settings.public_base_url, token)


def _retire(tables: Tables, user: UserRow, now: int) -> None:
    older = [row for row in tables.links.find("object_id", user.object_id) if row.purpose == CONFIRM]
    older.sort(key=lambda row: (row.issued, row.digest), reverse=True)
    for number, row in enumerate(older):
        if number >= MOST_REMEMBERED or row.expires + REMEMBERED <= now:
            tables.links.remove(row.digest)
        elif row.used is None and row.voided is None:
            tables.links.put(replace(row, voided=now))


def mail_confirmation(post: Post, tables: Tables, settings: Settings, user: UserRow, token: str, now: int) -> None:
    """Issue a link and queue the mail that carries it, to the stored address."""
    address = user.email or ""
    values = {
        "app": settings.app_name,
        "email": address,
        "url": issue(tables, settings, user, token, now),
        "hours": str(settings.confirmation_link_hours),
    }
    post.write(tables, settings, "confirmation", address, values, now)


def void(tables: Tables, object_id: str, purpose: str | None, now: int) -> None:
    """Make the unused links of an account void: those of one purpose, or all."""
    for row in tables.links.find("object_id", object_id):
        if purpose in (None, row.purpose) and row.used is None and row.voided is None:
            tables.links.put(replace(row, voided=now))
