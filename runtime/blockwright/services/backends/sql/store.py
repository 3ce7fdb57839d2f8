"""Accounts, links and settings in SQL tables: each step is one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, Row, Select, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from blockwright.services.backends.sql.database import Database
from blockwright.services.backends.sql.schema import confirmation_links as links
from blockwright.services.backends.sql.schema import settings, users
from blockwright.services.backends.stored import PENDING
from blockwright.services.confirmation import REMEMBERED, Link, check_usable
from blockwright.services.properties import decode, encode
from blockwright.services.users import User, UserStatus


class SqlStore:
    """The store of a user database. It holds no state of its own, so any number may share a file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read_settings(self) -> Mapping[str, object]:
        def work(connection: Connection) -> Mapping[str, object]:
            return {row.name: json.loads(row.value) for row in connection.execute(select(settings))}

        return await self._database.read(work, when_empty={})

    async def write_settings(self, changes: Mapping[str, object]) -> None:
        def work(connection: Connection) -> None:
            for name, value in changes.items():
                put = insert(settings).values(name=name, value=json.dumps(value))
                connection.execute(
                    put.on_conflict_do_update(index_elements=["name"], set_={"value": put.excluded.value})
                )

        await self._database.make(work)

    async def insert(self, user: User, key: str, link: Link | None) -> bool:
        def work(connection: Connection) -> bool:
            put = insert(users).values(**_columns_of_user(user), email_key=key)
            if not connection.execute(put.on_conflict_do_nothing(index_elements=["email_key"])).rowcount:
                return False
            if link is not None:
                connection.execute(insert(links).values(**_columns_of_link(link)))
            return True

        return await self._database.make(work)

    async def withdraw(self, link: Link) -> None:
        def work(connection: Connection) -> None:
            of_user = select(links.c.digest).where(links.c.object_id == link.object_id)
            if connection.scalars(of_user).all() == [link.digest]:
                connection.execute(
                    delete(users).where(users.c.object_id == link.object_id, users.c.user_status == PENDING.value)
                )

        await self._database.change(work, when_empty=None)

    async def find(self, key: str) -> User | None:
        return await self._database.read(
            lambda connection: _first_user(connection, select(users).where(users.c.email_key == key)), when_empty=None
        )

    async def list_users(self) -> tuple[User, ...]:
        def work(connection: Connection) -> tuple[User, ...]:
            return tuple(map(_user, connection.execute(select(users).order_by(users.c.created, users.c.object_id))))

        return await self._database.read(work, when_empty=())

    async def add_link(self, link: Link) -> None:
        def work(connection: Connection) -> None:
            forgotten = links.c.expires < link.issued - REMEMBERED
            connection.execute(delete(links).where(links.c.object_id == link.object_id, forgotten))
            if _user_by_id(connection, link.object_id) is not None:
                connection.execute(insert(links).values(**_columns_of_link(link)))

        await self._database.change(work, when_empty=None)

    async def void_older_links(self, link: Link, now: int) -> None:
        def work(connection: Connection) -> None:
            number = select(links.c.number).where(links.c.digest == link.digest).scalar_subquery()
            older = update(links).where(links.c.object_id == link.object_id, links.c.number < number)
            connection.execute(older.where(links.c.voided.is_(None)).values(voided=now))

        await self._database.change(work, when_empty=None)

    async def use_link(self, digest: str, now: int) -> User:
        def work(connection: Connection) -> User:
            row = connection.execute(select(links).where(links.c.digest == digest).with_for_update()).first()
            link = None if row is None else _link(row)
            user = check_usable(link, _user_by_id(connection, link.object_id) if link else None, now)
            connection.execute(update(links).where(links.c.digest == digest).values(used=now))
            return _enable(connection, user.object_id, now) or user

        return await self._database.change(work, when_empty=None) or check_usable(None, None, now)

    async def enable(self, object_id: str, now: int) -> User | None:
        return await self._database.change(lambda connection: _enable(connection, object_id, now), when_empty=None)


def _enable(connection: Connection, object_id: str, now: int) -> User | None:
    pending = update(users).where(users.c.object_id == object_id, users.c.user_status == PENDING.value)
    changed = connection.execute(pending.values(user_status=UserStatus.ENABLED.value, updated=now)).rowcount
    return _user_by_id(connection, object_id) if changed else None


def _user_by_id(connection: Connection, object_id: str) -> User | None:
    return _first_user(connection, select(users).where(users.c.object_id == object_id))


def _first_user(connection: Connection, query: Select[tuple[object, ...]]) -> User | None:
    row = connection.execute(query).first()
    return None if row is None else _user(row)


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(
        object_id=row.object_id,
        email=row.email,
        user_status=UserStatus(row.user_status),
        created=row.created,
        updated=row.updated,
        properties=decode(row.properties),
    )


def _columns_of_user(user: User) -> dict[str, object]:
    return {
        "object_id": user.object_id,
        "email": user.email,
        "user_status": user.user_status.value,
        "created": user.created,
        "updated": user.updated,
        "properties": encode(user.properties),
    }


def _link(row: Row[tuple[object, ...]]) -> Link:
    return Link(row.digest, row.object_id, row.email, row.issued, row.expires, row.used, row.voided)


def _columns_of_link(link: Link) -> dict[str, object]:
    return {
        "digest": link.digest,
        "object_id": link.object_id,
        "email": link.email,
        "issued": link.issued,
        "expires": link.expires,
    }
