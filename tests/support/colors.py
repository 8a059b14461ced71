"""A sync of the tests' own, without any remote system behind its scan: records that stand in a list here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from zoey_netsuite import (
    Clients,
    Done,
    Effect,
    Found,
    Hold,
    Kind,
    Lookup,
    MapContext,
    Page,
    Skip,
    Sync,
    SyncContext,
    Unit,
)


@attrs.frozen
class Color:
    """A record: its id and its color."""

    id: str
    color: str


PAINTED: dict[str, list[str]] = {}
"""What has been done, by record id, in order."""

ON_PAINT: list[Callable[[str], None]] = []
"""Called with a record's id before it is painted."""


@attrs.frozen
class Paint(Effect):
    """Brings a record to a color."""

    kind = Kind.CONVERGENT
    record: str
    color: str

    @property
    def key(self) -> str:
        return self.record

    def describe(self) -> str:
        return f"paint {self.record} {self.color}"

    def perform(self, clients: Clients) -> Done:
        for call in ON_PAINT:
            call(self.record)
        PAINTED.setdefault(self.record, []).append(self.color)
        return Done()


class ColorSync(Sync[Color]):
    """Paints every record whose color changed."""

    def __init__(self, colors: Mapping[str, str], *, name: str = "colors", page_size: int = 3, **hooks: Any) -> None:
        self.name = name
        self.colors = dict(colors)
        self.page_size = page_size
        self.hooks: dict[str, Callable[..., Any]] = hooks
        self.scans: list[object] = []
        self.guard: str | None = None

    def _unit(self, record: str) -> Unit[Color]:
        color = self.colors[record]
        return Unit(record, data=Color(record, color), fingerprint=color, guard=self.guard if color == "none" else None)

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[Color]]:
        self.scans.append(since)
        start = since["at"] if since else 0
        records = sorted(self.colors)
        for at in range(start, len(records), self.page_size):
            if "scan" in self.hooks:
                self.hooks["scan"](at)
            part = records[at : at + self.page_size]
            yield Page([self._unit(record) for record in part], {"at": at + self.page_size})
        yield Page((), None)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[Color]]:
        if "load" in self.hooks:
            self.hooks["load"](ids)
        return [self._unit(record) for record in ids if record in self.colors]

    def needs(self, units: Sequence[Unit[Color]]) -> Sequence[Lookup]:
        return self.hooks["needs"](units) if "needs" in self.hooks else ()

    def apply(self, unit: Unit[Color], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        if "apply" in self.hooks:
            decision: Sequence[Effect] | Hold | Skip | None = self.hooks["apply"](unit)
            if decision is not None:
                return decision
        return [Paint(unit.id, unit.data.color)]
