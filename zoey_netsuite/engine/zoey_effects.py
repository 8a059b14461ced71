"""What syncs have done on Zoey, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from attrs import field, frozen

from zoey_netsuite.engine.codec import digest
from zoey_netsuite.engine.effects import BulkEffect, Clients, Done, Effect, Evidence, Kind
from zoey_netsuite.engine.makes import Makes
from zoey_netsuite.errors import ZoeyNetSuiteError
from zoey_netsuite.state.store import JSON
from zoey_netsuite.zoey import StockChange


@frozen
class AddOrderComment(Makes):
    """Write a comment on a Zoey order, once.

    Attributes:
        order_id: Zoey's entity id of the order.
        comment: the text.
        marker: a piece of text that tells this comment from all others; it is added to the comment, and looked for
            before a second try. Without it a comment whose answer was lost is held for a person.
        notify: whether Zoey e-mails the comment to the buyer.
        link: what the comment becomes one with, by `Comment.id_on(order_id)`. It takes a marker: by that the comment is
            read back once it is written.

    Raises:
        ValueError: a link without a marker.
    """

    stored_as = "zoey-comment"
    formerly = ("zoey_netsuite.engine.zoey_effects:AddOrderComment",)

    order_id: str
    comment: str
    marker: str | None = field(default=None, kw_only=True)
    notify: bool = field(default=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.link is not None and not self.marker:
            raise ValueError(
                "AddOrderComment(link=…) takes a marker=…, by which the comment is found again to be linked"
            )

    @property
    def target(self) -> str:
        """What is made."""
        return "comment"

    @property
    def mark(self) -> str:
        """The marker; without one, what tells the text."""
        return self.marker or digest([self.order_id, self.comment])

    @property
    def evidence(self) -> Evidence:
        """The marker, where there is one."""
        return Evidence.MARKER if self.marker else Evidence.NONE

    @property
    def text(self) -> str:
        """The comment as it is written: with its marker."""
        return self.comment if self.marker is None or self.marker in self.comment else f"{self.comment} {self.marker}"

    def describe(self) -> str:
        """A line for people."""
        return f"comment on Zoey order {self.order_id}: {self.text!r}" + (", e-mailed to the buyer" * self.notify)

    def find(self, clients: Clients) -> Done | None:
        """Look for the marker among the order's comments."""
        if self.marker is None:
            return None
        for comment in clients.zoey.orders.comments(self.order_id):
            if self.marker in (comment.comment or ""):
                return self.done(comment.id_on(self.order_id))
        return None

    def perform(self, clients: Clients) -> Done:
        """Write the comment; one call more where it is to be linked.

        Raises:
            ZoeyNetSuiteError: the order does not show it yet; the engine looks for it again.
        """
        clients.zoey.orders.comment(self.order_id, self.text, notify=self.notify)
        if self.link is None:
            return Done()
        made = self.find(clients)
        if made is None:
            raise ZoeyNetSuiteError(
                f"Zoey order {self.order_id} does not show the comment {self.marker} that was just written, so it is"
                " not linked yet. Nothing needs to be done: it is looked for again."
            )
        return made


@frozen
class SetStock(BulkEffect["SetStock"]):
    """Set what Zoey may sell of a product.

    Attributes:
        stock_item_id: Zoey's stock item.
        product_id: the product it belongs to, for people.
        quantity: what may be sold.
        in_stock: whether it is shown as in stock; None leaves that as it is.
    """

    stored_as = "zoey-stock"
    formerly = ("zoey_netsuite.engine.zoey_effects:SetStock",)

    stock_item_id: str
    quantity: Decimal
    in_stock: bool | None = None
    product_id: str = ""
    sku: str = ""

    @property
    def key(self) -> str:
        """The stock item."""
        return f"stock {self.stock_item_id}"

    def describe(self) -> str:
        """A line for people."""
        shown = "" if self.in_stock is None else ", in stock" if self.in_stock else ", out of stock"
        return f"set stock of Zoey product {self.product_id} (SKU {self.sku}) to {self.quantity}{shown}"

    @classmethod
    def perform_many(cls, effects: Sequence[SetStock], clients: Clients) -> Sequence[Done | ZoeyNetSuiteError]:
        """One bulk call for all."""
        changes = [StockChange(effect.stock_item_id, effect.quantity, effect.in_stock) for effect in effects]
        results = clients.zoey.stock.update_many(changes)
        return [result.error or Done() for result in results]


@frozen
class UpdateOrder(Effect):
    """Bring attributes of a Zoey order to given values.

    Attributes:
        order_id: Zoey's entity id of the order.
        values: by attribute; a `Ref` stands for what an earlier effect gave.
        status: also the order's status, in the merchant's own words; None leaves it. It is written with a comment, as a
            status can't be written by itself, so it is only written where it differs.
        compare: whether the merchant's own attributes are written only where they differ, too, which takes a read.
    """

    stored_as = "zoey-update-order"
    formerly = ("zoey_netsuite.engine.zoey_effects:UpdateOrder",)

    kind = Kind.CONVERGENT
    order_id: str
    values: Mapping[str, JSON] = field(factory=dict[str, JSON])
    status: str | None = None
    compare: bool = field(default=False, kw_only=True)

    @property
    def key(self) -> str:
        """The order."""
        return f"order {self.order_id}"

    def describe(self) -> str:
        """A line for people."""
        values = self.values if self.status is None else {**self.values, "status": self.status}
        wanted = ", ".join(f"{name} to {value}" for name, value in values.items())
        return f"set {wanted} of Zoey order {self.order_id}"

    def perform(self, clients: Clients) -> Done:
        """One call for the attributes, one for the status; one before them where the order is to be read."""
        values = self.values
        told = self.status
        if self.compare or told is not None:
            now = clients.zoey.orders.get(self.order_id)
            told = told if told != now.status else None
            if self.compare:
                values = {name: value for name, value in values.items() if now.custom.get(name) != value}
        if values:
            clients.zoey.orders.update(self.order_id, values)
        if told is not None:
            clients.zoey.orders.comment(self.order_id, "", status=told)
        return Done(changed=bool(values) or told is not None)
