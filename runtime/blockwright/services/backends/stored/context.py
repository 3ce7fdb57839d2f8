"""What every rule of a user service works with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from blockwright.failure import UNAVAILABLE, Failure
from blockwright.services.backends.rows import SettingRow, UserRow
from blockwright.services.backends.store import Store, Tables
from blockwright.services.backends.stored.passwords import PasswordHasher
from blockwright.services.backends.stored.post import Post
from blockwright.services.properties import decode, encode
from blockwright.services.records import User, UserStatus
from blockwright.services.settings import Settings, settings_from
from blockwright.services.sources import Sources

APP_ID = "app id"
"""Under which name the app's id is kept, beside the settings; it is none of them."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where things are kept, how mail leaves, how passwords are hashed, and where time and chance come from."""

    store: Store
    post: Post
    passwords: PasswordHasher
    sources: Sources


def settings_in(tables: Tables) -> Settings:
    """The settings as they are in this transaction."""
    try:
        return _settings_of(tuple(tables.settings.all()))
    except Failure as failure:
        raise Failure(UNAVAILABLE, f"The stored settings cannot be used. {failure.message}") from failure


@lru_cache(maxsize=16)
def _settings_of(rows: tuple[SettingRow, ...]) -> Settings:
    return settings_from({row.name: json.loads(row.value) for row in rows if row.name != APP_ID})


def user_of_row(row: UserRow) -> User:
    """An account as callers see it."""
    return User(
        object_id=row.object_id,
        email=row.email,
        user_status=UserStatus(row.user_status),
        created=row.created,
        updated=row.updated,
        last_login=row.last_login,
        social_account=row.social_account,
        properties=decode(row.properties),
    )


def row_of_user(user: User, identity_key: str | None, password_hash: str | None) -> UserRow:
    """An account as it is kept."""
    return UserRow(
        object_id=user.object_id,
        identity_key=identity_key,
        email=user.email,
        password_hash=password_hash,
        user_status=user.user_status.value,
        created=user.created,
        updated=user.updated,
        last_login=user.last_login,
        social_account=user.social_account,
        properties=encode(user.properties),
    )
