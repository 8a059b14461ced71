"""A dry run tells everything that a run would write, and writes nothing (E4)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from support.colors import PAINTED, ColorSync
from support.trouble import Crash, TroubledTransport
from support.warranties import Shop, TwiceSync, dump
from support.world import World

from zoey_netsuite import Guard, Integration, Report


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


def nothing_written(world: World, run: Callable[[], Report]) -> Report:
    before, writes = dump(world), world.writes()
    queries = world.sandbox.netsuite.calls.writes
    report = run()
    assert dump(world) == before
    assert world.sandbox.zoey.calls.writes == writes - queries
    return report


def test_first_run_of_all(world: World) -> None:
    """Not even the name is bound to its tenants; and the real run does just what was told."""
    integration = world.integration(ColorSync({"a": "red", "b": "green"}))
    report = nothing_written(world, lambda: integration.run(dry_run=True))

    assert [plan.text for plan in report.planned] == ["paint a red", "paint b green"]
    assert report.dry_run
    assert PAINTED == {}
    integration.run().raise_for_failure()
    assert PAINTED == {"a": ["red"], "b": ["green"]}


def test_once_effects(shop: Shop) -> None:
    """What is done already is not told again; what is new is, with its marker."""
    shop.warranty(1)
    integration = shop.integration(TwiceSync())
    told = nothing_written(shop.world, lambda: integration.run(dry_run=True))
    assert len(told.planned) == 2
    assert "[first 1]" in told.planned[0].text
    assert told.syncs["warranties"].outcomes == {"created": 1}

    crashing = shop.world.zoey(transport=TroubledTransport(at=2, when="before"))
    with pytest.raises(Crash):
        shop.integration(TwiceSync(), shop=crashing).run()
    assert len(shop.comments()) == 1
    told = nothing_written(shop.world, lambda: integration.run(dry_run=True))
    (plan,) = told.planned
    assert plan.text.startswith("find out first whether this has happened: comment on Zoey order")

    shop.world.later(minutes=10)
    integration.run().raise_for_failure()
    assert len(shop.comments()) == 2
    shop.rename(1, "three years")
    told = nothing_written(shop.world, lambda: integration.run(dry_run=True))
    assert told.planned == ()
    assert told.syncs["warranties"].outcomes == {"unchanged": 1}, "both comments, by their markers, are there"


def test_as_text_and_as_data(shop: Shop) -> None:
    shop.warranty(1)
    report = shop.integration().run(dry_run=True)
    data = report.as_data()

    assert json.loads(json.dumps(data))["syncs"]["warranties"]["outcomes"] == {"created": 1}
    assert data["planned"][0]["unit"] == "1"
    assert "would comment on Zoey order" in str(report)
    assert report.planned[0].effect.describe() == report.planned[0].text


def test_guards_hold_in_a_dry_run_too(world: World) -> None:
    sync = ColorSync({str(number): "none" for number in range(5)})
    sync.guard = "bleach"
    integration = world.integration(sync, guards=[Guard("bleach", max_share=0.1, min_count=2)])
    report = nothing_written(world, lambda: integration.run(dry_run=True))

    assert report.planned == ()
    assert report.syncs["colors"].outcomes == {"held": 5}
    assert not integration.attention.list()


def test_retries_and_inventory(world: World) -> None:
    """A sync with links, baselines and bulk effects; then over a list that holds something already."""
    integration: Integration = world.integration()
    told = nothing_written(world, lambda: integration.run(dry_run=True))
    assert len(told.planned) == 8
    integration.run().raise_for_failure()
    assert world.shown(101) == 30
    world.set_netsuite(1, 0, 0, 0)
    told = nothing_written(world, lambda: integration.run(dry_run=True))
    assert [plan.unit_id for plan in told.planned] == ["101"]


def test_failure_is_data_too(shop: Shop) -> None:
    from zoey_netsuite.sandbox import Fault

    shop.faults(Fault("503", times=None))
    shop.world.sandbox.netsuite.faults.add(Fault("503", times=None))
    report = shop.integration().run()
    data = json.loads(json.dumps(report.as_data()))

    assert data["failure"]["cause"] == "outage"
    assert data["syncs"]["warranties"]["failure"]["system"] == "netsuite"
