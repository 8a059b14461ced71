"""One inventory run in a process of its own, measured: `python -m support.measured DATABASE`, addresses from the
environment.

Prints one line of JSON: calls by system and kind, what came of the run, seconds, and the process's greatest resident
memory in MB.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from zoey_netsuite import Integration, InventorySync, Limits, NetSuiteClient, SQLiteStore, ZoeyClient, netsuite, zoey

OWN_MEMORY = Path("/proc/self/status")


def main(database: str) -> None:
    """Run once."""
    erp = NetSuiteClient(
        os.environ["NETSUITE_ACCOUNT_ID"], netsuite.TokenAuth.from_env(), base_url=os.environ["NETSUITE_URL"]
    )
    shop = ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env(), limiter=Limits(concurrency=4))
    with erp, shop, SQLiteStore(database) as store:
        sync = InventorySync(reserve_pending=lambda order: not order.custom.get("netsuite_order"))
        report = Integration("acme", erp, shop, store, [sync]).run()
        report.raise_for_failure()
    print(
        json.dumps(
            {
                "calls": report.calls,
                "updated": report.count("updated"),
                "scanned": report.syncs["inventory"].scanned,
                "seconds": report.seconds,
                "peak_mb": peak(),
            }
        )
    )


def peak() -> float:
    """The greatest resident memory of this program so far, in MB.

    On Linux not by `getrusage`, which counts in what the parent process held when it started this one.
    """
    if OWN_MEMORY.exists():
        (line,) = (line for line in OWN_MEMORY.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**2


if __name__ == "__main__":
    main(sys.argv[1])
