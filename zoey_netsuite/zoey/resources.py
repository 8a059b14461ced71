"""What each resource is called, where it lies, and as which record it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar, cast

from attrs import Factory, evolve, field, frozen

from zoey_netsuite.http.operation import JSON
from zoey_netsuite.zoey.errors import RecordError
from zoey_netsuite.zoey.paging import Paging
from zoey_netsuite.zoey.records.accounts import Account, Customer, CustomerAddress
from zoey_netsuite.zoey.records.catalog import Product, ProductPrices, StockItem
from zoey_netsuite.zoey.records.documents import CreditMemo, Invoice, Shipment
from zoey_netsuite.zoey.records.orders import Comment, Order, OrderAddress, OrderItem
from zoey_netsuite.zoey.structure import names_of, record_reader
from zoey_netsuite.zoey.values import to_text

T = TypeVar("T")


def _names(record: type) -> frozenset[str]:
    return frozenset(names_of(record))


@frozen
class Resource(Generic[T]):
    """A kind of record that the store has.

    Attributes:
        name: in the plural, as the client's attribute is called.
        noun: in the singular, for messages.
        path: of the list, under the base address.
        record: its class.
        key: the attribute that identifies a record; "" where there is none.
        paging: how its list is read to its end.
        convert: turns a record's JSON into the record; None: into its class.
        fields: what Zoey calls the record's fields.
        label: what its calls are counted as, the same for all lists of the kind; "" for `name`.
    """

    name: str
    noun: str
    path: str
    record: type[T]
    key: str = "entity_id"
    paging: Paging = Paging.BY_KEY
    convert: Callable[[JSON], T] | None = field(default=None, repr=False)
    label: str = ""
    fields: frozenset[str] = field(default=Factory(lambda one: _names(one.record), takes_self=True), repr=False)

    @property
    def read(self) -> Callable[[JSON], T]:
        """Turns a record's JSON into the record."""
        return self.convert or record_reader(self.record, self.noun)

    def unread(self) -> Resource[Mapping[str, JSON]]:
        """The same list, with records as they come."""
        raw = Resource[Mapping[str, JSON]]
        return raw(
            self.name, self.noun, self.path, dict[str, JSON], self.key, self.paging, _as_it_comes, fields=self.fields
        )

    def each(self) -> Resource[T | RecordError]:
        """The same list, with an error in the place of each record that can't be read."""
        read = self.read

        def read_or_say(value: JSON) -> T | RecordError:
            if isinstance(value, RecordError):
                return value
            try:
                return read(value)
            except RecordError as problem:
                said = RecordError(str(problem), field=problem.field, id=to_text(value[self.key]), record=value)
                said.__cause__ = problem.__cause__
                return said

        return evolve(cast("Resource[T | RecordError]", self), convert=read_or_say)

    def below(self, path: str, name: str) -> Resource[T]:
        """The same kind of record, as a list below another record: short, and read by page number."""
        return evolve(self, path=path, name=name, paging=Paging.BY_NUMBER, label=self.label or self.name)


def _as_it_comes(value: JSON) -> Mapping[str, JSON]:
    if isinstance(value, RecordError):  # a row without a readable id answers no question
        return {}
    found: Mapping[str, JSON] = value
    return found


ACCOUNTS = Resource("accounts", "account", "/companyAccounts/list", Account, "id", Paging.BY_NUMBER)
CUSTOMERS = Resource("customers", "customer", "/customers", Customer)
CUSTOMER_ADDRESSES = Resource("addresses", "customer address", "/customers/addresses", CustomerAddress)
PRODUCTS = Resource("products", "product", "/products", Product)
PRICES = Resource("prices", "product", "/products", ProductPrices)
STOCK = Resource("stock", "stock item", "/stockitems", StockItem, "item_id")
ORDERS = Resource("orders", "order", "/orders", Order)
ORDER_ITEMS = Resource("items", "order item", "/orders/items", OrderItem, "item_id", Paging.BY_NUMBER)
ORDER_ADDRESSES = Resource("addresses", "order address", "/orders/addresses", OrderAddress, "", Paging.BY_NUMBER)
ORDER_COMMENTS = Resource("comments", "comment", "/orders/comments", Comment, "", Paging.BY_NUMBER)
SHIPMENTS = Resource("shipments", "shipment", "/shipments", Shipment)
INVOICES = Resource("invoices", "invoice", "/invoices", Invoice)
CREDIT_MEMOS = Resource("credit_memos", "credit memo", "/creditmemos", CreditMemo)
