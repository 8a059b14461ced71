"""Links: which Zoey record is which NetSuite record.

A Zoey record has at most one link of a kind; one NetSuite record may stand behind several Zoey records (stock of one
item sold as two products). Both directions are read in bulk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Self, TypeAlias

from attrs import field, frozen

from zoey_netsuite.errors import MappingError
from zoey_netsuite.state.records import RecordRef, Side, wrong_with_id
from zoey_netsuite.state.space import Space, chunks
from zoey_netsuite.state.store import ABSENT, JSON, Change, Delete, Entry, Key, Put


@frozen
class Link:
    """Two records that are one.

    Attributes:
        kind: what they are: "orders", "products", "stock" ….
        zoey_id, netsuite_id: text of digits; NetSuite's may have a minus in front.
        root: what is leased while one of them is worked on, the same for all records that belong together.
        data: what a sync needs to remember about the pair.
        unit: the id of the unit that the pair has in its sync, whichever side moves; "" where no unit named it.

    Raises:
        MappingError: one of the ids can't be the id of a record there.
    """

    kind: str
    zoey_id: str
    netsuite_id: str
    root: str = field(default="", kw_only=True)
    data: Mapping[str, JSON] = field(factory=dict[str, JSON], kw_only=True)
    unit: str = field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        ids: Mapping[Side, object] = {"zoey": self.zoey_id, "netsuite": self.netsuite_id}
        for side, id in ids.items():
            refuse_wrong_id(f"a link of kind {self.kind!r} can't be made: ", side, id)
        if not self.root:
            object.__setattr__(self, "root", f"{self.kind}/{self.zoey_id}")

    @classmethod
    def known(
        cls, kind: str, zoey_id: str, netsuite_id: str, *, root: str, data: Mapping[str, JSON], unit: str = ""
    ) -> Self:
        """A link that stands in the store.

        Its ids are not looked at: versions of this library before format 2 took any text, and one such link must not
        keep all others from being read.
        """
        link = cls.__new__(cls)
        values: dict[str, object] = {"kind": kind, "zoey_id": zoey_id, "netsuite_id": netsuite_id}
        values |= {"root": root, "data": data, "unit": unit}
        for name, value in values.items():
            object.__setattr__(link, name, value)
        return link

    def having(
        self, *, root: str | None = None, data: Mapping[str, JSON] | None = None, unit: str | None = None
    ) -> Self:
        """The same pair with something else about it. Its ids are not looked at, as it may be a `known` one."""
        return self.known(
            self.kind,
            self.zoey_id,
            self.netsuite_id,
            root=self.root if root is None else root,
            data=self.data if data is None else data,
            unit=self.unit if unit is None else unit,
        )

    def records(self) -> tuple[RecordRef, RecordRef]:
        """Both of them."""
        return RecordRef("zoey", self.zoey_id), RecordRef("netsuite", self.netsuite_id)


def refuse_wrong_id(what: str, side: Side, id: object) -> None:
    """Refuse what can't be the id of a record of that system.

    Args:
        what: begins the message: what is being made of the id.

    Raises:
        MappingError: naming the field and the value, and what to give instead.
    """
    wrong = wrong_with_id(side, id)
    if wrong is not None:
        raise MappingError(f"{what}{side}_id={id!r} {wrong}", field=f"{side}_id")


LinkName: TypeAlias = tuple[str, str, str]
"""Names a link by one of its records: kind, side and id."""


@frozen
class Unlink:
    """A Zoey record of that kind is linked to nothing any more."""

    kind: str
    zoey_id: str


@frozen
class Links:
    """The links of one integration."""

    space: Space

    def by_zoey(self, kind: str, zoey_ids: Collection[str]) -> dict[str, Link]:
        """The links of these Zoey records; unlinked ones are left out."""
        keys = {self._forward(kind, zoey_id): zoey_id for zoey_id in zoey_ids}
        entries = self.space.read(keys)
        return {keys[key]: _link(kind, keys[key], entry) for key, entry in entries.items()}

    def written_after(self, records: Mapping[tuple[str, RecordRef], int]) -> dict[tuple[str, RecordRef], Link]:
        """The links of these records that were written later than another entry of this version.

        Args:
            records: with their kind of link, and the version.
        """
        indexed = {self._backward(kind, ref.id) for kind, ref in records if ref.side == "netsuite"}
        owners: Mapping[Key, Entry] = self.space.read(indexed) if indexed else {}
        # In NetSuite's index the version tells when a Zoey record came or went: that of the link itself also moves
        # with what is remembered of the pair.
        keys: dict[Key, tuple[str, RecordRef]] = {}
        for (kind, ref), version in records.items():
            if ref.side == "zoey":
                keys[self._forward(kind, ref.id)] = (kind, ref)
                continue
            entry = owners.get(self._backward(kind, ref.id))
            if entry is not None and entry.version > version:
                keys |= {self._forward(kind, zoey_id): (kind, ref) for zoey_id in entry.value["zoey"]}
        entries = self.space.read(keys)
        return {
            keys[key]: _link(keys[key][0], key[-1], entry)
            for key, entry in entries.items()
            if entry.version > records[keys[key]]
        }

    def by_netsuite(self, kind: str, netsuite_ids: Collection[str]) -> dict[str, list[Link]]:
        """The links of these NetSuite records, one or more each; unlinked ones are left out."""
        keys = {self._backward(kind, netsuite_id): netsuite_id for netsuite_id in netsuite_ids}
        owners = {keys[key]: entry.value["zoey"] for key, entry in self.space.read(keys).items()}
        links = self.by_zoey(kind, {zoey_id for zoey_ids in owners.values() for zoey_id in zoey_ids})
        return {
            netsuite_id: [links[zoey_id] for zoey_id in zoey_ids if zoey_id in links]
            for netsuite_id, zoey_ids in owners.items()
        }

    def linked(self, records: Collection[LinkName]) -> set[LinkName]:
        """Which of these records are linked. One read."""
        keys = {self.space.key("link", *name): name for name in records}
        return {keys[key] for key in self.space.read(keys)}

    def all(self, kind: str) -> Iterator[Link]:
        """Every link of a kind, by ascending Zoey id (as text)."""
        for key, entry in self.space.entries("link", kind, "zoey"):
            yield _link(kind, key[-1], entry)

    def count(self, kind: str) -> int:
        """How many Zoey records of a kind are linked."""
        return sum(1 for _ in self.space.entries("link", kind, "zoey"))

    def changes(self, links: Iterable[Link | Unlink]) -> list[Change]:
        """The changes that make the store hold these links; none for those that it holds already.

        They carry expectations: when another worker was faster, the commit fails and is to be decided anew.
        """
        wanted: dict[tuple[str, str], Link | Unlink] = {}
        units: dict[tuple[str, str, str], str] = {}
        for link in links:
            wanted[link.kind, link.zoey_id] = link
            if isinstance(link, Link) and link.unit:
                units.setdefault((link.kind, link.zoey_id, link.netsuite_id), link.unit)
        forward = {self._forward(*name): name for name in wanted}
        now = self.space.read(forward)
        members: dict[Key, tuple[set[str], set[str]]] = {}
        changes: list[Change] = []
        for key, name in forward.items():
            link, entry = wanted[name], now.get(key)
            unit = "" if isinstance(link, Unlink) else units.get((*name, link.netsuite_id), "")
            value = None if isinstance(link, Unlink) else _value(link, entry, unit)
            if value == (entry.value if entry else None):
                continue
            old = entry.value["netsuite"] if entry else None
            new = None if isinstance(link, Unlink) else link.netsuite_id
            if value is not None:
                changes.append(Put(key, value, ABSENT if entry is None else entry.version))
            elif entry is not None:
                changes.append(Delete(key, entry.version))
            if old != new:
                if old is not None:
                    members.setdefault(self._backward(name[0], old), (set(), set()))[1].add(name[1])
                if new is not None:
                    members.setdefault(self._backward(name[0], new), (set(), set()))[0].add(name[1])
        return changes + self._backward_changes(members)

    def put(self, links: Sequence[Link | Unlink]) -> None:
        """Make the store hold these links, a bounded number at a time."""
        for part in chunks(links, 500):
            self._put_part(part)

    def _put_part(self, part: Sequence[Link | Unlink]) -> None:
        def decide() -> tuple[list[Change], None]:
            return self.changes(part), None

        self.space.change(decide)

    def _backward_changes(self, members: Mapping[Key, tuple[set[str], set[str]]]) -> list[Change]:
        changes: list[Change] = []
        now = self.space.read(members)
        for key, (added, removed) in members.items():
            entry = now.get(key)
            before = set(entry.value["zoey"]) if entry else set[str]()
            after = sorted((before - removed) | added)
            expect = ABSENT if entry is None else entry.version
            if after:
                changes.append(Put(key, {"zoey": after}, expect))
            elif entry is not None:
                changes.append(Delete(key, entry.version))
        return changes

    def _forward(self, kind: str, zoey_id: str) -> Key:
        return self.space.key("link", kind, "zoey", zoey_id)

    def _backward(self, kind: str, netsuite_id: str) -> Key:
        return self.space.key("link", kind, "netsuite", netsuite_id)


def _value(link: Link, before: Entry | None, unit: str) -> JSON:
    """A link as it stands in the store: the unit that first named the pair goes on naming it."""
    same = before is not None and before.value["netsuite"] == link.netsuite_id
    unit = (before.value.get("unit") if before is not None and same else None) or unit
    value: dict[str, JSON] = {"netsuite": link.netsuite_id, "root": link.root, "data": dict(link.data)}
    return {**value, "unit": unit} if unit else value


def _link(kind: str, zoey_id: str, entry: Entry) -> Link:
    value = entry.value
    root, data, unit = value["root"], value["data"], value.get("unit", "")
    return Link.known(kind, zoey_id, value["netsuite"], root=root, data=data, unit=unit)
