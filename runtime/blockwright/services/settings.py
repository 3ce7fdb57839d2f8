"""The settings of a user service, under the names that Backendless documents."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, PydanticCustomError

from blockwright.failure import BAD_VALUE, Failure
from blockwright.services.addresses import BadAddress, parse_address, shown


class FindUsers(StrEnum):
    """Whom somebody may look up: ``self`` only oneself, ``users`` anyone when logged in, ``everyone`` anyone at all."""

    SELF = "self"
    USERS = "users"
    EVERYONE = "everyone"


class Settings(BaseModel):
    """What the owner of an app decides about its users. The documented names are those in camel case."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    user_registration_enabled: bool = Field(default=True, description="People may register.")
    email_confirmation_required: bool = Field(
        default=False, description="Who registers must confirm the email address by the link in a mail."
    )
    confirmation_link_hours: int = Field(default=24, ge=1, le=8760, description="How long a confirmation link works.")
    identity_column: str = Field(default="email", description="The column whose value names an account.")
    dynamic_schema: bool = Field(default=True, description="A property nobody knew before becomes a new column.")
    logins_enabled: bool = Field(default=True, description="People may log in.")
    enable_multiple_logins: bool = Field(default=False, description="A user may be logged in several times at once.")
    max_concurrent_logins: int = Field(
        default=0, ge=0, le=100_000, description="With multiple logins: how many at once; 0 is any number."
    )
    logout_last_user: bool = Field(
        default=False, description="Without multiple logins: refuse the second login, rather than end the first."
    )
    failed_logins_lock: int = Field(
        default=0, ge=0, le=1000, description="After how many failed logins an account is locked; 0 is never."
    )
    lock_minutes: int = Field(default=15, ge=1, le=43_200, description="How long an account stays locked.")
    session_timeout: int = Field(
        default=0, ge=0, le=315_360_000, description="Seconds without use after which a session ends; 0 is never."
    )
    guest_hours: int = Field(default=24, ge=1, le=8760, description="How long a guest is kept without being used.")
    password_recovery_enabled: bool = Field(default=True, description="A forgotten password may be replaced by mail.")
    password_link_hours: int = Field(default=1, ge=1, le=168, description="How long a link for a new password works.")
    resend_seconds: int = Field(
        default=60, ge=0, le=86_400, description="Seconds between two mails that one user asked for; 0 is no limit."
    )
    mails_per_address_and_day: int = Field(
        default=5, ge=0, le=10_000, description="Mails asked for to one address in a day; 0 is no limit."
    )
    mails_per_client_and_hour: int = Field(
        default=30, ge=0, le=100_000, description="Mails that one network address may cause in an hour; 0 is no limit."
    )
    mails_per_hour: int = Field(
        default=1000, ge=0, le=10_000_000, description="Mails asked for in an hour, by anybody; 0 is no limit."
    )
    logins_per_client_and_hour: int = Field(
        default=300,
        ge=0,
        le=1_000_000,
        description="Failed logins, and guests, of one network address in an hour; 0 is no limit.",
    )
    reveal: bool = Field(
        default=True, description="Answers to strangers may tell whether an account exists, as Backendless's do."
    )
    find_users: FindUsers = Field(
        default=FindUsers.SELF, description="Whom callers without a server's key may look up: self, users or everyone."
    )
    app_name: str = Field(default="My app", description="The name of the app, as its mails give it.")
    mail_from: str = Field(default="no-reply@example.com", description="The address from which mails are sent.")
    public_base_url: str = Field(
        default="http://localhost:8080", description="Where the app is reached; links in mails begin with it."
    )

    @field_validator("*", mode="before")
    @classmethod
    def _check_no_yes_for_a_number(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, bool) and cls.model_fields[info.field_name or ""].annotation is int:
            raise PydanticCustomError("int_type", "a yes or no is no number")
        return value

    @field_validator("identity_column")
    @classmethod
    def _check_identity_column(cls, name: str) -> str:
        if not _COLUMN.fullmatch(name):
            raise ValueError("must be the name of a column, such as email")
        return name

    @field_validator("app_name")
    @classmethod
    def _check_app_name(cls, name: str) -> str:
        if not 0 < len(name.strip()) <= 100 or not name.isprintable() or "=?" in name:
            raise ValueError("must be a name of 1 to 100 visible characters, without =?")
        return name.strip()

    @field_validator("mail_from")
    @classmethod
    def _check_mail_from(cls, address: str) -> str:
        try:
            return str(parse_address(address))
        except BadAddress as error:
            raise ValueError(f"must be an email address; this one {error}") from error

    @field_validator("public_base_url")
    @classmethod
    def _check_public_base_url(cls, url: str) -> str:
        if not _is_base_url(url):
            raise ValueError("must be an address such as https://example.com, without user name, ? or #")
        return url.rstrip("/")

    @classmethod
    def documented_names(cls) -> list[str]:
        """What the settings are called."""
        return [alias for each in cls.model_fields.values() if (alias := each.alias)]

    def to_dict(self) -> dict[str, object]:
        """All settings under their documented names, ready for JSON."""
        return self.model_dump(mode="json", by_alias=True)


_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def _is_base_url(url: str) -> bool:
    if len(url) > 2000 or not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>?#@'):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def settings_from(stored: Mapping[str, object]) -> Settings:
    """The stored settings, with defaults for the rest. Fails with ``bad value`` where one is wrong."""
    try:
        return Settings.model_validate(dict(stored))
    except ValidationError as error:
        raise Failure(BAD_VALUE, " ".join(map(_sentence, error.errors()))) from None


def checked_changes(changes: Mapping[str, object]) -> dict[str, object]:
    """Changes to settings, as they are to be stored: checked, and text such as ``yes`` read by the setting's type."""
    settings = settings_from(changes)
    return {name: value for name, value in settings.to_dict().items() if name in changes}


def _sentence(error: ErrorDetails) -> str:
    name, value = str(error["loc"][0]), error["input"]
    match error["type"]:
        case "extra_forbidden":
            return f"There is no setting called {shown(name)}{_did_you_mean(name)}"
        case "bool_parsing" | "bool_type":
            return f"The setting {name} is yes or no (true or false), not {shown(value)}."
        case "value_error":
            return f"The setting {name} {error['ctx']['error']}."
        case "enum":
            return f"The setting {name} is one of {', '.join(FindUsers)}, not {shown(value)}."
        case kind if kind.startswith("int_") or kind in ("greater_than_equal", "less_than_equal"):
            return f"The setting {name} is a whole number{_range(name)}, not {shown(value)}."
        case _:
            return f"The setting {name} must be text."


def _range(name: str) -> str:
    """From where to where a number goes, as its field says."""
    field = Settings.model_json_schema()["properties"][name]
    return f" from {field['minimum']} to {field['maximum']}"


def _did_you_mean(name: str) -> str:
    known = Settings.documented_names()
    by_plain = {alias.casefold(): alias for alias in known}
    plain = name[:100].casefold().replace("_", "").replace("-", "").replace(" ", "")
    near = difflib.get_close_matches(plain, by_plain, n=1)
    return f"; did you mean {by_plain[near[0]]}?" if near else f"; there are {', '.join(known)}."
