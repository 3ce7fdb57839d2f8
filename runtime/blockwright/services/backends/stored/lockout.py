"""Accounts locked after failed logins: so many in a row, each within the time of a lock after the one before.

They are counted for identities that nobody has, too, so that a lock tells nothing about who has an account.
"""

from __future__ import annotations

from blockwright.failure import Failure
from blockwright.services.backends.rows import ThrottleRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import throttle
from blockwright.services.settings import Settings

MINUTE = 60 * 1000


def check(tables: Tables, settings: Settings, identity_key: str, now: int) -> None:
    """Fails with 3036 while the account is locked; ``retry after`` in the details is how many seconds that lasts."""
    if not settings.failed_logins_lock:
        return
    row = _counted(tables, identity_key, now)
    if row.count >= settings.failed_logins_lock:
        seconds = -(-(row.until - now) // 1000)
        message = f"Too many logins failed, so the account is locked; try again in {throttle.wait_in_words(seconds)}."
        raise Failure(3036, message, {"retry after": seconds})


def count(tables: Tables, settings: Settings, identity_key: str, now: int) -> None:
    """Count a failed login. The account stays locked for ``lockMinutes`` after the last one."""
    if settings.failed_logins_lock:
        row = _counted(tables, identity_key, now)
        tables.throttles.put(ThrottleRow(row.key, now + settings.lock_minutes * MINUTE, row.count + 1))


def forget(tables: Tables, identity_key: str) -> None:
    """Begin to count anew, after a good login or on the owner's word."""
    tables.throttles.remove(_key(identity_key))


def _counted(tables: Tables, identity_key: str, now: int) -> ThrottleRow:
    key = _key(identity_key)
    row = tables.throttles.get(key)
    return row if row is not None and row.until > now else ThrottleRow(key, now)


def _key(identity_key: str) -> str:
    return throttle.key_of("failed logins", identity_key)
