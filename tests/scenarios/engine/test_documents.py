"""Documents of Zoey orders are made once, and an order's state is brought about, whatever happens between (G4, D5)."""

from __future__ import annotations

import sys

import pytest
from support.document_sync import DocumentSync, LinkedWhenDone
from support.harnessed import scenario
from support.proof import Proof
from support.warranties import Shop
from support.world import World

from zoey_netsuite import CancelOrder, Clients, HeldError, SQLiteStore
from zoey_netsuite.testing.harness import Harness


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has")
def test_at_every_step_and_fault(proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
    """G4, D5: one invoice, one shipment with its e-mail, one credit memo; one order canceled, one on hold.

    Each document is linked in the commit that notes it as done, and where the program ended before that, when it is
    found by its marker.
    """
    what = scenario(DocumentSync, LinkedWhenDone, name="documents of orders")
    with Harness(what, faults=proof.faults) as harness:
        result = harness.run(share=proof.share)
        zoey = harness.sandbox.zoey.app
        made = {kind: zoey.count(kind) for kind in ("invoices", "shipments", "creditmemos")}
        states = [zoey.order(number)["state"] for number in (2, 3)]
        with SQLiteStore(harness.database) as store:
            links = [key[2:] for key, _ in store.scan(("acme", "link")) if key[2] != "orders" and key[3] == "netsuite"]
    with capsys.disabled():
        print(f"\n{what.name}: {result}")
    result.raise_for_failures()
    assert made == {"invoices": 1, "shipments": 1, "creditmemos": 1}
    assert states == ["canceled", "holded"]
    assert links == [
        ("credit memos", "netsuite", "903"),
        ("invoices", "netsuite", "901"),
        ("shipments", "netsuite", "902"),
    ]


def test_a_paid_order_is_not_canceled(world: World) -> None:
    """O7: it is read again right before, and left as it is, with the reason."""
    shop = Shop(world, orders=1)
    with world.sandbox.zoey.acting() as app:
        app.invoice_order(shop.orders[0])
    with pytest.raises(HeldError, match="takes a credit memo") as held:
        CancelOrder(shop.orders[0]).perform(Clients(world.erp, world.shop))
    assert held.value.cause == "paid already"
    with world.sandbox.zoey.acting() as app:
        assert app.order(shop.orders[0])["state"] == "processing"
