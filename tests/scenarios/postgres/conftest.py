"""A merchant with orders, over real HTTP, and a connection to PostgreSQL that can be lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.trade import Trade


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path) as made:
        yield made
