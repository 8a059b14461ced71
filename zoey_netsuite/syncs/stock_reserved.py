"""What Zoey's orders hold that NetSuite does not know yet, and what Zoey counted down by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias, cast

from attrs import define, evolve, frozen

from zoey_netsuite.engine.failures import is_of_a_record
from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.entities import Order, OrderLine
from zoey_netsuite.logs import logger_of
from zoey_netsuite.mapping.order_reading import OrderReader
from zoey_netsuite.mapping.order_wanted import still_wanted
from zoey_netsuite.mapping.orders import OrderMapper
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.order_case import ORDERS
from zoey_netsuite.syncs.stock_products import PRODUCTS, STOCK, Fingerprint, link_stock
from zoey_netsuite.syncs.zoey_clock import Seen
from zoey_netsuite.user_code import must_give, said
from zoey_netsuite.wording import is_nameless
from zoey_netsuite.zoey import Order as ZoeyOrder
from zoey_netsuite.zoey import RecordError, StockItem, gteq, in_

Reserved: TypeAlias = Mapping[str, Decimal]
"""By NetSuite item: how many are spoken for."""

logger = logger_of("syncs")

NO_CURRENCY = "XXX"
"""ISO 4217's word for none."""


@frozen
class Held:
    """What open orders hold that NetSuite lacks.

    Attributes:
        by_item: by NetSuite item, how many.
        since: Zoey's clock at the first answer (less an overlap); None where no order was asked for.
        problems: orders of which that could not be told, in a line.
    """

    by_item: Reserved
    since: datetime | None = None
    problems: Sequence[str] = ()

    def plus(self, more: Held) -> Held:
        """These, and more."""
        items = {*self.by_item, *more.by_item}
        both = {item: self.by_item.get(item, Decimal(0)) + more.by_item.get(item, Decimal(0)) for item in items}
        return evolve(self, by_item=both, problems=[*self.problems, *more.problems])


def read_reserved(
    lacking: Callable[[Sequence[Order]], Collection[str]],
    states: Sequence[str],
    mapper: OrderMapper,
    ctx: SyncContext,
    fresh: Sequence[Link] = (),
) -> Held:
    """What open orders hold that NetSuite lacks.

    An order that can't be read counts with its lines, unless it is linked; where these can't be read either, a line
    for people says so.

    Args:
        lacking: says of several orders which of them (by id) NetSuite lacks.
        fresh: which products are sold from which items, as far as that was read just now.
    """
    seen = Seen()
    by_product: dict[str, Decimal] = {}
    unread: list[str] = []
    for part in chunks(seen.through(ctx.zoey.orders.list_each(state=in_(states))), 100):
        records = [record for record in part if isinstance(record, ZoeyOrder)]
        bad = [record for record in part if isinstance(record, RecordError)]
        orders = {record.id: _order(record, mapper, ctx) for record in records}
        wanted = lacking([*orders.values()])
        for record in records:
            if record.id not in wanted:
                continue
            try:
                lines = still_wanted(orders[record.id]).lines
                if record.order_items is None:
                    filled = evolve(record, order_items=tuple(ctx.zoey.orders.items(record.id)))
                    lines = still_wanted(_order(filled, mapper, ctx)).lines
            except RecordError as error:
                unread.append(f"Zoey order {record.increment_id} (id {record.id}): {error}")
                continue
            for line in lines:
                _count(line, by_product)
        for line in _lines_of_unreadable(bad, unread, ctx):
            _count(line, by_product)
    now = {link.zoey_id: link.netsuite_id for link in fresh}
    reserved: dict[str, Decimal] = {}
    for products in chunks(by_product):
        known = {product_id: link.data["source"] for product_id, link in ctx.links.by_zoey(PRODUCTS, products).items()}
        for product_id in products:
            item = now.get(product_id, known.get(product_id))
            if item is not None:
                reserved[item] = reserved.get(item, Decimal(0)) + by_product[product_id]
    return Held(reserved, seen.since, not_counted(unread))


def _lines_of_unreadable(orders: Sequence[RecordError], unread: list[str], ctx: SyncContext) -> Iterator[OrderLine]:
    """The lines of orders that can't be read, as far as these can, of those that NetSuite does not have."""
    known = ctx.links.by_zoey(ORDERS, [order.id for order in orders])
    for order in orders:
        if order.id in known:
            continue
        if is_nameless(order.id):
            unread.append(str(order))
            continue
        try:
            yield from OrderReader().read_lines(tuple(ctx.zoey.orders.items(order.id)), NO_CURRENCY)
        except RecordError as error:
            unread.append(f"Zoey {order}; {error}")


def not_counted(unread: Sequence[str]) -> Sequence[str]:
    """A line for people on orders of which nobody can tell what they hold; () where there are none."""
    if not unread:
        return ()
    more = f", and of {len(unread) - 1} more that can't be read" if len(unread) > 1 else ""
    return (f"what this order holds is not kept back{more}: {unread[0]}",)


def failures_of(
    lacks: Callable[[Order], bool], records: Iterable[ZoeyOrder], mapper: OrderMapper, ctx: SyncContext
) -> Sequence[str]:
    """The orders of which the merchant's function can't say whether NetSuite lacks them, in a line; () when it can."""
    unclear = Unclear(lacks)
    for record in records:
        unclear.lacks(_order(record, mapper, ctx))
    return unclear.lines()


@define
class Unclear:
    """Asks the merchant's function of each order, and remembers where it failed.

    An order of which that can't be told is taken to be lacking: what is kept back too long is sold later, what is
    offered twice is sold twice.
    """

    function: Callable[[Order], bool]
    first: str = ""
    count: int = 0

    def among(self, orders: Sequence[Order]) -> Collection[str]:
        """Which of these orders NetSuite lacks, by id."""
        return {order.zoey_id for order in orders if self.lacks(order)}

    def lacks(self, order: Order) -> bool:
        """Whether NetSuite lacks this order; yes, where the function does not say."""
        try:
            answer = cast("object", self.function(order))
            if isinstance(answer, bool):
                return answer
            why = f"it gave {answer!r:.80}, where True or False is due"
        except Exception as error:  # the merchant's code
            logger.exception("reserve_pending failed on Zoey order %s (id %s)", order.number, order.zoey_id)
            why = said(error)
        self.count += 1
        self.first = self.first or f"Zoey order {order.number} (id {order.zoey_id}): {why}"
        return True

    def lines(self) -> Sequence[str]:
        """What to tell people: nothing, or one line."""
        if not self.count:
            return ()
        more = f", and on {self.count - 1} more" if self.count > 1 else ""
        name = getattr(self.function, "__qualname__", type(self.function).__name__)
        return (
            f"the function {name} given as reserve_pending failed on {self.first}{more}; what these orders hold is kept"
            " back. Correct the function.",
        )


def _order(record: ZoeyOrder, mapper: OrderMapper, ctx: SyncContext) -> Order:
    """An order as its lines are counted; one that names no currency counts, too, and one at which the merchant's own
    mapper fails (the order sync says so): as Zoey has it.
    """
    if record.order_currency_code is None and record.base_currency_code is None:
        record = evolve(record, order_currency_code=NO_CURRENCY)
    try:
        order = mapper.from_zoey(record, ctx.settings)
        must_give(mapper.from_zoey, order, Order, "an Order")
        return order
    except Exception as error:
        if not is_of_a_record(error):
            raise
        return OrderReader().from_zoey(record, ctx.settings)


def read_back_touched(
    since: datetime | None, fingerprint: Fingerprint, ctx: SyncContext
) -> tuple[dict[str, str | None], datetime | None]:
    """What Zoey now holds of every product in an order that changed since then: it counts stock down by itself.

    Returns:
        By product id the fingerprint of what it holds, and where to look from next time.
    """
    if since is None:
        return {}, None
    seen = Seen()
    products: set[str] = set()
    for record in seen.through(ctx.zoey.orders.list_each(updated_at=gteq(since))):
        listed = record.order_items if isinstance(record, ZoeyOrder) else None
        try:
            items = ctx.zoey.orders.items(record.id) if listed is None else listed
            products |= {item.product_id for item in items if item.product_id is not None}
        except RecordError as error:  # its products are read back when all are
            logger.warning("lines of Zoey order %s can't be read: %s", record.id, error)
    held: dict[str, str | None] = {}
    for part in chunks(sorted(products), 100):
        stock = ctx.links.by_zoey(STOCK, part)
        if not stock:
            continue
        linked = ctx.links.by_zoey(PRODUCTS, stock)
        items_now = ctx.zoey.stock.list_each(item_id=in_([link.data["item"] for link in stock.values()]))
        held |= link_stock([one for one in items_now if isinstance(one, StockItem)], linked, fingerprint)[1]
    return held, seen.since


def _count(line: OrderLine, by_product: dict[str, Decimal]) -> None:
    """Count a line; of a bundle its parts, too."""
    if line.product_id is not None:
        by_product[line.product_id] = by_product.get(line.product_id, Decimal(0)) + line.wanted
    for component in line.components:
        _count(component, by_product)
