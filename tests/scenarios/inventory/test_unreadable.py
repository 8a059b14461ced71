"""A product or a stock item that can't be read stops no other product (G4, I2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.spoiled import spoiled
from support.world import World


@pytest.mark.parametrize("before", [False, True], ids=["new", "known"])
@pytest.mark.parametrize(
    ("path", "record", "values", "cause"),
    [
        ("/products", {"entity_id": "102"}, {"price": "cheap"}, "unreadable price"),
        ("/stockitems", {"product_id": "102"}, {"qty": "some"}, "unreadable qty"),
    ],
    ids=["product", "stock item"],
)
def test_one_of_a_list(
    world: World, path: str, record: dict[str, str], values: dict[str, Any], cause: str, before: bool
) -> None:
    """It is listed with its id and not written to; mended, it is kept in step again."""
    integration = world.integration(world.inventory(relist=timedelta(0)))
    if before:
        integration.run().raise_for_failure()
    world.set_netsuite(2, 1, 1, 1)
    world.set_netsuite(3, 1, 1, 1)
    with spoiled(world.sandbox.zoey, path, record, **values):
        report = integration.run()
        assert report.failure is None
        assert report.count("failed") == 1
        assert world.shown(103) == 3
        assert world.shown(102) == (30 if before else 0)
        (item,) = integration.attention.list()
        assert (item.unit_id, item.zoey_id, item.state, item.cause) == ("102", "102", "failed", cause)
        integration.attention.retry([item])
        assert integration.run().count("failed") == 1
        assert integration.attention.list()[0].cause == cause
    integration.attention.retry(integration.attention.list())
    integration.run().raise_for_failure()

    assert world.shown(102) == 3
    assert not integration.attention.list()


def test_stock_item_of_nobody_knows_what(world: World) -> None:
    """Where nobody can tell which product a record is of, it is held under a name of its own; all others go on."""
    integration = world.integration()
    record = {"product_id": "102"}
    with spoiled(world.sandbox.zoey, "/stockitems", record, qty="some", product_id=None):
        report = integration.run()

    assert report.failure is None
    assert [world.shown(product) for product in (101, 102, 103)] == [30, 0, 30]
    messages = {item.unit_id: item.message for item in integration.attention.list()}
    (name,) = [unit_id for unit_id in messages if unit_id.startswith("without id")]
    assert "qty, but Zoey sent 'some'" in messages[name]
    assert "lists no stock item" in messages["102"]
    integration.attention.retry(everything=True)
    integration.run().raise_for_failure()
    assert world.shown(102) == 30
    (left,) = integration.attention.list()
    assert "dismiss this" in left.message
