"""The demonstration, as the command that the README names runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from zoey_netsuite import demo
from zoey_netsuite.sandbox.netsuite.app import NetSuiteApp
from zoey_netsuite.syncs.inventory import InventorySync

SIZE = {"products": 250, "accounts": 10, "orders": 20}


def scenes(text: str) -> list[str]:
    return re.split(r"^\d\. .*$", text, flags=re.MULTILINE)[1:]


def test_the_command_shows_a_first_run_differences_and_a_mistake(tmp_path: Path) -> None:
    """O1, I3, E5, G7: full size, by the command itself; it leaves nothing behind."""
    ran = subprocess.run(
        [sys.executable, "-m", "zoey_netsuite", "demo"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2000 products, 3 locations, 300 accounts, 500 orders" in ran.stdout
    first, differences, mistake = scenes(ran.stdout)
    assert "orders that an earlier connector carried were found in NetSuite and linked" in first
    (made,) = re.findall(r"(\d+) created", first)
    assert int(made) > 40
    (changed,) = re.findall(r"(\d+) updated", first)
    assert int(changed) > 300
    assert re.findall(r"(\d+) created", differences) == ["1"]
    assert "it was found by its external id, not made again" in differences
    assert re.findall(r"(\d+) updated", differences) == ["30"]
    assert "30 products sent in 2 calls" in differences
    assert "stock.update_many" not in mistake
    assert re.search(r"guard zero_stock: \d{3} of \d{4} records would be changed at once", mistake)
    assert ran.stdout.count("they agree") == 3
    assert max(map(len, ran.stdout.splitlines())) <= 120
    assert not re.search(r"^\d\. .*…", ran.stdout, flags=re.MULTILINE), "a title is cut off"
    assert list(tmp_path.iterdir()) == []


def test_it_says_so_when_both_sides_do_not_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration that can't fail would show nothing."""
    monkeypatch.setattr(InventorySync, "fingerprint", lambda *_: "all the same")
    with pytest.raises(demo.DemoFailed, match="do not agree"):
        demo.run(Console(file=StringIO()), **SIZE)


def test_it_says_so_when_the_mistake_goes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = list[object]()
    set_stock = NetSuiteApp.set_stock

    def few(self: NetSuiteApp, item: str, location: str, available: float, on_hand: float | None = None) -> None:
        """So few items read zero that no guard asks."""
        if available == 0:
            calls.append(item)
        if available != 0 or len(calls) <= 20:
            set_stock(self, item, location, available, on_hand)

    monkeypatch.setattr(NetSuiteApp, "set_stock", few)
    with pytest.raises(demo.DemoFailed, match="has reached Zoey"):
        demo.run(Console(file=StringIO()), **SIZE)
