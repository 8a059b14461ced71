"""A mapper of one's own: what each open Zoey order would be as a sales order. It reads, and writes nothing.

Subscriptions are booked on one NetSuite item, whatever the product; a delivery date and a flag go to fields of the
merchant's own. Credentials come from the environment; `ZOEY_URL` is the store's address, or a sandbox's.
"""

import json
import os

from zoey_netsuite import (
    MapContext,
    MappingError,
    OrderLine,
    OrderMapper,
    Table,
    ZoeyClient,
    as_date,
    attribute,
    computed,
    constant,
    everything,
    field,
    zoey,
)

SUBSCRIPTION = "9001"


class Mapper(OrderMapper):
    """The library's, but for what a subscription is."""

    def item(self, line: OrderLine, ctx: MapContext) -> str | None:
        """The NetSuite item of a line."""
        if (line.sku or "").startswith("SUB-"):
            return SUBSCRIPTION
        return super().item(line, ctx)


mapper = Mapper(
    ship_methods=Table({"flatrate_flatrate": "92", "ups_ground": "4"}, otherwise="88"),
    terms=Table({"netterm": "2"}, otherwise="4"),
    currencies=Table({"USD": "1"}),
    discount_item="15",
    fields=[
        field("custbody_delivery", attribute("delivery_date"), convert=as_date),
        computed("custbody_needs_call", lambda order, ctx: order.total.amount > 10_000),
        constant("location", {"id": "1"}),
    ],
    line_fields=[field("custcol_engraving", attribute("engraving"))],
)


def main() -> None:
    with ZoeyClient(os.environ["ZOEY_URL"], zoey.OAuth1Auth.from_env()) as shop:
        for record in shop.orders.list(state=zoey.in_(["new", "processing"])):
            order = mapper.from_zoey(record, MapContext())
            # An OrderSync looks up in bulk what the mapper needs; here it is the orders' products only.
            found = {
                lookup: list(shop.find(lookup.type, lookup.field, [lookup.value])) for lookup in mapper.needs(order)
            }
            try:
                payload = mapper.to_netsuite(order, everything(order), MapContext(found=found))
            except MappingError as problem:
                print(f"held: {problem}")
            else:
                print(f"{order.number}: {json.dumps(payload, indent=2, default=str)}")


if __name__ == "__main__":
    main()
