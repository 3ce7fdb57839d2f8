"""Registering, and the mails that go with it. Where ``reveal`` is off, nothing here tells whether an account exists."""

from __future__ import annotations

from starlette.responses import Response

from blockwright.failure import Failure
from blockwright.server.answers import answer, nothing
from blockwright.server.api import discretion
from blockwright.server.api.identities import identity_in_path
from blockwright.server.bodies import Properties
from blockwright.server.callers import Someone
from blockwright.server.direct import api_router
from blockwright.server.documents import EMPTY, PROPERTIES, USER, documented, schema

router = api_router("/api/users", "users")

ONLY_SERVER_CODE = 3054
"""What the live service answers where only its own code may do something."""


@router.post("/register", **documented(USER, takes=PROPERTIES))
async def register(caller: Someone, properties: Properties) -> Response:
    """Make an account; with the `objectId` of the guest who is logged in, make an account of that guest."""
    object_id = properties.get("objectId")
    if isinstance(object_id, str) and not caller.is_server and not caller.is_self(object_id):
        raise Failure(3039, "The property objectId is set by the service; leave it out, unless you are this guest.")
    if await caller.is_discreet():
        return answer(await discretion.register(caller, properties))
    return answer((await caller.users.register(properties, client=caller.client)).to_dict())


@router.post("/resendconfirmation/{identity:rest}", **documented(EMPTY))
async def resend_confirmation(caller: Someone, identity: str) -> Response:
    """Mail a new confirmation link to a user who has not confirmed yet; older links stop working."""
    name = identity_in_path(identity)
    if await caller.is_discreet():
        await discretion.resend_confirmation(caller, name)
    else:
        await caller.users.resend_confirmation(name, client=caller.client)
    return nothing()


@router.post(
    "/createEmailConfirmationURL/{identity:rest}",
    **documented(schema("A confirmation link", confirmationURL={"type": "string"})),
)
async def create_confirmation_url(caller: Someone, identity: str) -> Response:
    """A new confirmation link, for an application that mails it itself. Needs a CloudCode key: whoever has the link can
    confirm the address."""
    caller.needs_server(ONLY_SERVER_CODE, "Creating a confirmation link")
    link = await caller.users.create_confirmation_link(identity_in_path(identity))
    return answer({"confirmationURL": link})


@router.get("/restorepassword/{identity:rest}", **documented(EMPTY))
async def restore_password(caller: Someone, identity: str) -> Response:
    """Mail a link at which a new password can be chosen."""
    name = identity_in_path(identity)
    if await caller.is_discreet():
        await discretion.restore_password(caller, name)
    else:
        await caller.users.restore_password(name, client=caller.client)
    return nothing()
