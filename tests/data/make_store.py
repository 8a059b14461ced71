"""Makes a store as a running business leaves it behind, for `tests/scenarios/engine/test_older_stores.py`.

`store-format-1.sqlite3` (SQLite) and `store-format-1.json` (the same entries, for other stores) were made by the last
version that wrote format 1, commit 421e890, in a checkout of it:

    PYTHONPATH=tests python /path/to/make_store.py FOLDER

The test makes the two systems' side of it anew, with `leave_behind` and a store that it throws away.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

from attrs import frozen
from support.trade import CUSTOMER, Trade
from support.trouble import Crash, TroubledTransport

from zoey_netsuite import (
    AddOrderComment,
    CreateRecord,
    CreateShipment,
    Effect,
    Found,
    Hold,
    MapContext,
    MergeFields,
    Page,
    Reconciled,
    Skip,
    SQLiteStore,
    StateStore,
    Sync,
    SyncContext,
    TransformRecord,
    Unit,
    reconcile,
)
from zoey_netsuite.state.leases import Leases, Owner
from zoey_netsuite.state.space import Space

NAMES = ("Ann", "Bea", "Cid")


@frozen
class Person:
    """What both sides hold of somebody."""

    name: str


@frozen
class Chore:
    """A unit of one kind of work on the first order."""

    order: str
    sales_order: str


class ChoreSync(Sync[Chore]):
    """One unit, which asks for what its sync is called."""

    compares: ClassVar[bool] = True

    def __init__(self, name: str) -> None:
        self.name = name

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[Chore]]:
        yield Page(list(self.load(["1"], ctx)), None)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[Chore]]:
        links = ctx.links.by_zoey("orders", ["1"])
        return [
            Unit(id, data=Chore("1", links["1"].netsuite_id), root=f"{self.name}/{id}") for id in ids if "1" in links
        ]

    def apply(self, unit: Unit[Chore], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        if self.name == "agreed":
            same = reconcile(unit, Person("Ann"), Person("Ann"), MergeFields())
            return same.agree if isinstance(same, Reconciled) else same
        return EFFECTS[self.name](unit.data)


def contact(name: str) -> CreateRecord:
    record = {"firstName": name, "lastName": "Doe", "company": {"id": CUSTOMER}}
    return CreateRecord("contact", record, external_id=f"acme-contact-{name.lower()}")


EFFECTS: dict[str, Callable[[Chore], Sequence[Effect]]] = {
    "contacts": lambda chore: [contact(name) for name in NAMES],
    "late": lambda chore: [contact("Dan")],
    "shipment": lambda chore: [CreateShipment(order_id=chore.order, marker="[NS 77]", notify=False)],
    "invoice": lambda chore: [
        TransformRecord(source="salesOrder", id=chore.sales_order, into="invoice", external_id="acme-invoice-1")
    ],
    "comment": lambda chore: [AddOrderComment(chore.order, "marked", marker="[NS 78]")],
    "plain": lambda chore: [AddOrderComment(chore.order, "plain")],
}

LOST: Sequence[tuple[str, str, Literal["before", "after"]]] = (
    ("late", "contact", "before"),
    ("shipment", "shipments", "after"),
    ("invoice", "invoice", "after"),
    ("comment", "comments", "before"),
    ("plain", "comments", "after"),
)
"""Syncs whose program ends before or after the call that makes what they are for."""


def syncs(trade: Trade) -> Sequence[Sync[Any]]:
    """All of them, the orders first."""
    return [trade.order_sync(), *(ChoreSync(name) for name in (*EFFECTS, "agreed"))]


def leave_behind(trade: Trade, store: StateStore) -> None:
    """One order carried, two of guests held, one of them dismissed; one with an open entry, two pending. Of each chore
    what is done or open.
    """
    for customer in (1, None, None):
        trade.place(customer=customer)
    integration = trade.integration(trade.order_sync(), ChoreSync("contacts"), ChoreSync("agreed"), store=store)
    integration.run().raise_for_failure()
    (_, guest) = integration.attention.list()
    integration.attention.dismiss([guest])
    for name, path, when in LOST:
        ends_at(trade, store, ChoreSync(name), path, when)
    for _ in range(3):
        trade.place()
    ends_at(trade, store, trade.order_sync(), "salesOrder", "after")


def ends_at(trade: Trade, store: StateStore, sync: Sync[Any], path: str, when: Literal["before", "after"]) -> None:
    """A program ends at a call."""

    def counts(request: Any) -> bool:
        return request.method == "POST" and path in request.url

    erp = trade.netsuite(transport=TroubledTransport(1, when, counts))
    shop = trade.zoey(transport=TroubledTransport(1, when, counts))
    with suppress(Crash):
        trade.integration(sync, store=store, erp=erp, shop=shop).run()
    erp.close()
    shop.close()


def main() -> None:
    folder = Path(sys.argv[1])
    path = folder / "store-format-1.sqlite3"
    with Trade(folder) as trade:
        store = SQLiteStore(path, clock=trade.clock)
        leave_behind(trade, store)
        Leases(Space(store, "acme"), timedelta(minutes=5)).acquire("orders/5", Owner("somebody"))
        entries = [[list(key), entry.value] for key, entry in store.scan((), limit=10_000)]
        store.close()
    (folder / "store-format-1.json").write_text(json.dumps(entries, indent=1) + "\n")
    (folder / "sync.db").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
