"""What the PostgreSQL store's statements take and give: a commit's changes, and entries, as rows of plain values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from zoey_netsuite.state.encoding import encode_changes
from zoey_netsuite.state.store import ANY, Change, Delete, Expectation, Put

ANYTHING, NOTHING, NEVER = -1, 0, -2
"""What a change may expect of a key besides a version: whatever it is, nothing there, what no key ever has."""

CHECK, PUT, DELETE = 0, 1, 2
"""Kinds of changes."""

MAX = 2**63 - 1
"""The greatest number that the database takes."""

Row: TypeAlias = tuple[bytes, int, bytes]
"""An entry: key, version, value."""

Write: TypeAlias = tuple[bytes, int, int, bytes]
"""A change: key, kind, what it expects, value (empty where there is none)."""


def as_writes(changes: Iterable[Change]) -> list[tuple[Change, Write]]:
    """A commit's changes, each with its row.

    Raises:
        ValueError: an empty or malformed key, a key twice, a value that isn't JSON. The message names the key.
    """
    return [
        (change, (key, _kind(change), _expected(change), value or b""))
        for key, change, value in encode_changes(changes)
    ]


def _kind(change: Change) -> int:
    if isinstance(change, Put):
        return PUT
    return DELETE if isinstance(change, Delete) else CHECK


def _expected(change: Change) -> int:
    expect = change.expect
    if isinstance(expect, Expectation):
        return ANYTHING if expect is ANY else NOTHING
    return expect if 0 < expect <= MAX else NEVER
