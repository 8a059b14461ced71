"""The merchant whose histories are tried: orders, stock that is kept back for them, and warranties as comments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Literal

from attrs import field, frozen
from support.order_scenario import records
from support.trade import ATTRIBUTES
from support.warranties import WarrantySync

from zoey_netsuite import (
    Clock,
    Guard,
    Inline,
    Integration,
    InventorySync,
    MemoryStore,
    NetSuiteClient,
    OrderMapper,
    OrderSync,
    SQLiteStore,
    StateStore,
    Table,
    Timing,
    ZoeyClient,
    constant,
)
from zoey_netsuite.sandbox import Sandbox, ZoeySettings
from zoey_netsuite.testing.scenario import connect
from zoey_netsuite.testing.simulation import Simulation

STALE_AFTER = 60.0

PRODUCTS = (101, 102, 103, 104)

STARTS = {
    "winter": datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    "clocks go forward": datetime(2026, 3, 8, 9, 40, tzinfo=UTC),
    "clocks go back": datetime(2026, 11, 1, 8, 40, tzinfo=UTC),
}
"""When a history begins; NetSuite's account is in Los Angeles, whose clock changes twenty minutes after the others."""


@frozen
class Setting:
    """What is so from the beginning.

    Attributes:
        start: when it begins.
        store: which store keeps the state.
        create: how orders are sent.
        pending: whether they begin in pending approval.
        relist: whether each run reads all products and stock items.
        ahead: how far the clocks of the two machines are ahead, in seconds.
    """

    start: str = "winter"
    store: Literal["memory", "sqlite"] = "memory"
    create: Literal["single", "batch"] = "single"
    pending: bool = False
    relist: bool = True
    ahead: tuple[float, float] = (0.0, 0.0)


def build(setting: Setting, erp: NetSuiteClient, shop: ZoeyClient, store: StateStore, clock: Clock) -> Integration:
    """What is tried."""
    orders = OrderSync(
        start_at=STARTS[setting.start] - timedelta(days=1),
        mapper=OrderMapper(currencies=Table({"USD": "1"}), fields=[constant("location", "1")]),
        initial_status="pending_approval" if setting.pending else None,
        create=setting.create,
    )
    stock = InventorySync(relist=timedelta(0) if setting.relist else timedelta(days=3))
    return Integration(
        "acme",
        erp,
        shop,
        store,
        [orders, stock, WarrantySync()],
        guards=[Guard("zero_stock", max_share=0.3, min_count=1)],
        timing=Timing(stale_after=STALE_AFTER),
        dispatcher=Inline(),
        clock=clock,
    )


@frozen
class Grounds:
    """A sandbox that is put back for each history: making one takes longer than most histories."""

    sandbox: Sandbox
    begun: Any
    folder: Path
    numbers: Iterator[int] = field(factory=count, init=False)

    @classmethod
    def made(cls, folder: Path) -> Grounds:
        """With products, stock, two buyers, and warranties as a record of the merchant's own.

        Args:
            folder: an empty one, for stores that are files.
        """
        settings = ZoeySettings(requests_per_second=None)
        sandbox = Sandbox(zoey=settings, now=min(STARTS.values()) - timedelta(days=2), seed=records(0))
        sandbox.clock.freeze()
        custom = {"name": "custrecord_sales_order", "record": "customrecord_warranty", "type": "text"}
        sandbox.seed(
            {
                "netsuite": {"customrecord_warranty": [], "custom_fields": [custom]},
                "zoey": {"attributes": {"customers": ["netsuite_id"]}},
            }
        )
        return cls(sandbox, sandbox.snapshot(), folder)

    def store(self, setting: Setting) -> Callable[[Clock], StateStore]:
        """An empty store."""
        if setting.store == "memory":
            return lambda clock: MemoryStore(clock=clock)
        return lambda clock: SQLiteStore(self.folder / f"{next(self.numbers)}.db", clock=clock)

    def restored(self, setting: Setting) -> Sandbox:
        """As at first."""
        self.sandbox.restore(self.begun)
        self.sandbox.clock.set(STARTS[setting.start])
        return self.sandbox


class Merchant(Simulation):
    """The merchant's two systems and machines, and what people there have done.

    Attributes:
        orders: ids of the Zoey orders, in the order in which they were placed.
        deleted: Zoey ids of those whose sales order somebody has deleted.
        warranties: by id of a warranty, the Zoey order it is of.
        ended: Zoey ids of those whose sales order somebody has canceled or closed.
    """

    def __init__(self, setting: Setting, grounds: Grounds) -> None:
        super().__init__(
            partial(build, setting),
            grounds.restored(setting),
            grounds.store(setting),
            setting.ahead,
            partial(connect, attributes=ATTRIBUTES),
        )
        self.setting = setting
        self.orders: list[str] = []
        self.deleted: set[str] = set()
        self.ended: set[str] = set()
        self.warranties: dict[int, str] = {}

    def order(self, number: int) -> str | None:
        """One of the orders that were placed."""
        return self.orders[number % len(self.orders)] if self.orders else None

    def sales_orders(self) -> Mapping[str, tuple[str, ...]]:
        """By Zoey id, the ids of the sales orders that are ours."""
        found: dict[str, tuple[str, ...]] = {}
        query = "SELECT id, externalid FROM \"transaction\" WHERE type = 'SalesOrd' AND externalid LIKE 'acme-order-%'"
        for number, external_id in self.sandbox.netsuite.app.database.connection.execute(query):
            zoey_id = str(external_id).removeprefix("acme-order-")
            found[zoey_id] = (*found.get(zoey_id, ()), str(number))
        return found

    def known(self, number: int) -> tuple[str, str] | None:
        """One of the orders that the store knows to be linked and NetSuite still has, with its sales order."""
        order = self.order(number)
        if order is None:
            return None
        link = self.office.attention.desk.links.by_zoey("orders", [order]).get(order)
        theirs = self.sales_orders().get(order)
        return (order, theirs[0]) if link is not None and theirs else None
