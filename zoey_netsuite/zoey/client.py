"""The clients of a Zoey store, blocking and async."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar

from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.http.credentials import bound
from zoey_netsuite.http.drivers import AsyncDriver, CallHook, Driver
from zoey_netsuite.http.limits import Limiter, Limits
from zoey_netsuite.http.operation import JSON, Operation, Pages, Response
from zoey_netsuite.http.retry import Retry
from zoey_netsuite.http.transport import AsyncHttpxTransport, AsyncTransport, HttpxTransport, Transport
from zoey_netsuite.zoey import async_groups, async_order_groups, groups, order_groups
from zoey_netsuite.zoey.actions import ZoeyActions
from zoey_netsuite.zoey.auth import TAKES, ZoeyAuth
from zoey_netsuite.zoey.listings import AsyncRecords, Records
from zoey_netsuite.zoey.settings import ZoeyAttributes, ZoeyBehavior, settings
from zoey_netsuite.zoey.store import Store, checked, find, raw

T = TypeVar("T")

PER_SECOND = 2.0
"""Calls a second that a store is taken to bear; its quota is not documented."""


class ZoeyClient:
    """A Zoey store. Safe to use from many threads; a context manager that gives back its connections.

    Args:
        base_url: the store's address, `https://shop.example.com`.
        auth: `zoey.OAuth1Auth` or `zoey.ClientCredentialsAuth`.
        attributes: how the merchant's own attributes are called.
        actions: the calls that are not public, where the store's differ from those assumed.
        behavior: how its lists and bulk calls are made.
        limiter: how many calls it bears; share one between all clients of a store. By default 2 a second.
        retry: how patient to be.
        transport: what sends the requests; by default httpx.
        clock: what waits and tells the time.
        timeout: seconds to wait for an answer, where a call has no time-out of its own.
        user_agent: how this application is called; what fronts the store refuses callers without a name.
        allow_http: let an address without TLS pass, though it is not on this machine.
        on_call: told of every request that was made.

    Raises:
        ConfigurationError: the address cannot be a store's.
    """

    def __init__(
        self,
        base_url: str,
        auth: ZoeyAuth,
        *,
        attributes: ZoeyAttributes | None = None,
        actions: ZoeyActions | None = None,
        behavior: ZoeyBehavior | None = None,
        limiter: Limiter | None = None,
        retry: Retry | None = None,
        transport: Transport | None = None,
        clock: Clock | None = None,
        timeout: float = 60.0,
        user_agent: str | None = None,
        allow_http: bool = False,
        on_call: CallHook | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self.attributes = settings(attributes, ZoeyAttributes)
        self.actions = settings(actions, ZoeyActions)
        self.behavior = settings(behavior, ZoeyBehavior)
        self._store = Store.at(base_url, timeout=timeout, user_agent=user_agent, allow_http=allow_http)
        self._driver = Driver(
            self._store,
            bound(auth, TAKES),
            limiter or Limits(per_second=PER_SECOND, clock=clock),
            retry or Retry(),
            clock,
            on_call,
            transport=transport or HttpxTransport(),
        )
        self.accounts = groups.Accounts(self.execute, self.behavior, self.actions)
        self.customers = groups.Customers(self.execute, self.behavior)
        self.products = groups.Products(self.execute, self.behavior)
        self.prices = groups.Prices(self.execute, self.behavior)
        self.stock = groups.Stock(self.execute, self.behavior)
        self.orders = order_groups.Orders(self.execute, self.behavior, self.actions)
        self.shipments = order_groups.Shipments(self.execute, self.behavior, self.actions)
        self.invoices = order_groups.Invoices(self.execute, self.behavior, self.actions)
        self.credit_memos = order_groups.CreditMemos(self.execute, self.behavior, self.actions)
        self.carts = order_groups.Carts(self.execute)

    @property
    def base_url(self) -> str:
        """The store's address, without a path of the API."""
        return self._store.address

    @property
    def host(self) -> str:
        """The store's host, with its port where it has one of its own: what tells stores apart."""
        return self._store.host

    @property
    def calls(self) -> Counter[str]:
        """How many requests were made so far, by kind."""
        return self._driver.calls

    def execute(self, operation: Operation[T]) -> T:
        """Make a call.

        Raises:
            ZoeyError: the store refused it.
            TransportError: no answer came; `OutcomeUnknown` if it may have happened all the same.
            RecordError: a record of the answer cannot be read.
        """
        return self._driver.run(checked(operation))

    def iterate(self, pages: Pages[T]) -> Iterator[T]:
        """All items of a list; a page is read when its first item is asked for."""
        return iter(Records(pages, self.execute))

    def raw(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        json: JSON = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> Response:
        """Make any call, signed, limited and retried as all others.

        Args:
            method: as in HTTP.
            path: under the API's base address, `/products/12`.
            params: query parameters, decoded.
            json: the body; `content` where it is not JSON.
            headers: besides the usual ones.
            repeatable: whether it may be made again when an answer was lost; reading always may.

        Raises:
            ZoeyError: the store refused it.
            TransportError: no answer came; `OutcomeUnknown` if it may have happened all the same.
        """
        return self.execute(
            raw(method, path, params=params, json=json, content=content, headers=headers, repeatable=repeatable)
        )

    def find(self, resource: str, attribute: str, values: Iterable[str]) -> Iterator[Mapping[str, JSON]]:
        """All records of a resource whose attribute has one of these values, as Zoey sends them.

        Args:
            resource: a group's name: "orders", "customers", "products", "stock", "accounts" …
            attribute: by Zoey's name.
            values: any number; they are asked for in several calls.

        Raises:
            ConfigurationError: there is no such resource.
        """
        for pages in find(resource, attribute, values, self.behavior, self.actions):
            yield from self.iterate(pages)

    def close(self) -> None:
        """Give back the connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"ZoeyClient({self.base_url!r})"


class AsyncZoeyClient:
    """A Zoey store, awaited. See `ZoeyClient` for the arguments.

    Raises:
        ConfigurationError: the address cannot be a store's.
    """

    def __init__(
        self,
        base_url: str,
        auth: ZoeyAuth,
        *,
        attributes: ZoeyAttributes | None = None,
        actions: ZoeyActions | None = None,
        behavior: ZoeyBehavior | None = None,
        limiter: Limiter | None = None,
        retry: Retry | None = None,
        transport: AsyncTransport | None = None,
        clock: Clock | None = None,
        timeout: float = 60.0,
        user_agent: str | None = None,
        allow_http: bool = False,
        on_call: CallHook | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self.attributes = settings(attributes, ZoeyAttributes)
        self.actions = settings(actions, ZoeyActions)
        self.behavior = settings(behavior, ZoeyBehavior)
        self._store = Store.at(base_url, timeout=timeout, user_agent=user_agent, allow_http=allow_http)
        self._driver = AsyncDriver(
            self._store,
            bound(auth, TAKES),
            limiter or Limits(per_second=PER_SECOND, clock=clock),
            retry or Retry(),
            clock,
            on_call,
            transport=transport or AsyncHttpxTransport(),
        )
        self.accounts = async_groups.Accounts(self.execute, self.behavior, self.actions)
        self.customers = async_groups.Customers(self.execute, self.behavior)
        self.products = async_groups.Products(self.execute, self.behavior)
        self.prices = async_groups.Prices(self.execute, self.behavior)
        self.stock = async_groups.Stock(self.execute, self.behavior)
        self.orders = async_order_groups.Orders(self.execute, self.behavior, self.actions)
        self.shipments = async_order_groups.Shipments(self.execute, self.behavior, self.actions)
        self.invoices = async_order_groups.Invoices(self.execute, self.behavior, self.actions)
        self.credit_memos = async_order_groups.CreditMemos(self.execute, self.behavior, self.actions)
        self.carts = async_order_groups.Carts(self.execute)

    @property
    def base_url(self) -> str:
        """The store's address, without a path of the API."""
        return self._store.address

    @property
    def host(self) -> str:
        """The store's host, with its port where it has one of its own: what tells stores apart."""
        return self._store.host

    @property
    def calls(self) -> Counter[str]:
        """How many requests were made so far, by kind."""
        return self._driver.calls

    async def execute(self, operation: Operation[T]) -> T:
        """Make a call. See `ZoeyClient.execute`."""
        return await self._driver.run(checked(operation))

    def iterate(self, pages: Pages[T]) -> AsyncIterator[T]:
        """All items of a list; a page is read when its first item is asked for."""
        return aiter(AsyncRecords(pages, self.execute))

    async def raw(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        json: JSON = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> Response:
        """Make any call. See `ZoeyClient.raw`."""
        return await self.execute(
            raw(method, path, params=params, json=json, content=content, headers=headers, repeatable=repeatable)
        )

    async def find(self, resource: str, attribute: str, values: Iterable[str]) -> AsyncIterator[Mapping[str, JSON]]:
        """All records of a resource whose attribute has one of these values. See `ZoeyClient.find`."""
        for pages in find(resource, attribute, values, self.behavior, self.actions):
            async for record in self.iterate(pages):
                yield record

    async def aclose(self) -> None:
        """Give back the connections."""
        await self._driver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"AsyncZoeyClient({self.base_url!r})"
