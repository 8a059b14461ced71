"""What the PostgreSQL store's statements take and give: a commit's changes, and entries, as rows of plain values.

PostgreSQL indexes no bytes longer than some 2,700. A longer key is found by its place: its beginning and a digest of
all of it, with the whole key in a column of its own.
"""

from __future__ import annotations

import hashlib
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

BEGINNING = 2_000
"""Bytes of a key up to which its place is the key itself. Never changed: it says where entries are."""

Row: TypeAlias = tuple[bytes, int, bytes]
"""An entry: its key's place, version, value."""

Scanned: TypeAlias = tuple[bytes, int, bytes, bytes | None]
"""The same, and the whole key if it is long."""

Write: TypeAlias = tuple[bytes, int, int, bytes, bytes | None]
"""A change: the key's place, kind, what it expects, value (empty where there is none), the whole key if it is long."""


def place(key: bytes) -> bytes:
    """Where a key's entry is. Places sort as the keys do, but for long keys that begin with the same bytes."""
    return key if len(key) <= BEGINNING else key[:BEGINNING] + hashlib.sha256(key).digest()


def as_writes(changes: Iterable[Change]) -> list[tuple[Change, Write]]:
    """A commit's changes, each with its row.

    Raises:
        ValueError: an empty or malformed key, a key twice, a value that isn't JSON. The message names the key.
    """
    return [
        (change, (place(key), _kind(change), _expected(change), value or b"", key if len(key) > BEGINNING else None))
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
