"""Accounts found by a condition."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from blockwright.failure import BAD_VALUE, Failure
from blockwright.server.answers import answer
from blockwright.server.api.accounts import chosen, names_in
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
    sortBy: str = "",
    pageSize: int = 10,
    offset: int = 0,
) -> Response:
    """The same as `POST /data/Users/find`."""
    query = {"where": where, "props": props, "sortBy": sortBy, "pageSize": pageSize, "offset": offset}
    return answer(await _records(caller, query))


@router.post("/count", **documented(COUNT, takes=QUERY))
async def count(caller: Someone, body: Body) -> Response:
    """How many accounts fulfil a condition, of those that the caller may look at."""
    return answer(await _number(caller, _where(body.get("where"))))


@router.get("/count", **documented(COUNT))
async def count_by_parameters(caller: Someone, where: str = "") -> Response:
    """The same as `POST /data/Users/count`."""
    return answer(await _number(caller, where))


async def _records(caller: Caller, query: Mapping[str, object]) -> list[dict[str, object]]:
    asked = UserQuery(
        where=_where(query.get("where")),
        sort_by=tuple(_names(query.get("sortBy"), "sortBy")),
        page_size=_whole(query.get("pageSize", 10), "pageSize"),
        offset=_whole(query.get("offset", 0), "offset"),
        among=await _among(caller),
    )
    props = _names(query.get("props"), "props")
    left_out = frozenset(_names(query.get("excludeProps"), "excludeProps"))
    records = [user.to_dict() for user in _allowed(await caller.users.find_users(asked), asked)]
    if props:
        records = [chosen(record, props) for record in records]
    return [{name: record[name] for name in record if name not in left_out} for record in records]


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


def _where(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Failure(BAD_VALUE, "The parameter where is text.")
    return value


def _names(value: object, name: str) -> list[str]:
    """``a,b`` or ``["a", "b"]``."""
    if value is None:
        return []
    if isinstance(value, str):
        return names_in(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return [each.strip() for each in value]
    raise Failure(BAD_VALUE, f"The parameter {name} is text, or a list of texts.")


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Failure(BAD_VALUE, f"The parameter {name} is a whole number.")
    return value
