"""The arithmetic of the sandboxed store's orders and its reading of list requests, on values alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoey_netsuite.sandbox.zoey.errors import Refused
from zoey_netsuite.sandbox.zoey.kinds import AttributeType
from zoey_netsuite.sandbox.zoey.query import Condition, read_selection
from zoey_netsuite.sandbox.zoey.sales import share
from zoey_netsuite.sandbox.zoey.values import decimal_text, is_number, is_set, number, text

cents = st.decimals(0, 100_000, places=2)


@given(cents, st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_the_shares_of_a_line_add_up_to_the_cent(amount: Decimal, steps: list[int]) -> None:
    """D1: however a line is invoiced, its invoices come to its total."""
    item = {"qty_ordered": str(sum(steps)), "row_total": str(amount)}
    done, total = Decimal(0), Decimal(0)
    for step in steps:
        part = share(item, "row_total", done, Decimal(step))
        assert part >= 0
        assert part == part.quantize(Decimal("0.01"))
        total += part
        done += step
    assert total == amount


def test_a_line_of_nothing_has_no_share() -> None:
    assert share({"qty_ordered": "0.0000", "row_total": "5"}, "row_total", Decimal(0), Decimal(0)) == 0


TYPES: dict[str, AttributeType] = {"entity_id": "number", "sku": "text"}


def test_a_list_request_without_anything() -> None:
    selection = read_selection((), TYPES, "desc")
    assert (selection.limit, selection.page, selection.order, selection.ascending) == (10, 1, None, True)
    assert selection.conditions == []


def test_filters_are_read_as_php_reads_them() -> None:
    pairs = (
        ("filter[a][attribute]", "sku"),
        ("filter[7][eq]", "1"),
        ("filter[a][in][0]", "x,y"),
        ("filter[7][attribute]", "entity_id"),
        ("filter[a][in][]", "z"),
        ("other", "1"),
    )
    assert read_selection(pairs, TYPES, "asc").conditions == [
        Condition("sku", "in", ["x", "y", "z"]),
        Condition("entity_id", "eq", ["1"]),
    ]


@pytest.mark.parametrize("name", ["filter[1]", "filter[1][eq", "filter[][][]", "filterx[1][eq]", "filter[1][eq][][]"])
def test_a_filter_that_is_none(name: str) -> None:
    with pytest.raises(Refused):
        read_selection(((name, "1"),), TYPES, "asc")


@pytest.mark.parametrize(
    ("value", "shown", "flag"),
    [(True, "1", True), (False, "0", False), (None, None, False), (3, "3", True), ("0", "0", False), ("", "", False)],
)
def test_plain_values_are_strings(value: object, shown: str | None, flag: bool) -> None:
    assert (text(value), is_set(value)) == (shown, flag)


def test_numbers_as_mysql_reads_them() -> None:
    assert [str(number(value)) for value in ("12.50", 3, "x", None, "nan")] == ["12.50", "3", "0", "0", "0"]
    assert [is_number(value) for value in ("12.50", 3, Decimal(1), "x", None, "", True, "inf", [])] == [
        True,
        True,
        True,
        False,
        False,
        False,
        False,
        False,
        False,
    ]
    assert decimal_text("12.5") == "12.5000"
