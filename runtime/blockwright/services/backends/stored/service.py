"""A whole user service over any store: one method per thing it does, each in the module of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from blockwright.services.backends.store import Store
from blockwright.services.backends.stored import (
    accounts,
    administration,
    columns,
    confirmation,
    keys,
    recovery,
    registration,
    roles,
    search,
    sessions,
    settings,
    statuses,
)
from blockwright.services.backends.stored.argon import Argon2
from blockwright.services.backends.stored.context import Context
from blockwright.services.backends.stored.passwords import PasswordHasher
from blockwright.services.backends.stored.post import Post
from blockwright.services.mail import Mailer
from blockwright.services.records import (
    ApiKey,
    Column,
    ColumnType,
    Delivery,
    Identity,
    KeyKind,
    MailState,
    QueuedMail,
    Session,
    Template,
    User,
    UserQuery,
    UserStatus,
)
from blockwright.services.settings import Settings
from blockwright.services.sources import Sources


class StoredUsers:
    """A whole user service (see ``UserService``) over a store. It keeps nothing about accounts itself.

    So one object serves many threads and event loops at once, as far as its store and mailer do, and many processes may
    serve one database.
    """

    def __init__(
        self,
        store: Store,
        mailer: Mailer | None = None,
        sources: Sources | None = None,
        passwords: PasswordHasher | None = None,
    ) -> None:
        sources = sources or Sources()
        self._post = Post(store, mailer, sources)
        self._context = Context(store, self._post, passwords or Argon2(), sources)

    async def register(self, properties: Mapping[str, object], *, client: str | None = None) -> User:
        return await registration.register(self._context, properties, client)

    async def find(self, identity: Identity) -> User | None:
        return await accounts.find(self._context, identity)

    async def find_by_id(self, object_id: str) -> User | None:
        return await accounts.find_by_id(self._context, object_id)

    async def update(self, object_id: str, changes: Mapping[str, object]) -> User:
        return await accounts.update(self._context, object_id, changes)

    async def remove(self, object_id: str) -> int:
        return await accounts.remove(self._context, object_id)

    async def list_users(self) -> tuple[User, ...]:
        return await accounts.list_users(self._context)

    async def find_users(self, query: UserQuery) -> tuple[User, ...]:
        return await search.find_users(self._context, query)

    async def count_users(self, where: str = "") -> int:
        return await search.count_users(self._context, where)

    async def describe(self) -> tuple[Column, ...]:
        return await columns.describe(self._context)

    async def make_column(self, name: str, type: ColumnType, *, required: bool = False) -> Column:
        return await columns.make_column(self._context, name, type, required=required)

    async def remove_column(self, name: str) -> None:
        await columns.remove_column(self._context, name)

    async def log_in(self, identity: Identity, password: str, *, client: str | None = None) -> Session:
        return await sessions.log_in(self._context, identity, password, client)

    async def log_in_by_id(self, object_id: str) -> Session:
        return await sessions.log_in_by_id(self._context, object_id)

    async def log_in_as_guest(self, *, client: str | None = None) -> Session:
        return await sessions.log_in_as_guest(self._context, client)

    async def log_out(self, token: str) -> None:
        await sessions.log_out(self._context, token)

    async def is_valid(self, token: str) -> bool:
        return await sessions.is_valid(self._context, token)

    async def user_of(self, token: str) -> User:
        return await sessions.user_of(self._context, token)

    async def verify_password(self, token: str, password: str) -> bool:
        return await sessions.verify_password(self._context, token, password)

    async def resend_confirmation(self, identity: Identity, *, client: str | None = None) -> None:
        await confirmation.resend(self._context, identity, client)

    async def create_confirmation_link(self, identity: Identity) -> str:
        return await confirmation.create_link(self._context, identity)

    async def confirm_token(self, token: str) -> User:
        return await confirmation.confirm_token(self._context, token)

    async def confirm(self, identity: Identity) -> User:
        return await confirmation.confirm_by_hand(self._context, identity)

    async def restore_password(self, identity: Identity, *, client: str | None = None) -> None:
        await recovery.restore_password(self._context, identity, client)

    async def check_password_token(self, token: str) -> None:
        await recovery.check_token(self._context, token)

    async def reset_password(self, token: str, password: str) -> User:
        return await recovery.reset_password(self._context, token, password)

    async def roles_of(self, object_id: str) -> tuple[str, ...]:
        return await roles.roles_of(self._context, object_id)

    async def users_in_role(self, role: str) -> tuple[User, ...]:
        return await roles.users_in_role(self._context, role)

    async def assign_role(self, identity: Identity, role: str) -> None:
        await roles.assign(self._context, identity, role)

    async def unassign_role(self, identity: Identity, role: str) -> None:
        await roles.unassign(self._context, identity, role)

    async def list_roles(self) -> tuple[str, ...]:
        return await roles.list_roles(self._context)

    async def make_role(self, role: str) -> None:
        await roles.make(self._context, role)

    async def remove_role(self, role: str) -> None:
        await roles.remove(self._context, role)

    async def set_status(self, object_id: str, status: UserStatus) -> None:
        await statuses.set_status(self._context, object_id, status)

    async def add(self, properties: Mapping[str, object], status: UserStatus = UserStatus.ENABLED) -> User:
        return await administration.add(self._context, properties, status)

    async def unlock(self, identity: Identity) -> None:
        await sessions.unlock(self._context, identity)

    async def list_keys(self) -> tuple[ApiKey, ...]:
        return await keys.list_keys(self._context)

    async def make_key(self, kind: KeyKind, label: str = "") -> ApiKey:
        return await keys.make(self._context, kind, label)

    async def remove_key(self, key_id: str) -> None:
        await keys.remove(self._context, key_id)

    async def kind_of_key(self, value: str) -> KeyKind | None:
        return await keys.kind_of(self._context, value)

    async def deliver(self) -> Delivery:
        return await self._post.deliver()

    async def next_delivery(self) -> int | None:
        return await self._post.next_delivery()

    def leave_mail_to(self, wake: Callable[[], None]) -> None:
        self._post.leave_to(wake)

    async def list_mails(self, state: MailState | None = None) -> tuple[QueuedMail, ...]:
        return await self._post.list_mails(state)

    async def retry_mail(self, mail_id: str) -> None:
        await self._post.retry(mail_id)

    async def list_templates(self) -> tuple[Template, ...]:
        return await self._post.list_templates()

    async def change_template(self, name: str, *, subject: str | None, text: str | None, html: str | None) -> Template:
        return await self._post.change_template(name, subject, text, html)

    async def reset_template(self, name: str) -> Template:
        return await self._post.reset_template(name)

    async def read_settings(self) -> Settings:
        return await settings.read(self._context)

    async def change_settings(self, changes: Mapping[str, object]) -> Settings:
        return await settings.change(self._context, changes)

    async def app_id(self) -> str:
        return await settings.app_id(self._context)

    async def housekeep(self) -> int:
        return await administration.housekeep(self._context)

    async def upgrade(self) -> tuple[str, str]:
        return await self._context.store.upgrade()

    async def close(self) -> None:
        await self._context.store.close()
