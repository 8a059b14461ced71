"""Lists by key: each page begins after the highest id of the one before, so that changes meanwhile move nothing."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

from attrs import frozen

from zoey_netsuite.checks import must_be_id
from zoey_netsuite.http.operation import JSON, Operation, Pages, Response, ResultPage
from zoey_netsuite.wording import is_nameless
from zoey_netsuite.zoey.answers import Rows, read_date, read_entries

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LARGEST_PAGE = 100
"""More is refused (Magento 1, REST API, GET Filters)."""
SMALLEST_PAGE = 2
"""One record alone does not show in which order they come."""
Params = Sequence[tuple[str, str]]


class Paging(enum.Enum):
    """How a list is read to its end."""

    BY_KEY = "by key"
    """After the highest id so far: for lists that can be filtered and ordered by the record's id."""
    BY_NUMBER = "by number"
    """By page numbers whose pages overlap: for all others."""


@frozen
class ListPage(ResultPage[T_co]):
    """A page of records.

    Attributes:
        date: the store's time as it answered, aware, UTC; None where the answer does not say. The first page's, less a
            margin, is where the next look for changes begins.
        after: the highest id on this page and those before it, to go on from after an interruption
            (`list(..., after=...)`); None where the list is not read by key.
    """

    date: datetime | None = None
    after: str | None = None


@frozen
class Listing(Generic[T]):
    """A list that can be asked for.

    Attributes:
        name: what it holds, in the plural, for messages.
        path: under the base address.
        rows: how its records are told apart.
        read: turns a record's JSON into the record.
        kind: a label for metrics.
    """

    name: str
    path: str
    rows: Rows
    read: Callable[[JSON], T]
    kind: str

    def ask(
        self, params: Params, limit: int, page: int, read: Callable[[Response], ListPage[T]]
    ) -> Operation[ResultPage[T]]:
        """One call of the list."""
        return Operation(
            name=f"list {self.name}",
            method="GET",
            path=self.path,
            read=read,
            kind=self.kind,
            params=(*params, ("limit", str(limit)), ("page", str(page))),
        )

    def page(self, params: Params, limit: int, page: int) -> Operation[ListPage[T]]:
        """One page by its number, as it comes."""

        def read(response: Response) -> ListPage[T]:
            entries = read_entries(response, self.rows)
            return ListPage([self.read(entry) for _, entry in entries], None, read_date(response))

        return self.ask(params, limit, page, read)  # type: ignore[return-value]  # `read` gives a ListPage


def in_order(ids: Sequence[str]) -> bool:
    """Whether ids ascend, as numbers."""
    numbers = [whole_number(each) for each in ids]
    return all(one < two for one, two in pairwise(numbers))


def whole_number(id: str) -> int:
    """An id as the number that lists are ordered by."""
    if not id.isdecimal():
        raise ValueError(f"{id!r} is no number, and reading by key needs numbers: use Paging.BY_NUMBER")
    return int(id)


def pages_by_key(
    listing: Listing[T],
    filters: Callable[[str | None], Params],
    *,
    after: str | None,
    limit: int,
    otherwise: Callable[[Sequence[str], int, str | None], Operation[ResultPage[T]]],
) -> Pages[T]:
    """Read a list by key.

    Args:
        listing: which.
        filters: the query parameters for the records after an id, or for all.
        after: begin after this id.
        limit: records to a page.
        otherwise: how to go on where the store turns out not to filter or order by the key: by page number, given the
            ids that were handed out, how many records were passed, and the id that all have to follow.
    """

    if after is not None:
        must_be_id("after=…", after)

    def step(start: str | None, first: Sequence[str] | None) -> Operation[ResultPage[T]]:
        floor = None if start is None else whole_number(start)

        def read(response: Response) -> ListPage[T]:
            entries = dict(read_entries(response, listing.rows))
            ids, date = [id for id in entries if not is_nameless(id)], read_date(response)
            if floor is not None and any(whole_number(each) <= floor for each in ids):
                if first is None and start != after:
                    raise ValueError(f"it holds records that were filtered out by {listing.rows.key}")
                return ListPage((), otherwise(first or (), len(first or ()), after), date, start)
            items = [listing.read(entry) for entry in entries.values()]
            if len(entries) < limit:
                return ListPage(items, None, date, _highest(ids, start))
            if not ids:
                raise ValueError(f"no record of the page has a number in {listing.rows.key}: use Paging.BY_NUMBER")
            if not in_order(ids):
                if start != after:
                    raise ValueError(f"it is not ordered by {listing.rows.key}")
                return ListPage(items, otherwise(ids, len(ids), after), date)
            return ListPage(items, step(ids[-1], ids if start == after else None), date, ids[-1])

        return listing.ask(filters(start), limit, 1, read)

    return Pages(step(after, None))


def _highest(ids: Sequence[str], start: str | None) -> str | None:
    return max(ids, key=whole_number) if ids else start
