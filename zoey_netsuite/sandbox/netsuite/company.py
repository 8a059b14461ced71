"""The account put together: records with the behavior of their kinds, transforms, periods."""

from __future__ import annotations

from zoey_netsuite.sandbox.netsuite.auth import Clock
from zoey_netsuite.sandbox.netsuite.billing import Billing
from zoey_netsuite.sandbox.netsuite.database import Database
from zoey_netsuite.sandbox.netsuite.entities import Entities
from zoey_netsuite.sandbox.netsuite.items import Items
from zoey_netsuite.sandbox.netsuite.ledger import Ledger
from zoey_netsuite.sandbox.netsuite.orders import Lines, Orders
from zoey_netsuite.sandbox.netsuite.payments import Applications, Payments
from zoey_netsuite.sandbox.netsuite.records import Record, Records
from zoey_netsuite.sandbox.netsuite.registry import Registry
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.netsuite.shipping import Shipping
from zoey_netsuite.sandbox.netsuite.stock import Stock
from zoey_netsuite.sandbox.netsuite.transactions import Kind, Periods, Transactions
from zoey_netsuite.sandbox.netsuite.transforms import Transforms

# Legacy tax has no fields in the record API; these come with SuiteTax.
_SUITETAX = ("taxDetails", "taxDetailsOverride")


class Company:
    """Everything that the account knows and does, free of HTTP."""

    def __init__(self, settings: NetSuiteSettings, clock: Clock, database: Database) -> None:
        self.database = database
        self.registry = Registry(database, without=_SUITETAX if settings.tax == "none" else ())
        for custom in settings.custom_fields:
            self.registry.declare(custom)
        self.records = Records(database, self.registry, settings, clock)
        self.periods = Periods(settings.closed_until)
        self.stock = Stock(database)
        ledger = self.ledger = Ledger(self.records, self.stock)
        lines = Lines(self.records, self.stock)
        orders = Orders(self.records, lines, ledger)
        applications = Applications(self.records, ledger)
        self.transforms = Transforms(self.records, orders, applications)
        shipping = Shipping(self.records, orders, self.stock, self._bill)
        billing = Billing(self.records, lines, orders, applications)
        payments = Payments(self.records, applications)
        kinds: dict[str, Kind] = {
            **dict.fromkeys(("salesOrder", "returnAuthorization"), orders),
            **dict.fromkeys(("itemFulfillment", "itemReceipt"), shipping),
            **dict.fromkeys(("invoice", "cashSale", "creditMemo", "cashRefund"), billing),
            **dict.fromkeys(("customerPayment", "customerDeposit", "depositApplication", "customerRefund"), payments),
        }
        entities = Entities(self.records)
        self.records.behaviors |= {
            **dict.fromkeys(("customer", "contact", "employee"), entities),
            "item": Items(self.records),
            "transaction": Transactions(self.records, ledger, kinds, self.periods),
        }

    def merge(self, loser: int, winner: int) -> None:
        """Move a customer's transactions and contacts to another and remove it. Raises Refusal."""
        customer = self.registry.get("customer")
        gone = self.records.get(customer, loser)
        self.records.get(customer, winner)
        for row in self.database.find("contact", {"company": loser}):
            contact = self.records.get(self.registry.get("contact"), int(row["id"] or 0))
            self.records.save(contact.with_values({"company": str(winner)}))
        for row in self.database.find("transaction", {"entity": loser}):
            moved = self.records.transaction(row["id"])
            name = "customer" if "customer" in moved.values else "entity"
            self.ledger.write(self.records.save(moved.with_values({name: str(winner)})))
        self.records.delete(gone)

    def _bill(self, shipment: Record) -> None:
        self.transforms.bill_shipment(shipment)
