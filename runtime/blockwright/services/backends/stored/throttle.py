"""How often something may happen: so many times in a period, then as often as that makes on average.

This is the generic cell rate algorithm (ITU-T I.371): one row per limit and one addition per use, and it knows exactly
how long to wait.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from blockwright.failure import RATE_LIMITED, Failure
from blockwright.services.backends.rows import ThrottleRow
from blockwright.services.backends.store import Tables

SECOND = 1000
HOUR = 3600 * SECOND
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Limit:
    """``count`` times in ``period`` milliseconds, for what ``scope`` and ``subject`` name; a count of 0 is no limit."""

    scope: str
    subject: str
    count: int
    period: int

    @property
    def key(self) -> str:
        return key_of(self.scope, self.subject)


def key_of(scope: str, subject: str) -> str:
    """Where a limit is kept. The subject may be long, and is nobody's business: only a digest stands there."""
    return f"{scope}:{sha256(subject.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def use(tables: Tables, limits: Iterable[Limit], now: int, what: str) -> None:
    """Use each of these limits once, or, when one of them is used up, none. ``what`` begins the message: "Another
    confirmation email can go out".

    Fails with ``rate limited``; ``retry after`` in the details is how many seconds to wait.
    """
    rows = [(limit, _next_row(tables, limit, now)) for limit in limits if limit.count]
    longest = max((row.until - now - limit.period for limit, row in rows), default=0)
    if longest > 0:
        raise rate_limited(longest, what)
    for _, row in rows:
        tables.throttles.put(row)


def hold(tables: Tables, key: str) -> None:
    """Hold what is kept under a key until the change ends, though there may be nothing yet."""
    tables.throttles.get(key)


def wait_for(tables: Tables, limit: Limit, now: int) -> int:
    """How many milliseconds it takes until the limit may be used; 0 when it may be used now. Uses nothing."""
    return max(0, _next_row(tables, limit, now).until - now - limit.period) if limit.count else 0


def forget(tables: Tables, limit: Limit) -> None:
    """Make the limit wholly unused."""
    tables.throttles.remove(limit.key)


def rate_limited(milliseconds: int, what: str) -> Failure:
    """The failure that says how long to wait."""
    seconds = -(-milliseconds // SECOND)
    return Failure(RATE_LIMITED, f"{what} in {wait_in_words(seconds)}.", {"retry after": seconds})


def wait_in_words(seconds: int) -> str:
    """How long to wait, as a message says it: "50 seconds", "15 minutes"."""
    if seconds == 1:
        return "1 second"
    return f"{seconds} seconds" if seconds < 120 else f"{-(-seconds // 60)} minutes"


@lru_cache(maxsize=1024)
def client_subject(client: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 network of an IPv6 address, which one customer has."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((address, 64), strict=False))
    return str(address)


def _next_row(tables: Tables, limit: Limit, now: int) -> ThrottleRow:
    row = tables.throttles.get(limit.key)
    start = now if row is None else max(now, row.until)
    return ThrottleRow(limit.key, start + limit.period // limit.count)
