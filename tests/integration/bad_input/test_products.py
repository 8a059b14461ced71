"""Products, stock items and quantities that are not as they should be: each is one product's trouble (G4, I1, I2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from attrs import define, field
from support.world import World

from zoey_netsuite import AttentionItem, Clients, ConfigurationError, HttpxTransport, Report, Retry, SetStock
from zoey_netsuite.engine.performing import REFUSALS
from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.http.transport import Received
from zoey_netsuite.sandbox.zoey.kinds import STOCK_ITEMS

OTHERS = [101, 102, 103, 105, 106, 107, 108]


def held(world: World, report: Report, integration: Any) -> AttentionItem:
    """The one product that waits for a person; all others are done."""
    assert report.failure is None
    assert (report.count("held"), report.count("updated")) == (1, 7)
    assert [world.shown(product) for product in OTHERS] == [30] * 7
    assert world.shown(104) == 0
    (item,) = integration.attention.list()
    assert item.unit_id == "104"
    assert item.message in " ".join(str(report).split())
    found: AttentionItem = item
    return found


def store_quantity(world: World, quantity: object) -> None:
    with world.sandbox.netsuite.acting() as app:
        update = "UPDATE aggregateitemlocation SET quantityavailable = ? WHERE item = 4 AND location = 1"
        app.database.connection.execute(update, (quantity,))
        app.database.connection.commit()


NO_IDS = ["abc", "2.0", "-2", "0", "02", "2,3", "9" * 40, "²", "١٢", "InvtPart 2", "1' OR '1'='1", "x" * 500]


@pytest.mark.parametrize("attribute", ["netsuite_id", "stock_item"])
@pytest.mark.parametrize("value", NO_IDS)
def test_what_is_no_internal_id(world: World, attribute: str, value: str) -> None:
    """I1: it names product, SKU, attribute and value, and never reaches a query, where it would fail for all."""
    with world.sandbox.zoey.acting() as app:
        app.set_product(104, **{attribute: value})
    integration = world.integration()

    item = held(world, integration.run(), integration)

    for piece in ("product 104", "SKU-4", f"item {value[:40]}", f"attribute {attribute}", "digits only"):
        assert piece in item.message
    assert len(item.message) < 400
    assert not integration.run().count("updated"), "held stays held, and is not written"
    with world.sandbox.zoey.acting() as app:
        app.set_product(104, **{attribute: " 4 "})
    integration.sync_one("inventory", zoey_id="104").raise_for_failure()
    assert world.shown(104) == 30
    assert not integration.attention.list()


@pytest.mark.parametrize("attribute", ["netsuite_id", "stock_item"])
def test_an_item_that_is_gone(world: World, attribute: str) -> None:
    """I1, I2: of either attribute."""
    with world.sandbox.zoey.acting() as app:
        app.set_product(104, **{attribute: "999"})
    integration = world.integration()

    item = held(world, integration.run(), integration)

    for piece in ("product 104", "item 999", f"attribute {attribute}", "NetSuite has no such item"):
        assert piece in item.message


def test_two_products_of_one_item_and_one_that_names_itself(world: World) -> None:
    """I1, I2: both show the item's quantity; what an order holds of one is offered by none."""
    with world.sandbox.zoey.acting() as app:
        app.set_product(104, netsuite_id="5")
        app.set_product(106, stock_item="6")
        app.place_order([{"product_id": 104, "qty": 4}], customer_email="a@example.com")

    world.integration().run().raise_for_failure()

    assert [world.shown(product) for product in (104, 105, 106)] == [26, 26, 30]


def test_a_product_without_a_stock_item(world: World) -> None:
    """G4, I2: told with both ids, by the list as by hand, until there is one."""
    with world.sandbox.zoey.acting() as app:
        kept = app.stock(104)
        app._shop.records.delete(STOCK_ITEMS, kept["item_id"])
    integration = world.integration()

    report = integration.run()

    assert (report.count("held"), report.count("updated")) == (1, 7)
    (item,) = integration.attention.list()
    for piece in ("product 104", "SKU-4", "item 4", "no stock item"):
        assert piece in item.message
    by_hand = integration.sync_one("inventory", zoey_id="104")
    assert by_hand.count("held") == 1
    with world.sandbox.zoey.acting() as app:
        app._shop.records.create(STOCK_ITEMS, {name: value for name, value in kept.items() if name != "item_id"})
    world.later(days=2)
    integration.run().raise_for_failure()
    assert world.shown(104) == 30
    assert not integration.attention.list()


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        (float("inf"), "is Infinity, which is no number"),
        (1e12, "is 1000000000020, and Zoey can hold 99,999,999.9999"),
        (1e30, "and Zoey can hold 99,999,999.9999"),
    ],
)
def test_quantities_that_cannot_be_shown(world: World, quantity: float, said: str) -> None:
    """G4, I2: with both ids and what NetSuite said; mended, it closes by itself."""
    store_quantity(world, quantity)
    integration = world.integration()

    item = held(world, integration.run(), integration)

    for piece in ("product 104", "SKU-4", "item 4", said, "Correct the quantity in NetSuite"):
        assert piece in item.message
    assert (item.zoey_id, item.netsuite_id) == ("104", "4")
    (difference,) = integration.verify("inventory")
    assert (difference.zoey_id, difference.field) == ("104", "record"), "what is not known is no quantity"
    assert said in str(difference)
    store_quantity(world, 7)
    integration.run().raise_for_failure()
    assert world.shown(104) == 27
    assert not integration.attention.list()


@pytest.mark.parametrize(
    ("quantity", "shown"), [(None, 20), (-5, 15), (-20.5, 0), (0.75, 20), (0.0000001, 20), (99_999_000, 99_999_020)]
)
def test_quantities_that_are_odd_but_true(world: World, quantity: float | None, shown: int) -> None:
    """I2: null counts for nothing, negative sums become 0, fractions are rounded down."""
    store_quantity(world, quantity)

    report = world.integration().run()

    assert report.failure is None
    assert not report.count("held")
    assert world.shown(104) == shown


@define
class Choosy:
    """A store whose bulk call fails as a whole when it holds a certain stock item, which its other calls do not."""

    poison: bytes
    status: int
    body: bytes
    sizes: list[int] = field(factory=list)
    inner: HttpxTransport = field(factory=HttpxTransport)

    def send(self, request: Request) -> Response:
        if request.method == "PUT" and request.url.endswith("/stockitems"):
            self.sizes.append(request.content.count(b"item_id"))
            if self.poison in request.content:
                return Received(self.status, {"content-type": "text/html"}, self.body)
        return self.inner.send(request)

    def close(self) -> None:
        self.inner.close()


@pytest.mark.parametrize(("status", "body"), [(500, b"<h1>Oops</h1>"), (400, b"nonsense"), (200, b"<html>")])
def test_one_entry_that_breaks_a_bulk_call_stands_alone(world: World, status: int, body: bytes) -> None:
    """G4, I3: the other 99 of a hundred are done, and the one is named with both ids."""
    with world.sandbox.zoey.acting() as app:
        poison = f'"item_id":"{app.stock(104)["item_id"]}"'.encode()
    choosy = Choosy(poison, status, body)
    with world.zoey(transport=choosy, retry=Retry(attempts=1)) as shop:
        integration = world.integration(shop=shop)
        report = integration.run()

    assert report.failure is None
    assert report.count("updated") == 7
    assert [world.shown(product) for product in OTHERS] == [30] * 7
    (item,) = integration.attention.list()
    assert (item.unit_id, item.zoey_id, item.netsuite_id) == ("104", "104", "4")
    assert str(status) in item.message
    assert choosy.sizes == [8, 4, 2, 2, 1, 1, 4]


def test_many_entries_that_are_refused_are_not_tried_one_by_one(world: World) -> None:
    """G4: where all are refused it is not the entries, and a store in trouble is not asked a hundred times."""
    choosy = Choosy(b"item_id", 500, b"no writes today")
    with world.zoey(transport=choosy, retry=Retry(attempts=1)) as shop:
        report = world.integration(shop=shop).run()

    assert report.count("retrying") == 8
    assert len(choosy.sizes) == REFUSALS + 1


def test_quantities_for_the_effect_alone(world: World) -> None:
    """E3: an effect that a user's own sync gives is checked before it is sent."""
    for quantity in (Decimal("NaN"), "many"):
        with pytest.raises(ConfigurationError, match="stock item 7"):
            SetStock("7", quantity).perform(Clients(world.erp, world.shop))  # type: ignore[arg-type]
