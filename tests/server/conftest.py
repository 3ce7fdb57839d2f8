"""One server for all tests; a fresh app for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.world import Machine, Place, served


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    machine = Machine()
    yield machine
    machine.stop()


@pytest.fixture
def place(machine: Machine) -> Iterator[Place]:
    with served(machine) as place:
        yield place
