"""The service that the README shows, word for word: a test compares the two."""
# ruff: noqa: E401, I001

import os, signal, threading
from types import FrameType

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


def lacks_order(order: Order) -> bool:  # orders reach NetSuite by another way, which writes this attribute
    return not order.custom.get("netsuite_order")


stop = threading.Event()


def end(number: int, frame: FrameType | None) -> None:
    stop.set()


signal.signal(signal.SIGTERM, end)
account, address = os.environ["NETSUITE_ACCOUNT_ID"], os.environ.get("NETSUITE_URL")  # the address: only for a sandbox
with (
    NetSuiteClient(account, netsuite.MachineAuth.from_env(), base_url=address) as erp,
    ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env()) as shop,
    SQLiteStore("stock.db") as store,
):
    stock = InventorySync(locations=Include("1", "2"), buffer=2, reserve_pending=lacks_order)
    service = Integration(
        "acme", erp, shop, store, [stock], schedule={"inventory": Every(minutes=15)}, observers=[LogAlerts()]
    )
    service.check().raise_for_errors()
    service.run_forever(stop)
