"""Entities as snapshots, and back as what later changes are compared with (G2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
from support.disputes import account

from zoey_netsuite import Account, Address, MemoryStore, Money
from zoey_netsuite.conflicts import Agreed, Take, Writes, ZoeyWins, compare, decide
from zoey_netsuite.engine.agreement import agreed, snapshot
from zoey_netsuite.state.snapshots import Snapshot, Snapshots
from zoey_netsuite.state.space import Space

AT = datetime(2026, 3, 1, tzinfo=UTC)


@attrs.frozen
class Terms:
    """An entity with values of many kinds."""

    name: str
    limit: Money | None = None
    discount: Decimal = Decimal(0)
    since: datetime | None = None
    billing: Address | None = None
    blocked: bool = False
    custom: Mapping[str, Any] = attrs.field(factory=dict)


def stored(taken: Snapshot) -> Snapshot:
    """As it comes out of a store."""
    store = MemoryStore()
    snapshots = Snapshots(Space(store, "acme"))
    store.commit(snapshots.changes([taken]))
    return snapshots.read(taken.sync, [taken.unit_id])[taken.unit_id]


def test_both_sides_come_back_each_in_its_own_form() -> None:
    zoey = Terms(
        "Ridgeline",
        Money(Decimal("12.5000"), "USD"),
        Decimal("0.10"),
        datetime(2026, 1, 1, 12, tzinfo=UTC),
        Address(street=("1 Main St",), city="Oslo"),
        True,
        {"vip": "1", "weight": Decimal("1.50"), "day": datetime(2026, 1, 1, tzinfo=UTC), "tags": ["a", "b"]},
    )
    netsuite = attrs.evolve(zoey, name="RIDGELINE", limit=None, custom={**zoey.custom, "vip": True})
    taken = stored(snapshot("customers", "7", zoey, netsuite, at=AT, rules="r1"))

    base = agreed(taken, Terms("new"), Terms("new too"))
    assert base is not None
    assert attrs.evolve(base.zoey, custom={}) == attrs.evolve(zoey, custom={})
    assert attrs.evolve(base.netsuite, custom={}) == attrs.evolve(netsuite, custom={})
    assert base.rules == "r1"
    assert compare(base, zoey, netsuite).changed == frozenset()
    changed = compare(base, attrs.evolve(zoey, custom={**zoey.custom, "weight": Decimal("1.51")}), netsuite)
    assert changed.changed_in_zoey == {"custom.weight"}
    json.dumps([taken.zoey, taken.netsuite])


def test_no_snapshot_is_no_agreement() -> None:
    assert agreed(None, account(), account()) is None


def test_what_is_not_known_is_as_it_is_now() -> None:
    """A field that came with a later version, or that the class reads in another way now, has no base."""
    taken = Snapshot("customers", "7", {"name": "A", "phone": {"not": "text"}, "dropped": 1, "limit": "no money"}, {})
    base = agreed(taken, Terms("B", billing=Address(city="Oslo")), Terms("C"))
    assert base is not None
    assert base.zoey == Terms("A", billing=Address(city="Oslo"))
    assert base.zoey_fields == {"name"}
    assert base.netsuite == Terms("C")
    assert base.netsuite_fields == frozenset()


def test_only_the_fields_in_step_are_kept() -> None:
    zoey, netsuite = account(custom={"vip": "1", "mine": 1}), account(custom={"custentity": 2})
    taken = snapshot("customers", "7", zoey, netsuite, at=AT, fields=["phone", "custom.vip"])
    assert taken.zoey == {"phone": "1", "custom.vip": "1"}
    assert taken.netsuite == {"phone": "1", "custom.vip": None}


def test_what_was_written_and_not_read_back_is_left_out() -> None:
    zoey, netsuite = account(phone="2"), account(phone="1")
    taken = snapshot("customers", "7", zoey, netsuite, at=AT, fields=["phone", "email"], unread=Writes((), {"phone"}))
    assert taken.netsuite == {"email": "a@x.com"}
    base = agreed(taken, zoey, netsuite)
    assert compare(base, zoey, account(phone="2"), fields=["phone"]).changed == frozenset()
    assert compare(base, zoey, account(phone="3"), fields=["phone"]).changed_in_netsuite == {"phone"}
    taken = snapshot("customers", "7", zoey, netsuite, at=AT, fields=["phone", "email"], unread=Writes({"email"}, ()))
    assert (taken.zoey, taken.netsuite) == ({"phone": "2"}, {"phone": "1", "email": "a@x.com"})


def played(values: str, *, every: timedelta = timedelta(hours=1)) -> Snapshot:
    """The snapshot of an account whose phone took these values one after the other, as NetSuite writes it, too."""
    taken: Snapshot | None = None
    for number, value in enumerate(values):
        sides = account(phone=value), account(phone=f"({value})")
        taken = stored(snapshot("customers", "7", *sides, at=AT + number * every, before=taken))
    assert taken is not None
    return taken


def decided(taken: Snapshot, zoey: Account, netsuite: Account) -> object:
    base = agreed(taken, zoey, netsuite)
    return decide(ZoeyWins(), compare(base, zoey, netsuite), history=taken.history)


def test_what_goes_back_and_forth_is_held_the_third_time() -> None:
    taken = played("121")
    assert isinstance(decided(taken, account(phone="2"), account(phone="(1)")), Take)
    taken = played("1212")
    assert getattr(decided(taken, account(phone="1"), account(phone="(2)")), "cause", None) == "going back and forth"
    assert isinstance(decided(taken, account(phone="3"), account(phone="(2)")), Take)
    assert isinstance(decided(taken, account(phone="2", email="z"), account(phone="(2)")), Take)
    assert set(taken.history) == {"phone"}


def test_a_field_that_is_seen_for_the_first_time_has_not_changed() -> None:
    zoey, netsuite = account(phone="1", email="a"), account(phone="(1)", email="b")
    first = snapshot("customers", "7", zoey, netsuite, at=AT, fields=["phone"])
    second = snapshot("customers", "7", zoey, netsuite, at=AT, fields=["phone", "email"], before=first)
    assert (second.zoey["email"], second.netsuite["email"]) == ("a", "b")
    assert second.history == {}


def test_values_that_are_written_otherwise_do_not_flip() -> None:
    taken: Snapshot | None = None
    for amount in ("1.5", "1.50", "1.5", "1.500", "1.5"):
        terms = Terms("A", discount=Decimal(amount), custom={"weight": Decimal(amount)})
        taken = stored(snapshot("customers", "7", terms, terms, at=AT, before=taken))
    assert taken is not None
    assert taken.history == {}


def test_an_agreed_value_is_a_value() -> None:
    """What `compare` takes."""
    base: Agreed[Account] | None = agreed(snapshot("c", "7", account(), account(), at=AT), account(), account())
    assert compare(base, account(), account()).changed == frozenset()
