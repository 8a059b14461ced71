"""Orders: a Zoey order becomes one NetSuite sales order, and Zoey learns its number and how far it has come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal

from attrs import evolve

from zoey_netsuite.engine.effects import Effect, LookAgain
from zoey_netsuite.engine.findings import Adoption, Difference, Finding
from zoey_netsuite.engine.makes import LinkTo
from zoey_netsuite.engine.netsuite_effects import CreateRecord, UpdateRecord
from zoey_netsuite.engine.reconciling import Remember
from zoey_netsuite.engine.sync import Sync, SyncContext
from zoey_netsuite.engine.unit import Page, Unit
from zoey_netsuite.engine.zoey_effects import UpdateOrder
from zoey_netsuite.entities import ACCOUNT_OFFSET, Found, Hold, Lookup, Order, Skip
from zoey_netsuite.mapping.base import everything
from zoey_netsuite.mapping.context import MapContext
from zoey_netsuite.mapping.order_wanted import still_wanted
from zoey_netsuite.mapping.orders import OrderMapper
from zoey_netsuite.netsuite import Record, RecordId
from zoey_netsuite.state.links import Link
from zoey_netsuite.state.records import RecordRef
from zoey_netsuite.state.store import JSON
from zoey_netsuite.syncs import order_adoption, order_check, order_choice, order_look, order_scan, order_settings
from zoey_netsuite.syncs.buyers import Buyers
from zoey_netsuite.syncs.filters import Filter
from zoey_netsuite.syncs.guests import GuestStrategy, NewCustomer, Pass, Use, decided, needs_of
from zoey_netsuite.syncs.locations import All
from zoey_netsuite.syncs.order_case import (
    ENDED,
    GONE,
    ORDERS,
    SALES_ORDER,
    STATUSES,
    OrderCase,
    SalesOrder,
    carried,
    external_id,
    is_settled,
    left_out,
)
from zoey_netsuite.syncs.order_look import agrees
from zoey_netsuite.syncs.order_place import Place
from zoey_netsuite.syncs.totals import TotalDifference, differences, of_payload, of_record, of_zoey
from zoey_netsuite.syncs.totals_policies import HoldOnDifference, TotalsPolicy
from zoey_netsuite.user_code import must_give
from zoey_netsuite.zoey import RecordError, gteq

AGREE = ("entity", "memo")
"""Fields by which a sales order under our external id is known to be the one that was meant."""

Status = Literal["pending_approval", "pending_fulfillment"]


class OrderSync(Sync[OrderCase]):
    """Carries Zoey's orders to NetSuite, each exactly once, and the order number and status back.

    An order is mapped and its total compared before anything is sent; what can't be mapped, or does not agree to the
    cent, is held with the reason. Then the sales order is made under the external id `{integration}-order-{Zoey id}`,
    read back (many in one query) and compared with what NetSuite made of it.

    Guests' orders are booked where `guests` finds a customer. Not carried yet: making a customer for a guest, edits of
    orders, and cancellations in Zoey after an order was carried, which are held with the reason; and payments, so that
    a paid order becomes a sales order like any other.

    `InventorySync(reserve_pending=True)` reserves stock for open orders that NetSuite does not have: all orders since
    `start_at`, also held, dismissed and filtered ones; and what NetSuite has not committed to their sales orders.

    Args:
        start_at: orders placed before this timezone-aware datetime are ignored, unless you `release` one.
        mapper: how an order becomes a sales order.
        guests: who is billed for an order without a customer; without a strategy such orders are held.
        totals: what happens where the totals do not agree.
        filter: which of them are sent; all by default.
        states: Zoey's states of orders that may be sent. One in another state (`pending_payment`, `payment_review`,
            `holded`) is skipped until it moves. An order that was canceled, or refunded in full (`closed`), is left
            out. If an order was refunded in part, the rest is sent.
        shipped_already: what to do with an order that Zoey shipped, in full (`complete`) or in part, before it was
            sent: "hold" asks a person, "send" sends it like any other, "skip" leaves it out.
        statuses: Zoey's status (the merchant's own word) for how far NetSuite has come, by `STATUSES`' names
            ("billed", "pending_billing", …); those not named are not told.
        initial_status: what new sales orders begin as; None leaves it to the account.
        create: "single" makes each order by a call of its own, and many at a time; "batch" makes up to a hundred by one
            asynchronous job, which takes fewer calls and more time.
        account_id: attribute of a Zoey account that holds NetSuite's internal id of the customer.
        person_id: attribute of a Zoey person that does.
        name: unique in an integration.

    Raises:
        ConfigurationError: a value has the wrong type or is not allowed; the message names it.
    """

    link_kind: ClassVar[str | None] = ORDERS
    makes: ClassVar[bool] = True
    guards: ClassVar[Collection[str] | None] = ()

    def __init__(
        self,
        *,
        start_at: datetime,
        mapper: OrderMapper | None = None,
        guests: GuestStrategy | None = None,
        totals: TotalsPolicy | None = None,
        filter: Filter[Order] | None = None,
        statuses: Mapping[str, str] | None = None,
        initial_status: Status | None = None,
        create: Literal["single", "batch"] = "single",
        states: Sequence[str] = ("new", "processing"),
        shipped_already: Literal["hold", "send", "skip"] = "hold",
        account_id: str = order_settings.ACCOUNT_ID,
        person_id: str = order_settings.PERSON_ID,
        name: str = "orders",
    ) -> None:
        self.name = name
        self.start_at = start_at
        self.mapper = OrderMapper() if mapper is None else mapper
        self.guests = guests
        self.totals: TotalsPolicy = HoldOnDifference() if totals is None else totals
        self.filter: Filter[Order] = All() if filter is None else filter
        self.statuses = dict({} if statuses is None else statuses)
        self.initial_status: Status | None = initial_status
        self.create = create
        self.states = order_settings.states(states)
        self.shipped_already: Literal["hold", "send", "skip"] = shipped_already
        self.account_id = account_id
        self.person_id = person_id
        order_settings.check(self)

    # What changed.

    def scan(self, since: JSON, ctx: SyncContext) -> Iterator[Page[OrderCase]]:
        """Zoey's orders by time of change, then NetSuite's."""
        place = Place.from_json(since)
        if place.phase == "done":
            place = place.begin(self.start_at)
        if place.phase == "zoey":
            place = yield from order_scan.changed_in_zoey(self, place, ctx)
            place = place.turn(ctx.window(place.end))
            yield Page((), place.to_json())
        place = yield from order_scan.changed_in_netsuite(self, place, ctx)
        yield Page((), place.to_json())

    def load(self, ids: Sequence[str], ctx: SyncContext) -> Iterable[Unit[OrderCase]]:
        """These orders as they are now."""
        return order_scan.load(self, ids, ctx)

    def look(self, units: Sequence[Unit[OrderCase]], ctx: SyncContext) -> Iterable[Unit[OrderCase]]:
        """These orders with their sales orders as they are now. Zoey is not asked again."""
        return order_look.look(self, units, ctx)

    def unit_ids(self, ctx: SyncContext, *, zoey_id: str | None, netsuite_id: str | None) -> Sequence[str]:
        """An order, by Zoey's id or by that of its sales order."""
        if zoey_id is not None:
            return [zoey_id]
        return [link.zoey_id for links in ctx.links.by_netsuite(ORDERS, [netsuite_id or ""]).values() for link in links]

    def lacking(self, orders: Sequence[Order], ctx: SyncContext) -> Collection[str]:
        """The ids of these Zoey orders that NetSuite does not have: not linked, and not placed before `start_at`."""
        known = ctx.links.by_zoey(ORDERS, [order.zoey_id for order in orders])
        return {
            order.zoey_id
            for order in orders
            if order.zoey_id not in known and (order.created_at is None or order.created_at >= self.start_at)
        }

    def leaves_out(self, order: Order, *, released: bool = False) -> str | None:
        """Why this sync does not send an order, in words that follow the order's name; None if it may send it.

        Args:
            released: whether a person has let this one pass the start date and the filter.
        """
        return order_choice.leaves_out(self, order, released=released)

    def between(self, since: datetime, until: datetime, ctx: SyncContext) -> Iterator[str]:
        """Orders that were placed then."""
        for record in ctx.zoey.orders.list_each(created_at=gteq(since)):
            if isinstance(record, RecordError) or (record.created_at is not None and record.created_at < until):
                yield record.id

    def buyers(self, ctx: SyncContext) -> Buyers:
        """Finds whose orders they are."""
        return Buyers(ctx, self.account_id, self.person_id)

    def would_carry(self, ids: Sequence[RecordRef], ctx: SyncContext) -> Mapping[RecordRef, str | None]:
        """Orders that are not linked: why they are never sent, or None for those that may be."""
        return order_choice.would_carry(self, ids, ctx)

    # What must be done.

    def needs(self, units: Sequence[Unit[OrderCase]]) -> Sequence[Lookup]:
        """Products, currencies and guests' customers of new orders, and the account's clock, which dates them; the
        currency of what is to be compared.
        """
        lookups: list[Lookup] = []
        for unit in units:
            case = unit.data
            if unit.pair is None and case.order is not None and order_choice.kept_back(self, unit) is None:
                lookups += [ACCOUNT_OFFSET, *needs_of(self.mapper.needs, case.order)]
                if case.order.is_guest and self.guests is not None:
                    lookups += needs_of(self.guests.needs, case.order)
            elif case.record is not None and case.order is not None:
                lookups += [one for one in needs_of(self.mapper.needs, case.order) if one.system == "netsuite"]
        return lookups

    def apply(self, unit: Unit[OrderCase], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        """Make the sales order, or tell Zoey of it."""
        order, stray = unit.data.order, unit.data.stray
        if order is not None and stray is not None and _is_astray(stray, order, unit.pair):
            return _stray(order, stray, unit.pair)
        if unit.pair is not None:
            return self._known(unit, unit.pair, ctx)
        if order is None:
            return Skip("it is not linked any more")
        return order_choice.kept_back(self, unit) or self._new(unit, order, found, ctx)

    def _new(self, unit: Unit[OrderCase], order: Order, found: Found, ctx: MapContext) -> Sequence[Effect] | Hold:
        if order.parent_id is not None:
            return Hold(
                f"Zoey order {order.number} (id {order.zoey_id}) is an edit of order {order.parent_id}; edits are not"
                " carried yet. Enter the change in NetSuite by hand and link the two, or dismiss this.",
                cause="edited order",
            )
        customer = self._customer(unit.data, order, found)
        if isinstance(customer, Hold):
            return customer
        fields = self.mapper.to_netsuite(order, everything(order), ctx)
        must_give(self.mapper.to_netsuite, fields, Mapping, "the sales order's fields, as a dict")
        record = dict(fields)
        as_sent = of_payload(record, order.total.currency, self.mapper.charges)
        wanted = still_wanted(order)
        differing = differences(of_zoey(wanted), as_sent, self.totals.tolerance)
        before = self.totals.before(_label(order), differing)
        must_give(self.totals.before, before, Hold | Mapping, "a Hold, or fields to send along ({} for none)")
        if not isinstance(before, Hold):
            record |= before
        elif not unit.approved:
            return before
        status = "pending_approval" if self.totals.starts_pending else self.initial_status
        if status is not None:
            record["orderStatus"] = {"id": _LETTERS[status]}
        record["entity"] = customer
        data = {"checked": False, "differs": bool(differing), "status": status, **left_out(order, wanted)}
        link = LinkTo(ORDERS, order.zoey_id, root=unit.root or "", data=data)
        return [
            CreateRecord(
                SALES_ORDER,
                record,
                external_id=external_id(ctx.integration, order.zoey_id),
                agree={name: record[name] for name in AGREE if record.get(name) is not None},
                link=link,
                batch=self.create == "batch",
            ),
            LookAgain(),
        ]

    def _customer(self, case: OrderCase, order: Order, found: Found) -> str | Hold:
        """Who is billed."""
        if not order.is_guest:
            if case.customer_id is not None:
                return case.customer_id
            return Hold(
                f"Zoey order {order.number} (id {order.zoey_id}): NetSuite's customer of {order.email} (Zoey customer"
                f" {order.customer_id}) is not known: neither the attribute {self.person_id} of the person nor"
                f" {self.account_id} of one account names it. Fill it in, then retry this.",
                cause="unknown customer",
            )
        decision = decided(self.guests, order, found) if self.guests is not None else Pass()
        if isinstance(decision, Use):
            return decision.id
        if isinstance(decision, Hold):
            return decision
        why = "no customer was found" if self.guests is not None else "no rule says who is billed for guests (guests=…)"
        if isinstance(decision, NewCustomer):
            why = "customers are not made for guests yet"
        return Hold(
            f"Zoey order {order.number} (id {order.zoey_id}) is a guest's ({order.email}), and {why}. Enter it in"
            " NetSuite by hand and link the two, or dismiss this.",
            cause="guest",
        )

    def _known(self, unit: Unit[OrderCase], link: Link, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        """An order that is in NetSuite: compare it where that is still to be done, and tell Zoey what moved."""
        order, sales_order = unit.data.order, unit.data.sales_order
        if order is None:
            return ()
        canceled = self._canceled(link, order, sales_order)
        if canceled is not None:
            return canceled
        if not is_settled(link):
            return self._compared(unit, link, order, ctx)
        if sales_order is None:
            return ()
        data = {**link.data, "number": sales_order.number, "status": sales_order.status}
        told = self._moved(link, order, sales_order, ctx)
        return [*told, Remember(link.having(data=data))] if told or data != link.data else ()

    def _compared(self, unit: Unit[OrderCase], link: Link, order: Order, ctx: MapContext) -> Sequence[Effect] | Hold:
        """Whether NetSuite's totals are Zoey's, and what the policy makes of that; what it lets go is told to Zoey."""
        case, sales_order = unit.data, unit.data.sales_order
        if case.gone:
            return Hold(
                f"{_label(order)}: its sales order (NetSuite {link.netsuite_id}) is not there any more, or the role may"
                " not see it. If it was deleted, dismiss this.",
                cause="gone",
            )
        if sales_order is None or (case.record is None and not agrees(self, order, link, sales_order)):
            return [LookAgain()]
        differing: Sequence[TotalDifference] = ()
        if case.record is not None:
            record = Record(SALES_ORDER, RecordId(link.netsuite_id), case.record)
            expected = of_zoey(carried(link, order))
            differing = differences(expected, of_record(record, self.mapper, ctx), self.totals.tolerance)
        label = f"{_label(order)}, sales order {sales_order.number} (NetSuite {sales_order.id})"
        decision = self._after(label, differing)
        if isinstance(decision, Hold) and unit.approved:
            decision = self._after(label, ())
        if isinstance(decision, Hold):
            return decision
        # There is nothing to be cleared where nothing was said of a difference before.
        clears = link.data.get("differs", True)
        write = {name: value for name, value in decision.items() if value is not None or clears}
        status = sales_order.status
        if status != "pending_approval":
            write.pop("orderStatus", None)  # somebody has let it go already
        elif "orderStatus" in write:
            status = "pending_fulfillment"
        changes = [UpdateRecord(SALES_ORDER, link.netsuite_id, write, expect=_still(write))] if write else []
        data = {**link.data, "checked": True, "number": sales_order.number, "status": status}
        data["differs"] = bool(differing) and not unit.approved
        told = self._moved(link, order, evolve(sales_order, status=status), ctx)
        return [*changes, *told, Remember(link.having(data=data))]

    def _after(self, label: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        decision = self.totals.after(label, differing)
        must_give(self.totals.after, decision, Hold | Mapping, "a Hold, or fields to write ({} for none)")
        return decision

    def _canceled(self, link: Link, order: Order, sales_order: SalesOrder | None) -> Hold | None:
        """An order that was canceled, or edited, in Zoey after it was carried; until NetSuite has ended it, too."""
        if order.state != "canceled" or sales_order is None or sales_order.status in ENDED:
            return None
        what = f"replaced by its edit {order.child_id}" if order.child_id else "canceled"
        return Hold(
            f"{_label(order)} was {what} in Zoey, and NetSuite has sales order {sales_order.number} (id"
            f" {link.netsuite_id}) for it. Cancellations are not carried yet: cancel or close it in NetSuite, which"
            " closes this by itself.",
            cause="canceled in Zoey",
        )

    def _moved(self, link: Link, order: Order, sales_order: SalesOrder | None, ctx: MapContext) -> list[Effect]:
        """What Zoey is to be told of a sales order, where it shows something else."""
        if sales_order is None:
            return []
        attribute = ctx.attributes.order_number
        values: dict[str, JSON] = {}
        if attribute is not None:
            shown = link.data.get("number") if link.data.get("adopted") else order.custom.get(attribute)
            values = {attribute: sales_order.number} if shown != sales_order.number else {}
        told = self.statuses.get(sales_order.status)
        told = told if told != order.status else None
        compare = is_settled(link)
        return [UpdateOrder(link.zoey_id, values, told, compare=compare)] if values or told is not None else []

    # Going live, and looking after it.

    def check(self, ctx: SyncContext) -> Iterable[Finding]:
        """Tries that sales orders can be read; the custom fields and the ids that the mapper and the guest strategy
        name; the attributes that field rules, the filter and settings name; and up to 200 of the newest orders: when
        they were placed, whose they are, and whether your mapper and guest strategy can handle them.
        """
        return order_check.check(self, ctx)

    def adopt(self, match: str, ctx: SyncContext) -> Iterator[Adoption]:
        """Sales orders that were entered by hand or by an earlier connector.

        An order that fits several, shares its mark with another, or comes to another total, is a question. It is not
        carried until a person links or releases it, also where it was placed after `start_at`.

        Args:
            match: "po_number" (Zoey's PO number is NetSuite's), "number" (Zoey's order number is NetSuite's PO number),
                or the script id of a custom field that holds Zoey's order number ("custbody_web_order").
        """
        return order_adoption.adopt(self, match, ctx)

    def rebuild(self, ctx: SyncContext) -> Iterator[Link]:
        """Sales orders whose external id is of this integration."""
        return order_adoption.rebuild(ctx)

    def verify(self, ctx: SyncContext) -> Iterator[Difference]:
        """Linked orders whose totals or numbers do not agree, and those that are gone."""
        return order_adoption.verify(self, ctx)


def _still(write: Mapping[str, JSON]) -> dict[str, JSON]:
    """What a sales order must still be for this to be written: one is let go only while it waits for that."""
    return {"orderStatus": {"id": _LETTERS["pending_approval"]}} if "orderStatus" in write else {}


_LETTERS = {name: letter for letter, name in STATUSES.items()}


def _is_astray(sales_order: SalesOrder, order: Order, link: Link | None) -> bool:
    """Whether a sales order under an order's external id is neither linked to it nor to be found when it is made."""
    return order.state in GONE if link is None else link.netsuite_id != sales_order.id


def _stray(order: Order, stray: SalesOrder, link: Link | None) -> Hold:
    if link is not None:
        why = f"the order is linked to another one (NetSuite {link.netsuite_id})"
    else:
        why = f"that comes to {stray.total}, not {order.total}"
    return Hold(
        f"{_label(order)}: NetSuite has sales order {stray.number} (id {stray.id}) under the external id of this order,"
        f" and {why}. Find out where it comes from. If it is not wanted, cancel or delete it in NetSuite, then dismiss"
        " this; if it is, link the two.",
        cause="stray sales order",
    )


def _label(order: Order) -> str:
    return f"Zoey order {order.number} (id {order.zoey_id})"
