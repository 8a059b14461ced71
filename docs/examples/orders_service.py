"""A service that carries a store's orders to NetSuite and keeps its stock in step, until it is told to end.

Orders go first, so that the stock that is written right after them knows of them. Credentials come from the
environment; `NETSUITE_URL` leads to a sandbox instead of the account's own hosts.
"""

import logging
import os
import signal
import threading
from datetime import UTC, datetime
from types import FrameType

from zoey_netsuite import (
    Every,
    Include,
    Integration,
    InventorySync,
    LogAlerts,
    NetSuiteClient,
    OrderMapper,
    OrderSync,
    SQLiteStore,
    Table,
    ZoeyAttributes,
    ZoeyClient,
    netsuite,
    zoey,
)

GOING_LIVE = datetime(2026, 2, 15, tzinfo=UTC)
"""Orders placed before then were entered by hand."""

mapper = OrderMapper(
    currencies=Table({"USD": "1"}),
    terms=Table({"netterm": "2"}, otherwise=None),
    discount_item=os.environ.get("NETSUITE_DISCOUNT_ITEM"),
)
orders = OrderSync(start_at=GOING_LIVE, mapper=mapper)
stock = InventorySync(locations=Include("1", "2"), buffer=2, reserve_pending=True)  # True: the order sync knows


def main() -> None:
    """Check both sides, then run by schedule; a signal ends it after the writes in flight."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    account, address = os.environ["NETSUITE_ACCOUNT_ID"], os.environ.get("NETSUITE_URL")
    attributes = ZoeyAttributes(order_number="netsuite_order")
    with (
        NetSuiteClient(account, netsuite.MachineAuth.from_env(), base_url=address) as erp,
        ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env(), attributes=attributes) as shop,
        SQLiteStore("sync.db") as store,
    ):
        schedule = {"orders": Every(minutes=5), "inventory": Every(minutes=15)}
        integration = Integration(
            "acme",
            erp,
            shop,
            store,
            [orders, stock],
            timezone="America/Los_Angeles",
            schedule=schedule,
            observers=[LogAlerts()],
        )
        integration.check().raise_for_errors()
        integration.run_forever(stop)


if __name__ == "__main__":
    main()
