"""The calls of NetSuite's record API, as data: what to send, how to read the answer, whether it may be repeated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar, overload
from urllib.parse import quote

from zoey_netsuite.checks import must_be_id
from zoey_netsuite.errors import ConfigurationError, MappingError
from zoey_netsuite.http.answers import read_nothing, read_object
from zoey_netsuite.http.operation import Operation, Response, Safety
from zoey_netsuite.netsuite.answers import RecordId, read_location_id
from zoey_netsuite.netsuite.records import Fields, Record, adds_lines, payload
from zoey_netsuite.netsuite.structure import record_reader
from zoey_netsuite.netsuite.values import DEFAULT_FORMATS, Formats, to_text

T = TypeVar("T")

RECORDS = "/services/rest/record/v1"
STRICT = {"x-netsuite-propertynamevalidation": "Error"}
"""Without it a misspelt field is ignored silently (NetSuite: REST Web Services, Property Name Validation)."""

_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_EXTERNAL_ID = re.compile(r"[A-Za-z0-9_-]+")


@overload
def record(
    type: str,
    id: str | None = None,
    *,
    external_id: str | None = None,
    fields: Sequence[str] | None = None,
    expand: bool = True,
    as_: None = None,
    formats: Formats = ...,
) -> Operation[Record]: ...
@overload
def record(
    type: str,
    id: str | None = None,
    *,
    external_id: str | None = None,
    fields: Sequence[str] | None = None,
    expand: bool = True,
    as_: type[T],
    formats: Formats = ...,
) -> Operation[T]: ...
def record(
    type: str,
    id: str | None = None,
    *,
    external_id: str | None = None,
    fields: Sequence[str] | None = None,
    expand: bool = True,
    as_: type[T] | None = None,
    formats: Formats = DEFAULT_FORMATS,
) -> Operation[Record] | Operation[T]:
    """Read one record. See `NetSuiteClient.record`."""
    path, named = address(type, id, external_id)
    params = [("fields", ",".join(fields))] if fields is not None else []
    if expand:
        params.append(("expandSubResources", "true"))

    def read_record(response: Response) -> Record:
        found = read_object(response)
        known = found.get("id", id)
        if known is None:
            raise ValueError("the record has no id")
        return Record(type, RecordId(to_text(known)), found)

    operation = Operation(
        name=f"read {named}", method="GET", path=path, read=read_record, kind="record.read", params=params
    )
    if as_ is None:
        return operation
    structure = record_reader(as_, formats)
    return Operation(
        name=operation.name,
        method="GET",
        path=path,
        read=lambda response: structure(read_object(response), named),
        kind=operation.kind,
        params=params,
    )


def find(type: str, external_id: str) -> Operation[RecordId]:
    """Read a record's id by its external id; the call fails with `NetSuiteNotFoundError` when there is none."""
    path, named = address(type, None, external_id)

    def read(response: Response) -> RecordId:
        found = read_object(response).get("id")
        if found is None:
            raise ValueError("the record has no id")
        return RecordId(to_text(found))

    return Operation(
        name=f"find {named}", method="GET", path=path, read=read, kind="record.find", params=(("fields", "id"),)
    )


def create(type: str, record: Fields) -> Operation[RecordId]:
    """Make a record. Never repeated blindly, not even with an external id: whoever asked looks first."""
    external_id = record.get("externalId")
    named = f"{type} with external id {external_id}" if external_id else f"a {type}"
    return Operation(
        name=f"create {named}",
        method="POST",
        path=collection(type),
        read=read_location_id,
        kind="record.create",
        json=payload(record, record=named),
        headers=STRICT,
        safety=Safety.ONCE,
    )


def update(type: str, id: str, changes: Fields, replace: Sequence[str] = ()) -> Operation[None]:
    """Change fields of a record. Repeatable, unless it adds lines: lines without a key would come twice."""
    path, named = address(type, id)
    return Operation(
        name=f"update {named}",
        method="PATCH",
        path=path,
        read=read_nothing,
        kind="record.update",
        params=(("replace", ",".join(replace)),) if replace else (),
        json=payload(changes, record=named),
        headers=STRICT,
        safety=Safety.ONCE if adds_lines(changes, replace=replace) else Safety.REPEATABLE,
    )


def upsert(type: str, external_id: str, record: Fields) -> Operation[RecordId]:
    """Make a record under an external id, or change the one that has it. Repeatable, unless it adds lines."""
    path, named = address(type, None, external_id)
    return Operation(
        name=f"upsert {named}",
        method="PUT",
        path=path,
        read=read_location_id,
        kind="record.upsert",
        json=payload(record, record=named),
        headers=STRICT,
        safety=Safety.ONCE if adds_lines(record) else Safety.REPEATABLE,
    )


def delete(type: str, id: str) -> Operation[None]:
    """Delete a record. Not repeated by itself, as only who repeats it knows that "not found" then means done."""
    path, named = address(type, id)
    return Operation(
        name=f"delete {named}",
        method="DELETE",
        path=path,
        read=read_nothing,
        kind="record.delete",
        safety=Safety.ONCE,
    )


def transform(source: str, id: str, target: str, changes: Fields | None = None) -> Operation[RecordId]:
    """Make one record out of another (NetSuite: REST Web Services, Transforming Records)."""
    path, named = address(source, id)
    _check_type(target)
    return Operation(
        name=f"transform {named} into {target}",
        method="POST",
        path=f"{path}/!transform/{target}",
        read=read_location_id,
        kind="record.transform",
        json=payload(changes or {}, record=f"{target} of {named}"),
        headers=STRICT,
        safety=Safety.ONCE,
    )


@overload
def records(
    type: str,
    ids: Sequence[str],
    *,
    fields: Sequence[str] | None = None,
    expand: bool = True,
    as_: None = None,
    formats: Formats = ...,
) -> Sequence[Operation[Record]]: ...
@overload
def records(
    type: str,
    ids: Sequence[str],
    *,
    fields: Sequence[str] | None = None,
    expand: bool = True,
    as_: type[T],
    formats: Formats = ...,
) -> Sequence[Operation[T]]: ...
def records(
    type: str,
    ids: Sequence[str],
    *,
    fields: Sequence[str] | None = None,
    expand: bool = True,
    as_: type[T] | None = None,
    formats: Formats = DEFAULT_FORMATS,
) -> Sequence[Operation[T]] | Sequence[Operation[Record]]:
    """Read several records, one call each. See `NetSuiteClient.records`."""
    if as_ is None:
        return [record(type, id, fields=fields, expand=expand, formats=formats) for id in ids]
    return [record(type, id, fields=fields, expand=expand, as_=as_, formats=formats) for id in ids]


def address(type: str, id: str | None = None, external_id: str | None = None) -> tuple[str, str]:
    """A record's path, and its name in messages.

    Raises:
        ConfigurationError: no record type, or not one of `id` and `external_id`.
        MappingError: an id that cannot be one.
    """
    if (id is None) == (external_id is None):
        raise ConfigurationError(f"Say which {type}: give either its id or its external_id.")
    if external_id is not None:
        must_be_id(f"{type}: the external id", external_id)
        if not _EXTERNAL_ID.fullmatch(external_id):
            raise MappingError(
                f"{type}: {external_id!r} cannot be an external id: NetSuite takes letters, digits, '_' and '-'.",
                field="externalId",
            )
        return f"{collection(type)}/eid:{external_id}", f"{type} with external id {external_id}"
    must_be_id(f"{type}: the id", id)
    if not id or not id.strip() or "/" in id:
        raise MappingError(f"{type}: {id!r} cannot be an internal id.", field="id")
    return f"{collection(type)}/{quote(id, safe=':')}", f"{type} {id}"


def collection(type: str) -> str:
    """The path of a record type."""
    _check_type(type)
    return f"{RECORDS}/{type}"


def _check_type(type: str) -> None:
    must_be_id("the record type", type)
    if not _TYPE.fullmatch(type):
        raise ConfigurationError(f"{type!r} is no record type: name it as NetSuite does, such as 'salesOrder'.")
