"""What clients ask an app besides users, and what this server does not have."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from blockwright.failure import Failure
from blockwright.server.answers import answer, nothing
from blockwright.server.bodies import read_body
from blockwright.server.callers import Someone
from blockwright.server.direct import api_router
from blockwright.server.documents import EMPTY, documented, schema
from blockwright.server.problems import nowhere
from blockwright.services.addresses import shown
from blockwright.services.records import KeyKind

router = api_router("/api", "app")

NO_SUCH_TABLE = 1009
NO_OTHER_LOGINS = 3052
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

INFO = schema(
    "What a client is told about the app",
    appId={"type": "string"},
    apiKey={"type": "string"},
    rtURL={"type": "string"},
    loggers={"type": "array", "items": {"type": "object"}},
)


@router.get("/info", **documented(INFO))
async def info(caller: Someone) -> Response:
    """What clients ask for when they start."""
    keys = await caller.users.list_keys()
    public = [key.value for key in keys if key.kind is KeyKind.REST] or [
        key.value for key in keys if key.kind is KeyKind.JS
    ]
    return answer(
        {
            "appId": await caller.house.app_id(),
            "apiKey": public[0] if public else "",
            "rtURL": (await caller.settings()).public_base_url,
            "loggers": [],
        }
    )


@router.put("/log", **documented(EMPTY))
async def log(request: Request) -> Response:
    """Takes what clients log, and drops it."""
    await read_body(request)
    return nothing()


@router.api_route("/users/oauth/{rest:rest}", methods=_METHODS, include_in_schema=False)
@router.api_route("/users/social/{rest:rest}", methods=_METHODS, include_in_schema=False)
async def other_logins() -> Response:
    """Logins through other services, which this server does not have."""
    raise Failure(NO_OTHER_LOGINS, "Logging in through another service (OAuth) is not possible here.")


@router.api_route("/data/{rest:rest}", methods=_METHODS, include_in_schema=False)
async def other_tables(rest: str) -> Response:
    """Tables other than Users, which this server does not have."""
    table = rest.partition("/")[0]
    if table == "Users":
        raise nowhere()
    raise Failure(NO_SUCH_TABLE, f"There is no table {shown(table)} here; Users is the only one.")
