"""Records as they come: strings for everything, nothing in three forms, lists in two, and what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from unit.zoey.zoey_store import ScriptedTransport, json_answer

from zoey_netsuite.http.limits import Limits
from zoey_netsuite.zoey import Account, OAuth1Auth, Order, RecordError, ZoeyClient


def client_of(answer: Any) -> ZoeyClient:
    auth = OAuth1Auth("key", "secret", "token", "token-secret")
    transport = ScriptedTransport(lambda asked: json_answer(answer))
    return ZoeyClient("https://shop.example.com", auth, limiter=Limits(), transport=transport)


def order(**fields: Any) -> Order:
    return client_of({"entity_id": "7", **fields}).orders.get("7")


def account(**fields: Any) -> Account:
    return client_of({"id": "3", **fields}).accounts.get("3")


def test_values_have_their_types() -> None:
    """Numbers, flags, ids and times come as strings, and at times not."""
    read = order(
        grand_total="12.5000", subtotal=10, tax_amount=2.5, customer_is_guest="0", created_at="2026-01-31 18:30:00"
    )
    assert (read.id, read.grand_total, read.subtotal) == ("7", Decimal("12.5000"), Decimal(10))
    assert (read.tax_amount, read.customer_is_guest) == (Decimal("2.5"), False)
    assert read.created_at == datetime(2026, 1, 31, 18, 30, tzinfo=UTC)
    assert order(created_at="2026-01-31T18:30:00+02:00").created_at == datetime(2026, 1, 31, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize("missing", [None, "", []])
def test_what_is_missing_has_three_forms(missing: Any) -> None:
    """Null, an empty string, an empty array, and an absent key are all None."""
    read = order(grand_total=missing, customer_is_guest=missing, created_at=missing, status=missing)
    assert (read.grand_total, read.customer_is_guest, read.created_at, read.status) == (None, None, None, None)
    assert account(netterm=missing).netterm is None
    assert account(locations=missing).locations == ()
    assert order(created_at="0000-00-00 00:00:00").created_at is None


def test_what_was_not_said_is_not_empty() -> None:
    """A list of orders may leave lines out: that is None, not no lines."""
    assert order().order_items is None
    assert order(order_items=[]).order_items == ()


def test_lists_are_arrays_or_objects_by_id() -> None:
    """The same lines either way."""
    line = {"item_id": "1", "qty_ordered": "2.0000", "parent_item_id": None}
    as_array, as_object = order(order_items=[line]).order_items, order(order_items={"1": line}).order_items
    assert as_array == as_object
    assert as_array is not None
    assert (as_array[0].id, as_array[0].qty_ordered) == ("1", Decimal(2))


def test_one_or_several() -> None:
    """A contact's roles are a string in one record and an array with nulls in the next."""
    contacts = [{"id": "1", "role_id": "4"}, {"id": "2", "role_id": ["4", None, "5"]}, {"id": "3", "role_id": ""}]
    assert [contact.role_id for contact in account(contacts=contacts).contacts] == [("4",), ("4", "5"), ()]


def test_streets_are_lines_or_one_string() -> None:
    """An address has lines; inside a location it is one string."""
    assert account(addresses=[{"id": "1", "street": ["1 Main St", "Dock 4"]}]).addresses[0].street == (
        "1 Main St",
        "Dock 4",
    )
    location = {"id": "1", "addresses": {"9": {"id": "9", "street": "1 Main St\nDock 4"}}}
    assert account(locations=[location]).locations[0].addresses[0].street == ("1 Main St", "Dock 4")


def test_the_rest_is_kept_as_it_came() -> None:
    """The merchant's own attributes have the platform's name and value."""
    read = order(netsuite_order="SO1", gift={"wrap": "1"}, status="new")
    assert read.custom == {"netsuite_order": "SO1", "gift": {"wrap": "1"}}
    assert order().custom == {}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"grand_total": "a lot"}, r"order 7: a number expected in grand_total, but Zoey sent 'a lot'\."),
        ({"customer_is_guest": "maybe"}, r"order 7: 1 or 0 expected in customer_is_guest, but Zoey sent 'maybe'\."),
        ({"created_at": "31.01.2026"}, r"order 7: a time like .* expected in created_at, but Zoey sent '31.01.2026'"),
        (
            {"order_items": {"5": {"item_id": "5", "qty_ordered": "two"}}},
            r"order 7: a number expected in order_items\[5\].qty_ordered, but Zoey sent 'two'\.",
        ),
        ({"order_items": [{"sku": "A"}]}, r"a value expected in order_items\[0\].item_id"),
        ({"order_items": 5}, r"a list expected in order_items, but Zoey sent 5"),
        ({"status": {"a": 1}}, r"text expected in status"),
    ],
)
def test_what_cannot_be_read_is_named(fields: Any, words: str) -> None:
    """Resource, id, field and value."""
    with pytest.raises(RecordError, match=words) as caught:
        order(**fields)
    assert caught.value.field is not None


def test_one_bad_record_in_a_list_is_named() -> None:
    """The id says which one it is."""
    client = client_of({"1": {"entity_id": "1", "price": "1"}, "2": {"entity_id": "2", "price": "one"}})
    with pytest.raises(RecordError, match="product 2: a number expected in price, but Zoey sent 'one'"):
        list(client.products.list())
