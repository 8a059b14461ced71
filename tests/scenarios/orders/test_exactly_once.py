"""Killed at each step, and each call meets each fault: there is one sales order for each order (O1, G4)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from typing import Any

import pytest
from support.order_scenario import scenario
from support.proof import Proof

from zoey_netsuite.testing.harness import KINDS, CaseKind, Harness
from zoey_netsuite.testing.scenario import Scenario

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has"),
]


@pytest.fixture
def proved(proof: Proof, capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    def prove(orders: int, what: Scenario, kinds: Collection[CaseKind] = KINDS, **options: Any) -> None:
        with Harness(what, faults=proof.faults, **options) as harness:
            result = harness.run(kinds, share=proof.share)
            made = harness.sandbox.netsuite.app.count("salesOrder")
        with capsys.disabled():
            print(f"\n{what.name}: {result}")
        result.raise_for_failures()
        assert made == orders

    return prove


def test_an_order(proved: Callable[..., None]) -> None:
    """O1, O3, O5, O9: lines, custom fields, the number written back."""
    proved(1, scenario(1, name="one order"))


def test_an_order_whose_process_gets_sigkill(proved: Callable[..., None]) -> None:
    """O1, G4: with state in SQLite, and both systems reached over HTTP."""
    proved(1, scenario(1, name="one order, SIGKILL"), ["kill"], processes="forkserver")


def test_an_order_that_is_released_after_the_check(proved: Callable[..., None]) -> None:
    """O1, O4: made in pending approval, compared, then released."""
    proved(1, scenario(1, release=True, name="one order, released"))


def test_twenty_orders_as_one_batch(proved: Callable[..., None]) -> None:
    """O1: an asynchronous job makes them; what is lost of it is looked for."""
    proved(20, scenario(20, "batch", name="twenty orders as one batch"))
