"""A merchant who sells: `World` with customers, an account and orders on top of its products."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from support.world import START, World
from zoey_netsuite import Integration, MemoryStore, OrderMapper, OrderSync, Sync, Table, ZoeyAttributes
from zoey_netsuite.sandbox import NetSuiteSettings, ZoeySettings
from zoey_netsuite.sandbox.snapshot import Snapshot

ATTRIBUTES = ZoeyAttributes(order_number="netsuite_number")
CUSTOMER = "501"
"""NetSuite's customer behind the account and its people."""


TRADE: Mapping[str, Any] = {
    "netsuite": {
        "customer": [{"id": CUSTOMER, "companyName": "Ridgeline Inc.", "subsidiary": "1"}],
        "discountItem": [{"id": "9001", "itemId": "Discount"}],
        "custom_fields": [
            {"name": "custbody_source", "record": "salesOrder", "type": "text"},
            {"name": "custbody_difference", "record": "salesOrder", "type": "text"},
            {"name": "custcol_note", "record": "salesOrder.item", "type": "text"},
        ],
    },
    "zoey": {
        "attributes": {"orders": ["netsuite_number", "netsuite_order", "delivery"]},
        "customers": [
            {"entity_id": 1, "firstname": "Ann", "lastname": "Doe", "email": "ann@ridgeline.example"},
            {"entity_id": 2, "firstname": "Bob", "lastname": "Roe", "email": "bob@example.com"},
        ],
        "accounts": [{"id": 11, "name": "Ridgeline Inc.", "external_id": CUSTOMER, "contacts": [{"customer_id": "1"}]}],
    },
}
"""What is there besides the products and their stock."""


class Trade(World):
    """Products 101 … cost 12.50; Ann (Zoey customer 1) buys for Ridgeline, which is NetSuite's customer 501; Bob
    (customer 2) belongs to no account.
    """

    def __init__(
        self,
        folder: Path,
        *,
        products: int = 8,
        real_time: bool = False,
        account: NetSuiteSettings | None = None,
        storefront: ZoeySettings | None = None,
        attributes: ZoeyAttributes = ATTRIBUTES,
    ) -> None:
        super().__init__(
            folder,
            products=products,
            attributes=attributes,
            real_time=real_time,
            account=account,
            storefront=storefront,
        )
        self.sandbox.seed(TRADE)
        self._beginning: Snapshot | None = None

    def anew(self) -> Self:
        """The same merchant as when this was first called, with an empty store: for the tests of one module, as
        starting both systems takes longer than most tests.
        """
        if self._beginning is None:
            self._beginning = self.sandbox.snapshot()
        self.sandbox.restore(self._beginning)
        self.store.close()
        self.store = MemoryStore(clock=self.clock)
        return self

    def place(self, *lines: tuple[int, int], price: str = "12.5000", customer: int | None = 1, **header: Any) -> str:
        """Somebody orders: (product, quantity) each. Gives the order's id."""
        items = [{"product_id": product, "qty": quantity, "price": price} for product, quantity in lines or ((101, 2),)]
        who = {"customer_id": customer} if customer is not None else {"customer_email": "guest@example.com"}
        with self.sandbox.zoey.acting() as app:
            return str(app.place_order(items, **{"shipping_amount": "5.0000", **who, **header})["entity_id"])

    def order_sync(self, **options: Any) -> OrderSync:
        """The merchant's own."""
        defaults = {"start_at": START - timedelta(days=1), "mapper": OrderMapper(currencies=Table({"USD": "1"}))}
        return OrderSync(**(defaults | options))

    def orders(self, *more: Sync[Any], sync: OrderSync | None = None, **options: Any) -> Integration:
        """An integration with the order sync."""
        return self.integration(sync or self.order_sync(), *more, **options)

    def sales_orders(self) -> Mapping[str, Mapping[str, Any]]:
        """All sales orders in NetSuite, by external id (or their own, where they have none)."""
        with self.sandbox.netsuite.acting() as app:
            rows = app.database.connection.execute("SELECT id FROM \"transaction\" WHERE type = 'SalesOrd'").fetchall()
            found = [(row[0], app.record("salesOrder", row[0]) or {}) for row in rows]
        return {str(values.get("externalId") or number): {**values, "id": str(number)} for number, values in found}

    def number_shown(self, order: str) -> str:
        """NetSuite's order number as Zoey shows it."""
        with self.sandbox.zoey.acting() as app:
            return str(app.order(order).get("netsuite_number") or "")

    def sales_order(self, order: str) -> Mapping[str, Any]:
        """The one that an order became."""
        return self.sales_orders()[f"acme-order-{order}"]

    def change(self, sales_order: str, **changes: Any) -> None:
        """Somebody changes a sales order in NetSuite."""
        with self.sandbox.netsuite.acting() as app:
            app.update("salesOrder", sales_order, changes)

    def fulfill(self, sales_order: str, **of_lines: Any) -> str:
        """Somebody ships a sales order from warehouse 1: all of it, or so many of line 1."""
        with self.sandbox.netsuite.acting() as app:
            lines = (app.record("salesOrder", sales_order) or {})["item"]
        rows = [{"orderLine": line["line"], "location": 1, **of_lines} for line in lines]
        return self.erp.transform("salesOrder", sales_order, "itemFulfillment", {"item": {"items": rows}})

    def bill(self, sales_order: str) -> str:
        """Somebody bills a sales order."""
        return self.erp.transform("salesOrder", sales_order, "invoice")

    def shown_status(self, order: str) -> str:
        """An order's status as Zoey shows it."""
        with self.sandbox.zoey.acting() as app:
            return str(app.order(order)["status"])

    def set_status(self, sales_order: str, letter: str) -> None:
        """How far a sales order has come, as somebody in NetSuite makes it."""
        with self.sandbox.netsuite.acting() as app:
            app.update("salesOrder", sales_order, {"orderStatus": letter})

    def total(self, order: str) -> Decimal:
        """What an order comes to in Zoey."""
        with self.sandbox.zoey.acting() as app:
            return Decimal(str(app.order(order)["grand_total"]))
