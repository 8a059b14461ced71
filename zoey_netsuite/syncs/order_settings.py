"""What `OrderSync` takes: each setting is refused where it is given, by name and with what it takes instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zoey_netsuite.checks import listed, must_be_a, must_be_one_of, must_be_text
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.mapping import OrderMapper
from zoey_netsuite.syncs.filters import Filter
from zoey_netsuite.syncs.guests import GuestStrategy
from zoey_netsuite.syncs.order_case import GONE, STATUSES
from zoey_netsuite.syncs.totals_policies import TotalsPolicy

if TYPE_CHECKING:
    from zoey_netsuite.syncs.orders import OrderSync

ACCOUNT_ID, PERSON_ID = "external_id", "netsuite_id"
"""Attributes of accounts and people that name the NetSuite customer, unless the merchant says otherwise."""

INITIAL = ("pending_approval", "pending_fulfillment")
CREATE = ("single", "batch")
SHIPPED_ALREADY = ("hold", "send", "skip")


def check(sync: OrderSync) -> None:
    """Refuse what can't work.

    Raises:
        ConfigurationError: naming the setting.
    """
    for name, text in (("name", sync.name), ("account_id", sync.account_id), ("person_id", sync.person_id)):
        must_be_text(f"OrderSync({name}=…)", text)
    must_be_a(
        "OrderSync(start_at=…)", sync.start_at, datetime, "a time with a time zone: datetime(2026, 3, 1, tzinfo=UTC)"
    )
    if sync.start_at.tzinfo is None:
        msg = f"{sync.name}: start_at must say its time zone: {sync.start_at.isoformat()} may mean several moments"
        raise ConfigurationError(msg)
    must_be_a("OrderSync(mapper=…)", sync.mapper, OrderMapper, "an OrderMapper")
    if sync.guests is not None:
        must_be_a("OrderSync(guests=…)", sync.guests, GuestStrategy, "a guest strategy, such as MatchCustomer()")
    must_be_a("OrderSync(totals=…)", sync.totals, TotalsPolicy, "a totals policy, such as HoldOnDifference()")
    must_be_one_of("OrderSync(initial_status=…)", sync.initial_status, (*INITIAL, None))
    must_be_one_of("OrderSync(create=…)", sync.create, CREATE)
    must_be_one_of("OrderSync(shipped_already=…)", sync.shipped_already, SHIPPED_ALREADY)
    _filter(sync.filter)
    _statuses(sync.name, sync.statuses)


def states(given: object) -> tuple[str, ...]:
    """The states that are sent. Raises ConfigurationError for one that is decided upon elsewhere."""
    named = listed("OrderSync(states=…)", given, 'states such as ("new", "processing")')
    for state in named or ("",):
        must_be_text("OrderSync(states=…)", state)
        if state in (*GONE, "complete"):
            why = "shipped_already=… says what becomes of it" if state == "complete" else "nothing of it is wanted"
            raise ConfigurationError(f"OrderSync(states=…) can't name {state!r}: {why}")
    return tuple(str(state) for state in named)


def _filter(given: Filter[Any]) -> None:
    takes = "a filter, such as Matches(status=…) or Matching(function)"
    must_be_a("OrderSync(filter=…)", given, Filter, takes)
    if given.where() or given.saved_searches():
        msg = (
            "OrderSync(filter=…) is about Zoey's orders, which NetSuite can't be asked about: leave out Where and"
            " SavedSearch, which would let all orders pass; take Matches(…) or Matching(function)"
        )
        raise ConfigurationError(msg)


def _statuses(name: str, given: Mapping[str, str]) -> None:
    unknown = sorted(set(given) - set(STATUSES.values()))
    if unknown:
        msg = f"{name}: statuses names {unknown[0]!r}; a sales order is one of {', '.join(STATUSES.values())}"
        raise ConfigurationError(msg)
    for word in given.values():
        must_be_text("OrderSync(statuses=…)", word)
