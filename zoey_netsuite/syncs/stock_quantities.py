"""NetSuite's quantities, summed over locations by the server, and what follows from them for Zoey."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Literal, Protocol

from attrs import evolve, frozen

from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.entities import StockLevel
from zoey_netsuite.netsuite.values import to_decimal
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.locations import Locations, condition
from zoey_netsuite.syncs.stock_products import STOCK
from zoey_netsuite.syncs.stock_reserved import Reserved

MOST = Decimal("99999999.9999")
"""The greatest quantity that a stock item holds (Magento 1: `decimal(12,4)`)."""

PLACES = Decimal("0.0001")
"""The least that a stock item tells apart."""

AT_ONCE = 1000
"""Items a page, and a commit."""


@frozen
class ItemQuantity:
    """An item's quantity over the chosen locations, as NetSuite writes it: one that is no number stops no other."""

    item: str
    quantity: str | None = None


class StockRules(Protocol):
    """How an item's quantity becomes a product's level."""

    locations: Locations
    quantity: Literal["available", "on_hand"]

    def level(self, link: Link, quantity: Decimal | None, reserved: Reserved) -> StockLevel:
        """What may be sold of a product."""
        ...


Levels = Sequence[tuple[Link, StockLevel]]


def compare(rules: StockRules, after: str | None, reserved: Reserved, ctx: SyncContext) -> Iterator[tuple[str, Levels]]:
    """The level of every linked product whose item comes after the given one, a page at a time, with the page's last
    item.
    """
    resume = [] if after is None else [("item > ?", [after])]
    rows = ctx.netsuite.suiteql(*_query(rules, [*resume, (":after", [])]), as_=ItemQuantity, by=("item",))
    for page in chunks(rows, AT_ONCE):
        links = ctx.links.by_netsuite(STOCK, [row.item for row in page])
        pairs = [(row, link) for row in page for link in links.get(row.item, ())]
        yield page[-1].item, [(link, _level(rules, link, row.quantity, reserved)) for row, link in pairs]


def levels_of(
    rules: StockRules, links: Iterable[Link], reserved: Reserved, ctx: SyncContext
) -> Iterator[tuple[Link, StockLevel]]:
    """The levels of these products. An item of which NetSuite says nothing has no quantity: unknown is not zero."""
    for part in chunks(links, AT_ONCE):
        items = sorted({link.netsuite_id for link in part})
        marks = ", ".join("?" * len(items))
        rows = ctx.netsuite.suiteql(*_query(rules, [(f"item IN ({marks})", items)]), as_=ItemQuantity)
        quantities = {row.item: row.quantity for row in rows}
        for link in part:
            yield link, _level(rules, link, quantities.get(link.netsuite_id), reserved)


def cut(quantity: Decimal, *, pieces: bool) -> Decimal:
    """What Zoey keeps of a quantity: four decimals, or whole pieces. Never rounded up, so that nothing is offered that
    is not there.
    """
    if quantity > MOST:
        return quantity
    return quantity.quantize(Decimal(1) if pieces else PLACES, ROUND_FLOOR)


def _level(rules: StockRules, link: Link, written: str | None, reserved: Reserved) -> StockLevel:
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


def _query(rules: StockRules, conditions: Sequence[tuple[str, list[str]]]) -> tuple[str, list[str]]:
    column = "quantityavailable" if rules.quantity == "available" else "quantityonhand"
    where = [one for one in (condition(rules.locations, "location"), *conditions) if one[0]]
    params = [value for _, values in where for value in values]
    text = " AND ".join(part for part, _ in where)
    query = (
        f"SELECT item, SUM({column}) AS quantity FROM aggregateitemlocation WHERE {text} GROUP BY item ORDER BY item"
    )
    return query, params
