"""Bulk updates of stock: split into calls, and what became of each entry, in the order they were given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import frozen

from zoey_netsuite.errors import APIError, ConfigurationError
from zoey_netsuite.http.answers import read_object
from zoey_netsuite.http.operation import JSON, Operation, Response, Safety
from zoey_netsuite.zoey.errors import entry_error, unexpected
from zoey_netsuite.zoey.values import is_array, is_missing, is_object, to_decimal, to_text, write_json

PATH = "/stockitems"


@frozen
class BatchResult:
    """What became of one entry of a bulk call.

    Attributes:
        index: its place in the input, from 0.
        id: the stock item.
        error: why it was not carried out, or None.
    """

    index: int
    id: str
    error: APIError | None = None


@frozen
class StockChange:
    """What a stock item is to be.

    Attributes:
        item_id: the stock item (not the product).
        qty: what may be sold.
        is_in_stock: whether the shop shows it as available; None leaves that as it is.
    """

    item_id: str
    qty: Decimal
    is_in_stock: bool | None = None


Change = StockChange | Mapping[str, object]


def update_stock(changes: Sequence[Change], size: int) -> Iterator[Operation[list[BatchResult]]]:
    """The calls that bring stock items to these states. Setting them again changes nothing more.

    Args:
        changes: values, or mappings with `item_id` and what is to be set.
        size: how many one call carries.

    Raises:
        ConfigurationError: an entry has no `item_id`, or two have the same.

    Source: Magento 1, REST API, Inventory: `PUT stockitems` answers 207 with what succeeded and what did not.
    """
    bodies = [_body(index, change) for index, change in enumerate(changes)]
    seen: dict[str, int] = {}
    for index, body in enumerate(bodies):
        earlier = seen.setdefault(body["item_id"], index)
        if earlier != index:
            raise ConfigurationError(
                f"Stock changes {earlier} and {index} are both for stock item {body['item_id']}: give each item once."
            )
    for start in range(0, len(bodies), size):
        yield _operation(bodies[start : start + size], start)


def _body(index: int, change: Change) -> dict[str, JSON]:
    if isinstance(change, StockChange):
        if isinstance(change.qty, bool) or not isinstance(change.qty, Decimal | int):  # pyright: ignore[reportUnnecessaryIsInstance]  what users give
            raise ConfigurationError(
                f"Stock change {index}, of stock item {change.item_id}: qty takes a Decimal, not {change.qty!r}."
            )
        body: dict[str, JSON] = {"item_id": change.item_id, "qty": change.qty}
        if change.is_in_stock is not None:
            body["is_in_stock"] = change.is_in_stock
    else:
        body = dict(change)
    if is_missing(body.get("item_id")):
        raise ConfigurationError(f"Stock change {index} has no item_id, which names the stock item: {body!r}.")
    try:
        return {**write_json(body), "item_id": to_text(body["item_id"])}
    except ValueError as problem:
        raise ConfigurationError(f"Stock change {index}, of stock item {body['item_id']}: {problem}.") from None


def _operation(bodies: Sequence[Mapping[str, JSON]], start: int) -> Operation[list[BatchResult]]:
    ids = [str(body["item_id"]) for body in bodies]
    name = f"update {len(ids)} stock items, {ids[0]} to {ids[-1]}" if len(ids) > 1 else f"update stock item {ids[0]}"

    def read(response: Response) -> list[BatchResult]:
        body = read_object(response)
        if "success" not in body and "error" not in body:
            raise ValueError("it says of no entry what became of it")
        return _results(ids, start, body, response.status)

    return Operation(
        name=name,
        method="PUT",
        path=PATH,
        read=read,
        kind="stock.update_many",
        json=list(bodies),
        safety=Safety.REPEATABLE,
    )


def _results(ids: Sequence[str], start: int, body: Mapping[str, JSON], status: int) -> list[BatchResult]:
    done = {id for id, _ in _entries(body.get("success"))}
    failed = dict(_entries(body.get("error")))
    results: list[BatchResult] = []
    for position, id in enumerate(ids):
        action, error = f"update stock item {id}", None
        if id in failed:
            error = entry_error(_code(failed[id], status), _words(failed[id]), action=action)
        elif id not in done:
            nameless = failed.get("")
            error = (
                unexpected(status, action=action, problem="the answer does not name this entry")
                if nameless is None
                else entry_error(_code(nameless, status), _words(nameless), action=action)
            )
        results.append(BatchResult(start + position, id, error))
    return results


def _entries(listed: JSON) -> Iterator[tuple[str, Mapping[str, JSON]]]:
    """Entries of an answer by item id; "" where one does not name its item."""
    if is_object(listed):
        listed = list(listed.values())
    for entry in listed if is_array(listed) else []:
        if is_object(entry):
            id = entry.get("item_id")
            yield "" if is_missing(id) else to_text(id), entry


def _code(entry: Mapping[str, JSON], status: int) -> int:
    try:
        return int(to_decimal(entry.get("code")))
    except ValueError:
        return 400 if status < 300 else status


def _words(entry: Mapping[str, JSON]) -> str:
    words = entry.get("message")
    return words if isinstance(words, str) else ""
