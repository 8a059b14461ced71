"""Notes of orders in both directions: the example, and what the harness runs of it; other processes need it, too."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from support.world import seed
from zoey_netsuite import Clock, Inline, Integration, NetSuiteClient, StateStore, Sync, ZoeyClient
from zoey_netsuite.sandbox import Sandbox
from zoey_netsuite.testing.scenario import Scenario

NOTE, ORDER, TEXT = "customrecord_order_note", "custrecord_note_order", "custrecord_note_text"
FIELDS = [{"name": name, "record": NOTE, "type": "text"} for name in (ORDER, TEXT)]


def example() -> Any:
    """The program `docs/examples/order_notes.py` as a module."""
    name = "order_notes_example"
    if name not in sys.modules:
        path = Path(__file__).parents[2] / "docs" / "examples" / "order_notes.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def note_sync() -> Sync[Any]:
    sync: Sync[Any] = example().NoteSync()
    return sync


def note_seed(orders: int = 3) -> dict[str, Any]:
    """Orders 1 … in Zoey, and the fields of a note in NetSuite."""
    records = seed(1)
    records["netsuite"] |= {"custom_fields": FIELDS, NOTE: []}
    records["zoey"]["orders"] = [
        {"entity_id": number, "customer_email": f"{number}@example.com", "items": [{"product_id": 101, "qty": 1}]}
        for number in range(1, orders + 1)
    ]
    return records


def comment(sandbox: Sandbox, order: int, words: str) -> None:
    """Somebody writes in Zoey."""
    with sandbox.zoey.acting() as app:
        app.comment_order(order, words)


def note(sandbox: Sandbox, id: int, order: int, words: str) -> None:
    """Somebody writes in NetSuite, on the sales order of this order."""
    with sandbox.netsuite.acting() as app:
        app.seed({NOTE: [{"id": id, ORDER: str(9000 + order), TEXT: words}]})


def comments(sandbox: Sandbox, order: int) -> list[str]:
    """What stands under an order in Zoey."""
    return [each["comment"] for each in sandbox.snapshot().zoey.records()["orders"][str(order)]["_comments"]]


def notes(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Sales order and text of each note in NetSuite."""
    records = sandbox.snapshot().netsuite.records()[NOTE].values()
    return sorted((str(each[ORDER]), str(each[TEXT])) for each in records)


def write_both_ways(_: Integration, sandbox: Sandbox) -> None:
    """Two comments and two notes, one of each on an order that is not linked yet."""
    comment(sandbox, 1, "Leave it at the door")
    comment(sandbox, 2, "Call before noon")
    note(sandbox, 11, 1, "Ships Monday")
    note(sandbox, 12, 2, "Out of stock")


def linked(integration: Integration, *orders: int) -> None:
    for number in orders:
        integration.link("orders", zoey_id=str(number), netsuite_id=str(9000 + number))


def build(netsuite: NetSuiteClient, zoey: ZoeyClient, store: StateStore, clock: Clock) -> Integration:
    """The first order is linked."""
    integration = Integration("acme", netsuite, zoey, store, [note_sync()], dispatcher=Inline(), clock=clock, guards=())
    linked(integration, 1)
    return integration


def then_linked(integration: Integration) -> object:
    """The second order is linked once its notes wait."""
    report = integration.run()
    linked(integration, 2)
    return report


def scenario(**options: Any) -> Scenario:
    return Scenario(
        build=build, seed=note_seed(2), act=then_linked, prepare=write_both_ways, name="notes both ways", **options
    )
