"""A user's program: a service that keeps stock in step."""

# Programs need not be strict, and of `lambda *_` strict pyright says that nobody knows what it takes.
# pyright: standard

import signal
import threading

from zoey_netsuite import (
    Every,
    Include,
    Integration,
    InventorySync,
    LogAlerts,
    NetSuiteClient,
    Order,
    SQLiteStore,
    ZoeyClient,
    netsuite,
    zoey,
)


def not_in_netsuite(order: Order) -> bool:
    return not order.custom.get("netsuite_order")


def main() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with (
        NetSuiteClient("1234567", netsuite.MachineAuth.from_env()) as erp,
        ZoeyClient("https://shop.example.com", zoey.OAuth1Auth.from_env()) as shop,
        SQLiteStore("sync.db") as store,
    ):
        stock = InventorySync(locations=Include("1", "7"), buffer=2, reserve_pending=not_in_netsuite)
        integration = Integration(
            "acme", erp, shop, store, [stock], schedule={"inventory": Every(minutes=15)}, observers=[LogAlerts()]
        )
        integration.check().raise_for_errors()
        integration.run_forever(stop)
