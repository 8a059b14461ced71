"""Which orders changed: in Zoey by its time of change, in NetSuite by its own."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve

from zoey_netsuite.engine.codec import digest
from zoey_netsuite.engine.failures import is_of_a_record
from zoey_netsuite.engine.sync import NETSUITE_TIME, SyncContext
from zoey_netsuite.engine.unit import Page, Unit, Unreadable
from zoey_netsuite.entities import Order
from zoey_netsuite.errors import MappingError
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.buyers import Buyers
from zoey_netsuite.syncs.order_case import (
    COLUMNS,
    ORDERS,
    OrderCase,
    SalesOrder,
    has_ended,
    is_settled,
    read_each,
    sales_orders,
)
from zoey_netsuite.syncs.order_place import Place
from zoey_netsuite.syncs.stock_reserved import OVERLAP
from zoey_netsuite.zoey import Order as ZoeyOrder
from zoey_netsuite.zoey import RecordError, gteq, in_

if TYPE_CHECKING:
    from zoey_netsuite.syncs.orders import OrderSync

Pages: TypeAlias = Generator[Page[OrderCase], None, Place]


def changed_in_zoey(sync: OrderSync, place: Place, ctx: SyncContext) -> Pages:
    """Orders that changed in Zoey, by ascending id; gives the place after them.

    Those that are in NetSuite, and were compared, need nothing, unless they were canceled: what waits for them because
    NetSuite moved stands.
    """
    buyers = sync.buyers(ctx)
    listed = ctx.zoey.orders.list_each(after=place.after, updated_at=gteq(place.moment))
    for page in listed.pages():
        place = place.read(page.after, None if page.date is None else page.date - OVERLAP)
        links = ctx.links.by_zoey(ORDERS, [record.id for record in page.items])
        wanted = [record for record in page.items if not _needs_nothing(record, links.get(record.id))]
        units = list(as_units(sync, wanted, buyers, ctx))
        yield Page(units, place.to_json(), links=[*buyers.fresh])
        buyers.fresh.clear()
    return place


def _needs_nothing(record: ZoeyOrder | RecordError, link: Link | None) -> bool:
    if link is None or not is_settled(link) or isinstance(record, RecordError):
        return False
    return record.state != "canceled" or has_ended(link)


def changed_in_netsuite(sync: OrderSync, place: Place, ctx: SyncContext) -> Pages:
    """Sales orders of ours whose number or status is not what is known of them; gives the place after them."""
    after = place.after
    if place.start is not None:
        moment = f"TO_DATE(?, '{NETSUITE_TIME}')"
        query = (
            f"SELECT {COLUMNS} FROM transaction WHERE type = 'SalesOrd' AND :after AND id > ? AND"
            f" (lastmodifieddate >= {moment} OR EXISTS (SELECT 1 FROM transactionline WHERE transactionline.transaction"
            f" = transaction.id AND transactionline.linelastmodifieddate >= {moment})) ORDER BY id"
        )
        rows = ctx.netsuite.suiteql(query, [after or "0", place.start, place.start], by=("id",))
        for part in chunks(read_each(rows)):
            place = evolve(place, after=part[-1][0])
            yield Page(list(_moved(sync, dict(part), ctx)), place.to_json())
    return place.finished()


def _moved(
    sync: OrderSync, sales_orders: Mapping[str, SalesOrder | MappingError], ctx: SyncContext
) -> Iterator[Unit[OrderCase]]:
    links = ctx.links.by_netsuite(ORDERS, [*sales_orders])
    moved = [
        link.zoey_id
        for netsuite_id, order in sales_orders.items()
        for link in links.get(netsuite_id, ())
        if isinstance(order, MappingError)
        or not is_settled(link)
        or (link.data.get("number"), link.data.get("status")) != (order.number, order.status)
    ]
    return load(sync, moved, ctx)


def as_units(
    sync: OrderSync, records: Iterable[ZoeyOrder | RecordError], buyers: Buyers, ctx: SyncContext
) -> Iterator[Unit[OrderCase]]:
    """Zoey's orders as units, with what they are linked to, how that stands in NetSuite, and whose they are."""
    for part in chunks(records, 100):
        links = ctx.links.by_zoey(ORDERS, [record.id for record in part])
        theirs = sales_orders([link.netsuite_id for link in links.values()], ctx.netsuite)
        read = {record.id: _read(sync, record, record.id in links, ctx) for record in part}
        orders = [order for order in read.values() if isinstance(order, Order)]
        unlinked = [order for order in orders if order.zoey_id not in links and not order.is_guest]
        found = buyers.of({order.customer_id for order in unlinked if order.customer_id is not None})
        for order_id, order in read.items():
            link = links.get(order_id)
            sales_order = None if link is None else theirs.get(link.netsuite_id)
            if isinstance(order, Exception):
                yield _unreadable(order_id, order, link)
            elif isinstance(sales_order, MappingError):
                yield _unreadable(order_id, sales_order, link)
            elif link is None and not order.is_guest and (why := buyers.unreadable(order.customer_id)) is not None:
                yield _unreadable(order_id, why, link)
            else:
                yield _unit(order, link, sales_order, found, ctx)


def read_header(sync: OrderSync, record: ZoeyOrder | RecordError, ctx: SyncContext) -> Order | Exception:
    """The order as a list shows it, or why it can't be read."""
    return _read(sync, record, True, ctx)


def _read(sync: OrderSync, record: ZoeyOrder | RecordError, linked: bool, ctx: SyncContext) -> Order | Exception:
    """The order, or why it can't be read; its lines and addresses are asked for where the list leaves them out and
    somebody will want them.
    """
    if isinstance(record, RecordError):
        return record
    try:
        if not linked and sync.may_want(record):
            if record.order_items is None:
                record = evolve(record, order_items=tuple(ctx.zoey.orders.items(record.id)))
            if record.addresses is None:
                record = evolve(record, addresses=tuple(ctx.zoey.orders.addresses(record.id)))
        return sync.mapper.from_zoey(record, ctx.settings)
    except Exception as error:
        if not is_of_a_record(error):
            raise
        return error


def _unreadable(order_id: str, error: Exception, link: Link | None) -> Unreadable:
    return Unreadable(order_id, error=error, found=link, zoey_id=order_id, root=f"{ORDERS}/{order_id}")


def _unit(
    order: Order, link: Link | None, sales_order: SalesOrder | None, buyers: Mapping[str, Link], ctx: SyncContext
) -> Unit[OrderCase]:
    buyer = buyers.get(order.customer_id or "")
    lost = ctx.rebuilt_at is not None and order.created_at is not None and order.created_at < ctx.rebuilt_at
    case = OrderCase(order, sales_order, None if buyer is None else buyer.netsuite_id, before_loss=lost)
    known = link is not None or buyer is not None
    return Unit(
        order.zoey_id,
        data=case,
        fingerprint=_fingerprint(order, ctx, known=known, sales_order=sales_order),
        found=link,
        root=f"{ORDERS}/{order.parent_id or order.zoey_id}",
    )


def _fingerprint(order: Order, ctx: SyncContext, *, known: bool, sales_order: SalesOrder | None) -> str:
    """Of what the order asks for: not of what this sync itself writes into it; and of how it stands in NetSuite, so
    that what was corrected there is looked at again.
    """
    number = ctx.zoey.attributes.order_number
    custom = {name: value for name, value in order.custom.items() if name != number}
    asked = [evolve(order, updated_at=None, custom=custom), known]
    return digest(asked if sales_order is None else [*asked, sales_order])


def load(sync: OrderSync, ids: Sequence[str], ctx: SyncContext) -> Iterator[Unit[OrderCase]]:
    """These orders as they are now."""
    buyers = sync.buyers(ctx)
    for part in chunks(ids, 100):
        yield from as_units(sync, ctx.zoey.orders.list_each(entity_id=in_(part)), buyers, ctx)
