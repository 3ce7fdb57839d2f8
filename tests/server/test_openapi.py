"""The OpenAPI document: every address is in it, and what is in it is so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from blockwright.server import flow_calls, health
from blockwright.server.api import accounts, app, registration, roles, search, sessions
from blockwright.server.owner import routers as owner
from blockwright.services.records import KeyKind
from tests.server.world import Place


@pytest.fixture
def document(place: Place) -> dict[str, Any]:
    answer = place.get("/openapi.json")
    assert answer.status == 200
    return answer.record


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_every_operation_is_told_in_a_sentence_with_its_answers(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        assert operation["description"].endswith("."), (method, path)
        assert {"400", "500", "503"} <= set(operation["responses"]), (method, path)
        assert any(status.startswith("2") for status in operation["responses"])


def test_no_reference_leads_nowhere(document: dict[str, Any]) -> None:
    def references(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for name, item in value.items():
                if name == "$ref":
                    yield item
                yield from references(item)
        elif isinstance(value, list):
            for item in value:
                yield from references(item)

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document["paths"])) <= known


def test_the_owner_s_api_names_its_key(document: dict[str, Any]) -> None:
    for _method, path, operation in operations(document):
        assert bool(operation.get("security")) == path.startswith("/owner/")
        assert ("401" in operation["responses"]) == path.startswith("/owner/")


def test_every_address_of_the_apis_is_in_it(document: dict[str, Any]) -> None:
    routers = [module.router for module in (flow_calls, health, sessions, registration, roles, search, accounts, app)]
    routes = [route for router in (*routers, *owner) for route in router.routes]
    paths = {route.path_format for route in routes if isinstance(route, APIRoute)}
    catching = {path for path in paths if "{rest}" in path or path.startswith("/api/flows")}

    assert set(document["paths"]) == paths - catching - {"/api/users/verifypassowrd"}


def test_nonsense_sent_anywhere_is_answered_with_a_code_and_never_with_500(
    place: Place, document: dict[str, Any]
) -> None:
    bodies: list[object] = [None, {}, [], 5, b"{", {"name": {"a": [1]}, "kind": [], "userStatus": 5, "where": [1]}]
    for method, path, _operation in operations(document):
        for body in bodies:
            target = path.replace("{object_id}", "x").replace("{identity}", "%00").replace("{role}", "r")
            answer = place.call(method, target, body, authorization=f"Bearer {place.keys[KeyKind.OWNER]}")
            assert answer.status < 500, (method, path, body)
            if answer.status >= 400:
                assert answer.code, (method, path, body)
