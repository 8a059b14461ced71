"""A two-way sync of people, small enough to see what conflicts come to: name, phone and one field of the merchant's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import attrs

from support.world import World
from zoey_netsuite import (
    Clients,
    ConflictStrategy,
    Done,
    Effect,
    Found,
    Hold,
    Integration,
    Kind,
    Linked,
    MapContext,
    MergeFields,
    Page,
    Reconciled,
    Skip,
    Sync,
    SyncContext,
    Unit,
    UpdateRecord,
    reconcile,
)
from zoey_netsuite.state.store import JSON

CUSTOM = "custentity_vip"


@attrs.frozen
class Person:
    """The business object in the middle."""

    name: str | None = None
    phone: str | None = None
    custom: Mapping[str, Any] = attrs.field(factory=dict[str, Any])


@attrs.frozen
class Pair:
    """What both sides show."""

    zoey: Person
    netsuite: Person


@attrs.frozen
class UpdateCustomer(Effect):
    """Brings a Zoey customer to given values."""

    kind = Kind.CONVERGENT
    customer_id: str
    values: Mapping[str, JSON]

    @property
    def key(self) -> str:
        return f"customer {self.customer_id}"

    def describe(self) -> str:
        return f"set {dict(self.values)} of Zoey customer {self.customer_id}"

    def perform(self, clients: Clients) -> Done:
        clients.zoey.customers.update(self.customer_id, self.values)
        return Done()


class PeopleSync(Sync[Pair]):
    """Every linked person is compared at each run."""

    name = "people"
    compares: ClassVar[bool] = True
    link_kind: ClassVar[str | None] = "people"

    def __init__(self, strategy: ConflictStrategy[Person] | None = None, digest: str = "1") -> None:
        self.strategy: ConflictStrategy[Person] = strategy or MergeFields()
        self.digest = digest

    def scan(self, since: JSON, ctx: SyncContext) -> Iterator[Page[Pair]]:
        ids = [link.zoey_id for link in ctx.links.all("people")]
        yield Page(list(self.load(ids, ctx)), None)

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[Pair]]:
        links = ctx.links.by_zoey("people", ids)
        for customer_id, link in links.items():
            shown = ctx.zoey.customers.get(customer_id)
            record = ctx.netsuite.record("customer", link.netsuite_id)
            zoey = Person(shown.firstname, shown.custom.get("phone"), {"vip": shown.custom.get("vip")})
            netsuite = Person(record.get("firstName"), record.get("phone"), {"vip": record.get(CUSTOM)})
            yield Unit(customer_id, about=Linked("people", zoey_id=customer_id), data=Pair(zoey, netsuite))

    def apply(self, unit: Unit[Pair], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        both = unit.data
        settled = reconcile(unit, both.zoey, both.netsuite, self.strategy, rules=self.digest)
        if not isinstance(settled, Reconciled):
            return settled
        effects: list[Effect] = []
        if settled.to_zoey:
            names = {"name": "firstname", "phone": "phone", "custom.vip": "vip"}
            values = _values(settled.entity, settled.to_zoey, names)
            effects.append(UpdateCustomer(unit.link.zoey_id, values))
        if settled.to_netsuite:
            names = {"name": "firstName", "phone": "phone", "custom.vip": CUSTOM}
            values = _values(settled.entity, settled.to_netsuite, names)
            effects.append(UpdateRecord("customer", unit.link.netsuite_id, values))
        return [*effects, *settled.agree]


def _values(person: Person, wanted: Iterable[str], names: Mapping[str, str]) -> dict[str, JSON]:
    shown = {"name": person.name, "phone": person.phone, "custom.vip": person.custom.get("vip")}
    return {names[name]: shown[name] for name in wanted}


class People:
    """Ann, who is Zoey customer 1 and NetSuite customer 501."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.sandbox.seed(
            {
                "netsuite": {
                    "custom_fields": [{"name": CUSTOM, "record": "customer", "type": "text"}],
                    "customer": [
                        {"id": "501", "isPerson": True, "firstName": "Ann", "lastName": "Doe", "subsidiary": "1"}
                    ],
                },
                "zoey": {
                    "attributes": {"customers": ["phone", "vip"]},
                    "customers": [{"entity_id": 1, "firstname": "Ann", "lastname": "Doe", "email": "a@example.com"}],
                },
            }
        )

    def integration(self, strategy: ConflictStrategy[Person] | None = None, digest: str = "1") -> Integration:
        made = self.world.integration(PeopleSync(strategy, digest))
        made.link("people", zoey_id="1", netsuite_id="501")
        return made

    def in_zoey(self, **values: Any) -> None:
        self.world.shop.customers.update("1", values)

    def in_netsuite(self, **values: Any) -> None:
        self.world.erp.update("customer", "501", values)

    @property
    def zoey(self) -> tuple[Any, Any, Any]:
        shown = self.world.shop.customers.get("1")
        return shown.firstname, shown.custom.get("phone"), shown.custom.get("vip")

    @property
    def netsuite(self) -> tuple[Any, Any, Any]:
        record = self.world.erp.record("customer", "501")
        return record.get("firstName"), record.get("phone"), record.get(CUSTOM)
