"""A large catalogue, five hundred items of which have changed: what a run costs in calls and memory (I3)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from zoey_netsuite import ZoeyClient, zoey
from zoey_netsuite.sandbox import RemoteSandbox
from zoey_netsuite.zoey import gteq

CHANGED = 500
LOCATIONS = (1, 2, 3)
ABOVE_ALL = 5000
"""More than the samples have of any item, over all locations."""

TESTS = Path(__file__).parents[2]


@frozen
class Cost:
    """What a run needed, as both sandboxed systems counted it and the process itself reported."""

    netsuite_reads: int
    netsuite_writes: int
    zoey_reads: int
    zoey_writes: int
    scanned: int
    updated: int
    peak_mb: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.netsuite_reads} NetSuite reads, {self.zoey_reads} Zoey reads, {self.zoey_writes} Zoey writes for"
            f" {self.updated} products; peak memory {self.peak_mb:.1f} MB, {self.seconds:.1f} s"
        )


def run(sandbox: RemoteSandbox, database: Path) -> Cost:
    """Run in a process that does nothing else."""
    for system in (sandbox.netsuite, sandbox.zoey):
        system.calls.reset()
    finished = subprocess.run(
        [sys.executable, "-m", "support.measured", str(database)],
        env={**os.environ, **sandbox.environment(), "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    said: Mapping[str, Any] = json.loads(finished.stdout)
    erp, shop = sandbox.netsuite.calls, sandbox.zoey.calls
    cost = Cost(
        erp.reads,
        erp.writes,
        shop.reads,
        shop.writes,
        said["scanned"],
        said["updated"],
        said["peak_mb"],
        said["seconds"],
    )
    assert erp.total == cost.netsuite_reads + cost.netsuite_writes
    assert shop.total == cost.zoey_reads + cost.zoey_writes
    return cost


def count_anew(sandbox: RemoteSandbox, items: int) -> None:
    """Five hundred items all over the catalogue get a quantity that no other has: 5001, 5002 …."""
    changed = range(1001, 1001 + items, items // CHANGED)
    sandbox.netsuite.seed(
        {
            "stock": [
                {
                    "item": str(item),
                    "location": str(location),
                    "quantityavailable": ABOVE_ALL + number if location == 1 else 0,
                }
                for number, item in enumerate(changed, start=1)
                for location in LOCATIONS
            ]
        }
    )


def shown_anew(sandbox: RemoteSandbox) -> dict[str, int]:
    """What Zoey now shows of products of which there are more than there were of any."""
    access = sandbox.environment()
    auth = zoey.OAuth1Auth(
        access["ZOEY_CONSUMER_KEY"], access["ZOEY_CONSUMER_SECRET"], access["ZOEY_TOKEN"], access["ZOEY_TOKEN_SECRET"]
    )
    with ZoeyClient(access["ZOEY_URL"], auth) as shop:
        return {item.product_id or "": int(item.qty or 0) for item in shop.stock.list(qty=gteq(ABOVE_ALL))}


def learn_and_run(items: int, folder: Path) -> tuple[Cost, Cost]:
    """A catalogue that a first run learns; then some items change, and a second run brings them across."""
    database = folder / f"{items}.db"
    with RemoteSandbox(options=["--no-quotas"]) as sandbox:
        sandbox.sample("inventory", items=items, locations=len(LOCATIONS))
        first = run(sandbox, database)
        assert (first.scanned, first.updated) == (items, 0)
        assert shown_anew(sandbox) == {}
        count_anew(sandbox, items)

        second = run(sandbox, database)

        step = items // CHANGED
        expected = {str(1 + step * (number - 1)): ABOVE_ALL + number for number in range(1, CHANGED + 1)}
        assert shown_anew(sandbox) == expected
        assert (second.scanned, second.updated) == (items, CHANGED)
    return first, second


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells the peak of memory in other ways")
@pytest.mark.parametrize("items", [20_000, pytest.param(100_000, marks=pytest.mark.proof_only)])
def test_a_large_catalogue(
    items: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """I3: a read of NetSuite for 1,000 items, 5 bulk writes, and memory that does not grow with the catalogue."""
    # What is measured is the library, not the library under a tool that measures coverage.
    for name in [name for name in os.environ if name.startswith("COVERAGE")]:
        monkeypatch.delenv(name)
    fewer = items // 10
    few_first, few = learn_and_run(fewer, tmp_path)
    many_first, many = learn_and_run(items, tmp_path)

    with capsys.disabled():
        print()
        for count, first, second in ((fewer, few_first, few), (items, many_first, many)):
            print(f"{count:,} items in 3 locations, all new: {first}")
            print(f"{count:,} items in 3 locations, {CHANGED} changed: {second}")
    assert many.netsuite_reads <= items / 1000 + 5
    assert many.zoey_writes <= 10
    assert many.netsuite_writes == 0
    assert many.zoey_reads <= 10
    for less, more in ((few, many), (few_first, many_first)):
        assert more.peak_mb < 150
        assert more.peak_mb <= 1.2 * less.peak_mb
