"""What a user service knows: accounts, sessions, columns, keys and waiting mail, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Identity: TypeAlias = str | int
"""What names an account: the value of the identity column, an email address unless the app says otherwise."""


class UserStatus(StrEnum):
    """The status of an account, under Backendless's documented names."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"
    EMAIL_CONFIRMATION_PENDING = "EMAIL_CONFIRMATION_PENDING"
    GUEST = "GUEST"


@dataclass(frozen=True, slots=True)
class User:
    """One account. ``object_id`` is an upper-case UUID; times are milliseconds since 1970, UTC.

    ``email`` is None for guests, and where the app has no such column. ``updated`` is None until something about the
    account changes, ``last_login`` until its user logs in. ``properties`` are all further columns, with exact numbers.
    """

    object_id: str
    email: str | None
    user_status: UserStatus
    created: int
    updated: int | None = None
    last_login: int | None = None
    social_account: str = "BACKENDLESS"
    properties: Mapping[str, object] = field(default_factory=dict, hash=False)

    def to_dict(self) -> dict[str, object]:
        """The account as Backendless writes a record of its Users table, ready for JSON. Never holds a password."""
        return {
            **self.properties,
            "objectId": self.object_id,
            "email": self.email,
            "userStatus": self.user_status.value,
            "socialAccount": self.social_account,
            "lastLogin": self.last_login,
            "created": self.created,
            "updated": self.updated,
            "ownerId": self.object_id,
            "___class": "Users",
        }


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in. Whoever knows the token acts as this user, so it is left out of the ``repr``."""

    token: str = field(repr=False)
    user: User

    def to_dict(self) -> dict[str, object]:
        """The account together with its ``user-token``, as a login answers."""
        return {**self.user.to_dict(), "user-token": self.token}


class ColumnType(StrEnum):
    """The type of a column of the Users table, under Backendless's names."""

    STRING = "STRING"
    TEXT = "TEXT"
    STRING_ID = "STRING_ID"
    INT = "INT"
    DOUBLE = "DOUBLE"
    BOOLEAN = "BOOLEAN"
    DATETIME = "DATETIME"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the Users table. ``built_in`` ones belong to the service and can be neither changed nor removed."""

    name: str
    type: ColumnType
    required: bool = False
    identity: bool = False
    default: object = None
    built_in: bool = False

    def to_dict(self) -> dict[str, object]:
        """The column as ``describe`` answers."""
        return {
            "name": self.name,
            "type": self.type.value,
            "required": self.required,
            "identity": self.identity,
            "defaultValue": self.default,
            "relatedTable": None,
            "customRegex": None,
            "autoLoad": False,
            "isPrimaryKey": self.name == "objectId",
        }


class KeyKind(StrEnum):
    """The kinds of API keys. ``owner`` keys open the owner's API and nothing else; the others are Backendless's."""

    REST = "rest"
    JS = "js"
    CLOUD_CODE = "cloud-code"
    OWNER = "owner"

    @property
    def secret(self) -> bool:
        """Whether only the digest of such a key is kept, so that it can be shown once, when it is made."""
        return self in (KeyKind.CLOUD_CODE, KeyKind.OWNER)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key. ``value`` is known for public kinds always, for secret ones only when it has just been made."""

    key_id: str
    kind: KeyKind
    label: str
    created: int
    value: str | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, object]:
        return {
            "keyId": self.key_id,
            "kind": self.kind.value,
            "label": self.label,
            "created": self.created,
            "value": self.value,
        }


class MailState(StrEnum):
    """Where a mail is: ``waiting`` to be taken (again), ``sent``, or ``refused`` for good."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """A mail in the queue, without its text, which holds a secret link. ``problem`` is why it was not taken."""

    mail_id: str
    to: str = field(repr=False)
    subject: str
    state: MailState
    created: int
    tries: int
    next_try: int | None
    problem: str | None

    def to_dict(self) -> dict[str, object]:
        return {
            "mailId": self.mail_id,
            "to": self.to,
            "subject": self.subject,
            "state": self.state.value,
            "created": self.created,
            "tries": self.tries,
            "nextTry": self.next_try,
            "problem": self.problem,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one round of delivering did: how many mails were taken, must wait for another try, were refused for good."""

    sent: int = 0
    waiting: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one kind of mail, as Jinja2 source."""

    name: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class UserQuery:
    """Which accounts to find. ``where`` is a condition as Backendless writes it, such as ``age > 20 and name = 'Ann'``;
    ``sort_by`` holds column names, each with `` desc`` behind it or not. ``among`` are the object ids of the only
    accounts that may be found, whatever ``where`` says: the way to ask for somebody who may look at no others."""

    where: str = ""
    sort_by: tuple[str, ...] = ()
    page_size: int = 10
    offset: int = 0
    among: tuple[str, ...] | None = None
