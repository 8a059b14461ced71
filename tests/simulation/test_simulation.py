"""Some histories are tried each time, more by `nox -s proof`, and by `nox -s simulate` as many as there is time for
(O1, I2, G4, E8).
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.proof import Proof

from simulation.histories import History, history
from simulation.merchant import Grounds, Setting
from simulation.people import Buy
from simulation.planted import PLANTED
from zoey_netsuite.testing.events import Go

pytestmark = pytest.mark.slow

SEEDS, MORE, AT_ONCE = 300, 1800, 150

CAUGHT_BY = {
    "forgets_to_look": (11, "commented twice"),
    "does_not_wait": (2, "commented twice"),
    "moves_the_cursor_first": (245, "order lost"),
    "sells_twice": (16, "offered too much"),
    "looks_before_it_waits": (4566, "commented twice"),
}
"""For each bug that is planted, the first history that shows it, and as what."""


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    made = Grounds.made(tmp_path_factory.mktemp("stores"))
    yield made
    made.sandbox.close()


@pytest.mark.parametrize(
    "first",
    [
        *range(0, SEEDS, AT_ONCE),
        *(pytest.param(first, marks=pytest.mark.proof_only) for first in range(SEEDS, MORE, AT_ONCE)),
    ],
)
def test_every_history_ends_well(first: int, grounds: Grounds, proof: Proof) -> None:
    """O1, O9, I2, G4, G7, E8: nothing twice, nothing lost, nothing sold that is not there, and both sides agree."""
    for seed in proof.share.of_cases(range(first, first + AT_ONCE), lambda seed: ("histories", seed)):
        tried = history(seed)
        problems = tried.problems(grounds)
        if problems:
            shortest = tried.shrunk(grounds)
            pytest.fail(f"seed {seed}: {problems[0]}\n{shortest.told()}\n{shortest.problems(grounds)[0]}")
    assert threading.active_count() < 20


def test_a_history_is_always_the_same(grounds: Grounds, tmp_path: Path) -> None:
    """A seed replays exactly, in this process and in another one that orders its sets otherwise."""
    script = tmp_path / "trace.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\n"
        "from simulation.histories import history\nfrom simulation.merchant import Grounds\n"
        "grounds, trace = Grounds.made(Path(sys.argv[1])), []\n"
        "for seed in range(20, 24):\n    history(seed).problems(grounds, trace)\n"
        "print(*trace, sep='\\n')\n"
    )
    first: list[str] = []
    again: list[str] = []
    for trace in (first, again):
        for seed in range(20, 24):
            history(seed).problems(grounds, trace)
    assert first == again
    assert sum(": POST" in line for line in first) > 20
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7"}
    elsewhere = subprocess.run(
        [sys.executable, script, tmp_path], capture_output=True, text=True, check=True, env=environment
    )
    assert elsewhere.stdout.splitlines() == first


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: str, grounds: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    seed, shown = CAUGHT_BY[bug]
    assert not history(seed).problems(grounds)
    with monkeypatch.context() as patch:
        PLANTED[bug](patch)
        problems = history(seed).problems(grounds)
    assert problems[0].startswith(f"{shown}:")
    assert not history(seed).problems(grounds)


def test_a_failing_history_is_told_as_short_as_it_can_be(grounds: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED["sells_twice"](monkeypatch)
    shortest = history(CAUGHT_BY["sells_twice"][0]).shrunk(grounds)
    assert len(shortest.events) <= 4
    assert "Buy(" in shortest.told()


def test_an_order_in_a_quiet_world(grounds: Grounds) -> None:
    """The invariants see what they are to see: one order, carried and shown."""
    trace: list[str] = []
    assert not History(Setting(), [Buy(1, 101, 2), Go(0)]).problems(grounds, trace)
    assert trace[0] == "Buy(customer=1, product=101, quantity=2)"
    assert any("POST /services/rest/record/v1/salesOrder: 204" in line for line in trace)
