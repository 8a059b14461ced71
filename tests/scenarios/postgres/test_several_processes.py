"""Several processes on one integration: killed, stopped, and within one account's limit (E8, O1, O9)."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.order_workers import Where
    from support.postgres_server import PostgresServer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has"),
]


@pytest.mark.parametrize(("orders", "kills"), [(300, 3), pytest.param(2000, 10, marks=pytest.mark.proof_only)])
def test_one_is_killed_again_and_again(
    orders: int, kills: int, postgres: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """E8, O1, O9: one sales order and one e-mail for each order, and the account's limit is never exceeded."""
    from support.order_workers import OrderWorkers, until

    with OrderWorkers(postgres.dsn(), postgres.schema(), orders, limit=4, latency=0.02) as world:
        steady, killed = world.start(threads=4), world.start(threads=4)
        for number in range(1, kills + 1):
            until(lambda: world.made() >= number * world.orders / (kills + 2), f"kill {number}")  # noqa: B023
            killed.kill()
            killed.join()
            killed = world.start(threads=4)
        until(world.is_through, "everything is made")
        world.end(steady, killed)
        made, sent, told = world.made(), len(world.sent()), world.told()
        peak = world.sandbox.netsuite.concurrency.peak
        with capsys.disabled():
            print(f"\n{made} sales orders, asked for {sent} times; at most {peak} calls at once")
        assert made == world.orders
        assert set(told.values()) == {1}
        assert len(told) == world.orders
        assert sent <= world.orders + 4 * kills, "no more than what was under way when a process was killed"
        assert peak <= 4
        world.nothing_is_left()


@pytest.mark.parametrize("where", ["after the start", "before the call", "in the call", "after the answer"])
def test_one_sleeps_longer_than_its_lease(where: Where, postgres: PostgresServer, tmp_path: Path) -> None:
    """E8, O1: when it wakes up, another one has done its work; it makes nothing twice."""
    from support.order_workers import OrderWorkers, Stop, is_stopped, until

    with OrderWorkers(postgres.dsn(), postgres.schema(), 40) as world:
        sleeper = world.start(Stop(where, tmp_path / "stopped"), threads=1)
        until(lambda: is_stopped(sleeper), "it stops")
        other = world.start()
        until(world.is_through, "the other one has done everything")
        before = world.sent()
        os.kill(sleeper.pid or 0, signal.SIGCONT)
        until(lambda: not is_stopped(sleeper), "it wakes up")
        world.place_another()
        until(world.is_through, "both go on")
        world.end(sleeper, other)
        assert world.made() == world.orders
        assert set(world.told().values()) == {1}
        assert len(world.told()) == world.orders
        # what nobody could hold back any more is refused, as NetSuite takes an external id once; the other is new
        assert sorted(world.sent()[len(before) :]) == ([204, 400] if where == "in the call" else [204])
        world.nothing_is_left()
