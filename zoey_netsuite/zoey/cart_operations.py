"""The calls that build a cart and make an order of it, as data.

Source: the calls that integrations of live stores make under `checkout2`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from zoey_netsuite.checks import must_be_id
from zoey_netsuite.http.answers import read_json
from zoey_netsuite.http.operation import JSON, Operation, Response
from zoey_netsuite.zoey.answers import read_created_id
from zoey_netsuite.zoey.operations import Values, body_of, create, update
from zoey_netsuite.zoey.values import write_json

CHECKOUT = "/checkout2"
PLACE_SECONDS = 180.0
"""Making an order of a cart takes a store ten seconds and more."""


class CartOperations:
    """Carts."""

    def create(self) -> Operation[str]:
        """Begin a cart; the result is its id."""
        return create("create cart", f"{CHECKOUT}/cart", None, "carts.create", read_created_id)

    def add_products(self, cart_id: str, quantities: Mapping[str, Decimal | int]) -> Operation[None]:
        """Put products into a cart: how many, by product id."""
        must_be_id("the id of a cart", cart_id)
        products = [{"product_id": id, "qty": quantity} for id, quantity in quantities.items()]
        body = {"cartId": cart_id, "products": write_json(products)}
        return create(
            f"add products to cart {cart_id}", f"{CHECKOUT}/cart_product/add", body, "carts.add_products", _read_true
        )

    def set_customer(self, cart_id: str, customer_id: str, company_location_id: str | None = None) -> Operation[None]:
        """Say who buys, and for which location of their account."""
        must_be_id("the id of a customer", customer_id)
        data: dict[str, JSON] = {"customer_id": customer_id, "mode": "customer"}
        if company_location_id is not None:
            data["company_location_id"] = company_location_id
        return self._put(cart_id, "customer", {"customerData": data})

    def set_addresses(
        self, cart_id: str, billing_address_id: str, shipping_address_id: str | None = None
    ) -> Operation[None]:
        """Say which of the account's addresses are billed and shipped to; by default the same."""
        must_be_id("the id of an address", billing_address_id)
        addresses = [
            {"mode": "billing", "company_address_id": billing_address_id},
            {"mode": "shipping", "company_address_id": shipping_address_id or billing_address_id},
        ]
        return self._put(cart_id, "addresses", {"customerAddressData": addresses})

    def set_payment(self, cart_id: str, method: str) -> Operation[None]:
        """Say how it is paid: `netterm`, `free`, `cryozonic_stripe` …"""
        return self._put(cart_id, "payment", {"method": {"method": method}})

    def set_shipping(self, cart_id: str, method: str) -> Operation[None]:
        """Say how it is shipped: carrier and service, as `flatrate_flatrate`."""
        return self._put(cart_id, "shipping", {"method": method})

    def set_attributes(self, cart_id: str, values: Values) -> Operation[None]:
        """Set attributes of the order to be, such as `po_number`."""
        return self._put(cart_id, "attributes", {"attributeData": body_of(values, f"set attributes of cart {cart_id}")})

    def place(self, cart_id: str) -> Operation[str]:
        """Make an order of a cart; the result is the order's number as the store gives it."""
        must_be_id("the id of a cart", cart_id)
        path = f"{CHECKOUT}/cart_order"
        return create(
            f"place cart {cart_id}", path, {"id": cart_id}, "carts.place", read_created_id, timeout=PLACE_SECONDS
        )

    def _put(self, cart_id: str, part: str, content: Mapping[str, JSON]) -> Operation[None]:
        must_be_id("the id of a cart", cart_id)
        path = f"{CHECKOUT}/cart_{part}"
        return update(f"set {part} of cart {cart_id}", path, {"cartId": cart_id, **content}, f"carts.set_{part}")


def _read_true(response: Response) -> None:
    if read_json(response) not in (True, 1, "1", "true"):
        raise ValueError("it does not say true")
