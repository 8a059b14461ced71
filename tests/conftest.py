"""Fixtures that many tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.world import World

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer


pytest_plugins = ["support.pace", "support.proof"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A small merchant with eight products."""
    with World(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, one for each process that runs tests."""
    try:
        from support.postgres_server import PostgresServer, find_programs

        find_programs()
    except ImportError as error:
        message = f"{error}; the test group of pyproject.toml brings psycopg and a server"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with PostgresServer() as server:
        yield server


@pytest.fixture
def database_url(postgres: PostgresServer) -> str:
    """The connection string of an empty database of its own, with a password in it."""
    return postgres.url(postgres.database())
