"""What users plug in: a sync, effects, a transport, a store, an observer."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Literal

import attrs
from typing_extensions import override

from zoey_netsuite import (
    JSON,
    BulkEffect,
    Change,
    Clients,
    Done,
    Effect,
    Entry,
    Event,
    Every,
    Evidence,
    Found,
    Hold,
    HttpxTransport,
    Integration,
    Key,
    Lookup,
    MapContext,
    MemoryStore,
    NetSuiteClient,
    Observer,
    Page,
    Progress,
    RunEnded,
    Skip,
    StateStore,
    Sync,
    SyncContext,
    Transport,
    Unit,
    UnitEnded,
    ZoeyClient,
    ZoeyNetSuiteError,
)
from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.netsuite import NetSuiteAuth


@attrs.frozen
class Note:
    """What the sync's units carry."""

    order_id: str
    text: str


@attrs.frozen
class RemoveNote(Effect):
    """A once effect of one's own."""

    note_id: str

    system: ClassVar[Literal["netsuite", "zoey"]] = "netsuite"

    @property
    def key(self) -> str:
        return f"remove {self.note_id}"

    @property
    def evidence(self) -> Evidence:
        return Evidence.EXTERNAL_ID

    def describe(self) -> str:
        return f"remove note {self.note_id}"

    def find(self, clients: Clients) -> Done | None:
        return Done() if clients.netsuite.find("note", self.note_id) is None else None

    def perform(self, clients: Clients) -> Done:
        clients.netsuite.delete("note", self.note_id)
        return Done()


@attrs.frozen
class SetColor(BulkEffect["SetColor"]):
    """A convergent effect of which many go out in one call."""

    product_id: str
    color: str

    @property
    def key(self) -> str:
        return f"color {self.product_id}"

    def describe(self) -> str:
        return f"paint product {self.product_id} {self.color}"

    @classmethod
    def perform_many(cls, effects: Sequence["SetColor"], clients: Clients) -> Sequence[Done | ZoeyNetSuiteError]:
        for effect in effects:
            clients.zoey.products.update(effect.product_id, {"color": effect.color})
        return [Done() for _ in effects]


class NoteSync(Sync[Note]):
    """A sync of one's own, from Zoey's side."""

    name = "notes"

    def scan(self, since: JSON, ctx: SyncContext) -> Iterator[Page[Note]]:
        orders = ctx.zoey.orders.list(status="processing")
        yield Page([self._unit(order.id, order.increment_id or "") for order in orders], cursor=ctx.now.isoformat())

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[Note]]:
        return [self._unit(id, "") for id in ids]

    def needs(self, units: Sequence[Unit[Note]]) -> Sequence[Lookup]:
        return [Lookup.netsuite("salesOrder", "otherrefnum", unit.data.text) for unit in units]

    def apply(self, unit: Unit[Note], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        rows = [row for lookup in self.needs([unit]) for row in found[lookup]]
        if len(rows) > 1:
            return Hold(f"{len(rows)} sales orders have number {unit.data.text}")
        return [RemoveNote(unit.id), SetColor(unit.id, "blue")] if rows else Skip("nothing to note")

    def _unit(self, order_id: str, text: str) -> Unit[Note]:
        return Unit(order_id, data=Note(order_id, text))


@attrs.frozen
class Answer:
    """What the transport below gives: any object with these three."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class ReadOnly:
    """A transport that lets reads through only."""

    def __init__(self, inner: Transport) -> None:
        self.inner = inner

    def send(self, request: Request) -> Response:
        if request.method != "GET":
            return Answer(403, {"content-type": "text/plain"}, b"read only")
        return self.inner.send(request)

    def close(self) -> None:
        self.inner.close()


class Counting:
    """A store around another one."""

    def __init__(self, inner: StateStore) -> None:
        self.inner = inner
        self.commits = 0

    def read(self, keys: Collection[Key]) -> Mapping[Key, Entry]:
        return self.inner.read(keys)

    def scan(
        self,
        prefix: Key,
        *,
        after: Key | None = None,
        before: Key | None = None,
        reverse: bool = False,
        limit: int = 1000,
    ) -> Sequence[tuple[Key, Entry]]:
        return self.inner.scan(prefix, after=after, before=before, reverse=reverse, limit=limit)

    def commit(self, changes: Sequence[Change]) -> Mapping[Key, int]:
        self.commits += 1
        return self.inner.commit(changes)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def close(self) -> None:
        self.inner.close()


class Tally:
    """An observer."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.runs = 0

    def on_event(self, event: Event) -> None:
        match event:
            case UnitEnded(outcome="failed", unit_id=unit_id):
                self.failed.append(unit_id)
            case RunEnded(report=report):
                self.runs += report.count("failed") == 0
            case _:
                pass


class Everything(HttpxTransport):
    """A transport derived from the library's own."""

    @override
    def send(self, request: Request) -> Response:
        return super().send(attrs.evolve(request, timeout=5.0))


def show(progress: Progress) -> None:
    print(progress.sync, progress.phase, progress.done, progress.total)


def assemble(auth: NetSuiteAuth, shop: ZoeyClient) -> Integration:
    """All of them are taken where one of the library's own would be."""
    transport: Transport = ReadOnly(Everything())
    store: StateStore = Counting(MemoryStore())
    observer: Observer = Tally()
    erp = NetSuiteClient("1234567", auth, transport=transport)
    integration = Integration(
        "acme", erp, shop, store, [NoteSync()], schedule={"notes": Every(hours=1)}, observers=[observer]
    )
    integration.run("notes", dry_run=True, progress=show).raise_for_failure()
    return integration
