"""Parcels of things: a sync whose units wait for their thing's link, and a sync that can link things in every way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import attrs

from support.trade import CUSTOMER
from zoey_netsuite import (
    AddOrderComment,
    Adoption,
    Clients,
    CreateRecord,
    Done,
    Effect,
    Found,
    Hold,
    Integration,
    Kind,
    Link,
    Linked,
    LinkTo,
    MapContext,
    Page,
    RecordRef,
    Skip,
    Sync,
    SyncContext,
    Unit,
    Wait,
)

SENT: list[str] = []
"""The parcels that were sent, each with its thing's NetSuite id."""


@attrs.frozen
class Send(Effect):
    """Sends a parcel."""

    kind = Kind.CONVERGENT
    parcel: str
    to: str

    @property
    def key(self) -> str:
        return "send"

    def describe(self) -> str:
        return f"send {self.parcel} to {self.to}"

    def perform(self, clients: Clients) -> Done:
        SENT.append(f"{self.parcel} to {self.to}")
        return Done()


class ParcelSync(Sync[str]):
    """Each parcel belongs to a thing, and goes out when that is linked. A scan brings each once.

    Args:
        parcels: the Zoey ids of their things.
        decide: in the place of sending one whose thing is linked, or that names none ("").
    """

    name = "parcels"

    def __init__(
        self,
        parcels: Mapping[str, str],
        *,
        kind: str = "things",
        unlinked: Any = "wait",
        decide: Callable[[Unit[str], SyncContext | None], Any] | None = None,
    ) -> None:
        self.parcels, self.kind, self.unlinked, self.decide = dict(parcels), kind, unlinked, decide
        self.loads = 0
        self.asked: list[str] = []

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[str]]:
        seen: list[str] = since or []
        new = [id for id in self.parcels if id not in seen]
        yield Page(list(self._units(new)), [*seen, *new])

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[str]]:
        self.loads += 1
        return self._units(ids)

    def _units(self, ids: Iterable[str]) -> Iterator[Unit[str]]:
        for id in ids:
            thing = self.parcels.get(id)
            if thing is not None:
                about = Linked(self.kind, zoey_id=thing) if thing else None
                yield Unit(id, about=about, unlinked=self.unlinked, data=thing, fingerprint=f"{id} {thing}")

    def documents_of(self, links: Sequence[Link], ctx: SyncContext) -> Iterable[str]:
        things = {link.zoey_id for link in links if link.kind == self.kind}
        return [id for id, thing in self.parcels.items() if thing in things]

    def apply(self, unit: Unit[str], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip | Wait:
        self.asked.append(unit.id)
        if self.decide is not None:
            return self.decide(unit, None)  # type: ignore[no-any-return]
        return [Send(unit.id, unit.link.netsuite_id)]


@attrs.frozen
class Join(Effect):
    """An effect of a user's code that gives a link."""

    kind = Kind.CONVERGENT
    link: Link

    @property
    def key(self) -> str:
        return "join"

    def describe(self) -> str:
        return f"link {self.link.zoey_id}"

    def perform(self, clients: Clients) -> Done:
        return Done(links=[self.link])


class ThingSync(Sync[str]):
    """Links a thing when and how it is told to.

    Attributes:
        way: "effect", "done", "page", "preparation", "adopt" or "rebuild".
        on_asked: called once, when the engine asks whether a thing will come: after it has read that it is not linked,
            and before the parcel waits.
        never: why things never come, by Zoey id.
    """

    name = "things"
    link_kind: ClassVar[str | None] = "things"
    makes: ClassVar[bool] = True

    def __init__(self) -> None:
        self.way = ""
        self.link: Link | None = None
        self.on_asked: Callable[[], object] | None = None
        self.never: dict[str, str] = {}
        self.asked: list[Sequence[RecordRef]] = []

    def scan(self, since: Any, ctx: SyncContext) -> Iterator[Page[str]]:
        link = self.link
        if link is None or since == link.zoey_id:
            return
        if self.way == "page":
            yield Page([], link.zoey_id, links=[link])
        else:
            yield Page([Unit(link.zoey_id, data="as scanned")], link.zoey_id)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[str]]:
        pair = self.link if self.way == "preparation" else None
        return [Unit(id, data="as loaded", pair=pair) for id in ids]

    def apply(self, unit: Unit[str], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        link = self.link
        assert link is not None
        if self.way == "done":
            return [Join(link)]
        if self.way == "preparation":
            if unit.data == "as loaded":
                return []
            raise ValueError("it is tried again, and loaded for that")
        fields = {"firstName": "Ann", "lastName": link.zoey_id, "company": {"id": CUSTOMER}}
        made = CreateRecord(
            "contact", fields, external_id=f"acme-contact-{link.zoey_id}", link=LinkTo("things", link.zoey_id)
        )
        return [made]

    def adopt(self, match: str, ctx: SyncContext) -> Iterator[Adoption]:
        if self.link is not None:
            yield Adoption(self.link.zoey_id, "thing", self.link)

    def rebuild(self, ctx: SyncContext) -> Iterator[Link]:
        return iter([self.link] if self.link is not None else [])

    def would_carry(self, ids: Sequence[RecordRef], ctx: SyncContext) -> Mapping[RecordRef, str | None]:
        self.asked.append(ids)
        hook, self.on_asked = self.on_asked, None
        if hook is not None:
            hook()
        return {ref: self.never.get(ref.id) for ref in ids}


WAYS = ("effect", "done", "page", "preparation", "adopt", "rebuild", "link")


def write_link(integration: Integration, things: ThingSync, way: str, zoey_id: str) -> None:
    """Link a thing in one of the `WAYS`."""
    things.way, things.link = way, Link("things", zoey_id, f"9{zoey_id}")
    if way == "adopt":
        integration.adopt("things", match="number")
    elif way == "rebuild":
        integration.rebuild()
    elif way == "link":
        integration.link("things", zoey_id=zoey_id, netsuite_id=f"9{zoey_id}")
    else:
        report = integration.run(only="things")
        report.raise_for_failure()
        if way == "preparation":
            integration.attention.retry(sync="things")
            integration.run(only="things").raise_for_failure()


def comment(order: str, text: str) -> AddOrderComment:
    """One comment on an order in Zoey, with a mark."""
    return AddOrderComment(order, text, marker=f"[NS {text}]")
