"""Which orders changed: in Zoey by its time of change, in NetSuite by its own."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve

from zoey_netsuite.engine.failures import is_of_a_record
from zoey_netsuite.engine.sync import NETSUITE_TIME, SyncContext
from zoey_netsuite.engine.unit import Page, Unit, Unreadable
from zoey_netsuite.entities import Order
from zoey_netsuite.errors import MappingError
from zoey_netsuite.mapping.order_wanted import still_wanted
from zoey_netsuite.netsuite import Row
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.buyers import Buyers
from zoey_netsuite.syncs.order_case import (
    COLUMNS,
    ENDED,
    GONE,
    ORDERS,
    OrderCase,
    SalesOrder,
    by_external_id,
    fingerprint,
    has_ended,
    id_of,
    is_settled,
    left_out,
    made_for,
    number_shown,
    read_each,
    sales_orders,
)
from zoey_netsuite.syncs.order_look import in_full
from zoey_netsuite.syncs.order_place import Place
from zoey_netsuite.syncs.order_roots import roots
from zoey_netsuite.syncs.zoey_clock import OVERLAP
from zoey_netsuite.user_code import must_give
from zoey_netsuite.wording import is_nameless, nameless
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
        yield Page(units, place.to_json(), links=[*buyers.fresh, *_late(units, links)])
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
            f"SELECT {COLUMNS}, externalid FROM transaction WHERE type = 'SalesOrd' AND :after AND id > ? AND"
            f" (lastmodifieddate >= {moment} OR EXISTS (SELECT 1 FROM transactionline WHERE transactionline.transaction"
            f" = transaction.id AND transactionline.linelastmodifieddate >= {moment})) ORDER BY id"
        )
        rows = ctx.netsuite.suiteql(query, [after or "0", place.start, place.start], by=("id",))
        for part in chunks(rows):
            place = evolve(place, after=next(filter(None, map(id_of, reversed(part))), place.after))
            yield _moved(sync, part, place, ctx)
    return place.finished()


def _moved(sync: OrderSync, rows: Sequence[Row], place: Place, ctx: SyncContext) -> Page[OrderCase]:
    """The orders whose sales orders are not as they are known, or not known at all though they were made for them: of a
    job, NetSuite may carry one out so late that it was given up.
    """
    read = dict(read_each(rows))
    links = ctx.links.by_netsuite(ORDERS, [*read])
    moved = [
        link.zoey_id
        for netsuite_id, order in read.items()
        for link in links.get(netsuite_id, ())
        if isinstance(order, MappingError)
        or not is_settled(link)
        or (link.data.get("number"), link.data.get("status")) != (order.number, order.status)
    ]
    made = {made_for(row, ctx.integration): id_of(row) or nameless(row) for row in rows}
    unknown = {zoey_id: read[id] for zoey_id, id in made.items() if zoey_id.isdecimal() and id not in links}
    units = list(load(sync, [*{**dict.fromkeys(moved), **unknown}], ctx, unknown))
    lost = {id: one for id, one in read.items() if isinstance(one, MappingError) and is_nameless(id)}
    units += [Unreadable(id, error=one) for id, one in lost.items() if id not in [made[zoey_id] for zoey_id in unknown]]
    known = {link.zoey_id: link for pairs in links.values() for link in pairs}
    return Page(units, place.to_json(), links=_late(units, known | ctx.links.by_zoey(ORDERS, [*unknown])))


def _late(units: Sequence[Unit[OrderCase]], known: Mapping[str, Link]) -> list[Link]:
    """Pairs that were not known before, or not with this root."""
    pairs = [unit.pair for unit in units if unit.pair is not None]
    return [pair for pair in pairs if pair.zoey_id not in known or known[pair.zoey_id].root != pair.root]


def as_units(
    sync: OrderSync,
    records: Iterable[ZoeyOrder | RecordError],
    buyers: Buyers,
    ctx: SyncContext,
    made: Mapping[str, SalesOrder | MappingError] | None = None,
) -> Iterator[Unit[OrderCase]]:
    """Zoey's orders as units, with what they are linked to, how that stands in NetSuite, and whose they are.

    Nothing will look for the sales order of one that was canceled before it was carried, so it is looked for here.

    Args:
        made: sales orders that were made for some of them, as far as that was seen, by Zoey id.
    """
    for part in chunks(records, 100):
        links = ctx.links.by_zoey(ORDERS, [record.id for record in part])
        root = roots({one.id: one.relation_parent_id if isinstance(one, ZoeyOrder) else None for one in part}, ctx)
        links = {id: link.having(root=root[id]) for id, link in links.items()}
        given_up = [
            record.id
            for record in part
            if record.id not in links and isinstance(record, ZoeyOrder) and _was_given_up(record, sync)
        ]
        strays = {**by_external_id(given_up, ctx.integration, ctx.netsuite), **({} if made is None else made)}
        theirs = sales_orders([link.netsuite_id for link in links.values()], ctx.netsuite)
        read = {record.id: _read(sync, record, record.id in links, ctx) for record in part}
        orders = [order for order in read.values() if isinstance(order, Order)]
        for one in orders:
            own = strays.get(one.zoey_id)
            for made_of in (one, still_wanted(one)):
                if one.zoey_id not in links and isinstance(own, SalesOrder) and own.total == made_of.total.amount:
                    links[one.zoey_id] = own.to_be_checked(one.zoey_id, root[one.zoey_id], left_out(one, made_of))
                    theirs[own.id] = strays.pop(one.zoey_id)
        unlinked = [order for order in orders if order.zoey_id not in links and not order.is_guest]
        found = buyers.of({order.customer_id for order in unlinked if order.customer_id is not None})
        for order_id, order in read.items():
            link, stray = links.get(order_id), strays.get(order_id)
            sales_order = None if link is None else theirs.get(link.netsuite_id)
            if isinstance(order, Exception):
                yield _unreadable(order_id, order, link, root[order_id])
            elif isinstance(sales_order, MappingError):
                yield _unreadable(order_id, sales_order, link, root[order_id])
            elif isinstance(stray, MappingError):
                yield _unreadable(order_id, stray, link, root[order_id])
            elif link is None and not order.is_guest and (why := buyers.unreadable(order.customer_id)) is not None:
                yield _unreadable(order_id, why, link, root[order_id])
            else:
                if stray is not None and (stray.status in ENDED or (link is not None and link.netsuite_id == stray.id)):
                    stray = None  # nothing comes of it; or another worker has linked it just now
                yield _unit(sync, order, link, root[order_id], sales_order, stray, found, ctx)


def _was_given_up(record: ZoeyOrder, sync: OrderSync) -> bool:
    """Whether an order that is not linked was canceled or refunded, so that nothing is sent for it any more."""
    return record.state in GONE and (record.created_at is None or record.created_at >= sync.start_at)


def read_header(sync: OrderSync, record: ZoeyOrder | RecordError, ctx: SyncContext) -> Order | Exception:
    """The order as a list shows it, or why it can't be read."""
    return _read(sync, record, True, ctx)


def read_unlinked(sync: OrderSync, record: ZoeyOrder | RecordError, ctx: SyncContext) -> Order | Exception:
    """The order with its lines, or why it can't be read."""
    return _read(sync, record, False, ctx)


def _read(sync: OrderSync, record: ZoeyOrder | RecordError, linked: bool, ctx: SyncContext) -> Order | Exception:
    """The order, or why it can't be read; its lines and addresses are asked for where the list leaves them out and
    somebody will want them.
    """
    if isinstance(record, RecordError):
        return record
    try:
        if not linked and record.state not in GONE:
            if record.order_items is None:
                record = evolve(record, order_items=tuple(ctx.zoey.orders.items(record.id)))
            if record.addresses is None:
                record = evolve(record, addresses=tuple(ctx.zoey.orders.addresses(record.id)))
        order = sync.mapper.from_zoey(record, ctx.settings)
        must_give(sync.mapper.from_zoey, order, Order, "an Order")
        return order
    except Exception as error:
        if not is_of_a_record(error):
            raise
        return error


def _unreadable(order_id: str, error: Exception, link: Link | None, root: str) -> Unreadable:
    zoey_id = None if is_nameless(order_id) else order_id
    return Unreadable(order_id, error=error, pair=link, zoey_id=zoey_id, root=root)


def _unit(
    sync: OrderSync,
    order: Order,
    link: Link | None,
    root: str,
    sales_order: SalesOrder | None,
    stray: SalesOrder | None,
    buyers: Mapping[str, Link],
    ctx: SyncContext,
) -> Unit[OrderCase]:
    buyer = buyers.get(order.customer_id or "")
    lost = ctx.rebuilt_at is not None and order.created_at is not None and order.created_at < ctx.rebuilt_at
    case = OrderCase(order, sales_order, stray, None if buyer is None else buyer.netsuite_id, before_loss=lost)
    case = case if link is None else in_full(sync, case, order, link, ctx)
    known = link is not None or buyer is not None
    theirs = [one for one in (sales_order, stray) if one]
    return Unit(
        order.zoey_id,
        data=case,
        fingerprint=fingerprint(order, ctx, known=known, theirs=theirs, told=number_shown(order, sales_order, ctx)),
        pair=link,
        root=root,
    )


def load(
    sync: OrderSync, ids: Sequence[str], ctx: SyncContext, made: Mapping[str, SalesOrder | MappingError] | None = None
) -> Iterator[Unit[OrderCase]]:
    """These orders as they are now; `made`: see `as_units`."""
    buyers = sync.buyers(ctx)
    for part in chunks(ids, 100):
        yield from as_units(sync, ctx.zoey.orders.list_each(entity_id=in_(part)), buyers, ctx, made)
