"""Whatever goes wrong on any call of an inventory run: both sides agree in the end, and nothing is lost (G4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.proof import Proof
from support.world import World

from zoey_netsuite import NetSuiteClient, Report, SQLiteStore, ZoeyClient
from zoey_netsuite.sandbox import Fault
from zoey_netsuite.testing.scenario import FAULTS

CUT_OFF = {"cut off": Fault("truncated", when="after", closed=True)}
"""What an answer over a real connection can be, too."""

LASTING = ("429", "500 before", "500 after", "html", "token revoked")

Shown = Mapping[str, tuple[Decimal, str]]


class Arena:
    """One pair of systems on which the same run is made again and again, each with a fault elsewhere."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.erp: NetSuiteClient = world.netsuite(timeout=0.3)
        self.shop: ZoeyClient = world.zoey(timeout=0.3)
        self.runs = 0
        self.start_over()
        assert self.run().failure is None
        self.expected = world.all_shown()
        assert len({shown for shown, _ in self.expected.values()}) > 1
        self.calls = {
            "netsuite": world.sandbox.netsuite.calls.total,
            "zoey": world.sandbox.zoey.calls.total - 2,  # all_shown's own two pages
        }

    def start_over(self) -> None:
        """Everything as before the first run."""
        for system in (self.world.sandbox.netsuite, self.world.sandbox.zoey):
            system.faults.clear()
        with self.world.sandbox.netsuite.acting() as app:
            for item in (1, 60, 120):
                app.set_stock(item, 1, item)
        with self.world.sandbox.zoey.acting() as app:
            for product in range(101, 221):
                app.set_stock(product, qty=0, is_in_stock=0)
        self.runs += 1
        self.store = SQLiteStore(self.world.folder / f"{self.runs}.db", clock=self.world.clock)
        self.erp.close()
        self.shop.close()
        self.erp, self.shop = self.world.netsuite(timeout=0.3), self.world.zoey(timeout=0.3)
        self.integration = self.world.integration(store=self.store, erp=self.erp, shop=self.shop)
        self.world.reset_calls()

    def run(self) -> Report:
        return self.integration.run()

    def until_all_is_done(self) -> None:
        """Runs until nothing waits any more; each must end well now."""
        for _ in range(6):
            report = self.run()
            report.raise_for_failure()
            if not report.count("updated") and not self.integration.attention.list():
                return
            self.world.later(minutes=5)
        raise AssertionError(f"it never comes to rest: {report}")


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    folder: Path = tmp_path_factory.mktemp("faults")
    with World(folder, products=120) as world:
        yield Arena(world)


def places(arena: Arena, proof: Proof, how: str, names: Iterable[str]) -> list[tuple[str, str, int]]:
    """Which fault, which system, which of its calls: those of this run."""
    cases = [
        (name, system, number)
        for name in names
        for system, count in arena.calls.items()
        for number in range(1, count + 1)
    ]
    return proof.share.of_cases(cases, lambda case: (f"stock, {how} fault", *case))


def test_one_fault_on_each_call(arena: Arena, proof: Proof) -> None:
    """A passing fault: the run, or the next one, ends in the same state."""
    faults = {**proof.faults, **CUT_OFF}
    for name, system, number in places(arena, proof, "passing", faults):
        arena.start_over()
        side: Any = getattr(arena.world.sandbox, system)
        side.faults.on_call(number, faults[name])

        report = arena.run()

        where = f"{name} on call {number} to {system}"
        if report.failure is not None:
            assert report.failure.system == system, where
        arena.until_all_is_done()
        assert arena.world.all_shown() == arena.expected, where


def test_a_fault_that_stays(arena: Arena, proof: Proof) -> None:
    """A lasting fault: a SystemFailure that says which system and why, no place lost, and one alert."""
    causes = {"429": "quota", "token revoked": "credentials"}
    for name, system, number in places(arena, proof, "lasting", LASTING):
        arena.start_over()
        side: Any = getattr(arena.world.sandbox, system)
        fault = FAULTS[name]
        side.faults.add(Fault(fault.kind, when=fault.when, status=fault.status, skip=number - 1, times=None))

        report = arena.run()

        where = f"{name} from call {number} to {system}"
        assert report.failure is not None, where
        assert (report.failure.system, report.failure.cause) == (system, causes.get(name, "outage")), where
        assert report.failure.remedy in str(report.failure), where
        side.faults.clear()
        arena.until_all_is_done()
        assert arena.world.all_shown() == arena.expected, where
