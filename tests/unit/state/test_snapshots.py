"""What both sides held when they last agreed (G2): kept per side, read in bulk; what goes back and forth is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from zoey_netsuite import Delete, Entry, MemoryStore, Put, StateStore, VersionMismatch
from zoey_netsuite.state.snapshots import FLIPS, KEPT, REMEMBERED, Forget, Past, Snapshot, Snapshots, extended, flips
from zoey_netsuite.state.space import Space, to_text
from zoey_netsuite.state.store import Key

AT = datetime(2026, 3, 1, tzinfo=UTC)


def snapshots(store: StateStore, name: str = "acme") -> Snapshots:
    return Snapshots(Space(store, name))


def one(unit_id: str = "7", **values: Any) -> Snapshot:
    return Snapshot("customers", unit_id, values, {name: f"({value})" for name, value in values.items()}, "rules-1")


def test_a_snapshot_comes_back_as_it_was_put() -> None:
    store = MemoryStore()
    whole = Snapshot(
        "customers",
        "7",
        {"phone": "1", "custom.vip": None, "billing": {"city": "Oslo"}},
        {"phone": "(1)"},
        "rules-1",
        {"phone": (Past("2026-01-01", "a", "b"), Past("2026-01-02", "c", "d"))},
    )
    store.commit(snapshots(store).changes([whole]))

    assert snapshots(store).read("customers", ["7"]) == {"7": whole}
    assert snapshots(store).read("customers", ["8"]) == {}
    assert snapshots(store).read("other", ["7"]) == {}
    assert snapshots(store, "beta").read("customers", ["7"]) == {}
    assert [key for key, _ in store.scan(())] == [("acme", "agreed", "customers", "7")]


def test_what_stands_already_is_not_written() -> None:
    store = MemoryStore()
    store.commit(snapshots(store).changes([one(phone="1")]))

    assert snapshots(store).changes([one(phone="1")]) == []
    (change,) = snapshots(store).changes([one(phone="1"), one(phone="2")])
    assert isinstance(change, Put)
    assert change.value["zoey"] == {"phone": "2"}, "the last of a unit stands"


def test_a_faster_worker_is_noticed() -> None:
    store = MemoryStore()
    mine, theirs = (snapshots(store).changes([one(phone=value)]) for value in "12")
    store.commit(theirs)
    with pytest.raises(VersionMismatch):
        store.commit(mine)
    mine, theirs = (snapshots(store).changes([one(phone=value)]) for value in "34")
    store.commit(theirs)
    with pytest.raises(VersionMismatch):
        store.commit(mine)
    mine = snapshots(store).changes([Forget("customers", "7")])
    store.commit(snapshots(store).changes([one(phone="5")]))
    with pytest.raises(VersionMismatch):
        store.commit(mine)


def test_a_snapshot_may_be_forgotten() -> None:
    store = MemoryStore()
    store.commit(snapshots(store).changes([one("7", phone="1"), one("8", phone="1")]))
    (change,) = snapshots(store).changes([Forget("customers", "7"), Forget("customers", "9")])
    assert isinstance(change, Delete)
    store.commit([change])
    assert set(snapshots(store).read("customers", ["7", "8"])) == {"8"}


def test_many_are_read_and_written_at_once() -> None:
    class Counting(MemoryStore):
        reads = 0

        def read(self, keys: Any) -> Mapping[Key, Entry]:
            self.reads += 1
            return super().read(keys)

    store = Counting()
    store.commit(snapshots(store).changes([one(str(number), phone="1") for number in range(500)]))
    assert len(snapshots(store).read("customers", [str(number) for number in range(600)])) == 500
    assert store.reads == 2


def past(values: str, *, since: datetime = AT) -> Sequence[Past]:
    """A field's history: a letter for each value, a day each; NetSuite writes it as a capital."""
    return tuple(Past(to_text(since + timedelta(days=day)), value, value.upper()) for day, value in enumerate(values))


@pytest.mark.parametrize(
    ("values", "then", "count"),
    [
        ("", None, 0),
        ("", "a", 0),
        ("a", "a", 0),
        ("ab", None, 0),
        ("ab", "a", 1),
        ("ab", "A", 1),
        ("ab", "b", 0),
        ("ab", "B", 0),
        ("ab", "c", 0),
        ("aba", None, 1),
        ("aba", "b", 2),
        ("bab", "B", 1),
        ("abab", "a", 3),
        ("abab", "c", 2),
        ("abcabc", None, 3),
        ("abcdef", "g", 0),
    ],
)
def test_a_flip_is_a_return_to_a_former_value(values: str, then: str | None, count: int) -> None:
    """In whichever side's form: the next value is known as one side writes it."""
    assert flips(past(values), then=then) == count


def grown(values: str, *, step: timedelta = timedelta(days=1)) -> Sequence[Past]:
    """The history of a field that took these values one after the other."""
    history: Sequence[Past] = ()
    for number, (was, now) in enumerate(pairwise(values)):
        history = extended(history, (was, was.upper()), (now, now.upper()), AT + number * step)
    return history


def letters(history: Sequence[Past]) -> str:
    return "".join(each.zoey for each in history)


def test_history_begins_with_the_first_change() -> None:
    assert grown("aaa") == ()
    assert letters(grown("ab")) == "ab"
    assert letters(grown("abbbac")) == "abac"
    assert grown("ab")[1] == Past(to_text(AT), "b", "B")


def test_another_form_on_one_side_is_no_change() -> None:
    history = extended(past("ab"), ("b", "B"), ("b", "-b-"), AT + timedelta(days=2))
    assert history == past("ab")


def test_history_is_short_and_does_not_reach_back_far() -> None:
    assert letters(grown("abcdefghijk")) == "defghijk"
    assert KEPT == 8
    slowly = grown("ababababab", step=timedelta(days=20))
    assert flips(slowly) < FLIPS, "a switch that people turn once in a while"
    late = extended(past("abab"), ("b", "B"), ("b", "B"), AT + REMEMBERED + timedelta(days=2))
    assert letters(late) == "ab"


def test_history_begins_anew_when_somebody_let_a_flip_pass() -> None:
    assert letters(grown("abab")) == "abab"
    history = grown("ababa")
    assert letters(history) == "a"
    assert letters(extended(history, ("a", "A"), ("b", "B"), AT + timedelta(days=9))) == "ab"
