"""Killed at each step, and each commit gone wrong, with state in PostgreSQL: one sales order each (O1, G4, E7)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from support.order_scenario import scenario
from support.proof import Proof

from zoey_netsuite.testing.harness import Harness

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has"),
]


def test_two_orders(postgres: PostgresServer, proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
    """O1, O9: by SIGKILL, and with a second worker before each step. Faults of calls do not depend on the store."""
    from support.postgres_cases import stores

    what = scenario(2, store=stores(postgres.dsn()), name="two orders, state in PostgreSQL")
    with Harness(what, processes="forkserver") as harness:
        result = harness.run(["repeat", "kill", "store", "workers"], share=proof.share)
        made = harness.sandbox.netsuite.app.count("salesOrder")
    with capsys.disabled():
        print(f"\n{what.name}: {result}")
    result.raise_for_failures()
    assert made == 2
