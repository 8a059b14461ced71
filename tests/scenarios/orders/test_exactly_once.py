"""Killed at each step, and each call meets each fault: there is one sales order for each order (O1, G4)."""

from __future__ import annotations

import sys

import pytest
from support.order_scenario import scenario

from zoey_netsuite.testing.harness import Harness
from zoey_netsuite.testing.scenario import Scenario

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has"),
]


def proved(name: str, what: Scenario, orders: int, capsys: pytest.CaptureFixture[str]) -> None:
    with Harness(what) as harness:
        result = harness.run()
        made = harness.sandbox.netsuite.app.count("salesOrder")
    with capsys.disabled():
        print(f"\n{name}: {result}")
    result.raise_for_failures()
    assert made == orders


def test_an_order(capsys: pytest.CaptureFixture[str]) -> None:
    """O1, O3, O5, O9: lines, custom fields, the number written back."""
    proved("one order", scenario(1), 1, capsys)


def test_an_order_that_is_released_after_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    """O1, O4: made in pending approval, compared, then released."""
    proved("one order, released", scenario(1, release=True), 1, capsys)


def test_twenty_orders_as_one_batch(capsys: pytest.CaptureFixture[str]) -> None:
    """O1: an asynchronous job makes them; what is lost of it is looked for."""
    proved("twenty orders as one batch", scenario(20, "batch"), 20, capsys)
