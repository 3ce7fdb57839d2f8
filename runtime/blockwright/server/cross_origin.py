"""Calls from pages of other origins (CORS), for the API alone: never for the owner's, nor for pages of our own."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_KEPT = ("/owner/", "/users/")
_DAY = 86_400


class CrossOrigin:
    """Lets pages of these origins call the API, without cookies or the like, which it does not use anyway."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["content-type", "user-token"],
            expose_headers=["retry-after"],
            max_age=_DAY,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_foreign = scope["type"] == "http" and any(name == b"origin" for name, _ in scope["headers"])
        allowed = is_foreign and not scope["path"].startswith(_KEPT)
        await (self._open if allowed else self._app)(scope, receive, send)
