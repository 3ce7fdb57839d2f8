"""Routes of the public API, whose arguments are filled in directly.

FastAPI documents them as it does all others. Its own way of filling in arguments serves far more cases, and takes
longer than all else that the server itself does for a call.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import signature
from typing import Annotated, Any, TypeAlias, cast, get_args, get_origin, get_type_hints

from fastapi import APIRouter, Request
from fastapi.params import Depends
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import request_response

_Source: TypeAlias = Callable[[Request], Awaitable[object]]


def api_router(prefix: str, tag: str) -> APIRouter:
    """A part of the public API."""
    return APIRouter(prefix=prefix, tags=[tag], default_response_class=Response, route_class=DirectRoute)


class DirectRoute(APIRoute):
    """Calls its endpoint itself, when that takes nothing but texts of the address, the request, and what functions of
    the request give (``Depends``). All other endpoints are left to FastAPI."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        sources = _sources(endpoint, frozenset(self.param_convertors))
        if sources is not None and not self.dependencies:

            async def handle(request: Request) -> Response:
                answer = endpoint(**{name: await source(request) for name, source in sources.items()})
                return cast(Response, await answer)

            self.app = request_response(handle)


def _sources(endpoint: Callable[..., Any], in_address: frozenset[str]) -> dict[str, _Source] | None:
    """Where each argument comes from; None where FastAPI must know."""
    hints = get_type_hints(endpoint, include_extras=True)
    sources: dict[str, _Source] = {}
    for name in signature(endpoint).parameters:
        source = _source(name, hints[name], in_address)
        if source is None:
            return None
        sources[name] = source
    return sources


def _source(name: str, hint: object, in_address: frozenset[str]) -> _Source | None:
    if hint is Request:
        return _the_request
    if hint is str and name in in_address:
        return lambda request: _from_address(request, name)
    if get_origin(hint) is Annotated and isinstance(depends := get_args(hint)[1], Depends):
        function = depends.dependency
        if function is not None and list(signature(function).parameters) == ["request"]:
            return function
    return None


async def _the_request(request: Request) -> object:
    return request


async def _from_address(request: Request, name: str) -> object:
    return request.path_params[name]
