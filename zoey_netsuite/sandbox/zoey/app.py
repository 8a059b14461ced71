"""The store as one application: from request to answer, with what a person in its admin or a buyer can do."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from email.utils import format_datetime

from attrs import evolve

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import JSON, Answer, Refusal, Request
from zoey_netsuite.sandbox.signatures import TokenState
from zoey_netsuite.sandbox.zoey import (
    accounts,
    carts,
    credit_memos,
    customers,
    invoices,
    orders,
    placing,
    products,
    seeding,
    shipments,
    stock,
)
from zoey_netsuite.sandbox.zoey.access import Access
from zoey_netsuite.sandbox.zoey.edge import Edge
from zoey_netsuite.sandbox.zoey.errors import INTERNAL, Fault, Refused, error_answer
from zoey_netsuite.sandbox.zoey.kinds import KINDS, ORDERS, OUTBOX, PRODUCTS, STOCK_ITEMS
from zoey_netsuite.sandbox.zoey.records import Document, Records
from zoey_netsuite.sandbox.zoey.rendering import Rendering
from zoey_netsuite.sandbox.zoey.routing import Router
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings
from zoey_netsuite.sandbox.zoey.shop import Shop

_ROUTES = tuple(
    route
    for resource in (accounts, carts, credit_memos, customers, invoices, orders, products, shipments, stock)
    for route in resource.ROUTES
)


class ZoeyApp:
    """A Zoey store. Safe to use from threads: one thing happens at a time.

    What a person does in the admin (`set_product`, `edit_order`, …) takes and returns values as the API does: ids,
    money and quantities as strings. Such a call raises ValueError with the store's own words when it says no.

    Args:
        settings: how it behaves, and who is let in.
        clock: its time of day.
        database: the file that it keeps its records in, or ":memory:".

    Attributes:
        settings: as given.
        clock: as given.
    """

    def __init__(
        self, settings: ZoeySettings | None = None, clock: SandboxClock | None = None, database: str = ":memory:"
    ) -> None:
        self.settings = settings or ZoeySettings()
        self.clock = clock or SandboxClock()
        self._lock = threading.RLock()
        self._access = Access(self.settings, self.clock.now)
        self._edge = Edge(self.settings, self.clock.now)
        self._shop = Shop(self.settings, Records(database), Rendering(self.settings), self.clock.now)
        self._router = Router(_ROUTES, self.settings.actions)
        seeding.seed_attributes(self._shop, self.settings.attributes)

    def handle(self, request: Request) -> Answer:
        """Carry out one request and answer it."""
        with self._lock:
            return self._dated(self._answer(request))

    def too_many(self, request: Request) -> Answer:
        """The answer to a request that came while too many others were in flight."""
        return self._dated(self._edge.too_many())

    def refuse(self, request: Request, problem: Refusal) -> Answer:
        """The answer to credentials that the store does not take."""
        return self._dated(self._access.refuse(problem))

    def failure(self, request: Request) -> Answer:
        """The answer to a request that failed inside the store."""
        return self._dated(error_answer([Fault(500, INTERNAL)], self.settings.error_form))

    def seed(self, data: Mapping[str, JSON]) -> None:
        """Put records in, besides those that are there, all or none.

        Attributes are those of the API, ids are optional everywhere, and what the store has no name for becomes an
        attribute of the merchant's own.

        Args:
            data: lists of records by resource:
                `products`: `{"sku", "name", "price", "type_id", …}`; `qty`, `min_qty`, `manage_stock`, `backorders` and
                `is_in_stock` go to the product's stock item, which every product gets.
                `stockitems`: `{"product_id" or "product_sku", "qty", …}`, for those with an `item_id` of their own.
                `customers`: `{"firstname", "lastname", "email", …}` with `addresses`.
                `accounts`: `{"name", …}` with `addresses`, `locations` (whose `addresses` are ids), `netterm` and
                `contacts`: `{"customer_id"}` or `{"email"}`, with `firstname` and `lastname` for a new customer.
                `orders`: as `place_order` takes them, lines as `items`; with `state`, the history that leads there (an
                invoice, a shipment, a cancellation …) is made up. They move no stock and send no e-mail.
                `attributes`: the merchant's own, by resource: `{"products": ["netsuite_id"]}`.

        Raises:
            ValueError: for a resource that the store does not have, an id that is taken, a product that is not there.
        """
        with self._acting():
            seeding.seed(self._shop, data)

    # What a buyer does, and a person in the admin.

    def place_order(self, items: Sequence[Mapping[str, JSON]], **header: JSON) -> Document:
        """Place an order and return it.

        Args:
            items: lines `{"product_id" or "sku", "qty"}`, with `price`, `discount_amount`, `tax_amount`, `tax_percent`
                if wanted. `parent_id` or `parent_sku` names the configurable product that the simple one belongs to.
            header: attributes of the order: `customer_id`, or `customer_email` for a guest, `addresses`,
                `shipping_amount`, `shipping_tax_amount`, `discount_amount` (positive, beyond the lines'), `po_number` …
        """
        with self._acting():
            self._shop.records.declare(ORDERS, header)
            return placing.place(self._shop, items, header)

    def edit_order(
        self, order_id: str | int, items: Sequence[Mapping[str, JSON]] | None = None, **changes: JSON
    ) -> Document:
        """Edit an order: it is canceled, and the new one that takes its place is returned."""
        with self._acting():
            self._shop.records.declare(ORDERS, changes)
            return placing.edit(self._shop, self._shop.required(ORDERS, order_id), items, changes)

    def change_order(self, order_id: str | int, **changes: JSON) -> Document:
        """Change what the store changes in place: addresses, PO number, notes, status, attributes."""
        with self._acting():
            order = self._shop.required(ORDERS, order_id)
            self._shop.records.declare(ORDERS, changes)
            addresses = changes.pop("addresses", None)
            if addresses is not None:
                order["addresses"] = placing.order_addresses(self._shop, addresses)
            return orders.change(self._shop, order, changes) if changes else self._shop.save(ORDERS, order)

    def cancel_order(self, order_id: str | int) -> Document:
        """Cancel an order and return it."""
        with self._acting():
            return placing.cancel(self._shop, self._shop.required(ORDERS, order_id))

    def comment_order(self, order_id: str | int, words: str) -> None:
        """Write a comment on an order."""
        with self._acting():
            orders.comment(self._shop, self._shop.required(ORDERS, order_id), words)

    def hold_order(self, order_id: str | int) -> None:
        """Put an order on hold."""
        with self._acting():
            orders.hold(self._shop, self._shop.required(ORDERS, order_id))

    def invoice_order(self, order_id: str | int, **asked: JSON) -> Document:
        """Make an invoice of an order and return it; `items` and the rest as the API takes them."""
        with self._acting():
            return invoices.invoice(self._shop, self._shop.required(ORDERS, order_id), asked)

    def ship_order(self, order_id: str | int, **asked: JSON) -> Document:
        """Make a shipment of an order and return it; `items`, `tracks` and the rest as the API takes them."""
        with self._acting():
            return shipments.ship(self._shop, self._shop.required(ORDERS, order_id), asked)

    def credit_order(self, order_id: str | int, **asked: JSON) -> Document:
        """Make a credit memo of an order and return it; `items` and the rest as the API takes them."""
        with self._acting():
            return credit_memos.credit(self._shop, self._shop.required(ORDERS, order_id), asked)

    def set_product(self, product_id: str | int, **changes: JSON) -> Document:
        """Change any attribute of a product, known or new."""
        with self._acting():
            product = self._shop.required(PRODUCTS, product_id)
            self._shop.records.declare(PRODUCTS, changes)
            return products.apply_change(self._shop, product, self._shop.accepted(PRODUCTS, changes), changes)

    def set_stock(self, product_id: str | int, **changes: JSON) -> Document:
        """Change a product's stock item."""
        with self._acting():
            return stock.change(self._shop, self._stock(product_id), changes)

    def delete_product(self, product_id: str | int) -> None:
        """Remove a product and its stock item."""
        with self._acting():
            item = stock.of_product(self._shop, product_id)
            self._shop.records.delete(PRODUCTS, self._shop.required(PRODUCTS, product_id)[PRODUCTS.key])
            if item is not None:
                self._shop.records.delete(STOCK_ITEMS, item[STOCK_ITEMS.key])

    # What can be seen from inside.

    def record(self, resource: str, record_id: str | int) -> Document | None:
        """A record as kept: missing values are None, and nothing is hidden but what the store keeps for itself."""
        with self._lock:
            found = self._shop.records.get(KINDS[resource], record_id)
        return None if found is None else {name: value for name, value in found.items() if not name.startswith("_")}

    def order(self, order_id: str | int) -> Document:
        """An order as kept. Raises ValueError when there is none."""
        found = self.record("orders", order_id)
        if found is None:
            raise ValueError(f"There is no order {order_id}.")
        return found

    def stock(self, product_id: str | int) -> Document:
        """A product's stock item as kept. Raises ValueError when there is none."""
        with self._acting():
            return self._stock(product_id)

    @property
    def outbox(self) -> Sequence[Document]:
        """The e-mails that went out, oldest first: `subject` (order, invitation, comment, shipment, invoice,
        creditmemo), `to`, `about` (the resource's path), `sent_at`, `details`.
        """
        with self._lock:
            return self._shop.records.select(OUTBOX)

    def count(self, resource: str) -> int:
        """How many records of a resource there are."""
        with self._lock:
            return self._shop.records.count(KINDS[resource])

    def set_tokens(self, state: TokenState, token: str | None = None) -> None:
        """Make one token, or every one given out so far, signed or bearer, active, expired or revoked."""
        with self._lock:
            self._access.set_state(state, token)

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self._shop.records.close()

    def _stock(self, product_id: str | int) -> Document:
        item = stock.of_product(self._shop, product_id)
        if item is None:
            raise ValueError(f"There is no stock item of product {product_id}.")
        return item

    @contextmanager
    def _acting(self) -> Generator[None]:
        with self._lock:
            try:
                with self._shop.records.transaction():
                    yield
            except Refused as refused:
                raise ValueError(f"The store says no: {refused}") from refused

    def _answer(self, request: Request) -> Answer:
        refusal = self._edge.refusal(request)
        if refusal is not None:
            return refusal
        if request.path == self.settings.token_path:
            return self._access.grant(request)
        if self._edge.over_quota():
            return self._edge.too_many()
        problem = self._access.problem(request)
        if problem is not None:
            return self._access.answer(problem)
        try:
            handler, call = self._router.find(request)
            _check_accepted(request)
            with self._shop.records.transaction():
                return handler(self._shop, call)
        except Refused as refused:
            return error_answer(refused.faults, self.settings.error_form)

    def _dated(self, answer: Answer) -> Answer:
        date = format_datetime(self.clock.now(), usegmt=True)
        return evolve(answer, headers={**answer.headers, "date": date})


def _check_accepted(request: Request) -> None:
    wanted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    if not any(kind in ("application/json", "application/*", "*/*") for kind in wanted):
        raise Refused(Fault(406, "Server can not generate Accept HTTP headers media type."))
