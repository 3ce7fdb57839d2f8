"""Accounts found by a condition."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from blockwright.server.answers import answer
from blockwright.server.api.queries import check_no_grouping, properties_in, query_in, where_in
from blockwright.server.bodies import Body
from blockwright.server.callers import Caller, Someone
from blockwright.server.direct import api_router
from blockwright.server.documents import COUNT, QUERY, USERS, documented
from blockwright.services.records import User, UserQuery

router = api_router("/api/data/Users", "data")


@router.post("/find", **documented(USERS, takes=QUERY))
async def find(caller: Someone, body: Body) -> Response:
    """The accounts of one page, of those that the caller may look at."""
    return answer(await _records(caller, body))


@router.get("", **documented(USERS))
async def find_by_parameters(
    caller: Someone,
    where: str = "",
    props: str = "",
    excludeProps: str = "",
    sortBy: str = "",
    pageSize: int = 10,
    offset: int = 0,
) -> Response:
    """The same as `POST /data/Users/find`."""
    query = {"where": where, "sortBy": sortBy, "pageSize": pageSize, "offset": offset}
    return answer(await _records(caller, {**query, "props": props, "excludeProps": excludeProps}))


@router.post("/count", **documented(COUNT, takes=QUERY))
async def count(caller: Someone, body: Body) -> Response:
    """How many accounts fulfil a condition, of those that the caller may look at."""
    check_no_grouping(body)
    return answer(await _number(caller, where_in(body)))


@router.get("/count", **documented(COUNT))
async def count_by_parameters(caller: Someone, where: str = "") -> Response:
    """The same as `POST /data/Users/count`."""
    return answer(await _number(caller, where))


async def _records(caller: Caller, query: Mapping[str, object]) -> list[dict[str, object]]:
    asked, wanted = query_in(query, await _among(caller)), properties_in(query)
    return [wanted.of(user.to_dict()) for user in _allowed(await caller.users.find_users(asked), asked)]


async def _number(caller: Caller, where: str) -> int:
    among = await _among(caller)
    if among is None:
        return await caller.users.count_users(where)
    asked = UserQuery(where=where, among=among)
    return len(_allowed(await caller.users.find_users(asked), asked))


async def _among(caller: Caller) -> tuple[str, ...] | None:
    only = await caller.seen_user()
    return None if only is None else (only.object_id,)


def _allowed(found: tuple[User, ...], asked: UserQuery) -> list[User]:
    """What was found, held once more against whom the caller may look at."""
    return [user for user in found if asked.among is None or user.object_id in asked.among]
