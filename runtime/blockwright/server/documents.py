"""What OpenAPI says of calls: what they take and give, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypedDict

from pydantic import BaseModel

Schema: TypeAlias = Mapping[str, object]


class Documented(TypedDict):
    """What a route tells FastAPI about itself; ``Any`` is FastAPI's own word for these."""

    responses: dict[int | str, dict[str, Any]]
    openapi_extra: dict[str, Any]


PROBLEM: Schema = {
    "title": "Problem",
    "type": "object",
    "description": "What went wrong.",
    "properties": {
        "message": {"type": "string", "description": "One sentence for people."},
        "code": {
            "anyOf": [{"type": "integer"}, {"type": "string"}],
            "description": "A number that Backendless documents, or a name.",
        },
        "errorData": {"type": "object", "description": "More about it, such as `retry after` in seconds."},
    },
    "required": ["message", "code"],
}
COMPONENTS: Mapping[str, Schema] = {"Problem": PROBLEM}
_PROBLEM = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PROBLEMS: Mapping[int, str] = {
    400: "It cannot be done; `code` says why.",
    403: "Registration is off (3009).",
    404: "There is nothing at this address.",
    413: "The body is too large.",
    429: "Too often; `Retry-After` says how many seconds to wait.",
    500: "Something went wrong that nobody expected.",
    503: "The service cannot do this just now.",
}
EMPTY: Schema = {}
"""What gives nothing: an empty answer."""


def documented(
    gives: Schema, *, takes: Schema | None = None, status: int = 200, problems: Mapping[int, str] | None = None
) -> Documented:
    """What a call takes and gives; ``EMPTY`` is an answer without a body."""
    success: dict[str, Any] = {"description": "It is done."}
    if gives:
        success["content"] = {"application/json": {"schema": gives}}
    responses: dict[int | str, dict[str, Any]] = {status: success}
    for number, about in {**_PROBLEMS, **(problems or {})}.items():
        responses[number] = {"description": about, "content": _PROBLEM}
    extra: dict[str, Any] = {}
    if takes is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": takes}}}
    return {"responses": responses, "openapi_extra": extra}


def schema(about: str, /, *, _required: bool = True, **properties: Schema) -> Schema:
    """An object with these properties."""
    described: dict[str, object] = {"type": "object", "description": about, "properties": properties}
    if _required:
        described["required"] = list(properties)
    return described


def schema_of(model: type[BaseModel]) -> Schema:
    """What a model takes, in one piece: its enumerations stand where they are used."""
    made = model.model_json_schema()
    kinds = made.pop("$defs", {})
    for described in made["properties"].values():
        reference = described.pop("$ref", None)
        if reference is not None:
            kind = kinds[reference.rpartition("/")[2]]
            described |= {"type": kind["type"], "enum": kind["enum"]}
    return made


def list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
YES_OR_NO: Schema = {"type": "boolean"}
_TIME: Schema = {"type": ["integer", "null"], "description": "Milliseconds since 1970, UTC."}
_IDENTITY: Schema = {"type": ["string", "number"], "description": "The value of the identity column."}

PROPERTIES: Schema = {
    "type": "object",
    "description": "Properties of a user: the identity, `password`, and any others.",
    "properties": {"email": TEXT, "password": TEXT, "name": {"type": ["string", "null"]}},
    "additionalProperties": True,
    "example": {"email": "alice@yourmail.com", "password": "a long sentence is best", "name": "Alice"},
}
USER: Schema = {
    "type": "object",
    "description": "A record of the Users table. It never holds a password.",
    "properties": {
        "objectId": TEXT,
        "email": {"type": ["string", "null"]},
        "userStatus": {"enum": ["ENABLED", "DISABLED", "EMAIL_CONFIRMATION_PENDING", "GUEST"]},
        "socialAccount": TEXT,
        "created": _TIME,
        "updated": _TIME,
        "lastLogin": _TIME,
        "ownerId": TEXT,
        "___class": {"const": "Users"},
    },
    "additionalProperties": True,
}
USER_WITH_TOKEN: Schema = {
    **USER,
    "description": "The account, and the `user-token` with which its user calls from now on.",
    "properties": {**USER["properties"], "user-token": TEXT},  # type: ignore[dict-item]
}
USERS: Schema = list_of(USER)
COUNT: Schema = {"type": "integer", "minimum": 0}
LOGIN: Schema = schema("Who logs in", login=_IDENTITY, password=TEXT)
PASSWORD: Schema = schema("A password", password=TEXT)
USER_AND_ROLE: Schema = schema("Who, and which role", user=_IDENTITY, roleName=TEXT)
ROLE_NAMES: Schema = list_of(TEXT)
STATUS: Schema = schema("A status", userStatus={"enum": ["ENABLED", "DISABLED"]})
DELETION: Schema = schema("When it was removed", deletionTime=WHOLE)
COLUMN: Schema = schema(
    "A column", name=TEXT, type=TEXT, required=YES_OR_NO, identity=YES_OR_NO, isPrimaryKey=YES_OR_NO
)
COLUMNS: Schema = list_of(COLUMN)
QUERY: Schema = schema(
    "Which accounts, and what of them",
    _required=False,
    where={"type": "string", "example": "age > 20 and name = 'Ann'"},
    props=list_of(TEXT),
    excludeProps=list_of(TEXT),
    sortBy=list_of(TEXT),
    pageSize={"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
    offset={"type": "integer", "minimum": 0, "default": 0},
)
PROBLEM_ABOUT_KEYS: Mapping[int, str] = {401: "The owner key is missing or wrong."}
