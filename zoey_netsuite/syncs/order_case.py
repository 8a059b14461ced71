"""What is known of one order when it is decided upon: as Zoey shows it, as NetSuite shows it, and who is billed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from attrs import evolve, frozen

from zoey_netsuite.engine.codec import digest
from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.entities import JSON, Order
from zoey_netsuite.errors import MappingError
from zoey_netsuite.mapping.order_wanted import still_wanted
from zoey_netsuite.netsuite import NetSuiteClient
from zoey_netsuite.netsuite.answers import INTERNAL_ID
from zoey_netsuite.netsuite.values import to_decimal, to_id, to_text
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks
from zoey_netsuite.wording import is_nameless, nameless

T = TypeVar("T")

ORDERS = "orders"
"""Kind of link: a Zoey order is a NetSuite sales order."""

STATUSES: Mapping[str, str] = {
    "A": "pending_approval",
    "B": "pending_fulfillment",
    "C": "cancelled",
    "D": "partially_fulfilled",
    "E": "pending_billing_partially_fulfilled",
    "F": "pending_billing",
    "G": "billed",
    "H": "closed",
}
"""NetSuite's letters for how far a sales order has come, and what they are called here."""

SALES_ORDER = "salesOrder"
"""What the record API calls one."""

ENDED = ("cancelled", "closed")
"""Statuses in which nothing more comes of a sales order."""

GONE = ("canceled", "closed")
"""Zoey's states in which nothing is wanted any more: canceled, or refunded in full."""

COLUMNS = "id, tranid, status, foreigntotal"
"""What is read of a sales order, to know it again and to compare it."""


AT_ONCE = 500
"""Sales orders that one query names."""


@frozen
class SalesOrder:
    """A sales order as NetSuite shows it.

    Attributes:
        number: what people call it (NetSuite: `tranid`).
        status: how far it has come, a value of `STATUSES`.
        total: in the order's currency, tax included; None where NetSuite does not say.
    """

    id: str
    number: str
    status: str
    total: Decimal | None

    @classmethod
    def from_row(cls, row: Mapping[str, JSON]) -> SalesOrder:
        """From a row of SuiteQL's table `transaction`.

        Raises:
            MappingError: a column does not hold what it is for.
        """
        id = _read("a sales order", row, "id", to_id, "internal id")
        number = _read(f"sales order (id {id})", row, "tranid", _to_words, "number")
        named = f"sales order {number} (id {id})"
        letter = _read(named, row, "status", _to_words, "status").rpartition(":")[2]  # some accounts show SalesOrd:B
        total = row.get("foreigntotal")
        amount = None if total is None else _read(named, row, "foreigntotal", to_decimal, "amount")
        return cls(id, number, STATUSES.get(letter, letter), amount)

    def to_be_checked(self, zoey_id: str, root: str = "", left_out: Mapping[str, JSON] | None = None) -> Link:
        """The pair with the order that it was made for, before their totals were compared."""
        data = {"checked": False, "number": self.number, "status": self.status, **(left_out or {})}
        return Link(ORDERS, zoey_id, self.id, root=root, data=data)


def read_each(rows: Iterable[Mapping[str, JSON]]) -> Iterator[tuple[str, SalesOrder | MappingError]]:
    """Sales orders from rows, each with its id; the error in the place of one that can't be read."""
    for row in rows:
        try:
            sales_order = SalesOrder.from_row(row)
        except MappingError as error:
            yield id_of(row) or nameless(row), error
        else:
            yield sales_order.id, sales_order


def id_of(row: Mapping[str, JSON]) -> str | None:
    """A row's internal id, or None where it can't be read."""
    try:
        return to_id(row.get("id"))
    except ValueError:
        return None


def _to_words(value: JSON) -> str:
    return to_text(value or "")


def _read(named: str, row: Mapping[str, JSON], column: str, read: Callable[[JSON], T], what: str) -> T:
    try:
        return read(row.get(column))
    except ValueError as error:
        msg = f"{named}: {column} is {row.get(column)!r:.80}, which is no {what}"
        raise MappingError(msg, field=column) from error


def sales_orders(ids: Sequence[str], erp: NetSuiteClient) -> dict[str, SalesOrder | MappingError]:
    """These sales orders as they stand, by id; those that are gone are left out. Five hundred a query.

    What is no internal id is not asked for, as it would fail the query for all.
    """
    found: dict[str, SalesOrder | MappingError] = {id: _no_id(id) for id in ids if not INTERNAL_ID.fullmatch(id)}
    for part in chunks([id for id in ids if id not in found], AT_ONCE):
        marks = ", ".join("?" * len(part))
        query = f"SELECT {COLUMNS} FROM transaction WHERE type = 'SalesOrd' AND id IN ({marks}) ORDER BY id"
        read = dict(read_each(erp.suiteql(query, part)))
        # A row that does not name its sales order may be any of those that are missing: they are not gone.
        broken = next((one for id, one in read.items() if is_nameless(id)), None)
        found |= read if broken is None else {**dict.fromkeys(part, broken), **read}
    return found


def _no_id(id: str) -> MappingError:
    msg = f"it is linked to the sales order {id!r:.80}, which is no internal id (digits). Link it to the right one"
    return MappingError(msg, field="netsuite_id")


def external_id(integration: str, zoey_id: str) -> str:
    """Of the sales order that is made for an order."""
    return f"{integration}-order-{zoey_id}"


def by_external_id(
    zoey_ids: Sequence[str], integration: str, erp: NetSuiteClient
) -> dict[str, SalesOrder | MappingError]:
    """The sales orders that were made for these orders, by Zoey id. Five hundred a query."""
    found: dict[str, SalesOrder | MappingError] = {}
    for part in chunks(zoey_ids, AT_ONCE):
        names = [external_id(integration, zoey_id) for zoey_id in part]
        marks = ", ".join("?" * len(part))
        query = (
            f"SELECT {COLUMNS}, externalid FROM transaction WHERE type = 'SalesOrd' AND externalid IN ({marks})"
            " ORDER BY id"
        )
        rows = list(erp.suiteql(query, names))
        found |= {made_for(row, integration): one for row, (_, one) in zip(rows, read_each(rows), strict=True)}
    return found


def made_for(row: Mapping[str, JSON], integration: str) -> str:
    """Id of the Zoey order that a sales order was made for, by its external id; "" where it is none of ours."""
    name, begins = row.get("externalid"), external_id(integration, "")
    if not isinstance(name, str):
        return ""
    return name.removeprefix(begins) if name.startswith(begins) else ""


def is_settled(link: Link) -> bool:
    """Whether the totals of a pair were compared, and nothing of them is open: `checked` says the first, `differs`
    that the policy let it go with a difference, which may be corrected in NetSuite some day.
    """
    return bool(link.data.get("checked")) and not link.data.get("differs")


def left_out(order: Order, wanted: Order) -> dict[str, JSON]:
    """What is remembered of a pair whose sales order holds only what was still wanted of the order: by how much less it
    comes to.
    """
    less = order.total.amount - wanted.total.amount
    return {"left_out": str(less)} if less else {}


def carried(link: Link, order: Order) -> Order:
    """The order as its sales order has it: what had been canceled or refunded when it was carried was left out."""
    return still_wanted(order) if link.data.get("left_out") else order


def has_ended(link: Link) -> bool:
    """Whether NetSuite has canceled or closed the sales order, as far as is known."""
    return link.data.get("status") in ENDED


@frozen
class OrderCase:
    """An order that may need something done.

    Attributes:
        order: as Zoey showed it; None where only NetSuite was seen to have changed.
        sales_order: as NetSuite showed it; None where it is not there, or not any more.
        stray: an open sales order under this order's own external id that can't be taken for it.
        customer_id: the NetSuite customer that Zoey's buyer is, or None where nobody knows.
        record: the sales order in full, where its total is not Zoey's and nobody has said yet what becomes of that.
        gone: whether the sales order that it is linked to is known not to be there.
        before_loss: whether it is older than the loss of the store, so that nobody knows whether it was carried.
    """

    order: Order | None = None
    sales_order: SalesOrder | None = None
    stray: SalesOrder | None = None
    customer_id: str | None = None
    record: Mapping[str, JSON] | None = None
    gone: bool = False
    before_loss: bool = False


def fingerprint(order: Order, ctx: SyncContext, *, known: bool, theirs: Sequence[SalesOrder], told: bool = True) -> str:
    """Of what the order asks for: not of what this sync itself writes into it; and of how it stands in NetSuite, so
    that what was corrected there is looked at again.

    Args:
        told: whether Zoey shows NetSuite's number, or is about to be told.
    """
    attribute = ctx.zoey.attributes.order_number
    custom = {name: value for name, value in order.custom.items() if name != attribute}
    asked = [evolve(order, updated_at=None, custom=custom), known]
    return digest([*asked, *theirs, *([] if told else ["the number is not shown"])])


def number_shown(order: Order, sales_order: SalesOrder | None, ctx: SyncContext) -> bool:
    """Whether Zoey shows NetSuite's number of an order, as far as it is to show it."""
    attribute = ctx.zoey.attributes.order_number
    return sales_order is None or attribute is None or order.custom.get(attribute) == sales_order.number
