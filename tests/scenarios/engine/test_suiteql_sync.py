"""A user's own sync of a NetSuite table: windows, keys, overlap, resumption (E3, program 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from support.colors import PAINTED, Paint
from support.warranties import Shop, Warranty, WarrantySync
from support.world import World

from zoey_netsuite import Effect, Found, MapContext, SuiteQLSync, Unit, netsuite
from zoey_netsuite.sandbox import Fault


@attrs.frozen
class Row:
    """A warranty and when it changed."""

    id: str
    name: str
    lastmodified: datetime | None


class RowSync(SuiteQLSync[Row]):
    """Paints each row by its name."""

    name, table, row, changed = "rows", "customrecord_warranty", Row, "lastmodified"
    page_size = 2

    def unit(self, row: Row) -> Unit[Row]:
        return Unit(row.id, data=row)

    def apply(self, unit: Unit[Row], found: Found, ctx: MapContext) -> Sequence[Effect]:
        return [Paint(unit.id, unit.data.name)]


@pytest.fixture
def shop(world: World) -> Iterator[Shop]:
    """Its client knows the account's time zone, so that columns can be times."""
    erp = world.erp
    with world.netsuite(formats=netsuite.Formats(timezone=ZoneInfo("America/Los_Angeles"))) as world.erp:
        yield Shop(world)
    world.erp = erp


def queries(shop: Shop) -> int:
    return shop.world.sandbox.netsuite.calls.total


def test_optional_times_come_as_times(shop: Shop) -> None:
    shop.warranty(1)
    seen: list[Any] = []

    class Seeing(RowSync):
        def apply(self, unit: Unit[Row], found: Found, ctx: MapContext) -> Sequence[Effect]:
            seen.append(unit.data.lastmodified)
            return ()

    shop.world.integration(Seeing()).run().raise_for_failure()
    assert isinstance(seen[0], datetime)


def test_only_what_changed_is_worked_on(shop: Shop) -> None:
    """Seen again in the overlap: dropped by the fingerprint; out of the window: not read."""
    for number in range(1, 6):
        shop.warranty(number, "A")
    integration = shop.world.integration(RowSync())
    assert integration.run().syncs["rows"].outcomes == {"updated": 5}

    shop.world.later(minutes=30)
    shop.rename(3, "B")
    report = integration.run().syncs["rows"]
    assert (report.scanned, report.dropped, report.outcomes) == (5, 4, {"updated": 1})

    shop.world.later(minutes=100)
    integration.run().raise_for_failure()
    assert integration.run().syncs["rows"].scanned == 0, "75 minutes of overlap before the last scan's start"
    assert PAINTED["3"] == ["A", "B"]


@pytest.mark.parametrize("minutes", [1, 74])
def test_long_writes_are_seen(shop: Shop, minutes: int) -> None:
    """A row whose time of change lies before the last scan, and that became visible after it."""
    integration = shop.world.integration(RowSync())
    shop.warranty(1, "A")
    integration.run().raise_for_failure()
    shop.world.later(minutes=-minutes)
    shop.rename(1, "B")
    shop.world.later(minutes=minutes)
    integration.run().raise_for_failure()

    assert PAINTED["1"] == ["A", "B"]


@pytest.mark.parametrize("change", ["2026-03-08T07:30:00+00:00", "2026-11-01T05:30:00+00:00"])
def test_clock_changes_hide_nothing(shop: Shop, change: str) -> None:
    """Rows changed around the night in which the account's clock jumps: each seen."""
    shop.world.sandbox.clock.set(datetime.fromisoformat(change))
    integration = shop.world.integration(RowSync())
    shop.warranty(1, "0")
    integration.run().raise_for_failure()
    for number in range(1, 16):
        shop.rename(1, str(number))
        shop.world.later(minutes=4)
        integration.run().raise_for_failure()
        shop.world.later(minutes=11)

    assert PAINTED["1"] == [str(number) for number in range(16)]


@pytest.mark.parametrize("page", [3, 4, 5])
def test_interrupted_scan_goes_on(shop: Shop, page: int) -> None:
    """Stopped in mid-scan: it goes on from the last committed page, with the same window."""
    for number in range(1, 8):
        shop.warranty(number, "A")
    integration = shop.world.integration(RowSync())
    faults = shop.world.sandbox.netsuite.faults
    faults.add(Fault("503", path="/suiteql", skip=page, times=9))
    report = integration.run()
    assert report.failure is not None
    before = report.syncs["rows"].scanned
    assert before in (2, 4)
    faults.clear()

    shop.world.later(hours=1)
    assert integration.run_due() is not None, "what the scan has found so far is worked on"
    shop.rename(1, "B")  # the scan has passed it already
    shop.world.later(hours=4)
    report = integration.run()
    assert report.syncs["rows"].scanned == 7 - before
    assert {number: len(names) for number, names in PAINTED.items()} == dict.fromkeys(map(str, range(1, 8)), 1)

    integration.run().raise_for_failure()
    assert PAINTED["1"] == ["A", "B"]


def test_rows_that_change_under_the_scan(shop: Shop) -> None:
    """A row that changes, or appears behind the scan, while it goes on: seen by the next."""
    for number in range(2, 9):
        shop.warranty(number, "A")

    class Moving(RowSync):
        moved = False

        def unit(self, row: Row) -> Unit[Row]:
            if row.id == "5" and not self.moved:
                type(self).moved = True
                shop.rename(2, "B")
                shop.warranty(1, "new")
            return super().unit(row)

    integration = shop.world.integration(Moving())
    integration.run().raise_for_failure()
    shop.world.later(minutes=15)
    integration.run().raise_for_failure()

    assert PAINTED["2"][-1] == "B"
    assert PAINTED["1"] == ["new"]
    assert sorted(PAINTED) == [str(number) for number in range(1, 9)]


def test_rows_that_are_not_wanted_stay_out_by_hand_too(shop: Shop) -> None:
    """`where` holds for one record that somebody names as for a scan."""

    class Few(RowSync):
        where = "name = 'A'"

    shop.warranty(1, "A")
    shop.warranty(2, "B")
    integration = shop.world.integration(Few())
    integration.run().raise_for_failure()
    report = integration.sync_one("rows", netsuite_id="2")

    assert sorted(PAINTED) == ["1"]
    assert "2 was not found, or rows does not handle it" in str(report)


def test_one_record_by_its_netsuite_id(shop: Shop) -> None:
    """G1: an event runs one record; the scan that follows has nothing left to do there."""
    shop.warranty(1)
    shop.warranty(2)
    integration = shop.integration()
    integration.sync_one("warranties", netsuite_id="2").raise_for_failure()
    assert shop.comments() == ["Warranty two years [NS warranty 2]"]
    integration.run().raise_for_failure()
    assert len(shop.comments()) == 2


def test_unlinked_is_not_ours(shop: Shop) -> None:
    """D5: what belongs to no Zoey order is none of our business."""
    shop.warranty(1, order=7)
    report = shop.integration().run()

    assert report.failure is None
    assert report.syncs["warranties"].unlinked == 1
    assert not shop.world.store.scan(("acme", "work"))


def test_a_sync_without_its_unit(shop: Shop) -> None:
    """What the user forgot is named, and stops that sync only."""

    class Forgotten(SuiteQLSync[Warranty]):
        name, table, row, changed = "forgotten", "customrecord_warranty", Warranty, "lastmodified"

        def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect]:
            return ()

    shop.warranty(1)
    report = shop.integration(Forgotten(), WarrantySync()).run()

    assert report.failure is not None
    assert "Forgotten must define unit(row)" in str(report.failure)
    assert len(shop.comments()) == 1


def test_many_pages_read_each_row_once(shop: Shop) -> None:
    class Wide(RowSync):
        page_size = 10

    for number in range(1, 30):
        shop.warranty(number, "A")
    before = queries(shop)
    report = shop.world.integration(Wide()).run()

    assert report.count("updated") == 29
    assert queries(shop) - before <= 6, "the token, the clock, four pages"
