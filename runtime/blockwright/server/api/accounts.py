"""One account: looked at, changed, removed, under ``/users`` and ``/data/Users``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from blockwright.failure import Failure
from blockwright.server.answers import answer, nothing
from blockwright.server.api.queries import properties_in
from blockwright.server.bodies import Body, Properties
from blockwright.server.callers import Caller, Someone
from blockwright.server.direct import api_router
from blockwright.server.documents import COLUMNS, DELETION, EMPTY, PROPERTIES, STATUS, USER, documented
from blockwright.services.records import User, UserStatus

router = api_router("/api", "users")

NOT_LOGGED_IN = 3028
NOT_SELF = 3029
NOT_SELF_TO_REMOVE = 3095
NOT_FOUND = 1000
DESCRIBE_NOT_PERMITTED = 1015
ONLY_SERVER_CODE = 3054
BAD_STATUS = 2004
USE_USER_SERVICE = 1002


@router.get("/users/userclassprops", **documented(COLUMNS))
@router.get("/data/Users/properties", **documented(COLUMNS))
async def describe(caller: Someone) -> Response:
    """The columns of the Users table. Where `reveal` is off, code of the app's own alone may ask: a new column would
    tell that a registration was a real one."""
    if await caller.is_discreet():
        raise Failure(DESCRIBE_NOT_PERMITTED, "This caller may not ask for the columns of the Users table.")
    return answer([column.to_dict() for column in await caller.users.describe()])


@router.put("/users/{object_id}/status", **documented(EMPTY, takes=STATUS))
async def set_status(caller: Someone, object_id: str, body: Body) -> Response:
    """Enable or disable an account. Needs a CloudCode key."""
    caller.needs_server(ONLY_SERVER_CODE, "Enabling or disabling accounts")
    status = body.get("userStatus")
    if status not in list(UserStatus):
        raise Failure(BAD_STATUS, "The parameter userStatus is ENABLED or DISABLED.")
    await caller.users.set_status(object_id, UserStatus(str(status)))
    return nothing()


@router.get("/users/{object_id}", **documented(USER))
async def get_properties(caller: Someone, object_id: str, props: str = "") -> Response:
    """An account, or only the properties named in `props`."""
    wanted = properties_in({"props": props})
    return answer(wanted.of((await _found(caller, object_id)).to_dict()))


@router.put("/users/{object_id}", **documented(USER, takes=PROPERTIES))
async def update(caller: Someone, object_id: str, properties: Properties) -> Response:
    """Change properties of an account: one's own, or anybody's with a CloudCode key."""
    return answer((await changed(caller, object_id, properties)).to_dict())


@router.delete("/users/{object_id}", **documented(DELETION))
async def remove(caller: Someone, object_id: str) -> Response:
    """Remove an account: one's own, or anybody's with a CloudCode key."""
    if not caller.is_server and not caller.is_self(object_id):
        raise Failure(NOT_SELF_TO_REMOVE, "Only the user, or the app's own code, may remove an account.")
    return answer({"deletionTime": await caller.users.remove(object_id)})


@router.get("/data/Users/pk", **documented(USER))
async def find_by_key(caller: Someone, objectId: str = "") -> Response:
    """The same as `GET /data/Users/{object_id}`."""
    return answer((await _found(caller, objectId)).to_dict())


@router.get("/data/Users/{object_id}", **documented(USER))
async def find_by_id(
    caller: Someone,
    object_id: str,
    props: str = "",
    property: Annotated[list[str] | None, Query()] = None,
    excludeProps: str = "",
) -> Response:
    """An account, as a record of the Users table."""
    wanted = properties_in({"props": props, "property": property, "excludeProps": excludeProps})
    return answer(wanted.of((await _found(caller, object_id)).to_dict()))


@router.put("/data/Users", **documented(USER, takes=PROPERTIES))
@router.post("/data/Users", include_in_schema=False)
@router.put("/data/Users/upsert", **documented(USER, takes=PROPERTIES))
async def save(caller: Someone, properties: Properties) -> Response:
    """Change the account whose `objectId` is among the properties; without one, and with a CloudCode key, make one."""
    object_id = properties.get("objectId")
    if isinstance(object_id, str):
        return answer((await changed(caller, object_id, properties)).to_dict())
    caller.needs_server(USE_USER_SERVICE, "Making accounts here, rather than by registering,")
    return answer((await caller.users.register(properties)).to_dict())


@router.put("/data/Users/{object_id}", **documented(USER, takes=PROPERTIES))
async def update_record(caller: Someone, object_id: str, properties: Properties) -> Response:
    """The same as `PUT /users/{object_id}`."""
    return await update(caller, object_id, properties)


@router.delete("/data/Users/{object_id}", **documented(DELETION))
async def remove_record(caller: Someone, object_id: str) -> Response:
    """The same as `DELETE /users/{object_id}`."""
    return await remove(caller, object_id)


async def changed(caller: Caller, object_id: str, properties: Mapping[str, object]) -> User:
    """An account after it was changed by its user, or by the app's own code."""
    if not caller.is_server and not caller.is_self(object_id):
        if caller.user is None:
            raise Failure(NOT_LOGGED_IN, "Log in to change an account.")
        raise Failure(NOT_SELF, "Only the user, or the app's own code, may change an account.")
    return await caller.users.update(object_id, properties)


async def _found(caller: Caller, object_id: str) -> User:
    await caller.check_may_see(object_id)
    user = await caller.users.find_by_id(object_id)
    if user is None:
        raise Failure(NOT_FOUND, "There is no user with this object id.")
    return user
