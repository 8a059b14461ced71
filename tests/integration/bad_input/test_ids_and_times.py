"""Ids that are no text, and times that are none or name no moment, are refused before anything is sent (E3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from support.world import World

from zoey_netsuite import ConfigurationError, Matches, OrderSync
from zoey_netsuite.zoey import gteq, in_

CALLS: dict[str, Callable[[World, Any], object]] = {
    "record": lambda world, id: world.erp.record("customer", id),
    "records": lambda world, id: list(world.erp.records("customer", [id])),
    "external id": lambda world, id: world.erp.record("customer", external_id=id),
    "find": lambda world, id: world.erp.find("customer", id),
    "update": lambda world, id: world.erp.update("customer", id, {"comments": "x"}),
    "upsert": lambda world, id: world.erp.upsert("customer", id, {"companyName": "x"}),
    "delete": lambda world, id: world.erp.delete("customer", id),
    "transform": lambda world, id: world.erp.transform("salesOrder", id, "invoice"),
    "type": lambda world, id: world.erp.record(id, "1"),
    "query": lambda world, id: list(world.erp.suiteql(id)),
    "search": lambda world, id: list(world.erp.saved_search(id)),
    "dataset": lambda world, id: list(world.erp.dataset(id)),
    "script": lambda world, id: world.erp.restlet(id, "1"),
    "deployment": lambda world, id: world.erp.restlet("1", id),
    "job": lambda world, id: world.erp.job(id),
    "tasks": lambda world, id: world.erp.tasks(id),
    "result": lambda world, id: world.erp.result(id),
    "order": lambda world, id: world.shop.orders.get(id),
    "comments": lambda world, id: list(world.shop.orders.comments(id)),
    "comment": lambda world, id: world.shop.orders.comment(id, "x"),
    "order's attributes": lambda world, id: world.shop.orders.update(id, {"a": "x"}),
    "cancel": lambda world, id: world.shop.orders.cancel(id),
    "product": lambda world, id: world.shop.products.get(id),
    "account": lambda world, id: world.shop.accounts.get(id),
    "customer": lambda world, id: world.shop.customers.delete(id),
    "after": lambda world, id: list(world.shop.orders.list_each(after=id)),
    "cart": lambda world, id: world.shop.carts.place(id),
}


@pytest.mark.parametrize("call", CALLS)
def test_ids_that_are_no_text(world: World, call: str) -> None:
    """`NetSuiteClient.record("customer", 5)` says what to give; the same for each client's methods."""
    before = world.sandbox.netsuite.calls.total + world.sandbox.zoey.calls.total
    for id, words in ((5, 'takes text: give "5", not the number 5'), (True, "takes text, not a bool"), (b"5", "bytes")):
        with pytest.raises(ConfigurationError) as caught:
            CALLS[call](world, id)
        assert words in str(caught.value)
    assert world.sandbox.netsuite.calls.total + world.sandbox.zoey.calls.total == before


def test_numbers_are_taken_where_values_are_compared(world: World) -> None:
    """Of a filter, of `find`, and as parameters of SuiteQL; a truth value is none of SuiteQL's."""
    (one,) = world.shop.products.list(entity_id=in_([101]))
    assert one.id == "101"
    assert len(list(world.shop.find("products", "entity_id", [101]))) == 1  # type: ignore[list-item]  # what users give
    assert len(list(world.erp.suiteql("SELECT id FROM item WHERE id = ?", [1]))) == 1
    with pytest.raises(ConfigurationError, match="give 'T' or 'F'"):
        list(world.erp.suiteql("SELECT id FROM item WHERE isinactive = ?", [True]))


@pytest.mark.parametrize("given", ["2026-03-01", "yesterday", date(2026, 3, 1), 5, datetime(2026, 3, 1)])
def test_times_that_name_no_moment(given: Any) -> None:
    """A start date and a filter take times with a time zone alone, and say so."""
    for make in (
        lambda: OrderSync(start_at=given),
        lambda: Matches(created_from=given),
        lambda: Matches(created_before=given),
    ):
        with pytest.raises(ConfigurationError, match="time zone"):
            make()


@pytest.mark.parametrize("given", ["yesterday", "2026-03-01T00:00:00-08:00", "03/01/2026", 5, datetime(2026, 3, 1)])
@pytest.mark.parametrize("attribute", ["created_at", "updated_at"])
def test_zoey_is_asked_for_times_alone(world: World, attribute: str, given: Any) -> None:
    """Zoey would take these for another moment, or for none, and answer with the wrong orders."""
    before = world.sandbox.zoey.calls.total
    for where in (lambda: gteq(given), lambda: {"gteq": given}, lambda: given):
        with pytest.raises(ConfigurationError, match=r"aware datetime"):
            list(world.shop.orders.list({attribute: where()}))
    assert world.sandbox.zoey.calls.total == before


def test_times_as_zoey_writes_them_are_taken(world: World) -> None:
    for given in ("2026-03-01", "2026-03-01 00:00:00", date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)):
        assert not list(world.shop.orders.list(created_at=gteq(given)))
