"""When, by Zoey's clock, a list was first answered: from there on its changes are looked at next time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from attrs import define

from zoey_netsuite.zoey import Records

T = TypeVar("T")

OVERLAP = timedelta(minutes=5)
"""How far the next look at changes reaches back before the first answer of this one."""


@define
class Seen:
    """Remembers when a list was first answered, less the overlap."""

    since: datetime | None = None

    def through(self, found: Records[T]) -> Iterator[T]:
        """The records of a list."""
        for page in found.pages():
            if self.since is None and page.date is not None:
                self.since = page.date - OVERLAP
            yield from page.items
