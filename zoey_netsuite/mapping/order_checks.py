"""Whether an order can be sent at all, and the words for people where it can't."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zoey_netsuite.entities import Lookup, Order, OrderLine
from zoey_netsuite.errors import MappingError
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.netsuite.values import is_internal_id


def named(order: Order) -> str:
    """An order for people, by its number and both ids."""
    netsuite = f", NetSuite id {order.netsuite_id}" if order.netsuite_id else ""
    return f"Zoey order {order.number} (id {order.zoey_id}{netsuite})"


def all_lines(lines: Sequence[OrderLine]) -> Iterator[OrderLine]:
    """Lines, and those inside them."""
    for line in lines:
        yield line
        yield from all_lines(line.components)


def must_be_sendable(order: Order) -> None:
    """Refuse an order without lines. Raises MappingError."""
    if not order.lines:
        msg = f"{named(order)} has no lines: read it with its lines (a list of orders may leave them out)"
        raise MappingError(msg, field="order_items")


def unmapped(order: Order, missing: Sequence[str], ctx: MapContext) -> MappingError:
    """What to say of lines without a NetSuite item: all of them at once, so that nobody mends one after the other."""
    count = "1 line has" if len(missing) == 1 else f"{len(missing)} lines have"
    msg = (
        f"{named(order)}: {count} no NetSuite item: {', '.join(missing)}. Put the item's internal id into the products'"
        f" attribute {ctx.attributes.netsuite_id} in Zoey, then retry the order"
    )
    return MappingError(msg, field="item")


def netsuite_id(line: OrderLine, ctx: MapContext) -> str:
    """What the attribute of a line's product says of its NetSuite item, as it stands there; "" where it says nothing.

    `ctx` knows the product, as `OrderMapper.needs` asks for it.
    """
    if line.product_id is None:
        return ""
    rows = ctx.rows(Lookup.zoey("products", "entity_id", line.product_id))
    given = rows[0].get(ctx.attributes.netsuite_id) if rows else None
    return "" if given is None else str(given).strip()


def what_is_ordered(line: OrderLine, ctx: MapContext) -> str:
    """A line for people: its SKU, its product and what that says of its NetSuite item."""
    if line.product_id is None:
        return f"SKU {line.sku} (no product)"
    if not ctx.found.get(Lookup.zoey("products", "entity_id", line.product_id)):
        return f"SKU {line.sku} (product {line.product_id}, which is not in Zoey any more)"
    given = netsuite_id(line, ctx)
    shown = f", whose {ctx.attributes.netsuite_id} is {given[:80]!r}" if given else ""
    if given and not is_internal_id(given):
        shown += ", which is no internal id"
    return f"SKU {line.sku} (product {line.product_id}{shown})"
