"""Alerts group by cause: one for each cause and run, whatever number of records share it (G4, E6)."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from support.colors import ColorSync
from support.world import World

from zoey_netsuite import Hold, LogAlerts


def decided(unit: Any) -> Hold | None:
    if unit.data.color == "red":
        return Hold(f"{unit.id} is red", cause="red")
    if unit.data.color == "blue":
        raise KeyError(unit.id)
    return None


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    caplog.clear()
    return found


def test_one_warning_a_cause_and_run(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "zoey_netsuite")
    sync = ColorSync({f"{number:03}": "red" if number < 150 else "blue" for number in range(151)}, apply=decided)
    integration = world.integration(sync, observers=[LogAlerts()])
    integration.run()

    assert warnings(caplog) == [
        "acme: held: 000 is red",
        "acme: failed: colors 150: decided (test_alerts.py:19) raised KeyError: '150'",
        "acme: held: 149 more of colors for the same cause (red): see integration.attention.list()",
    ]
    integration.run()
    assert warnings(caplog) == [], "what stands as it was is not told again"
    integration.attention.retry(cause="red")
    integration.run()
    assert len(warnings(caplog)) == 2, "the next run's are"


def test_records_are_named_once(world: World) -> None:
    """A message that says itself which record it is about gets no name in front."""
    words = {
        "459": "Could not create salesOrder acme-order-459: no",
        "460": "Zoey order 1 (id 460): no",
        "461": "no in 461 cases",
        "462": "order 4620: no",
    }

    def fail(unit: Any) -> None:
        raise ValueError(words[unit.id])

    integration = world.integration(ColorSync(dict.fromkeys(words, "red"), apply=fail))
    integration.run()

    said = {id: f"fail (test_alerts.py:57) raised ValueError: {text}" for id, text in words.items()}
    assert [item.message for item in integration.attention.list()] == [
        said["459"],
        said["460"],
        f"colors 461: {said['461']}",
        f"colors 462: {said['462']}",
    ]
