"""The blocks are run against every backend, and in memory watched as well: each test that takes ``world``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.kit import Way
from tests.services.world import BACKENDS, World, run

PLACES: list[tuple[str, Way]] = [("memory", "watched"), *((backend, "compiled") for backend in BACKENDS)]


@pytest.fixture(params=PLACES, ids="-".join)
def place(request: pytest.FixtureRequest) -> tuple[str, Way]:
    found: tuple[str, Way] = request.param
    return found


@pytest.fixture
def way(place: tuple[str, Way]) -> Way:
    return place[1]


@pytest.fixture
def world(place: tuple[str, Way], tmp_path: Path) -> Iterator[World]:
    world = BACKENDS[place[0]](tmp_path)
    yield world
    run(world.store.close())
