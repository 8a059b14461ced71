"""A user's program: orders with a field of the merchant's own and a guest rule of their own."""

from collections.abc import Sequence
from datetime import UTC, datetime

from zoey_netsuite import (
    CreateCustomer,
    FirstOf,
    Found,
    GuestStrategy,
    Hold,
    Lookup,
    Order,
    OrderMapper,
    OrderSync,
    Pass,
    Table,
    Use,
    computed,
)


class MatchTaxNumber(GuestStrategy):
    def needs(self, order: Order) -> Sequence[Lookup]:
        number = order.custom.get("tax_number")
        return [Lookup.netsuite("customer", "custentity_tax_number", number)] if number else []

    def decide(self, order: Order, found: Found) -> Use | Hold | Pass:
        customers = [row for lookup in self.needs(order) for row in found[lookup]]
        if len(customers) > 1:
            return Hold(f"{len(customers)} customers share tax number {order.custom['tax_number']}")
        return Use(customers[0]["id"]) if customers else Pass()


mapper = OrderMapper(
    ship_methods=Table({"flatrate_flatrate": "92", "ups_ground": "4"}, otherwise="88"),
    fields=[computed("custbody_needs_call", lambda order, ctx: order.total.amount > 10_000)],
)
orders = OrderSync(
    start_at=datetime(2026, 3, 1, tzinfo=UTC), guests=FirstOf(MatchTaxNumber(), CreateCustomer()), mapper=mapper
)
