"""The contract is run against every backend: a test that takes ``world`` runs once for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.world import BACKENDS, World, run


@pytest.fixture(params=list(BACKENDS))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    world = BACKENDS[request.param](tmp_path)
    yield world
    run(world.store.close())
