"""The contract is run against every backend: a test that takes ``world`` runs once for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.world import Machine
from tests.services.over_http import NOT_OVER_HTTP, NOTHING_OF_IT, over_http
from tests.services.world import BACKENDS, World, run

OVER_HTTP = "backendless"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "world" not in metafunc.fixturenames:
        return
    left_out = metafunc.definition.path.name in NOTHING_OF_IT or metafunc.function.__name__ in NOT_OVER_HTTP
    metafunc.parametrize("world", [*BACKENDS, *([] if left_out else [OVER_HTTP])], indirect=True)


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    machine = Machine()
    yield machine
    machine.stop()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a user database may be made."""
    return tmp_path / "users.db"


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == OVER_HTTP:
        served = over_http(request.getfixturevalue("machine"))
        yield served
        served.close()
        return
    world = BACKENDS[request.param](tmp_path)
    yield world
    run(world.store.close())
