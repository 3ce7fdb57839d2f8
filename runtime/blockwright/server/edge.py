"""The outermost layer: headers that every answer has, one line in the log for each call, and what nobody expected."""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections.abc import Sequence

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from blockwright.failure import UNEXPECTED, Failure
from blockwright.server.answers import answer

access = logging.getLogger("blockwright.access")
logger = logging.getLogger("blockwright.server")

HEADERS: Sequence[tuple[bytes, bytes]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
"""What every answer carries, unless it says otherwise itself."""
_NAMES = frozenset(name for name, _ in HEADERS)


class Edge:
    """Lets nothing out but answers of ours. Neither addresses that were called nor what was said reach the log: they
    may hold tokens and email addresses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = message["headers"]
                taken = _NAMES.intersection(name for name, _ in own)
                message["headers"] = [*own, *(pair for pair in HEADERS if pair[0] not in taken)]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            status = status or 499
        except Exception as error:
            if status:
                _log(error, "after its answer began")
                raise
            await answer(_unexpected(error).to_dict(), 500)(scope, receive, send_with_headers)
        finally:
            if access.isEnabledFor(logging.INFO):
                took = (time.perf_counter() - started) * 1000
                access.info("%s %s %d %.1f ms", _method(scope), _route(scope), status, took)


def _unexpected(error: Exception) -> Failure:
    name = secrets.token_hex(4)
    _log(error, f"and was answered as {name}")
    return Failure(UNEXPECTED, f"Something went wrong that nobody expected; the server's log knows it as {name}.")


def _log(error: BaseException, what: str) -> None:
    """Only kinds and places: the words of an exception may repeat what somebody sent."""
    kinds, each, seen = [], error, 0
    while each is not None and seen < 5:
        kinds.append(type(each).__name__)
        each, seen = each.__cause__ or each.__context__, seen + 1
    places = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    logger.error("a call failed with %s %s\n%s", ", from ".join(kinds), what, places)


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method.isalpha() and len(method) < 10 else "?"


def _route(scope: Scope) -> str:
    """The pattern of the address, without what stands in it."""
    return str(getattr(scope.get("route"), "path", "(nowhere)"))
