"""The calls of Zoey's API that are alike for all resources, as data: what to send, how to read, whether to repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar
from urllib.parse import quote

from attrs import field, frozen

from zoey_netsuite.checks import must_be_id
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.answers import read_json
from zoey_netsuite.http.operation import JSON, Operation, Pages, Response, ResultPage, Safety
from zoey_netsuite.zoey.answers import Rows, read_created_id, read_nothing, refuse_messages
from zoey_netsuite.zoey.errors import RecordError
from zoey_netsuite.zoey.filters import Filter, gt, write_filters
from zoey_netsuite.zoey.paging import LARGEST_PAGE, SMALLEST_PAGE, Listing, ListPage, Paging, Params, pages_by_key
from zoey_netsuite.zoey.resources import Resource
from zoey_netsuite.zoey.settings import ZoeyBehavior
from zoey_netsuite.zoey.values import is_object, write_json
from zoey_netsuite.zoey.windows import ByNumber

T = TypeVar("T")

Values = Mapping[str, object]
"""A record's fields by Zoey's own names. Flags are sent as 1 and 0, decimals and times as text, None as null."""


def path_of(resource: str, id: str, *more: str) -> str:
    """A record's path, and what lies below it.

    Raises:
        ConfigurationError: the id is empty; the path would be the whole list's.
    """
    must_be_id(f"the id of a record under {resource}", id)
    if not id.strip():
        raise ConfigurationError(f"An id is needed to name a record under {resource}; the one given is empty.")
    return "/".join((resource, quote(id, safe=""), *more))


def body_of(values: Values, action: str) -> dict[str, JSON]:
    """A record's fields as they are sent.

    Raises:
        ConfigurationError: there are none, or one cannot be sent.
    """
    if not values:
        raise ConfigurationError(f"Nothing to {action}: no field was given.")
    try:
        return dict(write_json(values))
    except ValueError as problem:
        raise ConfigurationError(f"Cannot {action}: {problem}.") from None


@frozen
class ReadOperations(Generic[T]):
    """Listing and reading one resource's records.

    Attributes:
        resource: which.
        behavior: how the store differs from others.
    """

    resource: Resource[T]
    behavior: ZoeyBehavior = field(factory=ZoeyBehavior)

    def list(
        self, filters: Mapping[str, Filter], *, after: str | None = None, page_size: int | None = None
    ) -> Pages[T]:
        """Read all records that the filters let through, by ascending id or by page number."""
        size = page_size if page_size is not None else self.behavior.page_size
        if not SMALLEST_PAGE <= size <= LARGEST_PAGE:
            raise ConfigurationError(f"page_size is {size}: {SMALLEST_PAGE} to {LARGEST_PAGE} records make a page.")
        resource = self.resource
        paging = self.behavior.paging.get(resource.name, resource.paging)
        listing = self._listing()
        if paging is Paging.BY_NUMBER:
            if after is not None:
                raise ConfigurationError(
                    f"{resource.name} are read by page number, so the list cannot begin after id {after}."
                )
            return Pages(ByNumber(listing, write_filters(filters), size).start())
        order = (("order", resource.key), ("dir", "asc"))

        def params(start: str | None) -> Params:
            following = {} if start is None else {resource.key: gt(start)}
            return (*_joined(filters, following), *order)

        def by_number(seen: Sequence[str], passed: int, floor: str | None) -> Operation[ResultPage[T]]:
            return ByNumber(listing, params(None), size, floor).start(seen, passed)

        return pages_by_key(listing, params, after=after, limit=size, otherwise=by_number)

    def each(self) -> ReadOperations[T | RecordError]:
        """The same, with an error in the place of each record that can't be read."""
        return ReadOperations(self.resource.each(), self.behavior)

    def list_page(
        self,
        filters: Mapping[str, Filter],
        *,
        page: int = 1,
        limit: int | None = None,
        order: str | None = None,
        descending: bool = False,
    ) -> Operation[ListPage[T]]:
        """Read one page by its number. See `list` for reading all."""
        params = write_filters(filters)
        if order is not None:
            # Magento documents `dsc` and takes whatever is not `asc` for descending.
            params += [("order", order), ("dir", "dsc" if descending else "asc")]
        return self._listing().page(params, limit or self.behavior.page_size, page)

    def get(self, id: str) -> Operation[T]:
        """Read one record."""
        resource = self.resource
        return read_one(f"read {resource.noun} {id}", path_of(resource.path, id), resource)

    def _listing(self) -> Listing[T]:
        resource = self.resource
        kind = f"{resource.label or resource.name}.list"
        paging = self.behavior.paging.get(resource.name, resource.paging)
        rows = Rows(resource.noun, resource.key, resource.fields, by_key=paging is Paging.BY_KEY)
        return Listing(resource.name, resource.path, rows, resource.read, kind)


def _joined(filters: Mapping[str, Filter], more: Mapping[str, Filter]) -> Params:
    """Filters with another one, on the same attribute perhaps."""
    from_user = write_filters(filters)
    used = len({name.partition("]")[0] for name, _ in from_user})
    return [*from_user, *write_filters(more, first=used + 1)]


def read_one(name: str, path: str, resource: Resource[T], params: Params = (), kind: str | None = None) -> Operation[T]:
    """Read one record from a path."""

    def read(response: Response) -> T:
        found = read_json(response)
        refuse_messages(found)
        if not is_object(found):
            raise ValueError(f"the body is a JSON {type(found).__name__} where {resource.noun} was expected")
        return resource.read(found)

    return Operation(
        name=name, method="GET", path=path, read=read, kind=kind or f"{resource.name}.get", params=tuple(params)
    )


def create(
    name: str, path: str, body: JSON, kind: str, read: Callable[[Response], T], timeout: float | None = None
) -> Operation[T]:
    """Make something. A lost answer is never followed by a repetition."""
    return Operation(
        name=name, method="POST", path=path, read=read, kind=kind, json=body, safety=Safety.ONCE, timeout=timeout
    )


def create_record(resource: Resource[T], values: Values) -> Operation[str]:
    """Make a record; the result is its id."""
    name = f"create {resource.noun}"
    return create(name, resource.path, body_of(values, name), f"{resource.name}.create", read_created_id)


def update(name: str, path: str, body: JSON, kind: str) -> Operation[None]:
    """Bring a record's fields to given values."""
    return Operation(
        name=name, method="PUT", path=path, read=read_nothing, kind=kind, json=body, safety=Safety.REPEATABLE
    )


def update_record(resource: Resource[T], id: str, values: Values) -> Operation[None]:
    """Bring a record's fields to given values."""
    name = f"update {resource.noun} {id}"
    return update(name, path_of(resource.path, id), body_of(values, name), f"{resource.name}.update")


def delete_record(resource: Resource[T], id: str) -> Operation[None]:
    """Delete a record. Repeated after a lost answer it may find nothing any more, which is an error of its own."""
    return Operation(
        name=f"delete {resource.noun} {id}",
        method="DELETE",
        path=path_of(resource.path, id),
        read=read_nothing,
        kind=f"{resource.name}.delete",
        safety=Safety.REPEATABLE,
    )
