"""A sync whose state moves from SQLite to PostgreSQL: what was done before is known there, and not done again.

`DATABASE_URL` is the connection string of a database. Credentials come from the environment, as `MachineAuth.from_env`
and `OAuth1Auth.from_env` name them; `NETSUITE_URL` leads to a sandbox instead of the account's own hosts.
"""

import os

from zoey_netsuite import (
    ABSENT,
    Integration,
    InventorySync,
    NetSuiteClient,
    PostgresStore,
    Put,
    SQLiteStore,
    ZoeyClient,
    netsuite,
    zoey,
)
from zoey_netsuite.state import Key, StateStore


def move(old: StateStore, new: StateStore) -> int:
    """Copy all entries, a thousand at a time, while no worker runs.

    Returns:
        How many there were.

    Raises:
        VersionMismatch: the new store has some of them already.
    """
    moved = 0
    after: Key | None = None
    while page := old.scan((), after=after):
        new.commit([Put(key, entry.value, ABSENT) for key, entry in page])
        moved, after = moved + len(page), page[-1][0]
    return moved


def main() -> None:
    """Run with state in SQLite, move the state, and run with state in PostgreSQL."""
    with (
        NetSuiteClient(
            os.environ["NETSUITE_ACCOUNT_ID"], netsuite.MachineAuth.from_env(), base_url=os.environ.get("NETSUITE_URL")
        ) as erp,
        ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env()) as shop,
        SQLiteStore("sync.db") as old,
        PostgresStore(os.environ["DATABASE_URL"]) as new,
    ):
        syncs = [InventorySync(reserve_pending=False)]
        print(Integration("acme", erp, shop, old, syncs).run())
        print(f"{move(old, new)} entries moved to {new}")
        print(Integration("acme", erp, shop, new, syncs).run())


if __name__ == "__main__":
    main()
