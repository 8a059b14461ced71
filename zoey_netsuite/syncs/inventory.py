"""Inventory: Zoey shows of each product what may be sold of its NetSuite item."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import evolve

from zoey_netsuite.checks import listed, must_be_a, must_be_number, must_be_text, must_take
from zoey_netsuite.engine.effects import Effect
from zoey_netsuite.engine.findings import Difference, Finding, unread_findings, unreadable
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.unit import Linked, Page, Unit
from zoey_netsuite.engine.zoey_effects import SetStock
from zoey_netsuite.entities import Found, Hold, Order, Skip, StockLevel
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.mapping.orders import OrderMapper
from zoey_netsuite.state.links import Link, Unlink
from zoey_netsuite.state.space import chunks
from zoey_netsuite.state.store import JSON
from zoey_netsuite.syncs import stock_check, stock_products, stock_quantities, stock_uncommitted
from zoey_netsuite.syncs.locations import All, Exclude, Include, Locations
from zoey_netsuite.syncs.orders import OrderSync
from zoey_netsuite.syncs.stock_place import Place
from zoey_netsuite.syncs.stock_reserved import Held, Reserved, Unclear, failures_of, read_back_touched, read_reserved
from zoey_netsuite.zoey import Order as ZoeyOrder
from zoey_netsuite.zoey import RecordError, StockItem, in_

Predicate: TypeAlias = Callable[[Order], bool]

OPEN_STATES = ("new", "pending_payment", "processing", "holded", "payment_review")


class InventorySync(Sync[StockLevel]):
    """Sets Zoey's stock from NetSuite's: the sum over locations, less a buffer, less what orders hold that NetSuite
    does not have or has not committed; never below zero.

    The whole of NetSuite's stock is compared at each run, in sums that the server makes (a thousand items a call); only
    what differs from what Zoey is known to hold is written, up to a hundred products a call. An item of which NetSuite
    says nothing is left as it is.

    Args:
        locations: `Include("1", "7")`, `Exclude(...)` or `All()`.
        quantity: "available" (on hand less committed) or "on_hand".
        buffer: kept back of every product.
        reserve_pending: which open Zoey orders NetSuite does not have yet; what they hold is not offered again. True
            asks the `OrderSync` of the same integration, and holds back what its sales orders hold and NetSuite has not
            committed (with `quantity="on_hand"` all that they hold). A function says it of one `Order` (its lines are
            filled where the store's order list has them). False accepts that products are oversold until orders have
            arrived.
        in_stock: also set Zoey's in-stock mark: on while there is something to sell or the stock item takes backorders.
        relist: how often the lists of products and stock items are read in full, which finds changed links, and what
            Zoey counted down by itself. New products are found at every run.
        open_states: the states of orders that may still need stock (Magento's, configurable).
        name: unique in an integration.
    """

    bulk: ClassVar[bool] = True
    guards: ClassVar[Collection[str] | None] = ("zero_stock",)
    link_kind: ClassVar[str | None] = stock_products.STOCK

    def __init__(
        self,
        *,
        locations: Locations | None = None,
        quantity: Literal["available", "on_hand"] = "available",
        buffer: int | Decimal = 0,
        reserve_pending: bool | Predicate = True,
        in_stock: bool = True,
        relist: timedelta = timedelta(days=1),
        open_states: Sequence[str] = OPEN_STATES,
        name: str = "inventory",
    ) -> None:
        if quantity not in ("available", "on_hand"):
            msg = f'quantity is "available" or "on_hand", not {quantity!r}'
            raise ConfigurationError(msg)
        must_be_text("InventorySync(name=…)", name)
        if locations is not None:
            must_be_a(
                "InventorySync(locations=…)", locations, Include | Exclude | All, 'Include("1"), Exclude("1") or All()'
            )
        must_be_a("InventorySync(in_stock=…)", in_stock, bool, "True or False")
        must_be_a("InventorySync(relist=…)", relist, timedelta, "a timedelta, such as timedelta(days=1)")
        must_be_number("InventorySync(relist=…) in seconds", relist.total_seconds(), least=0)
        self.name = name
        self.locations: Locations = locations if locations is not None else All()
        self.quantity: Literal["available", "on_hand"] = quantity
        self.buffer = _buffer(buffer)
        self.reserve_pending = _predicate(reserve_pending)
        self.in_stock = in_stock
        self.relist = relist
        self.open_states = _states(open_states)
        self._orders = OrderMapper()
        self._carries: OrderSync | None = None

    def joined(self, syncs: Sequence[Sync[Any]]) -> None:
        """Refuse an assembly in which nobody could say which orders NetSuite lacks.

        Raises:
            ConfigurationError: `reserve_pending=True` without an order sync.
        """
        self._carries = next((sync for sync in syncs if isinstance(sync, OrderSync)), None)
        if self.reserve_pending is True and self._carries is None:
            msg = (
                f"{self.name}: reserve_pending=True needs an OrderSync in the same integration, to know which orders"
                " are not in NetSuite yet, and there is none. If something else carries the orders, give a function:"
                " reserve_pending=lambda order: not order.custom.get('…'); reserve_pending=False accepts that products"
                " are oversold until orders have arrived."
            )
            raise ConfigurationError(msg)

    def scan(self, since: JSON, ctx: SyncContext) -> Iterator[Page[StockLevel]]:
        """New products and stock items (all of them once in `relist`), then orders, then all quantities."""
        place = Place.from_json(since)
        if place.phase == "done":
            place = place.begin(ctx.now, self.relist)
        if place.phase == "products":
            place = yield from stock_products.list_products(place, ctx)
        if place.phase == "items":
            place = yield from stock_products.list_stock_items(place, self.fingerprint, ctx)
        held, orders_since = yield from self._orders_first(place, ctx)
        reserved = held.by_item
        unlinked = stock_products.unlinked_note(ctx)
        notes = [*([unlinked] if unlinked else []), *held.problems]
        for compared in stock_quantities.compare(self, place.after, reserved, ctx):
            place = place.at(compared.last or place.after)
            units = [self.unit(link, level) for link, level in compared.levels]
            yield Page([*units, *map(stock_quantities.unreadable, compared.broken)], place.to_json())
        yield Page((), place.finished(orders_since).to_json(), notes=notes)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[StockLevel]]:
        """These products as they are now, on both sides."""
        links, problems = stock_products.load(ids, ctx)
        reserved = self._held(ctx, links).by_item
        yield from problems
        for link, level in stock_quantities.levels_of(self, links, reserved, ctx):
            yield self.unit(link, level)

    def apply(self, unit: Unit[StockLevel], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        """Set the stock item to the level."""
        level = unit.data
        if level.problem is not None:
            return Hold(level.problem, cause=level.cause)
        if level.quantity is None:
            why = "NetSuite says nothing of the stock of"
            return Skip(f"{why} item {level.item_id}", cause=f"{why} their items")
        shown = level.in_stock if self.in_stock else None
        return [SetStock(level.stock_item_id, level.quantity, shown, level.product_id, level.sku)]

    def gone(self, unit_id: str) -> Sequence[Link | Unlink]:
        """A product that Zoey has no more is linked to nothing."""
        kinds = (stock_products.PRODUCTS, stock_products.STOCK, stock_products.UNLINKED)
        return [Unlink(kind, unit_id) for kind in kinds]

    def missing(self, unit_id: str, ctx: SyncContext) -> str:
        """The attribute that leaves a product out."""
        return stock_products.why_left_out(unit_id, ctx)

    def unit_ids(self, ctx: SyncContext, *, zoey_id: str | None, netsuite_id: str | None) -> Sequence[str]:
        """Products, by Zoey product id, or all that are sold from a NetSuite item."""
        if zoey_id is not None:
            return [zoey_id]
        found = ctx.links.by_netsuite(stock_products.STOCK, [netsuite_id or ""])
        return [link.zoey_id for links in found.values() for link in links]

    def check(self, ctx: SyncContext) -> Iterable[Finding]:
        """Tries that items, locations and quantities can be read in NetSuite, and products, stock items and orders in
        Zoey; that the locations exist; which products name no item or one that does not exist (of 1,000 where no scan
        has listed them all); the attributes that settings name; and what of open orders NetSuite has not committed.
        """
        yield from stock_check.check(self.locations, ctx)
        if self.reserve_pending is True and self._carries is not None:
            yield from stock_uncommitted.check(self, ctx)
        if callable(self.reserve_pending):
            listed = list(islice(ctx.zoey.orders.list_each(state=in_(self.open_states)), stock_check.SAMPLE_ORDERS))
            yield from unread_findings("open orders", listed)
            orders = [record for record in listed if isinstance(record, ZoeyOrder)]
            for problem in failures_of(self.reserve_pending, orders, self._orders, ctx):
                yield Finding("error", "settings", problem)

    def verify(self, ctx: SyncContext) -> Iterator[Difference]:
        """Every product whose stock in Zoey is not what NetSuite's says."""
        reserved = self._held(ctx).by_item
        for part in chunks(stock_products.zoey_stock(ctx)):
            held: dict[str, tuple[Link, StockItem]] = {}
            for item, link in part:
                if isinstance(item, RecordError):
                    yield unreadable(self.name, link, f"Zoey's stock item {item.id}", item)
                elif link is not None:
                    held[link.zoey_id] = (link, item)
            for link, level in stock_quantities.levels_of(self, [link for link, _ in held.values()], reserved, ctx):
                yield from self._differences(link, level, held[link.zoey_id][1])

    def level(self, link: Link, quantity: Decimal | None, reserved: Reserved) -> StockLevel:
        """What may be sold of a product, given its item's quantity over the chosen locations."""
        data = link.data
        sellable = None
        if quantity is not None:
            sellable = max(quantity - self.buffer - reserved.get(link.netsuite_id, Decimal(0)), Decimal(0))
            sellable = stock_quantities.cut(sellable, pieces=not data["decimal"])
        shown = bool(sellable) or bool(data["backorders"])
        return StockLevel(link.zoey_id, data["item"], link.netsuite_id, sellable, shown, data["sku"])

    def unit(self, link: Link, level: StockLevel) -> Unit[StockLevel]:
        """A product's level as a unit."""
        mark = None if level.quantity is None else self.fingerprint(level.quantity, level.in_stock)
        if level.problem is not None:
            mark = stock_products.problem_unit(level).fingerprint
        guard = "zero_stock" if level.quantity == 0 else None
        about = Linked(stock_products.STOCK, zoey_id=link.zoey_id)
        return Unit(link.zoey_id, about=about, data=level, fingerprint=mark, guard=guard, pair=link)

    def fingerprint(self, quantity: Decimal, in_stock: bool) -> str:
        """What a stock item holds, as text: equal texts need no write."""
        number = f"{quantity.normalize():f}" if quantity else "0"
        return f"{number} {'in' if in_stock else 'out'}" if self.in_stock else number

    def _differences(self, link: Link, level: StockLevel, item: StockItem) -> Iterator[Difference]:
        if level.quantity is None:
            if level.problem is not None:
                yield unreadable(self.name, link, f"SKU {level.sku}", level.problem)
            return
        found = {"qty": (level.quantity, item.qty), "is_in_stock": (level.in_stock, item.is_in_stock)}
        for name, (expected, actual) in found.items():
            if expected != actual and (self.in_stock or name == "qty"):
                yield Difference(
                    self.name, link.zoey_id, link.netsuite_id, name, str(expected), str(actual), f"SKU {level.sku}"
                )

    def _orders_first(
        self, place: Place, ctx: SyncContext
    ) -> Generator[Page[StockLevel], None, tuple[Held, datetime | None]]:
        """Orders are read before quantities: one that arrives in between is counted twice, never not at all."""
        touched, seen_at = read_back_touched(place.orders, self.fingerprint, ctx)
        if touched:
            yield Page((), place.to_json(), baselines=touched)
        held = self._held(ctx)
        return held, seen_at or held.since

    def _held(self, ctx: SyncContext, fresh: Sequence[Link] = ()) -> Held:
        lacks, carries = self.reserve_pending, self._carries
        if callable(lacks):
            unclear = Unclear(lacks)
            held = read_reserved(unclear.among, self.open_states, self._orders, ctx, fresh)
            return evolve(held, problems=[*held.problems, *unclear.lines()])
        if lacks and carries is not None:
            held = read_reserved(
                lambda orders: carries.lacking(orders, ctx), self.open_states, carries.mapper, ctx, fresh
            )
            # After the orders: one that is carried in between is counted twice for a run, never not at all.
            return held.plus(stock_uncommitted.read_uncommitted(self, ctx))
        return Held({})


def _buffer(given: object) -> Decimal:
    if isinstance(given, int | Decimal) and not isinstance(given, bool) and Decimal(given).is_finite() and given >= 0:
        return Decimal(given)
    raise ConfigurationError(f"InventorySync(buffer=…) takes a whole number or a Decimal, 0 or more, not {given!r}")


def _states(given: Sequence[str]) -> tuple[str, ...]:
    states = listed("InventorySync(open_states=…)", given, "states")
    for state in states or ("",):
        must_be_text("InventorySync(open_states=…)", state)
    return tuple(str(state) for state in states)


def _predicate(given: bool | Predicate) -> bool | Predicate:
    if not isinstance(given, bool):
        must_take("InventorySync(reserve_pending=…)", given, 1, "True, False, or a function of one Order")
    return given
