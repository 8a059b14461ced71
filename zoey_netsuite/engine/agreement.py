"""What both sides agreed on: entities as snapshots for the store, and snapshots as entities to compare with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar, cast, get_type_hints

import attrs

from zoey_netsuite.conflicts import Agreed, Writes
from zoey_netsuite.conflicts.comparing import CUSTOM, as_json, custom_of, digest, value_of
from zoey_netsuite.conflicts.conflict import compared
from zoey_netsuite.engine.codec import converter, to_json
from zoey_netsuite.state.snapshots import Snapshot, extended
from zoey_netsuite.state.store import JSON

E = TypeVar("E")


@attrs.frozen
class Agreement:
    """What both sides of a unit hold once all that had to be written for it is written; it becomes its snapshot.

    Attributes:
        zoey, netsuite: the record as each side showed it, or gave it back.
        unread: fields that were written to a side and not read back.
        rules: the digest of the mapper.
        fields: the names of those that are kept in step, as for `compare`.
    """

    zoey: Any
    netsuite: Any
    unread: Writes = attrs.field(factory=Writes)
    rules: str = ""
    fields: Collection[str] | None = None

    def as_snapshot(self, sync: str, unit_id: str, before: Snapshot | None, at: datetime) -> Snapshot:
        """For the store, given the snapshot up to now."""
        return snapshot(
            sync,
            unit_id,
            self.zoey,
            self.netsuite,
            at=at,
            rules=self.rules,
            fields=self.fields,
            unread=self.unread,
            before=before,
        )


def agreed(snapshot: Snapshot | None, zoey: E, netsuite: E) -> Agreed[E] | None:
    """What a snapshot says both sides held, to compare these with; None where there is no snapshot.

    Args:
        snapshot: as it is kept.
        zoey, netsuite: the record as each side shows it now; fields of which nothing is known are as they have them.
    """
    if snapshot is None:
        return None
    in_zoey, zoey_fields = _with(zoey, snapshot.zoey)
    in_netsuite, netsuite_fields = _with(netsuite, snapshot.netsuite)
    return Agreed(in_zoey, in_netsuite, zoey_fields, netsuite_fields, snapshot.rules)


def snapshot(
    sync: str,
    unit_id: str,
    zoey: E,
    netsuite: E,
    *,
    at: datetime,
    rules: str = "",
    fields: Collection[str] | None = None,
    unread: Writes | None = None,
    before: Snapshot | None = None,
) -> Snapshot:
    """What both sides hold from now on.

    Args:
        sync, unit_id: which sync's unit, and its id there.
        zoey, netsuite: the record as each side gave it back after it was written, or showed it where it was not.
        at: the store's time, aware.
        rules: the digest of the mapper.
        fields: the names of those that are kept in step, as for `compare`.
        unread: fields that were written to a side and not read back.
        before: the snapshot up to now; None at the first agreement.
    """
    base = agreed(before, zoey, netsuite)
    names = compared(base, zoey, netsuite) if fields is None else frozenset(fields)
    left_out = unread or Writes()
    taken = Snapshot(
        sync, unit_id, _values(zoey, names - left_out.zoey), _values(netsuite, names - left_out.netsuite), rules
    )
    if before is None or base is None:
        return taken
    now = cast("Agreed[E]", agreed(taken, zoey, netsuite))
    history = {
        name: extended(before.history.get(name, ()), _digests(base, name), _digests(now, name), at)
        for name in sorted(names)
        if base.has(name) and now.has(name)
    }
    return attrs.evolve(taken, history={name: pasts for name, pasts in history.items() if pasts})


def _digests(held: Agreed[E], name: str) -> tuple[str, str]:
    return digest(held.value("zoey", name)), digest(held.value("netsuite", name))


def _values(entity: object, names: Collection[str]) -> dict[str, JSON]:
    """Fields as JSON from which they can be read again; custom values in the form in which they are compared."""
    return {
        name: as_json(value_of(entity, name)) if name.startswith(CUSTOM) else to_json(value_of(entity, name))
        for name in sorted(names)
    }


def _with(entity: E, values: Mapping[str, JSON]) -> tuple[E, frozenset[str]]:
    """The entity with these values, and the names of those that its class can still read."""
    kinds = get_type_hints(type(entity))
    plain: dict[str, object] = {}
    custom = dict(custom_of(entity))
    known: set[str] = set()
    for name, value in values.items():
        if name.startswith(CUSTOM):
            custom[name.removeprefix(CUSTOM)] = value
            known.add(name)
        else:
            # Whatever cattrs says of a value that was written for a class of other fields: it is no base any more.
            with suppress(Exception):
                plain[name] = converter().structure(value, kinds[name])
                known.add(name)
    if "custom" in kinds:
        plain["custom"] = custom
    return cast("E", attrs.evolve(cast("Any", entity), **plain)), frozenset(known)
