"""O4: the date of a sales order is the day on which the order was placed, where the account is (story 23)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.trade import Trade

from zoey_netsuite import ConfigurationError, MapContext
from zoey_netsuite.netsuite import Formats
from zoey_netsuite.sandbox import NetSuiteSettings

PLACED = {"2026-07-01 06:59:59": "2026-06-30", "2026-07-01 07:00:00": "2026-07-01"}
"""Midnight in Los Angeles is 07:00 UTC in summer; story 23 is the first of them."""


def dates(trade: Trade, **options: Any) -> dict[str, Any]:
    orders = {placed: trade.place(created_at=placed) for placed in PLACED}
    sync = trade.order_sync(start_at=datetime(2026, 1, 1, tzinfo=UTC))
    trade.orders(sync=sync, **options).run().raise_for_failure()
    return {placed: trade.sales_order(order)["tranDate"] for placed, order in orders.items()}


def test_the_day_is_the_accounts(trade: Trade) -> None:
    """Story 23, in another season than the order: by the time zone's rules, not by the offset of today (March)."""
    trade.reset_calls()
    assert dates(trade) == PLACED
    assert not trade.sandbox.netsuite.calls.count(path="serverTime$")


def test_without_a_time_zone_the_accounts_own_offset_is_used(tmp_path: Path) -> None:
    """Never UTC."""
    with Trade(tmp_path) as trade:
        trade.later(days=130)  # to July
        assert dates(trade, timezone=None) == PLACED


def test_one_time_zone_for_the_whole_integration(trade: Trade) -> None:
    """It can be named where the client is made, too; two that differ are refused, and so is what is none."""
    tokyo = trade.netsuite(formats=Formats(timezone="Asia/Tokyo"))
    with pytest.raises(ConfigurationError, match=r"America/Los_Angeles and NetSuiteClient.* is Asia/Tokyo"):
        trade.orders(erp=tokyo)
    with pytest.raises(ConfigurationError, match="No time zone is called 'Mars'"):
        trade.orders(timezone="Mars")
    with pytest.raises(ConfigurationError, match="IANA name"):
        trade.orders(timezone=7)
    with pytest.raises(ConfigurationError, match=r"MapContext\(timezone=…\) is UTC"):
        trade.orders(settings=MapContext(timezone=UTC))
    assert dates(trade, erp=tokyo, timezone=None) == dict.fromkeys(PLACED, "2026-07-01")
    tokyo.close()


def test_check_compares_it_with_the_accounts_clock(tmp_path: Path) -> None:
    """G5: also an account of another half hour; without a time zone it says by what orders are dated."""
    with Trade(tmp_path, account=NetSuiteSettings(timezone="Asia/Kolkata")) as trade:
        (error,) = trade.orders().check().errors
        assert "America/Los_Angeles, which is UTC-08:00 now, and the account's clock is at UTC+05:30" in str(error)
        assert not trade.orders(timezone="Asia/Kolkata").check().errors
        (warning,) = trade.orders(timezone=None).check()
        assert (warning.level, "UTC+05:30" in warning.what) == ("warning", True)
