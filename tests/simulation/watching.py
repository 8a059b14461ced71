"""What must be so whatever happens, looked at after every call and event, and in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import define, evolve, field, frozen

from simulation.merchant import STALE_AFTER, Merchant
from zoey_netsuite.http.operation import Request
from zoey_netsuite.syncs.inventory import OPEN_STATES
from zoey_netsuite.testing.machine import Machine


@define(eq=False)
class Once:
    """Nothing is made twice: sales orders by external id, comments by marker."""

    world: Merchant
    made: dict[str, set[str]] = field(factory=dict[str, set[str]])

    def called(self, machine: Machine, request: Request) -> Iterator[str]:
        if not request.url.startswith(self.world.sandbox.netsuite.url):
            return
        for order, ids in self.world.sales_orders().items():
            known = self.made.setdefault(order, set())
            if not known.issuperset(ids):
                known.update(ids)
                if len(known) > 1:
                    yield f"made twice: order {order} has become sales orders {', '.join(sorted(known))}"

    def happened(self) -> Iterator[str]:
        return iter(())

    def ended(self) -> Iterator[str]:
        with self.world.sandbox.zoey.acting() as app:
            orders = {order: app.order(order) for order in self.world.orders}
        desk = self.world.office.attention.desk
        comments = {order: _comments(self.world, order) for order in {*self.world.warranties.values()}}
        for warranty, order in self.world.warranties.items():
            marked = sum(f"[NS warranty {warranty}]" in comment for comment in comments[order])
            on_list = any(item.unit_id == str(warranty) for item in self.world.office.attention.list(sync="warranties"))
            if marked > 1:
                yield f"commented twice: warranty {warranty} stands {marked} times under order {order}"
            if not marked and not on_list:
                yield f"comment lost: warranty {warranty} is neither under order {order} nor on the attention list"
        listed = {item.unit_id: item for item in self.world.office.attention.list(sync="orders")}
        links = desk.links.by_zoey("orders", self.world.orders)
        for order, kept in orders.items():
            made = self.made.get(order, set())
            if order in links:
                if links[order].netsuite_id not in made:
                    yield f"linked to nothing: order {order} is linked to {links[order].netsuite_id}, made {made}"
            elif made:
                yield f"not linked: order {order} has become {made}, and the store does not know"
            elif order not in listed and kept["state"] != "canceled":
                yield f"order lost: order {order} ({kept['state']}) is neither linked nor on the attention list"


def _comments(world: Merchant, order: str) -> list[str]:
    return [comment.comment or "" for comment in world.clients.zoey.orders.comments(order)]


@frozen
class Truth:
    """What there was, from a moment on.

    Attributes:
        there: by NetSuite item, what it has.
        held: by product, what open orders hold that NetSuite does not count.
        products: by product, the item that it names.
    """

    at: datetime
    there: Mapping[str, Decimal]
    held: Mapping[str, Decimal]
    products: Mapping[str, str]

    def has(self, item: str) -> Decimal:
        """What NetSuite had of an item."""
        return self.there.get(item, Decimal(0))

    def takes(self, item: str, links: Mapping[str, str]) -> Decimal:
        """What open orders held of an item, for whoever knows these items of products."""
        return sum((held for product, held in self.held.items() if links.get(product) == item), Decimal(0))


@define(eq=False)
class Offered:
    """No more is offered than there was when the orders were last read, and in the end both sides agree."""

    world: Merchant
    once: Once
    truths: list[Truth] = field(factory=list[Truth])
    shown: Mapping[str, Decimal] = field(factory=dict[str, Decimal])
    runs: list[tuple[datetime, Machine]] = field(factory=list[tuple[datetime, Machine]])

    def __attrs_post_init__(self) -> None:
        self._look()

    def called(self, machine: Machine, request: Request) -> Iterator[str]:
        if machine.began is not None and (not self.runs or self.runs[-1] != (machine.began, machine)):
            self.runs.append((machine.began, machine))
        if request.method == "GET":
            return
        if "stockitems" in request.url:
            since = self._read_since(machine)
            for product, quantity in self._shown().items():
                most = self._most(product, since)
                if quantity not in (0, self.shown.get(product)) and quantity > most:
                    yield f"offered too much: {quantity} of product {product}, of which there were {most} at most"
        self._look()

    def happened(self) -> Iterator[str]:
        self._look()
        return iter(())

    def ended(self) -> Iterator[str]:
        office = self.world.office
        excused = {item.unit_id for item in office.attention.list(sync="inventory")}
        for difference in office.verify("inventory"):
            if difference.zoey_id not in excused:
                yield f"stock differs: {difference}"
        excused = {item.unit_id for item in office.attention.list(sync="orders")} | self.world.deleted
        for difference in office.verify("orders"):
            if difference.zoey_id not in excused:
                yield f"orders differ: {difference}"
        for item in office.attention.list():
            if item.cause.startswith("error in the sync's own code"):
                yield f"its own code failed: {item.message}"
            if item.state == "retrying":
                yield f"still retrying: {item.message}"

    def _look(self) -> None:
        truth = self._truth()
        if not self.truths or evolve(self.truths[-1], at=truth.at) != truth:
            self.truths.append(truth)
        self.shown = self._shown()

    def _read_since(self, machine: Machine) -> datetime:
        """When the oldest of what is acted on now may have been read."""
        began = machine.began or self.world.now()
        reach = timedelta(seconds=STALE_AFTER)
        return min([began, *(at for at, other in self.runs if other.active and other.active >= began - reach)])

    def _most(self, product: str, since: datetime) -> Decimal:
        """The most that there can have been since then, for one who reads orders first and quantities later, of an item
        that the product names or named: what products name is read now and then only, and not again by a scan that goes
        on where another one was killed.
        """
        ends = [*(truth.at for truth in self.truths[1:]), self.world.now()]
        lately = [truth for truth, end in zip(self.truths, ends, strict=True) if end >= since]
        known = [truth.products for truth in self.truths]
        items = {links[product] for links in known if product in links}
        return max(
            max(truth.has(item) for truth in lately) - min(truth.takes(item, links) for truth in lately)
            for links in known
            for item in items
        )

    def _shown(self) -> dict[str, Decimal]:
        rows = _documents(self.world, "stockitems")
        return {str(row["product_id"]): Decimal(str(row["qty"])) for row in rows}

    def _truth(self) -> Truth:
        """As it is now."""
        database = self.world.sandbox.netsuite.app.database.connection
        query = "SELECT item, SUM(quantityavailable) FROM aggregateitemlocation GROUP BY item"
        there = {str(item): Decimal(str(quantity)) for item, quantity in database.execute(query)}
        query = "SELECT externalid FROM \"transaction\" WHERE type = 'SalesOrd' AND status = 'A'"
        waiting = {str(row[0]).removeprefix("acme-order-") for row in database.execute(query)}
        products = {str(row["id"]): str(row.get("netsuite_id") or "") for row in _documents(self.world, "products")}
        held: dict[str, Decimal] = {}
        for order in _documents(self.world, "orders"):
            number = str(order["id"])
            made = self.once.made.get(number)
            if order["state"] in OPEN_STATES and (not made or number in waiting):
                for line in order["order_items"]:
                    product = str(line["product_id"])
                    held[product] = held.get(product, Decimal(0)) + Decimal(str(line["qty_ordered"]))
        return Truth(self.world.now(), there, held, products)


def _documents(world: Merchant, kind: str) -> list[dict[str, Any]]:
    connection = world.sandbox.zoey._connection
    rows = connection.execute(f'SELECT * FROM "zoey_{kind}"').fetchall()
    return [{"id": row[0], **json.loads(row[1])} for row in rows]
