"""A backup of the database is restored: `rebuild` finds what was done since then; nothing is done twice (O1, E7)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.trade import Trade

from zoey_netsuite import PostgresStore, Put

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer


def run_client(server: PostgresServer, program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, as the guide has it."""
    from support.postgres_server import find_programs

    path = Path(find_programs(), "bin", program)
    if not path.exists():
        pytest.skip(f"no {program} here")
    environment = {**os.environ, "PGPASSWORD": server.password}
    done = subprocess.run([path, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_was_done_after_the_backup_is_not_done_again(
    trade: Trade, postgres: PostgresServer, tmp_path: Path
) -> None:
    """O1, O9: one sales order each; an order that was dismissed meanwhile is held, and no version comes back."""
    url, other = postgres.url(postgres.database()), postgres.url(postgres.database())
    dump = str(tmp_path / "state.dump")
    with PostgresStore(url, clock=trade.clock) as store:
        trade.place((101, 1))
        trade.orders(store=store).run().raise_for_failure()
        given = [entry.version for _, entry in store.scan(())]
        run_client(postgres, "pg_dump", "--schema=zoey_netsuite", "--format=custom", f"--file={dump}", url)
        trade.later(hours=1)
        trade.place((102, 2))
        unmapped = trade.place((103, 3), order_currency_code="EUR")
        integration = trade.orders(store=store)
        integration.run().raise_for_failure()
        (item,) = integration.attention.list()
        assert item.unit_id == unmapped
        integration.attention.dismiss(item)
    before = trade.sales_orders()
    assert len(before) == 2
    trade.later(hours=1)
    run_client(postgres, "pg_restore", f"--dbname={other}", dump)
    with PostgresStore(other, clock=trade.clock) as store:
        integration = trade.orders(store=store)
        assert integration.rebuild() == {"orders": 2}
        assert len(store.scan(("acme", "link", "orders", "zoey"))) == 2
        assert store.commit([Put(("other", "key"), 1)])[("other", "key")] > max(given)
        trade.reset_calls()
        integration.run().raise_for_failure()
        assert trade.sandbox.netsuite.calls.writes == 0
        assert trade.sales_orders() == before
        (item,) = integration.attention.list()
        assert item.unit_id == unmapped
        assert "was placed before the state store was lost" in item.message
