"""Once effects are made once, whatever happens between (G4, E3)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from attrs import frozen
from support.trouble import Crash, TroubledTransport
from support.warranties import Shop, TwiceSync, UnmarkedSync, Warranty, WarrantySync
from support.world import World

from zoey_netsuite import (
    AddOrderComment,
    Clients,
    Done,
    Effect,
    Found,
    Hold,
    HttpxTransport,
    Integration,
    Link,
    MapContext,
    Skip,
    Timing,
    Unit,
)
from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.sandbox import Fault

MARKED = "Warranty two years [NS warranty 1]"
COMMENT = "POST", "/comments"


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


def lost(when: str = "after", kind: str = "reset", times: int | None = 1) -> Fault:
    return Fault(kind, when=when, method="POST", path="/comments", times=times)  # type: ignore[arg-type]  # its words


def test_one_comment_and_repeats_add_none(shop: Shop) -> None:
    """One comment for a warranty, however often it is run."""
    shop.warranty(1)
    integration = shop.integration()

    assert integration.run().count("created") == 1
    for _ in range(3):
        integration.run().raise_for_failure()
        shop.world.later(minutes=20)

    assert shop.comments() == [MARKED]


@pytest.mark.parametrize("kind", ["reset", "timeout", "500", "html", "truncated"])
def test_answer_lost_after_the_write(shop: Shop, kind: str) -> None:
    """G4: written, and the answer lost: it is found by its marker, not written again."""
    shop.warranty(1)
    shop.faults(Fault(kind, when="after", method="POST", path="/comments", hold=3.0))  # type: ignore[arg-type]
    integration = shop.integration(shop=shop.world.zoey(timeout=0.3))

    for _ in range(4):
        integration.run()
        shop.world.later(minutes=5)

    assert shop.comments() == [MARKED]
    assert not integration.attention.list()


def test_refused_and_mended(shop: Shop) -> None:
    """A refusal withdraws what was started: the unit has failed, and is made once it is retried."""
    shop.warranty(1)
    shop.warranty(2, order=2)
    integration = shop.integration()
    shop.world.integration().link("orders", zoey_id="987654", netsuite_id="9001")

    integration = shop.world.integration(WarrantySync())
    integration.link("orders", zoey_id=shop.orders[0], netsuite_id="1")
    report = integration.run()

    assert report.failure is None
    assert report.count("failed") == 1, "there is no Zoey order 987654"
    (item,) = integration.attention.list()
    assert (item.state, item.cause) == ("failed", "not found")
    assert shop.comments(2) == ["Warranty two years [NS warranty 2]"], "the others went on"
    keys = [key for key, _ in shop.world.store.scan(("acme", "once", "warranties", "1"))]
    assert keys == [], "as if it had not been tried"


def test_settling_time_is_kept(shop: Shop) -> None:
    """A lost write of which no trace is found is tried again only when it can't take effect any more."""
    shop.warranty(1)
    shop.faults(lost(when="before", kind="timeout", times=1))
    shop.world.sandbox.zoey.faults.clear()
    shop.faults(Fault("timeout", method="POST", path="/comments", hold=3.0))
    integration = shop.integration(
        shop=shop.world.zoey(timeout=0.3), timing=Timing(settle=600, stale_after=3600), observers=()
    )

    began = shop.world.clock.now()
    while not shop.comments() and (shop.world.clock.now() - began).total_seconds() < 3600:
        integration.run().raise_for_failure()
        shop.world.later(seconds=45)

    passed = (shop.world.clock.now() - began).total_seconds()
    assert shop.comments() == [MARKED]
    assert 600 <= passed < 800


class TestNothingTellsIt:
    """Evidence NONE: at most once; a person decides."""

    @pytest.fixture
    def integration(self, shop: Shop) -> Integration:
        shop.warranty(1)
        return shop.integration(UnmarkedSync())

    def until_held(self, shop: Shop, integration: Integration) -> None:
        for _ in range(6):
            integration.run().raise_for_failure()
            shop.world.later(minutes=3)
        (item,) = integration.attention.list()
        assert (item.state, item.cause) == ("held", "outcome unknown")
        assert "comment on Zoey order" in item.message

    def test_held_and_never_repeated(self, shop: Shop, integration: Integration) -> None:
        shop.faults(lost())
        self.until_held(shop, integration)
        shop.rename(1, "three years")
        for _ in range(3):
            integration.run().raise_for_failure()
            shop.world.later(hours=1)

        assert shop.comments() == ["Warranty two years"], "nothing is made while the outcome is open"
        assert integration.attention.list()[0].state == "held"

    def test_retry_sends_it_again_once(self, shop: Shop, integration: Integration) -> None:
        shop.faults(lost(when="before"))
        self.until_held(shop, integration)
        assert shop.comments() == []

        assert integration.attention.retry(cause="outcome unknown") == 1
        for _ in range(3):
            integration.run().raise_for_failure()

        assert shop.comments() == ["Warranty two years"]
        assert not integration.attention.list()

    def test_each_retry_needs_its_own_word(self, shop: Shop, integration: Integration) -> None:
        """The second answer is lost, too: it is held again, not sent a third time."""
        shop.faults(lost(), lost())
        self.until_held(shop, integration)
        integration.attention.retry(everything=True)
        self.until_held(shop, integration)

        assert shop.comments() == ["Warranty two years"] * 2

    def test_dismiss_leaves_it_and_frees_the_order(self, shop: Shop, integration: Integration) -> None:
        shop.faults(lost())
        self.until_held(shop, integration)

        assert integration.attention.dismiss(everything=True) == 1
        shop.warranty(2, "of the lamp")
        integration.run().raise_for_failure()
        shop.rename(1, "three years")
        shop.world.later(minutes=3)
        integration.run().raise_for_failure()

        assert shop.comments() == ["Warranty two years", "Warranty of the lamp", "Warranty three years"]
        assert not integration.attention.list()

    def test_retry_of_one_that_still_settles_sends_nothing(self, shop: Shop, integration: Integration) -> None:
        shop.faults(lost())
        integration.run().raise_for_failure()
        integration.attention.retry(everything=True)
        integration.run().raise_for_failure()

        assert shop.comments() == ["Warranty two years"]
        assert integration.attention.list()[0].state == "retrying"

    def test_a_time_out_and_a_broken_system(self, shop: Shop, integration: Integration) -> None:
        """The run stops with the system; what was started is still known to be."""
        shop.faults(lost(), Fault("500", times=None, skip=0, path="/products"))
        report = integration.run()
        assert report.failure is not None
        shop.world.sandbox.zoey.faults.clear()
        self.until_held(shop, integration)

        assert shop.comments() == ["Warranty two years"]


def test_wanted_no_more_after_a_crash(shop: Shop) -> None:
    """What was started and left no trace is forgotten after the settling time, whatever its unit asks for then."""
    shop.warranty(1)
    crashing = shop.world.zoey(transport=TroubledTransport(at=1, when="before"))
    with pytest.raises(Crash):
        shop.integration(shop=crashing).run()

    class NothingSync(WarrantySync):
        def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
            if unit.id == "1":
                return Skip("not any more")
            return super().apply(unit, found, ctx)

    shop.world.later(minutes=10)
    integration = shop.world.integration(NothingSync())
    shop.warranty(2, "of the lamp")
    for _ in range(3):
        integration.run().raise_for_failure()
        shop.world.later(minutes=10)

    assert shop.comments() == ["Warranty of the lamp [NS warranty 2]"]
    assert not integration.attention.list()


def test_scan_finds_it_as_before_after_a_crash(shop: Shop) -> None:
    """Data that came back to what both sides hold leaves the list only once the open effect is settled."""
    shop.warranty(1, "A")
    shop.integration(UnmarkedSync()).run().raise_for_failure()
    shop.rename(1, "B")
    crashing = shop.world.zoey(transport=TroubledTransport(at=1, when="after"))
    with pytest.raises(Crash):
        shop.integration(UnmarkedSync(), shop=crashing).run()
    shop.rename(1, "A")
    shop.world.later(minutes=10)

    integration = shop.integration(UnmarkedSync())
    for _ in range(3):
        integration.run().raise_for_failure()
        shop.world.later(minutes=10)

    assert shop.comments() == ["Warranty A", "Warranty B"]
    (item,) = integration.attention.list()
    assert (item.state, item.cause) == ("held", "outcome unknown")


def test_an_open_effect_keeps_others_of_its_order_waiting(shop: Shop) -> None:
    """Nothing is made for an order while another unit's effect there is open; other orders go on."""
    shop.warranty(1)
    shop.faults(lost())
    integration = shop.integration(UnmarkedSync())
    integration.run().raise_for_failure()
    shop.warranty(2, "of the lamp")
    shop.warranty(3, "of the table", order=2)
    integration.run().raise_for_failure()

    assert shop.comments() == ["Warranty two years"]
    assert shop.comments(2) == ["Warranty of the table"]
    waiting = {item.unit_id: item.state for item in integration.attention.list()}
    assert waiting == {"1": "retrying", "2": "retrying"}

    shop.world.later(minutes=10)
    integration.run().raise_for_failure()
    integration.attention.dismiss(cause="outcome unknown", sync="warranties")
    shop.world.later(minutes=10)
    integration.run().raise_for_failure()
    assert shop.comments()[0] == "Warranty two years"
    assert shop.comments().count("Warranty two years") == 1


def test_first_effect_stands_when_the_second_fails(shop: Shop) -> None:
    """What an earlier effect of a unit has made is known, whatever becomes of a later one."""
    shop.warranty(1)
    shop.faults(
        Fault("500", method="POST", path="/comments", skip=1, times=9), Fault("500", path="/products", times=None)
    )
    integration = shop.integration(TwiceSync())
    assert integration.run().failure is not None
    shop.world.sandbox.zoey.faults.clear()
    for _ in range(4):
        shop.world.later(minutes=10)
        integration.run().raise_for_failure()

    assert sorted(shop.comments()) == ["first of two years [first 1]", "second of two years [second 1]"]


def test_effect_that_cannot_be_read_any_more(shop: Shop) -> None:
    """A user's effect class that is gone holds its unit, says so, and stops nothing else."""

    class Local(AddOrderComment):
        pass

    class LocalSync(WarrantySync):
        def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
            return [Local(unit.link.zoey_id, f"Warranty {unit.data.name}", marker=f"[NS warranty {unit.id}]")]

    shop.warranty(1)
    crashing = shop.world.zoey(transport=TroubledTransport(at=1, when="after"))
    with pytest.raises(Crash):
        shop.integration(LocalSync(), shop=crashing).run()
    shop.warranty(2, order=2)
    integration = shop.integration()
    for _ in range(2):
        shop.world.later(minutes=10)
        integration.run().raise_for_failure()

    assert shop.comments() == [MARKED]
    assert shop.comments(2) == ["Warranty two years [NS warranty 2]"]
    (item,) = integration.attention.list()
    assert item.state == "held"
    assert "can't read any more" in item.message
    integration.attention.dismiss(everything=True)
    integration.run().raise_for_failure()
    assert shop.comments() == [MARKED]


@frozen
class MakeOrder(Effect):
    """Something that makes a record, and with it a link."""

    order_id: str

    @property
    def key(self) -> str:
        return "order"

    def describe(self) -> str:
        return f"make the order of {self.order_id}"

    def perform(self, clients: Clients) -> Done:
        return Done("77", links=[Link("made", self.order_id, "77")])


class MakingSync(WarrantySync):
    """Makes a record, then comments on it."""

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        return [MakeOrder(unit.link.zoey_id), *super().apply(unit, found, ctx)]  # type: ignore[misc]  # effects


def test_links_of_an_effect_outlive_the_failure_of_the_next(shop: Shop) -> None:
    """What was made is linked, though the unit has failed after it; and a retry does not make it again."""
    shop.warranty(1)
    shop.faults(Fault("503", method="POST", times=None))
    integration = shop.integration(MakingSync())
    assert integration.run().count("retrying") == 1
    links = [key[-1] for key, _ in shop.world.store.scan(("acme", "link", "made", "zoey"))]
    assert links == [shop.orders[0]]

    shop.world.sandbox.zoey.faults.clear()
    shop.world.later(minutes=10)
    integration.run().raise_for_failure()
    assert shop.comments() == [MARKED]
    entries = [entry.value for _, entry in shop.world.store.scan(("acme", "once"))]
    assert [(entry["done"], entry["result"]) for entry in entries] == [(True, None), (True, "77")]
    assert {entry["tries"] for entry in entries if entry["result"]} == {1}


@frozen
class TwoCalls(AddOrderComment):
    """A user's effect that makes two writes, the second of which is refused."""

    def perform(self, clients: Clients) -> Done:
        super().perform(clients)
        clients.zoey.orders.comment("987654", "there is no such order")
        return Done()


def test_an_effect_that_fails_after_its_first_write(shop: Shop) -> None:
    """O1, E3: a refusal of its second write does not say that the first has not happened: it is looked for."""

    class Sync(WarrantySync):
        def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
            return [TwoCalls(unit.link.zoey_id, "Warranty two years", marker=f"[NS warranty {unit.id}]")]

    shop.warranty(1)
    integration = shop.integration(Sync())
    for _ in range(4):
        integration.run().raise_for_failure()
        integration.attention.retry(everything=True)
        shop.world.later(minutes=20)

    assert shop.comments() == [MARKED]


def test_it_arrives_while_its_absence_is_being_told(shop: Shop) -> None:
    """O1: what was not there when it was looked for may be there by the time that the answer is acted upon."""
    shop.warranty(1)
    late: list[Request] = []

    class Loses(HttpxTransport):
        """The comment is on its way for an hour, and the one who sent it is dead."""

        def send(self, request: Request) -> Response:
            if request.method == "POST" and request.url.endswith("/comments"):
                late.append(request)
                raise Crash
            return super().send(request)

    class IsSlow(HttpxTransport):
        """The answer to whether it is there takes an hour, and was true when it was given."""

        def send(self, request: Request) -> Response:
            response = super().send(request)
            if late and request.method == "GET" and "/comments" in request.url:
                shop.world.later(hours=1)
                late.clear()
                shop.world.shop.orders.comment(shop.orders[0], MARKED)
            return response

    timing = Timing(settle=1800, stale_after=7200)
    with pytest.raises(Crash):
        shop.integration(shop=shop.world.zoey(transport=Loses()), timing=timing).run()
    shop.world.later(minutes=6)
    shop.integration(shop=shop.world.zoey(transport=IsSlow()), timing=timing).run()
    for _ in range(3):
        shop.integration().run().raise_for_failure()
        shop.world.later(minutes=20)

    assert not late
    assert shop.comments() == [MARKED]
