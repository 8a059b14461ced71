"""Both sides are equals: a linked pair has one unit, whichever of its records moved (D1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar

import attrs
import pytest
from support.world import World

from zoey_netsuite import (
    Clients,
    Done,
    Effect,
    Found,
    Kind,
    Link,
    MapContext,
    Page,
    RecordRef,
    Skip,
    Sync,
    SyncContext,
    Unit,
)


@attrs.frozen
class View:
    """Both records of a pair as they were read: "12/77"."""

    ids: str


@attrs.frozen
class Join(Effect):
    """Links two records."""

    kind = Kind.CONVERGENT

    zoey: str
    netsuite: str

    @property
    def key(self) -> str:
        return "join"

    def describe(self) -> str:
        return f"link {self.zoey} and {self.netsuite}"

    def perform(self, clients: Clients) -> Done:
        return Done(links=[Link("things", self.zoey, self.netsuite, root=f"things/{self.zoey}")])


class ThingSync(Sync[View]):
    """Things of both sides; Zoey's 12 is NetSuite's 77. A thing that moved alone is linked where it may be."""

    name: str = "things"
    link_kind: ClassVar[str | None] = "things"

    def __init__(self, moved: Sequence[RecordRef], *, pages: int = 1, joins: bool = True) -> None:
        self.moved, self.pages, self.joins = [*moved], pages, joins
        self.applied: list[tuple[str, str | None, str]] = []

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[View]]:
        """What has moved, one or all to a page."""
        size = len(self.moved) // self.pages or 1
        for at in range(0, len(self.moved), size):
            yield Page([self._unit(ref) for ref in self.moved[at : at + size]], None)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[View]]:
        return [self._unit(RecordRef("zoey" if id[0] == "z" else "netsuite", id[1:]), loaded=True) for id in ids]

    def _unit(self, ref: RecordRef, *, loaded: bool = False) -> Unit[View]:
        return Unit(f"{ref.side[0]}{ref.id}", ref, data=View("both" if loaded else f"as {ref} moved"))

    def apply(self, unit: Unit[View], found: Found, ctx: MapContext) -> Sequence[Effect] | Skip:
        self.applied.append((unit.id, unit.pair and unit.pair.netsuite_id, unit.data.ids))
        return [Join("12", "77")] if self.joins and unit.pair is None else []


ZOEY, NETSUITE = RecordRef("zoey", "12"), RecordRef("netsuite", "77")


@pytest.mark.parametrize("moved", [(ZOEY, NETSUITE), (NETSUITE, ZOEY)], ids=["zoey first", "netsuite first"])
@pytest.mark.parametrize("pages", [1, 2])
def test_a_pair_seen_from_both_sides_in_one_run(world: World, moved: Sequence[RecordRef], pages: int) -> None:
    """It is one unit, under the name that it got first, and is loaded anew as each side showed only itself."""
    world.integration(ThingSync([])).link("things", zoey_id="12", netsuite_id="77")
    sync = ThingSync(moved, pages=pages)
    report = world.integration(sync).run()
    report.raise_for_failure()

    name = "z12" if moved[0] is ZOEY else "n77"
    assert sync.applied == [(name, "77", "both")]
    assert report.count("unchanged") == 1

    other = ThingSync([moved[1]])
    world.integration(other).run().raise_for_failure()
    assert other.applied == [(name, "77", "both")], "the link keeps the name"
    (entry,) = world.store.read([("acme", "link", "things", "zoey", "12")]).values()
    assert entry.value["unit"] == name


def test_what_is_linked_while_its_other_side_waits(world: World) -> None:
    """Both wait as units of their own. The first one links the two, and the other hands over to the pair's unit."""

    class Idle:
        def work(self, step: Callable[[], bool]) -> None:
            """What is found stays on the list."""

    world.integration(ThingSync([ZOEY, NETSUITE]), dispatcher=Idle()).run().raise_for_failure()
    sync = ThingSync([])
    integration = world.integration(sync)
    integration.sync_one("things", zoey_id="z12").raise_for_failure()
    assert sync.applied == [("z12", None, "both")]
    integration.run().raise_for_failure()

    assert sync.applied[1:] == [("z12", "77", "both")], "n77 is not worked on beside it"
    assert not list(world.store.scan(("acme", "work")))
    assert not list(world.store.scan(("acme", "lease")))


def test_two_that_link_each_other_at_once(world: World) -> None:
    """Decided side by side, before either was linked: the first name stays."""
    first = ThingSync([ZOEY, NETSUITE])
    world.integration(first).run().raise_for_failure()
    assert [name for name, *_ in first.applied] == ["n77", "z12"]
    again = ThingSync([ZOEY])
    world.integration(again).run().raise_for_failure()

    assert again.applied == [("n77", "77", "both")]


def test_one_by_its_id_on_either_side(world: World) -> None:
    """`sync_one` finds the pair's unit by Zoey's id and by NetSuite's."""
    world.integration(ThingSync([])).link("things", zoey_id="12", netsuite_id="77")
    sync = ThingSync([ZOEY])
    integration = world.integration(sync)
    integration.run().raise_for_failure()
    sync.applied.clear()
    integration.sync_one("things", netsuite_id="77").raise_for_failure()

    assert [name for name, *_ in sync.applied] == ["z12"]


def test_a_unit_without_origin_is_as_before(world: World) -> None:
    """It comes from the record that it is named after, on its sync's side."""
    unit = Unit("5", data=View("x"))
    assert unit.origin is None
    assert ThingSync([]).origin_of(unit) == RecordRef("zoey", "5")
