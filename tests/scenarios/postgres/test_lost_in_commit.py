"""The connection to PostgreSQL is lost in each COMMIT of a run, made or not: one sales order each (O1, G4, E7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from support.proof import Proof
from support.trade import Trade

from zoey_netsuite import Integration, InventorySync, PostgresStore, Report, StoreOutcomeUnknown

if TYPE_CHECKING:
    from support.postgres_proxy import CuttingProxy
    from support.postgres_server import PostgresServer

ORDERS = 3


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[CuttingProxy]:
    from support.postgres_proxy import CuttingProxy

    with CuttingProxy(Path(postgres.folder, f".s.PGSQL.{postgres.port}")) as made:
        yield made


class Round:
    """New orders, a store that knows nothing yet, and the integration that carries them and sets stock."""

    def __init__(self, trade: Trade, postgres: PostgresServer, proxy: CuttingProxy) -> None:
        self.trade = trade
        self.postgres = postgres
        trade.later(hours=1)
        self.start_at = trade.clock.now() - timedelta(minutes=1)
        self.orders = [trade.place((101, number + 1), (102, 1)) for number in range(ORDERS)]
        for item in range(1, 9):
            trade.set_netsuite(item, *[100 * item] * 3)
            trade.set_zoey(100 + item, 0)
        dsn = f"postgresql://postgres:{postgres.password}@127.0.0.1:{proxy.port}/postgres"
        self.store = PostgresStore(dsn, postgres.schema(), clock=trade.clock, timeout=5)

    def integration(self) -> Integration:
        sync = self.trade.order_sync(start_at=self.start_at)
        return self.trade.orders(InventorySync(reserve_pending=True), sync=sync, store=self.store)

    def until_all_is_done(self) -> Report:
        for _ in range(6):
            self.trade.later(minutes=6)
            integration = self.integration()
            report = integration.run()
            report.raise_for_failure()
            if not integration.attention.list() and not any(report.count(what) for what in ("created", "updated")):
                return report
        raise AssertionError(f"it never comes to rest: {report}")

    def check(self, case: str) -> None:
        """One sales order each, the link leads to it, and both sides agree."""
        made: dict[str, list[str]] = {order: [] for order in self.orders}
        with self.trade.sandbox.netsuite.acting() as app:
            rows = app.database.connection.execute("SELECT id, externalid FROM \"transaction\" WHERE type = 'SalesOrd'")
            for number, external in rows.fetchall():
                if (order := str(external).removeprefix("acme-order-")) in made:
                    made[order].append(str(number))
        links = {key[-1]: entry.value["netsuite"] for key, entry in self.store.scan(("acme", "link", "orders", "zoey"))}
        for order in self.orders:
            assert len(made[order]) == 1, f"{case}: order {order} became {made[order]}"
            assert links[order] == made[order][0], case
            assert self.trade.number_shown(order) == self.trade.sales_order(order)["tranId"], case
        # Earlier rounds' orders may be linked, too, where a scan finds what is theirs: but to nothing else.
        everything = self.trade.sales_orders()
        assert links == {order: everything[f"acme-order-{order}"]["id"] for order in links}, case
        # NetSuite commits nothing to orders without a location: 101 and 102 are held back for all that are linked.
        held = [6 * len(links) // ORDERS, len(links)]
        available = [Decimal(300 * item) for item in range(1, 9)]
        expected = [quantity - wanted for quantity, wanted in zip(available, [*held, *[0] * 6], strict=True)]
        assert [self.trade.shown(100 + item) for item in range(1, 9)] == expected, case


@pytest.mark.parametrize("lost", ["made", "not made"])
def test_at_each_commit(trade: Trade, postgres: PostgresServer, proxy: CuttingProxy, lost: Any, proof: Proof) -> None:
    """O1, O9, I2: the run ends well or names the store as what failed; the next ones complete, nothing doubled."""

    def carried(at: int) -> int:
        """Lose the connection in this commit, and say how many there were."""
        attempt = Round(trade, postgres, proxy)
        with attempt.store:
            proxy.cut(at, lost)
            report = attempt.integration().run()
            commits = proxy.commits
            if report.failure is not None:
                assert at
                assert (report.failure.system, report.failure.cause) == ("store", "store"), f"{lost}, commit {at}"
                assert isinstance(report.failure.__cause__, StoreOutcomeUnknown)
            proxy.cut(0, lost)
            attempt.until_all_is_done()
            attempt.check(f"{lost}, commit {at}")
        return commits

    commits = carried(0)
    assert commits >= 15
    for at in proof.share.of_cases(range(1, commits + 1), lambda at: ("commit lost", lost, at)):
        assert carried(at) >= at, "the run never came to this commit"


def test_the_proxy_loses_what_it_should(postgres: PostgresServer, proxy: CuttingProxy) -> None:
    """That is: in one of the two ways the commit lasts, in the other it does not."""
    from support.postgres_hands import puts, values
    from support.postgres_proxy import Lost

    dsn = f"postgresql://postgres:{postgres.password}@127.0.0.1:{proxy.port}/postgres"
    with PostgresStore(dsn, postgres.schema(), timeout=5) as store:
        for lost in get_args(Lost):
            proxy.cut(2, lost)
            store.commit(puts(f"before {lost}"))
            with pytest.raises(StoreOutcomeUnknown):
                store.commit(puts(lost))
        assert set(values(store)) == {("before made",), ("made",), ("before not made",)}
