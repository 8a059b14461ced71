"""An integration that is put together wrongly says so when it is made (E1, E3, G5)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs
import pytest
from support.colors import Color, ColorSync
from support.world import World

from zoey_netsuite import (
    AsyncNetSuiteClient,
    AsyncZoeyClient,
    ConfigurationError,
    Every,
    Guard,
    Hold,
    Integration,
    LogAlerts,
    Manual,
    MemoryStore,
    Page,
    SuiteQLSync,
    Sync,
    SyncContext,
    Threads,
    Unit,
)
from zoey_netsuite.netsuite import TokenAuth
from zoey_netsuite.zoey import OAuth1Auth

KEYS = ("key", "secret", "token", "token-secret")


def colors(name: Any = "colors") -> ColorSync:
    return ColorSync({"a": "red"}, name=name)


def refusal(make: Callable[[], object]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        make()
    return str(caught.value)


@pytest.mark.parametrize("name", ["", "Acme", "a-b", "a" * 21, "ü", "acme\n", None, 5, b"acme"])
def test_names_of_integrations(world: World, name: Any) -> None:
    """E1: the name is part of every key and external id."""
    assert "1 to 20 lower-case letters and digits" in refusal(lambda: world.integration(colors(), name=name))


def test_clients_in_the_wrong_place(world: World) -> None:
    """E1: taken for each other, async, a class, or none at all."""
    awaited = AsyncNetSuiteClient("1234567", TokenAuth(*KEYS))
    for erp in (world.shop, awaited, None, "1234567", type(world.erp)):
        assert "Integration(netsuite=…) takes" in refusal(lambda erp=erp: world.integration(colors(), erp=erp))
    also = AsyncZoeyClient("https://shop.example.com", OAuth1Auth(*KEYS))
    for shop in (world.erp, also, None, "https://shop.example.com", type(world.shop)):
        assert "Integration(zoey=…) takes" in refusal(lambda shop=shop: world.integration(colors(), shop=shop))


PARTS: list[tuple[str, Any]] = [
    ("store", None),
    ("store", "sync.db"),
    ("store", MemoryStore),
    ("dispatcher", 8),
    ("dispatcher", Threads),
    ("timing", 5),
    ("timing", {"lease": 1}),
    ("settings", {"a": 1}),
    ("clock", 5),
    ("observers", LogAlerts()),
    ("observers", [LogAlerts]),
    ("observers", [print]),
    ("guards", None),
    ("guards", Guard("zero_stock")),
    ("guards", ["zero_stock"]),
    ("schedule", "15m"),
    ("schedule", 5),
]


@pytest.mark.parametrize(("name", "value"), PARTS)
def test_parts(world: World, name: str, value: Any) -> None:
    """E3: each part is named with what it takes."""
    assert f"Integration({name}=…) takes" in refusal(lambda: world.integration(colors(), **{name: value}))


def test_an_observer_whose_method_takes_nothing(world: World) -> None:
    """E3: it would fail at each event of each run, and only the log would say so."""

    class Deaf:
        def on_event(self) -> None: ...

    assert "on_event(event)" in refusal(lambda: world.integration(colors(), observers=[Deaf()]))


def test_two_guards_of_one_kind(world: World) -> None:
    """G7: the second would silently replace the first."""
    assert "two guards watch 'a'" in refusal(
        lambda: world.integration(colors(), guards=[Guard("a", min_count=1), Guard("a", min_count=500)])
    )


@pytest.mark.parametrize("when", ["15m", 15, None, Every, Manual])
def test_schedules(world: World, when: Any) -> None:
    """G1: what is no schedule."""
    assert "schedule['colors'] takes" in refusal(lambda: world.integration(colors(), schedule={"colors": when}))


def test_a_schedule_for_nobody(world: World) -> None:
    """G1: a misspelt name would never be due."""
    schedule = {"colour": Every(minutes=1), 5: Manual()}
    said = refusal(lambda: world.integration(colors(), schedule=schedule))
    assert "the schedule names 5, colour, but the syncs are colors" in said


@pytest.mark.parametrize("syncs", [None, 5, "inventory", colors(), ["inventory"], [ColorSync], [None]])
def test_what_are_no_syncs(world: World, syncs: Any) -> None:
    """E3: one alone, its name, or its class."""
    said = refusal(lambda: Integration("acme", world.erp, world.shop, world.store, syncs))
    assert "Integration(syncs=…) takes" in said


@pytest.mark.parametrize("name", ["", None, 5, " colors", "a\nb", "\0", "\ud800", "x" * 101, b"colors"])
def test_names_of_syncs(world: World, name: Any) -> None:
    """E3: a name that a key cannot hold, or nobody can type."""
    assert "ColorSync" in refusal(lambda: world.integration(colors(name)))


@pytest.mark.parametrize("name", ["a b", "x/y", "ü☃", "x" * 100, "🛒 orders"])
def test_odd_names_of_syncs_work(world: World, name: str) -> None:
    """E3: whatever can be typed is kept apart and found again."""
    integration = world.integration(colors(name), colors(f"{name[:50]}2"))
    report = integration.run()
    assert report.failure is None
    assert report.syncs[name].outcomes == {"updated": 1}
    assert integration.run(only=name).syncs[name].dropped == 1
    assert name in str(report)


@attrs.frozen
class Nameless:
    """A row without the key."""

    name: str


def test_syncs_that_say_too_little(world: World) -> None:
    """E3: what a user forgot in a class of their own is said when it is first used."""

    class Untyped(Sync):  # type: ignore[type-arg]
        name = "untyped"

        def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[Any]]:
            yield Page((), None)

        def load(self, ids: Sequence[str], ctx: SyncContext) -> Sequence[Unit[Any]]:
            return ()

        def apply(self, unit: Any, found: Any, ctx: Any) -> Any:
            return ()

    class Bare(SuiteQLSync[Color]):
        name = "bare"

        def apply(self, unit: Any, found: Any, ctx: Any) -> Any:
            return ()

    class Rows(Bare):
        table, changed, row = "item", "lastmodifieddate", Color

    class Dictionaries(Rows):
        row: Any = dict

    class WithoutKey(Rows):
        row: Any = Nameless

    class Pages(Rows):
        page_size = 5000

    assert "class Untyped(Sync[YourData])" in refusal(lambda: world.integration(Untyped()))
    assert "Bare must say `table`, `row`, `changed`" in refusal(lambda: world.integration(Bare()))
    assert "Dictionaries.row takes an attrs class" in refusal(lambda: world.integration(Dictionaries()))
    assert "no field for the key column 'id'" in refusal(lambda: world.integration(WithoutKey()))
    assert "Pages.page_size" in refusal(lambda: world.integration(Pages()))


@pytest.mark.parametrize("only", ["x", "", ["colors", "x"], [None], 5, colors()])
def test_running_what_is_not_there(world: World, only: Any) -> None:
    """G1: the names that are there are listed."""
    said = refusal(lambda: world.integration(colors()).run(only))
    assert "it has colors" in said or "only takes a list of names" in said


def test_one_record_by_an_id_that_is_none(world: World) -> None:
    """G1: an id is text; a number would be looked for and never found."""
    integration = world.integration(colors())
    for id in (5, "", " 5", None):
        assert "zoey_id" in refusal(lambda id=id: integration.sync_one("colors", zoey_id=id))
        for name in ("zoey_id", "netsuite_id"):
            ids = {"zoey_id": "1", "netsuite_id": "2", name: id}
            assert name in refusal(lambda ids=ids: integration.link("orders", **ids))
    assert "netsuite_id" in refusal(lambda: integration.sync_one("colors", netsuite_id=5))  # type: ignore[arg-type]
    for sync in (None, 5, ["colors"]):
        assert "the name of a sync" in refusal(lambda sync=sync: integration.sync_one(sync, zoey_id="1"))
        assert "the name of a sync" in refusal(lambda sync=sync: integration.verify(sync))
    assert integration.sync_one("colors", zoey_id="a").failure is None


def test_operations_on_what_is_no_entry(world: World) -> None:
    """E9: entries come from the list."""
    integration = world.integration(colors())
    for items in ("colors", ["colors"], [None], 5):
        assert "attention.list()" in refusal(lambda items=items: integration.attention.retry(items))
        assert "attention.list()" in refusal(lambda items=items: integration.attention.dismiss(items))
    assert "no sync 'x'" in refusal(lambda: integration.attention.list(sync="x"))


def test_operations_on_nobody_knows_what(world: World) -> None:
    """E9: without a selection nothing is retried, answered or dismissed: there may be more than somebody thinks of."""
    integration = world.integration(ColorSync({"a": "red", "b": "blue"}, apply=lambda unit: Hold("why not")))
    integration.run()
    attention = integration.attention
    for name in ("retry", "resolve", "dismiss"):
        operation = getattr(attention, name)
        assert f"attention.{name}() must be told which entries" in refusal(operation)
        assert "everything=True" in refusal(operation)
        for choice in ({"sync": "colors"}, {"cause": "held"}, {"items": attention.list()}):
            words = refusal(lambda operation=operation, choice=choice: operation(everything=True, **choice))
            assert "either everything=True or a selection" in words
        assert "everything" in refusal(lambda operation=operation: operation(everything="yes"))
    assert len(attention.list()) == 2
    assert attention.retry(attention.list()[0]) == 1
    assert attention.dismiss([]) == 0
    assert attention.dismiss(attention.list()[1]) == 1
    assert attention.dismiss(everything=True) == 1
    assert not attention.list()


@pytest.mark.parametrize("stop", [None, False, threading.Event])
def test_running_for_ever_needs_an_end(world: World, stop: Any) -> None:
    """G1: an event, which a signal's handler can set."""
    assert "a threading.Event" in refusal(lambda: world.integration(colors()).run_forever(stop))


def test_guards_that_nobody_knows(world: World) -> None:
    """G7: a misspelt guard would hold nothing, so it is refused with the names that are known."""
    for name in ("zero_stok", "disable"):
        words = refusal(lambda name=name: world.integration(world.inventory(), guards=[Guard(name)]))
        assert f"Guard('{name}') would hold nothing" in words
        assert "know are zero_stock" in words
    assert world.integration(world.inventory(), guards=[Guard("zero_stock")])
    assert world.integration(colors(), guards=[Guard("fade")]), "a sync of one's own need not say what it knows"
    assert "zero_stock" in refusal(lambda: world.integration(colors(), guards=[Guard("zero_stoc")]))

    class Fading(ColorSync):
        guards = ("fade",)

    assert world.integration(Fading({}), guards=[Guard("fade"), Guard("zero_stock")])
    assert "fade, zero_stock" in refusal(lambda: world.integration(Fading({}), guards=[Guard("fado")]))
