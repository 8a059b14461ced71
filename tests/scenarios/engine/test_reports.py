"""What a report says of records that wait, and of those that were left out (E6, G6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.colors import ColorSync
from support.trade import Trade
from support.world import World

from zoey_netsuite import Hold, Matches, MemoryStore, Skip
from zoey_netsuite.engine.report import LISTED
from zoey_netsuite.state import worklist


def decided(unit: Any) -> Hold | Skip | None:
    if unit.data.color == "bad":
        return Hold(f"{unit.id} is bad", cause="bad")
    if unit.data.color == "broken":
        raise KeyError(unit.id)
    return None


def test_what_waits_from_earlier_runs(world: World) -> None:
    """By state, without what this run came across itself."""
    sync = ColorSync({"a": "bad", "b": "bad", "c": "broken", "d": "red"}, apply=decided)
    integration = world.integration(sync)
    first = integration.run()
    assert first.syncs["colors"].waiting == {}
    assert "earlier runs" not in str(first)

    sync.colors["e"] = "bad"
    second = integration.run()
    assert second.syncs["colors"].outcomes["held"] == 1
    assert second.syncs["colors"].waiting == {"held": 2, "failed": 1}
    assert "waiting from earlier runs: 2 held, 1 failed; see integration.attention.list()" in str(second)
    assert second.as_data()["syncs"]["colors"]["waiting"] == {"held": 2, "failed": 1}

    integration.attention.retry(cause="bad")
    third = integration.run()
    assert third.syncs["colors"].waiting == {"failed": 1}, "what was tried again is told as this run's"
    assert integration.run(dry_run=True).syncs["colors"].waiting == {"held": 3, "failed": 1}
    assert "earlier runs" not in str(integration.sync_one("colors", zoey_id="d")), "one record was asked for"


def test_very_many_wait(world: World, monkeypatch: Any) -> None:
    """So many are looked at, and no more."""
    monkeypatch.setattr(worklist, "COUNTED", 1000)
    sync = ColorSync({f"{number:04}": "bad" for number in range(2500)}, page_size=500, apply=decided)
    integration = world.integration(sync, store=MemoryStore(clock=world.clock))
    integration.run().raise_for_failure()
    assert integration.run().syncs["colors"].waiting == {"held": 1000}


def test_why_skipped(world: World) -> None:
    """By cause, or by reason where there is none; the most frequent first, and not without end."""

    def skip(unit: Any) -> Skip:
        number = int(unit.id)
        if number < 5:
            return Skip(f"{unit.id} is small", cause="small")
        return Skip("blue") if number < 8 else Skip(f"{unit.id} is odd")

    sync = ColorSync({f"{number:03}": "red" for number in range(100)}, apply=skip)
    report = world.integration(sync).run()
    skipped = report.syncs["colors"].skipped

    assert [(one.cause, one.count) for one in skipped[:2]] == [("small", 5), ("blue", 3)]
    assert sum(one.count for one in skipped) == 100
    assert len(skipped) == LISTED + 1
    assert next(one.example for one in skipped if one.cause == "small") == "000 is small"
    for line in ("5 skipped: small", "3 skipped: blue", "91 skipped for other reasons"):
        assert line in str(report)


def test_orders_that_are_left_out(tmp_path: Path) -> None:
    """O10: the rule, in the merchant's words."""
    with Trade(tmp_path) as trade:
        for _ in range(3):
            trade.place(payment_method="netterm")
        trade.place(payment_method="checkmo")
        report = trade.orders(sync=trade.order_sync(filter=Matches(payment_method=("checkmo",)))).run()

        assert '3 skipped: is left out: its payment method is "netterm", not "checkmo" (Matches)' in str(report)
        assert report.count("created") == 1
