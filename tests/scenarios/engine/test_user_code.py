"""What a user's own code raises is one record's trouble, or one sync's; nothing else stops (G4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from support.colors import ON_PAINT, PAINTED, Color, ColorSync, Paint
from support.trouble import Heard
from support.warranties import Shop
from support.world import World

from zoey_netsuite import AddOrderComment, Effect, Finding, Hold, Lookup, MappingError, Progress, Unit
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


def test_message_names_class_method_line_and_error(world: World) -> None:
    """G4, story 17: in the report, on the attention list with the traceback, and in `explain`."""

    class Mine(ColorSync):
        def apply(self, unit: Any, found: Any, ctx: Any) -> Any:
            if unit.id == "a":
                return {}[unit.data.color]
            return [Paint(unit.id, unit.data.color)]

    integration = world.integration(Mine(RECORDS))
    report = integration.run()
    (item,) = integration.attention.list()
    words = r"Mine\.apply \(test_user_code\.py:\d+\) raised KeyError: 'red'"
    for text in (item.message, str(integration.explain("colors", zoey_id="a")), str(report)):
        assert re.search(words, " ".join(text.split())), text
    assert "return {}[unit.data.color]" in "".join(item.evidence["traceback"])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, "None"),
        ("red", "the str 'red'"),
        (["red"], "a list with the str 'red'"),
        (5, "the int 5"),
        (Paint("a", "red"), "one Paint"),
        ({}, "one dict"),
        (True, "True"),
    ],
    ids=repr,
)
def test_apply_gives_nonsense(world: World, given: object, shown: str) -> None:
    class Nonsense(ColorSync):
        def apply(self, unit: Any, found: Any, ctx: Any) -> Any:
            return given if unit.id == "a" else [Paint(unit.id, unit.data.color)]

    integration = world.integration(Nonsense(RECORDS))
    report = integration.run()

    assert report.syncs["colors"].outcomes == {"updated": 4, "failed": 1}
    (item,) = integration.attention.list()
    assert re.search(
        rf"Nonsense\.apply \(test_user_code\.py:\d+\) returned {re.escape(shown)}: return a list of effects",
        item.message,
    )


@pytest.mark.parametrize("method", ["scan", "load", "needs", "perform"])
def test_others_give_nonsense(world: World, method: str) -> None:
    class Lazy(Paint):
        def perform(self, clients: Any) -> Any:
            return None if method == "perform" else super().perform(clients)

    class Nonsense(ColorSync):
        def scan(self, since: Any, ctx: Any) -> Any:
            yield from [{"units": []}] if method == "scan" else super().scan(since, ctx)

        def load(self, ids: Any, ctx: Any) -> Any:
            return ["a"] if method == "load" else super().load(ids, ctx)

        def needs(self, units: Any) -> Any:
            return None if method == "needs" else ()

        def apply(self, unit: Any, found: Any, ctx: Any) -> Any:
            return [Lazy(unit.id, unit.data.color)]

    integration = world.integration(Nonsense({"a": "red"}))
    report = integration.sync_one("colors", zoey_id="a") if method == "load" else integration.run()
    text = " ".join(f"{report} {[item.message for item in integration.attention.list()]}".split())
    owner = "Lazy" if method == "perform" else "Nonsense"
    assert re.search(rf"{owner}\.{method} \(test_user_code\.py:\d+\) returned ", text), text


def test_check_raises(world: World) -> None:
    """G5: what the sync's own `check` raises is a finding; the other syncs are looked at."""

    class Mine(ColorSync):
        def check(self, ctx: Any) -> Any:
            raise ZeroDivisionError("by nothing")

    class Other(ColorSync):
        def check(self, ctx: Any) -> Any:
            yield Finding("warning", "settings", "seen")

    findings = world.integration(Mine(RECORDS), Other({}, name="others")).check()
    words = r"Mine\.check \(test_user_code\.py:\d+\) raised ZeroDivisionError: by nothing"
    assert re.search(words, findings.errors[0].what)
    assert [one.what for one in findings if one.level == "warning"] == ["seen"]


def test_observer_that_raises_is_named(world: World, caplog: pytest.LogCaptureFixture) -> None:
    class Deaf:
        def on_event(self, event: object) -> None:
            raise RuntimeError("deaf")

    world.integration(ColorSync(RECORDS), observers=[Deaf()]).run()
    assert re.search(r"Deaf\.on_event \(test_user_code\.py:\d+\) raised RuntimeError: deaf", caplog.text)


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
    assert [step.done for step in steps if step.phase == "work"] == [5], "the units of a claim are done together"
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
