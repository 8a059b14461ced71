"""The sample account and ways to ask it, as fixtures."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from support.suiteql_account import CATALOGUE, NOW, filled_connection

from zoey_netsuite.sandbox.netsuite.suiteql import Engine


@pytest.fixture
def connection() -> sqlite3.Connection:
    return filled_connection()


@pytest.fixture
def engine(connection: sqlite3.Connection) -> Engine:
    return Engine(connection, CATALOGUE, "America/Los_Angeles", lambda: NOW)


@pytest.fixture
def rows(engine: Engine) -> Callable[..., list[dict[str, str]]]:
    return lambda query, *params: engine.run(query, params, offset=0, limit=1000).rows


@pytest.fixture
def values(rows: Callable[..., list[dict[str, str]]]) -> Callable[..., list[tuple[str | None, ...]]]:
    """Rows as tuples in the order of the columns of the first, for queries whose columns are all there."""
    return lambda query, *params: [tuple(row.values()) for row in rows(query, *params)]


@pytest.fixture
def one(rows: Callable[..., list[dict[str, str]]]) -> Callable[..., str | None]:
    """The value of an expression; None when its column is left out."""

    def evaluate(expression: str, *params: object) -> str | None:
        (row,) = rows(f"SELECT {expression} AS x FROM dual", *params)
        return row.get("x")

    return evaluate
