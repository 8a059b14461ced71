"""Going live into a running business: which orders, what is there already, a lost store, several tenants (G8, O10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.trade import CUSTOMER, Trade
from support.trouble import Crash, TroubledTransport
from support.warranties import Shop, UnmarkedSync, WarrantySync
from support.world import START

from zoey_netsuite import Adopted, ConfigurationError, Integration, Matches, Matching, Order, Progress, SQLiteStore
from zoey_netsuite.http.operation import Request
from zoey_netsuite.sandbox import Sandbox

DAY = timedelta(days=1)


def enter(trade: Trade, rate: float = 12.5, quantity: int = 2, **header: Any) -> str:
    """Somebody enters a sales order in NetSuite by hand, with 5.00 for shipping."""
    lines = [{"item": "1", "quantity": quantity, "rate": rate, "price": "-1"}]
    record = {"entity": CUSTOMER, "currency": "1", "shippingCost": 5, "item": {"items": lines}, **header}
    return str(trade.erp.create("salesOrder", record))


def netsuite_ids(trade: Trade) -> set[str]:
    return {one["id"] for one in trade.sales_orders().values()}


def lost(trade: Trade, folder: Path, *syncs: Any) -> Integration:
    """The state store is gone; the links are brought back into a new one."""
    trade.later(minutes=30)
    made = trade.integration(*(syncs or [trade.order_sync()]), store=SQLiteStore(folder / "new.db", clock=trade.clock))
    made.rebuild()
    return made


class TestFilters:
    """O10."""

    def test_joined(self, trade: Trade) -> None:
        """Statuses and a predicate of the merchant's own; explain names the rule that left an order out."""

        def not_a_sample(order: Order) -> bool:
            return order.total.amount > 20

        with trade.sandbox.zoey.acting() as app:
            wanted = str(app.place_order([{"product_id": 101, "qty": 2, "price": "12.5"}], customer_id=1)["entity_id"])
        small = trade.place((101, 1), price="1.0000")
        waiting = trade.place()
        with trade.sandbox.zoey.acting() as app:
            app.change_order(waiting, status="pending_approval")
        rules = Matches(status=("pending", "processing")) & Matching(not_a_sample)
        integration = trade.orders(sync=trade.order_sync(filter=rules))

        report = integration.run()

        assert (report.count("created"), report.count("skipped")) == (1, 2)
        assert set(trade.sales_orders()) == {f"acme-order-{wanted}"}
        assert "not_a_sample says no" in str(integration.explain("orders", zoey_id=small))
        assert 'status is "pending_approval"' in str(integration.explain("orders", zoey_id=waiting))

        with trade.sandbox.zoey.acting() as app:
            app.change_order(waiting, status="pending")
        trade.later(minutes=10)
        assert integration.run().count("created") == 1
        integration.release("orders", zoey_id=small).raise_for_failure()
        assert len(trade.sales_orders()) == 3
        trade.later(minutes=10)
        assert integration.run().count("created") == 0

    def test_the_start_is_the_moment_itself(self, trade: Trade) -> None:
        integration = trade.orders(sync=trade.order_sync(start_at=START + DAY))
        trade.place()
        trade.sandbox.clock.advance(DAY - timedelta(seconds=30))
        trade.place()
        trade.later(seconds=60)
        first = trade.place()
        integration.run().raise_for_failure()
        assert set(trade.sales_orders()) == {f"acme-order-{first}"}


class TestAdopt:
    """What was entered by hand, or by an earlier connector."""

    @pytest.mark.parametrize("match", ["po_number", "number", "custbody_source"])
    def test_the_only_one_that_fits_is_linked_and_never_made_again(self, trade: Trade, match: str) -> None:
        order = trade.place(po_number="PO-1")
        with trade.sandbox.zoey.acting() as app:
            number = app.order(order)["increment_id"]
        marked: Mapping[str, Any] = {
            "po_number": {"otherRefNum": "PO-1"},
            "number": {"otherRefNum": number},
            "custbody_source": {"custbody_source": number},
        }[match]
        theirs = enter(trade, **marked)
        integration = trade.orders()

        adopted = integration.adopt("orders", match=match)

        assert [one.link.netsuite_id for one in adopted.linked if one.link] == [theirs]
        assert not adopted.questions
        trade.reset_calls()
        for _ in range(3):
            integration.run().raise_for_failure()
            trade.later(minutes=20)
        with trade.sandbox.zoey.acting() as app:
            app.change_order(order, po_number="PO-1b")
        integration.run().raise_for_failure()
        assert trade.writes() == 0
        assert netsuite_ids(trade) == {theirs}
        assert integration.explain("orders", zoey_id=order).netsuite_id == theirs
        assert not integration.adopt("orders", match=match).linked

    def test_several_fit(self, trade: Trade) -> None:
        """A question: nothing is linked, and nothing is made either, however the order changes or is retried."""
        order = trade.place(po_number="PO-1")
        theirs = {enter(trade, otherRefNum="PO-1"), enter(trade, otherRefNum="PO-1")}
        integration = trade.orders()

        adopted = integration.adopt("orders", match="po_number")

        assert not adopted.linked
        assert "2 sales orders fit" in str(adopted)
        integration.run().raise_for_failure()
        with trade.sandbox.zoey.acting() as app:
            app.change_order(order, status="pending_approval")
        trade.later(minutes=20)
        integration.run().raise_for_failure()
        (item,) = integration.attention.list()
        assert (item.unit_id, item.state, item.cause) == (order, "held", "adoption")
        explained = integration.explain("orders", zoey_id=order)
        assert explained.state == "held"
        assert "2 sales orders fit" in str(explained)
        integration.attention.retry(everything=True)
        integration.run().raise_for_failure()
        integration.sync_one("orders", zoey_id=order).raise_for_failure()
        assert netsuite_ids(trade) == theirs
        assert len(integration.attention.list()) == 1

        integration.link("orders", zoey_id=order, netsuite_id=min(theirs))
        integration.run().raise_for_failure()
        assert netsuite_ids(trade) == theirs
        assert not integration.attention.list()
        assert trade.number_shown(order)

    def test_another_total(self, trade: Trade) -> None:
        """A question, until the totals agree and it is asked again; or it is another order, and is released."""
        order, other = trade.place(po_number="PO-1"), trade.place(po_number="PO-2")
        theirs = enter(trade, rate=12.0, otherRefNum="PO-1")
        enter(trade, quantity=1, otherRefNum="PO-2")
        integration = trade.orders()
        assert "comes to 29" in str(integration.adopt("orders", match="po_number"))
        integration.run().raise_for_failure()
        assert len(trade.sales_orders()) == 2

        lines = (trade.erp.record("salesOrder", theirs)).lines()
        trade.erp.update("salesOrder", theirs, {"item": {"items": [{"line": lines[0]["line"], "rate": 12.5}]}})
        adopted = integration.adopt("orders", match="po_number")
        assert [one.zoey_id for one in adopted.linked] == [order]
        integration.run().raise_for_failure()
        assert [item.unit_id for item in integration.attention.list()] == [other]
        assert len(trade.sales_orders()) == 2

        integration.release("orders", zoey_id=other).raise_for_failure()
        assert f"acme-order-{other}" in trade.sales_orders()
        assert not integration.attention.list()

    def test_two_orders_with_one_mark(self, trade: Trade) -> None:
        """One sales order is never linked to two Zoey orders."""
        orders = [trade.place(po_number="PO-1"), trade.place(po_number="PO-1")]
        enter(trade, otherRefNum="PO-1")
        integration = trade.orders()
        adopted = integration.adopt("orders", match="po_number")
        assert not adopted.linked
        assert sorted(one.zoey_id for one in adopted.questions) == orders
        integration.run().raise_for_failure()
        assert len(trade.sales_orders()) == 1

    def test_a_question_of_an_order_before_the_start_is_no_work(self, trade: Trade) -> None:
        """It would not be made anyhow, so that nobody has to look; a release makes it."""
        order = trade.place(po_number="PO-1")
        enter(trade, rate=1, otherRefNum="PO-1")
        integration = trade.orders(sync=trade.order_sync(start_at=START + DAY))
        assert len(integration.adopt("orders", match="po_number").questions) == 1
        integration.run().raise_for_failure()
        assert not integration.attention.list()
        integration.release("orders", zoey_id=order).raise_for_failure()
        assert len(trade.sales_orders()) == 2

    def test_while_a_worker_makes_it(self, trade: Trade) -> None:
        """O1: asked while a worker stands in the middle of making it: left to the worker, and told."""
        order, other = trade.place(po_number="PO-1"), trade.place(customer=2, po_number="PO-2")
        hand, spare = enter(trade, otherRefNum="PO-1"), enter(trade, otherRefNum="PO-2")
        adopter = trade.orders()
        asked: list[Adopted] = []

        def ask(request: Request) -> bool:
            if request.method == "POST" and request.url.endswith("/salesOrder") and not asked:
                asked.append(adopter.adopt("orders", match="po_number"))
            return False

        with trade.netsuite(transport=TroubledTransport(counts=ask)) as erp:
            worker = trade.orders(erp=erp)
            worker.run().raise_for_failure()

        (adopted,) = asked
        assert not [one for one in adopted.linked if one.zoey_id == order]
        assert "a worker is making it" in next(one.question for one in adopted.questions if one.zoey_id == order)
        made = trade.sales_order(order)["id"]
        assert adopter.explain("orders", zoey_id=order).netsuite_id == made
        assert made != hand
        adopter.adopt("orders", match="po_number")
        for _ in range(2):
            trade.later(minutes=20)
            worker.run().raise_for_failure()
        assert len(trade.sales_orders()) == 3, "the two that were entered, and the one that was being made"
        assert adopter.explain("orders", zoey_id=other).netsuite_id == spare

    def test_between_scan_and_work(self, trade: Trade) -> None:
        """O1: linked after the scan had read it as new, and before a worker takes it: it is not made."""
        order = trade.place(po_number="PO-1")
        hand = enter(trade, otherRefNum="PO-1")
        adopter, worker = trade.orders(), trade.orders()
        asked: list[Adopted] = []

        def ask(progress: Progress) -> None:
            if not asked:
                asked.append(adopter.adopt("orders", match="po_number"))

        worker.run(progress=ask).raise_for_failure()

        assert len(asked[0].linked) == 1
        assert netsuite_ids(trade) == {hand}
        assert adopter.explain("orders", zoey_id=order).netsuite_id == hand

    def test_after_a_crash_in_mid_making(self, trade: Trade) -> None:
        """O1: nobody knows yet whether it was made: told, and found out by the next run."""
        order = trade.place(po_number="PO-1")
        enter(trade, otherRefNum="PO-1")
        dies = TroubledTransport(at=1, when="after", counts=lambda request: request.url.endswith("/salesOrder"))
        with trade.netsuite(transport=dies) as erp, pytest.raises(Crash):
            trade.orders(erp=erp).run()
        trade.later(minutes=10)
        integration = trade.orders()
        adopted = integration.adopt("orders", match="po_number")

        assert not adopted.linked
        assert "what came of it is open" in str(adopted)
        integration.run().raise_for_failure()
        assert integration.explain("orders", zoey_id=order).netsuite_id == trade.sales_order(order)["id"]
        assert len(trade.sales_orders()) == 2

    def test_a_held_order_is_adopted(self, trade: Trade) -> None:
        """Held, entered by hand, adopted: its entry closes by itself."""
        order = trade.place(customer=2, po_number="PO-1")
        integration = trade.orders()
        integration.run().raise_for_failure()
        enter(trade, otherRefNum="PO-1")
        assert len(integration.adopt("orders", match="po_number").linked) == 1
        integration.run().raise_for_failure()
        assert not integration.attention.list()
        assert integration.explain("orders", zoey_id=order).state == "linked"

    def test_a_match_that_is_none(self, trade: Trade) -> None:
        with pytest.raises(ConfigurationError, match="custbody_"):
            trade.orders().adopt("orders", match="memo; DROP TABLE x")


class TestLostStore:
    """G8, D5: what was made before the store was lost is not made again."""

    def test_marked_comments_are_found(self, trade: Trade, tmp_path: Path) -> None:
        shop = Shop(trade)
        shop.warranty(1)
        shop.integration().run().raise_for_failure()
        assert len(shop.comments()) == 1

        shop.world.later(minutes=30)
        again = shop.integration(store=SQLiteStore(tmp_path / "new.db", clock=trade.clock))
        again.rebuild()
        again.run().raise_for_failure()
        assert len(shop.comments()) == 1
        shop.warranty(2, "five years")
        trade.later(minutes=5)
        again.run().raise_for_failure()
        assert len(shop.comments()) == 2

    @pytest.mark.parametrize("by_hand", [False, True])
    @pytest.mark.parametrize("sync", [WarrantySync, UnmarkedSync])
    def test_by_a_scan_or_by_hand(self, trade: Trade, tmp_path: Path, sync: Any, *, by_hand: bool) -> None:
        """One that nothing can prove is held, never repeated, whoever asks first."""
        shop = Shop(trade)
        shop.warranty(1)
        shop.integration(sync()).run().raise_for_failure()
        trade.later(minutes=30)
        again = shop.integration(sync(), store=SQLiteStore(tmp_path / "new.db", clock=trade.clock))
        again.rebuild()
        if by_hand:
            again.sync_one("warranties", zoey_id="1").raise_for_failure()
        again.run().raise_for_failure()
        assert len(shop.comments()) == 1
        assert len(again.attention.list()) == (sync is UnmarkedSync)
        again.attention.dismiss(everything=True)
        again.run().raise_for_failure()
        assert len(shop.comments()) == 1

    def test_statuses_of_meanwhile_are_told(self, trade: Trade, tmp_path: Path) -> None:
        """What moved while nobody looked is shown after the rebuild; adopted orders are adopted anew."""
        with trade.sandbox.zoey.acting() as app:
            assert app.settings.statuses["new"] == ("pending", "pending_approval")
        sync = trade.order_sync(statuses={"pending_billing": "pending_approval"})
        order, hand = trade.place(), trade.place(po_number="PO-1")
        enter(trade, otherRefNum="PO-1")
        integration = trade.orders(sync=sync)
        integration.adopt("orders", match="po_number")
        integration.run().raise_for_failure()
        trade.fulfill(trade.sales_order(order)["id"])
        again = lost(trade, tmp_path, sync)
        again.run().raise_for_failure()
        assert trade.shown_status(order) == "pending_approval"
        assert len(trade.sales_orders()) == 2
        assert [item.cause for item in again.attention.list()] == ["older than the loss"]
        again.attention.retry(everything=True)
        again.run().raise_for_failure()
        assert len(trade.sales_orders()) == 2
        assert [one.zoey_id for one in again.adopt("orders", match="po_number").linked] == [hand]
        again.run().raise_for_failure()
        assert not again.attention.list()

    def test_held_one_is_released(self, trade: Trade, tmp_path: Path) -> None:
        order = trade.place()
        again = lost(trade, tmp_path)
        again.run().raise_for_failure()
        assert not trade.sales_orders()
        again.release("orders", zoey_id=order).raise_for_failure()
        assert len(trade.sales_orders()) == 1
        trade.later(minutes=1)
        late = trade.place()
        again.run().raise_for_failure()
        assert f"acme-order-{late}" in trade.sales_orders()


class TestTenants:
    """Identity: a name belongs to one store and one account."""

    def test_two_names_on_one_account_and_one_store(self, trade: Trade) -> None:
        """Each makes its own; neither takes the other's for its own, also after a rebuild."""
        order = trade.place()
        first, second = trade.orders(name="acme"), trade.orders(name="bolt")
        first.run().raise_for_failure()
        second.run().raise_for_failure()
        assert set(trade.sales_orders()) == {f"acme-order-{order}", f"bolt-order-{order}"}
        assert first.rebuild() == second.rebuild() == {"orders": 1}
        assert {first.explain("orders", zoey_id=order).netsuite_id} != {
            second.explain("orders", zoey_id=order).netsuite_id
        }

    def test_a_name_on_another_account(self, trade: Trade) -> None:
        trade.orders().run().raise_for_failure()
        with Sandbox(seed={"zoey": {"products": []}}) as elsewhere:
            values = {**trade.environment, "ZOEY_URL": elsewhere.environment()["ZOEY_URL"]}
            before, trade.environment = trade.environment, values
            with trade.zoey() as shop, pytest.raises(ConfigurationError, match="'acme' between"):
                trade.orders(shop=shop).run()
            trade.environment = before
