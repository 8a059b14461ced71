"""A unit of work: one record that may need something done, as a scan found it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, Literal, Never, TypeAlias, TypeVar, cast

from attrs import Factory, evolve, field, frozen
from attrs.validators import in_

from zoey_netsuite.state.links import Link, Unlink
from zoey_netsuite.state.records import RecordRef
from zoey_netsuite.state.snapshots import Snapshot
from zoey_netsuite.state.store import JSON

D_co = TypeVar("D_co", covariant=True)
D = TypeVar("D")

Outcome: TypeAlias = Literal["created", "updated", "unchanged", "skipped", "held", "failed", "retrying", "waiting"]
"""What came of a unit. Held and failed ones need a person; retrying and waiting ones are looked at again."""


@frozen
class Linked:
    """Which linked pair a unit is about: name one side's id, the engine finds the other.

    Attributes:
        kind: of link: "orders", "products", "stock" ….
    """

    kind: str
    zoey_id: str | None = field(default=None, kw_only=True)
    netsuite_id: str | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if (self.zoey_id is None) == (self.netsuite_id is None):
            msg = f"Linked({self.kind!r}) takes exactly one of zoey_id and netsuite_id"
            raise ValueError(msg)

    @property
    def record(self) -> RecordRef:
        """The record whose link it names."""
        if self.zoey_id is not None:
            return RecordRef("zoey", self.zoey_id)
        return RecordRef("netsuite", self.netsuite_id or "")

    def __str__(self) -> str:
        return f"{self.record} to be linked ({self.kind})"


@frozen
class Unit(Generic[D_co]):
    """One record that may need something done.

    Attributes:
        id: names the unit within its sync, the same in every scan.
        origin: the record that has moved, where that is not the one that the unit is named after on the sync's `side`.
            A unit that says it has one name for both sides: the link keeps the name, and a change of either record
            comes under it.
        about: the linked pair that it belongs to. None: it stands for itself.
        unlinked: what becomes of the unit while that pair is not linked: "skip" drops it, as what it belongs to is not
            ours (documents in NetSuite); "wait" does it once the pair is linked (documents of Zoey orders).
        data: what the sync's `apply` needs, kept in the work list as JSON.
        fingerprint: of what the data asks for. Once done, a unit that comes with the same one again is dropped without
            a call. None: it is never dropped.
        guard: the name of the guard that watches what this unit would do ("zero_stock"), or None.
        pair: the linked pair, where the scan knows it already; otherwise the engine looks it up.
        root: what is leased while a unit without a pair is worked on, shared with all that must not be worked on at the
            same time ("orders/12345"); by default the unit alone.
        approved: whether a person has let it pass what would keep it: a guard, a filter, a start date.
        snapshot: what the two sides last agreed on, where the sync `compares`; the engine fills it in.
        answer: what a person has said about the conflict that this unit was held for; the engine fills it in.
    """

    id: str
    origin: RecordRef | None = None
    about: Linked | None = field(default=None, kw_only=True)
    unlinked: Literal["skip", "wait"] = field(default="skip", kw_only=True, validator=in_(("skip", "wait")))
    data: D_co = field(kw_only=True)
    fingerprint: str | None = field(default=None, kw_only=True)
    guard: str | None = field(default=None, kw_only=True)
    pair: Link | None = field(default=None, kw_only=True, repr=False)
    root: str | None = field(default=None, kw_only=True, repr=False)
    approved: bool = field(default=False, kw_only=True)
    snapshot: Snapshot | None = field(default=None, kw_only=True, repr=False)
    answer: JSON = field(default=None, kw_only=True, repr=False)

    @property
    def link(self) -> Link:
        """The linked pair, known from when the unit is put on the work list.

        Raises:
            ValueError: the unit is about no pair.
        """
        if self.pair is None:
            msg = f"unit {self.id} has no link: give it about=Linked(...)"
            raise ValueError(msg)
        return self.pair

    def linked(self, link: Link) -> Unit[D_co]:
        """The same unit, with its pair found."""
        return evolve(self, pair=link)


def _same_trouble(unit: Unreadable) -> str:
    return f"! {type(unit.error).__name__}: {unit.error}"


@frozen
class Unreadable(Unit[Never]):
    """A record that can't be read, in the place of its unit: in a page of a scan, or in what `load` gives.

    It goes on the attention list with the error, and the scan goes on. It is read anew when it changes, and when
    somebody retries it. `apply` and `needs` never see one.

    Attributes:
        error: why. What its message does not say (which record, which field, what was found), nobody will know.
        zoey_id, netsuite_id: the record's own id on its side, where there is no pair that names both.
    """

    data: Never = field(default=cast("Never", None), init=False, repr=False)
    error: Exception = field(kw_only=True)
    zoey_id: str | None = field(default=None, kw_only=True)
    netsuite_id: str | None = field(default=None, kw_only=True)
    fingerprint: str = field(default=Factory(_same_trouble, takes_self=True), init=False, repr=False)


@frozen
class Page(Generic[D_co]):
    """A part of what a scan found, committed as one.

    Attributes:
        units: what may need something done; `Unreadable` for what can't be read.
        cursor: the place to resume the scan after this page; the last page's is where the next scan starts.
        links: links found on the way, or found gone.
        baselines: by unit id, the fingerprint of what the other side was seen to hold just now (None: no longer known).
        notes: things people should read in the report, that need nothing done by the engine.
    """

    units: Sequence[Unit[D_co]]
    cursor: JSON
    links: Sequence[Link | Unlink] = field(default=(), kw_only=True)
    baselines: Mapping[str, str | None] = field(factory=dict[str, str | None], kw_only=True)
    notes: Sequence[str] = field(default=(), kw_only=True)
