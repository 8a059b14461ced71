"""Accounts on which two sides differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from zoey_netsuite import Account
from zoey_netsuite.conflicts import Conflict, compare

BEFORE = datetime(2026, 3, 1, 12, tzinfo=UTC)
AFTER = datetime(2026, 3, 1, 13, tzinfo=UTC)


def account(**values: Any) -> Account:
    """An account that differs from others in these values only."""
    return Account(**{"name": "Ridgeline", "phone": "1", "email": "a@x.com", **values})


def dispute(
    *, zoey: Mapping[str, Any], netsuite: Mapping[str, Any], base: Mapping[str, Any] | None = None, **others: Any
) -> Conflict[Account]:
    """What became of an account, when each side has changed these values of the base."""
    agreed: dict[str, Any] = dict(base or {})
    sides = [account(**{**agreed, **side}) for side in (zoey, netsuite)]
    return compare(account(**agreed), *sides, zoey_id="12", netsuite_id="345", **others)
