"""A record that can't be read is one record's trouble: it is kept with its ids, and the scan goes on (G4, E3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs
import pytest
from support.colors import PAINTED, Color, ColorSync, Paint
from support.trouble import Heard
from support.warranties import Shop, Warranty, WarrantySync
from support.world import World

from zoey_netsuite import Effect, Found, Linked, MapContext, Page, SuiteQLSync, SyncContext, Unit, UnitEnded, Unreadable


@attrs.frozen
class Term:
    """A warranty whose name says for how many years it holds."""

    id: str
    name: int


class TermSync(SuiteQLSync[Term]):
    """Paints each warranty by its years."""

    name, table, row, changed = "terms", "customrecord_warranty", Term, "lastmodified"
    page_size = 2

    def unit(self, row: Term) -> Unit[Term]:
        return Unit(row.id, data=row)

    def apply(self, unit: Unit[Term], found: Found, ctx: MapContext) -> Sequence[Effect]:
        return [Paint(unit.id, str(unit.data.name))]


class CarefulSync(WarrantySync):
    """Its `unit` refuses a warranty that is called "?"."""

    def unit(self, row: Warranty) -> Unit[Warranty]:
        if row.name == "?":
            raise ValueError(f"a warranty called {row.name!r}")
        return super().unit(row)


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


def test_row_that_does_not_fit(shop: Shop) -> None:
    """The others are done, the cursor moves, and it is tried again when it changes."""
    for number, years in enumerate(["1", "two", "3", "4", "5"], start=1):
        shop.warranty(number, years)
    heard = Heard([])
    integration = shop.world.integration(TermSync(), observers=[heard])
    report = integration.run()

    assert report.failure is None
    assert report.syncs["terms"].outcomes == {"updated": 4, "failed": 1}
    assert sorted(PAINTED) == ["1", "3", "4", "5"]
    (item,) = integration.attention.list()
    assert (item.unit_id, item.netsuite_id, item.state, item.cause) == ("2", "2", "failed", "unreadable name")
    for part in ("Row id='2'", "'name'", "'two'", "read anew when it changes"):
        assert part in item.message
    assert [event.netsuite_id for event in heard.of(UnitEnded) if event.outcome == "failed"] == ["2"]

    shop.world.later(minutes=30)
    assert integration.run().count("failed") == 0, "it stands as it is, and is not told again"
    assert len(integration.attention.list()[0].history) == 1
    shop.world.later(minutes=100)
    integration.run().raise_for_failure()
    assert integration.run().syncs["terms"].scanned == 0, "the cursor has moved on"
    shop.rename(2, "2")
    assert integration.run().count("updated") == 1
    assert PAINTED["2"] == ["2"]
    assert not integration.attention.list()


def test_unit_raises(shop: Shop) -> None:
    """A retry reads that record anew."""
    shop.warranty(1, "?")
    shop.warranty(2, "five years", order=2)
    integration = shop.integration(CarefulSync())
    report = integration.run()

    assert report.syncs["warranties"].outcomes == {"created": 1, "failed": 1}
    (item,) = integration.attention.list()
    assert item.cause == "error in the sync's own code: ValueError"
    assert "a warranty called '?'" in item.message
    assert "traceback" in item.evidence
    assert "it can't be read: a warranty called '?'" in str(integration.explain("warranties", netsuite_id="1"))

    shop.world.later(minutes=100)
    integration.attention.retry([item])
    assert integration.run().count("failed") == 1
    assert len(integration.attention.list()[0].history) == 2
    shop.rename(1, "one year")
    shop.world.later(minutes=100)
    integration.attention.retry(sync="warranties")
    assert integration.run().count("created") == 1
    assert shop.comments() == ["Warranty one year [NS warranty 1]"]
    assert not integration.attention.list()


def test_known_record_becomes_unreadable(shop: Shop) -> None:
    """What was done once, then broke, then is as it was before: off the list without a call."""
    shop.warranty(1, "1")
    integration = shop.world.integration(TermSync())
    integration.run().raise_for_failure()
    shop.world.later(minutes=1)
    shop.rename(1, "one")
    assert integration.run().count("failed") == 1
    shop.rename(1, "1")
    report = integration.run().syncs["terms"]

    assert (report.dropped, report.outcomes) == (1, {})
    assert not integration.attention.list()
    assert PAINTED["1"] == ["1"]


def test_by_hand(shop: Shop) -> None:
    """sync_one of a record that can't be read: listed, and the run goes on."""
    shop.warranty(1, "?")
    integration = shop.integration(CarefulSync())
    report = integration.sync_one("warranties", netsuite_id="1")

    assert report.failure is None
    assert report.count("failed") == 1
    assert [item.unit_id for item in integration.attention.list()] == ["1"]


class OddSync(ColorSync):
    """A user's own scan, which can't read some records. Its `load` simply raises at them."""

    odd = frozenset(("b", "d"))
    about: Linked | None = None
    zoey_id: str | None = None

    def _unit(self, record: str) -> Unit[Color]:
        if record in self.odd:
            error = KeyError("hue")
            return Unreadable(record, error=error, about=self.about, zoey_id=self.zoey_id)
        return super()._unit(record)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[Color]]:
        units = [self._unit(record) for record in ids]
        for unit in units:
            if isinstance(unit, Unreadable):
                raise unit.error
        return units


RECORDS = {"a": "red", "b": "green", "c": "blue", "d": "red", "e": "gray"}


@pytest.mark.parametrize("dry_run", [False, True])
def test_own_sync(world: World, dry_run: bool) -> None:
    asked: list[str] = []
    sync = OddSync(RECORDS, apply=lambda unit: asked.append(unit.id))
    integration = world.integration(sync)
    report = integration.run(dry_run=dry_run)

    assert report.failure is None
    assert report.syncs["colors"].outcomes == {"updated": 3, "failed": 2}
    assert sorted(asked) == ["a", "c", "e"], "apply never sees what can't be read"
    assert len(integration.attention.list()) == (0 if dry_run else 2)
    assert len(PAINTED) == (0 if dry_run else 3)


def test_own_sync_mended(world: World) -> None:
    sync = OddSync(RECORDS)
    integration = world.integration(sync)
    integration.run().raise_for_failure()
    sync.odd = frozenset("d")
    report = integration.run()

    assert report.syncs["colors"].outcomes == {"updated": 1}
    assert [item.unit_id for item in integration.attention.list()] == ["d"]
    assert integration.attention.dismiss(integration.attention.list()) == 1
    assert integration.run().syncs["colors"].outcomes == {}
    assert not integration.attention.list()


def test_both_ids(world: World) -> None:
    """Of a record whose pair is known both ids are kept; one whose pair is not linked is none of ours; and a record
    that is about no pair keeps its own.
    """
    sync = OddSync(RECORDS)
    sync.about = Linked("orders", zoey_id="17")
    integration = world.integration(sync)
    assert integration.run().syncs["colors"].unlinked == 2
    integration.link("orders", zoey_id="17", netsuite_id="9017")
    integration.run().raise_for_failure()
    assert {(item.zoey_id, item.netsuite_id) for item in integration.attention.list()} == {("17", "9017")}

    sync = OddSync(RECORDS, name="others")
    sync.zoey_id = "8"
    integration = world.integration(sync)
    integration.run("others").raise_for_failure()
    assert {(item.zoey_id, item.netsuite_id) for item in integration.attention.list(sync="others")} == {("8", None)}


def test_scan_that_can_not_tell_which(world: World) -> None:
    """Where a record's id can't be told, that sync stops and says so; the others go on."""

    class Lost(ColorSync):
        def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[Color]]:
            raise KeyError("id")

    report = world.integration(Lost(RECORDS), ColorSync({"z": "red"}, name="others")).run()

    assert report.syncs["colors"].failure is not None
    assert "Lost.scan (test_unreadable.py:211) raised KeyError: 'id'" in " ".join(str(report).split())
    assert PAINTED == {"z": ["red"]}
