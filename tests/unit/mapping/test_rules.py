"""Tables, converters and field rules; what tells that rules have changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.orders import order

from zoey_netsuite import (
    ConfigurationError,
    MapContext,
    MappingError,
    Money,
    Order,
    OrderMapper,
    Table,
    as_date,
    as_flag,
    as_list,
    as_number,
    as_reference,
    as_text,
    attribute,
    computed,
    constant,
    everything,
    field,
)
from zoey_netsuite.entities import cents
from zoey_netsuite.mapping.fields import read, written
from zoey_netsuite.mapping.order_lines import share_out


def test_a_table_compares_as_text() -> None:
    table = Table({"12": "4", "none": None}, otherwise="88")
    assert [table.get(value, what="x") for value in ("12", 12, "none", "other")] == ["4", "4", None, "88"]
    assert (12 in table, "13" in table, bool(Table()), bool(Table(otherwise="1"))) == (True, False, False, True)
    assert (table.back("4"), table.back("5")) == ("12", None)


def test_a_table_says_what_it_does_not_have() -> None:
    """C9's spirit: value, table, what to do."""
    table = Table({str(number): "1" for number in range(20)})
    with pytest.raises(MappingError) as caught:
        table.get("dhl", what="order 7: shipping method", name="ship_methods", field="shipMethod")
    assert str(caught.value).startswith("order 7: shipping method 'dhl' is not in ship_methods, which has '0', '1'")
    assert "and others: add it, or give ship_methods an `otherwise`" in str(caught.value)
    assert caught.value.field == "shipMethod"
    with pytest.raises(MappingError, match="has no rows"):
        Table().get("a", what="x")


def test_a_table_maps_to_ids() -> None:
    rows: Any = {"a": 7}
    assert Table(rows).get("a", what="x") == "7"
    rows = {"a": {"id": "7"}}
    with pytest.raises(ConfigurationError, match="maps to ids as text"):
        Table(rows)


@pytest.mark.parametrize(
    ("convert", "given", "made"),
    [
        (as_text, True, "Yes"),
        (as_text, Decimal("1.50"), "1.50"),
        (as_text, ["a", 2], "a, 2"),
        (as_date, "2026-03-05 23:59:59", "2026-03-05"),
        (as_date, date(2026, 3, 5), "2026-03-05"),
        (as_date, datetime(2026, 3, 5, 23, tzinfo=UTC), "2026-03-05"),
        (as_number, " 1.50 ", Decimal("1.50")),
        (as_number, 7, Decimal(7)),
        (as_number, Money(Decimal("9.99"), "USD"), Decimal("9.99")),
        (as_flag, "1", True),
        (as_flag, "No", False),
        (as_flag, 0, False),
        (as_reference, "12", {"id": "12"}),
        (as_reference, 12, {"id": "12"}),
        (as_reference, "-5", {"id": "-5"}),
        (as_reference, "US", {"id": "US"}),
        (as_list, "1, 2,", {"items": [{"id": "1"}, {"id": "2"}]}),
        (as_list, ["1", 2], {"items": [{"id": "1"}, {"id": "2"}]}),
    ],
)
def test_converters(convert: Callable[[Any], Any], given: Any, made: Any) -> None:
    """O5."""
    assert convert(given) == made


@pytest.mark.parametrize(
    ("convert", "given"),
    [
        (as_text, {"a": 1}),
        (as_date, "soon"),
        (as_date, "2026-13-01"),
        (as_number, "many"),
        (as_number, "NaN"),
        (as_number, True),
        (as_flag, "maybe"),
        (as_flag, 2),
        (as_reference, " "),
        (as_reference, 1.5),
        (as_reference, {"id": 1}),
        (as_list, ["1", None, ""]),
        (as_reference, "0014"),
        (as_reference, "13.0"),
        (as_list, "12, 1.8E+1"),
    ],
)
def test_converters_refuse(convert: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        convert(given)


def test_rules_apply_in_order_and_on_creation_leave_out_what_has_no_value() -> None:
    rules = [
        constant("class", "1"),
        field("memo", "po_number", convert=as_text),
        field("custbody_a", attribute("a"), convert=as_number),
        computed("memo", lambda order, ctx: f"{order.number}"),
    ]
    made = order(a="")
    assert written(rules, made, None, MapContext(), "x") == {"class": "1", "memo": "100000012"}
    assert written(rules, made, frozenset({"custom.a"}), MapContext(), "x") == {"custbody_a": None, "memo": "100000012"}
    assert "custbody_a" not in written(rules, made, frozenset({"po_number"}), MapContext(), "x")


def test_a_mapping_error_of_a_rule_keeps_its_words() -> None:
    table = Table({"a": "1"})
    rule = computed("custbody_a", lambda order, ctx: table.get(order.status, what="status"))
    with pytest.raises(MappingError, match="order 7: custbody_a: status 'pending' is not in the table") as caught:
        written([rule], order(), None, MapContext(), "order 7")
    assert caught.value.field == "custbody_a"


def test_rules_that_go_both_ways_are_read_back() -> None:
    rules = [
        field("otherRefNum", "po_number", back=as_text),
        field("custbody_day", attribute("day"), convert=as_date, back=as_date),
        field("custbody_gone", attribute("gone"), back=as_text),
        field("custbody_out", attribute("out"), convert=as_date),
    ]
    values = {"otherRefNum": "PO-9", "custbody_day": "2026-03-05", "custbody_out": "2026-03-06"}
    made = read(rules, order(out="kept", gone="x"), values, "sales order 7")
    assert (made.po_number, made.custom["day"], made.custom["gone"], made.custom["out"]) == (
        "PO-9",
        "2026-03-05",
        None,
        "kept",
    )
    with pytest.raises(MappingError, match=r"sales order 7: custbody_day is 'soon': a date"):
        read(rules, order(), {"custbody_day": "soon"}, "sales order 7")


def test_everything_names_all_fields() -> None:
    names = everything(order(color="red"))
    assert {"lines", "total", "custom.color"} <= names
    assert "custom" not in names


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("1.005", "1.01"), ("-1.005", "-1.01"), ("2.675", "2.68"), ("0.0049", "0.00"), ("3.9999", "4.00")],
)
def test_halves_are_rounded_away_from_zero(amount: str, rounded: str) -> None:
    """O4: the one rule."""
    assert str(cents(Decimal(amount), "USD")) == rounded


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("1000.5", "JPY", "1001"),
        ("1.0005", "KWD", "1.001"),
        ("1.00005", "CLF", "1.0001"),
        ("1.005", "XTS", "1.01"),
        ("2.5", "krw", "3"),
    ],
)
def test_each_currency_has_its_smallest_unit(amount: str, currency: str, rounded: str) -> None:
    """O4: ISO 4217; a code that is not in it has hundredths."""
    assert str(cents(Decimal(amount), currency)) == rounded


@given(
    st.integers(-100_000, 100_000).map(lambda amount: Decimal(amount).scaleb(-2)),
    st.lists(st.integers(0, 10_000).map(lambda amount: Decimal(amount).scaleb(-2)), min_size=1, max_size=12),
)
def test_shares_add_up_and_are_fair(amount: Decimal, weights: list[Decimal]) -> None:
    """O4: to the cent, and none is a cent or more from its exact share."""
    shares = share_out(Money(amount, "USD"), weights)
    assert sum(shares) == amount
    whole = sum(weights)
    exact = [amount * weight / whole if whole else amount / len(weights) for weight in weights]
    assert all(abs(share - wanted) <= Decimal("0.0100000001") for share, wanted in zip(shares, exact, strict=True))
    assert all(share == cents(share, "USD") for share in shares)


def versions_of_a_users_mapper() -> list[OrderMapper]:
    """One class, as it was written at four times."""

    def version(given: str, method: Any) -> OrderMapper:
        body = {"__module__": __name__, "__qualname__": "Own", "prefix": given, "memo": method}
        return type("Own", (OrderMapper,), body)()

    def memo(self: Any, order: Order) -> str:
        return f"{self.prefix} {order.number}"

    def other(self: Any, order: Order) -> str:
        return f"{order.number} {self.prefix}"

    def longer(self: Any, order: Order) -> str:
        return f"{self.prefix} order {order.number}"

    return [version("Web", memo), version("Shop", memo), version("Web", other), version("Web", longer)]


def test_a_digest_tells_rules_apart() -> None:
    """A new rule must not look like a change on both sides, so it has to be seen."""

    def rule(limit: int) -> OrderMapper:
        return OrderMapper(fields=[computed("custbody_a", lambda order, ctx: order.total.amount > limit)])

    mappers = [
        OrderMapper(),
        OrderMapper(discount_item="1"),
        OrderMapper(terms=Table({"a": "1"})),
        OrderMapper(terms=Table({"a": "2"})),
        OrderMapper(fields=[constant("location", "1")]),
        OrderMapper(fields=[constant("location", "2")]),
        OrderMapper(fields=[field("memo", "number")]),
        OrderMapper(fields=[field("memo", "number", convert=as_text)]),
        rule(5),
        rule(6),
        *versions_of_a_users_mapper(),
    ]
    assert len({mapper.digest for mapper in mappers}) == len(mappers)
    assert rule(5).digest == rule(5).digest
    assert [mapper.digest for mapper in versions_of_a_users_mapper()] == [mapper.digest for mapper in mappers[-4:]]
    assert (
        OrderMapper(terms=Table({"a": "1", "b": "2"})).digest == OrderMapper(terms=Table({"b": "2", "a": "1"})).digest
    )


def test_a_digest_is_the_same_in_every_process() -> None:
    program = """
from zoey_netsuite import OrderMapper, Table, attribute, computed, field
names = {"a", "b", "c", "d"}
print(OrderMapper(
    terms=Table({"a": "1", "b": None}),
    fields=[computed("custbody_a", lambda order, ctx: order.number in names), field("custbody_b", attribute("b"))],
).digest)
"""
    runs = [
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != ""
