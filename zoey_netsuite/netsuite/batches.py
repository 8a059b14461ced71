"""Many records in few calls: split in hundreds, sent as jobs, told apart again record by record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from attrs import define, frozen

from zoey_netsuite.errors import (
    APIError,
    AuthenticationError,
    BusyError,
    ConfigurationError,
    MappingError,
    NotFoundError,
    OutcomeUnknown,
    ServerError,
    UnexpectedAnswerError,
    ZoeyNetSuiteError,
)
from zoey_netsuite.http.answers import read_nothing
from zoey_netsuite.http.operation import JSON, Operation, Pages, ResultPage, Safety
from zoey_netsuite.netsuite import jobs, operations
from zoey_netsuite.netsuite.answers import RecordId
from zoey_netsuite.netsuite.errors import unexpected
from zoey_netsuite.netsuite.flows import Flow
from zoey_netsuite.netsuite.records import Fields, payload
from zoey_netsuite.netsuite.suiteql import Row, suiteql
from zoey_netsuite.netsuite.values import to_text

Action: TypeAlias = Literal["create", "update", "upsert", "delete"]

SIZE = 100
"""Records in one batch at most (REST Web Services, Batch Operations)."""

_METHODS: Mapping[str, str] = {"create": "POST", "update": "PATCH", "upsert": "PUT", "delete": "DELETE"}
_COLLECTION = "application/vnd.oracle.resource+json; type=collection"
_FEW = 3
"""Up to so many results are read one by one; for more, one query for their external ids is cheaper."""

_TRANSACTIONS: Mapping[str, str] = {
    "salesOrder": "SalesOrd",
    "invoice": "CustInvc",
    "itemFulfillment": "ItemShip",
    "creditMemo": "CustCred",
    "customerRefund": "CustRfnd",
    "customerPayment": "CustPymt",
    "customerDeposit": "CustDep",
    "depositApplication": "DepAppl",
    "cashSale": "CashSale",
}


@frozen
class BatchResult:
    """What became of one record of a batch.

    Attributes:
        index: its place in what was given, from 0.
        id: internal id, or None where it was not written, or where NetSuite's answer does not tell.
        external_id: as it was given, or None.
        error: why it was not written, or None.
    """

    index: int
    id: RecordId | None
    external_id: str | None
    error: ZoeyNetSuiteError | None = None

    @property
    def ok(self) -> bool:
        """Whether the record was written."""
        return self.error is None


@define
class _Item:
    """A record on its way."""

    index: int
    content: dict[str, JSON]
    id: RecordId | None
    external_id: str | None

    def result(self, error: ZoeyNetSuiteError | None = None) -> BatchResult:
        return BatchResult(self.index, self.id, self.external_id, error)


def batch(
    type: str,
    action: Action,
    records: Sequence[Fields | str],
    *,
    idempotency_key: str | None = None,
    longest: float = jobs.LONGEST,
) -> Flow[list[BatchResult]]:
    """Write many records of one type. See `NetSuiteClient.batch`."""
    if action not in _METHODS:
        raise ConfigurationError(f"{action!r} is no batch action: create, update, upsert or delete.")
    items = [_item(type, action, index, record) for index, record in enumerate(records)]
    return _send(type, action, items, idempotency_key, longest)


def _send(
    type: str, action: Action, items: Sequence[_Item], key: str | None, longest: float
) -> Flow[list[BatchResult]]:
    results: list[BatchResult] = []
    for start in range(0, len(items), SIZE):
        chunk = items[start : start + SIZE]
        try:
            job = yield from jobs.submit(
                _operation(type, action, chunk), idempotency_key=f"{key}-{start // SIZE}" if key else None
            )
        except ZoeyNetSuiteError as problem:
            if not results:
                raise
            # What was done before must not be forgotten: whatever was not sent carries the reason.
            return [*results, *(item.result(problem) for item in items[start:])]
        results += yield from _results(type, action, chunk, job, longest)
    return results


def _operation(type: str, action: Action, chunk: Sequence[_Item]) -> Operation[None]:
    listed = [item.id or f"eid:{item.external_id}" for item in chunk]
    return Operation(
        name=f"{action} {len(chunk)} records of type {type}",
        method=_METHODS[action],
        path=operations.collection(type),
        read=read_nothing,
        kind=f"batch.{action}",
        params=(("ids", ",".join(listed)),) if action == "delete" else (),
        json=None if action == "delete" else {"items": [item.content for item in chunk]},
        headers={**operations.STRICT, "content-type": _COLLECTION},
        safety=Safety.ONCE,
    )


def _item(type: str, action: Action, index: int, record: Fields | str) -> _Item:
    if isinstance(record, str):
        if action != "delete":
            raise ConfigurationError(f"A batch {action} takes records, not ids: number {index} is {record!r}.")
        record = {"externalId": record[4:]} if record.startswith("eid:") else {"id": record}
    named = f"{type} number {index} of the batch"
    content = payload(record, record=named)
    id, external_id = content.get("id"), content.get("externalId")
    if action == "upsert" and external_id is None:
        raise MappingError(f"{named} has no externalId, by which a batch upsert knows records.", field="externalId")
    if action in ("update", "delete") and id is None and external_id is None:
        raise MappingError(f"{named} has neither id nor externalId.", field="id")
    if external_id is not None:
        operations.address(type, None, to_text(external_id))
    return _Item(
        index,
        content,
        RecordId(to_text(id)) if id is not None and action in ("update", "delete") else None,
        to_text(external_id) if external_id is not None else None,
    )


def _results(type: str, action: Action, chunk: Sequence[_Item], job: str, longest: float) -> Flow[list[BatchResult]]:
    """Wait for a batch's job, then find out with as few calls as possible what became of each record."""
    try:
        yield from jobs.wait(job, longest=longest)
        listed: list[jobs.Progress] = yield jobs.tasks(job)
    except ZoeyNetSuiteError as problem:
        return [item.result(_unread(item, job, problem)) for item in chunk]
    states = {task.id: task.state for task in listed} if len(listed) == len(chunk) else {}
    numbers = [task.id for task in listed] if states else [str(number) for number in range(1, len(chunk) + 1)]
    succeeded = [item for item, number in zip(chunk, numbers, strict=True) if states.get(number) == "succeeded"]
    known = yield from _ids(type, [item for item in succeeded if item.id is None])
    results: list[BatchResult] = []
    for item, number in zip(chunk, numbers, strict=True):
        if states.get(number) == "succeeded":
            item.id = item.id or known.get(item.external_id or "")
            if item.id is not None:
                results.append(item.result())
                continue
        results.append((yield from _one(action, item, job, number, succeeded=states.get(number) == "succeeded")))
    return results


def _unread(item: _Item, job: str, problem: ZoeyNetSuiteError) -> OutcomeUnknown:
    """The job was taken on: an error of the calls that ask for it says nothing of the record."""
    name = item.external_id or item.id or f"number {item.index} of the batch"
    unknown = OutcomeUnknown(
        f"{name}: job {job} was to write it, and whether it did is not known ({problem}). Look in NetSuite before"
        " trying again.",
        operation=jobs.progress(job),
    )
    unknown.system = "netsuite"
    unknown.__cause__ = problem
    return unknown


def _is_of_the_record(problem: ZoeyNetSuiteError, action: Action) -> bool:
    """Whether a refusal is the result, rather than of the call that asks for it. NetSuite answers both alike."""
    if not isinstance(problem, APIError) or (isinstance(problem, NotFoundError) and action == "create"):
        return False
    return not isinstance(problem, BusyError | AuthenticationError | ServerError | UnexpectedAnswerError)


def _one(action: Action, item: _Item, job: str, number: str, *, succeeded: bool) -> Flow[BatchResult]:
    """Read one record's own result."""
    try:
        answer: jobs.TaskResult = yield jobs.result(job, number)
    except ZoeyNetSuiteError as problem:
        refused = not succeeded and _is_of_the_record(problem, action)
        return item.result(problem if refused else _unread(item, job, problem))
    item.id = item.id or answer.id
    if action == "create" and item.id is None:
        action_in_words = f"create record number {item.index} of the batch"
        return item.result(unexpected(answer.status, action=action_in_words, problem="the result names no id"))
    return item.result()


def _ids(type: str, items: Sequence[_Item]) -> Flow[Mapping[str, RecordId]]:
    """The internal ids of records, by external id, in one query; nothing where a query would not be cheaper."""
    external_ids = [item.external_id for item in items if item.external_id is not None]
    query = by_external_id(type, len(external_ids))
    if query is None or len(external_ids) <= _FEW:
        return {}
    found: dict[str, RecordId] = {}
    pages: Pages[Row] = suiteql(query, external_ids)
    following: Operation[ResultPage[Row]] | None = pages.first
    while following is not None:
        try:
            page: ResultPage[Row] = yield following
        except APIError:
            # The role may not query; the results themselves tell as well.
            return found
        found |= {to_text(row["externalid"]): RecordId(to_text(row["id"])) for row in page.items if "externalid" in row}
        following = page.next
    return found


def by_external_id(type: str, count: int, columns: Sequence[str] = ()) -> str | None:
    """The query for records of a type by so many external ids (to be bound), or None where no table is known.

    Args:
        columns: further ones, besides `id` and `externalid`.
    """
    marks = ", ".join("?" * count)
    names = ", ".join(["id", "externalid", *columns])
    if type in _TRANSACTIONS:
        kind = _TRANSACTIONS[type]
        return f"SELECT {names} FROM transaction WHERE type = '{kind}' AND externalid IN ({marks}) ORDER BY id"
    if type == "customer" or type.lower().startswith("customrecord"):
        return f"SELECT {names} FROM {type} WHERE externalid IN ({marks}) ORDER BY id"
    return None


WITHOUT_SOURCE = frozenset({"customerPayment", "customerRefund", "customerDeposit", "depositApplication"})
"""Transactions that are applied to others, and not created from one."""


def made_of(type: str, sources: int, marks: int) -> str | None:
    """The query for transactions of a type whose memo is like one of so many patterns, made of one of so many sources
    (both to be bound, the sources first, none for a type of `WITHOUT_SOURCE`); None where no table is known.
    """
    if type not in _TRANSACTIONS:
        return None
    below = "" if type in WITHOUT_SOURCE else f" AND transactionline.createdfrom IN ({', '.join('?' * sources)})"
    like = " OR ".join(["transactionline.memo LIKE ?"] * marks)
    return (
        "SELECT transactionline.transaction AS id, transactionline.memo, transactionline.createdfrom AS source FROM"
        " transactionline JOIN transaction ON transaction.id = transactionline.transaction WHERE transaction.type ="
        f" '{_TRANSACTIONS[type]}' AND transactionline.mainline = 'T'{below} AND ({like})"
        " ORDER BY transactionline.transaction"
    )
