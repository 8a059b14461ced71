"""Loading: units as they are now, each for itself, so that one that can't be read keeps no other from being read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from zoey_netsuite.engine import failures
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.unit import Unit, Unreadable
from zoey_netsuite.errors import MappingError
from zoey_netsuite.user_code import must_give_list
from zoey_netsuite.wording import is_nameless

T = TypeVar("T")

UNASKABLE = (
    "The record can't be asked for alone. Correct its id where it stands: its next change brings it under that id. Then"
    " dismiss this."
)
_UNIT: type[Unit[Any]] = Unit
_WITHOUT_ID = MappingError(f"this record's id can't be read. {UNASKABLE}")


def load(sync: Sync[Any], unit_ids: Sequence[str], ctx: SyncContext) -> Sequence[Unit[Any]]:
    """These units as they are now, `Unreadable` where the sync's `load` fails at one; those that are gone are left out.

    Raises:
        SystemFailure: a system could not be read.
    """
    lost = [unit_id for unit_id in unit_ids if is_nameless(unit_id)]
    if lost:
        named = [unit_id for unit_id in unit_ids if unit_id not in lost]
        return [
            *(Unreadable(unit_id, error=_WITHOUT_ID) for unit_id in lost),
            *(load(sync, named, ctx) if named else ()),
        ]
    return _each(unit_ids, unit_ids, sync.load, ctx)


def look(sync: Sync[Any], units: Sequence[Unit[Any]], ctx: SyncContext) -> Sequence[Unit[Any]]:
    """As `load`, by the sync's `look`."""
    return _each(units, [unit.id for unit in units], sync.look, ctx)


def _each(
    asked: Sequence[T], ids: Sequence[str], read: Callable[[Sequence[T], SyncContext], Iterable[Any]], ctx: SyncContext
) -> Sequence[Unit[Any]]:
    """What the sync reads of these, with these ids; where it fails at one of them, one by one."""
    try:
        return must_give_list(read, read(asked, ctx), _UNIT, "a list of units, Unit(id, data=…)")
    except Exception as error:
        if not failures.is_of_a_record(error):
            raise failures.scan_failure(error, failures.system_of(error)) from error
        if len(ids) == 1:
            return [Unreadable(ids[0], error=error)]
    return [unit for one, id in zip(asked, ids, strict=True) for unit in _each([one], [id], read, ctx)]
