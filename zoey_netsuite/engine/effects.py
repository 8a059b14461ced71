"""Effects: what a sync wants done on a remote system, as values.

There are two kinds. A *once* effect makes something and has a deterministic key: the journal says *started* before and
*done* after, and one that is found started is looked for on the remote side before anything else. A *convergent* effect
brings something to a state: repeating it is harmless, and it is computed anew rather than replayed.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast

from attrs import field, frozen

from zoey_netsuite.engine.codec import digest
from zoey_netsuite.errors import ZoeyNetSuiteError
from zoey_netsuite.netsuite import NetSuiteClient
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.store import JSON
from zoey_netsuite.zoey import StockChange, ZoeyClient

B = TypeVar("B", bound="BulkEffect[Any]")


class Kind(enum.Enum):
    """What repeating an effect would do."""

    ONCE = "once"
    CONVERGENT = "convergent"


class Evidence(enum.Enum):
    """How a once effect can be found on the remote side after its answer was lost."""

    EXTERNAL_ID = "external id"
    """The remote system refuses a second one with the same id."""
    MARKER = "marker"
    """Something written into the record tells it: looked for before it is tried again."""
    NONE = "none"
    """Nothing tells it: after a lost answer it is never tried again, a person decides (at most once)."""


@frozen
class Clients:
    """The two systems, for effects to be performed on."""

    netsuite: NetSuiteClient
    zoey: ZoeyClient


@frozen
class Done:
    """What came of an effect.

    Attributes:
        result: what it made (an id, mostly).
        changed: False when the other side was already so.
        links: pairs that are known from now on.
    """

    result: JSON = None
    changed: bool = True
    links: Sequence[Link] = ()


class Effect(ABC):
    """Something to be done, as a value. Subclasses are frozen attrs classes that cattrs can turn into JSON.

    Class attributes:
        kind: once or convergent.
        system: which system it writes to.
    """

    kind: ClassVar[Kind] = Kind.ONCE
    system: ClassVar[Literal["netsuite", "zoey"]] = "zoey"

    @property
    @abstractmethod
    def key(self) -> str:
        """Names the effect within its unit, the same whenever it is computed for the same purpose."""

    @property
    def evidence(self) -> Evidence:
        """How it can be found after its answer was lost."""
        return Evidence.NONE

    @abstractmethod
    def describe(self) -> str:
        """What it does, in a line for people, naming the record."""

    def find(self, clients: Clients) -> Done | None:
        """Look on the remote side whether it has happened. None: no trace of it.

        Called for a *started* once effect whose outcome is open, and when an effect with an external id is refused
        because that id exists: give `Done` only if the record found is the one that this effect makes.
        """
        return None

    @abstractmethod
    def perform(self, clients: Clients) -> Done:
        """Do it.

        Raises:
            APIError: refused.
            OutcomeUnknown: sent, and the answer was lost.
        """


class BulkEffect(Effect, Generic[B]):
    """A convergent effect of which many go out in one call: `class SetColor(BulkEffect["SetColor"])`."""

    kind: ClassVar[Kind] = Kind.CONVERGENT

    @classmethod
    @abstractmethod
    def perform_many(cls, effects: Sequence[B], clients: Clients) -> Sequence[Done | ZoeyNetSuiteError]:
        """Do them all; for each, in order, what came of it."""

    def perform(self, clients: Clients) -> Done:
        """Do this one alone."""
        (outcome,) = self.perform_many([cast("B", self)], clients)
        if isinstance(outcome, ZoeyNetSuiteError):
            raise outcome
        return outcome


def line_for_people(effect: Effect) -> str:
    """What an effect says of itself; its name where the user's code fails even at that."""
    try:
        return effect.describe()
    except Exception as error:  # noqa: BLE001 - the user's code: a line for people must not stop the work
        return f"{type(effect).__name__} (its describe() failed: {type(error).__name__}: {error})"


@frozen
class AddOrderComment(Effect):
    """Write a comment on a Zoey order, once.

    Attributes:
        order_id: Zoey's entity id of the order.
        comment: the text.
        marker: a piece of text that tells this comment from all others; it is added to the comment, and looked for
            before a second try. Without it a comment whose answer was lost is held for a person.
        notify: whether Zoey e-mails the comment to the buyer.
    """

    order_id: str
    comment: str
    marker: str | None = field(default=None, kw_only=True)
    notify: bool = field(default=False, kw_only=True)

    @property
    def key(self) -> str:
        """By the marker; without one, by the text."""
        return f"comment {self.marker or digest([self.order_id, self.comment])}"

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
        comments = clients.zoey.orders.comments(self.order_id)
        return Done() if any(self.marker in (comment.comment or "") for comment in comments) else None

    def perform(self, clients: Clients) -> Done:
        """Write the comment."""
        clients.zoey.orders.comment(self.order_id, self.text, notify=self.notify)
        return Done()


@frozen
class SetStock(BulkEffect["SetStock"]):
    """Set what Zoey may sell of a product.

    Attributes:
        stock_item_id: Zoey's stock item.
        product_id: the product it belongs to, for people.
        quantity: what may be sold.
        in_stock: whether it is shown as in stock; None leaves that as it is.
    """

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
