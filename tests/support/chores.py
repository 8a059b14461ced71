"""A small sync of a user's own, whose units ask for whatever a function says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from support.world import World
from zoey_netsuite import Effect, Found, Hold, Integration, MapContext, Page, Skip, Sync, SyncContext, Unit


class Chores(Sync[str]):
    """Does what a function says of each of a few units."""

    name = "chores"

    def __init__(self, decide: Callable[[str], Sequence[Effect]], *ids: str) -> None:
        self.decide = decide
        self.ids = ids

    def scan(self, since: object, ctx: SyncContext) -> Iterator[Page[str]]:
        yield Page(list(self.load(self.ids, ctx)), None)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[str]]:
        return [Unit(one, data=one, root=f"orders/{one}") for one in ids]

    def apply(self, unit: Unit[str], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        return self.decide(unit.data)


def chores(world: World, decide: Callable[[str], Sequence[Effect]], *ids: str) -> Integration:
    return world.integration(Chores(decide, *(ids or ("1",))))
