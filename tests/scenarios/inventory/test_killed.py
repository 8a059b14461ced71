"""Killed at every step of an inventory run and started again: both sides agree, and hardly a write more (G4, I3)."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from support.killed import Program
from support.proof import Proof
from support.world import World

from zoey_netsuite import SQLiteStore
from zoey_netsuite.state.leases import Owner
from zoey_netsuite.state.store import Key
from zoey_netsuite.testing.steps import COMMIT, When

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has"),
]

BATCH = 100
"""Products that a bulk call takes."""

STEPS = 3
"""Steps that a batch takes a worker: it claims, writes and closes it."""

Shown = Mapping[str, tuple[Decimal, str]]
WHEN: Sequence[When] = get_args(When)


class Arena:
    """A merchant whose Zoey can be put back to how it was, and what a run that nobody disturbs makes of it.

    Args:
        known: the database that each run begins with; None begins with an empty one.
        workers: threads of each run, with a batch for each; those of one that is killed write at the same time.
    """

    def __init__(self, world: World, expected: Shown, known: Path | None = None, *, workers: int = 1) -> None:
        self.world = world
        self.expected = expected
        self.known = known
        self.workers = workers
        self.before = world.all_shown()
        assert self.before != expected, "a run would have nothing to do"
        self.steps = self.program("undisturbed")()
        self.writes = world.writes()
        assert world.all_shown() == expected

    @property
    def made(self) -> int:
        """Calls made since the case began."""
        return self.world.sandbox.netsuite.calls.total + self.world.sandbox.zoey.calls.total

    def program(self, case: str, kill_at: int | None = None, when: When = "before") -> Program:
        """A run on a database of its own, and everything as before."""
        database = self.world.folder / f"{case}.db"
        if self.known is not None and not database.exists():
            shutil.copyfile(self.known, database)
        put_back(self.world, self.before)
        self.world.reset_calls()
        return Program(self.world.environment, str(database), kill_at, when, self.workers, together=True)

    def kill(self, number: int, when: When) -> None:
        """Kill a run at a step and start it again, for which nobody has to wait.

        That one worker was killed where it should be shows in the calls that it had made.
        """
        case = f"killed {when} step {number} of {len(self.steps)}"
        program = self.program(f"{number}-{when}", number, when)
        assert program.is_killed(), f"it was not {case}"
        if self.workers == 1:
            until = self.steps[: number - (when == "before")]
            assert self.made == sum(not step.startswith(COMMIT) for step in until), case

        Program(program.environment, program.database, workers=self.workers)()

        written = self.world.writes()
        assert self.world.all_shown() == self.expected, case
        assert written <= self.writes + self.workers, case
        Program(program.environment, program.database)()
        assert self.world.writes() == written, f"{case}: a third run had something to write"
        assert _left(program.database) == [], case


def _left(database: str) -> list[Key]:
    """What is left on the work list, and the leases that somebody alive holds."""
    with SQLiteStore(database) as store:
        entries = [entry for part in ("work", "due", "attention") for entry in store.scan(("acme", part))]
        leases = store.scan(("acme", "lease"))
    owners = {key: entry.value["owner"] for key, entry in leases}
    held = [key for key, owner in owners.items() if owner is not None and not Owner.from_json(owner).is_dead()]
    return [*(key for key, _ in entries), *held]


def put_back(world: World, shown: Shown) -> None:
    """Let Zoey show what it did."""
    with world.sandbox.zoey.acting() as app:
        for product, (quantity, mark) in shown.items():
            app.set_stock(product, qty=str(quantity), is_in_stock=int(mark == "True"))


@pytest.fixture
def many(tmp_path: Path) -> Iterator[World]:
    """A merchant with more products than a bulk call takes, each with another quantity, none of which Zoey shows."""
    with World(tmp_path, products=120, real_time=True) as world:
        for item in range(1, 121):
            world.set_netsuite(item, item, item, item)
        yield world


def in_stock(quantity: Callable[[int], int], products: int = 120) -> dict[str, tuple[Decimal, str]]:
    """What Zoey should show, given the quantity of each item."""
    return {str(100 + item): (Decimal(quantity(item)).normalize(), "True") for item in range(1, products + 1)}


def at_each_step(name: str, arena: Arena, proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
    """Kill it before the first step, and after each."""
    places: list[tuple[int, When]] = [(1, "before"), *((number, "after") for number in range(1, len(arena.steps) + 1))]
    chosen = proof.share.of_cases(places, lambda place: (name, *place))
    for number, when in chosen:
        arena.kill(number, when)
    with capsys.disabled():
        print(f"\n{name} killed {len(chosen)} times at {len(arena.steps)} steps: both sides agreed")


def test_first_run_killed_at_each_step(many: World, proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
    """G4: at most one batch is written again, and nobody waits for the dead worker's lease to end."""
    arena = Arena(many, in_stock(lambda item: 3 * item))
    assert arena.writes == 2
    at_each_step("first run", arena, proof, capsys)


def test_later_run_killed_at_each_step(many: World, proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
    """G4, I2: with products known, one that is new, new quantities, and orders that NetSuite has and has not yet."""
    known = many.folder / "known.db"
    Program(many.environment, str(known))()
    for item in [*range(1, 110), *range(111, 121)]:
        many.set_netsuite(item, item, item, item + 5)
    with many.sandbox.netsuite.acting() as app:
        app.seed(
            {
                "inventoryItem": [{"id": 121, "itemId": "NEW"}],
                "stock": [{"item": 121, "quantityavailable": 9, "location": 1}],
            }
        )
    many.sandbox.zoey.seed({"products": [{"entity_id": 221, "sku": "NEW", "netsuite_id": "121", "qty": 0}]})
    with many.sandbox.zoey.acting() as app:
        app.place_order([{"product_id": 205, "qty": 2}], customer_email="a@example.com")
        app.place_order([{"product_id": 210, "qty": 4}], customer_email="b@example.com", netsuite_order="1")
    special = {105: 3 * 105 + 5 - 2, 110: 3 * 110, 121: 9}
    arena = Arena(many, in_stock(lambda item: special.get(item, 3 * item + 5), 121), known)
    assert arena.writes == 2
    at_each_step("later run", arena, proof, capsys)


def test_several_workers_killed_at_each_step_of_their_work(
    tmp_path: Path, proof: Proof, capsys: pytest.CaptureFixture[str]
) -> None:
    """G4, E8: four threads, each with a batch; at most one batch each is written again.

    Which thread takes which step is left to chance.
    """
    workers = 4
    with World(tmp_path, products=workers * BATCH, real_time=True) as world:
        known, copy = tmp_path / "known.db", tmp_path / "copy.db"
        Program(world.environment, str(known))()
        for item in range(1, workers * BATCH + 1):
            world.set_netsuite(item, item, item, item)
        shutil.copyfile(known, copy)
        before = world.all_shown()
        # Threads may find more to commit than one worker does, never less: when they get in each other's way.
        least = len(Program(world.environment, str(copy))())
        put_back(world, before)
        arena = Arena(world, in_stock(lambda item: 3 * item, workers * BATCH), known, workers=workers)

        cases = [(number, when) for number in range(least - workers * STEPS + 1, least + 1) for when in WHEN]
        chosen = proof.share.of_cases(cases, lambda case: ("four threads", *case))
        for number, when in chosen:
            arena.kill(number, when)

    assert arena.writes == workers
    with capsys.disabled():
        print(
            f"\n{workers} threads killed {len(chosen)} times in their last {workers * STEPS} steps: both sides agreed"
        )
