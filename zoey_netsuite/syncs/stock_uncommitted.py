"""What linked sales orders hold that NetSuite has not committed: its quantities still count those pieces as free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal, Protocol

from attrs import frozen

from zoey_netsuite.engine.findings import Finding
from zoey_netsuite.engine.sync import SyncContext
from zoey_netsuite.netsuite import Row
from zoey_netsuite.netsuite.values import to_decimal, to_id
from zoey_netsuite.state.space import chunks
from zoey_netsuite.syncs.locations import Locations, condition
from zoey_netsuite.syncs.order_case import ORDERS
from zoey_netsuite.syncs.stock_reserved import Held, not_counted

AT_ONCE = 1000
"""Rows whose links are read at once, and kits that one query names."""

OPEN = [form + letter for letter in "ABDE" for form in ("", "SalesOrd:")]
"""Statuses of sales orders from which something is still to be shipped, in both forms that accounts write."""

NAMED = 5

REMEDY = "Correct it in NetSuite; until then Zoey may offer these pieces."


class Rules(Protocol):
    """Which quantity is shown, and of which locations."""

    locations: Locations
    quantity: Literal["available", "on_hand"]


@frozen
class Open:
    """What one sales order holds of one item without commitment.

    Attributes:
        number, status: for people, as NetSuite shows them.
        nowhere: whether any of its lines has no location.
    """

    sales_order: str
    number: str
    status: str
    item: str
    is_kit: bool
    quantity: Decimal
    nowhere: bool

    @classmethod
    def from_row(cls, row: Row) -> Open:
        """From a row of `_query`.

        Raises:
            ValueError: a column does not hold what it is for.
        """
        number, status = str(row.get("number", "")), str(row.get("status", ""))
        sales_order, item, kind = to_id(row.get("sales_order")), to_id(row.get("item")), row.get("itemtype")
        quantity, nowhere = to_decimal(row.get("quantity")), row.get("nowhere") not in ("0", 0)
        return cls(sales_order, number, status, item, kind == "Kit", quantity, nowhere)


def read_uncommitted(rules: Rules, ctx: SyncContext) -> Held:
    """By item, what linked sales orders hold and NetSuite still counts as free: no location, commitment off, pending
    approval. Of a kit its members are held, too. A row that can't be read is a problem, in a line for people.

    NetSuite makes the sums; one query reads a thousand of them, and none where all is committed.
    """
    held: dict[str, Decimal] = {}
    kits: dict[str, Decimal] = {}
    unread: list[str] = []
    for row in _linked(rules, ctx, unread):
        held[row.item] = held.get(row.item, Decimal(0)) + row.quantity
        if row.is_kit:
            kits[row.item] = kits.get(row.item, Decimal(0)) + row.quantity
    for part in chunks(sorted(kits), AT_ONCE):
        marks = ", ".join("?" * len(part))
        query = f"SELECT parentitem, item, quantity FROM kititemmember WHERE parentitem IN ({marks}) AND :after"
        for member in ctx.netsuite.suiteql(f"{query} ORDER BY parentitem, item", part, by=("parentitem", "item")):
            try:
                kit, item, of_kit = to_id(member["parentitem"]), to_id(member["item"]), to_decimal(member["quantity"])
                held[item] = held.get(item, Decimal(0)) + kits[kit] * of_kit
            except (ValueError, LookupError) as problem:
                unread.append(_row_unread("a kit's member", member, problem))
    return Held(held, problems=not_counted(unread))


def check(rules: Rules, ctx: SyncContext) -> Iterator[Finding]:
    """What NetSuite does not commit to linked sales orders, and why, as far as their lines tell."""
    unread: list[str] = []
    rows = list(_linked(rules, ctx, unread))
    for problem in not_counted(unread):
        yield Finding("warning", "netsuite", problem, REMEDY)
    if not rows:
        if next(ctx.links.all(ORDERS), None) is not None:
            yield Finding("info", "netsuite", "NetSuite has committed all that open sales orders of this store hold.")
        return
    orders = {row.sales_order: row for row in rows}
    waiting = sum(row.status.endswith("A") for row in orders.values())
    nowhere = len({row.sales_order for row in rows if row.nowhere})
    names = ", ".join(f"{row.number} (id {row.sales_order})" for row in list(orders.values())[:NAMED])
    pieces = sum((row.quantity for row in rows), Decimal(0)).normalize()
    what = (
        f"{len(orders)} open sales orders of this store hold {pieces:f} pieces that NetSuite has not committed:"
        f" {waiting} are pending approval, {nowhere} have lines without a location. Zoey does not offer these pieces."
        f" Such are {names}."
    )
    remedy = (
        'If NetSuite shall commit them, give orders a location (fields=[constant("location", {"id": "1"})]), and let'
        " the account commit when orders are entered."
    )
    yield Finding("warning", "netsuite", what, remedy)


def _linked(rules: Rules, ctx: SyncContext, unread: list[str]) -> Iterator[Open]:
    """What linked sales orders hold; of each row that can't be read, a line goes to `unread`."""
    query, params = _query(rules)
    rows = ctx.netsuite.suiteql(query, params, by={"sales_order": "line.transaction", "item": "line.item"})
    for part in chunks(rows, AT_ONCE):
        read: list[Open] = []
        for row in part:
            try:
                read.append(Open.from_row(row))
            except ValueError as problem:
                unread.append(_row_unread("a sales order's line", row, problem))
        known = ctx.links.by_netsuite(ORDERS, {one.sales_order for one in read})
        yield from (one for one in read if one.sales_order in known)


def _row_unread(what: str, row: Row, problem: Exception) -> str:
    return f"{what} that NetSuite shows as {dict(row)!r:.200} ({problem})"


def _query(rules: Rules) -> tuple[str, Sequence[str]]:
    free = "ABS(line.quantity) - COALESCE(line.quantityshiprecv, 0)"
    if rules.quantity == "available":
        free += " - COALESCE(line.quantitycommitted, 0)"
    place = "COALESCE(line.location, main.location)"
    here, ids = condition(rules.locations, place)
    located = f" AND ({place} IS NULL OR {here})" if here else ""
    marks = ", ".join("?" * len(OPEN))
    return (
        "SELECT line.transaction AS sales_order, line.item AS item, MIN(transaction.tranid) AS number,"
        " MIN(transaction.status) AS status, MIN(item.itemtype) AS itemtype,"
        f" SUM({free}) AS quantity, SUM(CASE WHEN {place} IS NULL THEN 1 ELSE 0 END) AS nowhere"
        " FROM transaction"
        " JOIN transactionline line ON line.transaction = transaction.id"
        " JOIN transactionline main ON main.transaction = transaction.id AND main.mainline = 'T'"
        " JOIN item ON item.id = line.item"
        f" WHERE transaction.type = 'SalesOrd' AND transaction.status IN ({marks}) AND line.mainline = 'F'"
        " AND line.taxline = 'F' AND line.isclosed = 'F' AND item.itemtype IN ('InvtPart', 'Assembly', 'Kit')"
        f" AND {free} > 0{located} AND :after"
        " GROUP BY line.transaction, line.item ORDER BY line.transaction, line.item",
        [*OPEN, *ids],
    )
