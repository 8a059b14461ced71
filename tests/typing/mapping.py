"""Mappers, rules, filters and policies as both checkers see them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import assert_type

from zoey_netsuite import (
    All,
    FieldRule,
    Filter,
    FlagDifference,
    Hold,
    HoldOnDifference,
    MapContext,
    Mapper,
    Matches,
    Matching,
    Order,
    OrderLine,
    OrderMapper,
    ReleaseAfterCheck,
    SalesOrderLine,
    TotalDifference,
    TotalsPolicy,
    Where,
    as_date,
    attribute,
    computed,
    constant,
    field,
)
from zoey_netsuite.state.store import JSON
from zoey_netsuite.zoey import records


def is_large(order: Order) -> bool:
    return order.total.amount > 1000


def weight(line: OrderLine, ctx: MapContext) -> Decimal:
    return line.quantity * 2


HEADER: Sequence[FieldRule[Order]] = [
    field("custbody_delivery", attribute("delivery_date"), convert=as_date),
    field("custbody_po", "po_number"),
    constant("location", {"id": "1"}),
    computed("custbody_large", lambda order, ctx: is_large(order)),
]


class OwnMapper(OrderMapper):
    """What users override."""

    def from_zoey(self, record: records.Order, ctx: MapContext) -> Order:
        return super().from_zoey(record, ctx)

    def header(self, order: Order, ctx: MapContext) -> dict[str, JSON]:
        return {**super().header(order, ctx), "memo": order.number}

    def item(self, line: OrderLine, ctx: MapContext) -> str | None:
        return super().item(line, ctx) or ctx.settings.get("fallback")

    def line(self, part: SalesOrderLine, order: Order, reference: str | None, ctx: MapContext) -> dict[str, JSON]:
        return {**super().line(part, order, reference, ctx), "description": part.line.name}


class Lenient(TotalsPolicy):
    """A policy of one's own."""

    def before(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        return {}

    def after(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        return {"memo": "; ".join(str(each) for each in differing)} if differing else {}


def assemble() -> None:
    """Everything fits together."""
    mapper = OwnMapper(fields=HEADER, line_fields=[computed("custcol_weight", weight), constant("location", "1")])
    general: Mapper[Order, records.Order, object] | OwnMapper = mapper
    both: Filter[Order] = All() & Matches(status=("processing",)) & Matching(is_large)
    wanted: Filter[Order] = Matching(lambda order: order.is_guest)
    lasting: Filter[Order] = Where("isinactive = ?", ("F",)) & Matches(state="new")
    policies: list[TotalsPolicy] = [
        HoldOnDifference(),
        HoldOnDifference(tolerance=Decimal("0.01")),
        FlagDifference("custbody_difference"),
        ReleaseAfterCheck(),
        Lenient(),
    ]
    assert_type(mapper.digest, str)
    print(general, both, wanted, lasting, policies)
