"""Orders between Zoey and NetSuite: a Zoey order as a sales order, with every amount that the buyer was shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal, TypeAlias, TypeVar

from attrs import evolve

from zoey_netsuite.checks import must_be_a, must_be_one_of
from zoey_netsuite.entities import JSON, Address, Lookup, Money, Order, OrderLine, cents
from zoey_netsuite.errors import ConfigurationError, MappingError
from zoey_netsuite.mapping import addresses, order_lines
from zoey_netsuite.mapping.base import everything
from zoey_netsuite.mapping.charges import Charges
from zoey_netsuite.mapping.context import MapContext, found_id
from zoey_netsuite.mapping.fields import FieldRule, must_fit, read, written
from zoey_netsuite.mapping.order_back import sales_order
from zoey_netsuite.mapping.order_checks import (
    all_lines,
    must_be_sendable,
    named,
    netsuite_id,
    unmapped,
    what_is_ordered,
)
from zoey_netsuite.mapping.order_lines import HANDLING, SHIPPING, SalesOrderLine
from zoey_netsuite.mapping.order_reading import OrderReader
from zoey_netsuite.mapping.order_wanted import must_be_divisible, still_wanted
from zoey_netsuite.mapping.places import Places
from zoey_netsuite.mapping.tables import Table
from zoey_netsuite.mapping.texts import NETSUITE_LENGTHS, TooLong, fitted, must_be_lengths
from zoey_netsuite.netsuite import Record
from zoey_netsuite.netsuite.values import NO_INTERNAL_ID, is_changed_id, is_internal_id

ZERO = Decimal(0)
T = TypeVar("T", bound=str)
Discounts: TypeAlias = Literal["order", "line"]
Charged: TypeAlias = Literal["cost", "line"]
Taxes: TypeAlias = Literal["netsuite", "override", "none"]

SOURCES: Mapping[str, frozenset[str]] = {
    "tranDate": frozenset({"created_at"}),
    "otherRefNum": frozenset({"po_number"}),
    "memo": frozenset({"number"}),
    "currency": frozenset({"total"}),
    "shipMethod": frozenset({"shipping_method"}),
    "terms": frozenset({"payment_method"}),
    "paymentMethod": frozenset({"payment_method"}),
    "shippingCost": frozenset({"shipping"}),
    "handlingCost": frozenset({"handling"}),
    "discountItem": frozenset({"discount"}),
    "discountRate": frozenset({"discount"}),
    "shippingAddress": frozenset({"shipping_address"}),
    "billingAddress": frozenset({"billing"}),
}
"""Which of an order's fields each field of the sales order's header shows; others are written with any change."""


class OrderMapper(OrderReader):
    """Turns Zoey's orders into sales orders. It works as it is; the options are for the usual, and each method can be
    overridden for the rest.

    Args:
        fields: rules for the header's further fields (`custbody_*`, location, department, class, subsidiary, form).
        line_fields: rules for the lines' further fields (`custcol_*`, location …).
        ship_methods: NetSuite's shipping item by Zoey's shipping method. Empty: `shipMethod` is left alone.
        terms: NetSuite's terms by Zoey's payment method; None for none. Empty: left alone (the customer's own apply).
        payment_methods: NetSuite's payment method by Zoey's. Empty: left alone.
        currencies: NetSuite's currency by ISO code; other currencies are looked up by their symbol.
        discounts: "order": one discount on the order; "line": line discounts as lines below theirs, the rest on the
            order.
        discount_item: the discount item that both ways need.
        shipping: "cost": in the order's shipping cost; "line": as a line with `shipping_item`.
        handling: as `shipping`, with `handling_item`.
        handling_from: the order's attribute that says what is charged for handling; None where there is none.
        handling_in_shipping: whether Zoey's shipping amount holds it already.
        prices_include_tax: whether Zoey's catalog prices include tax. Zoey's discounts then include tax, too
            (`hidden_tax_amount`); NetSuite gets them without it.
        taxes: "netsuite": it computes them; "override": Zoey's taxes as tax details, by line; "none": no tax at all.
            The last two need SuiteTax, as REST has no legacy tax (NetSuite: REST Web Services, Tax).
        tax_code, tax_type: internal ids that "override" puts into its tax details.
        places: finds the country and state of an address; yours may name regions that the table lacks.
        max_lengths: how long NetSuite's fields may be, in bytes, by field; add your own fields to `NETSUITE_LENGTHS`.
        too_long: "hold": an order with a longer text is held, with all such texts; "shorten": they are cut.

    Raises:
        ConfigurationError: options that contradict each other, or a field rule of a field that orders don't have.

    Example:
        >>> mapper = OrderMapper(
        ...     ship_methods=Table({"ups_ground": "4"}, otherwise="88"),
        ...     discount_item="15",
        ...     fields=[
        ...         field("custbody_delivery", attribute("delivery_date"), convert=as_date),
        ...         computed("custbody_needs_call", lambda order, ctx: order.total.amount > 10_000),
        ...         constant("location", {"id": "1"}),
        ...     ],
        ... )
    """

    def __init__(
        self,
        *,
        fields: Sequence[FieldRule[Order]] = (),
        line_fields: Sequence[FieldRule[OrderLine]] = (),
        ship_methods: Table | None = None,
        terms: Table | None = None,
        payment_methods: Table | None = None,
        currencies: Table | None = None,
        discounts: Discounts = "order",
        discount_item: str | None = None,
        shipping: Charged = "cost",
        shipping_item: str | None = None,
        handling: Charged = "cost",
        handling_item: str | None = None,
        handling_from: str | None = None,
        handling_in_shipping: bool = False,
        prices_include_tax: bool = False,
        taxes: Taxes = "netsuite",
        tax_code: str | None = None,
        tax_type: str | None = None,
        places: Places | None = None,
        max_lengths: Mapping[str, int] = NETSUITE_LENGTHS,
        too_long: TooLong = "hold",
    ) -> None:
        super().__init__(
            handling_from,
            handling_in_shipping=handling_in_shipping,
            prices_include_tax=prices_include_tax,
        )
        must_be_a("OrderMapper(prices_include_tax=…)", prices_include_tax, bool, "True or False")
        self.fields = must_fit(fields, Order, "OrderMapper(fields=…)")
        self.line_fields = must_fit(line_fields, OrderLine, "OrderMapper(line_fields=…)")
        self.ship_methods = _table("ship_methods", ship_methods)
        self.terms = _table("terms", terms)
        self.payment_methods = _table("payment_methods", payment_methods)
        self.currencies = _table("currencies", currencies)
        self.discounts: Discounts = _one_of("discounts", discounts, ("order", "line"))
        self.shipping: Charged = _one_of("shipping", shipping, ("cost", "line"))
        self.handling: Charged = _one_of("handling", handling, ("cost", "line"))
        self.taxes: Taxes = _one_of("taxes", taxes, ("netsuite", "override", "none"))
        self.tax_code = tax_code
        self.tax_type = tax_type
        self.places = Places() if places is None else places
        must_be_a("OrderMapper(places=…)", self.places, Places, "Places(regions=…)")
        must_be_lengths("OrderMapper(max_lengths=…)", max_lengths)
        self.max_lengths = dict(max_lengths)
        self.too_long: TooLong = _one_of("too_long", too_long, ("hold", "shorten"))
        self.charges = Charges(discount_item, shipping_item, handling_item)
        _must_have("shipping", shipping == "line", shipping_item=shipping_item)
        _must_have("handling", handling == "line", handling_item=handling_item)
        _must_have("taxes", taxes == "override", tax_code=tax_code, tax_type=tax_type)

    def needs(self, entity: Order) -> Sequence[Lookup]:
        """The products of all lines, and the currency where `currencies` does not name it."""
        products = dict.fromkeys(line.product_id for line in all_lines(entity.lines) if line.product_id is not None)
        asked = [Lookup.zoey("products", "entity_id", product) for product in products]
        symbol = entity.total.currency
        return asked if symbol in self.currencies else [*asked, Lookup.netsuite("currency", "symbol", symbol)]

    def to_netsuite(self, entity: Order, changed: frozenset[str], ctx: MapContext) -> dict[str, JSON]:
        """The sales order's fields, all but `entity`, `externalId` and `orderStatus`, which the sync adds.

        Only what is still wanted of the order is written: what was canceled or refunded is left out, in quantities and
        in amounts. Amounts and quantities are `Decimal`; the NetSuite client writes them as JSON numbers.

        Args:
            entity: the order.
            changed: names of the fields that differ; `everything(order)` for a new sales order.
            ctx: with what `needs` asked for in `ctx.found`.

        Raises:
            MappingError: a line has no NetSuite item (all of them are named), a value is in no table, a rule fails, a
                region is unknown, a text is too long.
        """
        new = changed >= everything(entity)
        record = named(entity)
        must_be_divisible(entity, record)
        entity = still_wanted(entity)
        header = self.header(entity, ctx)
        if not new:
            header = {name: value for name, value in header.items() if name in SOURCES and SOURCES[name] & changed}
            if "po_number" in changed:
                header.setdefault("otherRefNum", None)
        payload = {**header, **written(self.fields, entity, None if new else changed, ctx, record)}
        if new or "lines" in changed:
            payload.update(self.lines(entity, ctx))
        return fitted(payload, self.max_lengths, self.too_long, record, 'OrderMapper(too_long="shorten")')

    def from_netsuite(self, record: Record, ctx: MapContext) -> Order:
        """A sales order as NetSuite gives it back, with its amounts by component; read with expanded sublists.

        `zoey_id` is "", as NetSuite does not know it; discount, shipping and handling lines are counted as such. The
        currency's code is found in `currencies`, or in `ctx.found` where `needs` had it looked up; else NetSuite's name
        of it stands for it.

        Raises:
            MappingError: an amount is none, or a field rule can't read its field.
        """
        order = sales_order(record, self.charges, self.currencies, ctx.found)
        return read(self.fields, order, record.fields, f"sales order {order.number} (id {record.id})")

    def header(self, order: Order, ctx: MapContext) -> dict[str, JSON]:
        """The header of a new sales order, without the field rules."""
        header: dict[str, JSON] = {"memo": self.memo(order), "currency": {"id": self.currency(order, ctx)}}
        day = None if order.created_at is None else ctx.day(order.created_at)
        if day is not None:
            header["tranDate"] = day.isoformat()
        if order.po_number:
            header["otherRefNum"] = order.po_number
        header |= self._from_tables(order)
        # Always said, so that a shipping item's own rate rule adds nothing.
        header["shippingCost"] = _cents(order.shipping) if self.shipping == "cost" else ZERO
        if order.handling.amount and self.handling == "cost":
            header["handlingCost"] = _cents(order.handling)
        discount = self.order_discount(order)
        if discount:
            header["discountItem"] = {"id": self.discount_item(order)}
            header["discountRate"] = format(-discount, "f")
        for name, address in (("shippingAddress", order.shipping_address), ("billingAddress", order.billing)):
            if address is not None:
                try:
                    header[name] = self.address(address, ctx)
                except MappingError as problem:
                    raise MappingError(f"{named(order)}: {name}: {problem}", field=problem.field) from problem
        return header

    def memo(self, order: Order) -> str:
        """What the sales order's memo says."""
        return f"Zoey order {order.number}"

    def currency(self, order: Order, ctx: MapContext) -> str:
        """NetSuite's id of the order's currency. Raises MappingError where it has none."""
        symbol = order.total.currency
        if symbol in self.currencies:
            found = self.currencies.get(symbol, what=f"{named(order)}: currency", name="currencies")
        else:
            rows = ctx.rows(Lookup.netsuite("currency", "symbol", symbol))
            what = f"the currency with the symbol {symbol}"
            found = found_id(rows[0], what) if rows else self.currencies.otherwise
        if found is None:
            msg = (
                f"{named(order)}: NetSuite has no currency with the symbol {symbol}: add it there, or name its id in"
                f' OrderMapper(currencies=Table({{"{symbol}": …}}))'
            )
            raise MappingError(msg, field="currency")
        return found

    def order_discount(self, order: Order) -> Decimal:
        """What is taken off the order as a whole, positive: what its lines do not show where lines show theirs."""
        discount = order.discount.amount
        if self.discounts == "line":
            discount -= sum((order_lines.own_or_parts(line, "discount") for line in order.lines), ZERO)
        return max(cents(discount, order.total.currency), ZERO)

    def discount_item(self, order: Order) -> str:
        """The discount item of an order that has a discount. Raises MappingError where none is set."""
        if self.charges.discount_item is None:
            msg = (
                f"{named(order)} has a discount of {order.discount}, which needs a discount item:"
                " set OrderMapper(discount_item=…)"
            )
            raise MappingError(msg, field="discountItem")
        return self.charges.discount_item

    def address(self, address: Address, ctx: MapContext) -> dict[str, JSON]:
        """A shipping or billing address as a subrecord."""
        return addresses.subrecord(address, self.places, self.max_lengths)

    def item(self, line: OrderLine, ctx: MapContext) -> str | None:
        """NetSuite's internal id of what a line is; None where there is none, so that the order can't be sent.

        By default what the product's NetSuite id attribute says (`ctx.attributes.netsuite_id`).

        Raises:
            MappingError: the attribute holds something that is no internal id.
        """
        given = netsuite_id(line, ctx)
        if given and not is_internal_id(given):
            raise MappingError(what_is_ordered(line, ctx), field="item")
        return given or None

    def lines(self, order: Order, ctx: MapContext) -> dict[str, JSON]:
        """The item lines of a new sales order, with those for discounts, shipping and handling, and the tax details."""
        parts = self.parts(order, ctx)
        with_tax = self.taxes == "override"
        rows: list[dict[str, JSON]] = []
        details: list[dict[str, JSON]] = []
        for number, part in enumerate(parts, start=1):
            reference = f"line{number}" if with_tax else None
            rows.append(self.line(part, order, reference, ctx))
            if self.discounts == "line" and part.discount:
                rows.append(order_lines.discount_line(self.discount_item(order), part.discount))
            if reference is not None and part.tax:
                basis = part.amount - part.discount
                details.append(self.tax_detail(reference, part.tax, basis, part.line.tax_rate, order, ctx))
        rows += self._charge_lines(order, with_tax)
        if with_tax and order.shipping_tax.amount:
            tax, basis = _cents(order.shipping_tax), _cents(order.shipping)
            details.append(self.tax_detail(SHIPPING, tax, basis, None, order, ctx))
        taxes = {"taxDetailsOverride": True, "taxDetails": {"items": details}} if self.taxes != "netsuite" else {}
        return {"item": {"items": rows}, **taxes}

    def line(self, part: SalesOrderLine, order: Order, reference: str | None, ctx: MapContext) -> dict[str, JSON]:
        """One line with goods, the field rules' fields included."""
        record = f"{named(order)}, SKU {part.line.sku}"
        return {**order_lines.item_line(part, reference), **written(self.line_fields, part.line, None, ctx, record)}

    def tax_detail(
        self, reference: str, tax: Decimal, basis: Decimal, rate: Decimal | None, order: Order, ctx: MapContext
    ) -> dict[str, JSON]:
        """One tax detail of "override": what is taxed, by how much, with which code."""
        return {
            "taxDetailsReference": reference,
            "taxType": {"id": self.tax_type},
            "taxCode": {"id": self.tax_code},
            "taxBasis": basis,
            "taxRate": order_lines.percent(tax, basis, rate),
            "taxAmount": tax,
        }

    def parts(self, order: Order, ctx: MapContext) -> list[SalesOrderLine]:
        """The lines to be sent: a bundle whose product is a NetSuite item as that item, any other as its components.

        Raises:
            MappingError: there is no line, or some have no item; all of those are named.
        """
        made: list[SalesOrderLine] = []
        missing: list[str] = []
        must_be_sendable(order)
        for line in order.lines:
            before = len(missing)
            item = self._item(line, ctx, missing, optional=bool(line.components))
            if item is not None:
                made.append(order_lines.whole(line, item))
            elif len(missing) == before:
                for part in order_lines.split(line):
                    found = self._item(part.line, ctx, missing)
                    if found is not None:
                        made.append(evolve(part, item=found))
        if missing:
            raise unmapped(order, missing, ctx)
        return made

    def _item(self, line: OrderLine, ctx: MapContext, missing: list[str], *, optional: bool = False) -> str | None:
        """NetSuite's id of what a line is; why there is none is added to `missing`, unless there need be none."""
        try:
            found = self.item(line, ctx)
        except MappingError as problem:
            missing.append(str(problem))
            return None
        if found is None and not optional:
            missing.append(what_is_ordered(line, ctx))
        return found

    def _from_tables(self, order: Order) -> dict[str, JSON]:
        tables = (
            ("shipMethod", self.ship_methods, "ship_methods", "shipping method", order.shipping_method),
            ("terms", self.terms, "terms", "payment method", order.payment_method),
            ("paymentMethod", self.payment_methods, "payment_methods", "payment method", order.payment_method),
        )
        found: dict[str, JSON] = {}
        for target, table, name, what, value in tables:
            if not table or (value is None and table.otherwise is None):
                continue
            mapped = table.get(value, what=f"{named(order)}: {what}", name=name, field=target)
            found[target] = None if mapped is None else {"id": mapped}
        return found

    def _charge_lines(self, order: Order, with_tax: bool) -> Iterator[dict[str, JSON]]:
        charged = (
            (self.shipping, self.charges.shipping_item, order.shipping, SHIPPING),
            (self.handling, self.charges.handling_item, order.handling, HANDLING),
        )
        for how, item, money, reference in charged:
            if how == "line" and item is not None and money.amount:
                yield order_lines.charge_line(item, _cents(money), reference if with_tax else None)


def _cents(money: Money) -> Decimal:
    return cents(money.amount, money.currency)


def _table(name: str, given: Table | None) -> Table:
    if given is None:
        return Table()
    must_be_a(f"OrderMapper({name}=…)", given, Table, 'a Table({"…": "…"})')
    for value, id in [*given.mapping.items(), ("all others", given.otherwise)]:
        if id is not None and is_changed_id(id):
            raise ConfigurationError(f"OrderMapper({name}=…) maps {value!r} to {id!r}, which is {NO_INTERNAL_ID}")
    return given


def _one_of(name: str, given: T, allowed: Sequence[str]) -> T:
    must_be_one_of(f"OrderMapper({name}=…)", given, allowed)
    return given


def _must_have(name: str, wanted: bool, **options: str | None) -> None:
    missing = [option for option, value in options.items() if not value]
    if wanted and missing:
        msg = f"OrderMapper({name}=…) as it is needs {' and '.join(missing)}, too: NetSuite's internal id"
        raise ConfigurationError(msg)
