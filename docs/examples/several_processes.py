"""A service of which as many processes run as you like, on one machine or on several: they divide the work, and keep
the account's limit together.

Start it once for each process, with the same settings everywhere. `DATABASE_URL` is the connection string of the
database that they share, `NETSUITE_CONCURRENCY` how many calls at once the account leaves to all of them together,
`PROCESSES` how many of them there are. Credentials come from the environment; `NETSUITE_URL` leads to a sandbox instead
of the account's own hosts.
"""

import logging
import os
import signal
import threading
from datetime import UTC, datetime
from types import FrameType

from zoey_netsuite import (
    Every,
    Integration,
    Limits,
    LogAlerts,
    NetSuiteClient,
    OrderMapper,
    OrderSync,
    PostgresStore,
    StoreLimiter,
    Table,
    ZoeyAttributes,
    ZoeyClient,
    netsuite,
    zoey,
)

ACCOUNT = os.environ["NETSUITE_ACCOUNT_ID"]
CONCURRENCY = int(os.environ.get("NETSUITE_CONCURRENCY", "5"))
PROCESSES = int(os.environ.get("PROCESSES", "2"))
GOING_LIVE = datetime(2026, 2, 15, tzinfo=UTC)
"""Orders placed before then were entered by hand."""

mapper = OrderMapper(
    currencies=Table({"USD": "1"}),
    terms=Table({"netterm": "2"}, otherwise=None),
    discount_item=os.environ.get("NETSUITE_DISCOUNT_ITEM"),
)
orders = OrderSync(start_at=GOING_LIVE, mapper=mapper)


def main() -> None:
    """Work beside the other processes; a signal ends this one after the writes in flight."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    attributes = ZoeyAttributes(order_number="netsuite_order")
    rate = Limits(per_second=2 / PROCESSES)  # Zoey's limit is one of calls a second: each process takes its part
    with (
        PostgresStore(os.environ["DATABASE_URL"]) as store,
        StoreLimiter(store, f"netsuite {ACCOUNT}", concurrency=CONCURRENCY) as limiter,
        NetSuiteClient(
            ACCOUNT, netsuite.MachineAuth.from_env(), base_url=os.environ.get("NETSUITE_URL"), limiter=limiter
        ) as erp,
        ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env(), attributes=attributes, limiter=rate) as shop,
    ):
        schedule = {"orders": Every(minutes=5)}
        integration = Integration("acme", erp, shop, store, [orders], schedule=schedule, observers=[LogAlerts()])
        integration.check().raise_for_errors()
        logging.info("at work")
        integration.run_forever(stop)
        logging.info("ended")


if __name__ == "__main__":
    main()
