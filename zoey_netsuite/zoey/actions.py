"""The calls that Zoey does not publish, in one place to be overridden.

Every method gives a call as data, the one assumed by default after Magento's REST API. Where a store takes another,
subclass `ZoeyActions`, override the method, and hand an instance to the client.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from zoey_netsuite.http.operation import JSON, Operation
from zoey_netsuite.zoey.answers import read_created_id, read_nothing
from zoey_netsuite.zoey.operations import Values, body_of, create, path_of, update
from zoey_netsuite.zoey.records.documents import CreditMemo, Invoice, Shipment, Track
from zoey_netsuite.zoey.records.orders import Comment
from zoey_netsuite.zoey.resources import (
    ACCOUNTS,
    CREDIT_MEMOS,
    INVOICES,
    ORDER_COMMENTS,
    ORDERS,
    SHIPMENTS,
    Resource,
)
from zoey_netsuite.zoey.values import write_json

Quantities = Mapping[str, Decimal | int]
"""How many of each order item (its id), in its own unit."""


class ZoeyActions:
    """The calls that are not public. All of them are assumed."""

    shipments: Resource[Shipment] = SHIPMENTS
    invoices: Resource[Invoice] = INVOICES
    credit_memos: Resource[CreditMemo] = CREDIT_MEMOS

    def update_account(self, account_id: str, values: Values) -> Operation[None]:
        """Bring an account's fields to given values."""
        action = f"update account {account_id}"
        body = {"companyData": {**body_of(values, action), "id": account_id}}
        path_of(ACCOUNTS.path, account_id)
        return update(action, "/companyAccounts/account", body, "accounts.update")

    def update_order(self, order_id: str, values: Values) -> Operation[None]:
        """Bring an order's attributes to given values."""
        action = f"set {', '.join(values)} of order {order_id}"
        return update(action, path_of(ORDERS.path, order_id), body_of(values, action), "orders.update")

    def comment_order(
        self, order_id: str, comment: str, *, status: str | None = None, notify: bool = False
    ) -> Operation[None]:
        """Write a comment into an order's history, and e-mail it to the buyer if `notify`."""
        body: dict[str, JSON] = {"comment": comment, "is_customer_notified": int(notify)}
        if status is not None:
            body["status"] = status
        path = path_of(ORDERS.path, order_id, "comments")
        return create(f"comment on order {order_id}", path, body, "orders.comment", read_nothing)

    def order_comments(self, order_id: str) -> Resource[Comment]:
        """Where an order's comments are listed."""
        return ORDER_COMMENTS.below(path_of(ORDERS.path, order_id, "comments"), f"comments of order {order_id}")

    def hold_order(self, order_id: str) -> Operation[None]:
        """Put an order on hold."""
        return self._order_action(order_id, "hold")

    def unhold_order(self, order_id: str) -> Operation[None]:
        """Release an order from hold."""
        return self._order_action(order_id, "unhold")

    def cancel_order(self, order_id: str) -> Operation[None]:
        """Cancel an order; a paid one cannot be, it takes a credit memo."""
        return self._order_action(order_id, "cancel")

    def create_shipment(
        self,
        order_id: str,
        *,
        items: Quantities | None = None,
        tracks: Sequence[Track] = (),
        comment: str | None = None,
        notify: bool = True,
    ) -> Operation[str]:
        """Ship an order's items, all that are left if none are named; the result is the shipment's id."""
        packages = [
            {"carrier_code": track.carrier_code or "custom", "title": track.title or "", "track_number": number}
            for track in tracks
            if (number := track.track_number)
        ]
        return self._document(order_id, "shipments", items, comment, notify, {"tracks": packages} if packages else {})

    def create_invoice(
        self,
        order_id: str,
        *,
        items: Quantities | None = None,
        capture: bool | None = None,
        comment: str | None = None,
        notify: bool = False,
    ) -> Operation[str]:
        """Record a payment, of all that is left if no items are named; the result is the invoice's id.

        Args:
            capture: whether an authorised card is charged; None leaves it to the store.
        """
        more: dict[str, object] = {} if capture is None else {"capture": capture}
        return self._document(order_id, "invoices", items, comment, notify, more)

    def create_credit_memo(
        self,
        order_id: str,
        *,
        items: Quantities | None = None,
        shipping_amount: Decimal | None = None,
        adjustment_positive: Decimal | None = None,
        adjustment_negative: Decimal | None = None,
        comment: str | None = None,
        notify: bool = False,
    ) -> Operation[str]:
        """Give back what was paid, all of it if no items are named; the result is the credit memo's id.

        Amounts are in the order's currency; None leaves one to the store.
        """
        amounts = {
            "shipping_amount": shipping_amount,
            "adjustment_positive": adjustment_positive,
            "adjustment_negative": adjustment_negative,
        }
        given = {name: amount for name, amount in amounts.items() if amount is not None}
        return self._document(order_id, "creditmemos", items, comment, notify, given)

    def order_shipments(self, order_id: str) -> Resource[Shipment]:
        """Where an order's shipments are listed."""
        return self.shipments.below(path_of(ORDERS.path, order_id, "shipments"), f"shipments of order {order_id}")

    def order_invoices(self, order_id: str) -> Resource[Invoice]:
        """Where an order's invoices are listed."""
        return self.invoices.below(path_of(ORDERS.path, order_id, "invoices"), f"invoices of order {order_id}")

    def order_credit_memos(self, order_id: str) -> Resource[CreditMemo]:
        """Where an order's credit memos are listed."""
        return self.credit_memos.below(
            path_of(ORDERS.path, order_id, "creditmemos"), f"credit memos of order {order_id}"
        )

    def _order_action(self, order_id: str, action: str) -> Operation[None]:
        path = path_of(ORDERS.path, order_id, action)
        return create(f"{action} order {order_id}", path, None, f"orders.{action}", read_nothing)

    def _document(
        self,
        order_id: str,
        path: str,
        items: Quantities | None,
        comment: str | None,
        notify: bool,
        more: Mapping[str, object],
    ) -> Operation[str]:
        body: dict[str, object] = {**more, "notify": notify}
        if items is not None:
            body["items"] = [{"order_item_id": id, "qty": quantity} for id, quantity in items.items()]
        if comment:
            body["comment"] = comment
        kind = {"creditmemos": "credit_memos"}.get(path, path)
        noun = {"shipments": "a shipment", "invoices": "an invoice"}.get(path, "a credit memo")
        return create(
            f"create {noun} for order {order_id}",
            path_of(ORDERS.path, order_id, path),
            write_json(body),
            f"{kind}.create",
            read_created_id,
        )
