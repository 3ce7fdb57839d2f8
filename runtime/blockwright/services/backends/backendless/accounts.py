"""Accounts made, found, changed, removed, and searched for."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from blockwright.failure import BAD_VALUE, TOO_BIG, Failure
from blockwright.services.addresses import BadAddress, kind_of, parse_address, shown
from blockwright.services.backends.backendless.answers import count_of, removal_of, user_of, users_of
from blockwright.services.backends.backendless.api import LARGEST_LIST, Api, Call, body
from blockwright.services.backends.backendless.identities import is_object_id, is_unicode, written
from blockwright.services.properties import encode
from blockwright.services.records import Column, ColumnType, User, UserQuery

PAGE = 100
"""How many accounts Backendless gives at once."""
MOST = 100_000
"""How many accounts are listed."""
NOT_FOUND = 1000
NO_USER = 3030
BAD_CONDITION = 1017
_CONDITIONS = {19000: BAD_CONDITION}
_SETTABLE = {1000: NO_USER, 1035: NO_USER, 3057: NO_USER, 3033: 3018}
_REMOVABLE = {1035: NOT_FOUND, 3030: NOT_FOUND, 3057: NOT_FOUND}


async def register(api: Api, properties: Mapping[str, object]) -> User:
    call = Call(
        "POST",
        "users/register",
        _properties(properties),
        secret=_password_in(properties),
        behind_closed_doors=frozenset([3009]),
    )
    return await api.ask(call, user_of)


async def update(api: Api, object_id: str, changes: Mapping[str, object]) -> User:
    sent = _properties(changes)
    if not is_object_id(object_id):
        raise Failure(NO_USER, f"Nobody has the object id {shown(object_id)}.")
    call = Call("PUT", f"users/{object_id}", sent, secret=_password_in(changes), reads_as=_SETTABLE)
    return await api.ask(call, user_of)


def _properties(properties: Mapping[str, object]) -> str:
    if not isinstance(properties, Mapping):
        raise Failure(BAD_VALUE, f"The properties of a user are {kind_of(properties)}; they must be an object.")
    email = properties.get("email")
    if isinstance(email, str) and not is_unicode(email):
        raise Failure(3040, "The email is not an email address: it has something in it that is no character.")
    return encode(properties)


def _password_in(properties: Mapping[str, object]) -> str:
    password = properties.get("password")
    return password if isinstance(password, str) else ""


async def remove(api: Api, object_id: str) -> int:
    if not is_object_id(object_id):
        raise Failure(NOT_FOUND, f"Nobody has the object id {shown(object_id)}.")
    removed = await api.ask(Call("DELETE", f"data/Users/{object_id}", reads_as=_REMOVABLE), removal_of)
    return time.time_ns() // 1_000_000 if removed is None else removed


async def find_by_id(api: Api, object_id: str) -> User | None:
    if not is_object_id(object_id):
        return None
    return await found_by_id(api, object_id)


async def found_by_id(api: Api, object_id: str, token: str | None = None) -> User | None:
    """The account, looked at as whoever's token it is. Object ids that are none lead elsewhere, so ask before."""
    call = Call("GET", f"data/Users/{object_id}", token=token, reads_as={1035: NOT_FOUND, 3048: 3091}, repeatable=True)
    try:
        user = await api.ask(call, user_of)
    except Failure as failure:
        if failure.code == NOT_FOUND:
            return None
        raise
    return user if user.object_id.lower() == object_id.lower() else None


async def find(api: Api, identity: object) -> User | None:
    """What the service finds is held against the identity again: its own comparing may be looser than that."""
    text = written(identity)
    column = await api.identity_column()
    condition = None if text is None else _condition(column, text)
    if text is None or condition is None:
        return None
    users = await find_users(api, UserQuery(condition))
    return next((user for user in users if _names(column, text, user.to_dict().get(column.name))), None)


def _condition(column: Column, text: str) -> str | None:
    if column.type in (ColumnType.INT, ColumnType.DOUBLE):
        number = _number(text)
        return None if number is None else f"{column.name} = {number:f}"
    values = ", ".join(map(_quoted, _spellings(column, text)))
    return f"{column.name} in ({values})" if values else None


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _spellings(column: Column, text: str) -> list[str]:
    """The ways in which an identity may be stored, each once."""
    plain = unicodedata.normalize("NFC", text)
    if column.name != "email":
        return [plain]
    try:
        address = str(parse_address(text))
    except BadAddress:
        return []
    return list(dict.fromkeys([address, plain, address.lower(), plain.lower()]))


def _names(column: Column, text: str, value: object) -> bool:
    """Whether this is the value that an identity means."""
    if value is None:
        return False
    if column.type in (ColumnType.INT, ColumnType.DOUBLE):
        number = _number(str(value))
        return number is not None and number == _number(text)
    try:
        if column.name == "email":
            return parse_address(str(value)).key == parse_address(text).key
    except BadAddress:
        return False
    return unicodedata.normalize("NFC", str(value)) == unicodedata.normalize("NFC", text)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if len(text) <= 100 else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number.adjusted()) <= 100 else None


async def list_users(api: Api) -> tuple[User, ...]:
    """Page by page; accounts that go or come in the meantime may be left out."""
    found: dict[str, User] = {}
    for offset in range(0, MOST, PAGE):
        page = await find_users(api, UserQuery("", ("created", "objectId"), PAGE, offset))
        found.update((user.object_id, user) for user in page)
        if len(page) < PAGE:
            return tuple(sorted(found.values(), key=lambda user: (user.created, user.object_id)))
    raise Failure(TOO_BIG, f"There are more than {MOST:,} users; ask for them page by page.")


async def find_users(api: Api, query: UserQuery) -> tuple[User, ...]:
    _check(query)
    where = query.where
    if query.among is not None:
        ids = [f"'{object_id}'" for object_id in query.among if is_object_id(object_id)]
        if not ids:
            return ()
        held = f"objectId in ({', '.join(ids)})"
        where = f"{held} and ({where})" if where.strip() else held
    asked = body(where=where, sortBy=list(query.sort_by), pageSize=query.page_size, offset=query.offset)
    call = Call("POST", "data/Users/find", asked, reads_as=_CONDITIONS, repeatable=True, largest=LARGEST_LIST)
    users = await api.ask(call, users_of)
    return users if query.among is None else tuple(user for user in users if user.object_id in query.among)


def _check(query: UserQuery) -> None:
    _check_where(query.where)
    if not _is_whole(query.page_size, 1, PAGE):
        raise Failure(BAD_VALUE, f"A page holds 1 to {PAGE} users.")
    if not _is_whole(query.offset, 0, 10**9):
        raise Failure(BAD_VALUE, "The offset is a number from 0 to 1000000000.")
    if not isinstance(query.sort_by, tuple) or not all(isinstance(text, str) for text in query.sort_by):
        raise Failure(BAD_VALUE, "What to sort by is a list of columns.")
    if query.among is not None and not (isinstance(query.among, tuple) and len(query.among) <= 1000):
        raise Failure(BAD_VALUE, "A search can be held to at most 1000 accounts.")


def _check_where(where: object) -> None:
    if not isinstance(where, str):
        raise Failure(BAD_VALUE, "A condition is text.")


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


async def count_users(api: Api, where: str) -> int:
    _check_where(where)
    call = Call("POST", "data/Users/count", body(where=where), reads_as=_CONDITIONS, repeatable=True)
    return await api.ask(call, count_of)
