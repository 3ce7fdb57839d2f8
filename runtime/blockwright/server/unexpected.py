"""What nobody expected: logged by kind and place, answered without details."""

from __future__ import annotations

import logging
import secrets
import traceback

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from blockwright.failure import UNEXPECTED, Failure
from blockwright.server.answers import answer

logger = logging.getLogger("blockwright.server")


class Unexpected:
    """Turns every exception that gets this far into an answer in our own words."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            name = secrets.token_hex(4)
            _log(error, name)
            if has_begun:
                raise _Broken from None
            words = f"Something went wrong that nobody expected; the server's log knows it as {name}."
            await answer(Failure(UNEXPECTED, words).to_dict(), 500)(scope, receive, send)


class _Broken(Exception):
    """An answer broke off in its middle; the log says why."""


def _log(error: Exception, name: str) -> None:
    """Only kinds and places: the words of an exception may repeat what somebody sent."""
    kinds: list[str] = []
    each: BaseException | None = error
    while each is not None and len(kinds) < 5:
        kinds.append(type(each).__name__)
        each = each.__cause__ or each.__context__
    places = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    logger.error("%s: a call failed with %s\n%s", name, ", from ".join(kinds), places)
