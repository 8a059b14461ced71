"""What the blocking client offers for orders, carts and documents. Each method hands one operation to the client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from zoey_netsuite.zoey import resources
from zoey_netsuite.zoey.actions import Quantities, ZoeyActions
from zoey_netsuite.zoey.cart_operations import CartOperations
from zoey_netsuite.zoey.groups import Group
from zoey_netsuite.zoey.listings import Execute, Records
from zoey_netsuite.zoey.operations import ReadOperations, Values
from zoey_netsuite.zoey.order_operations import OrderOperations
from zoey_netsuite.zoey.records import (
    Comment,
    CreditMemo,
    Invoice,
    Order,
    OrderAddress,
    OrderItem,
    Shipment,
    Track,
)
from zoey_netsuite.zoey.settings import ZoeyBehavior


class Orders(Group[Order]):
    """Orders. They are created by placing a cart."""

    def __init__(self, execute: Execute, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._operations = OrderOperations(resources.ORDERS, behavior, actions)
        super().__init__(execute, self._operations)

    def update(self, id: str, values: Values) -> None:
        """Bring an order's attributes to given values."""
        self._execute(self._operations.update(id, values))

    def cancel(self, order_id: str) -> None:
        """Cancel an order; a paid one cannot be, it takes a credit memo."""
        self._execute(self._operations.cancel(order_id))

    def hold(self, order_id: str) -> None:
        """Put an order on hold."""
        self._execute(self._operations.hold(order_id))

    def unhold(self, order_id: str) -> None:
        """Release an order from hold."""
        self._execute(self._operations.unhold(order_id))

    def comment(self, order_id: str, comment: str, *, status: str | None = None, notify: bool = False) -> None:
        """Write a comment into an order's history.

        Args:
            order_id: Zoey's entity id.
            comment: its words.
            status: the order's new status, within its state.
            notify: whether the buyer is e-mailed.
        """
        self._execute(self._operations.comment(order_id, comment, status=status, notify=notify))

    def comments(self, order_id: str) -> Records[Comment]:
        """An order's history."""
        return Records(self._operations.comments(order_id), self._execute)

    def items(self, order_id: str) -> Records[OrderItem]:
        """An order's lines."""
        return Records(self._operations.items(order_id), self._execute)

    def addresses(self, order_id: str) -> Records[OrderAddress]:
        """An order's addresses."""
        return Records(self._operations.addresses(order_id), self._execute)

    def shipments(self, order_id: str) -> Records[Shipment]:
        """An order's shipments."""
        return Records(self._operations.shipments(order_id), self._execute)

    def invoices(self, order_id: str) -> Records[Invoice]:
        """An order's invoices."""
        return Records(self._operations.invoices(order_id), self._execute)

    def credit_memos(self, order_id: str) -> Records[CreditMemo]:
        """An order's credit memos."""
        return Records(self._operations.credit_memos(order_id), self._execute)


class Shipments(Group[Shipment]):
    """What was sent."""

    def __init__(self, execute: Execute, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._actions = actions
        super().__init__(execute, ReadOperations(actions.shipments, behavior))

    def create(
        self,
        order_id: str,
        *,
        items: Quantities | None = None,
        tracks: Sequence[Track] = (),
        comment: str | None = None,
        notify: bool = True,
    ) -> str:
        """Ship an order and give the shipment's id.

        Args:
            order_id: Zoey's entity id.
            items: how many of each order item, by its id; None for all that are left.
            tracks: the packages' tracking numbers.
            comment: written into the shipment.
            notify: whether the buyer is e-mailed.
        """
        return self._execute(
            self._actions.create_shipment(order_id, items=items, tracks=tracks, comment=comment, notify=notify)
        )


class Invoices(Group[Invoice]):
    """Records of payment."""

    def __init__(self, execute: Execute, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._actions = actions
        super().__init__(execute, ReadOperations(actions.invoices, behavior))

    def create(
        self,
        order_id: str,
        *,
        items: Quantities | None = None,
        capture: bool | None = None,
        comment: str | None = None,
        notify: bool = False,
    ) -> str:
        """Record a payment of an order and give the invoice's id.

        Args:
            order_id: Zoey's entity id.
            items: how many of each order item, by its id; None for all that are left.
            capture: whether a card that was authorized is charged; None leaves it to the store.
            comment: written into the invoice.
            notify: whether the buyer is e-mailed.
        """
        return self._execute(
            self._actions.create_invoice(order_id, items=items, capture=capture, comment=comment, notify=notify)
        )


class CreditMemos(Group[CreditMemo]):
    """What was given back."""

    def __init__(self, execute: Execute, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._actions = actions
        super().__init__(execute, ReadOperations(actions.credit_memos, behavior))

    def create(
        self,
        order_id: str,
        *,
        items: Quantities | None = None,
        shipping_amount: Decimal | None = None,
        adjustment_positive: Decimal | None = None,
        adjustment_negative: Decimal | None = None,
        comment: str | None = None,
        notify: bool = False,
    ) -> str:
        """Give back what was paid for an order and give the credit memo's id.

        Amounts are in the order's currency; None leaves one to the store.

        Args:
            order_id: Zoey's entity id.
            items: how many of each order item, by its id; None for all.
            shipping_amount: what is given back of the shipping cost.
            adjustment_positive: what is given back beyond that.
            adjustment_negative: what is kept as a fee.
            comment: written into the credit memo.
            notify: whether the buyer is e-mailed.
        """
        return self._execute(
            self._actions.create_credit_memo(
                order_id,
                items=items,
                shipping_amount=shipping_amount,
                adjustment_positive=adjustment_positive,
                adjustment_negative=adjustment_negative,
                comment=comment,
                notify=notify,
            )
        )


class Carts:
    """Carts, which become orders."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute
        self._operations = CartOperations()

    def create(self) -> str:
        """Begin a cart and give its id."""
        return self._execute(self._operations.create())

    def add_products(self, cart_id: str, quantities: Mapping[str, Decimal | int]) -> None:
        """Put products into a cart: how many, by product id."""
        self._execute(self._operations.add_products(cart_id, quantities))

    def set_customer(self, cart_id: str, customer_id: str, company_location_id: str | None = None) -> None:
        """Say who buys, and for which location of their account."""
        self._execute(self._operations.set_customer(cart_id, customer_id, company_location_id))

    def set_addresses(self, cart_id: str, billing_address_id: str, shipping_address_id: str | None = None) -> None:
        """Say which of the account's addresses are billed and shipped to; by default the same."""
        self._execute(self._operations.set_addresses(cart_id, billing_address_id, shipping_address_id))

    def set_payment(self, cart_id: str, method: str) -> None:
        """Say how it is paid: `netterm`, `free`, `cryozonic_stripe` …"""
        self._execute(self._operations.set_payment(cart_id, method))

    def set_shipping(self, cart_id: str, method: str) -> None:
        """Say how it is shipped: carrier and service, as `flatrate_flatrate`."""
        self._execute(self._operations.set_shipping(cart_id, method))

    def set_attributes(self, cart_id: str, values: Values) -> None:
        """Set attributes of the order to be, such as `po_number`."""
        self._execute(self._operations.set_attributes(cart_id, values))

    def place(self, cart_id: str) -> str:
        """Make an order of a cart and give its number. It takes a store ten seconds and more."""
        return self._execute(self._operations.place(cart_id))
