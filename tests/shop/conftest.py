from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.shop.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """A shop whose invariants hold when the test has ended."""
    world = World()
    yield world
    assert world.faults() == []
    world.db.close()
