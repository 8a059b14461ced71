"""No write is begun so late that another worker may have taken its unit over, or looked for it in vain (G4, E8)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.warranties import Shop, TwiceSync
from support.world import World

from zoey_netsuite import Retry
from zoey_netsuite.sandbox import Fault


def test_a_second_worker_while_the_first_waits_for_its_turn(world: World) -> None:
    """The first waits out refusals until its lease has ended; the second does the work; nothing is made twice."""
    shop = Shop(world)
    shop.warranty(1)
    world.shop = world.zoey(retry=Retry())
    first, second = shop.integration(TwiceSync()), shop.integration(TwiceSync())
    shop.faults(
        Fault("429", method="POST", path="/comments", times=3, retry_after=60),
        Fault("429", method="POST", path="/comments", skip=4, times=4, retry_after=60),
    )
    began, sleep = world.clock.now(), world.clock.sleep
    done: list[object] = []

    def slept(seconds: float) -> None:
        sleep(seconds)
        if (world.clock.now() - began).total_seconds() >= 320 and not done:
            world.sandbox.zoey.faults.clear()
            done.append(second.run())

    world.clock.sleep = slept  # type: ignore[method-assign]  # what happens elsewhere while the first one waits
    first.run()
    for _ in range(6):
        world.later(minutes=10)
        second.run().raise_for_failure()

    assert sorted(shop.comments()) == ["first of two years [first 1]", "second of two years [second 1]"]


@pytest.mark.parametrize("times", [3, 30])
def test_a_write_that_waited_too_long_is_not_sent(world: World, times: int) -> None:
    """It is as if it had not been tried: tried again later, by whoever has the lease then."""
    shop = Shop(world)
    shop.warranty(1)
    calls: list[float] = []
    began = world.clock.now()
    world.shop = world.zoey(retry=Retry(attempts=99, total=9999.0, random=lambda: 1.0), on_call=_posts(calls, world))
    integration = shop.integration(TwiceSync())
    shop.faults(Fault("429", method="POST", path="/comments", times=times, retry_after=50))

    integration.run()

    started = [moment - began.timestamp() for moment in calls]
    assert started, "it was tried"
    assert max(started) <= 120, "and not later than a call may take"
    assert not [entry for _, entry in world.store.scan(("acme", "once")) if not entry.value["done"]]


def _posts(calls: list[float], world: World) -> Callable[..., None]:
    def note(record: object) -> None:
        if getattr(record, "method", "") == "POST":
            calls.append(world.clock.now().timestamp())

    return note
