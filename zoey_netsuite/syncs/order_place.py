"""Where a scan of orders stands: first Zoey's that changed, then NetSuite's."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias, get_args

from attrs import asdict, evolve, field, frozen
from attrs.validators import in_, instance_of, optional

from zoey_netsuite.engine.sync import Window
from zoey_netsuite.state.cursors import reading_place
from zoey_netsuite.state.space import to_moment, to_text
from zoey_netsuite.state.store import JSON

Phase: TypeAlias = Literal["zoey", "netsuite", "done"]


@frozen
class Place:
    """A place to resume at.

    Attributes:
        since: what Zoey is asked for: orders changed since then.
        next_since: what it will be asked for next time: by its own clock at the first answer.
        after: the last id that was read in this phase.
        start, end: NetSuite's window in this phase; `end` of the last whole scan where the phase is another.
    """

    phase: Phase = field(default="done", validator=in_(get_args(Phase)))
    since: str | None = None
    next_since: str | None = None
    after: str | None = field(default=None, validator=optional(instance_of(str)))
    start: str | None = field(default=None, validator=optional(instance_of(str)))
    end: str | None = field(default=None, validator=optional(instance_of(str)))

    @classmethod
    def from_json(cls, value: JSON) -> Place:
        """From how it stands in the cursor."""
        with reading_place(value):
            place = cls() if value is None else cls(**value)
            for moment in (place.since, place.next_since):
                if moment is not None:
                    to_moment(moment)
            return place

    def to_json(self) -> JSON:
        """As it stands in the cursor."""
        return asdict(self)

    def begin(self, first: datetime) -> Place:
        """A new scan; the very first one looks from that moment on."""
        since = self.next_since or to_text(first)
        return evolve(self, phase="zoey", since=since, next_since=None, after=None)

    @property
    def moment(self) -> datetime:
        """What Zoey is asked for, as a moment."""
        return to_moment(self.since or "")

    def read(self, after: str | None, seen_at: datetime | None) -> Place:
        """After a page of Zoey's, first answered at that moment (less an overlap)."""
        first = self.next_since or (None if seen_at is None else to_text(seen_at))
        return evolve(self, after=after or self.after, next_since=first)

    def turn(self, window: Window) -> Place:
        """On to NetSuite."""
        return evolve(
            self,
            phase="netsuite",
            after=None,
            start=window.start,
            end=window.end,
            next_since=self.next_since or self.since,
        )

    def finished(self) -> Place:
        """Both are read."""
        return evolve(self, phase="done", since=None, after=None, start=None)
