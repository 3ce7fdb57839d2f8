"""Answers as Backendless gives them: bare JSON, or nothing at all."""

from __future__ import annotations

from starlette.responses import Response

from blockwright.server.json_text import write_json

JSON = "application/json"


def answer(value: object, status: int = 200) -> Response:
    """A value as JSON, with exact numbers."""
    return Response(write_json(value), status, media_type=JSON)


def nothing() -> Response:
    """The empty answer of what was done and has no value."""
    return Response(b"")
