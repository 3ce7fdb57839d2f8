"""Logging in and out, and whose a session is."""

from __future__ import annotations

import time
from decimal import Decimal

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Failure
from blockwright.services.addresses import kind_of
from blockwright.services.backends.backendless.accounts import found_by_id
from blockwright.services.backends.backendless.answers import nothing_of, token_of, truth_of, user_of, validity_of
from blockwright.services.backends.backendless.api import Api, Call, body
from blockwright.services.backends.backendless.identities import is_object_id, is_token, is_unicode, written
from blockwright.services.records import Identity, Session, User

WRONG_LOGIN = 3003
EMPTY_LOGIN = 3006
NO_SESSION = 3064
LONGEST = 10_000
"""The longest identity and password that are sent in a body, in characters."""

_LOGIN = {3000: 3090, 3082: 3087, 3038: EMPTY_LOGIN}
_BY_ID = {**_LOGIN, 1000: WRONG_LOGIN, 1035: WRONG_LOGIN, 3030: WRONG_LOGIN, 3057: WRONG_LOGIN}
_SESSION = {3023: NO_SESSION, 3048: 3091, 3121: NO_SESSION}
"""What Backendless's clients take for the end of a session."""
_LOGIN_CODES = frozenset([3000, 3002, 3003, 3006, 3034, 3036, 3044, 3072, 3082, 3087, 3090])
_SESSION_CODES = frozenset([3023, 3048, 3064, 3090, 3091])


async def log_in(api: Api, identity: Identity, password: str) -> Session:
    if identity is None or password is None or identity == "" or password == "":
        raise Failure(EMPTY_LOGIN, "The identity or the password is empty.")
    if not isinstance(password, str):
        raise Failure(BAD_VALUE, f"The password is {kind_of(password)}; it must be text.")
    text = identity if isinstance(identity, str) else written(identity)
    if text is None or not all(len(each) <= LONGEST and is_unicode(each) for each in (text, password)):
        raise Failure(WRONG_LOGIN, "The identity or the password is wrong.")
    login: Identity = int(identity) if isinstance(identity, int | Decimal) and identity == int(identity) else text
    return await _begin(
        api,
        Call(
            "POST",
            "users/login",
            body(login=login, password=password),
            secret=password,
            reads_as=_LOGIN,
            behind_closed_doors=_LOGIN_CODES,
        ),
    )


async def log_in_by_id(api: Api, object_id: str) -> Session:
    if not is_object_id(object_id):
        raise Failure(WRONG_LOGIN, "Nobody has this object id.")
    call = Call("POST", "users/login", body(objectId=object_id), reads_as=_BY_ID, behind_closed_doors=_LOGIN_CODES)
    return await _begin(api, call)


async def log_in_as_guest(api: Api) -> Session:
    return await _begin(api, Call("POST", "users/register/guest", behind_closed_doors=frozenset([3034])))


async def _begin(api: Api, call: Call) -> Session:
    now = time.time_ns() // 1_000_000
    session = await api.ask(call, lambda value: Session(token_of(value), user_of(value, now=now)))
    api.sessions.remember(session.token, session.user.object_id)
    return session


async def log_out(api: Api, token: str) -> None:
    _check(token)
    call = Call("GET", "users/logout", token=token, reads_as=_SESSION, behind_closed_doors=_SESSION_CODES)
    await api.ask(call, nothing_of)
    api.sessions.forget(token)


async def is_valid(api: Api, token: str) -> bool:
    if not is_token(token):
        return False
    return await api.ask(Call("GET", f"users/isvalidusertoken/{token}", secret=token, repeatable=True), truth_of)


async def user_of_token(api: Api, token: str) -> User:
    """The API tells who somebody is only to those who know the object id, so this knows sessions that began here."""
    _check(token)
    object_id = api.sessions.object_id_of(token)
    if object_id is None:
        if await is_valid(api, token):
            raise Failure(
                UNAVAILABLE,
                "The REST API of Backendless does not tell whose session this is, as it did not begin in this program.",
            )
        raise _no_session()
    user = await found_by_id(api, object_id, token)
    if user is None:
        raise _no_session()
    return user


async def verify_password(api: Api, token: str, password: str) -> bool:
    _check(token)
    if not isinstance(password, str) or len(password) > LONGEST or not is_unicode(password):
        return False
    call = Call(
        "POST",
        "users/verifypassowrd",  # as Backendless's own clients spell it
        body(password=password),
        token=token,
        secret=password,
        reads_as=_SESSION,
        behind_closed_doors=_SESSION_CODES,
    )
    return await api.ask(call, validity_of)


def _check(token: object) -> None:
    if not is_token(token):
        raise _no_session()


def _no_session() -> Failure:
    return Failure(NO_SESSION, "There is no such session; log in again.")
