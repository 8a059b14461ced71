"""An order is looked at again once its sales order is made; what becomes of it is decided from that (O1, O4, G4)."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field
from support.trade import Trade

from zoey_netsuite import HttpxTransport, Integration, OrderMapper, ReleaseAfterCheck, Table
from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.http.transport import Received


@define
class Meddled:
    """A transport on which something happens right before a kind of request is sent, once."""

    kind: Callable[[Request], bool]
    happens: Callable[[], object]
    answer: Response | None = None
    times: int = 1
    inner: HttpxTransport = field(factory=HttpxTransport)

    def send(self, request: Request) -> Response:
        if self.times and self.kind(request):
            self.times -= 1
            self.happens()
            if self.answer is not None:
                return self.answer
        return self.inner.send(request)

    def close(self) -> None:
        self.inner.close()


def looks(request: Request) -> bool:
    return b"type = 'SalesOrd' AND id IN" in (request.content or b"")


def release(trade: Trade, transport: Meddled) -> Integration:
    mapper = OrderMapper(currencies=Table({"USD": "1"}))
    sync = trade.order_sync(mapper=mapper, totals=ReleaseAfterCheck())
    return trade.orders(sync=sync, erp=trade.netsuite(transport=transport))


def test_a_stale_read_is_no_question(trade: Trade) -> None:
    """A query that does not show yet what was just made says nothing: the order is tried again by itself."""
    order = trade.place()
    nothing = Received(200, {"content-type": "application/json"}, b'{"items": [], "hasMore": false, "totalResults": 0}')
    transport = Meddled(looks, lambda: None, nothing, times=2)
    integration = trade.orders(erp=trade.netsuite(transport=transport))
    report = integration.run()
    assert (report.count("retrying"), report.count("held")) == (1, 0)
    assert report.syncs["orders"].made == {"salesOrder": 1}
    assert not trade.number_shown(order)

    trade.later(minutes=2)
    integration.run().raise_for_failure()
    assert trade.number_shown(order) == trade.sales_order(order)["tranId"]
    assert not integration.attention.list()
    assert len(trade.sales_orders()) == 1


def test_one_that_is_gone_by_then_is_a_question(trade: Trade) -> None:
    """Its record says so, not a query that leaves it out."""
    order = trade.place()

    def delete() -> None:
        trade.erp.delete("salesOrder", trade.sales_order(order)["id"])

    integration = trade.orders(erp=trade.netsuite(transport=Meddled(looks, delete)))
    assert integration.run().count("held") == 1
    (item,) = integration.attention.list()
    assert item.cause == "gone"
    assert "not there any more" in item.message


def test_one_that_somebody_cancels_is_not_let_go(trade: Trade) -> None:
    """Between the look and the write: the write refuses, and the next look at NetSuite settles it."""
    order = trade.place()

    def cancel() -> None:
        trade.set_status(trade.sales_order(order)["id"], "C")

    def reads_it(request: Request) -> bool:
        return request.method == "GET" and "/salesOrder/" in request.url

    integration = release(trade, Meddled(reads_it, cancel))
    assert integration.run().count("held") == 1
    assert trade.sales_order(order)["orderStatus"] == "C"
    trade.later(minutes=10)
    integration.run().raise_for_failure()
    assert not integration.attention.list()
    assert trade.sales_order(order)["orderStatus"] == "C"
    assert trade.number_shown(order)


def test_one_that_somebody_lets_go_agrees(trade: Trade) -> None:
    """What is to be written is there already."""
    order = trade.place()

    def let_go() -> None:
        trade.set_status(trade.sales_order(order)["id"], "B")

    def reads_it(request: Request) -> bool:
        return request.method == "GET" and "/salesOrder/" in request.url

    integration = release(trade, Meddled(reads_it, let_go))
    assert integration.run().count("created") == 1
    assert not integration.attention.list()
    assert trade.number_shown(order)
