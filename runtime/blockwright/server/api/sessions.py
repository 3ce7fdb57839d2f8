"""Logging in and out."""

from __future__ import annotations

from starlette.responses import Response

from blockwright.failure import BAD_VALUE, Failure
from blockwright.server.answers import answer, nothing
from blockwright.server.api import discretion
from blockwright.server.api.identities import identity_in_body
from blockwright.server.bodies import Body
from blockwright.server.callers import Anyone, Caller
from blockwright.server.direct import api_router
from blockwright.server.documents import (
    EMPTY,
    LOGIN,
    PASSWORD,
    USER_WITH_TOKEN,
    YES_OR_NO,
    documented,
    schema,
)
from blockwright.services.records import Session

router = api_router("/api/users", "users")

BY_ID_ONLY_FOR_SERVER = 2014
NOBODY_TO_LOG_OUT = 3023
NOBODY_TO_VERIFY = 3121
VERIFY_ONLY_FOR_SERVER = 3122


@router.post("/login", **documented(USER_WITH_TOKEN, takes=LOGIN))
async def log_in(caller: Anyone, body: Body) -> Response:
    """Begin a session. With a CloudCode key, `objectId` alone is enough."""
    if "objectId" in body and "login" not in body:
        return answer((await _log_in_by_id(caller, body["objectId"])).to_dict())
    login, password = body.get("login"), body.get("password")
    if login is None or login == "" or password is None or password == "":
        raise Failure(3006, "The identity or the password is empty.")
    if not isinstance(password, str):
        raise Failure(BAD_VALUE, "The password must be text.")
    if await caller.is_discreet():
        session = await discretion.log_in(caller, body, password)
    else:
        session = await caller.users.log_in(identity_in_body(login), password, client=caller.client)
    return answer(session.to_dict())


async def _log_in_by_id(caller: Caller, object_id: object) -> Session:
    caller.needs_server(BY_ID_ONLY_FOR_SERVER, "Logging in by object id")
    if not isinstance(object_id, str):
        raise Failure(BAD_VALUE, "The object id of a user is text.")
    return await caller.users.log_in_by_id(object_id)


@router.post("/register/guest", **documented(USER_WITH_TOKEN))
async def log_in_as_guest(caller: Anyone) -> Response:
    """Begin a session of a new guest."""
    return answer((await caller.users.log_in_as_guest(client=caller.client)).to_dict())


@router.get("/logout", **documented(EMPTY))
async def log_out(caller: Anyone) -> Response:
    """End the session of the `user-token`."""
    if caller.token is None:
        raise Failure(NOBODY_TO_LOG_OUT, "Nobody is logged in who could be logged out.")
    await caller.users.log_out(caller.token)
    return nothing()


@router.get("/isvalidusertoken/{token:rest}", **documented(YES_OR_NO))
async def is_valid_token(caller: Anyone, token: str) -> Response:
    """Whether a session goes on."""
    return answer(await caller.users.is_valid(token))


@router.post("/verifypassword", **documented(schema("Whether it is", valid=YES_OR_NO), takes=PASSWORD))
@router.post("/verifypassowrd", include_in_schema=False)  # as Backendless's JavaScript client spells it
async def verify_password(caller: Anyone, body: Body) -> Response:
    """Whether this is the password of who is logged in. Needs a CloudCode key."""
    caller.needs_server(VERIFY_ONLY_FOR_SERVER, "Verifying a password")
    if caller.token is None:
        raise Failure(NOBODY_TO_VERIFY, "Nobody is logged in whose password could be verified.")
    password = body.get("password")
    if not isinstance(password, str):
        raise Failure(BAD_VALUE, "The password must be text.")
    return answer({"valid": await caller.users.verify_password(caller.token, password)})
