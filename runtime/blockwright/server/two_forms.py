"""The two forms of the API's address: ``/api/…``, and ``/<app id>/<api key>/…`` as clients with keys use it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from starlette.types import ASGIApp, Receive, Scope, Send

from blockwright.failure import Failure
from blockwright.server.callers import KIND
from blockwright.server.house import House
from blockwright.server.problems import problem
from blockwright.services.records import KeyKind

API = "/api/"
SERVICES = frozenset(["users", "data", "info", "log", "flows"])
"""The first words of addresses below the app's id and key."""
UNKNOWN_APP = 2002
_LONGEST = 200
_OURS: Mapping[str, None] = MappingProxyType(dict.fromkeys(["api", "users", "flows", "owner", "health", "docs"]))


class TwoForms:
    """Turns calls of the form ``/<app id>/<api key>/…`` into calls of ``/api/…`` that know the kind of their key.

    Owner keys are no keys here: they open the owner's API and nothing else.
    """

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            found = _parts(scope["path"])
            if found is not None:
                try:
                    scope[KIND] = await self._kind(found[0], found[1])
                except Failure as failure:
                    await problem(failure)(scope, receive, send)
                    return
                scope["path"] = API + found[2]
        await self._app(scope, receive, send)

    async def _kind(self, app_id: str, key: str) -> KeyKind:
        if max(len(app_id), len(key)) <= _LONGEST and app_id == await self._house.app_id():
            kind = await self._house.kind_of_key(key)
            if kind is not None and kind is not KeyKind.OWNER:
                return kind
        raise Failure(UNKNOWN_APP, "There is no app with this id and API key.")


def _parts(path: str) -> tuple[str, str, str] | None:
    """App id, key and the rest of an address in the second form; None for any other."""
    app_id, _, rest = path[1:].partition("/")
    if app_id in _OURS:
        return None
    key, _, rest = rest.partition("/")
    return (app_id, key, rest) if rest.partition("/")[0] in SERVICES else None
