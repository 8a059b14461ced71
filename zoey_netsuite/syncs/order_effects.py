"""What an order sync has done besides making and changing records: looking at what NetSuite made of an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from attrs import evolve, field, frozen

from zoey_netsuite.engine.effects import BulkEffect, Clients, Done, Effect, Kind
from zoey_netsuite.engine.makes import LinkTo
from zoey_netsuite.engine.refs import NO_REFS
from zoey_netsuite.entities import JSON, Hold
from zoey_netsuite.errors import HeldError, MappingError, ZoeyNetSuiteError
from zoey_netsuite.mapping import MapContext, OrderMapper
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.records import Side
from zoey_netsuite.syncs.order_case import SalesOrder, sales_orders
from zoey_netsuite.syncs.totals import TotalDifference, Totals, differences, of_record
from zoey_netsuite.syncs.totals_policies import TotalsPolicy
from zoey_netsuite.user_code import must_give


@frozen
class CheckTotals(BulkEffect["CheckTotals"]):
    """Read a sales order back and compare it with Zoey's: number, total, status; many in one query.

    Where the totals do not agree, the policy decides: the order is held with the difference by component, or fields
    are to be written.

    Attributes:
        sales_order_id: NetSuite's id, or a `Ref` to it.
        expected: what Zoey says it comes to.
        link: what is known of the pair from then on.
        label: the order, for people.
        policy: what becomes of differences.
        mapper, ctx: read the record by component where the totals differ.
        told: Zoey's status for NetSuite's, where one is to be shown.
        new: whether it was made just now, so that there is nothing in it to be cleared.
        accepted: whether a person has let it go as it is.
    """

    stored_as = "orders-check-totals"
    formerly = ("zoey_netsuite.syncs.order_effects:CheckTotals",)

    system: ClassVar[Side] = "netsuite"

    sales_order_id: str
    expected: Totals
    link: LinkTo
    label: str
    policy: TotalsPolicy = field(repr=False, metadata=NO_REFS)
    mapper: OrderMapper = field(repr=False, metadata=NO_REFS)
    ctx: MapContext = field(repr=False, metadata=NO_REFS)
    told: Mapping[str, str] = field(factory=dict[str, str])
    new: bool = False
    accepted: bool = False

    @property
    def key(self) -> str:
        """There is one for an order."""
        return "check"

    def describe(self) -> str:
        """A line for people."""
        return f"compare the totals of sales order {self.sales_order_id} in NetSuite with {self.label}"

    @classmethod
    def perform_many(cls, effects: Sequence[CheckTotals], clients: Clients) -> Sequence[Done | ZoeyNetSuiteError]:
        """One query for all; a further call for each that does not agree."""
        found = sales_orders([effect.sales_order_id for effect in effects], clients.netsuite)
        return [effect._judged(found.get(effect.sales_order_id), clients) for effect in effects]

    def _judged(self, read: SalesOrder | MappingError | None, clients: Clients) -> Done | ZoeyNetSuiteError:
        if isinstance(read, MappingError):
            return read
        if read is None:
            return HeldError(
                f"{self.label}: its sales order (NetSuite {self.sales_order_id}) is not there any more, or the role may"
                " not see it. If it was deleted, dismiss this.",
                cause="gone",
            )
        try:
            differing = self._differing(read, clients)
            write = self._decided(read, differing)
        except ZoeyNetSuiteError as error:
            return error
        status = "pending_fulfillment" if "orderStatus" in write else read.status
        data = {**self.link.data, "checked": True, "number": read.number, "status": status}
        data["differs"] = bool(differing) and not self.accepted
        result = {"number": read.number, "status": status, "shown": self.told.get(status), "write": write}
        return Done(result, changed=False, links=[evolve(self.link, data=data).to(read.id)])

    def _differing(self, read: SalesOrder, clients: Clients) -> Sequence[TotalDifference]:
        if read.total is not None and abs(read.total - (self.expected.total or 0)) <= self.policy.tolerance:
            return ()
        record = clients.netsuite.record("salesOrder", read.id)
        return differences(self.expected, of_record(record, self.mapper, self.ctx), self.policy.tolerance)

    def _decided(self, read: SalesOrder, differing: Sequence[TotalDifference]) -> Mapping[str, JSON]:
        """The fields that the policy wants written; of an order that a person lets go, those of one that agrees."""
        label = f"{self.label}, sales order {read.number} (NetSuite {read.id})"
        decision = self._asked(label, differing)
        if isinstance(decision, Hold) and self.accepted:
            decision = self._asked(label, ())
        if isinstance(decision, Hold):
            raise HeldError(decision.reason, cause=decision.cause)
        write = {name: value for name, value in decision.items() if value is not None or not self.new}
        if read.status != "pending_approval":
            write.pop("orderStatus", None)  # somebody has let it go already
        return write

    def _asked(self, label: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        decision = self.policy.after(label, differing)
        must_give(self.policy.after, decision, Hold | Mapping, "a Hold, or fields to write ({} for none)")
        return decision


@frozen
class Remember(Effect):
    """Remember something of a linked pair. No system is called.

    Attributes:
        link: the pair as it is to be known.
    """

    stored_as = "remember"
    formerly = ("zoey_netsuite.syncs.order_effects:Remember",)

    kind = Kind.CONVERGENT

    link: Link

    @property
    def key(self) -> str:
        """The pair."""
        return f"remember {self.link.kind} {self.link.zoey_id}"

    def describe(self) -> str:
        """A line for people."""
        shown = ", ".join(f"{name} {value}" for name, value in self.link.data.items())
        return f"remember of Zoey {self.link.zoey_id} and NetSuite {self.link.netsuite_id}: {shown}"

    def perform(self, clients: Clients) -> Done:
        """Nothing but the link."""
        return Done(changed=False, links=[self.link])
