"""Lists of the sandboxed store: pages, filters, order, shapes and how a bad list request is refused."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from integration.sandbox_zoey.zoey_caller import Caller, errors, open_store, where

ASCENDING = (("order", "entity_id"), ("dir", "asc"))


def with_products(count: int, **settings: object) -> Caller:
    app = open_store(**settings)
    app.seed({"products": [{"sku": f"P{n}", "price": n, "qty": n} for n in range(1, count + 1)]})
    return Caller(app)


@pytest.fixture(scope="module")
def shop() -> Caller:
    return with_products(25)


def ids(found: Any) -> list[int]:
    return [int(each) for each in found] if isinstance(found, dict) else [int(each["product_id"]) for each in found]


def test_ten_to_a_page_unless_told(shop: Caller) -> None:
    assert ids(shop.get("products")) == list(range(1, 11))
    assert ids(shop.get("products", ("limit", "20"), ("page", "2"))) == [21, 22, 23, 24, 25]


def test_page_zero_is_page_one(shop: Caller) -> None:
    assert ids(shop.get("products", ("page", "0"))) == list(range(1, 11))


def test_past_the_end_the_last_page_comes_again(shop: Caller) -> None:
    assert ids(shop.get("products", ("page", "4"))) == [21, 22, 23, 24, 25]
    assert ids(shop.get("products", ("page", "900"), ("limit", "5"))) == [21, 22, 23, 24, 25]
    assert ids(shop.get("stockitems", ("page", "3"), *where("product_id", "lteq", "15"))) == [11, 12, 13, 14, 15]


def test_past_the_end_may_be_empty_and_an_account_list_is() -> None:
    shop = with_products(3, repeats_last_page=frozenset())
    assert shop.get("products", ("page", "2")) == []
    shop.app.seed({"accounts": [{"name": "A"}]})
    assert with_products(0).get("companyAccounts/list") == []
    assert shop.get("companyAccounts/list", ("page", "2")) == []


def test_accounts_can_be_told_to_repeat() -> None:
    shop = with_products(0, repeats_last_page=frozenset({"accounts"}))
    shop.app.seed({"accounts": [{"name": "A"}]})
    assert [each["name"] for each in shop.get("companyAccounts/list", ("page", "2"))] == ["A"]


def test_an_empty_list_is_an_array_even_where_a_full_one_is_an_object(shop: Caller) -> None:
    assert shop.get("products", *where("sku", "eq", "none")) == []


def test_shapes_are_the_store_s_choice() -> None:
    shop = with_products(2, list_shapes={"products": "array", "stockitems": "map"})
    assert [product["entity_id"] for product in shop.get("products")] == ["1", "2"]
    items = shop.get("stockitems")
    assert isinstance(items, dict)
    assert all(key == item["item_id"] for key, item in items.items())


@pytest.mark.parametrize(
    ("operator", "value", "found"),
    [
        ("eq", "9", [9]),
        ("eq", "9.0", [9]),
        ("neq", "1", list(range(2, 12))),
        ("gt", "20", [21, 22, 23, 24, 25]),
        ("gteq", "24", [24, 25]),
        ("lt", "3", [1, 2]),
        ("lteq", "2", [1, 2]),
        ("in", "3,5,99", [3, 5]),
        ("nin", ",".join(str(n) for n in range(1, 24)), [24, 25]),
        ("from", "24", [24, 25]),
        ("to", "2", [1, 2]),
        ("like", "2%", [2, 20, 21, 22, 23, 24, 25]),
        ("in][", "7", [7]),
    ],
)
def test_each_operator(shop: Caller, operator: str, value: str, found: list[int]) -> None:
    """Numbers compare as numbers: 9 is less than 10."""
    assert ids(shop.get("products", *where("entity_id", operator, value))) == found
    if operator != "like":
        assert ids(shop.get("products", *where("price", operator, value))) == found


def test_filters_are_joined_by_and_and_a_range_is_one_filter(shop: Caller) -> None:
    found = shop.get("products", *where("entity_id", "gt", "3"), *where("price", "lt", "6", entry=2))
    assert ids(found) == [4, 5]
    one = (("filter[0][attribute]", "entity_id"), ("filter[0][from]", "7"), ("filter[0][to]", "8"))
    assert ids(shop.get("products", *one)) == [7, 8]
    several = (("filter[1][attribute]", "entity_id"), ("filter[1][in][]", "3"), ("filter[1][in][]", "4,5"))
    assert ids(shop.get("products", *several)) == [3, 4, 5]


def test_of_two_operators_in_one_filter_the_first_counts(shop: Caller) -> None:
    both = (*where("entity_id", "gt", "23"), ("filter[1][lt]", "2"))
    assert ids(shop.get("products", *both)) == [24, 25]


def test_text_compares_without_regard_to_case(shop: Caller) -> None:
    assert ids(shop.get("products", *where("sku", "eq", "p7"))) == [7]
    assert ids(shop.get("products", *where("sku", "in", "p7,P8"))) == [7, 8]


def test_brackets_bare_and_encoded_are_one(shop: Caller) -> None:
    bare = shop.call("GET", "products", "filter[1][attribute]=entity_id&filter[1][gt]=24")
    encoded = shop.call("GET", "products", "filter%5B1%5D%5Battribute%5D=entity_id&filter%5B1%5D%5Bgt%5D=24")
    assert bare.status == encoded.status == 200
    assert list(json.loads(bare.body)) == list(json.loads(encoded.body)) == ["25"]


def test_order_goes_by_number_and_dir(shop: Caller) -> None:
    assert ids(shop.get("products", ("order", "price"), ("dir", "asc"), ("limit", "3"))) == [1, 2, 3]
    for descending in ("dsc", "desc"):
        assert ids(shop.get("products", ("order", "price"), ("dir", descending), ("limit", "3"))) == [25, 24, 23]


@pytest.mark.parametrize(("default", "first"), [("desc", 25), ("asc", 1)])
def test_order_without_dir(default: str, first: int) -> None:
    shop = with_products(25, default_direction=default)
    assert ids(shop.get("products", ("order", "price")))[0] == first


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ((("page", "-1"),), "Resource collection paging error."),
        ((("page", "one"),), "Resource collection paging error."),
        ((("limit", "101"),), "The paging limit exceeds the allowed number."),
        ((("limit", "-5"),), "The paging limit exceeds the allowed number."),
        ((("order", "nothing"),), "Resource collection ordering error."),
        ((("order", "tier_price"),), "Resource collection ordering error."),
        (where("nothing", "eq", "1"), "Resource collection filtering error."),
        (where("group_price", "eq", "1"), "Resource collection filtering error."),
        (where("sku", "is", "1"), "Resource collection filtering error."),
        ((("filter[1][gt]", "1"),), "Resource collection filtering error."),
        ((("filter[1][attribute]", "sku"),), "Resource collection filtering error."),
        ((("filter", "sku"),), "Resource collection filtering error."),
        ((("filter[1][attribute]", "sku'"), ("filter[1][eq]", "1")), "Resource collection filtering error."),
    ],
)
def test_a_list_request_that_cannot_be_answered(shop: Caller, query: tuple[tuple[str, str], ...], message: str) -> None:
    assert errors(shop.call("GET", "products", query)) == [(400, message)]


def test_a_hundred_to_a_page_is_the_most(shop: Caller) -> None:
    assert len(shop.get("products", ("limit", "100"))) == 25


def test_the_merchant_s_own_attributes_filter_once_declared() -> None:
    shop = with_products(1)
    shop.app.seed({"attributes": {"products": {"rank": "number"}}, "products": [{"rank": 9}, {"rank": 10}]})
    assert ids(shop.get("products", *where("rank", "gt", "9"))) == [3]


def test_attributes_can_be_shown_without_being_filterable_or_not_at_all() -> None:
    shop = with_products(
        1,
        unfilterable={"stockitems": frozenset({"qty"})},
        hidden={"stockitems": frozenset({"updated_at"}), "products": frozenset({"updated_at"})},
    )
    assert shop.get("stockitems")[0]["qty"] == "1.0000"
    refused = [(400, "Resource collection filtering error.")]
    assert errors(shop.call("GET", "stockitems", where("qty", "eq", "1"))) == refused
    assert "updated_at" not in shop.get("stockitems")[0]
    assert "updated_at" not in shop.get("products/1")
    assert errors(shop.call("GET", "products", where("updated_at", "gt", "2026-01-01"))) == refused


def test_times_filter_and_move_with_the_clock() -> None:
    shop = with_products(3)
    shop.app.clock.advance(3600)
    shop.put("products/2", {"price": 5})
    assert ids(shop.get("products", *where("updated_at", "gt", "2026-03-01 12:59:59"))) == [2]
    assert ids(shop.get("products", *where("updated_at", "lteq", "2026-03-01 12:00:00"))) == [1, 3]


@pytest.mark.parametrize(
    ("missing", "shown"), [("null", {None}), ("empty", {""}), ("absent", {"-"}), ("mixed", {None, "", "-"})]
)
def test_a_value_that_is_not_there_is_null_empty_or_absent(missing: str, shown: set[object]) -> None:
    shop = with_products(20, missing=missing)
    products = shop.get("products", ("limit", "100")).values()
    assert {product.get("special_price", "-") for product in products} == shown
    assert shop.get("products/3").get("special_price", "-") == shop.get("products/3").get("special_price", "-")


def test_times_can_come_with_an_offset_or_in_another_zone() -> None:
    product = with_products(1, iso_times=True, timezone="America/New_York").get("products/1")
    assert product["created_at"] == "2026-03-01T07:00:00-05:00"
    assert with_products(1, timezone="America/New_York").get("products/1")["created_at"] == "2026-03-01 07:00:00"


def test_keyset_pages_go_over_everything_once_while_records_change() -> None:
    shop = with_products(25)
    seen: list[int] = []
    after = 0
    while found := shop.get("products", *where("entity_id", "gt", str(after)), *ASCENDING, ("limit", "10")):
        seen += ids(found)
        after = seen[-1]
        shop.app.set_product(seen[0], price=1)
        shop.app.delete_product(seen[-1])
    assert seen == list(range(1, 26))
    assert shop.app.count("products") == 22


def test_a_page_far_into_100_000_products_costs_no_more_than_the_first() -> None:
    """I3: the keyset list of a large store, seeded in a few seconds."""
    started = time.perf_counter()
    shop = with_products(100_000)
    seeding = time.perf_counter() - started
    assert seeding < 30, seeding

    def page_time(after: int) -> float:
        best = 1.0
        for _ in range(5):
            query = (*where("entity_id", "gt", str(after)), *ASCENDING, ("limit", "100"))
            begin = time.perf_counter()
            answer = shop.call("GET", "products", query)
            best = min(best, time.perf_counter() - begin)
            assert list(json.loads(answer.body)) == [str(n) for n in range(after + 1, after + 101)]
        return best

    assert page_time(99_000) < 3 * page_time(0)
    assert shop.app.stock(100_000)["qty"] == "100000.0000"
