"""Transforms: one document made of another, with every default that the body does not override."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from zoey_netsuite.sandbox.netsuite.content import Values, lines_of
from zoey_netsuite.sandbox.netsuite.errors import Refusal, invalid_content, user_error
from zoey_netsuite.sandbox.netsuite.orders import Orders
from zoey_netsuite.sandbox.netsuite.payments import Applications
from zoey_netsuite.sandbox.netsuite.records import Record, Records
from zoey_netsuite.sandbox.netsuite.shapes import RecordType
from zoey_netsuite.sandbox.netsuite.sublists import merged
from zoey_netsuite.sandbox.netsuite.sums import cents, exact, plain

_HEADER = [
    "entity",
    "currency",
    "exchangeRate",
    "terms",
    "location",
    "department",
    "class",
    "subsidiary",
    "shipMethod",
    "discountItem",
    "discountRate",
    "otherRefNum",
    "memo",
    "salesRep",
    "shippingAddress",
    "billingAddress",
    "email",
    "taxDetailsOverride",
]
_LINE = ["item", "rate", "price", "description", "location", "department", "class", "taxDetailsReference"]
# From which states of an order goods are shipped (a return: received), and from which they are billed (credited).
_OPEN_FOR_SHIPPING, _OPEN_FOR_BILLING = frozenset({"B", "D", "E"}), frozenset({"B", "D", "E", "F"})
Maker = Callable[[Record, RecordType, Mapping[str, Any]], Values]


class Transforms:
    """Makes documents of others."""

    def __init__(self, records: Records, orders: Orders, applications: Applications) -> None:
        self._records = records
        self._orders = orders
        self._applications = applications
        self._makers: dict[tuple[str, str], Maker] = {
            ("salesOrder", "itemFulfillment"): self._shipment,
            ("returnAuthorization", "itemReceipt"): self._shipment,
            ("salesOrder", "invoice"): self._bill,
            ("salesOrder", "cashSale"): self._bill,
            ("returnAuthorization", "creditMemo"): self._bill,
            ("returnAuthorization", "cashRefund"): self._bill,
            ("salesOrder", "returnAuthorization"): self._copy,
            ("invoice", "returnAuthorization"): self._copy,
            ("cashSale", "returnAuthorization"): self._copy,
            ("invoice", "creditMemo"): self._credit,
            ("cashSale", "cashRefund"): self._copy,
            ("invoice", "customerPayment"): self._pay,
            ("creditMemo", "customerRefund"): self._pay,
            ("customerDeposit", "customerRefund"): self._pay,
            ("customerDeposit", "depositApplication"): self._apply_deposit,
            ("salesOrder", "customerDeposit"): self._take_deposit,
        }

    def form(
        self, source: Record, target: RecordType, changes: Mapping[str, Any], replace: Collection[str] = ()
    ) -> Values:
        """What the target would be, without making it. Raises Refusal."""
        maker = self._makers.get((source.type.name, target.name))
        if maker is None:
            raise Refusal(
                400,
                "INVALID_TRANSFORM",
                f"The transformation from {source.type.name} to {target.name} is not supported.",
            )
        defaults = maker(source, target, changes)
        for name, value in source.values.items():
            if name.startswith("custbody") and name in target.fields:
                defaults.setdefault(name, value)
        result = {name: value for name, value in defaults.items() if name in target.fields}
        for name, change in changes.items():
            if name == "item" and change is not None:
                lines = lines_of(changes, "item")
                result[name] = _lines(target, lines_of(defaults, "item"), lines, replace=name in replace)
            else:
                result = merged(target.fields, result, {name: change}, replace=replace)
        return result

    def perform(
        self, source: Record, target: RecordType, changes: Mapping[str, Any], replace: Collection[str] = ()
    ) -> Record:
        """Make the target. Raises Refusal."""
        values = self.form(source, target, changes, replace)
        return self._records.create(target, {name: value for name, value in values.items() if value is not None})

    def bill_shipment(self, shipment: Record) -> None:
        """Make the invoice of a shipment, as an account without Advanced Shipping does by itself."""
        order = self._records.transaction(int(shipment.values["createdFrom"]))
        shipped = [
            {"orderLine": line["orderLine"], "quantity": line["quantity"]} for line in shipment.values.get("item", [])
        ]
        changes = {"item": shipped, "tranDate": shipment.values["tranDate"]}
        self.perform(order, self._records.registry.get("invoice"), changes, replace=("item",))

    def _shipment(self, source: Record, target: RecordType, changes: Mapping[str, Any]) -> Values:
        self._insist_state(source, _OPEN_FOR_SHIPPING, target)
        place = changes.get("inventoryLocation")
        lines: list[Values] = []
        for line, state in zip(source.values["item"], self._orders.line_states(source), strict=True):
            picked = exact(line.get("quantityPicked")) if source.type.name == "salesOrder" else state.moved
            left = Decimal(0) if state.closed or not state.movable else state.ordered - max(picked, state.moved)
            if left <= 0:
                continue
            location = place or line.get("location") or source.values.get("location")
            lines.append(
                {
                    **_taken(line, (*_LINE, *_columns(line))),
                    "orderLine": line["line"],
                    "location": location,
                    "quantity": plain(left),
                    "quantityRemaining": plain(left),
                    "itemReceive": True,
                }
            )
        for line in lines:
            for name in ("rate", "price", "taxDetailsReference"):
                line.pop(name, None)
        header = _taken(source.values, ("entity", "shippingAddress", "shipMethod", "currency", "subsidiary", "memo"))
        return {**header, "createdFrom": str(source.id), "item": lines}

    def _bill(self, source: Record, target: RecordType, changes: Mapping[str, Any]) -> Values:
        self._insist_state(source, _OPEN_FOR_BILLING, target)
        lines: list[Values] = []
        for line, state in zip(source.values["item"], self._orders.line_states(source), strict=True):
            in_advance = self._records.settings.bill_in_advance or not state.movable
            left = state.to_bill if in_advance else state.moved_unbilled
            if left <= 0:
                continue
            lines.append(_copied(line, left))
        if not lines:
            raise user_error("You must enter at least one line item for this transaction.")
        values = {**_taken(source.values, _HEADER), "createdFrom": str(source.id), "item": lines}
        billed = [child for child in self._orders.children(source.id) if child.type.name == target.name]
        for name in ("shippingCost", "handlingCost"):
            done = sum((exact(child.values.get(name)) for child in billed), Decimal(0))
            rest = exact(source.values.get(name)) - done
            if rest > 0:
                values[name] = plain(rest)
        if source.values.get("taxDetails"):
            values["taxDetails"] = source.values["taxDetails"]
        return values

    def _copy(self, source: Record, target: RecordType, changes: Mapping[str, Any]) -> Values:
        if source.type.name == "salesOrder" and source.values["_letter"] in ("A", "C"):
            raise _wrong_state(source, target)
        lines: list[Values] = []
        for line in source.values["item"]:
            quantity = exact(line.get("quantity"))
            if source.type.name == "salesOrder":
                quantity = max(exact(line.get("quantityFulfilled")), exact(line.get("quantityBilled")))
            if quantity > 0:
                lines.append(_copied(line, quantity))
        if not lines:
            raise _wrong_state(source, target)
        sums = ("shippingCost", "handlingCost", "taxDetails", "paymentMethod")
        kept = sums if target.name != "returnAuthorization" else ()
        return {**_taken(source.values, (*_HEADER, *kept)), "createdFrom": str(source.id), "item": lines}

    def _credit(self, source: Record, target: RecordType, changes: Mapping[str, Any]) -> Values:
        named = [line.get("doc") for line in lines_of(changes, "apply")]
        if str(source.id) not in named:
            raise user_error("Please enter value(s) for: Apply. Name the invoice in apply.items.doc.", "apply")
        return self._copy(source, target, changes)

    def _pay(self, source: Record, target: RecordType, changes: Mapping[str, Any]) -> Values:
        left = self._applications.open_amount(source)
        if left <= 0:
            raise _wrong_state(source, target)
        header = _taken(source.values, ("currency", "exchangeRate", "subsidiary"))
        party = source.values.get("entity") or source.values.get("customer")
        return {**header, "customer": party, "apply": [{"doc": str(source.id), "apply": True}]}

    def _apply_deposit(self, source: Record, target: RecordType, changes: Mapping[str, Any]) -> Values:
        if self._applications.open_amount(source) <= 0:
            raise _wrong_state(source, target)
        header = _taken(source.values, ("currency", "exchangeRate", "subsidiary", "customer"))
        return {**header, "deposit": str(source.id)}

    def _take_deposit(self, source: Record, target: RecordType, changes: Mapping[str, Any]) -> Values:
        header = _taken(source.values, ("currency", "exchangeRate", "subsidiary"))
        total = plain(cents(exact(source.values["total"])))
        return {**header, "customer": source.values["entity"], "salesOrder": str(source.id), "payment": total}

    def _insist_state(self, source: Record, allowed: Collection[str], target: RecordType) -> None:
        if source.values["_letter"] not in allowed:
            raise _wrong_state(source, target)


def _wrong_state(source: Record, target: RecordType) -> Refusal:
    return user_error(
        f"Invalid {target.label} initialize reference: {source.type.label} {source.values.get('tranId')} has the "
        f"status {source.values.get('status')}. You cannot make a {target.label} of it."
    )


def _taken(values: Mapping[str, Any], names: Sequence[str]) -> Values:
    return {name: values[name] for name in names if values.get(name) is not None}


def _columns(line: Values) -> Sequence[str]:
    return [name for name in line if name.startswith("custcol")]


def _copied(line: Values, quantity: Decimal) -> Values:
    copied = {**_taken(line, (*_LINE, *_columns(line))), "orderLine": line["line"], "quantity": plain(quantity)}
    # The amount goes along only with the whole line: of a part it is worked out from the rate.
    if exact(line.get("quantity")) == quantity and line.get("amount") is not None:
        copied["amount"] = line["amount"]
    return copied


def _lines(target: RecordType, defaults: list[Values], changes: list[Values], *, replace: bool) -> list[Values]:
    known = target.fields["item"]
    by_line = {str(line["orderLine"]): line for line in defaults}
    result = {} if replace else dict(by_line)
    for number, change in enumerate(changes):
        key = str(change.get("orderLine") if change.get("orderLine") is not None else change.get("line"))
        path = f"item.items[{number}]"
        if key not in by_line:
            if change.get("item") is not None and change.get("orderLine") is None:
                result[f"new {number}"] = merged(known.fields, {}, change)
                continue
            if change.get("itemReceive") is False:
                continue
            raise invalid_content(
                f"Error while accessing a resource. The line with orderLine {key} does not exist or is not open.", path
            )
        kept = dict(by_line[key])
        if "amount" not in change and any(name in change for name in ("quantity", "rate")):
            kept.pop("amount", None)
        result[key] = merged(known.fields, kept, change)
    return [line for line in result.values() if line.get("quantity") != 0]
