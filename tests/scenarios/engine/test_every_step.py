"""Whatever goes wrong at any step of a run of once effects: each is made once, none is lost (O1's promise, G4)."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import Any, Literal, get_args

import pytest
from support.trouble import Crash, TroubledStore, TroubledTransport, Wrong
from support.warranties import Shop, TwiceSync
from support.world import World

from zoey_netsuite import Integration, MemoryStore, Report

EXPECTED = sorted(f"{part} of two years [{part} {{{number}}}]" for number in range(2) for part in ("first", "second"))


class Round:
    """A new order with two warranties, and a new store that knows only this order."""

    numbers = count(1)

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        with shop.world.sandbox.zoey.acting() as app:
            order = app.place_order([{"product_id": 101, "qty": 1}], customer_email="a@example.com")
        shop.orders.append(str(order["entity_id"]))
        self.order = len(shop.orders)
        self.warranties = [next(self.numbers) for _ in range(2)]
        for warranty in self.warranties:
            shop.warranty(warranty, order=self.order)
        self.store = MemoryStore(clock=shop.world.clock)
        self.integration(self.store).link("orders", zoey_id=shop.orders[-1], netsuite_id=str(9000 + self.order))

    def integration(self, store: Any, **options: Any) -> Integration:
        return self.shop.world.integration(TwiceSync(), store=store, **options)

    def comments(self) -> list[str]:
        return sorted(self.shop.comments(self.order))

    @property
    def expected(self) -> list[str]:
        return sorted(text.format(*self.warranties) for text in EXPECTED)

    def until_all_is_done(self) -> Report:
        report: Report | None = None
        for _ in range(8):
            self.shop.world.later(minutes=6)
            integration = self.integration(self.store)
            report = integration.run()
            report.raise_for_failure()
            if not integration.attention.list() and not sum(report.syncs["warranties"].outcomes.values()):
                return report
        raise AssertionError(f"it never comes to rest: {report}")


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world, orders=0)


@pytest.mark.parametrize("wrong", get_args(Wrong))
def test_each_commit_goes_wrong(shop: Shop, wrong: Wrong) -> None:
    """G4: a store that fails, answers unclearly, or holds other versions; a program that ends at a commit."""
    for at in range(1, 100):
        attempt = Round(shop)
        store = TroubledStore(attempt.store, at, wrong)
        try:
            report = attempt.integration(store).run()
        except Crash:
            assert wrong.startswith("crash")
        else:
            if wrong in ("error", "unknown before", "unknown after") and store.commits >= at and report.failure:
                assert (report.failure.system, report.failure.cause) == ("store", "store")
        attempt.until_all_is_done()
        assert attempt.comments() == attempt.expected, f"{wrong} at commit {at}"
        if store.commits < at:
            assert at > 8
            return
    raise AssertionError("the run has more commits than this test expects")


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_program_ends_at_each_call(shop: Shop, when: Literal["before", "after"]) -> None:
    """G4: ended before or after any call to Zoey was made."""
    for at in range(1, 30):
        attempt = Round(shop)
        transport = TroubledTransport(at, when)
        client = shop.world.zoey(transport=transport)
        with suppress(Crash):
            attempt.integration(attempt.store, shop=client).run()
        attempt.until_all_is_done()
        assert attempt.comments() == attempt.expected, f"{when} call {at}"
        if transport.calls < at:
            assert at == 5
            return
    raise AssertionError("the run has more calls than this test expects")
