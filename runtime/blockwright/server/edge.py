"""The outermost layer: headers that every answer has, and one line in the log for each call."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

access = logging.getLogger("blockwright.access")

HEADERS: Sequence[tuple[bytes, bytes]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""What every answer carries, unless it says otherwise itself. Pages of ours add more; each header takes its time."""
_NAMES = frozenset(name for name, _ in HEADERS)


class Edge:
    """Adds the headers and writes the log. A line holds the pattern of the address that was called, never the address
    itself, which may hold tokens and email addresses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 499

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
        finally:
            if access.isEnabledFor(logging.INFO):
                took = (time.perf_counter() - started) * 1000
                access.info("%s %s %d %.1f ms", _method(scope), _route(scope), status, took)


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method.isalpha() and len(method) < 10 else "?"


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path_format", "(nowhere)"))
