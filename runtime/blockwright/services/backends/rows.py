"""What a store keeps: one frozen dataclass per table, of plain texts and numbers, and how each is looked up.

Tokens and keys are kept as SHA-256 digests only, passwords as argon2 hashes. Times are milliseconds since 1970, UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from blockwright.failure import BAD_VALUE, Failure

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting that was changed; ``value`` is JSON."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class UserRow:
    """An account. ``identity_key`` is what all spellings of its identity have in common; guests have none.
    ``properties`` is JSON."""

    object_id: str
    identity_key: str | None
    email: str | None
    password_hash: str | None = field(repr=False)
    user_status: str
    created: int
    updated: int | None
    last_login: int | None
    social_account: str
    properties: str


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column that is not built in; ``default`` is JSON."""

    name: str
    type: str
    required: bool
    default: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link that was issued, for ``purpose`` "confirm" or "restore", bound to the address the user had then."""

    digest: str
    purpose: str
    object_id: str
    email: str
    issued: int
    expires: int
    used: int | None = None
    voided: int | None = None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session; ``expires`` moves on as it is used."""

    digest: str
    object_id: str
    created: int
    expires: int | None


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role that the owner made."""

    name: str
    created: int


@dataclass(frozen=True, slots=True)
class GrantRow:
    """That a user has a role; ``key`` is ``grant_key`` of both."""

    key: str
    object_id: str
    role: str


def grant_key(object_id: str, role: str) -> str:
    return f"{object_id}:{role}"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key; ``value`` is kept for public kinds only."""

    digest: str
    key_id: str
    kind: str
    label: str
    value: str | None
    created: int


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail. ``due`` is when it is to be tried next, None when it is sent or refused; a sent one's texts are wiped.
    ``state`` is one of ``MailState``, or ``sending`` while somebody hands the mail over, until ``due`` at most."""

    mail_id: str
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    sender: str
    sender_name: str
    created: int
    state: str
    tries: int
    due: int | None
    finished: int | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class ThrottleRow:
    """How much of a limit is used up: everything is free again at ``until``. ``count`` is how often something failed in
    a row, where that counts."""

    key: str
    until: int
    count: int = 0


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template of the owner's own."""

    name: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Definition(Generic[R]):
    """How the rows of a table are found: by ``key``, by what is ``unique`` beside it, by ``lookups``, and by a moment
    (``moment`` is a column of milliseconds or None). ``contended`` rows, once got in a change, are held until its end.
    """

    name: str
    row: type[R]
    key: str
    unique: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()
    moment: str | None = None
    contended: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, in the order in which a row takes them."""
        return tuple(self.row.__annotations__)


SETTINGS = Definition("settings", SettingRow, "name")
USERS = Definition("users", UserRow, "object_id", unique=("identity_key",), moment="created", contended=True)
COLUMNS = Definition("user_columns", ColumnRow, "name")
LINKS = Definition("links", LinkRow, "digest", lookups=("object_id",), moment="expires", contended=True)
SESSIONS = Definition("sessions", SessionRow, "digest", lookups=("object_id",), moment="expires", contended=True)
ROLES = Definition("roles", RoleRow, "name", contended=True)
GRANTS = Definition("role_grants", GrantRow, "key", lookups=("object_id", "role"))
KEYS = Definition("api_keys", KeyRow, "digest", unique=("key_id",))
MAILS = Definition("mails", MailRow, "mail_id", lookups=("state",), moment="due", contended=True)
THROTTLES = Definition("throttles", ThrottleRow, "key", moment="until", contended=True)
TEMPLATES = Definition("mail_templates", TemplateRow, "name")


def is_keepable(value: object) -> bool:
    """Whether every store can keep this value. Texts with a NUL, or with half a character of UTF-16, it cannot, and no
    whole numbers beyond 64 bits."""
    if isinstance(value, str):
        if "\0" in value:
            return False
        try:
            return value.isascii() or bool(value.encode())
        except UnicodeEncodeError:
            return False
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def check_keepable(values: Iterable[object]) -> None:
    """Fail with ``bad value`` unless every store can keep these values."""
    if not all(map(is_keepable, values)):
        raise Failure(
            BAD_VALUE, "A text with a NUL or half a character, or a whole number beyond 64 bits, cannot be kept."
        )
