"""Accounts that come to be: somebody registers, a guest becomes a user, the owner adds one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import shown
from blockwright.services.backends.rows import UserRow
from blockwright.services.backends.store import Tables
from blockwright.services.backends.stored import links, throttle
from blockwright.services.backends.stored.columns import columns_in
from blockwright.services.backends.stored.context import Context, row_of_user, settings_in, user_of_row
from blockwright.services.backends.stored.identity import hold_identities, identity_key, row_by_id
from blockwright.services.backends.stored.mail_limits import limits_per_mail
from blockwright.services.backends.stored.values import (
    Values,
    check_given,
    is_empty,
    make_columns,
    read_email,
    read_values,
)
from blockwright.services.properties import frozen
from blockwright.services.records import User, UserStatus
from blockwright.services.settings import Settings


async def register(context: Context, properties: Mapping[str, object], client: str | None) -> User:
    """What the service itself sets is refused where Backendless does so (3039, 3076, 3077), and otherwise left out."""
    now, object_id, token = context.sources.now(), context.sources.object_id(), context.sources.token()
    given = check_given(properties)

    def check(tables: Tables) -> None:
        _draft_registration(tables, settings_in(tables), given)

    await context.store.read(check)
    password_hash = await context.passwords.hash(given.get("password"))

    def work(tables: Tables) -> tuple[User, bool]:
        hold_identities(tables)
        settings = settings_in(tables)
        draft = _draft_registration(tables, settings, given)
        must_confirm = settings.email_confirmation_required
        status = UserStatus.EMAIL_CONFIRMATION_PENDING if must_confirm else UserStatus.ENABLED
        row = draft.row(object_id, status, password_hash, now)
        _keep(tables, draft, row)
        if must_confirm and row.email is not None:
            throttle.use(
                tables, limits_per_mail(settings, row.email, client), now, "Another confirmation email can go out"
            )
            links.mail_confirmation(context.post, tables, settings, row, token, now)
        return user_of_row(row), must_confirm

    user, mailed = await context.store.change(work)
    if mailed:
        await context.post.send()
    return user


async def add(context: Context, properties: Mapping[str, object], status: UserStatus) -> User:
    """The owner's way: any status, no mail, and a password only where one is given. A guest needs no identity."""
    now, object_id = context.sources.now(), context.sources.object_id()
    given = check_given(properties)
    kind = _read_status(status)

    def check(tables: Tables) -> None:
        _draft(tables, settings_in(tables), given, needs_identity=kind is not UserStatus.GUEST)

    await context.store.read(check)
    has_password = given.get("password") is not None
    password_hash = await context.passwords.hash(given["password"]) if has_password else None

    def work(tables: Tables) -> User:
        hold_identities(tables)
        settings = settings_in(tables)
        draft = _draft(tables, settings, given, needs_identity=kind is not UserStatus.GUEST)
        row = draft.row(object_id, kind, password_hash, now)
        _keep(tables, draft, row)
        return user_of_row(row)

    return await context.store.change(work)


def _read_status(status: object) -> UserStatus:
    if isinstance(status, str) and status in list(UserStatus):
        return UserStatus(status)
    raise Failure(BAD_VALUE, f"{shown(status)} is no status; there are {', '.join(UserStatus)}.")


@dataclass(frozen=True, slots=True)
class _Draft:
    """An account to be, checked; ``guest`` is who it was until now."""

    email: str | None
    identity_key: str | None
    identity: object
    values: Values
    guest: UserRow | None = None

    def row(self, object_id: str, status: UserStatus, password_hash: str | None, now: int) -> UserRow:
        if self.guest is None:
            user = User(object_id, self.email, status, now, properties=self.values.properties)
            return row_of_user(user, self.identity_key, password_hash)
        before = user_of_row(self.guest)
        properties = frozen({**before.properties, **self.values.properties})
        user = replace(before, email=self.email, user_status=status, updated=now, properties=properties)
        return row_of_user(user, self.identity_key, password_hash)


def _draft_registration(tables: Tables, settings: Settings, given: Mapping[str, object]) -> _Draft:
    if not settings.user_registration_enabled:
        raise Failure(3009, "Registration is off; turn it on with the setting userRegistrationEnabled.")
    if given.get("password") is None:
        raise Failure(3011, "The password is missing.")
    guest = _guest_of(tables, given.get("objectId"))
    for name, code in (("updated", 3076), ("created", 3077)):
        if given.get(name) is not None:
            raise Failure(code, f"The property {name} is set by the service; leave it out.")
    draft = _draft(tables, settings, given, guest)
    if settings.email_confirmation_required and draft.email is None:
        raise Failure(3078, "The email address is missing; it must be confirmed.")
    return draft


def _guest_of(tables: Tables, object_id: object) -> UserRow | None:
    if object_id is None:
        return None
    row = row_by_id(tables, object_id) if isinstance(object_id, str) else None
    if row is None or row.user_status != UserStatus.GUEST:
        raise Failure(3039, "The property objectId is set by the service; leave it out, unless it is that of a guest.")
    return row


def _draft(
    tables: Tables,
    settings: Settings,
    given: Mapping[str, object],
    guest: UserRow | None = None,
    *,
    needs_identity: bool = True,
) -> _Draft:
    identity = given.get(settings.identity_column)
    if is_empty(identity):
        if needs_identity:
            raise Failure(3013, f"The property {settings.identity_column} is missing; it names the account.")
        identity = None
    email = read_email(given.get("email")) or (None if guest is None else guest.email)
    _check_required(tables, settings, given, guest)
    values = read_values(tables, settings, given)
    key = None if identity is None else identity_key(tables, settings, identity)
    if identity is not None and key is None:
        raise Failure(
            3049,
            f"{shown(identity)} cannot name an account: the property {settings.identity_column} must be a text of 1 to "
            "250 visible characters, or a number where it holds numbers.",
        )
    return _Draft(email, key, identity, values, guest)


def _check_required(tables: Tables, settings: Settings, given: Mapping[str, object], guest: UserRow | None) -> None:
    had = {} if guest is None else user_of_row(guest).properties
    for column in columns_in(tables, settings).values():
        if not column.required or column.built_in:
            continue
        if column.name not in given and is_empty(had.get(column.name)):
            raise Failure(3012, f"The property {column.name} is missing; every user has one.")
        if column.name in given and is_empty(given[column.name]):
            raise Failure(3041, f"The property {column.name} has no value; every user has one.")


def _keep(tables: Tables, draft: _Draft, row: UserRow) -> None:
    make_columns(tables, draft.values)
    kept = tables.users.add(row) if draft.guest is None else tables.users.replace(row)
    if not kept:
        raise Failure(3033, f"{shown(draft.identity)} is already registered.")
