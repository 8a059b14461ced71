"""Sample orders: what companies bought in Zoey, and the sales orders that some of them became in NetSuite."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from zoey_netsuite.sandbox.samples.goods import Article, Row, money
from zoey_netsuite.sandbox.samples.people import Company, Person, order_addresses

FIRST_SALES_ORDER = 40_001
FIRST_NUMBER = 100_000_001
_SHIPPING = (
    ("flatrate_flatrate", "Flat Rate", 1500),
    ("ups_ground", "UPS Ground", 2450),
    ("pickup_pickup", "Pick-up", 0),
)


@frozen
class Line:
    """An article and how many of it, as whole pieces."""

    article: Article
    quantity: int

    @property
    def total(self) -> int:
        """In cents."""
        return self.article.price * self.quantity


@frozen
class Purchase:
    """An order: `id` is Zoey's, `sales_order` NetSuite's id if it was carried there."""

    id: int
    company: Company
    person: Person
    lines: Sequence[Line]
    at: datetime
    state: str
    shipping: tuple[str, str, int]
    payment: str
    sales_order: int | None

    @property
    def number(self) -> str:
        """The number that people use."""
        return str(FIRST_NUMBER + self.id - 1)


def purchases(
    count: int, goods: Sequence[Article], buyers: Sequence[Company], now: datetime, rng: random.Random
) -> Sequence[Purchase]:
    """So many orders of the last ninety days, the newest of which are not in NetSuite yet."""
    known = [article for article in goods if article.linked and article.item_id is not None]
    made: list[Purchase] = []
    for index in range(count):
        age = timedelta(days=90) * ((count - index) / count)
        new = index >= count * 0.85
        company = rng.choice(buyers)
        chosen = rng.sample(goods if new else known, min(rng.randint(1, 6), len(goods if new else known)))
        state = rng.choices(*_NEW if new else _OLD)[0]
        made.append(
            Purchase(
                index + 1,
                company,
                rng.choice(company.people),
                [Line(article, rng.choice((1, 2, 5, 10, 20))) for article in chosen],
                (now - age).replace(microsecond=0),
                state,
                rng.choice(_SHIPPING),
                rng.choice(("netterm", "netterm", "cryozonic_stripe")),
                None if new or state == "canceled" else FIRST_SALES_ORDER + index,
            )
        )
    return made


def orders(bought: Sequence[Purchase], parents: Mapping[str, int]) -> list[Row]:
    """The orders as Zoey's seed takes them; those carried to NetSuite hold its id in `netsuite_order`."""
    rows: list[Row] = []
    for purchase in bought:
        at = purchase.at.strftime("%Y-%m-%d %H:%M:%S")
        rows.append(
            {
                "entity_id": purchase.id,
                "increment_id": purchase.number,
                "state": purchase.state,
                "created_at": at,
                "updated_at": at,
                "customer_id": purchase.person.id,
                "shipping_amount": money(purchase.shipping[2]),
                "payment_method": purchase.payment,
                "shipping_method": purchase.shipping[0],
                "shipping_description": purchase.shipping[1],
                "po_number": f"PO-{purchase.id + 7000}" if purchase.id % 3 else "",
                "netsuite_order": str(purchase.sales_order or ""),
                "addresses": order_addresses(purchase.company, purchase.person),
                "items": [_item(line, parents) for line in purchase.lines],
            }
        )
    return rows


def sales_orders(bought: Sequence[Purchase]) -> list[Row]:
    """The sales orders that the carried ones became in NetSuite."""
    return [
        {
            "id": str(purchase.sales_order),
            "entity": str(purchase.company.customer_id),
            "tranDate": purchase.at.date().isoformat(),
            "otherRefNum": purchase.number,
            "memo": f"Zoey order {purchase.number}",
            "orderStatus": "B",
            "location": "1",
            "shippingCost": purchase.shipping[2] / 100,
            "item": {
                "items": [
                    {
                        "item": str(line.article.item_id),
                        "quantity": line.quantity,
                        "rate": line.article.price / 100,
                        "amount": line.total / 100,
                        "price": "-1",
                    }
                    for line in purchase.lines
                ]
            },
        }
        for purchase in bought
        if purchase.sales_order is not None
    ]


_OLD = (("processing", "complete", "closed", "canceled"), (30, 60, 5, 5))
_NEW = (("new", "processing", "canceled", "holded"), (55, 30, 5, 10))


def _item(line: Line, parents: Mapping[str, int]) -> Row:
    article = line.article
    row: Row = {"product_id": article.product_id, "qty": line.quantity, "price": money(article.price)}
    return row if article.parent is None else {**row, "parent_id": parents[article.parent]}
