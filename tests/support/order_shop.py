"""A merchant with every sort of product that an order can hold, on both sandboxed systems over real HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from attrs import evolve

from zoey_netsuite import (
    Clients,
    Limits,
    MapContext,
    NetSuiteClient,
    Order,
    OrderMapper,
    Record,
    ZoeyAttributes,
    ZoeyClient,
    everything,
    netsuite,
    zoey,
)
from zoey_netsuite.engine.lookups import look_up
from zoey_netsuite.sandbox import NetSuiteSettings, Sandbox, ZoeySettings
from zoey_netsuite.zoey import records

CUSTOMER, DISCOUNT, FREIGHT, SURCHARGE = "501", "31", "32", "33"
SIMPLE, VARIANT, PART, UNMAPPED, CONFIGURABLE, KIT, BUNDLE = "101", "102", "103", "104", "111", "112", "113"
"""Zoey's products: KIT is a bundle with a NetSuite item of its own, BUNDLE is one without."""

CURRENCIES = {"USD": "1", "EUR": "2", "GBP": "3"}

SEED: dict[str, Any] = {
    "netsuite": {
        "currency": [
            {"id": id, "name": name, "symbol": symbol, "currencyPrecision": 2}
            for id, name, symbol in (("2", "Euro", "EUR"), ("3", "British Pound", "GBP"))
        ],
        "location": [{"id": "1", "name": "Main"}],
        "shipItem": [{"id": "4", "itemId": "UPS Ground"}, {"id": "88", "itemId": "Other"}],
        "inventoryItem": [{"id": id, "itemId": f"ITEM-{id}", "basePrice": 999} for id in (11, 12, 13)],
        "kitItem": [
            {"id": "21", "itemId": "KIT", "basePrice": 999, "member": {"items": [{"item": "13", "quantity": 2}]}}
        ],
        "discountItem": [{"id": DISCOUNT, "itemId": "Discount", "rate": -50}],
        "otherChargeSaleItem": [{"id": FREIGHT, "itemId": "Freight"}, {"id": SURCHARGE, "itemId": "Handling"}],
        "customer": [
            {
                "id": CUSTOMER,
                "companyName": "Ridgeline",
                "subsidiary": "1",
                "terms": "2",
                "currencyList": {"items": [{"currency": id} for id in CURRENCIES.values()]},
            }
        ],
        "custom_fields": [
            {"name": "custbody_delivery", "type": "date"},
            {"name": "custbody_source", "type": "text"},
            {"name": "custbody_large", "type": "boolean"},
            {"name": "custcol_note", "type": "text"},
        ],
    },
    "zoey": {
        "attributes": {"products": ["erp_item"], "orders": ["delivery_date", "handling_amount"]},
        "products": [
            {"entity_id": SIMPLE, "sku": "SIMPLE", "price": "10.00", "erp_item": "11"},
            {"entity_id": VARIANT, "sku": "VARIANT", "price": "20.00", "erp_item": " 12 "},
            {"entity_id": PART, "sku": "PART", "price": "3.00", "erp_item": "13"},
            {"entity_id": UNMAPPED, "sku": "UNMAPPED", "price": "4.00", "erp_item": ""},
            {"entity_id": CONFIGURABLE, "sku": "CONF", "type_id": "configurable", "price": "20.00", "erp_item": ""},
            {"entity_id": KIT, "sku": "KIT", "type_id": "bundle", "price": "50.00", "erp_item": "21"},
            {"entity_id": BUNDLE, "sku": "BUNDLE", "type_id": "bundle", "price": "60.00", "erp_item": ""},
        ],
        "customers": [{"entity_id": 1, "firstname": "Maria", "lastname": "Vega", "email": "maria@example.com"}],
    },
}


class OrderShop:
    """Both systems and both clients. A context manager."""

    def __init__(self, **account: Any) -> None:
        self.sandbox = Sandbox(
            netsuite=NetSuiteSettings(**account), zoey=ZoeySettings(requests_per_second=None), seed=SEED
        )

    def __enter__(self) -> Self:
        self.sandbox.start()
        door, shop = self.sandbox.netsuite.access, self.sandbox.zoey.access
        token = netsuite.TokenAuth(door.consumer_key, door.consumer_secret, door.token_id, door.token_secret)
        oauth = zoey.OAuth1Auth(shop.consumer_key, shop.consumer_secret, shop.token, shop.token_secret)
        self.attributes = ZoeyAttributes(netsuite_id="erp_item")
        self.erp = NetSuiteClient(door.account_id, token, base_url=self.sandbox.netsuite.url, limiter=Limits())
        self.shop = ZoeyClient(self.sandbox.zoey.url, oauth, limiter=Limits(), attributes=self.attributes)
        return self

    def __exit__(self, *_: object) -> None:
        self.erp.close()
        self.shop.close()
        self.sandbox.close()

    def place(self, items: Sequence[Mapping[str, Any]], **header: Any) -> str:
        """A buyer places an order; its id."""
        with self.sandbox.zoey.acting() as app:
            return str(app.place_order(items, **header)["entity_id"])

    def read(self, order_id: str, mapper: OrderMapper, *, parts: Sequence[str] = ()) -> Order:
        """An order as the Zoey client and the mapper read it, its bundles with these prices of parts."""
        return mapper.from_zoey(with_parts(self.shop.orders.get(order_id), parts), self.context())

    def context(self, **given: Any) -> MapContext:
        return MapContext(attributes=self.attributes, **given)

    def found(self, order: Order, mapper: OrderMapper, **given: Any) -> MapContext:
        """A context with what the mapper asks to be looked up, over HTTP."""
        return self.context(found=look_up(mapper.needs(order), Clients(self.erp, self.shop)), **given)

    def payload(self, order: Order, mapper: OrderMapper, **given: Any) -> dict[str, Any]:
        """The new sales order, as the mapper makes it."""
        return mapper.to_netsuite(order, everything(order), self.found(order, mapper, **given))

    def create(self, order: Order, payload: Mapping[str, Any]) -> Record:
        """The sales order, made and read back."""
        own = {"entity": {"id": CUSTOMER}, "externalId": f"acme-order-{order.zoey_id}"}
        return self.erp.record("salesOrder", self.erp.create("salesOrder", {**payload, **own}))

    def shown_total(self, order_id: str) -> Decimal:
        """What the buyer was shown, from the store's own record."""
        with self.sandbox.zoey.acting() as app:
            return Decimal(app.order(order_id)["grand_total"])


def with_parts(order: records.Order, prices: Sequence[str]) -> records.Order:
    """The order with more parts in its bundles, each twice to a bundle and at its own price (total 0: a fixed price).

    The store of the sandbox takes one part to a bundle only.
    """
    items: list[records.OrderItem] = []
    bundles = {item.id for item in order.order_items or () if item.product_type == "bundle"}
    for item in order.order_items or ():
        if item.parent_item_id not in bundles or not prices:
            items.append(item)
            continue
        for number, price in enumerate(prices):
            quantity = (item.qty_ordered or Decimal(1)) * 2
            total = (Decimal(price) * quantity).quantize(Decimal("0.01"))
            part = evolve(item, id=f"{item.id}-{number}", price=Decimal(price), qty_ordered=quantity, row_total=total)
            items.append(part)
    return evolve(order, order_items=tuple(items))
