"""What people do: buyers, Zoey's admin, users of NetSuite, and whoever looks after the integration."""

from __future__ import annotations

from contextlib import suppress

from attrs import frozen

from simulation.merchant import Merchant
from zoey_netsuite.errors import APIError
from zoey_netsuite.sandbox.netsuite.errors import Refusal
from zoey_netsuite.testing.events import Event


@frozen
class Buy(Event[Merchant]):
    """Somebody orders: 1 is Ann, whose account NetSuite knows; 2 is Bob, whom nobody knows; 0 is a guest."""

    customer: int
    product: int
    quantity: int

    def happen(self, world: Merchant) -> None:
        who = {"customer_id": self.customer} if self.customer else {"customer_email": "guest@example.com"}
        line = {"product_id": self.product, "qty": self.quantity, "price": "12.5000"}
        with world.sandbox.zoey.acting() as app, suppress(ValueError):
            order = app.place_order([line], shipping_amount="5.0000", **who)
            world.orders.append(str(order["entity_id"]))


@frozen
class CancelInZoey(Event[Merchant]):
    """An order is canceled in Zoey."""

    order: int

    def happen(self, world: Merchant) -> None:
        order = world.order(self.order)
        if order is not None:
            with world.sandbox.zoey.acting() as app, suppress(ValueError):
                app.cancel_order(order)


@frozen
class EditInZoey(Event[Merchant]):
    """The PO number of an order is changed in place."""

    order: int
    text: str

    def happen(self, world: Merchant) -> None:
        order = world.order(self.order)
        if order is not None:
            with world.sandbox.zoey.acting() as app:
                app.change_order(order, po_number=self.text)


@frozen
class ReplaceInZoey(Event[Merchant]):
    """An order is edited in Zoey: it is canceled, and another one takes its place."""

    order: int
    product: int
    quantity: int

    def happen(self, world: Merchant) -> None:
        order = world.order(self.order)
        if order is not None:
            line = {"product_id": self.product, "qty": self.quantity, "price": "12.5000"}
            with world.sandbox.zoey.acting() as app, suppress(ValueError):
                world.orders.append(str(app.edit_order(order, [line])["entity_id"]))


@frozen
class SetZoeyStock(Event[Merchant]):
    """Somebody sets a product's stock in Zoey's admin."""

    product: int
    quantity: int

    def happen(self, world: Merchant) -> None:
        with world.sandbox.zoey.acting() as app, suppress(ValueError):
            app.set_stock(self.product, qty=self.quantity)


@frozen
class Relink(Event[Merchant]):
    """A product names another NetSuite item, or none."""

    product: int
    item: str

    def happen(self, world: Merchant) -> None:
        with world.sandbox.zoey.acting() as app, suppress(ValueError):
            app.set_product(self.product, netsuite_id=self.item)


@frozen
class DeleteProduct(Event[Merchant]):
    """A product is deleted in Zoey."""

    product: int

    def happen(self, world: Merchant) -> None:
        with world.sandbox.zoey.acting() as app, suppress(ValueError):
            app.delete_product(self.product)


@frozen
class IntroduceBob(Event[Merchant]):
    """Somebody fills in which NetSuite customer Bob is."""

    def happen(self, world: Merchant) -> None:
        people = world.clients.zoey.customers
        people.update("2", {"netsuite_id": "501"})


@frozen
class Count(Event[Merchant]):
    """An item is counted anew in NetSuite."""

    item: int
    location: int
    quantity: int

    def happen(self, world: Merchant) -> None:
        with world.sandbox.netsuite.acting() as app:
            app.set_stock(self.item, self.location, self.quantity)


@frozen
class ChangeSalesOrder(Event[Merchant]):
    """A sales order is approved (`B`), or given another number or memo in NetSuite."""

    order: int
    field: str
    value: str

    def happen(self, world: Merchant) -> None:
        known = world.known(self.order)
        if known is None:
            return
        changes = {self.field: f"{self.value}-{known[1]}" if self.field == "tranId" else self.value}
        with world.sandbox.netsuite.acting() as app, suppress(Refusal, ValueError):
            app.update("salesOrder", known[1], changes)


@frozen
class CloseSalesOrder(Event[Merchant]):
    """All lines of a sales order are closed in NetSuite."""

    order: int

    def happen(self, world: Merchant) -> None:
        known = world.known(self.order)
        if known is None:
            return
        with world.sandbox.netsuite.acting() as app, suppress(Refusal, ValueError):
            lines = (app.record("salesOrder", known[1]) or {}).get("item", [])
            closed = [{"line": line["line"], "isClosed": True} for line in lines]
            app.update("salesOrder", known[1], {"item": {"items": closed}})


@frozen
class Fulfill(Event[Merchant]):
    """A sales order is shipped in full, and billed where that is wanted."""

    order: int
    bill: bool

    def happen(self, world: Merchant) -> None:
        known = world.known(self.order)
        if known is None:
            return
        erp = world.clients.netsuite
        with suppress(APIError):
            erp.transform("salesOrder", known[1], "itemFulfillment")
            if self.bill:
                erp.transform("salesOrder", known[1], "invoice")


@frozen
class DeleteSalesOrder(Event[Merchant]):
    """A sales order is deleted in NetSuite."""

    order: int

    def happen(self, world: Merchant) -> None:
        known = world.known(self.order)
        if known is None:
            return
        with world.sandbox.netsuite.acting() as app, suppress(Refusal, ValueError):
            app.delete("salesOrder", known[1])
            world.deleted.add(known[0])


@frozen
class Warranty(Event[Merchant]):
    """A warranty is entered for a sales order."""

    order: int

    def happen(self, world: Merchant) -> None:
        known = world.known(self.order)
        if known is None:
            return
        number = len(world.warranties) + 1
        row = {"id": number, "name": f"{number} years", "custrecord_sales_order": known[1]}
        with world.sandbox.netsuite.acting() as app:
            app.seed({"customrecord_warranty": [row]})
        world.warranties[number] = known[0]


@frozen
class RenameWarranty(Event[Merchant]):
    """A warranty is given another name."""

    warranty: int
    name: str

    def happen(self, world: Merchant) -> None:
        if world.warranties:
            with world.sandbox.netsuite.acting() as app:
                app.update("customrecord_warranty", 1 + self.warranty % len(world.warranties), {"name": self.name})


@frozen
class Retry(Event[Merchant]):
    """Whoever looks after it has all that waits tried again."""

    def happen(self, world: Merchant) -> None:
        world.office.attention.retry(everything=True)


@frozen
class Answer(Event[Merchant]):
    """Whoever looks after it lets pass what a guard holds."""

    def happen(self, world: Merchant) -> None:
        world.office.attention.resolve(
            [item for item in world.office.attention.list(state="held") if item.cause.startswith("guard ")]
        )
