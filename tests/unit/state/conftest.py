"""What the tests of the PostgreSQL store share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from support.postgres_hands import Hands

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer


@pytest.fixture
def hands(postgres: PostgresServer) -> Iterator[Hands]:
    """A schema of its own, stores on it, and what others do to the same database."""
    with Hands(postgres) as made:
        yield made
