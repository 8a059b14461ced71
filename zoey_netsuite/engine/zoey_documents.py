"""What syncs have made on Zoey's orders, as values: shipments, invoices, credit memos; and the states of an order.

Zoey gives its documents no external id, so each carries a marker in its comment, by which it is found again.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import ClassVar, TypeAlias

from attrs import field, frozen

from zoey_netsuite.engine.effects import Clients, Done, Effect, Evidence, Kind
from zoey_netsuite.engine.makes import Makes
from zoey_netsuite.errors import HeldError
from zoey_netsuite.zoey import Track
from zoey_netsuite.zoey.records import CreditMemo, Invoice, Shipment

Document: TypeAlias = Shipment | Invoice | CreditMemo


@frozen(kw_only=True)
class MarkedDocument(Makes):
    """Makes a document on a Zoey order, once.

    Attributes:
        order_id: Zoey's entity id of the order.
        marker: a piece of text that tells this document from all others ("[NS 4711]"); it stands in its comment.
        items: how many of each order item, by its id; None for all that are left.
        comment: further words for the comment.
        notify: whether Zoey e-mails the buyer.
    """

    what: ClassVar[str] = "document"

    order_id: str
    marker: str
    items: Mapping[str, Decimal] | None = None
    comment: str = ""
    notify: bool = False

    @property
    def target(self) -> str:
        """Which kind of document."""
        return self.what

    @property
    def mark(self) -> str:
        """The marker."""
        return self.marker

    @property
    def evidence(self) -> Evidence:
        """The marker."""
        return Evidence.MARKER

    @property
    def words(self) -> str:
        """The comment as it is written: with its marker."""
        return f"{self.comment} {self.marker}".strip()

    def describe(self) -> str:
        """A line for people."""
        told = ", e-mailed to the buyer" if self.notify else ""
        return f"create a {self.what} of Zoey order {self.order_id} {self.marker}{told}"

    def find(self, clients: Clients) -> Done | None:
        """Look for the marker among the comments of the order's documents."""
        for document in self.listed(clients):
            if any(self.marker in (each.comment or "") for each in document.comments):
                return self.done(document.id)
        return None

    @abstractmethod
    def listed(self, clients: Clients) -> Iterable[Document]:
        """The order's documents of this kind."""


@frozen(kw_only=True)
class CreateShipment(MarkedDocument):
    """Ship a Zoey order, or some of it, once.

    Attributes:
        tracks: the packages' tracking numbers.
    """

    stored_as = "zoey-shipment"
    formerly = ("zoey_netsuite.engine.zoey_documents:CreateShipment",)

    what = "shipment"

    tracks: Sequence[Track] = ()
    notify: bool = True

    def listed(self, clients: Clients) -> Iterable[Document]:
        """The order's shipments."""
        return clients.zoey.orders.shipments(self.order_id)

    def perform(self, clients: Clients) -> Done:
        """One call."""
        made = clients.zoey.shipments.create(
            self.order_id, items=self.items, tracks=self.tracks, comment=self.words, notify=self.notify
        )
        return self.done(made)


@frozen(kw_only=True)
class CreateInvoice(MarkedDocument):
    """Record a payment of a Zoey order, once.

    Attributes:
        capture: whether a card that was authorized is charged; None leaves it to the store.
    """

    stored_as = "zoey-invoice"
    formerly = ("zoey_netsuite.engine.zoey_documents:CreateInvoice",)

    what = "invoice"

    capture: bool | None = None

    def listed(self, clients: Clients) -> Iterable[Document]:
        """The order's invoices."""
        return clients.zoey.orders.invoices(self.order_id)

    def perform(self, clients: Clients) -> Done:
        """One call."""
        made = clients.zoey.invoices.create(
            self.order_id, items=self.items, capture=self.capture, comment=self.words, notify=self.notify
        )
        return self.done(made)


@frozen(kw_only=True)
class CreateCreditMemo(MarkedDocument):
    """Give back what was paid of a Zoey order, once. Amounts are in the order's currency.

    Attributes:
        shipping_amount: what is given back of the shipping cost; None leaves it to the store.
        adjustment_positive: what is given back beyond that.
        adjustment_negative: what is kept as a fee.
    """

    stored_as = "zoey-credit-memo"
    formerly = ("zoey_netsuite.engine.zoey_documents:CreateCreditMemo",)

    what = "credit memo"

    shipping_amount: Decimal | None = None
    adjustment_positive: Decimal | None = None
    adjustment_negative: Decimal | None = None

    def listed(self, clients: Clients) -> Iterable[Document]:
        """The order's credit memos."""
        return clients.zoey.orders.credit_memos(self.order_id)

    def perform(self, clients: Clients) -> Done:
        """One call."""
        made = clients.zoey.credit_memos.create(
            self.order_id,
            items=self.items,
            shipping_amount=self.shipping_amount,
            adjustment_positive=self.adjustment_positive,
            adjustment_negative=self.adjustment_negative,
            comment=self.words,
            notify=self.notify,
        )
        return self.done(made)


@frozen
class CancelOrder(Effect):
    """Cancel a Zoey order that nothing came of. It is read again right before.

    Attributes:
        order_id: Zoey's entity id of the order.
    """

    stored_as = "zoey-cancel"
    formerly = ("zoey_netsuite.engine.zoey_documents:CancelOrder",)

    kind = Kind.CONVERGENT

    order_id: str

    @property
    def key(self) -> str:
        """The order."""
        return f"cancel {self.order_id}"

    def describe(self) -> str:
        """A line for people."""
        return f"cancel Zoey order {self.order_id}"

    def perform(self, clients: Clients) -> Done:
        """Read, then one call if it is not canceled yet.

        Raises:
            HeldError: it is paid, shipped or closed: a paid order takes a credit memo (Zoey: Orders).
        """
        order = clients.zoey.orders.get(self.order_id)
        if order.state == "canceled":
            return Done(changed=False)
        if order.state in ("complete", "closed") or (order.total_paid or 0) > 0:
            raise HeldError(
                f"Zoey order {order.increment_id} (id {order.id}) is {order.state} and {order.total_paid or 0} of it is"
                " paid, so it can't be canceled: it takes a credit memo. Nothing was changed.",
                cause="paid already",
            )
        clients.zoey.orders.cancel(self.order_id)
        return Done()


@frozen
class HoldOrder(Effect):
    """Put a Zoey order on hold, or release it.

    Attributes:
        order_id: Zoey's entity id of the order.
        held: whether it is to be on hold.
    """

    stored_as = "zoey-hold"
    formerly = ("zoey_netsuite.engine.zoey_documents:HoldOrder",)

    kind = Kind.CONVERGENT

    order_id: str
    held: bool = field(default=True, kw_only=True)

    @property
    def key(self) -> str:
        """The order."""
        return f"hold {self.order_id}"

    def describe(self) -> str:
        """A line for people."""
        return f"put Zoey order {self.order_id} on hold" if self.held else f"release Zoey order {self.order_id}"

    def perform(self, clients: Clients) -> Done:
        """Read, then one call if it is not so yet."""
        if (clients.zoey.orders.get(self.order_id).state == "holded") is self.held:
            return Done(changed=False)
        call = clients.zoey.orders.hold if self.held else clients.zoey.orders.unhold
        call(self.order_id)
        return Done()
