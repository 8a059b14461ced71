"""The kinds of record that a store has: their names, keys and attributes, and how their lists look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import frozen

from zoey_netsuite.sandbox.zoey.settings import ListShape

AttributeType: TypeAlias = Literal["text", "number", "decimal", "time", "nested"]


@frozen
class Kind:
    """One kind of record.

    Attributes:
        name: as in the resource's path.
        key: the attribute that identifies a record.
        attributes: all standard ones but the key, with how each is compared and shown. `number` is a whole number or a
            flag, `decimal` money or a quantity with four places, `nested` neither filtered nor ordered by.
        indexed: attributes that are looked up often.
        shape: of a list, where the settings do not say otherwise.
        repeats_last_page: whether a page past the end repeats the last one.
    """

    name: str
    key: str
    attributes: Mapping[str, AttributeType]
    indexed: tuple[str, ...] = ()
    shape: ListShape = "map"
    repeats_last_page: bool = True

    @property
    def table(self) -> str:
        """The table that holds the records."""
        return f"zoey_{self.name}"


def _attributes(
    *, text: str = "", number: str = "", decimal: str = "", time: str = "", nested: str = ""
) -> dict[str, AttributeType]:
    named: dict[str, AttributeType] = {}
    groups: tuple[tuple[AttributeType, str], ...] = (
        ("text", text),
        ("number", number),
        ("decimal", decimal),
        ("time", time),
        ("nested", nested),
    )
    for kind, names in groups:
        named.update(dict.fromkeys(names.split(), kind))
    return named


PRODUCTS = Kind(
    "products",
    "entity_id",
    _attributes(
        text="type_id sku name description short_description url_key",
        number="attribute_set_id status visibility tax_class_id",
        decimal="price special_price weight cost",
        time="special_from_date special_to_date created_at updated_at",
        nested="group_price tier_price",
    ),
    indexed=("sku", "updated_at"),
)
STOCK_ITEMS = Kind(
    "stockitems",
    "item_id",
    _attributes(
        text="product_sku",
        number="product_id stock_id is_in_stock manage_stock use_config_manage_stock backorders use_config_backorders "
        "use_config_min_qty is_qty_decimal",
        decimal="qty min_qty",
        time="updated_at",
    ),
    indexed=("product_id",),
    shape="array",
)
ACCOUNTS = Kind(
    "accounts",
    "id",
    _attributes(
        text="name external_id tax_id payment_methods shipping_methods invoice_payment_methods location_name role_id",
        number="type status customer_group_id fallback_customer_group_id tax_class_id default_location_id "
        "default_billing_address_id company_location_id global_company_location_id location_id customer_count "
        "enable_all_shipping_methods enable_all_payment_methods enable_all_invoice_payment_methods has_placed_order",
        decimal="total_sales total_sales_paid",
        time="last_order_date",
        nested="sales_reps locations addresses customers contacts netterm storecredit notes main_contacts "
        "default_main_contact main_contact_names customer_admins customer_admin_main_contacts",
    ),
    shape="array",
    repeats_last_page=False,
)
CUSTOMERS = Kind(
    "customers",
    "entity_id",
    _attributes(
        text="firstname middlename lastname prefix suffix email created_in confirmation taxvat",
        number="website_id group_id disable_auto_group_change",
        time="created_at updated_at last_logged_in",
    ),
    indexed=("email", "updated_at"),
)
ADDRESSES = Kind(
    "addresses",
    "entity_id",
    _attributes(
        text="firstname middlename lastname prefix suffix company city region postcode country_id telephone fax vat_id",
        number="customer_id region_id is_default_billing is_default_shipping",
        time="created_at updated_at",
        nested="street",
    ),
    indexed=("customer_id",),
    shape="array",
)
ORDERS = Kind(
    "orders",
    "entity_id",
    _attributes(
        text="increment_id status state customer_email customer_firstname customer_lastname base_currency_code "
        "order_currency_code payment_method shipping_method shipping_description coupon_code po_number "
        "relation_parent_real_id relation_child_real_id original_increment_id discount_description",
        number="customer_id customer_is_guest customer_group_id company_id company_location_id relation_parent_id "
        "relation_child_id edit_increment",
        decimal="subtotal discount_amount shipping_amount shipping_tax_amount tax_amount grand_total total_paid "
        "total_refunded total_due",
        time="created_at updated_at",
        nested="addresses order_items",
    ),
    indexed=("increment_id", "updated_at", "customer_id"),
)
_DOCUMENT = "increment_id"
SHIPMENTS = Kind(
    "shipments",
    "entity_id",
    _attributes(
        text=_DOCUMENT,
        number="order_id",
        decimal="total_qty",
        time="created_at updated_at",
        nested="items comments tracks",
    ),
    indexed=("order_id", "updated_at"),
)
INVOICES = Kind(
    "invoices",
    "entity_id",
    _attributes(
        text=_DOCUMENT,
        number="order_id state",
        decimal="subtotal discount_amount grand_total shipping_amount tax_amount",
        time="created_at updated_at",
        nested="items comments",
    ),
    indexed=("order_id", "updated_at"),
)
CREDIT_MEMOS = Kind(
    "creditmemos",
    "entity_id",
    _attributes(
        text=_DOCUMENT,
        number="order_id invoice_id",
        decimal="subtotal discount_amount tax_amount grand_total adjustment_positive adjustment_negative "
        "shipping_amount",
        time="created_at updated_at",
        nested="items comments",
    ),
    indexed=("order_id", "updated_at"),
)
CARTS = Kind("carts", "id", _attributes(text="order", nested="products customer addresses payment shipping attributes"))
OUTBOX = Kind("outbox", "id", _attributes(text="subject to about", time="sent_at", nested="details"))

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        PRODUCTS,
        STOCK_ITEMS,
        ACCOUNTS,
        CUSTOMERS,
        ADDRESSES,
        ORDERS,
        SHIPMENTS,
        INVOICES,
        CREDIT_MEMOS,
        CARTS,
        OUTBOX,
    )
}
