"""Line breaks and control characters in a record never make a line of their own: logs, reports, findings (G4, E6)."""

from __future__ import annotations

import io
import json
import logging
from decimal import Decimal
from typing import Any, cast

import pytest
from support.colors import Color, ColorSync
from support.trouble import Heard
from support.world import World

from zoey_netsuite import Difference, Finding, Findings, Hold, LogAlerts, Timing
from zoey_netsuite.conflicts import compare
from zoey_netsuite.syncs.totals import TotalDifference
from zoey_netsuite.testing.results import Case, Failure
from zoey_netsuite.wording import one_line

EVIL = "A\nERROR paid\r\nB\u2028C\x85D\x1b[31mE\x00F\u202eG\ud800H"


@pytest.fixture
def written() -> Any:
    """What a log file holds, one record a line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s|%(message)s"))
    root = logging.getLogger("zoey_netsuite")
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: stream.getvalue()
    root.removeHandler(handler)
    root.setLevel(level)


def hold(unit: Any) -> Hold | None:
    if unit.data.color == "code":
        raise KeyError(EVIL)
    return Hold(f"{unit.id} is {EVIL}", cause=EVIL) if unit.data.color == "held" else None


def fail(_: Any) -> None:
    raise ValueError(EVIL)


class Failing:
    def on_event(self, event: object) -> None:
        raise RuntimeError(EVIL)


def test_one_line_a_record(world: World, written: Any) -> None:
    """Alerts, the engine's own warnings with a traceback, and those of observers."""
    colors = {f"x{number} {EVIL[:-2]}": "held" for number in range(3)} | {"code": "code"}
    held = ColorSync(colors, apply=hold)
    broken = ColorSync({"a": "red"}, name="broken", scan=fail)
    integration = world.integration(held, broken, observers=[LogAlerts(), Failing()], timing=Timing(overdue=3600))
    report = integration.run()
    world.later(hours=2)
    integration.run()

    lines = written().splitlines()
    assert len(lines) > 10
    assert [line for line in lines if not line.startswith(("INFO|", "WARNING|", "ERROR|", "DEBUG|", "    "))] == []
    assert [line for line in lines if line.startswith("ERROR paid")] == []
    assert all(line.isprintable() for line in lines)
    assert any("wait for a person, the oldest since 2026-03-02 09:00:" in line for line in lines)
    assert all(line.isprintable() for line in str(report).splitlines())
    assert not any(line.startswith("ERROR paid") for line in str(report).splitlines())


def test_findings_and_differences() -> None:
    for shown in (
        str(Findings((Finding("error", "zoey", EVIL, EVIL),))),
        str(Finding("error", "zoey", EVIL, EVIL)),
        str(Difference("orders", EVIL, EVIL, EVIL, EVIL, EVIL, EVIL)),
    ):
        assert all(line.isprintable() and not line.startswith("ERROR") for line in shown.splitlines())


def test_what_people_compare() -> None:
    """Conflicts, amounts, and what the harness found."""
    number, component = Decimal(1), cast("Any", EVIL)
    conflict = compare(None, Color("a", "red"), Color("a", "blue"), zoey_id=EVIL, netsuite_id=EVIL)
    case = Case("kill", when="before", step=1, what=EVIL)
    for shown in (str(conflict), str(TotalDifference(component, number, number, "USD")), str(case)):
        assert shown.isprintable()
    failure = Failure(case, EVIL, [EVIL])
    lines = [line for line in str(failure).splitlines() if not line.startswith("    replay")]
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)


def test_what_one_line_keeps() -> None:
    assert one_line("Ünïcode: 訂單 42, 👩‍🔧 ok") == "Ünïcode: 訂單 42, 👩‍🔧 ok"
    assert one_line("a\r\nb\tc") == "a b c"
    assert one_line("\x1b[2J\ud800") == "\\u001b[2J\\ud800"


def test_events_say_when_and_are_data(world: World) -> None:
    """Each as JSON, with the integration's time."""
    heard = Heard([])
    sync = ColorSync({"a": "red", "b": "held", "c": "code"}, apply=hold)
    integration = world.integration(sync, observers=[heard], timing=Timing(overdue=3600))
    integration.run()
    world.later(hours=2)
    integration.run()
    kinds = ["RunStarted", "UnitEnded", "UnitEnded", "UnitEnded", "RunEnded", "RunStarted", "Overdue", "RunEnded"]
    data: list[Any] = [event.as_data() for event in heard.events]  # type: ignore[attr-defined]
    assert [one["event"] for one in data] == kinds
    again = json.loads(json.dumps(data))
    assert again[4]["report"]["syncs"]["colors"] == data[4]["report"]["syncs"]["colors"]
    assert again == data
    assert [one["at"][11:16] for one in data] == ["09:00"] * 5 + ["11:00"] * 3
    assert data[4]["report"]["integration"] == "acme"
    assert data[6] | {"message": ""} == {
        "event": "Overdue",
        "integration": "acme",
        "at": data[6]["at"],
        "sync": "colors",
        "count": 2,
        "unit_id": "b",
        "message": "",
        "since": data[1]["at"],
        "waits": False,
    }
