"""Products and their stock items: which Zoey product is sold from which NetSuite item."""

from __future__ import annotations

from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.engine.unit import Page, Unit, Unreadable
from zoey_netsuite.entities import StockLevel
from zoey_netsuite.netsuite.values import NO_INTERNAL_ID, is_internal_id
from zoey_netsuite.state.links import Link, Unlink
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.stock_place import Place
from zoey_netsuite.syncs.zoey_clock import Seen
from zoey_netsuite.wording import NAMELESS, is_nameless
from zoey_netsuite.zoey import Product, RecordError, StockItem, ZoeyAttributes, in_
from zoey_netsuite.zoey.values import to_id

PRODUCTS = "products"
"""Kind of link: a Zoey product is a NetSuite item."""

STOCK = "stock"
"""Kind of link: a Zoey product's stock comes from a NetSuite item (mostly, but not always, the one that it is)."""

UNLINKED = "unlinked"
"""Not a link to anything: products that name no item, kept so that reports can list them."""

NO_ITEM = "0"
"""What stands in the place of the item's id there: NetSuite gives no record this id."""

AT_ONCE = 1000
"""How many products or stock items are committed as one."""

NAMED = 5
"""How many unlinked products a report names."""


Pages: TypeAlias = Generator[Page[StockLevel], None, Place]
"""Pages of a phase of the scan, and the place after it."""


class Fingerprint(Protocol):
    """What a stock item holds, as text."""

    def __call__(self, quantity: Decimal, in_stock: bool) -> str: ...


def list_products(place: Place, ctx: SyncContext) -> Pages:
    """Products after the last one known, with what they are linked to; gives the place after the phase."""
    products = ctx.zoey.products.list_each(after=place.product)
    for part in chunks(products, AT_ONCE):
        bad = [one for one in part if isinstance(one, RecordError)]
        links, problems = link_products([one for one in part if isinstance(one, Product)], ctx)
        links += [Unlink(kind, one.id) for one in bad for kind in (PRODUCTS, STOCK)]
        place = place.listed_products(_last(part, place.product))
        units = [*map(problem_unit, problems), *(_unreadable(one.id, one) for one in bad)]
        yield Page(units, place.to_json(), links=links)
    place = place.items_next()
    yield Page((), place.to_json())
    return place


def link_products(products: Sequence[Product], ctx: SyncContext) -> tuple[list[Link | Unlink], list[StockLevel]]:
    """What these products are linked to, after asking NetSuite whether the items that they name are there."""
    attributes = ctx.zoey.attributes
    named = {product.id: _named(product, attributes) for product in products}
    items = known_items({item for both in named.values() for item in both if item is not None}, ctx)
    links: list[Link | Unlink] = []
    problems: list[StockLevel] = []
    for product in products:
        item, source = named[product.id]
        sku = product.sku or ""
        missing = next((one for one in (item, source) if one is not None and one not in items), None)
        if item is None or source is None:
            links.append(Link(UNLINKED, product.id, NO_ITEM, data={"sku": sku, "type": product.type_id}))
        else:
            links.append(Unlink(UNLINKED, product.id))
        if missing is not None:
            problems.append(_dangling(product, missing, attributes))
        if item is None or source is None or missing is not None:
            links += [Unlink(PRODUCTS, product.id), Unlink(STOCK, product.id)]
            continue
        opted_out = attributes.no_sync is not None and _is_yes(product.custom.get(attributes.no_sync))
        root = f"{PRODUCTS}/{product.id}"
        data = {"sku": sku, "source": None if opted_out else source}
        links.append(Link(PRODUCTS, product.id, item, root=root, data=data))
        if opted_out:
            links.append(Unlink(STOCK, product.id))
    return links, problems


def list_stock_items(place: Place, fingerprint: Fingerprint, ctx: SyncContext) -> Pages:
    """Stock items after the last one known, with what they hold; gives the place after the phase.

    Zoey counts down meanwhile, so orders are looked at from the first answer on.
    """
    all_of_them = place.item == "0"
    unread: set[str] = set()
    seen = Seen()
    for part in chunks(seen.through(ctx.zoey.stock.list_each(after=place.item)), AT_ONCE):
        of = [(_product_of(item), item) for item in part]
        products = ctx.links.by_zoey(PRODUCTS, {product for product, _ in of if product is not None})
        known = [(product, item) for product, item in of if _is_known(product, products, place)]
        links, held = link_stock([item for _, item in known if isinstance(item, StockItem)], products, fingerprint)
        bad = {product: item for product, item in known if isinstance(item, RecordError) and product in products}
        units = [_unreadable(product, error, products[product]) for product, error in bad.items()]
        units += [_unreadable(f"{NAMELESS}of a product, stock item {item.id}", item) for item in _lost(of)]
        unread |= set(bad)
        stop = len(known) < len(part)
        if known:
            place = place.listed_items(_last([item for _, item in known], place.item), seen.since)
            gone = [Unlink(STOCK, product) for product in bad]
            yield Page(units, place.to_json(), links=[*links, *gone], baselines=held)
        if stop:
            break  # a product made since the products were read: it and its stock item are for the next scan
    if all_of_them:
        for levels in _without_stock_item(ctx):
            problems = [problem_unit(level) for level in levels if level.product_id not in unread]
            yield Page(problems, place.to_json())
    place = place.stock_next()
    yield Page((), place.to_json())
    return place


def _without_stock_item(ctx: SyncContext) -> Iterator[list[StockLevel]]:
    """Linked products for which Zoey has listed no stock item, a commit's worth at a time."""
    for part in chunks(ctx.links.all(PRODUCTS), AT_ONCE):
        stocked = ctx.links.by_zoey(STOCK, [product.zoey_id for product in part])
        missing = _no_stock_items(part, stocked)
        if missing:
            yield missing


def _no_stock_items(products: Iterable[Link], stocked: Container[str]) -> list[StockLevel]:
    """Those of these products that have no stock item and are not opted out."""
    return [_no_stock_item(one) for one in products if one.data["source"] and one.zoey_id not in stocked]


def _no_stock_item(product: Link) -> StockLevel:
    sku, item = product.data["sku"], product.data["source"]
    problem = (
        f"Zoey product {product.zoey_id} (SKU {sku}) is sold from NetSuite item {item}, but Zoey lists no stock item of"
        " it, so its stock can't be set. Save the product's inventory once in Zoey's administration, or opt it out."
    )
    return StockLevel(product.zoey_id, "", item, sku=sku, problem=problem, cause="no stock item")


def link_stock(
    items: Iterable[StockItem], products: Mapping[str, Link], fingerprint: Fingerprint
) -> tuple[list[Link], dict[str, str | None]]:
    """The links of these stock items, and what each holds, by product id."""
    links: list[Link] = []
    held: dict[str, str | None] = {}
    for item in items:
        product = products.get(item.product_id or "")
        if product is None or product.data["source"] is None:
            continue
        data = {
            "item": item.id,
            "sku": product.data["sku"],
            "decimal": bool(item.is_qty_decimal),
            "backorders": item.backorders not in (None, "0") and not item.use_config_backorders,
        }
        links.append(Link(STOCK, product.zoey_id, product.data["source"], root=product.root, data=data))
        quantity = item.qty
        held[product.zoey_id] = None if quantity is None else fingerprint(quantity, bool(item.is_in_stock))
    return links, held


def load(product_ids: Sequence[str], ctx: SyncContext) -> tuple[list[Link], list[Unit[StockLevel]]]:
    """These products and their stock items, read again: the links of those that can be kept in step, and what is
    wrong with the others.
    """
    products: list[Product] = []
    bad: dict[str, RecordError] = {}
    for part in chunks(product_ids, 100):
        for product in ctx.zoey.products.list_each(entity_id=in_(part)):
            if isinstance(product, RecordError):
                bad[product.id] = product
            else:
                products.append(product)
    links, problems = link_products(products, ctx)
    linked = {link.zoey_id: link for link in links if isinstance(link, Link) and link.kind == PRODUCTS}
    items: list[StockItem] = []
    for part in chunks(linked, 100):
        for item in ctx.zoey.stock.list_each(product_id=in_(part)):
            if isinstance(item, RecordError):
                bad[str(_product_of(item))] = item
            else:
                items.append(item)
    stock = link_stock(items, linked, lambda quantity, in_stock: "")[0]
    problems += _no_stock_items(linked.values(), {*bad, *(link.zoey_id for link in stock)})
    unreadable = [_unreadable(product, error, linked.get(product)) for product, error in bad.items()]
    return stock, [*map(problem_unit, problems), *unreadable]


def zoey_stock(ctx: SyncContext) -> Iterator[tuple[StockItem | RecordError, Link | None]]:
    """Every stock item of a product that is kept in step, as Zoey has it now, with its link; also those that can't be
    read, without a link where nobody can tell the product.
    """
    for part in chunks(ctx.zoey.stock.list_each(), AT_ONCE):
        of = [(_product_of(item), item) for item in part]
        links = ctx.links.by_zoey(STOCK, {product for product, _ in of if product is not None})
        for product, item in of:
            if product in links:
                yield item, links[product]
            elif product is None and isinstance(item, RecordError):
                yield item, None


def known_items(item_ids: Iterable[str], ctx: SyncContext) -> set[str]:
    """Which of these NetSuite items are there, for this role."""
    known: set[str] = set()
    # Anything else is not even asked for: it would fail the query for all.
    for part in chunks(sorted(filter(is_internal_id, item_ids)), AT_ONCE):
        marks = ", ".join("?" * len(part))
        rows = ctx.netsuite.suiteql(f"SELECT id FROM item WHERE id IN ({marks}) ORDER BY id", part)
        known |= {str(row.get("id")) for row in rows}
    return known


def unlinked_note(ctx: SyncContext) -> str | None:
    """The products that name no item, in a line for the report; None when there are none."""
    count, skus = 0, list[str]()
    for link in ctx.links.all(UNLINKED):
        count += 1
        if len(skus) < NAMED:
            skus.append(f"{link.data['sku'] or 'without SKU'} (Zoey product {link.zoey_id})")
    if not count:
        return None
    more = f" and {count - len(skus)} more" if count > len(skus) else ""
    attribute = ctx.zoey.attributes.netsuite_id
    what = f"{count} products carry no {attribute} and are" if count > 1 else f"1 product carries no {attribute} and is"
    return f"{what} left alone: {', '.join(skus)}{more}"


def why_left_out(product_id: str, ctx: SyncContext) -> str:
    """Why a product's stock is not kept in step, though nothing is wrong with it."""
    product = ctx.zoey.products.list(entity_id=product_id).first()
    if product is None:
        return f"Zoey has no product {product_id}"
    names, attributes = f"Zoey product {product.id} (SKU {product.sku})", ctx.zoey.attributes
    if None in _named(product, attributes):
        wanted = f"its attribute {attributes.netsuite_id} is empty, so its NetSuite item is not known"
        return f"{names} is left alone: {wanted}. Fill in the item's internal id, or leave it so"
    return f"{names} is left alone: its attribute {attributes.no_sync} says so"


def problem_unit(level: StockLevel) -> Unit[StockLevel]:
    """A product that can't be kept in step, as a unit: it will be held until its attribute is mended."""
    return Unit(level.product_id, data=level, fingerprint=f"! {level.problem}")


def _unreadable(product_id: str, error: RecordError, product: Link | None = None) -> Unreadable:
    """A product that can't be read, or whose stock item can't: it is not written to until it can."""
    netsuite_id = None if product is None else product.netsuite_id
    zoey_id = None if is_nameless(product_id) else product_id
    root = f"{PRODUCTS}/{product_id}"
    return Unreadable(product_id, error=error, zoey_id=zoey_id, netsuite_id=netsuite_id, root=root)


def _product_of(item: StockItem | RecordError) -> str | None:
    """The product that a stock item is of, also of one that can't be read; None where it does not say it."""
    if isinstance(item, StockItem):
        return item.product_id
    try:
        return to_id(item.record["product_id"])
    except (ValueError, TypeError, KeyError):
        return None


def _lost(items: Sequence[tuple[str | None, StockItem | RecordError]]) -> list[RecordError]:
    """Stock items that can't be read, and of which nobody can say the product."""
    return [item for product, item in items if product is None and isinstance(item, RecordError)]


def _last(records: Sequence[Product | StockItem | RecordError], before: str) -> str:
    """The last id that can be read, to go on from."""
    return next((one.id for one in reversed(records) if one.id.isdecimal()), before)


def _named(product: Product, attributes: ZoeyAttributes) -> tuple[str | None, str | None]:
    """The NetSuite item that a product says it is, and the one its stock comes from."""
    item = _text(product.custom.get(attributes.netsuite_id))
    other = None if attributes.stock_from is None else _text(product.custom.get(attributes.stock_from))
    return item, other or item


def _dangling(product: Product, item: str, attributes: ZoeyAttributes) -> StockLevel:
    of = attributes.netsuite_id
    if attributes.stock_from is not None and _text(product.custom.get(attributes.stock_from)) == item:
        of = attributes.stock_from
    names = f"Zoey product {product.id} (SKU {product.sku}) names NetSuite item {item[:80]} in its attribute {of}"
    if is_internal_id(item):
        remedy = "Correct the attribute, or let the role see the item."
        problem = f"{names}, but NetSuite has no such item, or the role may not see it. {remedy}"
    else:
        problem = f"{names}, which is {NO_INTERNAL_ID}. Correct the attribute."
    return StockLevel(product.id, "", item, sku=product.sku or "", problem=problem)


def _is_known(number: str | None, products: Mapping[str, Link], place: Place) -> bool:
    """False for a stock item of a product newer than those that were read."""
    return number is None or number in products or not number.isdecimal() or int(number) <= int(place.product)


def _text(value: Any) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None


def _is_yes(value: Any) -> bool:
    return str(value).strip().lower() in ("1", "true", "yes", "y", "t")
