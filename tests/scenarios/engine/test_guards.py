"""Mass changes are held as one question (G7)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support.colors import PAINTED, ColorSync, Paint
from support.warranties import Shop, Warranty, WarrantySync
from support.world import World

from zoey_netsuite import ConfigurationError, Effect, Found, Guard, Hold, MapContext, Skip, Unit

GUARDS = (Guard("bleach", max_share=0.5, min_count=2),)


class Bleached(ColorSync):
    """Painting with "none" is watched."""

    guard = "bleach"

    def __init__(self, colors: dict[str, str], **options: object) -> None:
        super().__init__(colors, **options)  # type: ignore[arg-type]  # handed on
        self.guard = "bleach"


class Bulk(Bleached):
    bulk = True


def colors(none: int, others: int) -> dict[str, str]:
    return {f"{number:02}": "none" if number < none else "red" for number in range(none + others)}


@pytest.mark.parametrize("kind", [Bleached, Bulk])
def test_held_as_one_question_and_the_rest_goes_on(world: World, kind: type[Bleached]) -> None:
    integration = world.integration(kind(colors(4, 2)), guards=GUARDS)
    report = integration.run()

    assert report.syncs["colors"].outcomes == {"held": 4, "updated": 2}
    assert sorted(PAINTED) == ["04", "05"]
    (question,) = integration.attention.questions()
    assert (question.cause, question.count) == ("guard bleach", 4)
    assert "guard bleach: 4 of 6 records would be changed at once" in str(report)

    integration.run().raise_for_failure()
    assert sorted(PAINTED) == ["04", "05"], "held until it is answered"
    assert integration.attention.resolve(cause="guard bleach") == 4
    integration.run().raise_for_failure()
    assert len(PAINTED) == 6
    assert not integration.attention.list()
    assert all(len(times) == 1 for times in PAINTED.values())


def test_yes_holds_for_once(world: World) -> None:
    """The next such change is asked about again."""
    sync = Bleached(colors(4, 2))
    integration = world.integration(sync, guards=GUARDS)
    integration.run()
    integration.attention.resolve(everything=True)
    integration.run()
    sync.colors = dict.fromkeys(sync.colors, "red")
    integration.run()
    sync.colors = colors(4, 2)
    report = integration.run()

    assert report.syncs["colors"].outcomes == {"held": 4}


def test_mended_source_clears_the_question(world: World) -> None:
    sync = Bleached(dict.fromkeys(colors(6, 0), "red"))
    integration = world.integration(sync, guards=GUARDS)
    integration.run()
    sync.colors = colors(6, 0)
    integration.run()
    assert len(integration.attention.list()) == 6
    sync.colors = dict.fromkeys(sync.colors, "red")
    report = integration.run()

    assert not integration.attention.list()
    assert report.syncs["colors"].dropped == 6
    assert {tuple(times) for times in PAINTED.values()} == {("red",)}


@pytest.mark.parametrize(("none", "others"), [(2, 0), (3, 3)], ids=["few", "small share"])
def test_both_limits_must_be_passed(world: World, none: int, others: int) -> None:
    report = world.integration(Bleached(colors(none, others)), guards=GUARDS).run()

    assert report.syncs["colors"].outcomes == {"updated": none + others}


@pytest.mark.parametrize("kind", [Bleached, Bulk])
def test_part_of_a_scan_is_not_judged(world: World, kind: type[Bleached]) -> None:
    """Stopped in mid-scan: nothing that a guard watches is made before the whole has been seen."""

    def fail(at: int) -> None:
        if at == 3:
            raise RuntimeError("boom")

    sync = kind(colors(4, 2), scan=fail)
    integration = world.integration(sync, guards=GUARDS)
    integration.run()
    world.later(minutes=5)
    assert PAINTED == {}
    integration.run_due()  # works on what waits, without a scan
    assert PAINTED == {}
    sync.hooks.clear()
    report = integration.run()

    assert report.syncs["colors"].outcomes == {"held": 4, "updated": 2}


def test_share_is_of_the_linked_records(world: World) -> None:
    """A scan that sees only what changed is measured against all records of its kind."""
    sync = Bleached(colors(4, 0))
    type(sync).link_kind = "colored"
    try:
        integration = world.integration(sync, guards=GUARDS)
        for number in range(9):
            integration.link("colored", zoey_id=str(number), netsuite_id=str(number))
        report = integration.run()
    finally:
        type(sync).link_kind = None

    assert report.syncs["colors"].outcomes == {"updated": 4}


def test_what_is_no_question_cannot_be_answered(world: World) -> None:
    def fail(unit: object) -> None:
        raise KeyError("x")

    integration = world.integration(ColorSync({"a": "red"}, apply=fail), guards=GUARDS)
    integration.run()

    with pytest.raises(ConfigurationError, match="no question"):
        integration.attention.resolve(everything=True)
    assert integration.attention.list()[0].state == "failed"


def test_asked_for_by_hand_passes(world: World) -> None:
    """Somebody who names one record has looked at it."""
    integration = world.integration(Bleached(colors(4, 0)), guards=GUARDS)
    integration.run()
    report = integration.sync_one("colors", zoey_id="02")

    assert report.count("updated") == 1
    assert list(PAINTED) == ["02"]


def test_a_later_scan_that_sees_some_of_them_asks_of_all(world: World) -> None:
    """G7: those held before count with those found now; none passes without an answer."""

    class RowSync(WarrantySync):
        def unit(self, row: Warranty) -> Unit[Warranty]:
            return Unit(row.id, data=row, guard="bleach")

        def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
            return [Paint(unit.id, unit.data.name)]

    shop = Shop(world)
    for number in range(1, 31):
        shop.warranty(number, "A")
    world.later(hours=3)
    for number in range(1, 6):
        shop.rename(number, "B")
    integration = world.integration(RowSync(), guards=(Guard("bleach", max_share=0.1, min_count=20),))

    for _ in range(3):
        integration.run().raise_for_failure()
        assert not PAINTED
        assert len(integration.attention.list(state="held")) == 30
        world.later(minutes=15)

    assert integration.attention.resolve(cause="guard bleach") == 30
    integration.run().raise_for_failure()
    assert len(PAINTED) == 30
