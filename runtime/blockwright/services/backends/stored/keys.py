"""The keys that an app's API is called with. Only digests of secret ones are kept."""

from __future__ import annotations

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import kind_of as kind_of_value
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import KeyRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored.context import Context
from blockwright.services.backends.stored.identity import is_id
from blockwright.services.confirmation import digest_of
from blockwright.services.records import ApiKey, KeyKind

LONGEST_LABEL = 100
LONGEST_KEY = 200
"""The longest key that is looked up, in characters; ours have 36 or 43."""


async def list_keys(context: Context) -> tuple[ApiKey, ...]:
    """All keys, the oldest first."""
    rows = await context.store.read(lambda tables: list(tables.keys.all()))
    return tuple(_api_key(row, row.value) for row in sorted(rows, key=lambda row: (row.created, row.key_id)))


async def make(context: Context, kind: KeyKind, label: str) -> ApiKey:
    """Make a key. Public ones are UUIDs, as Backendless has them; secret ones have 256 bits of chance."""
    kind = _read_kind(kind)
    if not isinstance(label, str) or len(label) > LONGEST_LABEL or not label.isprintable():
        raise Failure(BAD_VALUE, f"The label of a key is at most {LONGEST_LABEL} visible characters.")
    sources = context.sources
    value = sources.token() if kind.secret else sources.object_id()
    kept = None if kind.secret else value
    row = KeyRow(digest_of(value), sources.object_id(), kind.value, label, kept, sources.now())
    await context.store.change(lambda tables: tables.keys.put(row))
    return _api_key(row, value)


async def remove(context: Context, key_id: str) -> None:
    """Remove a key: calls with it are refused from now on."""
    if not isinstance(key_id, str):
        raise Failure(BAD_VALUE, f"The id of a key is {kind_of_value(key_id)}; it must be text.")

    def work(tables: Tables) -> None:
        for row in tables.keys.find("key_id", key_id) if is_id(key_id) else ():
            if tables.keys.remove(row.digest):
                return
        raise Failure(2004, f"There is no key with the id {shown(key_id)}.")

    await context.store.change(work)


async def kind_of(context: Context, value: str) -> KeyKind | None:
    """What kind of key this is; None when it is none. Any value at all may be asked about."""
    if not isinstance(value, str) or len(value) > LONGEST_KEY:
        return None
    digest = digest_of(value)
    row = await context.store.read(lambda tables: tables.keys.get(digest))
    return KeyKind(row.kind) if row else None


def _read_kind(kind: str) -> KeyKind:
    try:
        return KeyKind(kind)
    except ValueError:
        raise Failure(BAD_VALUE, f"{shown(kind)} is no kind of key; there are {', '.join(KeyKind)}.") from None


def _api_key(row: KeyRow, value: str | None) -> ApiKey:
    return ApiKey(row.key_id, KeyKind(row.kind), row.label, row.created, value)
