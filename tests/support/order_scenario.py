"""Orders on their way to NetSuite, as a scenario of the crash and fault harness."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Literal

from support.trade import ATTRIBUTES, TRADE
from support.world import seed
from zoey_netsuite import (
    Clock,
    Inline,
    Integration,
    NetSuiteClient,
    OrderMapper,
    OrderSync,
    ReleaseAfterCheck,
    StateStore,
    Table,
    ZoeyClient,
    computed,
    constant,
)
from zoey_netsuite.testing.scenario import START, OpenStore, Scenario, connect

Create = Literal["single", "batch"]


def mapper() -> OrderMapper:
    """With a custom field of the order and one of its lines."""
    return OrderMapper(
        currencies=Table({"USD": "1"}),
        fields=[computed("custbody_source", lambda order, ctx: f"Zoey {order.number}")],
        line_fields=[constant("custcol_note", "from the shop")],
    )


def build(
    create: Create, release: bool, erp: NetSuiteClient, shop: ZoeyClient, store: StateStore, clock: Clock
) -> Integration:
    """The integration that is to be proved."""
    totals = ReleaseAfterCheck() if release else None
    sync = OrderSync(start_at=START - timedelta(days=9), mapper=mapper(), create=create, totals=totals)
    return Integration("acme", erp, shop, store, [sync], dispatcher=Inline(), clock=clock)


def records(orders: int) -> dict[str, dict[str, Any]]:
    """Both systems, with so many orders waiting in Zoey: two lines each."""
    made = seed(4)
    for system, more in TRADE.items():
        for kind, rows in more.items():
            known = made[system].get(kind)
            made[system][kind] = {**known, **rows} if isinstance(known, Mapping) else [*(known or ()), *rows]
    made["zoey"]["attributes"]["products"] = ["netsuite_id", "keep_out", "stock_item"]
    made["zoey"]["orders"] = [
        {
            "entity_id": number,
            "customer_id": 1,
            "shipping_amount": "5.0000",
            "po_number": f"PO-{number}",
            "items": [
                {"product_id": 101, "qty": number, "price": "12.5000"},
                {"product_id": 103, "qty": 3, "price": "1.3333"},
            ],
        }
        for number in range(1, orders + 1)
    ]
    return made


def scenario(
    orders: int, create: Create = "single", *, release: bool = False, store: OpenStore | None = None, name: str = ""
) -> Scenario:
    """So many new orders, carried singly or as one batch, with the number written back."""
    return Scenario(
        build=partial(build, create, release),
        seed=records(orders),
        connect=partial(connect, attributes=ATTRIBUTES),
        store=store,
        name=name,
    )
