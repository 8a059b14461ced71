"""In the middle of thirty orders something breaks: the system, which stops the run and alerts once, or records (G4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import field, frozen
from support.trade import Trade

from zoey_netsuite import Integration, OrderMapper, SystemFailed, SystemRecovered, Table, UnitEnded, constant
from zoey_netsuite.engine.observe import Event
from zoey_netsuite.sandbox import Fault, NetSuiteSettings
from zoey_netsuite.sandbox.exchange import Request

ORDERS = 30


@frozen
class Heard:
    """Remembers what observers are told."""

    events: list[Event] = field(factory=list[Event])

    def on_event(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def at_order(trade: Trade, number: int, breaks: Callable[[], None]) -> None:
    """Let something break right before that order is made."""
    left = [number]
    app = trade.sandbox.netsuite.app
    handle = app.handle

    def counted(request: Request) -> Any:
        if request.method == "POST" and request.url.endswith("/salesOrder"):
            left[0] -= 1
            if left[0] == 0:
                breaks()
        return handle(request)

    app.handle = counted  # type: ignore[method-assign]


def placed(trade: Trade) -> list[str]:
    return [trade.place((101 + number % 8, 1)) for number in range(ORDERS)]


def integration(trade: Trade, heard: Heard, **options: Any) -> Integration:
    mapper = OrderMapper(currencies=Table({"USD": "1"}), fields=[constant("custbody_source", "Zoey")])
    return trade.orders(sync=trade.order_sync(mapper=mapper), observers=[heard], **options)


def complete(trade: Trade, made: Integration, orders: list[str]) -> None:
    """Each order is there once, each shows its number, and nothing waits."""
    assert sorted(trade.sales_orders()) == sorted(f"acme-order-{order}" for order in orders)
    assert all(trade.number_shown(order) for order in orders)
    assert not made.attention.list()
    trade.reset_calls()
    trade.later(minutes=20)
    made.run().raise_for_failure()
    assert trade.writes() == 0


class TestTheSystem:
    """One SystemFailed, whatever number of orders wait; nothing is marked as failed; the next run goes on."""

    @pytest.mark.parametrize(
        ("fault", "cause"),
        [
            (Fault("token_revoked", path="/record", times=None), "credentials"),
            (Fault("503", times=None), "outage"),
            (Fault("429", times=None), "quota"),
        ],
        ids=["token", "outage", "quota"],
    )
    def test_netsuite_refuses(self, trade: Trade, fault: Fault, cause: str) -> None:
        orders, heard = placed(trade), Heard()
        made = integration(trade, heard)
        at_order(trade, 11, lambda: trade.sandbox.netsuite.faults.add(fault))

        report = made.run()

        assert report.failure is not None
        assert (report.failure.system, report.failure.cause) == ("netsuite", cause)
        assert 10 <= len(trade.sales_orders()) <= 11
        for _ in range(3):
            trade.later(minutes=30)
            made.run()
        assert len(heard.of(SystemFailed)) == 1
        assert not [event for event in heard.of(UnitEnded) if event.outcome == "failed"]
        assert not made.attention.list(state="failed")

        trade.sandbox.netsuite.faults.clear()
        trade.later(minutes=30)
        assert made.check().errors == ()
        made.run().raise_for_failure()
        made.run().raise_for_failure()
        assert len(heard.of(SystemRecovered)) == 1
        complete(trade, made, orders)

    @pytest.mark.parametrize("answer", [403, 400])
    def test_a_permission_is_withdrawn(self, tmp_path: Path, answer: Literal[400, 403]) -> None:
        """Whichever way NetSuite says it."""
        with Trade(tmp_path, account=NetSuiteSettings(withheld_answer=answer)) as trade:
            self.withdrawn(trade)

    def withdrawn(self, trade: Trade) -> None:
        role = trade.sandbox.netsuite.app.role
        orders, heard = placed(trade), Heard()
        made = integration(trade, heard)
        at_order(trade, 11, lambda: role.withdraw("Transactions -> Sales Order"))

        report = made.run()

        assert report.failure is not None
        assert report.failure.cause == "permission"
        assert "Sales Order" in str(report.failure)
        assert len(trade.sales_orders()) == 10
        trade.later(minutes=30)
        made.run()
        assert len(heard.of(SystemFailed)) == 1
        assert not made.attention.list(state="failed")

        role.grant("Transactions -> Sales Order")
        made.check().raise_for_errors()
        made.run().raise_for_failure()
        complete(trade, made, orders)

    def test_zoey_refuses_to_be_written(self, trade: Trade) -> None:
        """The sales order stands; the number goes back once Zoey takes it."""
        orders, heard = placed(trade), Heard()
        made = integration(trade, heard)
        trade.sandbox.zoey.faults.add(Fault("token_revoked", method="PUT", times=None))
        report = made.run()
        assert report.failure is not None
        assert (report.failure.system, report.failure.cause) == ("zoey", "credentials")
        trade.later(minutes=10)
        made.run()
        assert len(heard.of(SystemFailed)) == 1
        trade.sandbox.zoey.faults.clear()
        made.check().raise_for_errors()
        trade.later(minutes=10)
        made.run().raise_for_failure()
        complete(trade, made, orders)


def close_period(trade: Trade) -> None:
    trade.sandbox.netsuite.app.close_period(date(2026, 3, 1), date(2026, 3, 31))


def deactivate(trade: Trade) -> None:
    trade.sandbox.netsuite.app.update("inventoryItem", 3, {"isInactive": True})


class TestTheRecords:
    """Each order that can't go says why; the others go; nothing is lost; retried, all are there once."""

    def test_the_period_is_closed(self, trade: Trade) -> None:
        """A sales order posts nothing, so that it goes all the same."""
        orders, heard = placed(trade), Heard()
        made = integration(trade, heard)
        at_order(trade, 11, lambda: close_period(trade))
        made.run().raise_for_failure()
        assert not heard.of(SystemFailed)
        complete(trade, made, orders)

    def test_an_item_is_made_inactive(self, trade: Trade) -> None:
        """The orders with that item only."""
        orders, heard = placed(trade), Heard()
        made = integration(trade, heard)
        at_order(trade, 2, lambda: deactivate(trade))
        made.run().raise_for_failure()
        hit = [order for number, order in enumerate(orders) if number % 8 == 2]
        assert sorted(item.unit_id for item in made.attention.list()) == sorted(hit)
        (question,) = made.attention.questions()
        assert "item" in question.cause
        assert "Invalid Field Value 3 for the following field: item" in question.example.message
        assert not heard.of(SystemFailed)

        trade.sandbox.netsuite.app.update("inventoryItem", 3, {"isInactive": False})
        made.attention.retry(everything=True)
        made.run().raise_for_failure()
        complete(trade, made, orders)

    def test_a_custom_field_is_renamed(self, trade: Trade) -> None:
        """Refused for each order alike: one question that names the field, and check names it, too."""
        orders, heard = placed(trade), Heard()
        made = integration(trade, heard)
        fields: dict[str, Any] = {}

        def renamed() -> None:
            registered: Mapping[str, Any] = trade.sandbox.netsuite.app.company.registry.get("salesOrder").fields
            fields.update(custbody_source=registered["custbody_source"])
            del registered["custbody_source"]  # type: ignore[attr-defined]

        at_order(trade, 11, renamed)
        made.run()
        assert len(trade.sales_orders()) == 10
        (question,) = made.attention.questions()
        assert question.count == 20
        assert "custbody_source" in question.example.message
        trade.sandbox.netsuite.app.company.registry.get("salesOrder").fields.update(fields)  # type: ignore[attr-defined]
        made.attention.retry(everything=True)
        made.run().raise_for_failure()
        complete(trade, made, orders)
