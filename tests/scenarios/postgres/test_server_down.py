"""The database goes down in the middle of a run: it ends well or says so, and the next one completes (G4, E7)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from attrs import define, field
from support.trade import Trade

from zoey_netsuite import HttpxTransport, Integration, InventorySync, PostgresStore, StateStore, Threads
from zoey_netsuite.http.operation import Request, Response

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer

ORDERS = 6
PATIENCE = 60.0


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """One that may be stopped."""
    pytest.importorskip("psycopg")
    from support.postgres_server import PostgresServer as Server

    with Server() as made:
        yield made


@define
class Watched:
    """A transport on which something happens before a call is made, or after it, once."""

    is_it: Callable[[Request], bool]
    what: Callable[[], None]
    after: bool = False
    met: bool = False
    inner: HttpxTransport = field(factory=HttpxTransport)
    lock: threading.Lock = field(factory=threading.Lock)

    def send(self, request: Request) -> Response:
        with self.lock:
            now = not self.met and self.is_it(request)
            self.met = self.met or now
        if now and not self.after:
            self.what()
        response = self.inner.send(request)
        if now and self.after:
            self.what()
        return response

    def close(self) -> None:
        self.inner.close()


@define
class Outage:
    """The server ends as in a crash, and is started again some seconds later."""

    server: PostgresServer
    seconds: float
    restarting: threading.Timer | None = None

    def __call__(self) -> None:
        self.server.stop()
        self.restarting = threading.Timer(self.seconds, self.server.start)
        self.restarting.start()

    def end(self) -> None:
        """Wait until it is over."""
        assert self.restarting is not None, "the run never came to the call at which it should begin"
        self.restarting.join(PATIENCE)


def makes_an_order(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/salesOrder")


def sets_stock(request: Request) -> bool:
    return request.method == "PUT" and "stock" in request.url


def integration(trade: Trade, store: StateStore, outage: Watched | None = None) -> Integration:
    """Orders and stock, by four threads."""
    options = {}
    if outage is not None:
        orders = outage.is_it is makes_an_order
        options = {"erp": trade.netsuite(transport=outage)} if orders else {"shop": trade.zoey(transport=outage)}
    return trade.orders(InventorySync(reserve_pending=True), store=store, dispatcher=Threads(4), **options)


def check_nothing_is_lost_or_doubled(trade: Trade, store: StateStore, orders: list[str]) -> None:
    with trade.sandbox.netsuite.acting() as app:
        assert app.count("salesOrder") == len(orders)
    made = trade.sales_orders()
    links = {key[-1]: entry.value["netsuite"] for key, entry in store.scan(("acme", "link", "orders", "zoey"))}
    assert links == {order: made[f"acme-order-{order}"]["id"] for order in orders}
    for order in orders:
        assert trade.number_shown(order) == made[f"acme-order-{order}"]["tranId"]
    # NetSuite commits nothing to orders without a location: what they hold of 101 is held back.
    held = sum(range(1, ORDERS + 1))
    assert [trade.shown(100 + item) for item in range(1, 9)] == [Decimal(30 - held), *[Decimal(30)] * 7]


@pytest.mark.parametrize("is_it", [makes_an_order, sets_stock])
@pytest.mark.parametrize("after", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize(
    ("seconds", "timeout"), [(1.0, 30.0), (2.0, 0.5)], ids=["shorter than the timeout", "longer than the timeout"]
)
def test_database_away_in_mid_run(
    trade: Trade, server: PostgresServer, is_it: Callable[[Request], bool], after: bool, seconds: float, timeout: float
) -> None:
    """O1, I2: the server crashes while orders or stock are written, and comes back: nothing is doubled or lost."""
    play(trade, server, Watched(is_it, outage := Outage(server, seconds), after), outage, timeout)


@pytest.mark.slow
def test_database_away_for_twenty_seconds(trade: Trade, server: PostgresServer) -> None:
    """O1, I2: the same, as long as a server takes that is moved to another machine."""
    play(trade, server, Watched(makes_an_order, outage := Outage(server, 20.0)), outage, timeout=5.0)


def play(trade: Trade, server: PostgresServer, watched: Watched, outage: Outage, timeout: float) -> None:
    orders = [trade.place((101, number + 1)) for number in range(ORDERS)]
    with PostgresStore(server.dsn(), timeout=timeout, clock=trade.clock) as store:
        report = integration(trade, store, watched).run()
        outage.end()
        if outage.seconds > timeout:
            assert report.failure is not None
        if report.failure is not None:
            assert (report.failure.system, report.failure.cause) == ("store", "store")
            assert "Once the state store works again, runs go on by themselves" in str(report.failure)
            trade.later(minutes=6)  # a lease that could not be given back has ended then
            integration(trade, store).run().raise_for_failure()
            trade.later(minutes=6)  # by then a write of unknown outcome has settled
        report = integration(trade, store).run()
        report.raise_for_failure()
        assert not integration(trade, store).attention.list()
        check_nothing_is_lost_or_doubled(trade, store, orders)
        writes = trade.writes()
        trade.later(hours=1)
        integration(trade, store).run().raise_for_failure()
        assert trade.writes() == writes
