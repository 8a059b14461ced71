"""The sample records: believable, consistent between both systems, the same each time."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from zoey_netsuite.sandbox import samples

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def netsuite() -> dict[str, Rows]:
    return samples.wholesaler()["netsuite"]


@pytest.fixture(scope="module")
def zoey() -> dict[str, Rows]:
    return samples.wholesaler()["zoey"]


def items(netsuite: dict[str, Rows]) -> set[str]:
    return {row["id"] for kind in ("inventoryItem", "assemblyItem") for row in netsuite[kind]}


def test_same_arguments_same_records() -> None:
    assert samples.wholesaler(50, 2, 10, 20) == samples.wholesaler(50, 2, 10, 20)
    assert samples.wholesaler(50, 2, 10, 20) != samples.wholesaler(50, 2, 10, 20, seed=2)
    assert samples.inventory(20, 2) == samples.inventory(20, 2)


def test_sizes_are_as_asked() -> None:
    made = samples.wholesaler(50, 2, 10, 20)
    simple = [row for row in made["zoey"]["products"] if row["type_id"] == "simple"]
    counts = [
        len(simple),
        len(made["netsuite"]["location"]),
        len(made["zoey"]["accounts"]),
        len(made["zoey"]["orders"]),
    ]
    assert counts == [50, 2, 10, 20]
    empty = samples.wholesaler(0, 1, 0, 0)
    assert empty["zoey"]["products"] == empty["zoey"]["orders"] == []


def test_products_point_at_items(netsuite: dict[str, Rows], zoey: dict[str, Rows]) -> None:
    """Most products are linked, one in a hundred is not, two point at nothing."""
    simple = [row for row in zoey["products"] if row["type_id"] == "simple"]
    links = Counter("none" if not row["netsuite_id"] else row["netsuite_id"] in items(netsuite) for row in simple)
    assert links == {True: 1978, "none": 20, False: 2}
    assert len({row["sku"] for row in zoey["products"]}) == len(zoey["products"])
    by_id = {row["id"]: row["itemId"] for kind in ("inventoryItem", "assemblyItem") for row in netsuite[kind]}
    assert all(by_id.get(row["netsuite_id"], row["sku"]) == row["sku"] for row in simple)
    assert len(netsuite["assemblyItem"]) > 10


def test_stock_is_of_all_items_and_locations(netsuite: dict[str, Rows], zoey: dict[str, Rows]) -> None:
    pairs = Counter((row["item"], row["location"]) for row in netsuite["stock"])
    assert set(pairs.values()) == {1}
    assert len(pairs) == len(items(netsuite)) * 3
    available: Counter[str] = Counter()
    for row in netsuite["stock"]:
        assert row["quantityAvailable"] == row["quantityOnHand"] - row["quantityCommitted"]
        available[row["item"]] += row["quantityAvailable"]
    ordered = {line["item"] for record in netsuite["salesOrder"] for line in record["item"]["items"]}
    untouched = [row for row in zoey["products"] if row["netsuite_id"] in available.keys() - ordered]
    in_step = sum(row["qty"] == max(0, available[row["netsuite_id"]]) for row in untouched)
    assert 0.6 * len(untouched) < in_step < 0.9 * len(untouched)


def test_accounts_point_at_customers(netsuite: dict[str, Rows], zoey: dict[str, Rows]) -> None:
    customers = {row["id"]: row for row in netsuite["customer"]}
    linked = [row for row in zoey["accounts"] if row["external_id"]]
    assert len(linked) == 270
    assert all(customers[row["external_id"]]["companyName"] == row["name"] for row in linked)
    assert len({row["name"] for row in zoey["accounts"]}) == 300
    emails = [row["email"] for row in zoey["customers"]]
    assert len(set(emails)) == len(emails) == len(netsuite["contact"])
    assert set(emails) == {row["email"] for row in netsuite["contact"]}
    people = {row["entity_id"] for row in zoey["customers"]}
    assert all(int(contact["customer_id"]) in people for row in zoey["accounts"] for contact in row["contacts"])


def test_orders_point_at_sales_orders(netsuite: dict[str, Rows], zoey: dict[str, Rows]) -> None:
    carried = {row["id"]: row for row in netsuite["salesOrder"]}
    netsuite_ids = {row["entity_id"]: row["netsuite_id"] for row in zoey["products"]}
    companies = {contact["customer_id"]: row["name"] for row in zoey["accounts"] for contact in row["contacts"]}
    customers = {row["id"]: row["companyName"] for row in netsuite["customer"]}
    for order in zoey["orders"]:
        assert all(line["product_id"] in netsuite_ids for line in order["items"])
        if order["netsuite_order"]:
            record = carried.pop(order["netsuite_order"])
            lines = record["item"]["items"]
            assert record["otherRefNum"] == order["increment_id"]
            assert customers[record["entity"]] == companies[str(order["customer_id"])]
            assert [line["item"] for line in lines] == [netsuite_ids[line["product_id"]] for line in order["items"]]
            assert [line["rate"] for line in lines] == [float(line["price"]) for line in order["items"]]
            assert record["shippingCost"] == float(order["shipping_amount"])
    assert carried == {}


def test_orders_are_of_many_sorts(zoey: dict[str, Rows]) -> None:
    """Several states, carried and not, and choices of configurable products."""
    states = Counter(order["state"] for order in zoey["orders"])
    assert {"new", "processing", "complete", "closed", "canceled", "holded"} <= set(states)
    open_orders = [order for order in zoey["orders"] if not order["netsuite_order"]]
    assert 70 <= len(open_orders) <= 150
    configurable = {row["entity_id"] for row in zoey["products"] if row["type_id"] == "configurable"}
    chosen = [line for order in zoey["orders"] for line in order["items"] if "parent_id" in line]
    assert len(chosen) > 5
    assert {line["parent_id"] for line in chosen} <= configurable


def test_inventory_agrees_on_both_sides() -> None:
    made = samples.inventory(100, 3)
    sums: Counter[str] = Counter()
    for row in made["netsuite"]["stock"]:
        sums[row["item"]] += row["quantityAvailable"]
    assert {row["netsuite_id"]: row["qty"] for row in made["zoey"]["products"]} == dict(sums)
    assert len(made["netsuite"]["stock"]) == 300


def test_samples_by_name() -> None:
    assert samples.by_name("inventory", items=3, locations=1) == samples.inventory(3, 1)
    with pytest.raises(ValueError, match="known are wholesaler, inventory"):
        samples.by_name("bakery")
