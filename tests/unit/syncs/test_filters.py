"""O10: which records a sync is about, and the rule that left one out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from support.orders import order

from zoey_netsuite import All, ConfigurationError, Filter, Matches, Matching, Order, SavedSearch, Where
from zoey_netsuite.syncs.locations import condition
from zoey_netsuite.zoey import gteq, in_, lt

MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


def large(order: Order) -> bool:
    return order.total.amount > 1000


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (All(), None),
        (Matches(), None),
        (Matches(status=("pending", "processing"), state="new", currency="USD"), None),
        (Matches(status="processing"), 'its status is "pending", not "processing" (Matches)'),
        (Matches(state=["complete", "closed"]), 'its state is "new", not "complete" or "closed" (Matches)'),
        (Matches(payment_method=("netterm",)), 'its payment method is none, not "netterm" (Matches)'),
        (Matches(shipping_method=("ups",)), 'its shipping method is none, not "ups" (Matches)'),
        (Matches(currency=("EUR",)), 'its currency is "USD", not "EUR" (Matches)'),
        (Matches(created_from=MARCH, created_before=APRIL), None),
        (Matches(created_from=APRIL), "it was placed 2026-03-02 03:30 UTC, before 2026-04-01 00:00:00+00:00 (Matches)"),
        (
            Matches(created_before=datetime(2026, 3, 2, 3, 30, tzinfo=UTC)),
            "it was placed 2026-03-02 03:30 UTC, not before 2026-03-02 03:30:00+00:00 (Matches)",
        ),
        (Matches(created_from=datetime(2026, 3, 2, 3, 30, tzinfo=UTC)), None),
        (Matching(large), "large says no (Matching)"),
        (Matching(large, name="only large ones"), "only large ones says no (Matching)"),
        (Matching(lambda order: False), "the function says no (Matching)"),
        (Matching(lambda order: True), None),
        (All() & Matches(state="new") & Matching(large), "large says no (Matching)"),
        (Matches(state="closed") & Matching(large), 'its state is "new", not "closed" (Matches)'),
        (SavedSearch("customsearch_a") & Where("isinactive = 'F'"), None),
    ],
)
def test_a_filter_says_why(rule: Filter[Order], reason: str | None) -> None:
    """G6."""
    assert rule.reason(order()) == reason


def test_what_zoey_can_be_asked() -> None:
    """Only what stores are known to filter by; two rules about one attribute ask the first, and both decide."""
    rule = Matches(status=("a", "b"), payment_method="x", created_from=MARCH) & Matching(large)
    assert rule.zoey_filters() == {"status": in_(["a", "b"]), "created_at": gteq(MARCH)}
    assert Matches(created_before=APRIL).zoey_filters() == {"created_at": lt(APRIL)}
    assert Matches(created_from=MARCH, created_before=APRIL).zoey_filters() == {"created_at": gteq(MARCH) & lt(APRIL)}
    both = Matches(state=("new", "processing")) & Matches(state=("new",))
    assert both.zoey_filters() == {"state": in_(["new", "processing"])}
    assert both.reason(order(state="processing")) is not None
    assert All().zoey_filters() == {}


def test_what_netsuite_can_be_asked() -> None:
    rule = Where("a = ? OR b = ?", ["1", "2"]) & All() & Where("c = 'F'") & SavedSearch("7")
    assert list(rule.where()) == [("(a = ? OR b = ?)", ("1", "2")), ("(c = 'F')", ())]
    assert list(rule.saved_searches()) == ["7"]


def test_one_all_for_places_and_records() -> None:
    assert condition(All(), "location") == ("", [])
    assert All() == All()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"status": ()}, r"Matches\(status=…\) takes one value or more"),
        ({"created_from": datetime(2026, 3, 1)}, r"Matches\(created_from=…\) takes a time with a time zone"),
    ],
)
def test_rules_that_make_no_sense_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        Matches(**options)
