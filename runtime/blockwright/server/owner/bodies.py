"""What the owner's API takes: models, read with exact numbers, and refused in sentences."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from blockwright.failure import BAD_VALUE, Failure
from blockwright.server.bodies import read_object
from blockwright.server.documents import PROBLEM_ABOUT_KEYS, Documented, Schema, documented, schema_of
from blockwright.services.addresses import shown


class Taken(BaseModel):
    """What a body holds, under names in camel case; what nobody asked for is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel)


M = TypeVar("M", bound=Taken)


def body_of(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """Reads a body as this model. Fails with 8002 and ``bad value``."""

    async def read(request: Request) -> M:
        try:
            return model.model_validate(await read_object(request))
        except ValidationError as error:
            problems = [f"{shown('.'.join(map(str, each['loc'])))}: {each['msg']}" for each in error.errors()[:5]]
            raise Failure(BAD_VALUE, f"The body cannot be used. {'; '.join(problems)}.") from None

    return read


def for_owners(gives: Schema, *, takes: type[Taken] | Schema | None = None, status: int = 200) -> Documented:
    """What OpenAPI says of a call of the owner's API."""
    schema = schema_of(takes) if isinstance(takes, type) else takes
    return documented(gives, takes=schema, status=status, problems=PROBLEM_ABOUT_KEYS)
