"""What the blocking client offers for people and products. Each method hands one operation to the client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

from zoey_netsuite.zoey import resources
from zoey_netsuite.zoey.actions import ZoeyActions
from zoey_netsuite.zoey.bulk import BatchResult, Change
from zoey_netsuite.zoey.catalog_operations import PriceOperations, ProductOperations, StockOperations
from zoey_netsuite.zoey.errors import RecordError
from zoey_netsuite.zoey.filters import Filter
from zoey_netsuite.zoey.listings import Execute, Records
from zoey_netsuite.zoey.operations import ReadOperations, Values
from zoey_netsuite.zoey.paging import ListPage
from zoey_netsuite.zoey.party_operations import AccountOperations, CustomerOperations
from zoey_netsuite.zoey.records import (
    Account,
    Customer,
    CustomerAddress,
    GroupPrice,
    Product,
    ProductPrices,
    StockItem,
    TierPrice,
)
from zoey_netsuite.zoey.settings import ZoeyBehavior

T = TypeVar("T")

Results: TypeAlias = list[BatchResult]


class Group(Generic[T]):
    """Records of one kind."""

    def __init__(self, execute: Execute, operations: ReadOperations[T]) -> None:
        self._execute = execute
        self._read = operations

    def list(
        self,
        where: Mapping[str, Filter] | None = None,
        /,
        *,
        after: str | None = None,
        page_size: int | None = None,
        **filters: Filter,
    ) -> Records[T]:
        """All records that the filters let through, by ascending id; nothing is read before it is asked for.

        Args:
            where: filters by attribute, for names that are no Python names or are taken by an argument here.
            after: only records whose id is higher, to go on after an interruption.
            page_size: records to a call, 2 to 100.
            filters: by attribute: a value, or `gt(...)`, `in_(...)` …; all have to hold.

        Raises:
            ConfigurationError: a filter cannot be written.
        """
        pages = self._read.list({**(where or {}), **filters}, after=after, page_size=page_size)
        return Records(pages, self._execute)

    def list_each(
        self,
        where: Mapping[str, Filter] | None = None,
        /,
        *,
        after: str | None = None,
        page_size: int | None = None,
        **filters: Filter,
    ) -> Records[T | RecordError]:
        """As `list`, but where a record can't be read, the error comes in its place, with the record's id, and the
        others are read all the same.

        Raises:
            ConfigurationError: a filter cannot be written.
        """
        pages = self._read.each().list({**(where or {}), **filters}, after=after, page_size=page_size)
        return Records(pages, self._execute)

    def list_page(
        self,
        where: Mapping[str, Filter] | None = None,
        /,
        *,
        page: int = 1,
        limit: int | None = None,
        order: str | None = None,
        descending: bool = False,
        **filters: Filter,
    ) -> ListPage[T]:
        """One page by its number, in an order of choice. A page past the end may hold the last one's records again."""
        return self._execute(
            self._read.list_page(
                {**(where or {}), **filters}, page=page, limit=limit, order=order, descending=descending
            )
        )

    def list_page_each(
        self,
        where: Mapping[str, Filter] | None = None,
        /,
        *,
        page: int = 1,
        limit: int | None = None,
        order: str | None = None,
        descending: bool = False,
        **filters: Filter,
    ) -> ListPage[T | RecordError]:
        """As `list_page`, with an error in the place of each record that can't be read, as in `list_each`."""
        return self._execute(
            self._read.each().list_page(
                {**(where or {}), **filters}, page=page, limit=limit, order=order, descending=descending
            )
        )

    def get(self, id: str) -> T:
        """One record by its id.

        Raises:
            ZoeyNotFoundError: there is none.
        """
        return self._execute(self._read.get(id))


class Accounts(Group[Account]):
    """Companies."""

    def __init__(self, execute: Execute, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._operations = AccountOperations(resources.ACCOUNTS, behavior, actions)
        super().__init__(execute, self._operations)

    def create(self, values: Values) -> str:
        """Make an account and give its id."""
        return self._execute(self._operations.create(values))

    def update(self, id: str, values: Values) -> None:
        """Bring an account's fields to given values."""
        self._execute(self._operations.update(id, values))


class Customers(Group[Customer]):
    """People, and their address books."""

    def __init__(self, execute: Execute, behavior: ZoeyBehavior) -> None:
        self._operations = CustomerOperations(resources.CUSTOMERS, behavior)
        super().__init__(execute, self._operations)

    def create(self, values: Values) -> str:
        """Make a customer and give their id."""
        return self._execute(self._operations.create(values))

    def update(self, id: str, values: Values) -> None:
        """Bring a customer's fields to given values."""
        self._execute(self._operations.update(id, values))

    def delete(self, id: str) -> None:
        """Delete a customer."""
        self._execute(self._operations.delete(id))

    def addresses(self, customer_id: str) -> Records[CustomerAddress]:
        """A customer's address book."""
        return Records(self._operations.addresses(customer_id), self._execute)

    def address(self, address_id: str) -> CustomerAddress:
        """One address."""
        return self._execute(self._operations.address(address_id))

    def create_address(self, customer_id: str, values: Values) -> str:
        """Put an address into a customer's address book and give its id."""
        return self._execute(self._operations.create_address(customer_id, values))

    def update_address(self, address_id: str, values: Values) -> None:
        """Bring an address's fields to given values."""
        self._execute(self._operations.update_address(address_id, values))

    def delete_address(self, address_id: str) -> None:
        """Delete an address."""
        self._execute(self._operations.delete_address(address_id))


class Products(Group[Product]):
    """Products: made by hand in Zoey."""

    def __init__(self, execute: Execute, behavior: ZoeyBehavior) -> None:
        self._operations = ProductOperations(resources.PRODUCTS, behavior)
        super().__init__(execute, self._operations)

    def update(self, id: str, values: Values) -> None:
        """Bring a product's attributes to given values."""
        self._execute(self._operations.update(id, values))


class Prices(Group[ProductPrices]):
    """Prices, by product id. Lists leave out what depends on group and quantity; `get` has it."""

    def __init__(self, execute: Execute, behavior: ZoeyBehavior) -> None:
        self._operations = PriceOperations(resources.PRICES, behavior)
        super().__init__(execute, self._operations)

    def update(
        self,
        product_id: str,
        *,
        price: Decimal | None = None,
        special_price: Decimal | None = None,
        group_prices: Iterable[GroupPrice] | None = None,
        tier_prices: Iterable[TierPrice] | None = None,
    ) -> None:
        """Bring a product's prices to given values; None leaves one as it is, a list takes the place of the old one.

        Args:
            product_id: Zoey's entity id.
            price: base price, in the website's base currency, like all others.
            special_price: what it costs for the time being.
            group_prices: what customer groups pay.
            tier_prices: what is paid from quantities on.
        """
        self._execute(
            self._operations.update(
                product_id,
                price=price,
                special_price=special_price,
                group_prices=group_prices,
                tier_prices=tier_prices,
            )
        )


class Stock(Group[StockItem]):
    """How many of each product may be sold."""

    def __init__(self, execute: Execute, behavior: ZoeyBehavior) -> None:
        self._operations = StockOperations(resources.STOCK, behavior)
        super().__init__(execute, self._operations)

    def update(self, id: str, values: Values) -> None:
        """Bring a stock item's fields to given values."""
        self._execute(self._operations.update(id, values))

    def update_many(self, changes: Sequence[Change]) -> Results:
        """Bring many stock items to given values, in as few calls as the store allows.

        Args:
            changes: `StockChange`s, or mappings with `item_id` and what is to be set (`qty`, `is_in_stock` …).

        Returns:
            What became of each, in the order they were given. A refused entry stops no other.

        Raises:
            ConfigurationError: an entry names no stock item, or two the same; nothing was sent.
            ZoeyError: a whole call was refused.
        """
        return [result for operation in self._operations.update_many(changes) for result in self._execute(operation)]
