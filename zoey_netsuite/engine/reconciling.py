"""Reconciling: what a two-way sync asks of one record, and the effects that remember what came of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from zoey_netsuite.conflicts import ConflictStrategy, Take, Writes, compare, decide, writes
from zoey_netsuite.conflicts.conflict import compared
from zoey_netsuite.engine.agreement import Agreement, agreed
from zoey_netsuite.engine.effects import Clients, Done, Effect, Kind
from zoey_netsuite.engine.unit import Unit
from zoey_netsuite.entities import Hold, Skip
from zoey_netsuite.state.links import Link

E = TypeVar("E")


@frozen
class Agree(Effect):
    """Remember what both sides of a unit's pair hold. No system is called.

    Give it last: what fails before it leaves the agreement as it was.

    Attributes:
        agreement: what they hold.
    """

    stored_as = "agree"
    formerly = ("zoey_netsuite.engine.reconciling:Agree",)
    kind = Kind.CONVERGENT

    agreement: Agreement = field(repr=False)

    @property
    def key(self) -> str:
        """There is one for a unit."""
        return "agree"

    def describe(self) -> str:
        """A line for people."""
        return "remember what both sides hold"

    def perform(self, clients: Clients) -> Done:
        """Nothing but the agreement."""
        return Done(changed=False, agreed=self.agreement)


@frozen
class Remember(Effect):
    """Remember something of a linked pair. No system is called.

    Attributes:
        link: the pair as it is to be known.
    """

    stored_as = "remember"
    formerly = ("zoey_netsuite.syncs.order_effects:Remember",)

    kind = Kind.CONVERGENT

    link: Link

    @property
    def key(self) -> str:
        """The pair."""
        return f"remember {self.link.kind} {self.link.zoey_id}"

    def describe(self) -> str:
        """A line for people."""
        shown = ", ".join(f"{name} {value}" for name, value in self.link.data.items())
        return f"remember of Zoey {self.link.zoey_id} and NetSuite {self.link.netsuite_id}: {shown}"

    def perform(self, clients: Clients) -> Done:
        """Nothing but the link."""
        return Done(changed=False, links=[self.link])


@frozen
class Reconciled(Generic[E]):
    """What is to be done so that both sides of a record agree.

    Attributes:
        entity: what both are to hold.
        to_zoey, to_netsuite: names of the fields that are to be written there, as mappers take them.
        agree: the effect that remembers it, to be given last; empty where there is nothing new to remember.
    """

    entity: E
    to_zoey: frozenset[str]
    to_netsuite: frozenset[str]
    agree: tuple[Agree, ...] = field(repr=False)


def reconcile(
    unit: Unit[Any],
    zoey: E,
    netsuite: E,
    strategy: ConflictStrategy[E],
    *,
    fields: Collection[str] | None = None,
    rules: str = "",
    zoey_changed_at: datetime | None = None,
    netsuite_changed_at: datetime | None = None,
) -> Reconciled[E] | Hold | Skip:
    """Compare a record with what both sides last agreed on, and let the strategy decide what both changed. Pure.

    Args:
        unit: of a sync that `compares`.
        zoey, netsuite: the record as each side shows it now.
        strategy: says who is right; a person's answer goes before it.
        fields: the names of those that are kept in step; None as for `compare`.
        rules: the digest of the mapper that has read them.
        zoey_changed_at, netsuite_changed_at: when the record was last changed, aware.
    """
    base = agreed(unit.snapshot, zoey, netsuite)
    pair = unit.pair
    conflict = compare(
        base,
        zoey,
        netsuite,
        fields=fields,
        rules=rules,
        zoey_changed_at=zoey_changed_at,
        netsuite_changed_at=netsuite_changed_at,
        zoey_id=pair.zoey_id if pair else None,
        netsuite_id=pair.netsuite_id if pair else None,
    )
    written, entity = Writes(), zoey
    if conflict.changed:
        history = None if unit.snapshot is None else unit.snapshot.history
        decision = decide(strategy, conflict, answer=unit.answer, history=history)
        if not isinstance(decision, Take):
            return decision
        entity = decision.entity
        written = writes(conflict, entity, decision.leaving)
    names = compared(base, zoey, netsuite) if fields is None else frozenset(fields)
    unknown = base is None or any(not (base.knows("zoey", name) and base.knows("netsuite", name)) for name in names)
    is_new = unknown or bool(conflict.changed) or (unit.snapshot is not None and unit.snapshot.rules != rules)
    agree = (Agree(Agreement(zoey, netsuite, written, rules, fields)),) if is_new else ()
    return Reconciled(entity, written.zoey, written.netsuite, agree)
