"""What a service answered, read as JSON with exact numbers, and as accounts and columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import NoReturn

from blockwright.services.records import Column, ColumnType, User, UserStatus

DEEPEST = 64
LONGEST_NUMBER = 1000
LARGEST_EXPONENT = 6144


class WrongShape(ValueError):
    """An answer is not what it should be; the message says what it should have been: "a user"."""


def read_json(data: bytes) -> object:
    """What a JSON text means: whole numbers as int, others as Decimal. Raises WrongShape."""
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_int=_whole, parse_float=_fraction, parse_constant=_refuse)
        _check(value, 0)
    except (ValueError, RecursionError):
        raise WrongShape("JSON") from None
    return value


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= LONGEST_NUMBER else _refuse(digits)


def _fraction(digits: str) -> Decimal:
    try:
        number = Decimal(digits)
    except InvalidOperation:
        _refuse(digits)
    return number if len(digits) <= LONGEST_NUMBER and abs(number.adjusted()) <= LARGEST_EXPONENT else _refuse(digits)


def _refuse(_digits: str) -> NoReturn:
    raise ValueError("a number that cannot be kept")


def _check(value: object, depth: int) -> None:
    """Refuse what is nested too deeply, and halves of characters."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if not value.isascii():
            value.encode()
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            _check(name, depth + 1)
            _check(item, depth + 1)


_KNOWN = frozenset(
    ["objectId", "email", "userStatus", "socialAccount", "lastLogin", "created", "updated", "ownerId", "user-token"]
)


def user_of(value: object, *, now: int | None = None) -> User:
    """An account, of a record of the Users table. ``now`` stands in for ``created`` where a record may lack it, as that
    of a new guest does. Raises WrongShape."""
    if not isinstance(value, Mapping):
        raise WrongShape("a user")
    object_id, email = value.get("objectId"), value.get("email")
    created = _time(value.get("created"))
    created = now if created is None else created
    if not isinstance(object_id, str) or not object_id or not isinstance(email, str | None) or created is None:
        raise WrongShape("a user")
    try:
        status = UserStatus(str(value.get("userStatus")))
    except ValueError:
        raise WrongShape("a user with a status") from None
    social = value.get("socialAccount")
    return User(
        object_id,
        email,
        status,
        created,
        _time(value.get("updated")),
        _time(value.get("lastLogin")),
        social if isinstance(social, str) else "BACKENDLESS",
        MappingProxyType({name: item for name, item in value.items() if _is_property(name)}),
    )


def _is_property(name: str) -> bool:
    return name not in _KNOWN and name != "password" and not name.startswith("__")


def _time(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise WrongShape("a user with times in milliseconds")
    return int(value)


def token_of(value: object) -> str:
    """The token beside a user. Raises WrongShape."""
    token = value.get("user-token") if isinstance(value, Mapping) else None
    if not isinstance(token, str) or not token:
        raise WrongShape("a user with a user-token")
    return token


def users_of(value: object) -> tuple[User, ...]:
    """Raises WrongShape."""
    return tuple(map(user_of, _list(value, "a list of users")))


def names_of(value: object) -> tuple[str, ...]:
    """Raises WrongShape."""
    names = _list(value, "a list of names")
    if not all(isinstance(name, str) for name in names):
        raise WrongShape("a list of names")
    return tuple(map(str, names))


def columns_of(value: object) -> tuple[Column, ...]:
    """Raises WrongShape."""
    return tuple(map(_column, _list(value, "a list of columns")))


BUILT_IN = frozenset([*_KNOWN, "password", "name", "blUserLocale"])


def _column(value: object) -> Column:
    name = value.get("name") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(name, str):
        raise WrongShape("a list of columns")
    return Column(
        name,
        _TYPES.get(str(value.get("type")), ColumnType.JSON),
        required=value.get("required") is True,
        identity=value.get("identity") is True,
        default=value.get("defaultValue"),
        built_in=name in BUILT_IN,
    )


_TYPES = {
    **{kind.value: kind for kind in ColumnType},
    "EXTENDED_STRING": ColumnType.TEXT,
    "FILE_REF": ColumnType.STRING,
    "AUTO_INCREMENT": ColumnType.INT,
    "DATE": ColumnType.DATETIME,
}
"""Types of Backendless's own, as the nearest there is; relations and places are objects, so JSON."""


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise WrongShape(what)
    return value


def count_of(value: object) -> int:
    """Raises WrongShape."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongShape("a number")
    return value


def truth_of(value: object) -> bool:
    """Raises WrongShape."""
    if not isinstance(value, bool):
        raise WrongShape("true or false")
    return value


def validity_of(value: object) -> bool:
    """``true``, as it is documented, or ``{"valid": true}``, as Backendless's own client reads it."""
    return truth_of(value.get("valid") if isinstance(value, Mapping) else value)


def link_of(value: object) -> str:
    """Raises WrongShape."""
    link = value.get("confirmationURL") if isinstance(value, Mapping) else None
    if not isinstance(link, str) or not link.startswith(("https://", "http://")) or not link.isprintable():
        raise WrongShape("a confirmation link")
    return link


def removal_of(value: object) -> int | None:
    """When something was removed, as far as the answer tells: a number, alone or in an object."""
    if isinstance(value, Mapping):
        value = next((item for item in value.values() if _is_number(item)), None)
    return int(value) if isinstance(value, int | Decimal) and _is_number(value) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def nothing_of(_value: object) -> None:
    """For calls that have no answer."""
