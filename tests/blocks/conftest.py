"""The blocks are run against every backend: a test that takes ``world`` runs once for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.world import BACKENDS, World


@pytest.fixture(params=list(BACKENDS))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    return BACKENDS[request.param](tmp_path)
