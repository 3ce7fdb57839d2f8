"""Whatever goes wrong, as a client sees it: ``{"message", "code"}`` with the status that goes with the code."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from blockwright.failure import BAD_VALUE, RATE_LIMITED, TIMED_OUT, TOO_BIG, UNAVAILABLE, UNEXPECTED, Code, Failure
from blockwright.server.answers import answer
from blockwright.services.addresses import shown

NOT_FOUND = "not found"
NOT_AUTHORIZED = "not authorized"
WRONG_METHOD = "wrong method"
UNKNOWN_FLOW = "unknown flow"

_STATUSES: Mapping[Code, int] = MappingProxyType(
    {
        3009: 403,
        NOT_AUTHORIZED: 401,
        NOT_FOUND: 404,
        UNKNOWN_FLOW: 404,
        WRONG_METHOD: 405,
        TOO_BIG: 413,
        RATE_LIMITED: 429,
        UNEXPECTED: 500,
        UNAVAILABLE: 503,
        TIMED_OUT: 504,
    }
)
_KEPT_TO_ONESELF: Mapping[Code, str] = MappingProxyType(
    {
        UNAVAILABLE: "The service cannot do this just now; please try again.",
        UNEXPECTED: "Something went wrong that nobody expected.",
    }
)
"""What strangers read instead of a message that may tell how the service is built."""

logger = logging.getLogger("blockwright.server")


def problem(failure: Failure, *, in_full: bool = False) -> Response:
    """The answer to a call that failed. ``in_full`` is for the owner, who may know what is out of order."""
    hidden = None if in_full else _KEPT_TO_ONESELF.get(failure.code)
    if hidden is not None:
        _log(failure)
    body: dict[str, object] = {"message": hidden or failure.message, "code": failure.code}
    if failure.details is not None and hidden is None:
        details = failure.details
        body["errorData"] = details if isinstance(details, Mapping) else {"details": details}
    response = answer(body, _STATUSES.get(failure.code, 400))
    wait = failure.details.get("retry after") if isinstance(failure.details, Mapping) else None
    if failure.code == RATE_LIMITED and isinstance(wait, int):
        response.headers["Retry-After"] = str(wait)
    if failure.code == NOT_AUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _log(failure: Failure) -> None:
    """Say what the caller is not told. The words of a flow's failure may repeat anything, so only its place is said."""
    where = failure.place or failure.message if failure.code == UNAVAILABLE else failure.place or "?"
    logger.warning("a call failed with %s: %s", failure.code, where)


async def answer_failure(request: Request, error: Exception) -> Response:
    """What FastAPI calls for a ``Failure`` out of an endpoint."""
    assert isinstance(error, Failure)
    return problem(error, in_full=request.scope.get(IN_FULL, False))


IN_FULL = "blockwright.in_full"
"""Marks the scope of a call whose caller proved to be the owner."""


async def answer_http(request: Request, error: Exception) -> Response:
    """What FastAPI calls for addresses that lead nowhere, and methods that an address does not have."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        response = problem(Failure(WRONG_METHOD, f"This address does not take {shown(request.method, 20)}."))
        response.headers.update(error.headers or {})
        return response
    if error.status_code == 404:
        return problem(nowhere())
    return answer({"message": str(error.detail), "code": NOT_FOUND}, error.status_code)


def nowhere() -> Failure:
    """What an address that leads nowhere fails with."""
    return Failure(NOT_FOUND, "There is nothing at this address.")


async def answer_invalid(_request: Request, error: Exception) -> Response:
    """What FastAPI calls for parameters that are not of their type."""
    assert isinstance(error, RequestValidationError)
    names = sorted({shown(str(each["loc"][-1])) for each in error.errors()})
    return problem(Failure(BAD_VALUE, f"What is given for {', '.join(names)} cannot be read."))
