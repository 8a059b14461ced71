"""The example of a sync in both directions keeps what it promises (E3): each note once, no echo, whatever happens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import order_notes
from support.order_notes import NOTE, ORDER, TEXT, comment, comments, linked, note, note_seed, note_sync, notes
from support.proof import Proof
from support.world import World

from zoey_netsuite import AddOrderComment, LinkTo, MemoryStore, SQLiteStore
from zoey_netsuite.testing.harness import Harness


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, products=1) as world:
        world.sandbox.seed(
            {
                system: {kind: rows for kind, rows in records.items() if kind in ("orders", "custom_fields")}
                for system, records in note_seed().items()
            }
        )
        yield world


def test_both_directions(trade: World) -> None:
    """E3, E4: each becomes one on the other side, with no echo in five runs; notes wait for their order; what the store
    has lost is brought back from external ids and markers, and nothing is written again.
    """
    sandbox, integration = trade.sandbox, trade.integration(note_sync())
    linked(integration, 1)
    comment(sandbox, 1, "Leave it at the door")
    comment(sandbox, 1, "Call before noon")
    comment(sandbox, 2, "A gift")
    note(sandbox, 11, 1, "Ships Monday")
    note(sandbox, 12, 2, "Out of stock")

    report = integration.run()
    report.raise_for_failure()
    assert report.count("created") == 3
    assert report.count("waiting") == 2
    assert notes(sandbox) == [
        ("9001", "Call before noon"),
        ("9001", "Leave it at the door"),
        ("9001", "Ships Monday"),
        ("9002", "Out of stock"),
    ]
    assert comments(sandbox, 1)[2:] == ["Ships Monday [NS note 11]"]
    assert comments(sandbox, 2) == ["A gift"]

    linked(integration, 2)
    integration.run().raise_for_failure()
    assert comments(sandbox, 2) == ["A gift", "Out of stock [NS note 12]"]
    assert ("9002", "A gift") in notes(sandbox)
    links = dict(trade.store.scan(("acme", "link", "notes")))
    assert len(links) == 2 * 5

    trade.reset_calls()
    for _ in range(5):
        trade.later(minutes=20)
        report = integration.run()
        report.raise_for_failure()
        assert sum(report.syncs["notes"].outcomes.values()) == 0
    assert trade.writes() == 0

    lost = MemoryStore(clock=trade.clock)
    again = trade.integration(note_sync(), store=lost)
    linked(again, 1, 2)
    assert again.rebuild() == {"notes": 5}
    assert {key[2:] for key, _ in lost.scan(("acme", "link", "notes"))} == {key[2:] for key in links}
    again.run().raise_for_failure()
    assert again.attention.list() == []
    assert trade.writes() == 0

    trade.later(hours=3)
    comment(sandbox, 3, "Later")
    trade.erp.create(NOTE, {ORDER: "9001", TEXT: "Later, too"})
    trade.erp.create(NOTE, {TEXT: "On no order"})
    trade.reset_calls()
    linked(again, 3)
    report = again.run()
    report.raise_for_failure()
    assert report.syncs["notes"].made == {"comment": 1, "customrecord_order_note": 1}
    assert trade.writes() == 2


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tells a dead worker by /proc, which Linux has")
def test_at_every_step_and_fault(proof: Proof, capsys: pytest.CaptureFixture[str]) -> None:
    """G4, D5: two comments and two notes, each once on the other side, and linked; two of them waited."""
    what = order_notes.scenario()
    with Harness(what, faults=proof.faults) as harness:
        result = harness.run(share=proof.share)
        found = notes(harness.sandbox)
        told = [comments(harness.sandbox, number) for number in (1, 2)]
        with SQLiteStore(harness.database) as store:
            links = list(store.scan(("acme", "link", "notes", "zoey")))
    with capsys.disabled():
        print(f"\n{what.name}: {result}")
    result.raise_for_failures()
    assert len(found) == 4
    assert told == [
        ["Leave it at the door", "Ships Monday [NS note 11]"],
        ["Call before noon", "Out of stock [NS note 12]"],
    ]
    assert len(links) == 4


def test_a_comment_to_be_linked_takes_a_marker() -> None:
    """Nothing else tells it once it is written."""
    with pytest.raises(ValueError, match="takes a marker"):
        AddOrderComment("1", "Hello", link=LinkTo("notes", netsuite_id="11"))


def test_the_example_is_short() -> None:
    """E3: a sync in both directions takes less than 120 lines."""
    path = Path(str(order_notes.example().__file__))
    assert len(path.read_text().splitlines()) < 120
