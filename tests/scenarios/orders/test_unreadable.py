"""One record of a list that can't be read: it is kept with its ids, all others are carried (G4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve
from support.spoiled import BROKEN_BYTE, changed, rewritten, spoiled
from support.trade import CUSTOMER, Trade

from zoey_netsuite import InventorySync, MapContext, Order, OrderMapper, Table
from zoey_netsuite.http import answers
from zoey_netsuite.state.store import Put
from zoey_netsuite.zoey import records


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    with Trade(tmp_path_factory.mktemp("trade"), products=3) as made:
        yield made


@pytest.fixture
def trade(opened: Trade) -> Trade:
    return opened.anew()


def made(trade: Trade) -> list[str]:
    return sorted(name.rpartition("-")[2] for name in trade.sales_orders())


def test_order(trade: Trade) -> None:
    """A total that is no number. Mended in Zoey, it is carried by itself."""
    good, bad, other = [trade.place() for _ in range(3)]
    integration = trade.orders()
    with spoiled(trade.sandbox.zoey, "/orders", {"entity_id": bad}, grand_total="lots"):
        report = integration.run()
        assert report.failure is None
        assert report.syncs["orders"].outcomes == {"created": 2, "failed": 1}
        assert made(trade) == [good, other]
        (item,) = integration.attention.list()
        assert (item.unit_id, item.zoey_id, item.state) == (bad, bad, "failed")
        assert item.cause == "unreadable grand_total"
        assert "grand_total, but Zoey sent 'lots'" in item.message
        assert f"it can't be read: order {bad}" in str(integration.explain("orders", zoey_id=bad))
        trade.later(minutes=10)
        integration.attention.retry([item])
        assert integration.run().count("failed") == 1
    trade.later(minutes=10)
    integration.attention.retry(integration.attention.list())
    integration.run().raise_for_failure()

    assert made(trade) == [good, bad, other]
    assert not integration.attention.list()


def test_order_that_is_linked(trade: Trade) -> None:
    """Both ids are kept."""
    order = trade.place()
    integration = trade.orders()
    integration.run().raise_for_failure()
    with spoiled(trade.sandbox.zoey, "/orders", {"entity_id": order}, grand_total="lots"):
        integration.sync_one("orders", zoey_id=order).raise_for_failure()
    (item,) = integration.attention.list()

    assert (item.zoey_id, item.netsuite_id) == (order, trade.sales_order(order)["id"])


def test_mapper_that_fails(trade: Trade) -> None:
    """The merchant's own `from_zoey` raises at one order: its stock is kept back all the same (I2)."""

    class Picky(OrderMapper):
        def from_zoey(self, record: records.Order, ctx: MapContext) -> Order:
            if record.po_number == "?":
                raise ValueError("no such PO number")
            return super().from_zoey(record, ctx)

    bad, good = trade.place((101, 4), po_number="?"), trade.place((102, 1))
    sync = trade.order_sync(mapper=Picky(currencies=Table({"USD": "1"})))
    integration = trade.integration(sync, InventorySync(reserve_pending=True))
    report = integration.run()

    assert report.failure is None
    assert made(trade) == [good]
    (item,) = integration.attention.list()
    assert (item.unit_id, item.cause) == (bad, "error in the sync's own code: ValueError")
    assert trade.shown(101) == 30 - 4
    assert integration.adopt("orders", match="number").questions[0].zoey_id == bad


def test_unreadable_order_keeps_its_stock(trade: Trade) -> None:
    """I2: what an order that can't be read holds is not offered again; where its lines can't be read, it is said."""
    bad = trade.place((101, 4))
    integration = trade.integration(trade.order_sync(), InventorySync(reserve_pending=True))
    with spoiled(trade.sandbox.zoey, "/orders", {"entity_id": bad}, grand_total="lots"):
        assert integration.run().failure is None
        assert trade.shown(101) == 30 - 4
        with spoiled(trade.sandbox.zoey, "/items", {"product_id": "101"}, qty_ordered="some"):
            trade.later(minutes=10)
            report = integration.run()
            assert report.failure is None
            assert "what this order holds is not kept back" in str(report)


@pytest.mark.parametrize(
    ("path", "record", "values", "cause"),
    [
        ("/customers", {"entity_id": "1"}, {"created_at": "yesterday"}, "unreadable created_at"),
        ("/companyAccounts/list", {"id": "11"}, {"contacts": 5}, "unreadable contacts"),
    ],
)
def test_buyer(trade: Trade, path: str, record: dict[str, str], values: dict[str, Any], cause: str) -> None:
    """A person or an account that can't be read: its orders are kept, others are carried."""
    with trade.sandbox.zoey.acting() as app:
        eve = {"entity_id": 3, "firstname": "Eve", "lastname": "Poe", "email": "eve@example.com"}
        app.seed({"customers": [{**eve, "netsuite_id": CUSTOMER}]})
    bad, good = trade.place(customer=1), trade.place(customer=3)
    integration = trade.orders()
    with spoiled(trade.sandbox.zoey, path, record, **values):
        report = integration.run()

    assert report.failure is None
    assert made(trade) == [good]
    (item,) = integration.attention.list()
    assert (item.unit_id, item.state, item.cause) == (bad, "failed", cause)
    integration.attention.retry([item])
    integration.run().raise_for_failure()
    assert made(trade) == [bad, good]


def test_sales_order(trade: Trade) -> None:
    """NetSuite's side: a row whose total is no number."""
    bad, good = trade.place(), trade.place()
    integration = trade.orders()
    integration.run().raise_for_failure()
    number = trade.sales_order(bad)["id"]
    trade.set_status(number, "A")
    trade.set_status(trade.sales_order(good)["id"], "A")
    trade.later(minutes=10)
    with spoiled(trade.sandbox.netsuite, "/suiteql", {"id": number}, foreigntotal="lots"):
        report = integration.run()

    assert report.failure is None
    (item,) = integration.attention.list()
    assert (item.zoey_id, item.netsuite_id, item.state) == (bad, number, "held")
    assert "foreigntotal is 'lots', which is no amount" in item.message
    integration.attention.retry([item])
    integration.run().raise_for_failure()
    assert not integration.attention.list()


@pytest.fixture(params=["orjson", "json"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra `speed` and without it."""
    if request.param == "json":
        monkeypatch.setattr(answers, "fast_json", lambda: None)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("created_at", "0001-01-01 00:00:00+14:00"),
        ("po_number", "\ud800"),
        ("po_number", BROKEN_BYTE),
        ("po_number", ["a", "b"]),
        ("customer_id", "9" * 70_000),
        ("grand_total", 1e30),
        ("grand_total", float("nan")),
        ("grand_total", 10**400),
        ("increment_id", 10**30),
        ("status", {"a": "b"}),
        ("order_items", "none"),
        ("order_items", [5]),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_odd_values_in_an_order(trade: Trade, field: str, value: Any) -> None:
    """The order is kept with its id and the field; the page and the run go on, with orjson and without it."""
    good, bad, other = [trade.place() for _ in range(3)]
    integration = trade.orders()
    with spoiled(trade.sandbox.zoey, "/orders", {"entity_id": bad}, **{field: value}):
        report = integration.run()

    assert report.failure is None
    assert made(trade) == [good, other]
    (item,) = integration.attention.list()
    assert (item.unit_id, item.zoey_id, item.state) == (bad, bad, "failed")
    assert item.cause.startswith(f"unreadable {field}")
    assert f"order {bad}" in item.message
    assert field in item.message


@pytest.mark.parametrize("value", [None, "", [], "abc", "9" * 70, {"a": 1}, True], ids=lambda value: repr(value)[:20])
def test_order_whose_id_cannot_be_read(trade: Trade, value: Any) -> None:
    """It is kept under a name of its own, with the number that people use; it does not vanish when it is retried, as
    nobody can ask for it.
    """
    good, bad, other = [trade.place() for _ in range(3)]
    with trade.sandbox.zoey.acting() as app:
        number = str(app.order(bad)["increment_id"])
    integration = trade.orders()

    def listed(body: Any) -> Any:
        return [{**row, "entity_id": value} if row["entity_id"] == bad else row for row in body.values()]

    with rewritten(trade.sandbox.zoey, "/orders", listed):
        report = integration.run()

    assert report.failure is None
    assert made(trade) == [good, other]
    (item,) = integration.attention.list()
    assert (item.zoey_id, item.state, item.cause) == (None, "held", "unreadable entity_id")
    assert number in item.message
    integration.attention.retry([item])
    integration.run().raise_for_failure()
    assert made(trade) == [good, bad, other], "mended, it comes under its id"
    (left,) = integration.attention.list()
    assert (left.unit_id, left.message) == (item.unit_id, item.message)
    assert "dismiss this" in left.message


def test_rows_that_are_no_records(trade: Trade) -> None:
    """Rows twice are one; rows that are no objects are kept; a list keyed by id gives its ids to rows without one."""
    orders = [trade.place() for _ in range(3)]
    integration = trade.orders()

    def keyed(body: Any) -> Any:
        for row in body.values():
            row["order_items"] = {line.pop("item_id"): line for line in row["order_items"]}
        return {id: {**row, "entity_id": ""} for id, row in body.items()}

    with rewritten(trade.sandbox.zoey, "/orders", keyed):
        integration.run().raise_for_failure()
    assert made(trade) == orders
    assert not integration.attention.list()

    more = [trade.place() for _ in range(3)]
    trade.later(minutes=10)

    def odd(body: Any) -> Any:
        new = [row for id, row in body.items() if id in more]
        return [*new, new[0], {**new[1], "grand_total": "1.0000"}, "nothing", None] if len(new) == 3 else body

    with rewritten(trade.sandbox.zoey, "/orders", odd):
        report = integration.run()
    assert report.failure is None
    assert made(trade) == sorted([*orders, *more]), "the one that came in two forms is asked for alone"
    items = integration.attention.list()
    assert len(items) == 2
    assert all("an object expected" in item.message for item in items)


def test_another_answer_is_no_list_of_records(trade: Trade) -> None:
    """What something else answers in Zoey's place stops the run: no order may be passed over."""
    order = trade.place()
    integration = trade.orders()
    for body in ([{"message": "maintenance"}], {"error": {"code": 1}}, {"data": []}, ["maintenance"]):
        with rewritten(trade.sandbox.zoey, "/orders", lambda _, body=body: body):
            assert integration.run().failure is not None, body
        trade.later(hours=1)
    integration.run().raise_for_failure()
    assert made(trade) == [order]


@pytest.mark.parametrize("value", [None, "", "0000-00-00 00:00:00", "absent"])
def test_order_without_a_date(trade: Trade, value: str | None) -> None:
    """I2, O10: nobody knows whether it is from before the start. Held, its stock kept back, named by `check`."""
    bad, good = trade.place((101, 4)), trade.place((102, 1))
    integration = trade.integration(trade.order_sync(), InventorySync(reserve_pending=True))

    def undated(record: dict[str, Any]) -> None:
        record["created_at"] = value
        if value == "absent":
            del record["created_at"]

    with changed(trade.sandbox.zoey, "/orders", {"entity_id": bad}, undated):
        report = integration.run()
        assert report.failure is None
        assert made(trade) == [good]
        (item,) = integration.attention.list()
        assert (item.unit_id, item.state, item.cause) == (bad, "held", "no date")
        assert trade.shown(101) == 30 - 4
        (finding,) = [one for one in integration.check() if "when they were placed" in one.what]
        assert f"(id {bad})" in finding.what
        integration.release("orders", zoey_id=bad).raise_for_failure()
    assert made(trade) == [bad, good]


@pytest.mark.parametrize("field", ["tranid", "status", "externalid", "id"])
def test_odd_values_in_a_sales_order(trade: Trade, field: str) -> None:
    """NetSuite's side: objects and lists where text is expected."""
    bad, good = trade.place(), trade.place()
    integration = trade.orders()
    integration.run().raise_for_failure()
    number = trade.sales_order(bad)["id"]
    trade.set_status(number, "A")
    trade.set_status(trade.sales_order(good)["id"], "A")
    trade.later(minutes=10)
    with spoiled(trade.sandbox.netsuite, "/suiteql", {"id": number}, **{field: {"a": ["b"]}}):
        report = integration.run()

    assert report.failure is None
    items = integration.attention.list()
    assert [item.cause for item in items] == ([] if field == "externalid" else [f"mapping {field}"])


def test_link_from_before_ids_were_looked_at(trade: Trade) -> None:
    bad, good = trade.place(), trade.place()
    key = ("acme", "link", "orders", "zoey", bad)
    trade.store.commit([Put(key, {"netsuite": "SO-17", "root": f"orders/{bad}", "data": {}})])
    integration = trade.orders()
    report = integration.run()

    assert report.failure is None
    assert made(trade) == [good]
    (item,) = integration.attention.list()
    assert (item.unit_id, item.netsuite_id) == (bad, "SO-17")
    assert "no internal id" in item.message


def test_location_that_ends_in_no_id(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    """O1: what NetSuite made is found by its external id, and the order goes on."""
    order, other = trade.place(), trade.place()
    app = trade.sandbox.netsuite.app
    handle = app.handle
    spoilt: list[str] = []

    def handled(request: Any) -> Any:
        answer = handle(request)
        if not spoilt and request.method == "POST" and request.path.endswith("/salesOrder"):
            spoilt.append(request.path)
            return evolve(answer, headers={**answer.headers, "location": "https://x.example/salesOrder/abc"})
        return answer

    monkeypatch.setattr(app, "handle", handled)
    integration = trade.orders()
    report = integration.run()
    assert spoilt
    assert report.failure is None
    monkeypatch.undo()
    trade.later(minutes=30)
    integration.run().raise_for_failure()

    assert made(trade) == [order, other]
    assert len(trade.sales_orders()) == 2
    assert not integration.attention.list()
