"""The rules of a user service, written once over any store: who may do what, in which order, with which code."""

from __future__ import annotations

from collections.abc import Mapping

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Failure
from blockwright.services.addresses import Address, BadAddress, identity_key, parse_address, shown
from blockwright.services.backends.store import Store
from blockwright.services.confirmation import (
    NewLink,
    check_confirmable,
    confirmation_message,
    digest_of,
    new_link,
)
from blockwright.services.mail import Mailer
from blockwright.services.properties import decode, encode
from blockwright.services.settings import Settings, checked_changes, settings_from
from blockwright.services.sources import Sources
from blockwright.services.users import Identity, User, UserStatus

PENDING = UserStatus.EMAIL_CONFIRMATION_PENDING


class StoredUsers:
    """A whole user service (see ``UserService``) over a store. It holds no state of its own.

    So one object serves many threads and event loops at once, as far as its store and mailer do.
    """

    def __init__(self, store: Store, mailer: Mailer | None = None, sources: Sources | None = None) -> None:
        self._store = store
        self._mailer = mailer
        self._sources = sources or Sources()

    async def register(self, email: str, properties: Mapping[str, object] | None = None) -> User:
        settings = await self.read_settings()
        if not settings.user_registration_enabled:
            raise Failure(3009, "Registration is off; turn it on with the setting userRegistrationEnabled.")
        address = _read_email(email)
        required = settings.email_confirmation_required
        user = self._new_user(address, PENDING if required else UserStatus.ENABLED, properties or {})
        if not required:
            await self._insert(user, address, None)
            return user
        mailer, new = self._need_mailer(), new_link(user, self._sources)
        await self._insert(user, address, new)
        try:
            await mailer.send(confirmation_message(user, new, settings, self._sources))
        except Exception:
            await self._take_back(user, new)
            raise
        return user

    async def _take_back(self, user: User, new: NewLink) -> None:
        try:
            await self._store.withdraw(new.link)
        except Failure as failure:
            message = f"{shown(user.email)} is registered, but no confirmation email went out. {failure.message}"
            raise Failure(failure.code, message) from failure

    async def find(self, identity: Identity) -> User | None:
        key = identity_key(identity)
        return None if key is None else await self._store.find(key)

    async def list_users(self) -> tuple[User, ...]:
        return await self._store.list_users()

    async def resend_confirmation(self, identity: Identity) -> None:
        key = identity_key(identity)
        settings = await self.read_settings()
        if not settings.email_confirmation_required:
            raise Failure(
                3103,
                "The app does not require email confirmation; turn it on with the setting emailConfirmationRequired.",
            )
        user = None if key is None else await self._store.find(key)
        if user is None:
            raise Failure(3104, f"Nobody is registered as {shown(identity)}.")
        if user.user_status is not PENDING:
            raise Failure(3102, _why_not_pending(user))
        await self._mail_new_link(user, settings)

    async def _mail_new_link(self, user: User, settings: Settings) -> None:
        """Keep the new link, mail it, then void the older ones, in this order: whatever breaks in between, every link
        that was mailed last works, and the database is not locked while a mail server takes its time."""
        mailer, new = self._need_mailer(), new_link(user, self._sources)
        await self._store.add_link(new.link)
        await mailer.send(confirmation_message(user, new, settings, self._sources))
        try:
            await self._store.void_older_links(new.link, self._sources.now())
        except Failure as failure:
            message = f"The email went out to {shown(user.email)}, but its older links still work. {failure.message}"
            raise Failure(failure.code, message) from failure

    async def confirm_token(self, token: str) -> User:
        if not isinstance(token, str):
            raise Failure(BAD_VALUE, "The token of a confirmation link is text.")
        return await self._store.use_link(digest_of(token), self._sources.now())

    async def add(self, email: str, status: UserStatus = UserStatus.ENABLED) -> User:
        address = _read_email(email)
        user = self._new_user(address, _read_status(status), {})
        await self._insert(user, address, None)
        return user

    async def confirm(self, identity: Identity) -> User:
        user = check_confirmable(await self.find(identity), identity)
        enabled = await self._store.enable(user.object_id, self._sources.now())
        return enabled or check_confirmable(await self.find(identity), identity)

    async def read_settings(self) -> Settings:
        stored = await self._store.read_settings()
        try:
            return settings_from(stored)
        except Failure as failure:
            raise Failure(UNAVAILABLE, f"The stored settings cannot be used. {failure.message}") from failure

    async def change_settings(self, changes: Mapping[str, object]) -> Settings:
        await self._store.write_settings(checked_changes(changes))
        return await self.read_settings()

    def _new_user(self, address: Address, status: UserStatus, properties: Mapping[str, object]) -> User:
        kept = decode(encode(properties))
        return User(self._sources.object_id(), str(address), status, self._sources.now(), properties=kept)

    async def _insert(self, user: User, address: Address, new: NewLink | None) -> None:
        if not await self._store.insert(user, address.key, new.link if new else None):
            raise Failure(3033, f"{shown(user.email)} is already registered.")

    def _need_mailer(self) -> Mailer:
        if self._mailer is None:
            raise Failure(
                UNAVAILABLE, "No mail can go out, because there is no mailer; give one, such as outbox:./outbox."
            )
        return self._mailer


def _read_email(email: str) -> Address:
    if not isinstance(email, str):
        raise Failure(3040, "The email address must be text.")
    if not email.strip():
        raise Failure(3013, "The email address is missing.")
    try:
        return parse_address(email)
    except BadAddress as error:
        raise Failure(3040, f"{shown(email)} cannot be used as an email address: it {error}.") from None


def _read_status(status: str) -> UserStatus:
    try:
        return UserStatus(status)
    except ValueError:
        raise Failure(BAD_VALUE, f"{shown(status)} is no status; there are {', '.join(UserStatus)}.") from None


def _why_not_pending(user: User) -> str:
    match user.user_status:
        case UserStatus.DISABLED:
            return f"The account of {shown(user.email)} is disabled, so no confirmation is awaited."
        case UserStatus.GUEST:
            return f"{shown(user.email)} is a guest, so no confirmation is awaited."
        case _:
            return f"{shown(user.email)} has already confirmed the address."
