"""Looking again: what to write is always decided by `apply`, from what is there (G1, G4, E4, E8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import attrs
import pytest
from support.colors import ON_PAINT, PAINTED, Color, ColorSync, Paint
from support.trouble import Crash
from support.world import World

from zoey_netsuite import (
    Clients,
    Done,
    Effect,
    Hold,
    Inline,
    Integration,
    Link,
    LookAgain,
    Page,
    RecordRef,
    SyncContext,
    Threads,
    Timing,
    Unit,
)


@attrs.frozen
class Build(Effect):
    """Makes something, once."""

    record: str

    @property
    def key(self) -> str:
        return f"build {self.record}"

    def describe(self) -> str:
        return f"build {self.record}"

    def perform(self, clients: Clients) -> Done:
        PAINTED.setdefault(self.record, []).append("built")
        return Done("7")


class Walls(ColorSync):
    """Records that are raw at first; a scan brings them where they come up. Notes what was loaded together."""

    def __init__(
        self, decide: Callable[[Unit[Color]], Any], *ids: str, comes_up: bool = True, **hooks: Callable[..., Any]
    ) -> None:
        super().__init__(dict.fromkeys(ids or ("1",), "raw"), apply=decide, **hooks)
        self.comes_up = comes_up
        self.loads: list[list[str]] = []

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[Color]]:
        return super().scan(since, ctx) if self.comes_up else iter([Page((), None)])

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[Color]]:
        self.loads.append([*ids])
        return super().load(ids, ctx)


@pytest.fixture(autouse=True)
def painted() -> Any:
    PAINTED.clear()
    ON_PAINT.clear()
    yield
    ON_PAINT.clear()


def state(integration: Integration) -> list[tuple[str, str]]:
    return [(item.unit_id, item.state) for item in integration.attention.list()]


@pytest.mark.parametrize("dispatcher", [Inline(), Threads(4)], ids=["inline", "threads"])
def test_apply_is_asked_again_with_what_is_there(world: World, dispatcher: Any) -> None:
    """Three units are looked at in one go, when all of them are done; each is then decided by what it shows."""
    order: list[str] = []

    def decide(unit: Unit[Color]) -> Sequence[Effect]:
        order.append(f"{unit.id} {unit.data.color}")
        if unit.data.color == "raw":
            return [Paint(unit.id, "white"), LookAgain()]
        return [Paint(unit.id, "red")] if unit.data.color == "white" else []

    sync = Walls(decide, "1", "2", "3")
    ON_PAINT.append(lambda record: sync.colors.update({record: "white"}))
    report = world.integration(sync, dispatcher=dispatcher).run()

    assert order == ["1 raw", "2 raw", "3 raw", "1 white", "2 white", "3 white"]
    assert sync.loads == [["1", "2", "3"]]
    assert PAINTED == {"1": ["white", "red"], "2": ["white", "red"], "3": ["white", "red"]}
    assert report.count("updated") == 3


def test_a_sync_may_look_in_its_own_way(world: World) -> None:
    """`look` gets the units as they were decided upon; nothing is loaded."""

    class Own(Walls):
        def look(self, units: Sequence[Unit[Color]], ctx: SyncContext) -> Iterable[Unit[Color]]:
            return [attrs.evolve(unit, data=attrs.evolve(unit.data, color="dry")) for unit in units]

    def decide(unit: Unit[Color]) -> Sequence[Effect]:
        return [] if unit.data.color == "dry" else [Paint(unit.id, "white"), LookAgain()]

    sync = Own(decide)
    report = world.integration(sync).run()
    assert (report.count("updated"), sync.loads, PAINTED) == (1, [], {"1": ["white"]})


def test_a_difference_without_end_is_tried_again_and_is_no_question(world: World) -> None:
    """It is written three times in a row at the most, then later; never does it become a question or fail."""
    sync = Walls(lambda unit: [Paint(unit.id, "white"), LookAgain()])
    integration = world.integration(sync)
    for run in range(1, 11):
        report = integration.run()
        assert (report.count("retrying"), state(integration)) == (1, [("1", "retrying")])
        assert len(PAINTED["1"]) == 3 * run
        world.later(hours=2)
    (item,) = integration.attention.list()
    assert item.cause == "does not agree yet"
    assert "something was to be written each of 3 times in a row" in item.message


def test_a_look_without_progress_is_tried_again_and_is_no_question(world: World) -> None:
    """What was expected is not there yet: a stale read. One look, then later, until it is there."""
    sync = Walls(lambda unit: [] if unit.data.color == "there" else [LookAgain()])
    integration = world.integration(sync)
    integration.run()
    assert (sync.loads, state(integration)) == ([["1"]], [("1", "retrying")])
    assert "not there" in integration.attention.list()[0].message

    world.later(hours=1)
    sync.colors["1"] = "there"
    assert integration.attention.retry(everything=True) == 1
    integration.run()
    assert state(integration) == []


@pytest.mark.parametrize("when", ["at the look", "at the next effect"])
def test_the_program_ends_after_something_was_made(world: World, when: str) -> None:
    """The unit stays due. What is found done is not done again; the unit is loaded, once, and decided from that."""
    looks: list[str] = []

    def decide(unit: Unit[Color]) -> Sequence[Effect]:
        looks.append(unit.data.color)
        if unit.data.color == "raw":
            return [Build(unit.id), LookAgain()] if when == "at the look" else [Build(unit.id), Paint(unit.id, "raw")]
        # What is still named, though it is done, is not a reason to load it again and again.
        return [Build(unit.id), Paint(unit.id, "red")]

    def crash(_: object) -> None:
        raise Crash

    sync = Walls(decide, load=crash)
    ON_PAINT.append(crash)
    with pytest.raises(Crash):
        world.integration(sync).run()
    assert PAINTED == {"1": ["built"]}

    ON_PAINT.clear()
    world.later(minutes=1)
    again = Walls(decide, comes_up=False)
    again.colors["1"] = "built"
    report = world.integration(again).run()
    assert (looks, again.loads) == (["raw", "raw", "built"], [["1"]])
    assert (PAINTED, report.count("updated")) == ({"1": ["built", "red"]}, 1)


def test_held_after_something_was_made(world: World) -> None:
    """Reports count what was made, and that it was held; in one process and when it is told to people."""

    def decide(unit: Unit[Color]) -> Sequence[Effect] | Hold:
        return [Build(unit.id), LookAgain()] if unit.data.color == "raw" else Hold(f"{unit.id} is crooked")

    sync = Walls(decide, load=lambda ids: sync.colors.update(dict.fromkeys(ids, "built")))
    report = world.integration(sync).run()
    assert (report.count("held"), report.count("created")) == (1, 0)
    assert report.syncs["colors"].made == {"Build": 1}


def test_links_are_there_at_the_look(world: World) -> None:
    """What effects linked is committed before, under the unit's name: `apply` sees the pair. Both once and not."""
    pairs: list[Link | None] = []

    @attrs.frozen
    class Tie(Paint):
        def perform(self, clients: Clients) -> Done:
            super().perform(clients)
            return Done(links=[Link("walls", self.record, "-7", data={"tied": True})])

    class Tied(Walls):
        link_kind = "walls"

        def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[Color]]:
            return [attrs.evolve(unit, origin=RecordRef("zoey", unit.id)) for unit in super().load(ids, ctx)]

        def scan(self, since: Any, ctx: SyncContext) -> Iterable[Page[Color]]:  # type: ignore[override]
            yield Page(list(self.load(self.colors, ctx)), None)

    def decide(unit: Unit[Color]) -> Sequence[Effect]:
        pairs.append(unit.pair)
        return [] if unit.pair else [Tie(unit.id, "white"), LookAgain()]

    world.integration(Tied(decide)).run()
    assert pairs[0] is None
    assert pairs[1] is not None
    assert (pairs[1].netsuite_id, pairs[1].unit, pairs[1].data) == ("-7", "1", {"tied": True})


@pytest.mark.parametrize("dispatcher", [Inline(), Threads(2)], ids=["inline", "threads"])
def test_leases_are_kept_while_others_finish(world: World, dispatcher: Any) -> None:
    """Eight units take a minute each, and a lease lasts five: the first waits for its look all the while. Nobody else
    gets it, and those that are through are closed on the way.
    """
    seen: list[tuple[str, str]] = []

    def decide(unit: Unit[Color]) -> Sequence[Effect]:
        seen.append((unit.id, unit.data.color))
        effects: Sequence[Effect] = [Paint(unit.id, "white")]
        return [*effects, LookAgain()] if unit.data.color == "raw" and unit.id in ("0", "1") else effects

    def takes_long(record: str) -> None:
        world.later(minutes=1)
        if record == "8" and sync.colors["0"] == "raw":
            other.run()
            sync.colors |= {"0": "dry", "1": "dry"}

    sync = Walls(decide, *map(str, range(9)))
    other = world.integration(Walls(lambda unit: pytest.fail(f"{unit.id} was taken"), comes_up=False))
    ON_PAINT.append(takes_long)
    report = world.integration(sync, dispatcher=dispatcher, timing=Timing(lease=300, call=60)).run()

    assert sorted(seen) == sorted([*((str(n), "raw") for n in range(9)), ("0", "dry"), ("1", "dry")])
    assert report.count("updated") == 9
    assert not state(other)


def test_a_dry_run(world: World) -> None:
    """E4: it shows the first decision, and that it would look again; it does not look."""
    sync = Walls(lambda unit: [Build(unit.id), LookAgain()])
    report = world.integration(sync).run(dry_run=True)
    assert [plan.text for plan in report.planned] == ["build 1", "look again at what is there then, and decide anew"]
    assert "would look again" in str(report)
    assert (report.count("created"), PAINTED, sync.loads) == (1, {}, [])
    assert list(world.integration(sync).explain("colors", zoey_id="1").now) == [plan.text for plan in report.planned]


def test_what_follows_a_look_waits_for_it(world: World) -> None:
    """A subclass adds effects behind those of its base: they are performed once `apply` gives them after the look."""

    def decide(unit: Unit[Color]) -> Sequence[Effect]:
        base = [Paint(unit.id, "white"), LookAgain()] if unit.data.color == "raw" else []
        return [*base, Build(unit.id)]

    sync = Walls(decide)
    ON_PAINT.append(lambda record: sync.colors.update({record: "white"}))
    integration = world.integration(sync)
    dry = integration.run(dry_run=True)
    assert [type(plan.effect) for plan in dry.planned] == [Paint, LookAgain]
    integration.run()
    integration.run()
    assert PAINTED == {"1": ["white", "built"]}
    assert not state(integration)
