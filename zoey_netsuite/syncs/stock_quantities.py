"""NetSuite's quantities, summed over locations by the server, and what follows from them for Zoey."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Literal, Protocol

from attrs import evolve, frozen

from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.engine.unit import Unreadable
from zoey_netsuite.entities import JSON, StockLevel
from zoey_netsuite.netsuite import Row, RowError
from zoey_netsuite.netsuite.values import to_decimal, to_id
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.locations import Locations, condition
from zoey_netsuite.syncs.stock_products import STOCK
from zoey_netsuite.syncs.stock_reserved import Reserved
from zoey_netsuite.wording import nameless

MOST = Decimal("99999999.9999")
"""The greatest quantity that a stock item holds (Magento 1: `decimal(12,4)`)."""

PLACES = Decimal("0.0001")
"""The least that a stock item tells apart."""

AT_ONCE = 1000
"""Items a page, and a commit."""


class StockRules(Protocol):
    """How an item's quantity becomes a product's level."""

    locations: Locations
    quantity: Literal["available", "on_hand"]

    def level(self, link: Link, quantity: Decimal | None, reserved: Reserved) -> StockLevel:
        """What may be sold of a product."""
        ...


@frozen
class Compared:
    """A page of NetSuite's quantities.

    Attributes:
        last: the last item of the page, to go on from; None where none could be read.
        levels: of every linked product whose item is among them.
        broken: rows that don't say of which item they are.
    """

    last: str | None
    levels: Sequence[tuple[Link, StockLevel]]
    broken: Sequence[Row]


def compare(rules: StockRules, after: str | None, reserved: Reserved, ctx: SyncContext) -> Iterator[Compared]:
    """The level of every linked product whose item comes after the given one, a page at a time."""
    resume = [] if after is None else [("item > ?", [after])]
    rows = ctx.netsuite.suiteql(*_query(rules, [*resume, (":after", [])]), by=("item",))
    for page in chunks(rows, AT_ONCE):
        quantities, broken = _by_item(page)
        links = ctx.links.by_netsuite(STOCK, [*quantities])
        levels = [
            (link, _level(rules, link, quantity, reserved))
            for item, quantity in quantities.items()
            for link in links.get(item, ())
        ]
        yield Compared(next(reversed(quantities), None), levels, broken)


def levels_of(
    rules: StockRules, links: Iterable[Link], reserved: Reserved, ctx: SyncContext
) -> Iterator[tuple[Link, StockLevel]]:
    """The levels of these products. An item of which NetSuite says nothing has no quantity: unknown is not zero."""
    for part in chunks(links, AT_ONCE):
        items = sorted({link.netsuite_id for link in part})
        marks = ", ".join("?" * len(items))
        quantities, _ = _by_item(ctx.netsuite.suiteql(*_query(rules, [(f"item IN ({marks})", items)])))
        for link in part:
            yield link, _level(rules, link, quantities.get(link.netsuite_id), reserved)


def cut(quantity: Decimal, *, pieces: bool) -> Decimal:
    """What Zoey keeps of a quantity: four decimals, or whole pieces. Never rounded up, so that nothing is offered that
    is not there.
    """
    if quantity > MOST:
        return quantity
    return quantity.quantize(Decimal(1) if pieces else PLACES, ROUND_FLOOR)


def _by_item(rows: Iterable[Row]) -> tuple[dict[str, JSON], list[Row]]:
    """Quantities as NetSuite writes them, by item, and the rows that don't name theirs."""
    quantities: dict[str, JSON] = {}
    broken: list[Row] = []
    for row in rows:
        try:
            quantities[to_id(row.get("item"))] = row.get("quantity")
        except ValueError:
            broken.append(row)
    return quantities, broken


def _level(rules: StockRules, link: Link, written: JSON, reserved: Reserved) -> StockLevel:
    """What may be sold of a product; a quantity that can't be shown is a problem of this product alone."""
    try:
        level = rules.level(link, None if written is None else to_decimal(written), reserved)
    except ValueError:
        level, why = rules.level(link, None, reserved), "which is no number"
    else:
        if level.quantity is None or level.quantity <= MOST:
            return level
        why = f"and Zoey can hold {MOST:,} at the most"
    problem = (
        f"Zoey product {link.zoey_id} (SKU {level.sku}): NetSuite says that the quantity of item {link.netsuite_id} is"
        f" {str(written)[:40]}, {why}. Correct the quantity in NetSuite; until then Zoey keeps what it shows."
    )
    return evolve(level, quantity=None, problem=problem, cause="a quantity that can't be shown")


def unreadable(row: Row) -> Unreadable:
    """A row of NetSuite's quantities that doesn't say of which item it is."""
    shown = repr(row)[:80]
    error = RowError(
        f"NetSuite gave a quantity that names no item: {shown}. The products of that item keep what Zoey shows. Run"
        " the query of aggregateitemlocation by hand, and ask NetSuite's support if it goes on.",
        field="item",
    )
    return Unreadable(nameless(row), error=error)


def _query(rules: StockRules, conditions: Sequence[tuple[str, list[str]]]) -> tuple[str, list[str]]:
    column = "quantityavailable" if rules.quantity == "available" else "quantityonhand"
    where = [one for one in (condition(rules.locations, "location"), *conditions) if one[0]]
    params = [value for _, values in where for value in values]
    text = " AND ".join(part for part, _ in where)
    query = (
        f"SELECT item, SUM({column}) AS quantity FROM aggregateitemlocation WHERE {text} GROUP BY item ORDER BY item"
    )
    return query, params
