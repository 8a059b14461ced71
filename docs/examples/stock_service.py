"""A service that keeps a store's stock in step with NetSuite, until it is told to end.

Credentials come from the environment, as `MachineAuth.from_env` and `OAuth1Auth.from_env` name them; `NETSUITE_URL`
leads to a sandbox instead of the account's own hosts.
"""

import logging
import os
import signal
import threading
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


def lacks_order(order: Order) -> bool:
    """Orders reach NetSuite by another way, which writes this attribute. The others still hold stock."""
    return not order.custom.get("netsuite_order")


def main() -> None:
    """Check both sides, then run every quarter of an hour; a signal ends it after the writes in flight."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    account, address = os.environ["NETSUITE_ACCOUNT_ID"], os.environ.get("NETSUITE_URL")
    with (
        NetSuiteClient(account, netsuite.MachineAuth.from_env(), base_url=address) as erp,
        ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env()) as shop,
        SQLiteStore("stock.db") as store,
    ):
        stock = InventorySync(locations=Include("1", "2"), buffer=2, reserve_pending=lacks_order)
        integration = Integration(
            "acme", erp, shop, store, [stock], schedule={"inventory": Every(minutes=15)}, observers=[LogAlerts()]
        )
        integration.check().raise_for_errors()
        integration.run_forever(stop)


if __name__ == "__main__":
    main()
