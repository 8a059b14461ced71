"""How orders come to be, and how they are edited: what buyers and the people in the admin do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from zoey_netsuite.sandbox.exchange import JSON
from zoey_netsuite.sandbox.zoey import accounts, sales, stock
from zoey_netsuite.sandbox.zoey.errors import Refused, bad_request
from zoey_netsuite.sandbox.zoey.kinds import ACCOUNTS, CUSTOMERS, ORDERS, PRODUCTS
from zoey_netsuite.sandbox.zoey.records import Document
from zoey_netsuite.sandbox.zoey.shop import Shop, nested_as_kept
from zoey_netsuite.sandbox.zoey.values import as_array, decimal_text, entries, number, text

_QUANTITIES = ("qty_invoiced", "qty_shipped", "qty_refunded", "qty_canceled")
COMPUTED = ("subtotal", "tax_amount", "grand_total", "total_paid", "total_refunded", "total_due", "order_items")
_LINE = ("product_id", "sku", "qty", "price", "name", "original_price", "parent_id", "parent_sku")
_AMOUNTS = ("discount_amount", "tax_amount", "tax_percent", "base_cost")
_SERIES = "order_number"


def place(
    shop: Shop,
    items: Sequence[Mapping[str, JSON]],
    header: Mapping[str, JSON],
    *,
    quiet: bool = False,
    relations: Mapping[str, JSON] | None = None,
) -> Document:
    """Place an order.

    Args:
        shop: the store.
        items: lines, each `{"product_id" or "sku", "qty"}` and, if wanted, `price`, `discount_amount`, `tax_amount`,
            `tax_percent`, `base_cost`, or anything of the merchant's own. A line with `parent_id` or `parent_sku`
            names the simple product of that configurable one, and becomes two order items.
        header: attributes of the order: `customer_id` or `customer_email`, `addresses`, `shipping_amount`,
            `shipping_tax_amount`, `discount_amount` (of the order beyond the lines', positive), `po_number`, …
        quiet: whether it is history: no stock is counted down and nobody gets an e-mail.
        relations: the numbers that tie an edited order to the one before it.

    Raises:
        Refused: for a product or customer that is not there, no lines, or an amount that follows from them.
    """
    computed = [name for name in COMPUTED if name in header]
    if computed:
        raise bad_request(f"{computed[0]} of an order follows from its lines, shipping and discount.")
    if not items:
        raise bad_request("An order needs a line.")
    order_items = [entry for line in items for entry in _order_items(shop, line)]
    given = {name: value for name, value in header.items() if name not in ("items", "entity_id")}
    order = {**_buyer(shop, given), **(shop.accepted(ORDERS, given) if given else {})}
    order["order_items"] = order_items
    order["addresses"] = order_addresses(shop, order.get("addresses") or [])
    _add_up(order, number(given.get("discount_amount")))
    order.update(
        base_currency_code=order.get("base_currency_code") or shop.settings.currency,
        order_currency_code=order.get("order_currency_code") or shop.settings.currency,
        increment_id=_order_number(shop, order.get("increment_id")),
        **(relations or {}),
    )
    sales.set_state(shop.settings, order, order.get("state") or "new", order.get("status"))
    order["_comments"] = []
    order = shop.create(ORDERS, order, int(header["entity_id"]) if "entity_id" in header else None)
    if not quiet:
        _move_stock(shop, order, -1)
        shop.send_mail(order.get("customer_email"), "order", f"orders/{order['entity_id']}")
        _count_sale(shop, order)
    return order


def cancel(shop: Shop, order: Document, *, quiet: bool = False) -> Document:
    """Cancel an order; quietly, without moving stock. Raises Refused when it is paid, done or on hold."""
    if not sales.can_cancel(order):
        raise bad_request("Order can not be canceled.")
    canceled = {item["item_id"]: sales.to_cancel(item) for item in sales.lines(order)}
    for item in sales.lines(order):
        sales.count(order, item, "qty_canceled", canceled[item["item_id"]])
    sales.set_state(shop.settings, order, "canceled")
    shop.save(ORDERS, order)
    if shop.settings.cancel_returns_stock and not quiet:
        for item in sales.lines(order):
            return_stock(shop, order, item, canceled[item["item_id"]])
    return order


def edit(
    shop: Shop, order: Document, items: Sequence[Mapping[str, JSON]] | None, changes: Mapping[str, JSON]
) -> Document:
    """Edit an order the way the store does: cancel it, and place a new one that points back. Returns the new one."""
    edits = int(number(order.get("edit_increment"))) + 1
    original = order.get("original_increment_id") or order["increment_id"]
    relations = {
        "relation_parent_id": order["entity_id"],
        "relation_parent_real_id": order["increment_id"],
        "original_increment_id": original,
        "edit_increment": str(edits),
    }
    kept = {name: value for name, value in order.items() if name in _kept_by_edit(shop)}
    kept["discount_amount"] = -number(order["discount_amount"]) - sum(
        (number(item["discount_amount"]) for item in sales.lines(order)), Decimal(0)
    )
    before = items if items is not None else [_line_again(order, item) for item in sales.lines(order)]
    cancel(shop, order)
    new = place(shop, before, {**kept, **changes, "increment_id": f"{original}-{edits}"}, relations=relations)
    order.update(relation_child_id=new["entity_id"], relation_child_real_id=new["increment_id"])
    shop.save(ORDERS, order)
    return new


def return_stock(shop: Shop, order: Document, item: Document, quantity: Decimal) -> None:
    """Put so many of a line back on the shelf."""
    stock.move(shop, _stocked(order, item)["product_id"], quantity)


def _order_number(shop: Shop, given: str | None) -> str:
    first = shop.settings.order_number
    if given is None:
        return str(shop.records.next_number(_SERIES, first))
    if given.isascii() and given.isdigit():
        shop.records.not_below(_SERIES, max(int(given), first - 1))
    return given


def _kept_by_edit(shop: Shop) -> set[str]:
    own = set(shop.records.attributes(ORDERS)) - set(ORDERS.attributes)
    header = "customer_id customer_email customer_is_guest customer_group_id customer_firstname customer_lastname"
    rest = "company_id company_location_id payment_method shipping_method shipping_description shipping_amount"
    return {*own, *header.split(), *rest.split(), "shipping_tax_amount", "coupon_code", "po_number", "addresses"}


def _line_again(order: Document, item: Document) -> Document:
    line = {"product_id": _stocked(order, item)["product_id"], "qty": item["qty_ordered"], "price": item["price"]}
    if _stocked(order, item) is not item:
        line["parent_id"] = item["product_id"]
    return {**line, **{name: item[name] for name in _AMOUNTS}}


def _stocked(order: Document, item: Document) -> Document:
    children = [each for each in entries(order, "order_items") if each.get("parent_item_id") == item["item_id"]]
    return children[0] if children else item


def _order_items(shop: Shop, line: Mapping[str, JSON]) -> Sequence[Document]:
    simple = _product(shop, line, "product_id", "sku")
    configurable = _product(shop, line, "parent_id", "parent_sku")
    if simple is None:
        raise bad_request(f"Product {line.get('product_id') or line.get('sku')} does not exist.")
    item = _order_item(shop, configurable or simple, simple, line)
    if configurable is None:
        return [item]
    # Magento: the parent carries the price and its child's SKU; the child is what is picked, at no price.
    nothing = {"price": 0, "original_price": 0, "qty": line.get("qty", 1)}
    child = _order_item(shop, simple, simple, nothing)
    return [item, {**child, "parent_item_id": item["item_id"]}]


def _product(shop: Shop, line: Mapping[str, JSON], by_id: str, by_sku: str) -> Document | None:
    if line.get(by_id) is not None:
        return shop.records.get(PRODUCTS, str(line[by_id]))
    sku = line.get(by_sku)
    return next(iter(shop.records.find(PRODUCTS, "sku", sku)), None) if sku is not None else None


def _order_item(shop: Shop, product: Document, simple: Document, line: Mapping[str, JSON]) -> Document:
    price = line.get("price", product.get("special_price") or product.get("price") or "0")
    quantity = line.get("qty", 1)
    return {
        "item_id": str(shop.records.next_number("order_item")),
        "parent_item_id": None,
        "product_id": product["entity_id"],
        "product_type": product["type_id"],
        "sku": simple["sku"],
        "name": line.get("name", product.get("name")),
        "price": decimal_text(price),
        "original_price": decimal_text(line.get("original_price", price)),
        "qty_ordered": decimal_text(quantity),
        **dict.fromkeys(_QUANTITIES, "0.0000"),
        "row_total": decimal_text(sales.in_cents(number(price) * number(quantity))),
        **{name: decimal_text(line.get(name, 0)) for name in _AMOUNTS},
        **{name: nested_as_kept(value) for name, value in line.items() if name not in (*_LINE, *_AMOUNTS)},
    }


def _buyer(shop: Shop, header: Mapping[str, JSON]) -> Document:
    customer_id = text(header.get("customer_id"))
    if customer_id is None:
        return {"customer_id": None, "customer_is_guest": "1", "customer_group_id": "0"}
    customer = shop.records.get(CUSTOMERS, customer_id)
    if customer is None:
        raise bad_request(f"Customer {customer_id} does not exist.")
    buyer: Document = {
        "customer_id": customer["entity_id"],
        "customer_email": customer["email"],
        "customer_firstname": customer["firstname"],
        "customer_lastname": customer["lastname"],
        "customer_is_guest": "0",
        "customer_group_id": customer.get("group_id"),
    }
    found = accounts.of_customer(shop, customer)
    if found is not None:
        buyer.update(company_id=found[0]["id"], company_location_id=found[1].get("company_location_id"))
    return buyer


def order_addresses(shop: Shop, given: JSON) -> Sequence[Document]:
    """Addresses as an order keeps them: copies with ids of their own, the street in one string."""
    kept: list[Document] = []
    for address in entries({"addresses": nested_as_kept(given)}, "addresses"):
        street = as_array(address.get("street"))
        joined = address.get("street") if street is None else "\n".join(part for part in street if part)
        kept.append({"entity_id": str(shop.records.next_number("order_address")), **address, "street": joined})
    return kept


def _add_up(order: Document, order_discount: Decimal) -> None:
    rows = sales.lines(order)
    subtotal = sum((number(row["row_total"]) for row in rows), Decimal(0))
    discount = order_discount + sum((number(row["discount_amount"]) for row in rows), Decimal(0))
    shipping, shipping_tax = number(order.get("shipping_amount")), number(order.get("shipping_tax_amount"))
    tax = shipping_tax + sum((number(row["tax_amount"]) for row in rows), Decimal(0))
    total = subtotal - discount + shipping + tax
    order.update(
        subtotal=decimal_text(subtotal),
        # Magento writes an order's discount as a negative amount, and a line's as a positive one.
        discount_amount=decimal_text(-discount),
        shipping_amount=decimal_text(shipping),
        shipping_tax_amount=decimal_text(shipping_tax),
        tax_amount=decimal_text(tax),
        grand_total=decimal_text(total),
        total_paid="0.0000",
        total_refunded="0.0000",
        total_due=decimal_text(total),
    )


def _move_stock(shop: Shop, order: Document, direction: int) -> None:
    if shop.settings.counts_down:
        for item in sales.lines(order):
            return_stock(shop, order, item, direction * number(item["qty_ordered"]))


def _count_sale(shop: Shop, order: Document) -> None:
    if not order.get("company_id"):
        return
    try:
        account = shop.required(ACCOUNTS, order["company_id"])
    except Refused:
        return
    sales.add(account, "total_sales", number(order["grand_total"]))
    account.update(last_order_date=order["created_at"], has_placed_order="1")
    shop.save(ACCOUNTS, account)
