"""What the tests of the HTTP layer share."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["blocking", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which driver."""
    return str(request.param)
