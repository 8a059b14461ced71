"""The metadata catalogue: record types as JSON Schema or OpenAPI, by the `Accept` header."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.netsuite.errors import unknown_type
from zoey_netsuite.sandbox.netsuite.permissions import Role
from zoey_netsuite.sandbox.netsuite.present import RECORDS, link
from zoey_netsuite.sandbox.netsuite.registry import Registry
from zoey_netsuite.sandbox.netsuite.shapes import Field, RecordType

METADATA = f"{RECORDS}/metadata-catalog"
_SCHEMA, _OPENAPI = "application/schema+json", "application/swagger+json"
_PLAIN: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number", "format": "double"},
    "integer": {"type": "integer", "format": "int64"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}


class Metadata:
    """Describes the record types that the role may see."""

    def __init__(self, registry: Registry, role: Role) -> None:
        self._registry = registry
        self._role = role

    def handle(self, request: Request) -> Answer:
        """Answer one request. Raises Refusal."""
        split = urlsplit(request.url)
        base = f"{split.scheme}://{split.netloc}"
        name = split.path[len(METADATA) :].strip("/")
        selected = [each for each in dict(request.query).get("select", "").split(",") if each] or (
            [name] if name else []
        )
        types = [self._found(each, split.path) for each in selected]
        accept = request.headers.get("accept", "")
        if _OPENAPI in accept:
            return Answer.of(self._openapi(types or self._visible()), content_type=_OPENAPI)
        if _SCHEMA in accept and name:
            return Answer.of(_schema(types[0]), content_type=_SCHEMA)
        if name:
            return Answer.of(self._entry(types[0], base))
        return Answer.of({"items": [self._entry(each, base) for each in types or self._visible()]})

    def _visible(self) -> list[RecordType]:
        return [each for each in self._registry if self._role.has(each.permission) and "customlist" not in each.name]

    def _found(self, name: str, url: str) -> RecordType:
        found = self._registry.find(name)
        if found is None or not self._role.has(found.permission):
            raise unknown_type(name, url)
        return found

    def _entry(self, record_type: RecordType, base: str) -> dict[str, Any]:
        here = f"{base}{METADATA}/{record_type.name}"
        return {
            "name": record_type.name,
            "links": [
                {**link("canonical", here), "mediaType": "application/json"},
                {**link("describes", f"{base}{RECORDS}/{record_type.name}")},
                {**link("alternate", here), "mediaType": _OPENAPI},
                {**link("alternate", here), "mediaType": _SCHEMA},
            ],
        }

    def _openapi(self, types: list[RecordType]) -> dict[str, Any]:
        paths: dict[str, Any] = {}
        for each in types:
            reference = {"$ref": f"#/components/schemas/{each.name}"}
            content = {"application/vnd.oracle.resource+json; type=singular": {"schema": reference}}
            made = {"204": {"description": "No content", "headers": {"Location": {"schema": {"type": "string"}}}}}
            body = {"content": content}
            paths[f"/{each.name}"] = {
                "get": {"tags": [each.name], "responses": {"200": {"description": "Ids and links of records"}}},
                "post": {"tags": [each.name], "requestBody": body, "responses": made},
            }
            paths[f"/{each.name}/{{id}}"] = {
                "get": {"tags": [each.name], "responses": {"200": {"description": "The record", "content": content}}},
                "patch": {"tags": [each.name], "requestBody": body, "responses": made},
                "put": {"tags": [each.name], "requestBody": body, "responses": made},
                "delete": {"tags": [each.name], "responses": {"204": {"description": "Removed"}}},
            }
        return {
            "openapi": "3.0.1",
            "info": {"title": "NetSuite REST API", "version": "1.0"},
            "servers": [{"url": RECORDS}],
            "paths": paths,
            "components": {"schemas": {each.name: _schema(each) for each in types}},
        }


def _schema(record_type: RecordType) -> dict[str, Any]:
    properties = {
        "id": {"title": "Internal Identifier", "type": "string", "nullable": True},
        "refName": {"title": "Reference Name", "type": "string"},
        **{name: _property(known) for name, known in record_type.fields.items()},
    }
    return {
        "type": "object",
        "properties": properties,
        "x-ns-filterable": [
            name for name, known in record_type.fields.items() if known.kind not in ("sublist", "subrecord")
        ],
        "$schema": "http://json-schema.org/draft-06/hyper-schema#",
    }


def _property(known: Field) -> dict[str, Any]:
    described: dict[str, Any] = {"title": known.label}
    if known.kind in _PLAIN:
        described |= _PLAIN[known.kind]
    elif known.kind == "sublist":
        lines = {"type": "array", "items": _object(known)}
        described |= {"type": "object", "properties": {"items": lines, "totalResults": {"type": "integer"}}}
    elif known.kind == "subrecord":
        described |= _object(known)
    else:
        identified: dict[str, Any] = {"id": {"type": "string"}, "refName": {"type": "string"}}
        if known.choices:
            identified["id"]["enum"] = list(known.choices)
        described |= {"type": "object", "properties": identified}
    if known.readonly:
        described["readOnly"] = True
    if known.name.startswith("cust"):
        described["x-ns-custom-field"] = True
    return described


def _object(known: Field) -> dict[str, Any]:
    return {"type": "object", "properties": {name: _property(each) for name, each in known.fields.items()}}
