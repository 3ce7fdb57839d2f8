"""The bodies of requests, read within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, TypeAlias
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.requests import Request

from blockwright.failure import BAD_VALUE, TOO_BIG, UNAVAILABLE, Failure
from blockwright.server.json_text import DUPLICATE, UNREADABLE, read_json

LARGEST = 1_000_000
"""Bytes that a JSON body may have."""
LARGEST_FORM = 16_000
"""Bytes that what a page sends may have."""
SECONDS = 30
"""How long a body may take to arrive."""


async def read_body(request: Request, largest: int = LARGEST) -> bytes:
    """The whole body. Fails with ``too big``, and with ``unavailable`` when it does not arrive in time."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 12 or int(declared) > largest):
        raise _too_big(largest)
    parts: list[bytes] = []
    room = largest
    try:
        async with asyncio.timeout(SECONDS):
            async for part in request.stream():
                room -= len(part)
                if room < 0:
                    raise _too_big(largest)
                parts.append(part)
    except TimeoutError:
        raise Failure(UNAVAILABLE, "The body of a request did not arrive in time.") from None
    return b"".join(parts)


def _too_big(largest: int) -> Failure:
    return Failure(TOO_BIG, f"The body of a request may have at most {largest:,} bytes.")


async def read_object(request: Request, *, duplicate: int = UNREADABLE) -> dict[str, object]:
    """The JSON object in the body; no body is an empty one. Fails with 8002."""
    data = await read_body(request)
    value = read_json(data, duplicate=duplicate) if data.strip() else {}
    if not isinstance(value, dict):
        raise Failure(UNREADABLE, "The body of the request must be a JSON object.")
    return value


async def _properties(request: Request) -> dict[str, object]:
    return await read_object(request, duplicate=DUPLICATE)


async def _object(request: Request) -> dict[str, object]:
    return await read_object(request)


Properties: TypeAlias = Annotated[dict[str, object], Depends(_properties)]
"""The properties of a user, as a body has them; one that is named twice fails with 3043."""
Body: TypeAlias = Annotated[dict[str, object], Depends(_object)]
"""A JSON object as a body has it."""


async def read_form(request: Request) -> Mapping[str, str]:
    """The fields that a page of ours sent. Fails with ``bad value``."""
    try:
        text = (await read_body(request, LARGEST_FORM)).decode()
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), max_num_fields=10))
    except ValueError:
        raise Failure(BAD_VALUE, "What the page sent cannot be read.") from None
