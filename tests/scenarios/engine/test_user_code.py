"""What a user's own code raises is one record's trouble, or one sync's; nothing else stops (G4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from support.colors import ON_PAINT, PAINTED, Color, ColorSync, Paint
from support.trouble import Heard
from support.warranties import Shop
from support.world import World

from zoey_netsuite import AddOrderComment, Effect, Hold, Lookup, MappingError, Progress, Unit
from zoey_netsuite.sandbox import Fault
from zoey_netsuite.state.store import Put

RECORDS = {"a": "red", "b": "green", "c": "blue", "d": "red", "e": "gray"}


def fails_at(record: str, error: Exception) -> Callable[[Any], None]:
    def fail(unit: Any) -> None:
        if (unit if isinstance(unit, str) else unit.id) == record:
            raise error

    return fail


def test_apply_raises(world: World) -> None:
    sync = ColorSync(RECORDS, apply=fails_at("b", KeyError("hue")))
    integration = world.integration(sync, ColorSync({"z": "red"}, name="others"))
    report = integration.run()

    assert report.failure is None
    assert report.syncs["colors"].outcomes == {"updated": 4, "failed": 1}
    assert sorted(PAINTED) == ["a", "c", "d", "e", "z"]
    (item,) = integration.attention.list()
    assert (item.unit_id, item.state) == ("b", "failed")
    assert item.cause == "error in the sync's own code: KeyError"
    assert "traceback" in item.evidence

    integration.run().raise_for_failure()
    assert len(integration.attention.list()[0].history) == 1, "failed stays until it changes or is retried"
    sync.hooks.clear()
    assert integration.attention.retry(items=[item]) == 1
    integration.run().raise_for_failure()
    assert PAINTED["b"] == ["green"]
    assert not integration.attention.list()


@pytest.mark.parametrize("given", [None, "red", ["red"], 5], ids=repr)
def test_apply_gives_nonsense(world: World, given: object) -> None:
    class Nonsense(ColorSync):
        def apply(self, unit: Any, found: Any, ctx: Any) -> Any:
            return given if unit.id == "a" else [Paint(unit.id, unit.data.color)]

    report = world.integration(Nonsense(RECORDS)).run()

    assert report.syncs["colors"].outcomes == {"updated": 4, "failed": 1}


def test_effect_raises_and_describe_raises(world: World) -> None:
    class Mute(Paint):
        def describe(self) -> NoReturn:
            raise ValueError("no words")

    ON_PAINT.append(fails_at("b", ZeroDivisionError()))

    def mutely(unit: Unit[Color]) -> list[Effect]:
        return [Mute(unit.id, unit.data.color)]

    integration = world.integration(ColorSync(RECORDS, apply=mutely))

    dry = integration.run(dry_run=True)
    assert len(dry.planned) == 5
    assert "no words" in str(dry)
    report = integration.run()
    assert report.failure is None
    assert report.syncs["colors"].outcomes == {"updated": 4, "failed": 1}


def test_mapping_error_is_held_and_closes_by_itself_when_mended(world: World) -> None:
    sync = ColorSync(RECORDS, apply=fails_at("c", MappingError("color blue has no number", field="color")))
    integration = world.integration(sync)
    integration.run().raise_for_failure()
    (item,) = integration.attention.list(state="held")
    assert (item.unit_id, item.cause) == ("c", "mapping color")

    sync.hooks.clear()
    sync.colors["c"] = "green"
    integration.run().raise_for_failure()
    assert not integration.attention.list()
    assert PAINTED["c"] == ["green"]


@pytest.mark.parametrize("error", [KeyError("x"), MappingError("no")])
def test_needs_raises_for_one_unit(world: World, error: Exception) -> None:
    def needs(units: list[Any]) -> list[Lookup]:
        for unit in units:
            fails_at("d", error)(unit)
        return [Lookup.zoey("products", "sku", "SKU-1")]

    report = world.integration(ColorSync(RECORDS, needs=needs)).run()

    assert report.failure is None
    assert sorted(PAINTED) == ["a", "b", "c", "e"]


def test_load_raises_for_one_record(world: World) -> None:
    def wait(unit: Unit[Color]) -> Hold:
        return Hold("wait")

    sync = ColorSync(RECORDS, apply=wait)
    integration = world.integration(sync)
    integration.run().raise_for_failure()

    def load(ids: list[str]) -> None:
        if "a" in ids:
            raise LookupError("a")

    sync.hooks = {"load": load}
    integration.attention.retry(everything=True)
    report = integration.run()
    assert report.failure is None
    assert sorted(PAINTED) == ["b", "c", "d", "e"]
    (item,) = integration.attention.list()
    assert (item.unit_id, item.state) == ("a", "failed")


def test_scan_raises(world: World) -> None:
    """That sync stops and says so, once; the others go on; it resumes where it was."""

    def scan(at: int) -> None:
        if at == 3:
            raise RuntimeError("boom")

    heard = Heard([])
    sync = ColorSync(RECORDS, scan=scan)
    integration = world.integration(sync, ColorSync({"z": "red"}, name="others"), observers=[heard])
    report = integration.run()
    integration.run()

    assert report.failure is not None
    assert report.failure.cause == "configuration"
    assert "RuntimeError: boom" in str(report)
    assert report.syncs["others"].outcomes == {"updated": 1}
    assert report.syncs["others"].failure is None
    assert len([event for event in heard.events if type(event).__name__ == "SystemFailed"]) == 1
    assert sync.scans == [None, {"at": 3}], "the cursor stands where the last committed page left it"
    sync.hooks.clear()
    integration.run().raise_for_failure()
    assert len(PAINTED) == 6
    recovered = [event for event in heard.events if type(event).__name__ == "SystemRecovered"]
    assert [getattr(event, "system", None) for event in recovered] == ["sync colors"]


def test_data_class_that_changed_since(world: World) -> None:
    """What the work list keeps in an older form is read again from the source."""
    shop = Shop(world)
    shop.warranty(1)
    shop.faults(Fault("503", times=None))
    assert shop.integration().run().failure is not None, "it stays pending"
    world.sandbox.zoey.faults.clear()
    ((key, entry),) = world.store.scan(("acme", "work", "warranties"))
    world.store.commit([Put(key, {**entry.value, "data": {"number": 1}})])
    world.later(minutes=5)
    report = shop.integration(schedule={}).run_due()  # works on what waits, without a scan that would bring it anew

    assert report is not None
    assert report.failure is None
    assert len(shop.comments()) == 1


def test_observers_and_progress_that_raise(world: World) -> None:
    class Bad:
        def on_event(self, event: object) -> None:
            raise RuntimeError("deaf")

    def progress(step: Progress) -> None:
        raise RuntimeError("no bar")

    heard = Heard([])
    report = world.integration(ColorSync(RECORDS), observers=[Bad(), heard]).run(progress=progress)

    assert report.failure is None
    assert report.count("updated") == 5
    names = [type(event).__name__ for event in heard.events]
    assert names == ["RunStarted", *["UnitEnded"] * 5, "RunEnded"]


def test_progress_is_told(world: World) -> None:
    steps: list[Progress] = []
    world.integration(ColorSync(RECORDS)).run(progress=steps.append)

    assert [step.done for step in steps if step.phase == "scan"] == [3, 5, 5]
    assert [step.done for step in steps if step.phase == "work"] == [1, 2, 3, 4, 5]
    assert {step.total for step in steps if step.phase == "work"} == {5}


def test_one_page_that_names_a_unit_twice(world: World) -> None:
    class Double(ColorSync):
        def scan(self, since: Any, ctx: Any) -> Any:
            for page in super().scan(since, ctx):
                yield type(page)([*page.units, *page.units], page.cursor)

    report = world.integration(Double(RECORDS)).run()

    assert report.failure is None
    assert all(len(colors) == 1 for colors in PAINTED.values())


def test_comment_on_an_order_that_is_gone(world: World) -> None:
    """One record's refusal is that record's trouble."""

    def comment(unit: Unit[Color]) -> list[Effect] | None:
        return [AddOrderComment("424242", "x")] if unit.id == "a" else None

    report = world.integration(ColorSync(RECORDS, apply=comment)).run()

    assert report.failure is None
    assert report.syncs["colors"].outcomes == {"updated": 4, "failed": 1}


def test_evidence_stands_by_itself_and_goes_with_its_entry(world: World) -> None:
    """G4, G8: what is needed to understand a trouble is kept beside the work list, and no longer than the trouble."""
    sync = ColorSync(RECORDS, apply=fails_at("c", MappingError("color blue has no number", field="color")))
    integration = world.integration(sync)
    integration.run().raise_for_failure()
    (item,) = integration.attention.list()
    assert item.evidence["error"] == "MappingError"
    integration.attention.note(item, "asked the shop")
    (item,) = integration.attention.list()
    assert (item.note, item.evidence["error"]) == ("asked the shop", "MappingError")
    assert [key[2:] for key, _ in world.store.scan(("acme", "evidence"))] == [("colors", "c")]
    assert all("evidence" not in entry.value for _, entry in world.store.scan(("acme", "work")))

    sync.hooks.clear()
    integration.attention.retry(everything=True)
    integration.run().raise_for_failure()
    assert world.store.scan(("acme", "evidence")) == []
