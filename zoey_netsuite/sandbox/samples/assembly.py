"""Puts the sample records of both systems together."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from zoey_netsuite.sandbox.samples.goods import Article, Row, articles, item_records, parents, products, quantities
from zoey_netsuite.sandbox.samples.people import (
    accounts,
    companies,
    contact_records,
    customer_records,
    customers,
)
from zoey_netsuite.sandbox.samples.trade import Purchase, orders, purchases, sales_orders
from zoey_netsuite.sandbox.samples.words import LOCATIONS

Seed: TypeAlias = dict[str, dict[str, Any]]

_NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def wholesaler(
    products: int = 2000,
    locations: int = 3,
    accounts: int = 300,
    orders: int = 500,
    *,
    seed: int = 1,
    now: datetime = _NOW,
) -> Seed:
    """A hardware wholesaler with a NetSuite account and a Zoey store that are mostly, but not all, in step.

    Products carry their NetSuite item's id in `netsuite_id`; one in a hundred has none, and two name an item that is
    not there. Three quarters of Zoey's quantities are what NetSuite has available over all locations, the rest are
    stale. Nine in ten accounts carry their customer's id in `external_id`. The newest orders are not in NetSuite yet;
    the others hold their sales order's id in `netsuite_order`.

    Args:
        products: how many simple products (and NetSuite items).
        locations: how many NetSuite locations have stock, ids from 1.
        accounts: how many companies.
        orders: how many Zoey orders, of the ninety days before `now`.
        seed: another number gives other records.
        now: when the newest order was placed, aware.

    Returns:
        A mapping for `Sandbox(seed=…)`.
    """
    rng = random.Random(seed)  # noqa: S311  sample data
    goods = articles(products, rng)
    stock = [quantities(rng, locations) for _ in goods]
    buyers = companies(accounts, rng)
    bought = purchases(orders, goods, buyers, now, rng) if buyers else ()
    left = _after_commitments(goods, stock, bought)
    shown = [_shown(available, rng) for available in left]
    ids = [article.item_id for article in goods]
    return {
        "netsuite": {
            **_reference(locations),
            "inventoryItem": item_records(goods, "inventoryItem"),
            "assemblyItem": item_records(goods, "assemblyItem"),
            "stock": _stock(ids, stock),
            "customer": customer_records(buyers),
            "contact": contact_records(buyers),
            "salesOrder": sales_orders(bought),
        },
        "zoey": {
            "attributes": {"products": ["netsuite_id"], "orders": ["netsuite_order"]},
            "products": _products(goods, shown),
            "accounts": _accounts(buyers),
            "customers": customers(buyers),
            "orders": _orders(bought, parents(goods)),
        },
    }


def inventory(items: int = 100_000, locations: int = 3, *, seed: int = 1) -> Seed:
    """Many items with stock at some locations, each shown by a Zoey product; both sides agree.

    Item ids begin at 1001, product ids at 1, in the same order; product n is item n + 1000.

    Args:
        items: how many.
        locations: how many NetSuite locations have stock, ids from 1.
        seed: another number gives other quantities.

    Returns:
        A mapping for `Sandbox(seed=…)`.
    """
    rng = random.Random(seed)  # noqa: S311  sample data
    ids = range(1001, 1001 + items)
    stock = [[(rng.randrange(1000), 0) for _ in range(locations)] for _ in ids]
    return {
        "netsuite": {
            **_reference(locations),
            "inventoryItem": [{"id": str(number), "itemId": f"ITEM-{number}"} for number in ids],
            "stock": _stock(ids, stock),
        },
        "zoey": {
            "attributes": {"products": ["netsuite_id"]},
            "products": [
                {
                    "entity_id": index + 1,
                    "sku": f"ITEM-{number}",
                    "name": f"Item {number}",
                    "price": "1.0000",
                    "netsuite_id": str(number),
                    "qty": _available(stock[index]),
                }
                for index, number in enumerate(ids)
            ],
        },
    }


SAMPLES: Mapping[str, Callable[..., Seed]] = {"wholesaler": wholesaler, "inventory": inventory}


def by_name(sample: str, **sizes: int) -> Seed:
    """The samples of that name, in these sizes. Raises ValueError for another name, TypeError for another size."""
    if sample not in SAMPLES:
        raise ValueError(f"There is no sample {sample!r}; known are {', '.join(SAMPLES)}.")
    return SAMPLES[sample](**sizes)


# `wholesaler` takes sizes by the names that these functions have, too.
_products, _accounts, _orders = products, accounts, orders


def _reference(locations: int) -> dict[str, list[Row]]:
    """What the records refer to, besides what every account has (subsidiary 1, terms 1 to 3)."""
    return {"location": [{"id": str(n + 1), "name": LOCATIONS[n % len(LOCATIONS)]} for n in range(locations)]}


def _stock(ids: Sequence[int | None], stock: Sequence[Sequence[tuple[int, int]]]) -> list[Row]:
    return [
        {
            "item": str(item),
            "location": str(place),
            "quantityOnHand": on_hand,
            "quantityCommitted": committed,
            "quantityAvailable": on_hand - committed,
        }
        for item, rows in zip(ids, stock, strict=True)
        if item is not None
        for place, (on_hand, committed) in enumerate(rows, start=1)
    ]


def _available(rows: Sequence[tuple[int, int]]) -> int:
    return max(0, sum(on_hand - committed for on_hand, committed in rows))


def _after_commitments(
    goods: Sequence[Article], stock: Sequence[Sequence[tuple[int, int]]], bought: Sequence[Purchase]
) -> list[int]:
    """What is available over all locations once the sales orders have set aside what they can."""
    first = {article.product_id: rows[0][0] - rows[0][1] for article, rows in zip(goods, stock, strict=True) if rows}
    taken = dict.fromkeys(first, 0)
    for purchase in bought:
        for line in purchase.lines if purchase.sales_order is not None else ():
            number = line.article.product_id
            taken[number] += max(0, min(line.quantity, first[number] - taken[number]))
    return [
        sum(on_hand - committed for on_hand, committed in rows) - taken.get(article.product_id, 0)
        for article, rows in zip(goods, stock, strict=True)
    ]


def _shown(available: int, rng: random.Random) -> int:
    """What Zoey shows: mostly what is available, else what once was."""
    return max(0, available if rng.random() < 0.75 else available + rng.randint(-12, 25))
