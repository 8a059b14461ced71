"""What users plug in fails or gives junk: told by name, kept to one record or sync, and nothing is lost (G4, E3)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.colors import ON_PAINT, PAINTED, ColorSync
from support.trouble import Heard
from support.world import World

from zoey_netsuite import ConfigurationError, Order, Page, RunEnded, Unit
from zoey_netsuite.sandbox.zoey.kinds import ORDERS

RECORDS = {"a": "red", "b": "green", "c": "blue", "d": "red", "e": "gray"}


@pytest.fixture(autouse=True)
def fresh_paint() -> Iterator[None]:
    """Nothing is painted yet."""
    PAINTED.clear()
    ON_PAINT.clear()
    yield
    PAINTED.clear()


def divides(order: Order) -> bool:
    return 1 / 0 > 1


def looks_for_what_is_not_there(order: Order) -> bool:
    return bool(order.custom["nobody_has_this"])


PREDICATES: list[tuple[Callable[[Order], Any], str]] = [
    (divides, "divides given as reserve_pending failed on Zoey order 100000001 (id 1): divides (test_"),
    (looks_for_what_is_not_there, "KeyError: 'nobody_has_this'"),
    (lambda order: None, "it gave None, where True or False is due"),
    (lambda order: "no", "it gave 'no'"),
    (lambda order: 0, "it gave 0"),
]


@pytest.mark.parametrize(("predicate", "said"), PREDICATES)
def test_a_predicate_that_does_not_say(
    world: World, predicate: Any, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """G4, I2: the order is named, what it holds is kept back (never sold twice), and everything else goes on."""
    with world.sandbox.zoey.acting() as app:
        app.place_order([{"product_id": 101, "qty": 4}], customer_email="a@example.com")
        app.place_order([{"product_id": 102, "qty": 1}], customer_email="b@example.com")
    integration = world.integration(world.inventory(reserve_pending=predicate))

    report = integration.run()

    assert report.failure is None
    assert (world.shown(101), world.shown(102), world.shown(103)) == (26, 29, 30)
    (note,) = report.syncs["inventory"].notes
    for piece in (said, "and on 1 more", "Correct the function"):
        assert piece in note
    if "gave" not in said:
        assert any(entry.exc_info for entry in caplog.records), "with the place in the code"
    (found,) = [finding for finding in integration.check() if finding.system == "settings"]
    assert said in found.what, "and before going live, G5"


def test_an_order_without_a_currency_stops_nothing(world: World) -> None:
    """G4: what it holds is counted like any other's."""
    with world.sandbox.zoey.acting() as app:
        order = app.place_order([{"product_id": 101, "qty": 4}], customer_email="a@example.com")
        kept = app.order(order["entity_id"]) | {"order_currency_code": None, "base_currency_code": None}
        app._shop.records.save(ORDERS, kept)

    world.integration().run().raise_for_failure()

    assert (world.shown(101), world.shown(102)) == (26, 30)


SCANS: dict[str, Callable[[Any, Any], Any]] = {
    "gives None": lambda since, ctx: None,
    "gives a number": lambda since, ctx: 5,
    "yields no page": lambda since, ctx: iter(["a page"]),
    "yields units": lambda since, ctx: iter([Unit("a", data=1)]),
    "names a unit by number": lambda since, ctx: iter([Page([Unit(5, data=1)], None)]),  # type: ignore[arg-type]
    "has no units": lambda since, ctx: iter([Page(None, None)]),  # type: ignore[arg-type]
    "has a cursor that is no JSON": lambda since, ctx: iter([Page((), object())]),
}


@pytest.mark.parametrize("name", SCANS)
def test_a_scan_that_gives_junk(world: World, name: str) -> None:
    """G4: that sync stops, and says what is wrong; its cursor stands, the others run."""

    class Junk(ColorSync):
        def scan(self, since: Any, ctx: Any) -> Any:
            return SCANS[name](since, ctx)

    sync = Junk(RECORDS)
    integration = world.integration(sync, ColorSync({"z": "red"}, name="others"))

    report = integration.run()

    failure = report.syncs["colors"].failure
    assert failure is not None
    assert (failure.system, failure.cause) == ("settings", "configuration")
    assert "error in the sync's own code" in str(failure)
    assert report.failure is failure
    assert PAINTED == {"z": ["red"]}
    mended = ColorSync(RECORDS)
    world.integration(mended, ColorSync({"z": "red"}, name="others")).run().raise_for_failure()
    assert sorted(PAINTED) == ["a", "b", "c", "d", "e", "z"]
    assert mended.scans == [None], "from where it stood"


@pytest.mark.parametrize("given", [None, 5, ["a"], [None]])
def test_a_load_that_gives_junk(world: World, given: Any) -> None:
    """G4: by hand as in a retry."""

    class Junk(ColorSync):
        def load(self, ids: Any, ctx: Any) -> Any:
            return given

    integration = world.integration(Junk(RECORDS), ColorSync({"z": "red"}, name="others"))

    report = integration.sync_one("colors", zoey_id="a")

    assert report.failure is None
    assert report.count("failed") == 1
    assert integration.attention.list()[0].cause == "error in the sync's own code: WrongReturn"
    assert not PAINTED
    integration.run().raise_for_failure()
    assert sorted(PAINTED) == ["a", "b", "c", "d", "e", "z"], "and nothing is lost"


@pytest.mark.parametrize("given", [None, 5, ["customer 7"], [None]])
def test_needs_that_are_junk(world: World, given: Any) -> None:
    """G4: each unit has failed with what is wrong; the other sync goes on."""
    sync = ColorSync(RECORDS, needs=lambda units: given)
    integration = world.integration(sync, ColorSync({"z": "red"}, name="others"))

    report = integration.run()

    assert PAINTED == {"z": ["red"]}
    assert report.syncs["colors"].outcomes == {"failed": 5}
    assert all("Lookup" in item.message for item in integration.attention.list())


def test_names_with_odd_characters(world: World) -> None:
    """G4: ids of units may be anything that people type; messages are one line, and nothing is mixed up."""
    odd = ["a/b", "a b", "ü☃", "a\nb", "\0", "'; DROP TABLE entry; --", "%s {x}", "x" * 900, "a|b:c"]
    sync = ColorSync(dict.fromkeys(odd, "red"))
    integration = world.integration(sync)

    assert integration.run().count("updated") == len(odd)
    assert sorted(PAINTED) == sorted(odd)
    sync.colors |= dict.fromkeys(odd, "blue")

    def fail(record: str) -> None:
        raise ValueError("%d {bad} %s")

    ON_PAINT.append(fail)
    report = integration.run()
    assert report.count("failed") == len(odd)
    assert sorted(item.unit_id for item in integration.attention.list()) == sorted(odd)
    ON_PAINT.clear()
    integration.attention.retry(everything=True)
    assert integration.run().count("updated") == len(odd)


def test_an_observer_that_raises(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """E3, E6: logged with its name; the others hear everything."""

    class Loud:
        def on_event(self, event: object) -> None:
            raise RuntimeError("no network for alerts")

    heard = Heard([])
    integration = world.integration(ColorSync(RECORDS), observers=[Loud(), heard])

    report = integration.run()

    assert report.count("updated") == 5
    assert len(heard.of(RunEnded)) == 1
    errors = [entry for entry in caplog.records if entry.levelno >= logging.ERROR]
    assert errors
    assert all("Loud" in entry.getMessage() for entry in errors)


@pytest.mark.parametrize("progress", ["bar", 5, lambda: None])
def test_a_progress_that_cannot_be_called(world: World, progress: Any) -> None:
    """E6: refused before the run, not logged at each page of it."""
    with pytest.raises(ConfigurationError, match="progress takes a function of one Progress"):
        world.integration(ColorSync(RECORDS)).run(progress=progress)
