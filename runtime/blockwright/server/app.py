"""The server as one ASGI application."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from blockwright.failure import Failure
from blockwright.server import flow_calls, health
from blockwright.server.api import accounts, registration, roles, search, sessions
from blockwright.server.api import app as app_calls
from blockwright.server.chores import doing_chores
from blockwright.server.cross_origin import CrossOrigin
from blockwright.server.documents import COMPONENTS
from blockwright.server.edge import Edge
from blockwright.server.flows import ServedFlows
from blockwright.server.house import House
from blockwright.server.options import Options
from blockwright.server.owner import routers as owner_routers
from blockwright.server.pages import links
from blockwright.server.problems import answer_failure, answer_http, answer_invalid
from blockwright.server.two_forms import TwoForms
from blockwright.server.unexpected import Unexpected
from blockwright.services import UserService

_ABOUT = """\
The users of an app over the REST API of Backendless, its flows, and the owner's API.

Every address below `/api` is also there as `/<app id>/<api key>/…`.
"""


def create_app(users: UserService, flows: ServedFlows | None = None, options: Options | None = None) -> FastAPI:
    """A server for a user service, and for flows. While it runs, it sends the service's mail and tidies up."""
    options = options or Options()
    house = House(users, flows, options)

    @asynccontextmanager
    async def living(_app: FastAPI) -> AsyncIterator[None]:
        async with doing_chores(users, options):
            yield
            await house.background.finish()
            if flows is not None:
                flows.close()

    app = FastAPI(
        title="Blockwright",
        version=_version(),
        description=_ABOUT,
        lifespan=living,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=Response,
    )
    app.state.house = house
    for router in (
        registration.router,
        sessions.router,
        roles.router,
        search.router,
        accounts.router,
        app_calls.router,
        flow_calls.router,
        links.router,
        health.router,
        *owner_routers,
    ):
        app.router.routes.extend(router.routes)  # one flat list is matched faster than routers in a router
    app.add_exception_handler(Failure, answer_failure)
    app.add_exception_handler(HTTPException, answer_http)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_middleware(TwoForms, house=house)
    app.add_middleware(Unexpected)
    app.add_middleware(CrossOrigin, origins=options.cors)
    app.add_middleware(Edge)
    app.openapi = functools.partial(_with_components, app.openapi)  # type: ignore[method-assign]
    return app


def _version() -> str:
    from importlib.metadata import version

    return version("blockwright")


def _with_components(made: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    document = made()
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(COMPONENTS)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    return document
