"""Settings of the wrong type or value: each is a `ConfigurationError` that names it and what it takes (E1, G5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from zoey_netsuite import (
    AsyncHttpxTransport,
    AsyncNetSuiteClient,
    AsyncZoeyClient,
    ConfigurationError,
    Daily,
    Every,
    Exclude,
    FirstOf,
    FixedCustomer,
    Guard,
    HoldOnDifference,
    HttpxTransport,
    Include,
    InventorySync,
    Limits,
    MatchCustomer,
    Matches,
    Matching,
    NetSuiteClient,
    OrderMapper,
    OrderSync,
    Recurring,
    Retry,
    SavedSearch,
    Table,
    Threads,
    Timing,
    Where,
    ZoeyAttributes,
    ZoeyClient,
    computed,
    field,
)
from zoey_netsuite.netsuite import TokenAuth
from zoey_netsuite.zoey import OAuth1Auth, ZoeyBehavior

ERP = TokenAuth("key", "secret", "token", "token-secret")
SHOP = OAuth1Auth("key", "secret", "token", "token-secret")
NAN = float("nan")


def refusal(make: Callable[[], object]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        make()
    return str(caught.value)


NO_CLIENTS: list[tuple[str, Any]] = [
    ("timeout", 0),
    ("timeout", -1),
    ("timeout", "5"),
    ("timeout", None),
    ("timeout", NAN),
    ("timeout", True),
    ("limiter", 5),
    ("limiter", "slow"),
    ("limiter", Limits),
    ("retry", 3),
    ("retry", Retry),
    ("transport", object()),
    ("transport", HttpxTransport),
    ("clock", 5),
    ("on_call", "print"),
    ("on_call", lambda: None),
]


@pytest.mark.parametrize(("name", "value"), NO_CLIENTS)
def test_clients(name: str, value: Any) -> None:
    """E1, E2: all four clients say so when they are made, not at the first call."""
    makes: list[Callable[..., object]] = [
        lambda **options: NetSuiteClient("1234567", ERP, **options),
        lambda **options: AsyncNetSuiteClient("1234567", ERP, **options),
        lambda **options: ZoeyClient("https://shop.example.com", SHOP, **options),
        lambda **options: AsyncZoeyClient("https://shop.example.com", SHOP, **options),
    ]
    for make in makes:
        said = refusal(lambda make=make: make(**{name: value}))
        assert name in said
        assert "takes" in said


def test_transports_of_the_other_kind() -> None:
    """E2: a blocking client takes no awaited transport, nor the other way round."""
    blocking, awaited = HttpxTransport(), AsyncHttpxTransport()
    assert "close()" in refusal(lambda: NetSuiteClient("1234567", ERP, transport=awaited))  # type: ignore[arg-type]
    assert "aclose()" in refusal(lambda: AsyncNetSuiteClient("1234567", ERP, transport=blocking))  # type: ignore[arg-type]
    blocking.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("attributes", "netsuite_id"),
        ("attributes", {"netsuite_id": "id"}),
        ("actions", 1),
        ("behavior", {}),
        ("user_agent", 5),
        ("user_agent", "two\nlines"),
        ("user_agent", "Müller"),
    ],
)
def test_what_else_zoeys_clients_take(name: str, value: Any) -> None:
    """E1: the merchant's settings are objects of their classes."""
    for client in (ZoeyClient, AsyncZoeyClient):
        assert name in refusal(lambda client=client: client("https://shop.example.com", SHOP, **{name: value}))


@pytest.mark.parametrize("value", ["UTC", None, 5])
def test_what_else_netsuites_clients_take(value: Any) -> None:
    """E1: a time zone's name is no `Formats`."""
    for client in (NetSuiteClient, AsyncNetSuiteClient):
        assert "Formats(timezone=…)" in refusal(lambda client=client: client("1234567", ERP, formats=value))


VALUES: dict[str, Callable[[], object]] = {
    "Retry(attempts=…) takes a whole number of at least 1": lambda: Retry(attempts=0),
    "Retry(attempts=…)": lambda: Retry(attempts="3"),  # type: ignore[arg-type]
    "Retry(attempts=…) takes a whole": lambda: Retry(attempts=1.5),  # type: ignore[arg-type]
    "Retry(base=…)": lambda: Retry(base=-1),
    "Retry(maximum=…)": lambda: Retry(maximum=NAN),
    "Retry(total=…)": lambda: Retry(total=0),
    "Limits(concurrency=…)": lambda: Limits(concurrency=0),
    "Limits(concurrency=…) takes": lambda: Limits(concurrency="5"),  # type: ignore[arg-type]
    "Limits(concurrency=…) takes a whole": lambda: Limits(concurrency=2.5),  # type: ignore[arg-type]
    "Limits(per_second=…)": lambda: Limits(per_second=0),
    "Limits(per_second=…) takes": lambda: Limits(per_second="2"),  # type: ignore[arg-type]
    "Limits(burst=…)": lambda: Limits(burst=0),
    "Threads(count=…) takes a whole number of at least 1, not 0": lambda: Threads(0),
    "Threads(count=…) takes a whole number of at least 1, not '8'": lambda: Threads("8"),  # type: ignore[arg-type]
    "Threads(count=…) takes a whole number of at least 1, not 2.5": lambda: Threads(2.5),  # type: ignore[arg-type]
    "Guard(name=…)": lambda: Guard(""),
    "Guard(name=…) takes text": lambda: Guard(None),  # type: ignore[arg-type]
    "Guard(max_share=…) takes a number of at least 0 and at most 1, not 2": lambda: Guard("x", max_share=2),
    "Guard(max_share=…)": lambda: Guard("x", max_share="10%"),  # type: ignore[arg-type]
    "Guard(min_count=…)": lambda: Guard("x", min_count=-1),
    "Timing(lease=…)": lambda: Timing(lease=0),
    "Timing(settle=…)": lambda: Timing(settle=-1),
    "Timing(stale_after=…)": lambda: Timing(stale_after=None),  # type: ignore[arg-type]
    "a lease must last longer than the longest call": lambda: Timing(lease=100, call=120),
    "ZoeyAttributes(netsuite_id=…)": lambda: ZoeyAttributes(netsuite_id=""),
    "ZoeyAttributes(netsuite_id=…) takes text": lambda: ZoeyAttributes(netsuite_id=None),  # type: ignore[arg-type]
    "ZoeyAttributes(stock_from=…)": lambda: ZoeyAttributes(stock_from=" stock"),
    "ZoeyBehavior(page_size=…)": lambda: ZoeyBehavior(page_size=500),
    "ZoeyBehavior(bulk_size=…)": lambda: ZoeyBehavior(bulk_size=0),
    "paging['orders'] takes Paging.BY_KEY": lambda: ZoeyBehavior(paging={"orders": "by key"}),  # type: ignore[dict-item]
    "paging takes a mapping": lambda: ZoeyBehavior(paging=5),  # type: ignore[arg-type]
    "paging names 'order'": lambda: ZoeyBehavior(paging={"order": 1}),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("said", VALUES)
def test_values(said: str) -> None:
    """E1: bounds and types of every number that is set."""
    assert said in refusal(VALUES[said])


SCHEDULES: dict[str, Callable[[], object]] = {
    "no interval": lambda: Every(),
    "negative": lambda: Every(minutes=-1),
    "text": lambda: Every(minutes="15"),  # type: ignore[arg-type]
    "none": lambda: Every(hours=None),  # type: ignore[arg-type]
    "NaN": lambda: Every(minutes=NAN),
    "too long": lambda: Every(days=1e12),
    "one digit": lambda: Daily("2:00"),
    "hour 25": lambda: Daily("25:00"),
    "a number": lambda: Daily(200),  # type: ignore[arg-type]
    "no time": lambda: Daily(None),  # type: ignore[arg-type]
    "other digits": lambda: Daily("1\u0661:00"),
    "zone": lambda: Daily("02:00", timezone="Mars"),
    "zone none": lambda: Daily("02:00", timezone=None),  # type: ignore[arg-type]
    "zone a folder": lambda: Daily("02:00", timezone="Europe"),
    "zone above": lambda: Daily("02:00", timezone="../etc"),
    "rule words": lambda: Recurring("every hour"),
    "rule none": lambda: Recurring(None),  # type: ignore[arg-type]
    "rule without frequency": lambda: Recurring("BYHOUR=3"),
    "rule that never comes": lambda: Recurring("FREQ=HOURLY;BYHOUR=99"),
    "rule without end": lambda: Recurring("FREQ=SECONDLY;INTERVAL=0"),
    "rule unknown": lambda: Recurring("FREQ=FORTNIGHTLY"),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules(name: str) -> None:
    """G1: what is no schedule is refused where it is written, and never searched for without end."""
    said = refusal(SCHEDULES[name])
    assert any(word in said for word in ("Every(", "Daily(", "time zone", "recurrence rule"))


def test_every_form_of_a_rule_that_calendars_write() -> None:
    """G1: the checks refuse no rule that comes true."""
    Recurring("RRULE:FREQ=DAILY;BYHOUR=0,23;BYMINUTE=59")
    Recurring("DTSTART:20260101T000000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO;INTERVAL=10")
    Recurring("freq=hourly")


INVENTORY: list[tuple[str, Any]] = [
    ("locations", "1"),
    ("locations", ["1"]),
    ("locations", Include),
    ("quantity", "onhand"),
    ("quantity", None),
    ("buffer", "two"),
    ("buffer", None),
    ("buffer", -3),
    ("buffer", NAN),
    ("buffer", Decimal("NaN")),
    ("buffer", 1.1),
    ("reserve_pending", None),
    ("reserve_pending", "yes"),
    ("reserve_pending", 1),
    ("reserve_pending", lambda: True),
    ("in_stock", "yes"),
    ("relist", 5),
    ("relist", None),
    ("relist", timedelta(days=-1)),
    ("open_states", "new"),
    ("open_states", ()),
    ("open_states", None),
    ("open_states", (1,)),
    ("name", ""),
    ("name", None),
    ("name", 5),
]


@pytest.mark.parametrize(("name", "value"), INVENTORY)
def test_inventory(name: str, value: Any) -> None:
    """I2, E1: each setting of the sync is named with what it takes."""
    assert name in refusal(lambda: InventorySync(**{"reserve_pending": False, name: value}))


ORDERS: list[tuple[str, Any]] = [
    ("start_at", "2026-03-01"),
    ("start_at", date(2026, 3, 1)),
    ("start_at", datetime(2026, 3, 1)),
    ("start_at", None),
    ("mapper", {}),
    ("mapper", OrderMapper),
    ("guests", MatchCustomer),
    ("guests", "501"),
    ("totals", HoldOnDifference),
    ("totals", 0),
    ("filter", lambda order: True),
    ("filter", Matches),
    ("filter", Where("status = 'B'")),
    ("filter", Matches(state="new") & SavedSearch("customsearch_web")),
    ("statuses", {"complete": "billed"}),
    ("statuses", {"billed": None}),
    ("initial_status", "open"),
    ("create", "bulk"),
    ("account_id", None),
    ("person_id", ""),
    ("name", ""),
    ("name", 5),
]


@pytest.mark.parametrize(("name", "value"), ORDERS)
def test_orders(name: str, value: Any) -> None:
    """E1: each setting of the sync is named with what it takes; a filter that would let all pass is none."""
    assert name in refusal(lambda: OrderSync(**{"start_at": datetime(2026, 3, 1, tzinfo=UTC), name: value}))


RULES: dict[str, Callable[[], object]] = {
    "OrderMapper(ship_methods=…) takes a Table": lambda: OrderMapper(ship_methods={"ups": "4"}),  # type: ignore[arg-type]
    "OrderMapper(currencies=…) takes a Table": lambda: OrderMapper(currencies=Table),  # type: ignore[arg-type]
    "OrderMapper(fields=…) takes a list": lambda: OrderMapper(fields=field("memo", "number")),  # type: ignore[arg-type]
    "OrderMapper(line_fields=…) takes a list": lambda: OrderMapper(line_fields=["sku"]),  # type: ignore[list-item]
    "field('memo', convert=…)": lambda: field("memo", "number", convert="as_text"),  # type: ignore[arg-type]
    "field('memo', back=…)": lambda: field("memo", "number", back=lambda: ""),  # type: ignore[misc, arg-type]
    "computed('memo', …)": lambda: computed("memo", lambda order: ""),  # type: ignore[misc, arg-type]
    "Table(…) takes a mapping": lambda: Table(["ups"]),  # type: ignore[arg-type]
    "Matching(…) takes a function of one record": lambda: Matching(lambda: True),  # type: ignore[misc, arg-type]
    "& takes another filter": lambda: Matches(state="new") & len,  # type: ignore[operator]
    "FirstOf(…) takes guest strategies": lambda: FirstOf(MatchCustomer),  # type: ignore[arg-type]
    "FixedCustomer(…) takes text": lambda: FixedCustomer(501),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("said", RULES)
def test_rules_for_orders(said: str) -> None:
    """E1: tables, field rules, filters and strategies, each where it is written."""
    assert said in refusal(RULES[said])


NO_LOCATIONS = [(), ("",), (None,), (["1", "2"],), ("west",), ("1, 2",), (True,), (1.0,), (b"1",), ("0014",), ("000",)]


@pytest.mark.parametrize("ids", NO_LOCATIONS)
@pytest.mark.parametrize("kind", [Include, Exclude])
def test_locations(kind: Any, ids: tuple[Any, ...]) -> None:
    """I2: locations are named by internal id; what is none would match nothing, or stop the query."""
    assert f'{kind.__name__}("1", "7")' in refusal(lambda: kind(*ids))


def test_ids_with_white_space() -> None:
    """I2: what can only mean one thing is taken."""
    assert Include(" 1 ", 7).ids == ("1", "7")  # type: ignore[arg-type]
