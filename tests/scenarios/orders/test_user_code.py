"""What the merchant's own mapper, filter, strategy, field rule or policy raises or returns (G4, G5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.trade import Trade

from zoey_netsuite import Filter, GuestStrategy, HoldOnDifference, Matching, OrderMapper, Table, computed, field

MINE = r"\(test_user_code\.py:\d+\)"


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Trade]:
    with Trade(tmp_path, products=1) as made:
        yield made


def mapper(kind: type[OrderMapper] = OrderMapper, **options: Any) -> OrderMapper:
    return kind(currencies=Table({"USD": "1"}), **options)


def is_odd(order: Any) -> bool:
    return bool(order.po_number == "?")


class Reads(OrderMapper):
    def from_zoey(self, record: Any, ctx: Any) -> Any:
        return None if record.po_number == "?" else super().from_zoey(record, ctx)


class Writes(OrderMapper):
    def to_netsuite(self, entity: Any, changed: Any, ctx: Any) -> Any:
        return None if is_odd(entity) else super().to_netsuite(entity, changed, ctx)


class Breaks(OrderMapper):
    def to_netsuite(self, entity: Any, changed: Any, ctx: Any) -> Any:
        return entity.custom["nope"] if is_odd(entity) else super().to_netsuite(entity, changed, ctx)


class Needs(OrderMapper):
    def needs(self, entity: Any) -> Any:
        return None if is_odd(entity) else super().needs(entity)


class Says(Filter[Any]):
    def reason(self, entity: Any) -> Any:
        return is_odd(entity) or None


class Picks(GuestStrategy):
    def decide(self, order: Any, found: Any) -> Any:
        return "501"


class Judges(HoldOnDifference):
    def before(self, order: str, differing: Any) -> Any:
        return None


def forgets(order: Any) -> Any:
    return None if is_odd(order) else True


def nope(order: Any, ctx: Any) -> Any:
    return order.custom["nope"] if is_odd(order) else "x"


def shout(value: Any) -> Any:
    return value.nope if value == "?" else value


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "from_zoey": ({"mapper": mapper(Reads)}, rf"Reads\.from_zoey {MINE} returned None: return an Order"),
    "to_netsuite": ({"mapper": mapper(Writes)}, rf"Writes\.to_netsuite {MINE} returned None: return the sales"),
    "to_netsuite raises": ({"mapper": mapper(Breaks)}, rf"Breaks\.to_netsuite {MINE} raised KeyError: 'nope'"),
    "needs": ({"mapper": mapper(Needs)}, rf"Needs\.needs {MINE} returned None: return a list of Lookup"),
    "filter": ({"filter": Says()}, rf"Says\.reason {MINE} returned True: return why"),
    "predicate": ({"filter": Matching(forgets)}, rf"forgets {MINE} returned None: return True or False"),
    "field rule": (
        {"mapper": mapper(fields=[computed("custbody_source", nope)])},
        rf"field rule custbody_source: nope {MINE} raised KeyError: 'nope'",
    ),
    "converter": (
        {"mapper": mapper(fields=[field("custbody_source", "po_number", convert=shout)])},
        rf"custbody_source cannot be made of po_number '\?': shout {MINE} raised AttributeError",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_own_code(trade: Trade, case: str) -> None:
    """That order alone is held, with class, method, line and error, and the traceback; `check` finds it beforehand."""
    options, words = CASES[case]
    bad, good = trade.place(po_number="?"), trade.place()
    integration = trade.orders(sync=trade.order_sync(**options))
    found = " ".join(str(integration.check()).split())
    report = integration.run()

    assert report.failure is None
    assert [name.rpartition("-")[2] for name in trade.sales_orders()] == [good]
    (item,) = integration.attention.list()
    assert item.unit_id == bad
    assert re.search(words, item.message), item.message
    assert "".join(item.evidence["traceback"]).startswith("Traceback") or "returned" in words
    assert re.search(words, found), found


def test_strategy_and_policy(trade: Trade) -> None:
    """A text instead of `Use`, None instead of fields."""
    guest, registered = trade.place(customer=None), trade.place()
    integration = trade.orders(sync=trade.order_sync(guests=Picks()))
    found = " ".join(str(integration.check()).split())
    integration.run()
    (item,) = integration.attention.list()
    words = rf"Picks\.decide {MINE} returned the str '501': return Use\(id\)"
    assert re.search(words, item.message), item.message
    assert re.search(words, found), found
    assert [name.rpartition("-")[2] for name in trade.sales_orders()] == [registered]

    judged = trade.place()
    integration = trade.orders(sync=trade.order_sync(totals=Judges()))
    integration.sync_one("orders", zoey_id=judged)
    (item,) = [one for one in integration.attention.list() if one.unit_id == judged]
    assert re.search(rf"Judges\.before {MINE} returned None: return a Hold, or fields", item.message), item.message
    assert guest not in "".join(trade.sales_orders())
