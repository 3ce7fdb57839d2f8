"""Any call that the OpenAPI document allows is answered as it says, and never with a mistake of the server's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from blockwright.server import Options, create_app
from blockwright.services.backends.memory import MemoryStore
from blockwright.services.backends.outbox import MemoryMailer
from blockwright.services.backends.stored import StoredUsers
from blockwright.services.records import KeyKind
from tests.services.world import QuickHasher, run

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def users() -> StoredUsers:
    return StoredUsers(MemoryStore(), MemoryMailer(), passwords=QuickHasher())


@pytest.fixture(scope="module")
def schema(users: StoredUsers) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(users, None, Options(remember=0)))


def operations(schema: Any, prefix: str) -> Iterator[Any]:
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.startswith(prefix):
            yield operation


@pytest.mark.parametrize("kind", [KeyKind.REST, KeyKind.CLOUD_CODE])
def test_the_api_answers_as_its_document_says(schema: Any, users: StoredUsers, kind: KeyKind) -> None:
    base = f"/{run(users.app_id())}/{run(users.make_key(kind)).value}/"
    for operation in operations(schema, "/api/"):
        original = operation.path
        operation.path = original.replace("/api/", base, 1)
        try:
            try_out(operation, {})
        finally:
            operation.path = original


def test_the_owner_s_api_answers_as_its_document_says(schema: Any, users: StoredUsers) -> None:
    key = run(users.make_key(KeyKind.OWNER)).value
    for operation in operations(schema, "/owner/"):
        try_out(operation, {"Authorization": f"Bearer {key}"})


def try_out(operation: Any, headers: dict[str, str]) -> None:
    @settings(
        max_examples=10, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )
    @given(case=operation.as_strategy())
    def one(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    one()
