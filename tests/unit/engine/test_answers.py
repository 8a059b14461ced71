"""A person answers a conflict (E9): the answer waits on the entry until it is applied, for exactly what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from attrs import evolve
from support.disputes import dispute

from zoey_netsuite import (
    Attention,
    ConfigurationError,
    Effect,
    Found,
    Hold,
    Integration,
    MapContext,
    MemoryStore,
    NetSuiteClient,
    Page,
    Put,
    Sync,
    SyncContext,
    Unit,
    ZoeyClient,
    netsuite,
    zoey,
)
from zoey_netsuite.conflicts import Answer, MergeFields, decide
from zoey_netsuite.conflicts.comparing import digest
from zoey_netsuite.state.space import Space
from zoey_netsuite.state.store import JSON
from zoey_netsuite.state.worklist import WorkItem, Worklist

ITEM = WorkItem("customers", "7", "held", "customers/7", {}, "2026-01-01T00:00:00.000000Z", attempts=1)


class Customers(Sync[str]):
    """Nothing to do: its entries are put on the list by the tests."""

    name = "customers"

    def scan(self, since: JSON, ctx: SyncContext) -> Iterator[Page[str]]:
        return iter(())

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[str]]:
        return ()

    def apply(self, unit: Unit[str], found: Found, ctx: MapContext) -> Sequence[Effect]:
        return ()


class Desk:
    """A work list, and the attention list that people see of it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.worklist = Worklist(Space(self.store, "acme"))
        self.erp = NetSuiteClient("1234567", netsuite.TokenAuth("a", "b", "c", "d"))
        self.shop = ZoeyClient("https://shop.example.com", zoey.OAuth1Auth("a", "b", "c", "d"))
        self.integration = Integration("acme", self.erp, self.shop, self.store, [Customers()])

    @property
    def attention(self) -> Attention:
        return self.integration.attention

    def put(self, item: WorkItem) -> None:
        before = self.worklist.read(item.sync, [item.id], evidence=True).get(item.id)
        self.store.commit(self.worklist.replace(item, before))

    def entry(self, unit_id: str = "7") -> WorkItem:
        return self.worklist.read("customers", [unit_id], evidence=True)[unit_id]


def held(unit_id: str = "7", *, zoey: str = "2", netsuite: str = "3", **others: tuple[str, str]) -> WorkItem:
    """An entry that waits for an answer about its phone, and about other fields."""
    sides = [
        {"phone": phone, **{name: both[at] for name, both in others.items()}}
        for at, phone in enumerate([zoey, netsuite])
    ]
    question = decide(MergeFields(), dispute(zoey=sides[0], netsuite=sides[1]))
    assert isinstance(question, Hold)
    return evolve(
        ITEM,
        id=unit_id,
        cause=question.cause,
        message=question.reason,
        evidence=question.evidence,
        has_evidence=True,
        note="ask Eve",
    )


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    with desk.erp, desk.shop:
        yield desk


def test_an_answer_is_kept_and_the_entry_is_pending_again(desk: Desk) -> None:
    desk.put(held())
    (item,) = desk.attention.list(cause="conflict")
    assert desk.attention.resolve(item, take="zoey") == 1

    entry = desk.entry()
    assert entry.state == "pending"
    assert entry.due is not None
    assert entry.answer == {"take": {"phone": "zoey"}, "about": {"phone": digest("2", "3")}}
    assert Answer.from_json(entry.answer).open(dispute(zoey={"phone": "2"}, netsuite={"phone": "3"})) == {"phone"}
    assert (entry.cause, entry.message, entry.note, entry.approved) == ("", "", "ask Eve", False)
    assert entry.attempts == 1, "so that it is read again before it is decided"
    assert not desk.attention.list()


def test_each_field_may_have_its_side(desk: Desk) -> None:
    desk.put(held(email=("z", "n")))
    (item,) = desk.attention.list()
    with pytest.raises(ConfigurationError, match=r"customers 7 \(conflict\): .*one for each of email, phone.*Zoey has"):
        desk.attention.resolve(item, take={"phone": "zoey"})
    assert desk.entry().state == "held"
    assert desk.attention.resolve([item], take={"phone": "zoey", "email": "netsuite"}) == 1
    assert desk.entry().answer["take"] == {"phone": "zoey", "email": "netsuite"}


def test_many_are_answered_at_once(desk: Desk) -> None:
    for number in range(3):
        desk.put(held(str(number), zoey=f"+{number}", netsuite="x"))
    assert desk.attention.resolve(cause="conflict", take="netsuite") == 3
    answers = [desk.entry(str(number)).answer for number in range(3)]
    assert [answer["take"]["phone"] for answer in answers] == ["netsuite"] * 3
    assert len({answer["about"]["phone"] for answer in answers}) == 3


def test_nothing_is_answered_when_one_is_no_conflict(desk: Desk) -> None:
    desk.put(held("1"))
    desk.put(evolve(ITEM, id="2", cause="mapping", message="no terms"))
    with pytest.raises(ConfigurationError, match=r"customers 2 \(mapping\): this is no conflict.*no terms"):
        desk.attention.resolve(desk.attention.list(), take="zoey")
    assert desk.entry("1").answer is None


@pytest.mark.parametrize(
    "item",
    [
        evolve(held(), cause="guard disable"),
        evolve(held(), state="failed", cause="not found"),
        evolve(held(), state="retrying", due="2026-01-01T00:00:00.000000Z"),
    ],
    ids=["guard", "failed", "retrying"],
)
def test_only_what_is_held_as_a_conflict_takes_a_side(desk: Desk, item: WorkItem) -> None:
    """The evidence of an older question does not make it one."""
    desk.put(item)
    with pytest.raises(ConfigurationError, match="no conflict"):
        desk.attention.resolve(desk.attention.list()[0], take="zoey")


def test_a_conflict_is_not_answered_with_yes(desk: Desk) -> None:
    desk.put(held())
    with pytest.raises(
        ConfigurationError, match=r'answered with yes \(conflict\); say which side is right, take="zoey"'
    ):
        desk.attention.resolve(everything=True)
    assert desk.entry().state == "held"


def test_a_guard_is_still_answered_with_yes(desk: Desk) -> None:
    desk.put(evolve(ITEM, cause="guard disable", guard="disable"))
    assert desk.attention.resolve(cause="guard disable") == 1
    assert (desk.entry().state, desk.entry().approved, desk.entry().answer) == ("pending", True, None)


def test_the_answer_is_to_what_the_person_has_seen(desk: Desk) -> None:
    """The entry says something else by now: it stays, with its new question."""
    desk.put(held())
    (seen,) = desk.attention.list()
    newer = held(zoey="5")
    desk.put(newer)
    assert desk.attention.resolve(seen, take="zoey") == 0
    assert desk.entry().evidence == newer.evidence
    assert desk.entry().state == "held"
    (seen,) = desk.attention.list()
    assert desk.attention.resolve(seen, take="zoey") == 1


@pytest.mark.parametrize("items", ["7", 7])
def test_only_entries_are_taken(desk: Desk, items: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"items takes a list of entries of attention.list\(\)"):
        desk.attention.resolve(items, take="zoey")


@pytest.mark.parametrize("fingerprint", ["same", "other", None])
def test_an_answer_outlives_the_next_scan(desk: Desk, fingerprint: str | None) -> None:
    """The scan finds the record again before the answer was applied."""
    desk.put(evolve(held(), fingerprint="same"))
    desk.attention.resolve(desk.attention.list()[0], take="zoey")
    before = desk.entry()
    found = evolve(ITEM, state="pending", fingerprint=fingerprint, due=before.due)
    desk.store.commit(desk.worklist.place(found, before))
    assert before.answer is not None
    assert desk.entry().answer == before.answer


def test_an_answer_outlives_a_guard_that_holds_it(desk: Desk) -> None:
    answer = {"take": {"phone": "zoey"}, "about": {"phone": "x"}}
    before = evolve(ITEM, cause="guard disable", guard="disable", fingerprint="f", answer=answer)
    desk.put(before)
    desk.store.commit(
        desk.worklist.place(
            evolve(ITEM, state="pending", fingerprint="f", due="2026-01-02T00:00:00.000000Z"), desk.entry()
        )
    )
    assert desk.entry().answer == answer


def test_entries_of_an_earlier_version_are_read(desk: Desk) -> None:
    """They have no room for an answer."""
    desk.put(held())
    ((key, entry),) = desk.store.scan(("acme", "work"))
    del entry.value["answer"]
    desk.store.commit(desk.worklist.remove(desk.entry()))
    desk.store.commit([Put(key, entry.value)])
    assert desk.entry().answer is None
