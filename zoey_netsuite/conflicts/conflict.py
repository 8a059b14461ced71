"""What has changed on which side since both last agreed, and what is to be written once that is decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Generic, cast, overload

import attrs
from attrs import evolve, field, frozen
from typing_extensions import TypeVar

from zoey_netsuite.conflicts.comparing import CUSTOM, alike, custom_of, field_names, names_of, same, told, value_of
from zoey_netsuite.entities import Value
from zoey_netsuite.state.records import Side
from zoey_netsuite.wording import one_line

E = TypeVar("E", default=Any)

NONE: frozenset[str] = frozenset()


def _aware(instance: object, attribute: attrs.Attribute[Any], value: datetime | None) -> None:
    if value is not None and value.tzinfo is None:
        msg = f"{attribute.name}={value.isoformat()} has no time zone: times are aware, UTC"
        raise ValueError(msg)


@frozen
class Conflict(Generic[E]):
    """One record on both sides, and what became of it since both last agreed. Made by `compare`.

    Fields are named as mappers name them: "phone", `custom.vip`.

    Attributes:
        base: what both agreed on, as Zoey gave it back; None before the first agreement.
        zoey, netsuite: the record as each side shows it now.
        changed_in_zoey, changed_in_netsuite: the fields that each side has changed since. Before the first agreement
            every field that differs counts as changed on both.
        zoey_changed_at, netsuite_changed_at: when the record was last changed, aware, where that side says so.
        zoey_id, netsuite_id: the record's ids.
        base_in_netsuite: what both agreed on, as NetSuite gave it back: it writes some values in its own way.
    """

    base: E | None
    zoey: E
    netsuite: E
    changed_in_zoey: frozenset[str] = field(converter=names_of)
    changed_in_netsuite: frozenset[str] = field(converter=names_of)
    zoey_changed_at: datetime | None = field(default=None, validator=_aware, kw_only=True)
    netsuite_changed_at: datetime | None = field(default=None, validator=_aware, kw_only=True)
    zoey_id: str | None = field(default=None, kw_only=True)
    netsuite_id: str | None = field(default=None, kw_only=True)
    base_in_netsuite: E | None = field(default=None, kw_only=True, repr=False)

    @property
    def changed(self) -> frozenset[str]:
        """The fields that either side has changed."""
        return self.changed_in_zoey | self.changed_in_netsuite

    @property
    def differing(self) -> frozenset[str]:
        """The changed fields in which the sides do not agree now."""
        return frozenset(name for name in self.changed if not same(*self.values(name)))

    @property
    def contested(self) -> frozenset[str]:
        """The fields that both sides have changed, each to a value of its own."""
        return self.differing & self.changed_in_zoey & self.changed_in_netsuite

    def values(self, name: str) -> tuple[Value, Value]:
        """A field's values in Zoey and in NetSuite; of a custom one that is not there, None."""
        return value_of(self.zoey, name), value_of(self.netsuite, name)

    def only(self, names: Collection[str]) -> Conflict[E]:
        """The same, but as if no other fields had changed."""
        kept = names_of(names)
        return evolve(
            self, changed_in_zoey=self.changed_in_zoey & kept, changed_in_netsuite=self.changed_in_netsuite & kept
        )

    def describe(self, names: Collection[str]) -> str:
        """These fields with both values, for people."""
        return "; ".join(
            f"{name}: Zoey has {told(in_zoey)}, NetSuite has {told(in_netsuite)}"
            for name in sorted(names)
            for in_zoey, in_netsuite in [self.values(name)]
        )

    def __str__(self) -> str:
        return one_line(f"record (Zoey {self.zoey_id or 'unknown'}, NetSuite {self.netsuite_id or 'unknown'})")


@frozen
class Agreed(Generic[E]):
    """What both sides held when they last agreed, each in its own way of writing.

    Attributes:
        zoey, netsuite: the entity as each side gave it back.
        zoey_fields, netsuite_fields: the fields of which that is known; None: all.
        rules: the digest of the mapper that read them, or "".
    """

    zoey: E
    netsuite: E
    zoey_fields: frozenset[str] | None = None
    netsuite_fields: frozenset[str] | None = None
    rules: str = ""

    def knows(self, side: Side, name: str) -> bool:
        """Whether it is known what that side held in that field."""
        fields = self.zoey_fields if side == "zoey" else self.netsuite_fields
        if fields is not None:
            return name in fields
        entity = self.zoey if side == "zoey" else self.netsuite
        return not name.startswith(CUSTOM) or name.removeprefix(CUSTOM) in custom_of(entity)

    def has(self, name: str) -> bool:
        """Whether anything is known of that field."""
        return self.knows("zoey", name) or self.knows("netsuite", name)

    def value(self, side: Side, name: str) -> Value:
        """What that side held in that field; where that is not known, what the other held."""
        if not self.knows(side, name):
            side = "netsuite" if side == "zoey" else "zoey"
        return value_of(self.zoey if side == "zoey" else self.netsuite, name)

    def holds(self, side: Side, name: str, value: Value) -> bool:
        """Whether that side held this value in that field; where that is not known, whether it may be how that side
        writes what the other held.
        """
        return (same if self.knows(side, name) else alike)(self.value(side, name), value)


@overload
def compare(
    base: Agreed[E] | None,
    zoey: E,
    netsuite: E,
    *,
    fields: Collection[str] | None = None,
    rules: str = "",
    zoey_changed_at: datetime | None = None,
    netsuite_changed_at: datetime | None = None,
    zoey_id: str | None = None,
    netsuite_id: str | None = None,
) -> Conflict[E]: ...
@overload
def compare(
    base: E | None,
    zoey: E,
    netsuite: E,
    *,
    fields: Collection[str] | None = None,
    rules: str = "",
    zoey_changed_at: datetime | None = None,
    netsuite_changed_at: datetime | None = None,
    zoey_id: str | None = None,
    netsuite_id: str | None = None,
) -> Conflict[E]: ...
def compare(
    base: Agreed[E] | E | None,
    zoey: E,
    netsuite: E,
    *,
    fields: Collection[str] | None = None,
    rules: str = "",
    zoey_changed_at: datetime | None = None,
    netsuite_changed_at: datetime | None = None,
    zoey_id: str | None = None,
    netsuite_id: str | None = None,
) -> Conflict[E]:
    """Find out what each side has changed since both last agreed. Pure.

    A field of which nothing was known then has not changed: it gets its base now.

    Args:
        base: what they agreed on; an `Agreed` where each side wrote it in its own way; None before the first agreement.
        zoey, netsuite: the record as each side shows it now.
        fields: the names of those that are kept in step. None: all fields of the class, and those custom ones that
            both sides have or had.
        rules: the digest of the mapper that has read them. Where it is another than then, a field that was empty on
            both sides and is filled on both is a field that the new rules read, and no change.
        zoey_changed_at, netsuite_changed_at: when the record was last changed, aware.
        zoey_id, netsuite_id: the record's ids, for messages.
    """
    agreed = _agreed(base)
    in_zoey: set[str] = set()
    in_netsuite: set[str] = set()
    for name in compared(agreed, zoey, netsuite) if fields is None else names_of(fields):
        values = value_of(zoey, name), value_of(netsuite, name)
        if agreed is None:
            if not same(*values):
                in_zoey.add(name)
                in_netsuite.add(name)
        elif agreed.has(name) and not _is_read_anew(name, agreed, rules, *values):
            if not agreed.holds("zoey", name, values[0]):
                in_zoey.add(name)
            if not agreed.holds("netsuite", name, values[1]):
                in_netsuite.add(name)
    return Conflict(
        None if agreed is None else agreed.zoey,
        zoey,
        netsuite,
        in_zoey,
        in_netsuite,
        zoey_changed_at=zoey_changed_at,
        netsuite_changed_at=netsuite_changed_at,
        zoey_id=zoey_id,
        netsuite_id=netsuite_id,
        base_in_netsuite=None if agreed is None else agreed.netsuite,
    )


def _agreed(base: Agreed[E] | E | None) -> Agreed[E] | None:
    if base is None or isinstance(base, Agreed):
        return cast("Agreed[E] | None", base)
    return Agreed(base, base)


def compared(agreed: Agreed[E] | None, zoey: E, netsuite: E) -> frozenset[str]:
    """The fields that are compared by default: those of the class, and custom ones that both sides have or had."""
    names = field_names(zoey) & field_names(netsuite)
    if agreed is None:
        return names
    known = [
        field_names(entity) | (fields or NONE)
        for entity, fields in ((agreed.zoey, agreed.zoey_fields), (agreed.netsuite, agreed.netsuite_fields))
    ]
    return names | frozenset(name for name in known[0] & known[1] if name.startswith(CUSTOM) and agreed.has(name))


def _is_read_anew(name: str, agreed: Agreed[E], rules: str, in_zoey: Value, in_netsuite: Value) -> bool:
    if rules == agreed.rules:
        return False
    before = agreed.value("zoey", name), agreed.value("netsuite", name)
    was_empty = all(same(value, None) for value in before)
    return was_empty and not same(in_zoey, None) and not same(in_netsuite, None)


def merge(conflict: Conflict[E], sides: Mapping[str, Side]) -> E:
    """The record with each field from the side that is named, or else from the only side that has changed it. Pure.

    Args:
        conflict: the record on both sides.
        sides: "zoey" or "netsuite" by the field's name.

    Raises:
        ValueError: both sides have changed a field that `sides` does not name.
    """
    undecided = conflict.contested - sides.keys()
    if undecided:
        msg = f"sides does not say which side gives {', '.join(sorted(undecided))}, which both have changed"
        raise ValueError(msg)
    chosen = {
        name: sides.get(name, "netsuite" if name in conflict.changed_in_netsuite - conflict.changed_in_zoey else "zoey")
        for name in conflict.changed | sides.keys()
    }
    return with_values(
        conflict, {name: value_of(getattr(conflict, side), name) for name, side in sorted(chosen.items())}
    )


def with_values(conflict: Conflict[E], values: Mapping[str, Value]) -> E:
    """The record as Zoey shows it, with both sides' custom fields, and these values by the fields' names."""
    plain = {name: value for name, value in values.items() if not name.startswith(CUSTOM)}
    if hasattr(conflict.zoey, "custom"):
        changed = {name.removeprefix(CUSTOM): value for name, value in values.items() if name.startswith(CUSTOM)}
        plain["custom"] = {**custom_of(conflict.netsuite), **custom_of(conflict.zoey), **changed}
    return cast("E", attrs.evolve(cast("Any", conflict.zoey), **plain))


@frozen
class Writes:
    """The fields that are to be written to each side."""

    zoey: frozenset[str] = field(default=NONE, converter=names_of)
    netsuite: frozenset[str] = field(default=NONE, converter=names_of)


def writes(conflict: Conflict[E], entity: E, leaving: Collection[str] = ()) -> Writes:
    """What is to be written where, so that both sides hold what was decided. Pure.

    Of the fields that somebody has changed, those in which a side shows something else. What nobody has changed is
    written nowhere, however differently the sides write it.

    Args:
        conflict: the record on both sides.
        entity: what was decided, see `Take`.
        leaving: fields to be left as they are on both sides.
    """
    names = conflict.changed - names_of(leaving)

    def where(side: E) -> frozenset[str]:
        return frozenset(name for name in names if not same(value_of(entity, name), value_of(side, name)))

    return Writes(where(conflict.zoey), where(conflict.netsuite))
