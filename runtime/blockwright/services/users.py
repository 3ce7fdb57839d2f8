"""User services: what blocks and owners may ask about accounts, as small protocols.

A backend provides as many of the protocols as it can; whoever needs one asks for it by its type. Every method may also
fail with ``unavailable`` (the service cannot be reached or used just now) and with ``bad value`` (an argument of an
impossible type). ``client`` says, where strangers can ask, from which address somebody does; a service may limit how
often one client causes mail or tries passwords.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, runtime_checkable

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

if TYPE_CHECKING:
    from blockwright.services.settings import Settings


@runtime_checkable
class Accounts(Protocol):
    """Accounts: people register, are found, change and go."""

    async def register(self, properties: Mapping[str, object], *, client: str | None = None) -> User:
        """Make an account of the identity column's value, ``password`` and further properties.

        Where the app requires confirmation the account is pending, and the confirmation email goes out with it. With
        the ``objectId`` of a guest, the guest becomes this account. Fails with 3009 registration is off, 3011 no
        password, 3013 no identity, 3012 or 3041 a required property is missing, 3033 the identity is taken, 3039, 3076
        or 3077 a property that the service itself sets, 3040 not an email address, 3049 and 3050 values of the wrong
        type, 3078 no email to confirm, ``rate limited``.
        """
        ...

    async def find(self, identity: Identity) -> User | None:
        """The account of this identity, or None."""
        ...

    async def find_by_id(self, object_id: str) -> User | None:
        """The account with this object id, or None."""
        ...

    async def update(self, object_id: str, changes: Mapping[str, object]) -> User:
        """Change properties of an account, among them ``password`` and the identity.

        Fails with 3030 no such account, 3018 the identity is taken, 3040, 3041, 3045, 3049 and 3050 wrong or missing
        values. What the service itself sets (objectId, created, …) is left as it is.
        """
        ...

    async def remove(self, object_id: str) -> int:
        """Remove an account, its sessions and links; gives when, in milliseconds since 1970. Fails with 1000."""
        ...

    async def list_users(self) -> tuple[User, ...]:
        """All accounts, the oldest first."""
        ...


@runtime_checkable
class UserSearch(Protocol):
    """Accounts found by a condition, and the columns there are."""

    async def find_users(self, query: UserQuery) -> tuple[User, ...]:
        """The accounts of one page. Fails with 1017 for a condition that cannot be read."""
        ...

    async def count_users(self, where: str = "") -> int:
        """How many accounts fulfil a condition. Fails with 1017."""
        ...

    async def describe(self) -> tuple[Column, ...]:
        """The columns of the Users table."""
        ...


@runtime_checkable
class Sessions(Protocol):
    """Who is logged in."""

    async def log_in(self, identity: Identity, password: str, *, client: str | None = None) -> Session:
        """Begin a session. Fails with 3003 wrong identity or password, 3006 one of them is empty, 3034 logins are off,
        3036 locked after failed logins, 3087 not confirmed, 3090 disabled, 3002 and 3044 logged in elsewhere already,
        ``rate limited``."""
        ...

    async def log_in_by_id(self, object_id: str) -> Session:
        """Begin a session without a password, on the word of the server's own code. Fails as ``log_in`` does."""
        ...

    async def log_in_as_guest(self, *, client: str | None = None) -> Session:
        """Begin a session of a new guest, who is gone when the session is. Fails with 3034 logins are off, ``rate
        limited``."""
        ...

    async def log_out(self, token: str) -> None:
        """End a session. Fails with 3064 when there is none."""
        ...

    async def is_valid(self, token: str) -> bool:
        """Whether a session goes on. Never fails for a token of any kind."""
        ...

    async def user_of(self, token: str) -> User:
        """Who is logged in. Fails with 3064 no such session, 3091 it was not used for too long, 3090 disabled."""
        ...

    async def verify_password(self, token: str, password: str) -> bool:
        """Whether this is the password of who is logged in. Fails as ``user_of`` does."""
        ...


@runtime_checkable
class ConfirmationService(Protocol):
    """The confirmation email, sent again."""

    async def resend_confirmation(self, identity: Identity, *, client: str | None = None) -> None:
        """Mail a new confirmation link to a user who has not confirmed yet; older links stop working.

        Fails with 3103 the app does not require confirmation, 3104 no such account, 3102 not awaiting confirmation
        (asked in this order), and ``rate limited``, with ``retry after`` in seconds in its details.
        """
        ...


@runtime_checkable
class ConfirmationLinkMaker(Protocol):
    """Confirmation links for an application that mails them itself."""

    async def create_confirmation_link(self, identity: Identity) -> str:
        """A new confirmation link for a user who has not confirmed yet; older links stop working. Fails with 3103,
        3104 and 3102."""
        ...


@runtime_checkable
class ConfirmationLinks(Protocol):
    """What a confirmation link does when its owner follows it."""

    async def confirm_token(self, token: str) -> User:
        """Confirm the address to which this link's token was mailed. A token works once.

        Fails with 3051 the link is wrong, too old, or replaced by a newer one (``reason`` in the details says which);
        3092 already confirmed; 3090 the account is disabled.
        """
        ...


@runtime_checkable
class PasswordRecovery(Protocol):
    """A way back in for who forgot the password."""

    async def restore_password(self, identity: Identity, *, client: str | None = None) -> None:
        """Mail a link at which a new password can be chosen. Fails with 3020 no such account, 3101 recovery is off,
        ``rate limited``."""
        ...


@runtime_checkable
class PasswordLinks(Protocol):
    """What a link for a new password does when its owner follows it."""

    async def check_password_token(self, token: str) -> None:
        """Whether the link would work now. Fails as ``reset_password`` does; changes nothing."""
        ...

    async def reset_password(self, token: str, password: str) -> User:
        """Set a new password and end all sessions. A token works once. Fails with 3025 the link is wrong, used, too old
        or replaced (``reason`` in the details), 3090 the account is disabled, 3050 no fit password."""
        ...


@runtime_checkable
class Roles(Protocol):
    """Roles that the owner gave to users. Roles that come from how somebody is connected are not among them."""

    async def roles_of(self, object_id: str) -> tuple[str, ...]:
        """The names of a user's own roles, in order. Fails with 3057 no such user."""
        ...

    async def users_in_role(self, role: str) -> tuple[User, ...]:
        """Who has a role. Fails with 2005 no such role, or a system role."""
        ...

    async def assign_role(self, identity: Identity, role: str) -> None:
        """Give a role to the user of this identity or object id. Fails with 2005, 2007 a system role, 3057."""
        ...

    async def unassign_role(self, identity: Identity, role: str) -> None:
        """Take a role away. Fails with 2005, 2008 a system role, 3057, 3059 the user does not have it."""
        ...


@runtime_checkable
class Statuses(Protocol):
    """Accounts enabled and disabled."""

    async def set_status(self, object_id: str, status: UserStatus) -> None:
        """Enable or disable an account; disabling ends its sessions. Fails with 3057 no such user, 3085 and 3086 it is
        so already, 2004 for another status."""
        ...


@runtime_checkable
class Administration(Protocol):
    """What only the owner of the app may do. No mail goes out."""

    async def add(self, properties: Mapping[str, object], status: UserStatus = UserStatus.ENABLED) -> User:
        """Make an account with this status, whatever the settings say, with or without ``password``. Fails as
        ``register`` does."""
        ...

    async def confirm(self, identity: Identity) -> User:
        """Confirm a pending account by hand.

        Fails with 3057 no such account, 3092 already confirmed, 3090 disabled, 3051 a guest has nothing to confirm.
        """
        ...

    async def unlock(self, identity: Identity) -> None:
        """Forget failed logins, so that the user may try again at once. Fails with 3057."""
        ...

    async def list_roles(self) -> tuple[str, ...]:
        """The names of all roles that can be given to users."""
        ...

    async def make_role(self, role: str) -> None:
        """Make a role. Fails with 2006 when there is one of this name, system roles included."""
        ...

    async def remove_role(self, role: str) -> None:
        """Remove a role, and take it from everybody. Fails with 2005, 2001 for a system role."""
        ...

    async def app_id(self) -> str:
        """The id of this app, an upper-case UUID: it stands in the addresses of its API."""
        ...

    async def housekeep(self) -> int:
        """Forget what is over: sessions, guests, links and limits of the past, mails of last month; gives how many."""
        ...

    async def upgrade(self) -> tuple[str, str]:
        """Bring the tables up to this release's version, or make them; gives the versions before and after."""
        ...

    async def close(self) -> None:
        """Let go of connections. The service may be used again."""
        ...

    async def make_column(self, name: str, type: ColumnType, *, required: bool = False) -> Column:
        """Make a column of the Users table. Fails with 3016 a reserved name, 3017 there is one."""
        ...

    async def remove_column(self, name: str) -> None:
        """Remove a column and its values. Fails with 3056 no such column, or one that the service needs."""
        ...


@runtime_checkable
class ApiKeys(Protocol):
    """The keys that the app's API is called with."""

    async def list_keys(self) -> tuple[ApiKey, ...]:
        """All keys, the oldest first; values of secret ones are not known any more."""
        ...

    async def make_key(self, kind: KeyKind, label: str = "") -> ApiKey:
        """Make a key. Its value is told here, and for secret kinds never again."""
        ...

    async def remove_key(self, key_id: str) -> None:
        """Remove a key: calls with it are refused from now on. Fails with 2004 no such key."""
        ...

    async def kind_of_key(self, value: str) -> KeyKind | None:
        """What kind of key this is; None when it is none."""
        ...


@runtime_checkable
class MailQueue(Protocol):
    """Mail that was written with what it announces, and is on its way."""

    async def deliver(self) -> Delivery:
        """Hand every mail that is due to the mailer. Of two at once, each mail is handed over by one."""
        ...

    async def next_delivery(self) -> int | None:
        """When the next mail is due, in milliseconds since 1970; None while none waits."""
        ...

    def leave_mail_to(self, wake: Callable[[], None]) -> None:
        """From now on, only queue mail; ``wake`` is called after each that was queued, and whoever it wakes calls
        ``deliver``. Until then each call delivers its own mail before it returns."""
        ...

    async def list_mails(self, state: MailState | None = None) -> tuple[QueuedMail, ...]:
        """Mails of the last days, the oldest first."""
        ...

    async def retry_mail(self, mail_id: str) -> None:
        """Try a mail that waits, or was refused, again at once. Fails with 2004 no such mail, or it is sent."""
        ...


@runtime_checkable
class Templates(Protocol):
    """The words of mails."""

    async def list_templates(self) -> tuple[Template, ...]:
        """The template of each kind of mail: the owner's own, or the one that comes with Blockwright."""
        ...

    async def change_template(self, name: str, *, subject: str | None, text: str | None, html: str | None) -> Template:
        """Replace parts of a template. Fails with ``bad value`` for an unknown name, and for one that cannot be
        rendered, with the line."""
        ...

    async def reset_template(self, name: str) -> Template:
        """Go back to the template that comes with Blockwright."""
        ...


@runtime_checkable
class UserSettings(Protocol):
    """The settings of the app's user service."""

    async def read_settings(self) -> Settings:
        """All settings, with the defaults of those never changed."""
        ...

    async def change_settings(self, changes: Mapping[str, object]) -> Settings:
        """Change settings by their documented names, all or none. Fails with ``bad value``, naming what is wrong."""
        ...


@runtime_checkable
class UserService(
    Accounts,
    UserSearch,
    Sessions,
    ConfirmationService,
    ConfirmationLinkMaker,
    ConfirmationLinks,
    PasswordRecovery,
    PasswordLinks,
    Roles,
    Statuses,
    Administration,
    ApiKeys,
    MailQueue,
    Templates,
    UserSettings,
    Protocol,
):
    """The whole family: what the backends in memory and in SQL provide."""
