"""Once effects are made once, whatever happens between (G4, E3)."""

from __future__ import annotations

from support.warranties import Shop
from support.world import World


def test_one_comment_and_repeats_add_none(world: World) -> None:
    """One comment for a warranty, however often it is run."""
    shop = Shop(world)
    shop.warranty(1)
    integration = shop.integration()

    report = integration.run()
    assert report.failure is None, report
    assert report.count("created") == 1
    for _ in range(3):
        integration.run().raise_for_failure()
        world.later(minutes=20)

    assert shop.comments() == ["Warranty two years [NS warranty 1]"]
