"""What Zoey shows is what may be sold: I1, I2, I3."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from support.trouble import Crash, TroubledTransport
from support.world import ATTRIBUTES, World

from zoey_netsuite import All, ConfigurationError, Exclude, Include, InventorySync, ZoeyAttributes
from zoey_netsuite.testing.clock import FakeClock


def test_shows_the_sum_over_all_locations(world: World) -> None:
    """I2: the sum over all NetSuite locations, available."""
    report = world.integration().run()

    assert report.failure is None
    assert report.count("updated") == 8
    assert {product: shown for product, (shown, _) in world.all_shown().items()} == dict.fromkeys(
        map(str, range(101, 109)), Decimal(30)
    )
    assert all(mark == "True" for _, mark in world.all_shown().values())


@pytest.mark.parametrize(
    ("locations", "expected"),
    [(Include("1", "3"), 20), (Include("2"), 10), (Exclude("1"), 20), (All(), 30)],
    ids=["two", "one", "all but one", "all"],
)
def test_chosen_locations_only(world: World, locations: Include | Exclude | All, expected: int) -> None:
    """I2: include or exclude locations."""
    world.integration(world.inventory(locations=locations)).run().raise_for_failure()

    assert world.shown(101) == expected


def test_on_hand_instead_of_available(world: World) -> None:
    """I2: available or on hand."""
    world.integration(world.inventory(quantity="on_hand")).run().raise_for_failure()

    assert world.shown(101) == 36


def test_buffer_is_kept_back_and_nothing_goes_below_zero(world: World) -> None:
    """I2: minus a buffer; negative sums become 0."""
    world.set_netsuite(1, 1, 0, 0)
    world.set_zoey(101, 7)

    world.integration(world.inventory(buffer=2)).run().raise_for_failure()

    assert world.shown(101) == 0
    assert world.shown(102) == 28
    assert world.all_shown()["101"] == (Decimal(0), "False")


def test_quantities_are_cut_to_what_zoey_keeps(world: World) -> None:
    """I2: 12.345678 in NetSuite is 12.3456 in Zoey, which keeps four decimals: never more than is there, and `verify`
    then finds nothing. Whole pieces stay whole.
    """
    world.set_netsuite(1, 12.345678, 0, 0)
    world.set_netsuite(2, 12.99999, 0, 0)
    with world.sandbox.zoey.acting() as app:
        app.set_stock(101, qty=0, is_qty_decimal=1)
    integration = world.integration()
    integration.run().raise_for_failure()

    assert (world.shown(101), world.shown(102)) == (Decimal("12.3456"), 12)
    assert list(integration.verify("inventory")) == []
    assert integration.run().count("updated") == 0


def test_pending_orders_are_not_offered_again(world: World) -> None:
    """I2: minus what Zoey orders hold that are not yet in NetSuite, else it oversells."""
    with world.sandbox.zoey.acting() as app:
        app.place_order([{"product_id": 101, "qty": 4}], customer_email="a@example.com", customer_is_guest=1)
        app.place_order([{"product_id": 101, "qty": 3}], customer_email="b@example.com", netsuite_order="4711")

    world.integration().run().raise_for_failure()

    assert world.shown(101) == 26, "the order that NetSuite has is in its available quantity already"


def test_canceled_part_of_a_pending_order_is_offered_again(world: World) -> None:
    """I2: only what is still wanted is held."""
    with world.sandbox.zoey.acting() as app:
        order = app.place_order([{"product_id": 101, "qty": 4}], customer_email="a@example.com")
        app.cancel_order(order["entity_id"])

    world.integration().run().raise_for_failure()

    assert world.shown(101) == 30


def test_overselling_can_be_accepted(world: World) -> None:
    """I2: reserve_pending=False."""
    with world.sandbox.zoey.acting() as app:
        app.place_order([{"product_id": 101, "qty": 4}], customer_email="a@example.com")

    world.integration(world.inventory(reserve_pending=False)).run().raise_for_failure()

    assert world.shown(101) == 30


def test_reserving_by_order_sync_needs_one(world: World) -> None:
    """I2, G5: the assembly refuses what could not work, and names the choices."""
    with pytest.raises(ConfigurationError, match=r"reserve_pending=True needs an OrderSync.*reserve_pending=False"):
        world.integration(InventorySync())


def test_second_run_writes_nothing(world: World) -> None:
    """I3: only what changed is sent."""
    integration = world.integration()
    integration.run().raise_for_failure()
    world.reset_calls()

    report = integration.run()

    assert world.writes() == 0
    assert report.syncs["inventory"].dropped == 8


def test_only_changed_products_are_written_and_in_one_call(world: World) -> None:
    """I3: writes are as many as there are changes, up to a hundred a call."""
    integration = world.integration()
    integration.run().raise_for_failure()
    world.set_netsuite(3, 5, 5, 5)
    world.set_netsuite(5, 0, 0, 1)
    world.reset_calls()

    report = integration.run()

    assert (report.count("updated"), world.writes()) == (2, 1)
    assert (world.shown(103), world.shown(105)) == (15, 1)


def test_a_product_can_opt_out(world: World) -> None:
    """I2: per-product opt-out."""
    with world.sandbox.zoey.acting() as app:
        app.set_product(104, keep_out="1")

    world.integration().run().raise_for_failure()

    assert world.shown(104) == 0
    assert world.shown(105) == 30


def test_stock_may_come_from_another_item_and_is_shared(world: World) -> None:
    """I2: stock may come from another item; what pending orders hold of one product is not offered by the other."""
    world.set_netsuite(2, 50, 0, 0)
    with world.sandbox.zoey.acting() as app:
        app.set_product(101, stock_item="2")
        app.place_order([{"product_id": 101, "qty": 5}], customer_email="a@example.com")

    world.integration().run().raise_for_failure()

    assert (world.shown(101), world.shown(102)) == (45, 45)


def test_what_zoey_counted_down_is_mended(world: World) -> None:
    """I2: drift on Zoey's side is found and mended. An order that NetSuite has booked moves both by the same."""
    integration = world.integration()
    integration.run().raise_for_failure()
    world.later(minutes=15)
    with world.sandbox.zoey.acting() as app:
        app.place_order([{"product_id": 101, "qty": 4}], customer_email="a@example.com", netsuite_order="1")
    assert world.shown(101) == 26
    world.later(minutes=15)

    integration.run().raise_for_failure()

    assert world.shown(101) == 30, "NetSuite still says 30, so Zoey shows 30 again"


def test_drift_that_no_order_explains_is_mended_when_the_lists_are_read_again(world: World) -> None:
    """I2: stock is read back from Zoey at an interval."""
    integration = world.integration()
    integration.run().raise_for_failure()
    world.set_zoey(106, 999)
    world.later(hours=1)
    integration.run().raise_for_failure()
    assert world.shown(106) == 999

    world.later(hours=24)
    integration.run().raise_for_failure()

    assert world.shown(106) == 30


def test_an_item_of_which_netsuite_says_nothing_is_left_alone(world: World) -> None:
    """I2: absent is unknown, never zero."""
    with world.sandbox.netsuite.acting() as app:
        app.database.connection.execute("DELETE FROM aggregateitemlocation WHERE item = 7")
        app.database.connection.commit()
    world.set_zoey(107, 55)

    report = world.integration().run()

    assert world.shown(107) == 55
    assert report.count("updated") == 7


def test_fractions_are_rounded_down_unless_the_product_takes_them(world: World) -> None:
    """I2: half a thing can't be sold where only whole ones are."""
    world.set_netsuite(1, 2.75, 0, 0)
    world.set_netsuite(2, 2.75, 0, 0)
    with world.sandbox.zoey.acting() as app:
        app.set_stock(102, is_qty_decimal=1)

    world.integration().run().raise_for_failure()

    assert (world.shown(101), world.shown(102)) == (2, Decimal("2.75"))


def test_products_without_an_item_are_listed(world: World) -> None:
    """I1: products without a NetSuite id are listed in the report, in each."""
    with world.sandbox.zoey.acting() as app:
        app.set_product(104, netsuite_id="")
    integration = world.integration()

    first, second = integration.run(), integration.run()

    for report in (first, second):
        (note,) = report.syncs["inventory"].notes
        assert "1 product carries no netsuite_id" in note
        assert "SKU-4 (Zoey product 104)" in note


def test_attribute_name_is_configurable(tmp_path: Path) -> None:
    """I1: the link is found from the attribute that the merchant names."""
    with World(tmp_path, attributes=ZoeyAttributes(netsuite_id="stock_item")) as world:
        with world.sandbox.zoey.acting() as app:
            app.set_product(101, stock_item="3")

        report = world.integration().run()

        assert world.shown(101) == 30
        assert report.count("updated") == 1
    assert ATTRIBUTES.netsuite_id == "netsuite_id"


def test_new_products_are_found_at_the_next_run(world: World) -> None:
    """I1: a product made by hand is found without reading the whole list again."""
    integration = world.integration()
    integration.run().raise_for_failure()
    with world.sandbox.netsuite.acting() as app:
        app.seed({"inventoryItem": [{"id": 50, "itemId": "NEW"}], "stock": [_stock(50, 9)]})
    world.sandbox.zoey.seed({"products": [{"entity_id": 150, "sku": "NEW", "netsuite_id": "50", "qty": 0}]})
    world.reset_calls()

    integration.run().raise_for_failure()

    assert world.shown(150) == 9
    assert world.sandbox.zoey.calls.count(path="/products") == 1


def test_dangling_id_is_held_with_a_clear_message_and_the_rest_goes_on(world: World) -> None:
    """G4, I1: names both ids, the attribute, and what to do; mended, it closes by itself."""
    with world.sandbox.zoey.acting() as app:
        app.set_product(104, netsuite_id="999")
    integration = world.integration()

    report = integration.run()

    assert (report.count("held"), report.count("updated")) == (1, 7)
    (item,) = integration.attention.list()
    for piece in ("product 104", "SKU-4", "item 999", "attribute netsuite_id", "Correct the attribute"):
        assert piece in item.message
    with world.sandbox.zoey.acting() as app:
        app.set_product(104, netsuite_id="4")
    assert integration.sync_one("inventory", zoey_id="104").failure is None
    assert world.shown(104) == 30
    assert not integration.attention.list()


def _stock(item: int, quantity: int) -> dict[str, int]:
    return {"item": item, "location": 1, "quantityonhand": quantity, "quantityavailable": quantity}


def test_a_product_that_is_deleted_in_zoey_is_forgotten(world: World) -> None:
    """I1, G4: it is told once that it is gone; nothing is tried again, nobody has to do anything."""
    integration = world.integration()
    integration.run().raise_for_failure()
    with world.sandbox.zoey.acting() as app:
        app.delete_product(101)
    world.set_netsuite(1, 7)
    world.set_netsuite(2, 9)

    report = integration.run()

    assert (report.count("skipped"), report.count("updated"), report.count("failed")) == (1, 1, 0)
    assert not integration.attention.list()
    world.set_netsuite(1, 8)
    world.later(hours=25)
    assert integration.run().count("skipped") == 0
    assert list(integration.verify("inventory")) == []


def test_an_order_during_a_first_scan_that_is_interrupted(world: World) -> None:
    """I2: Zoey counts down what is ordered after its stock was read; the scan that goes on later sees it."""
    for product in range(101, 109):
        world.set_zoey(product, 30)
    dies = TroubledTransport(at=1, counts=lambda request: "orders" in request.url)
    with pytest.raises(Crash):
        world.integration(shop=world.zoey(transport=dies)).run()
    with world.sandbox.zoey.acting() as app:
        app.place_order([{"product_id": 101, "qty": 4}], customer_email="a@example.com", netsuite_order="4711")
    assert world.shown(101) == 26
    world.later(hours=2)
    world.integration().run().raise_for_failure()

    assert world.shown(101) == 30, "NetSuite has the order, and says thirty are left"


def test_machines_whose_clocks_differ_read_the_lists_when_they_are_due(world: World) -> None:
    """I2, E8: when they were read last is told by the store's clock, not by that of the machine that read them."""
    ahead = FakeClock(world.clock.now() + timedelta(hours=30))
    world.integration(clock=ahead).run().raise_for_failure()
    with world.sandbox.zoey.acting() as app:
        app.set_product(101, netsuite_id="2")
    world.set_netsuite(2, 1, 1, 1)
    world.later(hours=25)
    world.integration().run().raise_for_failure()

    assert world.shown(101) == 3


def test_explain_says_which_attribute_is_missing(world: World) -> None:
    """G6, I1: why a product is left alone."""
    with world.sandbox.zoey.acting() as app:
        app.set_product(102, netsuite_id="")
        app.set_product(103, keep_out="1")
    integration = world.integration()
    integration.run().raise_for_failure()

    said = str(integration.explain("inventory", zoey_id="102"))
    assert "Zoey product 102 (SKU SKU-2) is left alone: its attribute netsuite_id is empty" in " ".join(said.split())
    assert "its attribute keep_out says so" in " ".join(str(integration.explain("inventory", zoey_id="103")).split())
    assert "Zoey has no product 999" in str(integration.explain("inventory", zoey_id="999"))


def test_one_product_before_it_is_known(world: World) -> None:
    """I2: what pending orders hold of a product is kept back though no scan has seen the product yet."""
    with world.sandbox.zoey.acting() as app:
        app.place_order([{"product_id": 101, "qty": 4}], customer_email="a@example.com")

    world.integration().sync_one("inventory", zoey_id="101").raise_for_failure()

    assert world.shown(101) == 26
