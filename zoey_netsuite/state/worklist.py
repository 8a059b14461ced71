"""The work list: every unit that is to be worked on, in one durable entry each, until it is done.

An entry is *pending*, *waiting* (for a link, a change or a time; it needs nobody), *retrying* (due again later), *held*
(a person is to decide) or *failed* (nothing will come of trying again as it is); it is *running* while somebody holds
the lease on its root. Entries that are due stand in an index ordered by time; those that people should see stand in
another; those that wait for a link or a change stand in a third, by what they wait for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal, TypeAlias

from attrs import asdict, evolve, field, frozen

from zoey_netsuite.errors import VersionMismatch
from zoey_netsuite.state.links import LinkName
from zoey_netsuite.state.records import Side
from zoey_netsuite.state.space import Space, chunks, reading, to_text
from zoey_netsuite.state.store import ABSENT, ANY, JSON, Change, Delete, Entry, Key, Put

State: TypeAlias = Literal["pending", "waiting", "retrying", "held", "failed"]

OUTCOME_UNKNOWN = "outcome unknown"
"""The cause of entries that wait because nobody can tell (yet) whether one of their once effects has happened."""

COUNTED = 10_000
"""So many entries are counted; a sync with more of them is in trouble anyway."""

HISTORY = 20
"""How many past attempts an entry keeps."""


@frozen
class Attempt:
    """What came of one try: when, and in which words."""

    at: str
    message: str


@frozen
class WorkItem:
    """One unit on the work list.

    Attributes:
        sync, id: which sync's unit, and its id there.
        state: see the module.
        root: what is leased while it is worked on.
        data: the unit's own data, as read at `read_at`.
        fingerprint: of that data; an equal one need not be worked on again.
        zoey_id, netsuite_id: the linked records, where known.
        kind: of their link.
        origin: side and id of the record that has moved, where the unit says it.
        guard: the name of the guard that watches what it would do, or None.
        approved: whether a person has let it pass that guard, or what else keeps it.
        recovered: whether the first scan after the store was lost has found it: what it makes may be there already.
        due: when it is due, as text; None when it waits for a person or for a change.
        waits_for: what a waiting entry waits for: `("linked", kind, side, id)`, `("changed", side, id)`,
            `("until", time)`, `("root",)`. Once a link is there, `("there", …)` until the unit was asked with it, then
            `("known", …)`.
        alert_at: when somebody is to hear that it still waits, as text; None: never.
        attempts: how often it was tried in vain.
        cause: a short label that entries with the same trouble share ("mapping", "not found", "guard zero_stock").
        message: why it stands here, for people.
        evidence: what is needed to understand it: the answer, the request, the records at that time. It stands under a
            key of its own, and is only read where it is asked for.
        has_evidence: whether there is any, read or not.
        first_at: when the trouble began.
        note: what a person wrote on it.
        answer: what a person has said to what it was held for, until it is applied; see `conflicts.Answer`.
    """

    sync: str
    id: str
    state: State
    root: str
    data: JSON
    read_at: str
    fingerprint: str | None = None
    zoey_id: str | None = None
    netsuite_id: str | None = None
    kind: str | None = None
    origin: tuple[Side, str] | None = None
    guard: str | None = None
    approved: bool = False
    recovered: bool = False
    due: str | None = None
    waits_for: tuple[str, ...] | None = None
    alert_at: str | None = None
    attempts: int = 0
    cause: str = ""
    message: str = ""
    evidence: JSON = None
    has_evidence: bool = False
    first_at: str | None = None
    history: tuple[Attempt, ...] = ()
    note: str = ""
    answer: JSON = None
    version: int | None = field(default=None, eq=False)


def own_root(sync: str, unit_id: str) -> str:
    """The root of a unit that shares none with others."""
    return f"{sync}/{unit_id}"


@frozen
class Waiting:
    """The entries of one sync that people should see.

    Attributes:
        states: how many, by state.
        since: when the trouble of each began, as text, and the unit's id; the oldest first. Not of those that wait.
        alert: when somebody is to hear that one still waits, as text, and the unit's id; the first of them first.
    """

    states: Mapping[str, int]
    since: Sequence[tuple[str, str]]
    alert: Sequence[tuple[str, str]] = ()


@frozen
class Worklist:
    """The work list of one integration."""

    space: Space

    def read(self, sync: str, unit_ids: Collection[str], *, evidence: bool = False) -> dict[str, WorkItem]:
        """The entries of these units; those without one are left out.

        Args:
            evidence: whether to read along what is needed to understand their trouble.
        """
        entries = self.space.read([self._key(sync, unit_id) for unit_id in unit_ids])
        items = {key[-1]: _item(key, entry) for key, entry in entries.items()}
        keys = {self._evidence_key(item): item.id for item in items.values() if evidence and item.has_evidence}
        if keys:
            for key, entry in self.space.read(keys).items():
                items[keys[key]] = evolve(items[keys[key]], evidence=entry.value)
        return items

    def is_empty(self, sync: str) -> bool:
        """Whether a sync has no entry at all."""
        return not self.space.store.scan(self.space.key("work", sync), limit=1)

    def all(self, sync: str) -> Iterator[WorkItem]:
        """Every entry of a sync, by unit id."""
        for key, entry in self.space.entries("work", sync):
            yield _item(key, entry)

    def troubled(self, sync: str) -> Iterator[WorkItem]:
        """The entries of a sync that people should see: waiting, retrying, held, failed; with their evidence."""
        after: Key | None = None
        while page := self.space.store.scan(self.space.key("attention", sync), after=after):
            yield from self.read(sync, [key[-1] for key, _ in page], evidence=True).values()
            after = page[-1][0]

    def waiting(self, sync: str) -> Waiting:
        """The entries that people should see, counted. No more than `COUNTED` are looked at."""
        after: Key | None = None
        count, states = 0, Counter[str]()
        since, alert = list[tuple[str, str]](), list[tuple[str, str]]()
        while page := self.space.store.scan(self.space.key("attention", sync), after=after, limit=1000):
            for item in self.read(sync, [key[-1] for key, _ in page]).values():
                states[item.state] += 1
                moment, moments = (item.alert_at, alert) if item.state == "waiting" else (item.first_at, since)
                moments += [] if moment is None else [(moment, item.id)]
            after, count = page[-1][0], count + len(page)
            if len(page) < 1000 or count >= COUNTED:
                break
        return Waiting(states, sorted(since), sorted(alert))

    def pending(self, sync: str) -> int:
        """How many entries are pending. No more than `COUNTED` are looked at."""
        keys = self.space.store.scan(self.space.key("due", sync), limit=COUNTED)
        items = (item for part in chunks([key[-1] for key, _ in keys]) for item in self.read(sync, part).values())
        return sum(item.state == "pending" for item in items)

    def due(self, sync: str, now: datetime, *, after: Key | None = None, limit: int = 1000) -> Sequence[Key]:
        """Index keys of entries that are due, oldest first."""
        before = self.space.key("due", sync, to_text(now) + "!")
        page = self.space.store.scan(self.space.key("due", sync), after=after, before=before, limit=limit)
        return [key for key, _ in page]

    def waits_for_links(self, sync: str) -> Iterator[dict[LinkName, list[str]]]:
        """The links that entries of a sync wait for, each with the units that do; up to 1,000 entries at a time."""
        for part in chunks(key for key, _ in self.space.entries("waits for link", sync)):
            units: dict[LinkName, list[str]] = {}
            for _, _, _, kind, side, record_id, unit_id in part:
                units.setdefault((kind, side, record_id), []).append(unit_id)
            yield units

    @property
    def awaited_key(self) -> Key:
        """Where it stands that some unit waits, or once waited, for a change: only then scans look which."""
        return self.space.key("changes awaited")

    def note_awaited(self) -> None:
        """Note that a unit is going to wait for a change, before it does."""
        if self.space.read_one("changes awaited") is None:
            with suppress(VersionMismatch):
                self.space.store.commit([Put(self.awaited_key, True, ABSENT)])

    def awaiting_changes(self, of: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Sync and id of the units of all syncs that wait until a scan brings one of these.

        Args:
            of: `("root", root)`, or side and id of a record.
        """
        for key, _ in self.space.entries("waits for change"):
            if (key[2], key[3]) in of:
                yield key[4], key[5]

    def end_waits(self, items: Iterable[WorkItem], now: datetime) -> list[Change]:
        """The changes that make waiting entries due, those that are due already among them: a worker that asks one of
        them just now is to find it touched.
        """
        at = to_text(now)
        return [
            change
            for item in items
            if item.state == "waiting"
            for change in self.replace(evolve(item, due=min(at, item.due or at)), item)
        ]

    def place(self, found: WorkItem, before: WorkItem | None) -> list[Change]:
        """The changes that put a unit found by a scan on the list.

        Trouble with the very same data stands as it is (a person or its time will move it); what a guard held is
        pending again, as the guard looks at each scan anew.
        """
        if before is None:
            return self.replace(found, None)
        same = before.fingerprint is not None and before.fingerprint == found.fingerprint
        same = same and found.approved <= before.approved
        waited = before.state == "waiting" != found.state
        if not same:
            return self.replace(
                evolve(
                    found,
                    first_at=found.first_at if waited else before.first_at or found.first_at,
                    alert_at=before.alert_at or found.alert_at,
                    history=before.history,
                    note=before.note,
                    answer=before.answer,
                ),
                before,
            )
        if before.state == "pending" and found.state == "pending":
            return self.replace(
                evolve(
                    before,
                    read_at=found.read_at,
                    data=found.data,
                    zoey_id=found.zoey_id,
                    netsuite_id=found.netsuite_id,
                    kind=found.kind,
                ),
                before,
            )
        if before.state == "pending" or (before.cause.startswith("guard ") and before.state == "held"):
            return self.replace(evolve(found, first_at=before.first_at, note=before.note, answer=before.answer), before)
        return []

    def replace(self, item: WorkItem, before: WorkItem | None) -> list[Change]:
        """The changes that make the entry be `item`, given what was read of it."""
        expect = ABSENT if before is None else ANY if before.version is None else before.version
        changes: list[Change] = [Put(self._key(item.sync, item.id), _value(item), expect)]
        return [*changes, *self._index_changes(item, before), *self._evidence_changes(item, before)]

    def remove(self, before: WorkItem) -> list[Change]:
        """The changes that take an entry off the list, if it is still as it was read."""
        key = self._key(before.sync, before.id)
        gone = Delete(key) if before.version is None else Delete(key, before.version)
        return [gone, *self._index_changes(None, before), *self._evidence_changes(None, before)]

    def key(self, item: WorkItem) -> Key:
        """Where an entry stands."""
        return self._key(item.sync, item.id)

    def _evidence_changes(self, item: WorkItem | None, before: WorkItem | None) -> list[Change]:
        if item is not None and item.has_evidence:
            return [] if item.evidence is None else [Put(self._evidence_key(item), item.evidence)]
        return [Delete(self._evidence_key(before))] if before is not None and before.has_evidence else []

    def _evidence_key(self, item: WorkItem) -> Key:
        return self.space.key("evidence", item.sync, item.id)

    def _index_changes(self, item: WorkItem | None, before: WorkItem | None) -> list[Change]:
        old = set[Key]() if before is None else self._index_keys(before)
        new = set[Key]() if item is None else self._index_keys(item)
        gone: list[Change] = [Delete(key) for key in sorted(old - new)]
        return gone + [Put(key, None) for key in sorted(new - old)]

    def _index_keys(self, item: WorkItem) -> set[Key]:
        keys = set[Key]()
        if item.due is not None:
            keys.add(self.space.key("due", item.sync, item.due, item.id))
        if item.state != "pending":
            keys.add(self.space.key("attention", item.sync, item.id))
        awaited = item.waits_for if item.state == "waiting" and item.waits_for is not None else ("until",)
        if awaited[0] == "linked":
            keys.add(self.space.key("waits for link", item.sync, *awaited[1:], item.id))
        elif awaited[0] != "until":
            name = awaited[1:] if awaited[0] == "changed" else ("root", item.root)
            keys.add(self.space.key("waits for change", *name, item.sync, item.id))
        return keys

    def _key(self, sync: str, unit_id: str) -> Key:
        return self.space.key("work", sync, unit_id)


def _value(item: WorkItem) -> JSON:
    value = asdict(item, recurse=False)
    del value["version"], value["evidence"]
    for name in ("origin", "waits_for", "alert_at"):  # an older version does not know them
        if value[name] is None:
            del value[name]
    value["history"] = [[attempt.at, attempt.message] for attempt in item.history[-HISTORY:]]
    return value


def _item(key: Key, entry: Entry) -> WorkItem:
    with reading(key):
        value: dict[str, JSON] = dict(entry.value)
        for name in ("origin", "waits_for"):
            value[name] = tuple(value[name]) if value.get(name) else None
        value["history"] = tuple(Attempt(at, message) for at, message in value["history"])
        return WorkItem(**value, version=entry.version)
