"""Both sides are equals: a linked pair has one unit, whichever of its records moved (D1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar

import attrs
import pytest
from support.trouble import Crash, TroubledTransport
from support.warranties import Shop
from support.world import World

from zoey_netsuite import (
    AddOrderComment,
    Clients,
    CreateInvoice,
    Done,
    Effect,
    Found,
    Kind,
    Link,
    Linked,
    LinkTo,
    MapContext,
    Page,
    RecordRef,
    Skip,
    Sync,
    SyncContext,
    Unit,
)
from zoey_netsuite.state.links import Links
from zoey_netsuite.state.space import Space


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


class Idle:
    """What is found stays on the list."""

    def work(self, step: Callable[[], bool]) -> None:
        """Nothing."""


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


def link(world: World, link: Link) -> None:
    """Another worker links a pair."""
    Links(Space(world.store, "acme")).put([link])


PAIR = Link("things", "12", "77", unit="z12")


def test_what_is_linked_while_it_is_loaded(world: World) -> None:
    """NetSuite's record is loaded when the pair gets another name: what moved is looked at under that one."""

    class Slow(ThingSync):
        def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[View]]:
            units = super().load(ids, ctx)
            link(world, PAIR)
            return units

    world.integration(ThingSync([NETSUITE]), dispatcher=Idle()).run().raise_for_failure()
    world.later(minutes=20)
    sync = Slow([])
    integration = world.integration(sync)
    integration.run().raise_for_failure()
    integration.run().raise_for_failure()

    assert sync.applied == [("z12", "77", "both")]
    assert not list(world.store.scan(("acme", "work")))


def test_a_pair_that_the_scan_knows(world: World) -> None:
    """The scan gives the pair along; the store knows its name."""

    class Knows(ThingSync):
        def _unit(self, ref: RecordRef, *, loaded: bool = False) -> Unit[View]:
            return attrs.evolve(super()._unit(ref, loaded=loaded), pair=Link("things", "12", "77"))

    link(world, PAIR)
    sync = Knows([NETSUITE])
    world.integration(sync).run().raise_for_failure()

    assert sync.applied == [("z12", "77", "both")]


@pytest.mark.parametrize("unit", ["", "n77"])
def test_what_a_page_tells_of_a_pair_stands(world: World, unit: str) -> None:
    """Its link goes before what the store held of the pair; the pair keeps its name."""

    class Finds(ThingSync):
        def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[View]]:
            yield Page([self._unit(ZOEY)], None, links=[Link("things", "12", "77", data={"status": "billed"})])

    link(world, attrs.evolve(PAIR, unit=unit))
    sync = Finds([])
    world.integration(sync).run().raise_for_failure()

    assert [name for name, *_ in sync.applied] == [unit or "z12"]
    (entry,) = world.store.read([("acme", "link", "things", "zoey", "12")]).values()
    assert (entry.value["data"], entry.value["unit"]) == ({"status": "billed"}, unit or "z12")


@pytest.mark.parametrize("moved", [(ZOEY, NETSUITE), (NETSUITE, ZOEY)], ids=["zoey first", "netsuite first"])
@pytest.mark.parametrize("pages", [1, 2])
@pytest.mark.parametrize("zoey", ["as agreed", "moved, too"])
def test_one_side_hides_no_change_of_the_other(world: World, moved: Sequence[RecordRef], pages: int, zoey: str) -> None:
    """D1: NetSuite's record has moved. Zoey's is as both agreed, or has moved, too: both are looked at."""
    prints = {"zoey": "as agreed", "netsuite": "as agreed"}

    class Prints(ThingSync):
        def _unit(self, ref: RecordRef, *, loaded: bool = False) -> Unit[View]:
            both = "+".join(sorted({*prints.values()}))
            return attrs.evolve(super()._unit(ref, loaded=loaded), fingerprint=both if loaded else prints[ref.side])

    link(world, PAIR)
    world.integration(Prints([ZOEY])).run().raise_for_failure()
    prints |= {"zoey": zoey, "netsuite": "moved"}
    sync = Prints(moved, pages=pages)
    world.integration(sync).run().raise_for_failure()

    assert sync.applied == [("z12", "77", "both")]


class BookSync(Sync[str]):
    """NetSuite's record 55 becomes an invoice in Zoey, and a comment that is e-mailed."""

    name, side, link_kind, makes = "books", "netsuite", "books", True

    def __init__(self, *, says_origin: bool) -> None:
        self.says_origin = says_origin

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[str]]:
        """Once."""
        yield Page([] if since else [*self.load(["55"], ctx)], {"seen": True})

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[str]]:
        known = ctx.links.by_netsuite("books", ids)
        for id in ids:
            about = Linked("books", netsuite_id=id) if id in known else None
            yield Unit(id, RecordRef("netsuite", id) if self.says_origin else None, about=about, data=id)

    def apply(self, unit: Unit[str], found: Found, ctx: MapContext) -> Sequence[Effect] | Skip:
        if unit.pair is not None:
            return []
        made = CreateInvoice(order_id="1", marker=f"[NS {unit.id}]", link=LinkTo("books", netsuite_id=unit.id))
        return [made, AddOrderComment("1", "booked", notify=True)]


@pytest.mark.parametrize("says_origin", [True, False])
def test_what_another_worker_links_is_not_made(world: World, says_origin: bool) -> None:
    """G4: a unit that is named after a NetSuite record, whether it says so or not; it was linked since it was read."""
    Shop(world, orders=1)
    sync = BookSync(says_origin=says_origin)
    world.integration(sync, dispatcher=Idle()).run().raise_for_failure()
    link(world, Link("books", "9", "55"))
    report = world.integration(sync).run()
    report.raise_for_failure()

    assert report.count("unchanged") == 1, str(report)
    assert not list(world.shop.orders.invoices("1"))


def test_what_is_made_is_named_when_it_is_linked(world: World) -> None:
    """G4: killed once the comment is written. A scan of Zoey would give the pair another name, and the comment another
    key, if the link did not bear the unit's name by then.
    """
    Shop(world, orders=1)
    crashing = world.zoey(transport=TroubledTransport(at=2, when="after", counts=lambda it: it.method == "POST"))
    with pytest.raises(Crash):
        world.integration(BookSync(says_origin=True), shop=crashing).run()

    (entry,) = [entry.value for _, entry in world.store.scan(("acme", "link", "books", "zoey"))]
    assert entry["unit"] == "55"
