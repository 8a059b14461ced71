"""Sample articles with their stock: what an item is in NetSuite and the product that shows it in Zoey."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Any, TypeAlias

from attrs import frozen

from zoey_netsuite.sandbox.samples.words import FAMILIES, PACKS, Family

FIRST_ITEM = 1001
FIRST_PRODUCT = 1
_GONE_ITEM = 990_001
_CONFIGURABLE = "GLV"
_LOOSE = 1000

Row: TypeAlias = dict[str, Any]


@frozen
class Article:
    """What is sold.

    Attributes:
        item_id: NetSuite's id; None for what NetSuite does not have.
        product_id: Zoey's id.
        price: in cents.
        weight: in pounds.
        parent: the SKU of the configurable product it is a choice of, if it is one.
        linked: whether the product carries the item's id.
    """

    item_id: int | None
    product_id: int
    sku: str
    name: str
    price: int
    weight: float
    assembled: bool
    parent: str | None
    linked: bool

    @property
    def netsuite_id(self) -> str:
        """What the product's attribute holds: empty when it is unlinked, and the id of nothing when it dangles."""
        if not self.linked:
            return ""
        return str(self.item_id if self.item_id is not None else _GONE_ITEM + self.product_id)


def articles(count: int, rng: random.Random) -> Sequence[Article]:
    """So many different articles: one in a hundred without a link, and two whose link leads nowhere."""
    dangling = set(rng.sample(range(count), min(2, count // 10)))
    unlinked = set(rng.sample(range(count), count // 100)) - dangling
    made: list[Article] = []
    for index, (family, size, finish, pack) in enumerate(islice(_choices(), count)):
        step = family.sizes.index(size) if size in family.sizes else 0
        price = int(family.price * (1 + step * 0.35) * pack[1] * (1 - min(pack[1], 100) * 0.002)) or 1
        words = [family.name, size, finish[1], pack[0]]
        made.append(
            Article(
                None if index in dangling else FIRST_ITEM + index,
                FIRST_PRODUCT + index,
                "-".join(filter(None, (family.code, _code(size), finish[0], str(pack[1]) if pack[1] > 1 else ""))),
                ", ".join(filter(None, words)),
                price,
                round(family.weight * (1 + step * 0.2) * pack[1] / 453.6, 2),
                family.assembled,
                f"{family.code}-{finish[0]}" if family.code == _CONFIGURABLE and pack[1] == 1 else None,
                index not in unlinked,
            )
        )
    return made


def parents(goods: Sequence[Article]) -> dict[str, int]:
    """The configurable products by SKU, with their product ids, which follow the articles'."""
    skus = dict.fromkeys(article.parent for article in goods if article.parent is not None)
    return {sku: FIRST_PRODUCT + len(goods) + index for index, sku in enumerate(skus)}


def quantities(rng: random.Random, locations: int) -> list[tuple[int, int]]:
    """On hand and committed per location: much, little, none, and here and there more promised than there is."""
    rows: list[tuple[int, int]] = []
    for _ in range(locations):
        on_hand = 0 if rng.random() < 0.12 else int(rng.expovariate(1 / 140))
        committed = int(on_hand * rng.random() * 0.3) + (3 if rng.random() < 0.01 else 0)
        rows.append((on_hand, committed))
    return rows


def item_records(goods: Sequence[Article], record_type: str) -> list[Row]:
    """The articles as NetSuite's records of that type."""
    return [
        {
            "id": str(article.item_id),
            "itemId": article.sku,
            "displayName": article.name,
            "weight": article.weight,
        }
        for article in goods
        if article.item_id is not None and article.assembled == (record_type == "assemblyItem")
    ]


def products(goods: Sequence[Article], stock: Sequence[int]) -> list[Row]:
    """The articles as Zoey's products, each with its quantity, and the configurable ones after them."""
    rows: list[Row] = [
        {
            "entity_id": article.product_id,
            "type_id": "simple",
            "sku": article.sku,
            "name": article.name,
            "status": 1,
            "price": money(article.price),
            "weight": f"{article.weight:.4f}",
            "netsuite_id": article.netsuite_id,
            "qty": stock[index],
        }
        for index, article in enumerate(goods)
    ]
    for sku, product_id in parents(goods).items():
        name = next(article.name for article in goods if article.parent == sku).partition(",")[0]
        rows.append(
            {
                "entity_id": product_id,
                "type_id": "configurable",
                "sku": sku,
                "name": name,
                "status": 1,
                "price": "3.9000",
                "netsuite_id": "",
                "qty": 0,
                "manage_stock": 0,
            }
        )
    return rows


def money(cents: int) -> str:
    """Cents as Zoey writes money."""
    return f"{cents // 100}.{cents % 100:02d}00"


def _choices() -> Iterator[tuple[Family, str, tuple[str, str], tuple[str, int]]]:
    for pack in PACKS:
        for family in FAMILIES:
            if pack[1] > 1 and family.price > _LOOSE:
                continue  # nobody packs workbenches by the hundred
            for size, finish in product(family.sizes, family.finishes):
                yield family, size, finish, pack
    number = 0
    while True:  # a bigger assortment than the words give: made-to-order sizes
        number += 1
        family = FAMILIES[number % len(FAMILIES)]
        yield family, f"No. {number}", family.finishes[number % len(family.finishes)], PACKS[0]


def _code(size: str) -> str:
    return "".join(part for part in size.upper().replace("/", "-").split() if part != "X").replace("GRIT", "")
