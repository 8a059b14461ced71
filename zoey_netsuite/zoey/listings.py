"""Lists as they are handed to the user: nothing is read before it is asked for, and each loop reads anew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Generic, Protocol, TypeVar, cast

from zoey_netsuite.http.operation import Operation, Pages, ResultPage
from zoey_netsuite.zoey.paging import ListPage

T = TypeVar("T")


class Execute(Protocol):
    """Makes calls, blocking."""

    def __call__(self, operation: Operation[T], /) -> T:
        """Make one call and give its result."""
        ...


class ExecuteAsync(Protocol):
    """Makes calls, awaited."""

    def __call__(self, operation: Operation[T], /) -> Awaitable[T]:
        """Make one call and give its result."""
        ...


class Records(Generic[T]):
    """Records of the store: loop over it, or over its `pages()`.

    Each record that is there throughout comes exactly once, whatever is added, removed or changed meanwhile.
    """

    def __init__(self, pages: Pages[T], execute: Execute) -> None:
        self._first = pages.first
        self._execute = execute

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def pages(self) -> Iterator[ListPage[T]]:
        """Page by page; each has the store's `date`, and `after`, the id to go on from. A page may hold nothing."""
        following: Operation[ResultPage[T]] | None = self._first
        while following is not None:
            page = cast("ListPage[T]", self._execute(following))
            yield page
            following = page.next

    def first(self) -> T | None:
        """The first record, or None where there is none."""
        return next(iter(self), None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._first.name}>"


class AsyncRecords(Generic[T]):
    """Records of the store: loop over it with `async for`, or over its `pages()`. See `Records`."""

    def __init__(self, pages: Pages[T], execute: ExecuteAsync) -> None:
        self._first = pages.first
        self._execute = execute

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[ListPage[T]]:
        """Page by page; each has the store's `date`, and `after`, the id to go on from. A page may hold nothing."""
        following: Operation[ResultPage[T]] | None = self._first
        while following is not None:
            page = cast("ListPage[T]", await self._execute(following))
            yield page
            following = page.next

    async def first(self) -> T | None:
        """The first record, or None where there is none."""
        async for item in self:
            return item
        return None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._first.name}>"
