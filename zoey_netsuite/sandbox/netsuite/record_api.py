"""The record service, `/services/rest/record/v1`: paths, methods and headers turned into work on records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args
from urllib.parse import unquote, urlsplit

from attrs import frozen

from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.netsuite.content import Level, Reader
from zoey_netsuite.sandbox.netsuite.errors import (
    Refusal,
    invalid_content,
    invalid_header,
    invalid_id,
    nonexistent,
    unknown_type,
)
from zoey_netsuite.sandbox.netsuite.listing import listing
from zoey_netsuite.sandbox.netsuite.parts import LIST_CONTENT, RECORD_CONTENT, part
from zoey_netsuite.sandbox.netsuite.permissions import Role
from zoey_netsuite.sandbox.netsuite.present import RECORDS, Presenter
from zoey_netsuite.sandbox.netsuite.records import Record, Records
from zoey_netsuite.sandbox.netsuite.shapes import RecordType
from zoey_netsuite.sandbox.netsuite.transforms import Transforms

CREATE_FORM = "type=create-form"


@frozen
class Call:
    """A request to the record service, taken apart.

    Attributes:
        request: as it came.
        parts: the path below the service, decoded, without empty parts.
        parameters: the query's.
        base: scheme and host as the caller addressed us.
    """

    request: Request
    parts: Sequence[str]
    parameters: Mapping[str, str]
    base: str

    @classmethod
    def of(cls, request: Request) -> Call:
        """Take a request apart."""
        split = urlsplit(request.url)
        below = split.path[len(RECORDS) :]
        parts = tuple(unquote(part) for part in below.split("/") if part)
        return cls(request, parts, dict(request.query), f"{split.scheme}://{split.netloc}")

    def header(self, name: str) -> str:
        """A header's value, or nothing."""
        return self.request.headers.get(name, "")

    def flag(self, name: str) -> bool:
        """A true-or-false parameter."""
        return self.parameters.get(name, "").lower() == "true"

    def names(self, name: str) -> Sequence[str]:
        """A parameter that lists names."""
        return [each.strip() for each in self.parameters.get(name, "").split(",") if each.strip()]


class RecordApi:
    """Answers the record service's synchronous requests."""

    def __init__(self, records: Records, role: Role, transforms: Transforms) -> None:
        self._records = records
        self._role = role
        self._transforms = transforms

    def handle(self, request: Request) -> Answer:
        """Carry out one request. Raises Refusal."""
        call = Call.of(request)
        if not call.parts:
            raise unknown_type("", urlsplit(request.url).path)
        record_type = self.record_type(call)
        self._role.insist_on(record_type)
        if len(call.parts) == 1:
            return self._collection(call, record_type)
        if len(call.parts) >= 4 and call.parts[2] == "!transform":
            return self._transform(call, record_type)
        if len(call.parts) == 2:
            return self._single(call, record_type)
        return self._part(call, record_type)

    def record_type(self, call: Call) -> RecordType:
        """The type that the path names. Raises Refusal."""
        found = self._records.registry.find(call.parts[0])
        if found is None or found.name.startswith("customlist"):
            raise unknown_type(call.parts[0], urlsplit(call.request.url).path)
        return found

    def addressed(self, call: Call, record_type: RecordType, text: str) -> Record:
        """The record that an id or `eid:` names. Raises Refusal."""
        if text.lower().startswith("eid:"):
            record = self._records.by_external_id(record_type, text[4:])
            if record is None:
                raise nonexistent()
        else:
            if not text.isdigit() or text.startswith("0"):
                raise invalid_id(text, urlsplit(call.request.url).path)
            record = self._records.get(record_type, int(text))
        self._records.insist_unlocked(record_type, record.id)
        return record

    def presenter(self, call: Call) -> Presenter:
        """What writes the answers to this call."""
        return Presenter(self._records.database, self._records.registry, call.base)

    def _collection(self, call: Call, record_type: RecordType) -> Answer:
        if call.request.method == "GET":
            value = listing(self._records, self.presenter(call), record_type, call.parameters)
            return Answer.of(value, content_type=LIST_CONTENT)
        if call.request.method != "POST":
            raise _not_allowed(call.request.method)
        reader, body = self.reader(call), self.body(call)
        record = self._records.create(record_type, reader.read(record_type.fields, body))
        return self._made(call, record, reader)

    def _single(self, call: Call, record_type: RecordType) -> Answer:
        method, text = call.request.method, call.parts[1]
        if method == "PUT":
            return self._upsert(call, record_type, text)
        record = self.addressed(call, record_type, text)
        if method == "GET":
            only = call.names("fields")
            _insist_known(record_type, only)
            value = self.presenter(call).record(
                record_type, record.id, record.values, expand=call.flag("expandSubResources"), only=only
            )
            return Answer.of(value, content_type=RECORD_CONTENT)
        if method == "PATCH":
            reader = self.reader(call)
            changes = reader.read(record_type.fields, self.body(call))
            replace = call.names("replace")
            _insist_known(record_type, replace)
            return self._made(call, self._records.update(record, changes, replace=replace), reader)
        if method == "DELETE":
            self._records.delete(record)
            return Answer(204)
        raise _not_allowed(method)

    def _upsert(self, call: Call, record_type: RecordType, text: str) -> Answer:
        if not text.lower().startswith("eid:"):
            raise Refusal(
                400, "INVALID_ID", "Use an external ID (eid:...) with PUT.", at={"o:errorUrl": call.request.path}
            )
        reader = self.reader(call)
        changes = reader.read(record_type.fields, self.body(call))
        changes |= reader.read(record_type.fields, {"externalId": text[4:]})
        before = self._records.by_external_id(record_type, text[4:])
        if before is None:
            return self._made(call, self._records.create(record_type, changes), reader)
        self._records.insist_unlocked(record_type, before.id)
        sublists = [name for name, known in record_type.fields.items() if known.kind == "sublist" and name in changes]
        replace = call.names("replace") or ([] if call.parameters.get("replace") is None else sublists)
        return self._made(call, self._records.update(before, changes, replace=replace), reader)

    def _transform(self, call: Call, record_type: RecordType) -> Answer:
        if call.request.method not in ("POST", "GET"):
            raise _not_allowed(call.request.method)
        source = self.addressed(call, record_type, call.parts[1])
        target = self._records.registry.find(call.parts[3])
        if target is None:
            raise unknown_type(call.parts[3], urlsplit(call.request.url).path)
        self._role.insist_on(target)
        reader = self.reader(call)
        changes = reader.read(target.fields, self.body(call, may_be_empty=True))
        if self._records.settings.transform_external_id == "dropped":
            changes = {name: value for name, value in changes.items() if name != "externalId"}
        if CREATE_FORM in call.header("accept").replace(" ", "").lower():
            values = self._transforms.form(source, target, changes, call.names("replace"))
            value = self.presenter(call).fields(target.fields, values, f"{call.base}{call.request.path}", expand=True)
            return Answer.of(value, content_type="application/vnd.oracle.resource+json; type=create-form")
        return self._made(call, self._transforms.perform(source, target, changes, call.names("replace")), reader)

    def _part(self, call: Call, record_type: RecordType) -> Answer:
        if call.request.method != "GET":
            raise _not_allowed(call.request.method)
        record = self.addressed(call, record_type, call.parts[1])
        presenter = self.presenter(call)
        here = presenter.location(record_type, record.id)
        return part(presenter, record_type.fields, record.values, call.parts[2:], here, call.flag("expandSubResources"))

    def _made(self, call: Call, record: Record, reader: Reader) -> Answer:
        location = self.presenter(call).location(record.type, record.id)
        headers = {"location": location}
        if reader.warnings:
            words = "; ".join(reader.warnings).replace('"', "'").encode("ascii", "replace").decode()
            headers["warning"] = f'199 NetSuite "{words}"'
        return Answer(204, headers=headers)

    def reader(self, call: Call) -> Reader:
        """What reads this call's body: the validation headers decide how strictly. Raises Refusal."""
        return Reader(
            self._records.database,
            _level(call, "X-NetSuite-PropertyNameValidation", "warning"),
            _level(call, "X-NetSuite-PropertyValueValidation", "error"),
            self._records.settings.max_lengths,
        )

    def body(self, call: Call, *, may_be_empty: bool = False) -> Mapping[str, Any]:
        """The body as a JSON object; a content type is not asked for. Raises Refusal."""
        if may_be_empty and not call.request.body.strip():
            return {}
        try:
            value = call.request.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise invalid_content("Invalid content in the request body") from None
        if not isinstance(value, dict):
            raise invalid_content("Invalid content in the request body")
        return cast("dict[str, Any]", value)


def _level(call: Call, header: str, default: Level) -> Level:
    text = call.header(header.lower()).strip().lower()
    if not text:
        return default
    if text not in get_args(Level):
        raise invalid_header(f"Invalid value '{text}' of header {header}. Use Error, Warning or Ignore.", header)
    return cast("Level", text)


def _insist_known(record_type: RecordType, names: Sequence[str]) -> None:
    known = {name.lower() for name in record_type.fields} | {"id", "links"}
    for name in names:
        if name.lower() not in known:
            raise Refusal(400, "INVALID_PARAMETER", f"Unknown field name '{name}'.", at={"o:errorQueryParam": "fields"})


def _not_allowed(method: str) -> Refusal:
    return Refusal(405, "METHOD_NOT_ALLOWED", f"The method {method} is not supported for this resource.")
