"""A story of a world, told entry by entry."""

import pytest

from tests.simulator.truth.story import Story


@pytest.fixture
def story() -> Story:
    return Story()
