"""The store as one application: from request to answer, with what a person in its admin or a buyer can do."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from email.utils import format_datetime

from attrs import evolve

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import JSON, Answer, Refusal, Request
from zoey_netsuite.sandbox.zoey import products, seeding, stock
from zoey_netsuite.sandbox.zoey.access import Access
from zoey_netsuite.sandbox.zoey.edge import Edge
from zoey_netsuite.sandbox.zoey.errors import Fault, Refused, error_answer
from zoey_netsuite.sandbox.zoey.kinds import KINDS
from zoey_netsuite.sandbox.zoey.records import Records
from zoey_netsuite.sandbox.zoey.rendering import Rendering
from zoey_netsuite.sandbox.zoey.routing import Router
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings
from zoey_netsuite.sandbox.zoey.shop import Shop

_ROUTES = (*products.ROUTES, *stock.ROUTES)


class ZoeyApp:
    """A Zoey store.

    Args:
        settings: how it behaves, and who is let in.
        clock: its time of day.
        database: the file that it keeps its records in, or ":memory:".
    """

    def __init__(
        self, settings: ZoeySettings | None = None, clock: SandboxClock | None = None, database: str = ":memory:"
    ) -> None:
        self.settings = settings or ZoeySettings()
        self.clock = clock or SandboxClock()
        self._lock = threading.RLock()
        self.access = Access(self.settings, self.clock.now)
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
        return self._dated(self.access.refuse(problem))

    def seed(self, data: Mapping[str, JSON]) -> None:
        """Put records in, besides those that are there.

        Ids are optional everywhere, and attributes that the store has no name for become the merchant's own.

        Args:
            data: lists of records by resource: `products`, `stockitems`. `attributes` declares the merchant's own, by
                resource: `{"products": ["netsuite_id"]}`.

        Raises:
            ValueError: for a resource that the store does not have, and for an id that is taken.
        """
        with self._lock, self._shop.records.transaction():
            seeding.seed_attributes(self._shop, data.get("attributes", {}))
            seeding.seed_products(self._shop, data.get("products", ()), data.get("stockitems", ()))

    def count(self, resource: str) -> int:
        """How many records of a resource there are."""
        with self._lock:
            return self._shop.records.count(KINDS[resource])

    def stock(self, product_id: str | int) -> Mapping[str, JSON]:
        """A product's stock item, as kept. Raises KeyError when there is none."""
        with self._lock:
            item = stock.of_product(self._shop, product_id)
        if item is None:
            raise KeyError(f"There is no stock item of product {product_id}.")
        return item

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self._shop.records.close()

    def _answer(self, request: Request) -> Answer:
        refusal = self._edge.refusal(request)
        if refusal is not None:
            return refusal
        if request.path == self.settings.token_path:
            return self.access.grant(request)
        if self._edge.over_quota():
            return self._edge.too_many()
        problem = self.access.problem(request)
        if problem is not None:
            return self.access.answer(problem)
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
