"""The calls for orders and for what follows them (shipments, invoices, credit memos), as data."""

from __future__ import annotations

from attrs import field, frozen

from zoey_netsuite.http.operation import Operation, Pages
from zoey_netsuite.zoey.actions import ZoeyActions
from zoey_netsuite.zoey.operations import ReadOperations, Values, path_of
from zoey_netsuite.zoey.records.documents import CreditMemo, Invoice, Shipment
from zoey_netsuite.zoey.records.orders import Comment, Order, OrderAddress, OrderItem
from zoey_netsuite.zoey.resources import ORDER_ADDRESSES, ORDER_ITEMS


@frozen
class OrderOperations(ReadOperations[Order]):
    """Orders. They are created by converting a cart."""

    actions: ZoeyActions = field(factory=ZoeyActions)

    def items(self, order_id: str) -> Pages[OrderItem]:
        """Read an order's lines."""
        path = path_of(self.resource.path, order_id, "items")
        return ReadOperations(ORDER_ITEMS.below(path, f"items of order {order_id}"), self.behavior).list({})

    def addresses(self, order_id: str) -> Pages[OrderAddress]:
        """Read an order's addresses."""
        path = path_of(self.resource.path, order_id, "addresses")
        return ReadOperations(ORDER_ADDRESSES.below(path, f"addresses of order {order_id}"), self.behavior).list({})

    def comments(self, order_id: str) -> Pages[Comment]:
        """Read an order's comments."""
        return ReadOperations(self.actions.order_comments(order_id), self.behavior).list({})

    def comment(
        self, order_id: str, comment: str, *, status: str | None = None, notify: bool = False
    ) -> Operation[None]:
        """Write a comment into an order's history."""
        return self.actions.comment_order(order_id, comment, status=status, notify=notify)

    def update(self, id: str, values: Values) -> Operation[None]:
        """Bring an order's attributes to given values."""
        return self.actions.update_order(id, values)

    def cancel(self, order_id: str) -> Operation[None]:
        """Cancel an order."""
        return self.actions.cancel_order(order_id)

    def hold(self, order_id: str) -> Operation[None]:
        """Put an order on hold."""
        return self.actions.hold_order(order_id)

    def unhold(self, order_id: str) -> Operation[None]:
        """Release an order from hold."""
        return self.actions.unhold_order(order_id)

    def shipments(self, order_id: str) -> Pages[Shipment]:
        """Read an order's shipments."""
        return ReadOperations(self.actions.order_shipments(order_id), self.behavior).list({})

    def invoices(self, order_id: str) -> Pages[Invoice]:
        """Read an order's invoices."""
        return ReadOperations(self.actions.order_invoices(order_id), self.behavior).list({})

    def credit_memos(self, order_id: str) -> Pages[CreditMemo]:
        """Read an order's credit memos."""
        return ReadOperations(self.actions.order_credit_memos(order_id), self.behavior).list({})
