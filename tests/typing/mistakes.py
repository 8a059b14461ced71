"""What the checkers must refuse: an ignore that is not needed any more is an error of its own."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from collections.abc import Sequence

import attrs

from zoey_netsuite import (
    AsyncNetSuiteClient,
    Effect,
    Every,
    Found,
    Integration,
    InventorySync,
    MapContext,
    MemoryStore,
    NetSuiteClient,
    Order,
    SuiteQLSync,
    Unit,
    ZoeyClient,
    netsuite,
)


@attrs.frozen
class Level:
    item: str
    available: float


class Levels(SuiteQLSync[Level]):
    name, table, row, changed = "levels", "aggregateitemlocation", Level, "lastmodified"

    def unit(self, row: Level) -> Unit[str]:  # type: ignore[override]
        return Unit(row.item, data=row.item)

    def apply(self, unit: Unit[Level], found: Found, ctx: MapContext) -> Sequence[Effect]:
        print(unit.data.price)  # type: ignore[attr-defined]
        return []


def number(order: Order) -> str:
    return order.number


async def mistakes(erp: NetSuiteClient, awaited: AsyncNetSuiteClient, shop: ZoeyClient) -> None:
    for level in erp.suiteql("SELECT 1", as_=Level):
        print(level.price)  # type: ignore[attr-defined]
    for _ in awaited.suiteql("SELECT 1", as_=Level):  # type: ignore[attr-defined]
        pass
    print(erp.record("customer", "7", as_=Level).fields)  # type: ignore[attr-defined]
    erp.suiteql("SELECT 1", by="item,location", page_size="100")  # type: ignore[call-overload]
    print(awaited.create("customer", {}).id)  # type: ignore[attr-defined]
    InventorySync(buffer="2")  # type: ignore[arg-type]
    InventorySync(reserve_pending=number)  # type: ignore[arg-type]
    Integration("acme", shop, erp, MemoryStore(), [])  # type: ignore[arg-type]
    Integration("acme", erp, shop, {}, [])  # type: ignore[arg-type]
    Integration("acme", erp, shop, MemoryStore(), [], schedule={"inventory": 15})  # type: ignore[dict-item]
    Integration("acme", erp, shop, MemoryStore(), [], observers=[print])  # type: ignore[list-item]
    Every(15)  # type: ignore[call-arg]
    NetSuiteClient("1234567", "secret")  # type: ignore[arg-type]
    netsuite.TokenAuth("key", "secret")  # type: ignore[call-arg]
