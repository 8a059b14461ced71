"""What the tests of the engine share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.colors import ON_PAINT, PAINTED


@pytest.fixture(autouse=True)
def fresh_paint() -> Iterator[None]:
    """Nothing is painted yet."""
    PAINTED.clear()
    ON_PAINT.clear()
    yield
    PAINTED.clear()
    ON_PAINT.clear()
