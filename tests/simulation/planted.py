"""Bugs that are planted on purpose: a simulation that does not find them would find nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from attrs import evolve

from zoey_netsuite.engine import once, scanner, worker
from zoey_netsuite.engine.desk import Desk
from zoey_netsuite.state.leases import Lease
from zoey_netsuite.syncs import inventory


def forgets_to_look(patch: pytest.MonkeyPatch) -> None:
    """What was started is sent again without looking for it first."""
    patch.setattr(worker, "settle", lambda *_: once.Settled())
    patch.setattr(once, "_looked_for", lambda *_: None)
    patch.setattr(once, "_is_to_be_looked_for", lambda *_: False)


def does_not_wait(patch: pytest.MonkeyPatch) -> None:
    """What leaves no trace yet is sent again at once, though it may still arrive."""
    real = once._outcome

    def outcome(entry: Any, effect: Any, found: Any, *given: Any) -> Any:
        return None if found is None else real(entry, effect, found, *given)

    patch.setattr(once, "_outcome", outcome)


def moves_the_cursor_first(patch: pytest.MonkeyPatch) -> None:
    """The cursor is moved by a commit of its own, before what was found is put on the work list."""
    real = scanner._commit

    def commit(sync: Any, desk: Desk, cursor: Any, lease: Lease, changes: Any) -> Any:
        moved = real(sync, desk, cursor, lease, ())
        if changes:
            desk.space.store.commit(changes)
        return moved

    patch.setattr(scanner, "_commit", commit)


def sells_twice(patch: pytest.MonkeyPatch) -> None:
    """What orders hold that NetSuite lacks is offered again."""
    real = inventory.read_reserved
    patch.setattr(inventory, "read_reserved", lambda *given: evolve(real(*given), by_item={}))


def looks_before_it_waits(patch: pytest.MonkeyPatch) -> None:
    """What was not there when it was looked for is sent again once the settling time is over, without another look."""
    real = once._outcome

    def outcome(entry: Any, effect: Any, found: Any, looked_at: Any, desk: Desk) -> Any:
        return real(entry, effect, found, desk.space.store.now(), desk)

    patch.setattr(once, "_outcome", outcome)


PLANTED: Mapping[str, Callable[[pytest.MonkeyPatch], None]] = {
    one.__name__: one
    for one in (
        forgets_to_look,
        does_not_wait,
        moves_the_cursor_first,
        sells_twice,
        looks_before_it_waits,
    )
}
