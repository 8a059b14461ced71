"""What the async client offers, by resource. Each method hands one operation to the client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

from zoey_netsuite.zoey import resources
from zoey_netsuite.zoey.actions import Quantities, ZoeyActions
from zoey_netsuite.zoey.bulk import BatchResult, Change
from zoey_netsuite.zoey.cart_operations import CartOperations
from zoey_netsuite.zoey.catalog_operations import PriceOperations, ProductOperations, StockOperations
from zoey_netsuite.zoey.filters import Filter
from zoey_netsuite.zoey.listings import AsyncRecords, ExecuteAsync
from zoey_netsuite.zoey.operations import ReadOperations, Values
from zoey_netsuite.zoey.order_operations import OrderOperations
from zoey_netsuite.zoey.paging import ListPage
from zoey_netsuite.zoey.party_operations import AccountOperations, CustomerOperations
from zoey_netsuite.zoey.records import (
    Account,
    Comment,
    CreditMemo,
    Customer,
    CustomerAddress,
    GroupPrice,
    Invoice,
    Order,
    OrderAddress,
    OrderItem,
    Product,
    ProductPrices,
    Shipment,
    StockItem,
    TierPrice,
    Track,
)
from zoey_netsuite.zoey.settings import ZoeyBehavior

T = TypeVar("T")

Results: TypeAlias = list[BatchResult]


class Group(Generic[T]):
    """Records of one kind."""

    def __init__(self, execute: ExecuteAsync, operations: ReadOperations[T]) -> None:
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
    ) -> AsyncRecords[T]:
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
        return AsyncRecords(pages, self._execute)

    async def list_page(
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
        return await self._execute(
            self._read.list_page(
                {**(where or {}), **filters}, page=page, limit=limit, order=order, descending=descending
            )
        )

    async def get(self, id: str) -> T:
        """One record by its id.

        Raises:
            ZoeyNotFoundError: there is none.
        """
        return await self._execute(self._read.get(id))


class Accounts(Group[Account]):
    """Companies."""

    def __init__(self, execute: ExecuteAsync, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._operations = AccountOperations(resources.ACCOUNTS, behavior, actions)
        super().__init__(execute, self._operations)

    async def create(self, values: Values) -> str:
        """Make an account and give its id."""
        return await self._execute(self._operations.create(values))

    async def update(self, id: str, values: Values) -> None:
        """Bring an account's fields to given values."""
        await self._execute(self._operations.update(id, values))


class Customers(Group[Customer]):
    """People, and their address books."""

    def __init__(self, execute: ExecuteAsync, behavior: ZoeyBehavior) -> None:
        self._operations = CustomerOperations(resources.CUSTOMERS, behavior)
        super().__init__(execute, self._operations)

    async def create(self, values: Values) -> str:
        """Make a customer and give their id."""
        return await self._execute(self._operations.create(values))

    async def update(self, id: str, values: Values) -> None:
        """Bring a customer's fields to given values."""
        await self._execute(self._operations.update(id, values))

    async def delete(self, id: str) -> None:
        """Delete a customer."""
        await self._execute(self._operations.delete(id))

    def addresses(self, customer_id: str) -> AsyncRecords[CustomerAddress]:
        """A customer's address book."""
        return AsyncRecords(self._operations.addresses(customer_id), self._execute)

    async def address(self, address_id: str) -> CustomerAddress:
        """One address."""
        return await self._execute(self._operations.address(address_id))

    async def create_address(self, customer_id: str, values: Values) -> str:
        """Put an address into a customer's address book and give its id."""
        return await self._execute(self._operations.create_address(customer_id, values))

    async def update_address(self, address_id: str, values: Values) -> None:
        """Bring an address's fields to given values."""
        await self._execute(self._operations.update_address(address_id, values))

    async def delete_address(self, address_id: str) -> None:
        """Delete an address."""
        await self._execute(self._operations.delete_address(address_id))


class Products(Group[Product]):
    """Products: made by hand in Zoey."""

    def __init__(self, execute: ExecuteAsync, behavior: ZoeyBehavior) -> None:
        self._operations = ProductOperations(resources.PRODUCTS, behavior)
        super().__init__(execute, self._operations)

    async def update(self, id: str, values: Values) -> None:
        """Bring a product's attributes to given values."""
        await self._execute(self._operations.update(id, values))


class Prices(Group[ProductPrices]):
    """Prices, by product id. Lists leave out what depends on group and quantity; `get` has it."""

    def __init__(self, execute: ExecuteAsync, behavior: ZoeyBehavior) -> None:
        self._operations = PriceOperations(resources.PRICES, behavior)
        super().__init__(execute, self._operations)

    async def update(
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
        await self._execute(
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

    def __init__(self, execute: ExecuteAsync, behavior: ZoeyBehavior) -> None:
        self._operations = StockOperations(resources.STOCK, behavior)
        super().__init__(execute, self._operations)

    async def update(self, id: str, values: Values) -> None:
        """Bring a stock item's fields to given values."""
        await self._execute(self._operations.update(id, values))

    async def update_many(self, changes: Sequence[Change]) -> Results:
        """Bring many stock items to given values, in as few calls as the store allows.

        Args:
            changes: `StockChange`s, or mappings with `item_id` and what is to be set (`qty`, `is_in_stock` …).

        Returns:
            What became of each, in the order they were given. A refused entry stops no other.

        Raises:
            ConfigurationError: an entry names no stock item, or two the same; nothing was sent.
            ZoeyError: a whole call was refused.
        """
        return [
            result for operation in self._operations.update_many(changes) for result in await self._execute(operation)
        ]


class Orders(Group[Order]):
    """Orders. They are created by placing a cart."""

    def __init__(self, execute: ExecuteAsync, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._operations = OrderOperations(resources.ORDERS, behavior, actions)
        super().__init__(execute, self._operations)

    async def update(self, id: str, values: Values) -> None:
        """Bring an order's attributes to given values."""
        await self._execute(self._operations.update(id, values))

    async def cancel(self, order_id: str) -> None:
        """Cancel an order; a paid one cannot be, it takes a credit memo."""
        await self._execute(self._operations.cancel(order_id))

    async def hold(self, order_id: str) -> None:
        """Put an order on hold."""
        await self._execute(self._operations.hold(order_id))

    async def unhold(self, order_id: str) -> None:
        """Release an order from hold."""
        await self._execute(self._operations.unhold(order_id))

    async def comment(self, order_id: str, comment: str, *, status: str | None = None, notify: bool = False) -> None:
        """Write a comment into an order's history.

        Args:
            order_id: Zoey's entity id.
            comment: its words.
            status: the order's new status, within its state.
            notify: whether the buyer is e-mailed.
        """
        await self._execute(self._operations.comment(order_id, comment, status=status, notify=notify))

    def comments(self, order_id: str) -> AsyncRecords[Comment]:
        """An order's history."""
        return AsyncRecords(self._operations.comments(order_id), self._execute)

    def items(self, order_id: str) -> AsyncRecords[OrderItem]:
        """An order's lines."""
        return AsyncRecords(self._operations.items(order_id), self._execute)

    def addresses(self, order_id: str) -> AsyncRecords[OrderAddress]:
        """An order's addresses."""
        return AsyncRecords(self._operations.addresses(order_id), self._execute)

    def shipments(self, order_id: str) -> AsyncRecords[Shipment]:
        """An order's shipments."""
        return AsyncRecords(self._operations.shipments(order_id), self._execute)

    def invoices(self, order_id: str) -> AsyncRecords[Invoice]:
        """An order's invoices."""
        return AsyncRecords(self._operations.invoices(order_id), self._execute)

    def credit_memos(self, order_id: str) -> AsyncRecords[CreditMemo]:
        """An order's credit memos."""
        return AsyncRecords(self._operations.credit_memos(order_id), self._execute)


class Shipments(Group[Shipment]):
    """What was sent."""

    def __init__(self, execute: ExecuteAsync, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._actions = actions
        super().__init__(execute, ReadOperations(actions.shipments, behavior))

    async def create(
        self,
        order_id: str,
        *,
        items: Quantities | None = None,
        tracks: Sequence[Track] = (),
        comment: str | None = None,
        notify: bool = True,
    ) -> str:
        """Ship an order and give the shipment's id.

        Args:
            order_id: Zoey's entity id.
            items: how many of each order item, by its id; None for all that are left.
            tracks: the packages' tracking numbers.
            comment: written into the shipment.
            notify: whether the buyer is e-mailed.
        """
        return await self._execute(
            self._actions.create_shipment(order_id, items=items, tracks=tracks, comment=comment, notify=notify)
        )


class Invoices(Group[Invoice]):
    """Records of payment."""

    def __init__(self, execute: ExecuteAsync, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._actions = actions
        super().__init__(execute, ReadOperations(actions.invoices, behavior))

    async def create(
        self,
        order_id: str,
        *,
        items: Quantities | None = None,
        capture: bool | None = None,
        comment: str | None = None,
        notify: bool = False,
    ) -> str:
        """Record a payment of an order and give the invoice's id.

        Args:
            order_id: Zoey's entity id.
            items: how many of each order item, by its id; None for all that are left.
            capture: whether a card that was authorized is charged; None leaves it to the store.
            comment: written into the invoice.
            notify: whether the buyer is e-mailed.
        """
        return await self._execute(
            self._actions.create_invoice(order_id, items=items, capture=capture, comment=comment, notify=notify)
        )


class CreditMemos(Group[CreditMemo]):
    """What was given back."""

    def __init__(self, execute: ExecuteAsync, behavior: ZoeyBehavior, actions: ZoeyActions) -> None:
        self._actions = actions
        super().__init__(execute, ReadOperations(actions.credit_memos, behavior))

    async def create(
        self,
        order_id: str,
        *,
        items: Quantities | None = None,
        shipping_amount: Decimal | None = None,
        adjustment_positive: Decimal | None = None,
        adjustment_negative: Decimal | None = None,
        comment: str | None = None,
        notify: bool = False,
    ) -> str:
        """Give back what was paid for an order and give the credit memo's id.

        Amounts are in the order's currency; None leaves one to the store.

        Args:
            order_id: Zoey's entity id.
            items: how many of each order item, by its id; None for all.
            shipping_amount: what is given back of the shipping cost.
            adjustment_positive: what is given back beyond that.
            adjustment_negative: what is kept as a fee.
            comment: written into the credit memo.
            notify: whether the buyer is e-mailed.
        """
        return await self._execute(
            self._actions.create_credit_memo(
                order_id,
                items=items,
                shipping_amount=shipping_amount,
                adjustment_positive=adjustment_positive,
                adjustment_negative=adjustment_negative,
                comment=comment,
                notify=notify,
            )
        )


class Carts:
    """Carts, which become orders."""

    def __init__(self, execute: ExecuteAsync) -> None:
        self._execute = execute
        self._operations = CartOperations()

    async def create(self) -> str:
        """Begin a cart and give its id."""
        return await self._execute(self._operations.create())

    async def add_products(self, cart_id: str, quantities: Mapping[str, Decimal | int]) -> None:
        """Put products into a cart: how many, by product id."""
        await self._execute(self._operations.add_products(cart_id, quantities))

    async def set_customer(self, cart_id: str, customer_id: str, company_location_id: str | None = None) -> None:
        """Say who buys, and for which location of their account."""
        await self._execute(self._operations.set_customer(cart_id, customer_id, company_location_id))

    async def set_addresses(
        self, cart_id: str, billing_address_id: str, shipping_address_id: str | None = None
    ) -> None:
        """Say which of the account's addresses are billed and shipped to; by default the same."""
        await self._execute(self._operations.set_addresses(cart_id, billing_address_id, shipping_address_id))

    async def set_payment(self, cart_id: str, method: str) -> None:
        """Say how it is paid: `netterm`, `free`, `cryozonic_stripe` …"""
        await self._execute(self._operations.set_payment(cart_id, method))

    async def set_shipping(self, cart_id: str, method: str) -> None:
        """Say how it is shipped: carrier and service, as `flatrate_flatrate`."""
        await self._execute(self._operations.set_shipping(cart_id, method))

    async def set_attributes(self, cart_id: str, values: Values) -> None:
        """Set attributes of the order to be, such as `po_number`."""
        await self._execute(self._operations.set_attributes(cart_id, values))

    async def place(self, cart_id: str) -> str:
        """Make an order of a cart and give its number. It takes a store ten seconds and more."""
        return await self._execute(self._operations.place(cart_id))
