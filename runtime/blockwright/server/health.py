"""Whether the server can do its work."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from blockwright.failure import Failure
from blockwright.server.answers import answer
from blockwright.server.callers import house_of
from blockwright.server.documents import TEXT, documented, schema

router = APIRouter(tags=["server"], default_response_class=Response)

PATIENCE = 3.0
"""Seconds in which the store must answer."""


@router.get("/health", **documented(schema("How it is", status=TEXT)))
async def health(request: Request) -> Response:
    """200 while the server and its store work, 503 otherwise."""
    try:
        async with asyncio.timeout(PATIENCE):
            await house_of(request).settings()
    except (Failure, TimeoutError):
        return answer({"status": "unavailable"}, 503)
    return answer({"status": "ok"})
