"""What the harness's tests prove, and planted bugs that it must catch; a module, as other processes need it, too."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import attrs

from support.world import ATTRIBUTES, lacks_order, seed
from zoey_netsuite import (
    AddOrderComment,
    Clients,
    Clock,
    Dispatcher,
    Done,
    Effect,
    Evidence,
    Found,
    Hold,
    Inline,
    Integration,
    InventorySync,
    Kind,
    Linked,
    MapContext,
    MemoryStore,
    NetSuiteClient,
    Page,
    Skip,
    SQLiteStore,
    StateStore,
    SuiteQLSync,
    Sync,
    SyncContext,
    Threads,
    Unit,
    ZoeyClient,
)
from zoey_netsuite.sandbox import Sandbox
from zoey_netsuite.state.store import ANY, Change, Check, Entry, Key, Put
from zoey_netsuite.testing.scenario import Scenario, connect

WARRANTIES = 3
INLINE = Inline()


def warranty_seed() -> dict[str, Any]:
    """Three orders in Zoey, each linked in `assembled`, and a warranty in NetSuite for each."""
    fields = [
        {"name": "custrecord_sales_order", "record": "customrecord_warranty", "type": "text"},
        {"name": "custrecord_source", "record": "customrecord_claim", "type": "text"},
    ]
    records = seed(3)
    records["netsuite"] |= {
        "custom_fields": fields,
        "customrecord_claim": [],
        "customrecord_warranty": [
            {"id": number, "name": f"{number} years", "custrecord_sales_order": str(9000 + number)}
            for number in range(1, WARRANTIES + 1)
        ],
    }
    records["zoey"]["orders"] = [
        {"entity_id": number, "customer_email": f"{number}@example.com", "items": [{"product_id": 101, "qty": 1}]}
        for number in range(1, WARRANTIES + 1)
    ]
    return records


@attrs.frozen
class Warranty:
    """A row of the custom record."""

    id: str
    name: str
    custrecord_sales_order: str


@attrs.frozen
class CreateClaim(Effect):
    """Makes a record in NetSuite, which proves itself by its external id."""

    kind = Kind.ONCE
    system = "netsuite"
    warranty: str
    order: str

    @property
    def key(self) -> str:
        return "claim"

    @property
    def evidence(self) -> Evidence:
        return Evidence.EXTERNAL_ID

    @property
    def external_id(self) -> str:
        return f"acme-claim-{self.warranty}"

    def describe(self) -> str:
        return f"make claim {self.external_id}"

    def find(self, clients: Clients) -> Done | None:
        found = clients.netsuite.find("customrecord_claim", self.external_id)
        return None if found is None else Done(found)

    def perform(self, clients: Clients) -> Done:
        fields = {"name": f"Claim {self.warranty}", "externalId": self.external_id, "custrecord_source": self.order}
        return Done(clients.netsuite.create("customrecord_claim", fields))


@attrs.frozen
class SetPurchaseOrder(Effect):
    """Brings an order's PO number to a value: convergent, and it reads first."""

    kind = Kind.CONVERGENT
    order: str
    number: str

    @property
    def key(self) -> str:
        return "po"

    def describe(self) -> str:
        return f"set PO number of order {self.order} to {self.number}"

    def perform(self, clients: Clients) -> Done:
        if clients.zoey.orders.get(self.order).po_number == self.number:
            return Done(changed=False)
        clients.zoey.orders.update(self.order, {"po_number": self.number})
        return Done()


class ClaimSync(SuiteQLSync[Warranty]):
    """Three effects for each warranty: one with a marker, one with an external id, one that converges."""

    name, table, row, changed = "warranties", "customrecord_warranty", Warranty, "lastmodified"
    page_size: ClassVar[int] = 2

    def unit(self, row: Warranty) -> Unit[Warranty]:
        return Unit(row.id, about=Linked("orders", netsuite_id=row.custrecord_sales_order), data=row)

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        order = unit.link.zoey_id
        return [
            CreateClaim(unit.id, order),
            AddOrderComment(order, f"Warranty {unit.data.name}", marker=f"[NS warranty {unit.id}]"),
            SetPurchaseOrder(order, f"W-{unit.id}"),
        ]


def assembled(
    sync: Callable[[], Sync[Any]],
    store_around: Callable[[StateStore], StateStore],
    netsuite: NetSuiteClient,
    zoey: ZoeyClient,
    store: StateStore,
    clock: Clock,
    dispatcher: Dispatcher = INLINE,
) -> Integration:
    """An integration of one sync, in which the orders are linked."""
    integration = Integration(
        "acme", netsuite, zoey, store_around(store), [sync()], dispatcher=dispatcher, clock=clock, guards=()
    )
    for number in range(1, WARRANTIES + 1):
        integration.link("orders", zoey_id=str(number), netsuite_id=str(9000 + number))
    return integration


def in_threads(netsuite: NetSuiteClient, zoey: ZoeyClient, store: StateStore, clock: Clock) -> Integration:
    """The same, on three threads."""
    return assembled(ClaimSync, as_it_is, netsuite, zoey, store, clock, Threads(WARRANTIES))


def as_it_is(store: StateStore) -> StateStore:
    return store


def scenario(
    sync: Callable[[], Sync[Any]] = ClaimSync,
    store_around: Callable[[StateStore], StateStore] = as_it_is,
    **options: Any,
) -> Scenario:
    """Warranties, and what a sync makes of them."""
    return Scenario(build=partial(assembled, sync, store_around), seed=warranty_seed(), **options)


# Planted bugs: each is one that somebody could make, and that the harness must tell.


@attrs.frozen
class UnfindableComment(AddOrderComment):
    """Says that it can be found by its marker, and never is: after a lost answer it is made again."""

    def find(self, clients: Clients) -> Done | None:
        return None


class UnfindableSync(ClaimSync):
    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        return [UnfindableComment(unit.link.zoey_id, f"Warranty {unit.data.name}", marker=f"[NS warranty {unit.id}]")]


@attrs.frozen
class BlindComment(Effect):
    """Makes something, and calls that convergent."""

    kind = Kind.CONVERGENT
    order: str
    text: str

    @property
    def key(self) -> str:
        return "comment"

    def describe(self) -> str:
        return f"comment on {self.order}"

    def perform(self, clients: Clients) -> Done:
        clients.zoey.orders.comment(self.order, self.text)
        return Done()


class BlindSync(ClaimSync):
    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        return [BlindComment(unit.link.zoey_id, f"Warranty {unit.data.name}")]


class HastyCursorSync(ClaimSync):
    """Says after its first page already where the next scan starts: what is on later pages is forgotten."""

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[Warranty]]:
        for page in super().scan(since, ctx):
            place = page.cursor
            yield attrs.evolve(page, cursor={"end": place["window"][1]} if "window" in place else place)


class ForgetfulSync(ClaimSync):
    """Keeps no cursor and no fingerprint, and its effect writes without having looked."""

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[Warranty]]:
        for page in super().scan(None, ctx):
            yield Page([attrs.evolve(unit, fingerprint=None) for unit in page.units], None)

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        return [BlindPurchaseOrder(unit.link.zoey_id, f"W-{unit.id}")]


@attrs.frozen
class BlindPurchaseOrder(SetPurchaseOrder):
    def perform(self, clients: Clients) -> Done:
        clients.zoey.orders.update(self.order, {"po_number": self.number})
        return Done()


@attrs.define
class LateStore:
    """A store that answers some commits before they are durable: they are written with the next one, or lost with the
    process.
    """

    inner: StateStore
    late: Callable[[Sequence[Change]], bool]
    memory: MemoryStore = attrs.field(init=False)
    waiting: list[Change] = attrs.field(factory=list[Change], init=False)

    def __attrs_post_init__(self) -> None:
        self.memory = MemoryStore()
        entries = self.inner.scan((), limit=100_000)
        self.memory.commit([Put(key, entry.value) for key, entry in entries])

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        return self.memory.read(keys)

    def scan(self, prefix: Key, **options: Any) -> Sequence[tuple[Key, Entry]]:
        return self.memory.scan(prefix, **options)

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        versions = self.memory.commit(changes)
        certain = [attrs.evolve(change, expect=ANY) for change in changes if not isinstance(change, Check)]
        if self.late(changes):
            written, self.waiting = self.waiting, certain
        else:
            written, self.waiting = [*self.waiting, *certain], []
        last = {change.key: change for change in written}
        self.inner.commit(list(last.values()))
        return versions

    def now(self) -> datetime:
        return self.inner.now()

    def close(self) -> None:
        self.inner.close()


def losing_the_last(store: StateStore) -> StateStore:
    """Whatever was committed last is lost with the process."""
    return LateStore(store, lambda changes: True)


def starting_late(store: StateStore) -> StateStore:
    """What an engine leaves behind that performs an effect before it says so: the start is written after the effect."""
    return LateStore(store, lambda changes: any(_is_start(change) for change in changes))


def _is_start(change: Change) -> bool:
    return isinstance(change, Put) and change.key[1] == "once" and not change.value["done"]


# What the library brings, and what the documentation shows.


def inventory(netsuite: NetSuiteClient, zoey: ZoeyClient, store: StateStore, clock: Clock) -> Integration:
    """Stock of 120 products: two bulk calls."""
    syncs = [InventorySync(reserve_pending=lacks_order)]
    return Integration("acme", netsuite, zoey, store, syncs, dispatcher=Inline(), clock=clock, guards=())


def inventory_scenario(products: int = 120, **options: Any) -> Scenario:
    """Each product with another quantity in NetSuite, and 0 in Zoey."""
    records = seed(products)
    records["netsuite"]["stock"] = [
        {"item": row["item"], "location": row["location"], "quantityonhand": 200, "quantityavailable": row["item"]}
        for row in records["netsuite"]["stock"]
    ]
    return Scenario(build=inventory, seed=records, connect=partial(connect, attributes=ATTRIBUTES), **options)


def example() -> Any:
    """The program `docs/examples/warranties.py` as a module."""
    name = "warranties_example"
    if name not in sys.modules:
        path = Path(__file__).parents[2] / "docs" / "examples" / "warranties.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def example_sync() -> Sync[Any]:
    sync: Sync[Any] = example().WarrantySync()
    return sync


class UnmarkedSync(ClaimSync):
    """A comment that nothing tells from others: at most once, and then a person decides."""

    def apply(self, unit: Unit[Warranty], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        return [AddOrderComment(unit.link.zoey_id, f"Warranty {unit.data.name}")]


class BrokenSync(ClaimSync):
    """A sync whose code fails once the orders have been written to."""

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[Warranty]]:
        if since is not None and "end" in since:
            raise LookupError("the second scan is broken")
        return super().scan(since, ctx)


def comments(sandbox: Sandbox, order: str) -> list[str]:
    """What stands under an order in Zoey."""
    return [comment["comment"] for comment in sandbox.snapshot().zoey.records()["orders"][order]["_comments"]]


def look_and_decide(integration: Integration, sandbox: Sandbox) -> None:
    """A person looks whether the comment is there, and says so."""
    for item in integration.attention.list(state="held"):
        there = comments(sandbox, item.zoey_id or "")
        (integration.attention.dismiss if there else integration.attention.retry)([item])


def a_warranty_more(sandbox: Sandbox) -> None:
    """Somebody enters another warranty for the first order."""
    with sandbox.netsuite.acting() as app:
        app.seed({"customrecord_warranty": [{"id": 7, "name": "7 years", "custrecord_sales_order": "9001"}]})


def carried_before(integration: Integration, sandbox: Sandbox) -> None:
    """All was carried across once; an hour later there is one more."""
    integration.run().raise_for_failure()
    sandbox.clock.advance(3 * 3600)
    a_warranty_more(sandbox)


def named(folder: Path, name: str, clock: Clock) -> StateStore:
    """A store of one's own: files in a folder that stays."""
    return SQLiteStore(folder / f"{name}.db", clock=clock)
