"""Which record an entry of the attention list and an event are about, whether it is linked or not (G4, G6)."""

from __future__ import annotations

from support.trade import Trade

from zoey_netsuite import UnitEnded
from zoey_netsuite.engine.observe import Event


class Heard:
    """Keeps what units came to."""

    def __init__(self) -> None:
        self.ended: list[UnitEnded] = []

    def on_event(self, event: Event) -> None:
        if isinstance(event, UnitEnded):
            self.ended.append(event)


def test_the_ids_of_orders_that_are_not_linked_yet(trade: Trade) -> None:
    """Held: Zoey's id. Made just now: both. The report, the list, its export and the event say the same."""
    held, made = trade.place(customer=2), trade.place()
    heard = Heard()
    integration = trade.orders(observers=[heard])

    report = integration.run()

    sales_order = trade.sales_order(made)["id"]
    ids = {one.unit_id: (one.outcome, one.zoey_id, one.netsuite_id) for one in heard.ended}
    assert ids == {held: ("held", held, None), made: ("created", made, sales_order)}
    (item,) = integration.attention.list()
    (named,) = report.syncs["orders"].named
    (exported,) = integration.attention.export()  # type: ignore[misc, union-attr]  # JSON
    assert (item.zoey_id, named.zoey_id, exported["zoey_id"]) == (held, held, held)  # type: ignore[index, call-overload]
    assert item.netsuite_id is None

    integration.attention.retry(item)
    assert integration.run().count("held") == 1
    (again,) = integration.attention.list()
    assert (again.zoey_id, again.netsuite_id) == (held, None)


def test_a_failed_order_that_is_sent_in_the_end(trade: Trade) -> None:
    """A dry run knows the ids, too; linked by hand, both are named."""
    order = trade.place(customer=2)
    integration = trade.orders()
    (named,) = integration.run(dry_run=True).syncs["orders"].named
    assert (named.zoey_id, named.netsuite_id) == (order, None)
