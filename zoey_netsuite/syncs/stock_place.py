"""Where an inventory scan stands: a small value in the cursor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from attrs import evolve, frozen

from zoey_netsuite.engine.codec import from_json, to_json
from zoey_netsuite.state.cursors import reading_place
from zoey_netsuite.state.store import JSON


@frozen
class Place:
    """Where an inventory scan stands.

    Attributes:
        phase: what is read next: "products", "items" (stock items), "stock" (NetSuite's quantities); "done" between two
            scans.
        product, item: the greatest ids read so far of Zoey's products and stock items; "0" before the first.
        orders: the time up to which changes of orders have been looked at, by Zoey's clock; None before the first scan
            has read stock items.
        listed_at: when products and stock items were last read from the first one on.
        after: the NetSuite item that was compared last, within the phase "stock".
    """

    phase: Literal["products", "items", "stock", "done"] = "done"
    product: str = "0"
    item: str = "0"
    orders: datetime | None = None
    listed_at: datetime | None = None
    after: str | None = None

    @classmethod
    def from_json(cls, value: JSON) -> Place:
        """From the cursor; None is before the first scan."""
        with reading_place(value):
            place = cls() if value is None else from_json(value, cls)
            if not (place.product.isdecimal() and place.item.isdecimal()):
                raise ValueError("product and item are numbers")
            return place

    def to_json(self) -> JSON:
        """For the cursor."""
        return to_json(self)

    def begin(self, now: datetime, relist: timedelta) -> Place:
        """A new scan: from the first product on when that is due, else from the last one known."""
        if self.listed_at is None or not self.listed_at <= now < self.listed_at + relist:
            return evolve(self, phase="products", product="0", item="0", listed_at=now, after=None)
        return evolve(self, phase="products", after=None)

    def listed_products(self, last: str) -> Place:
        """Products up to this one are read."""
        return evolve(self, product=last)

    def listed_items(self, last: str, since: datetime | None) -> Place:
        """Stock items up to this one are read, the first of them then, by Zoey's clock."""
        return evolve(self, item=last, orders=self.orders or since)

    def items_next(self) -> Place:
        """All products are read."""
        return evolve(self, phase="items")

    def stock_next(self) -> Place:
        """All stock items are read."""
        return evolve(self, phase="stock", after=None)

    def at(self, item: str | None) -> Place:
        """Quantities up to this NetSuite item are compared."""
        return evolve(self, phase="stock", after=item)

    def finished(self, orders: datetime | None) -> Place:
        """The scan is over."""
        return evolve(self, phase="done", after=None, orders=orders or self.orders)
