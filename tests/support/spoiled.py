"""A system that shows some records as nobody would expect them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import evolve

from zoey_netsuite.sandbox.exchange import Answer, Request

BROKEN_BYTE = "a broken byte"
"""As a value: text with one byte that is no UTF-8."""


@contextmanager
def spoiled(side: Any, path: str, record: Mapping[str, str], **values: Any) -> Iterator[None]:
    """While this lasts, records that hold all of `record` are shown with these values.

    Args:
        side: `sandbox.zoey` or `sandbox.netsuite`.
        path: only in answers to calls whose path ends so.
    """

    def update(found: dict[str, Any]) -> None:
        found.update(values)

    with changed(side, path, record, update):
        yield


@contextmanager
def changed(
    side: Any, path: str, record: Mapping[str, str], change: Callable[[dict[str, Any]], object]
) -> Iterator[None]:
    """While this lasts, records that hold all of `record` are shown as this function leaves them; what it gives, if it
    is no None, stands in the record's place.
    """

    def spoil(value: Any) -> Any:
        if isinstance(value, dict) and all(str(value.get(name)) == text for name, text in record.items()):
            instead = change(value)
            return value if instead is None else instead
        if isinstance(value, dict):
            return {name: spoil(part) for name, part in value.items()}
        return [spoil(part) for part in value] if isinstance(value, list) else value

    with rewritten(side, path, spoil):
        yield


@contextmanager
def rewritten(side: Any, path: str, rewrite: Callable[[Any], Any]) -> Iterator[None]:
    """While this lasts, this function's outcome is answered in the place of the JSON that the system gives."""
    app = side.app
    handle = app.handle

    def handled(request: Request) -> Answer:
        answer: Answer = handle(request)
        if not request.path.endswith(path) or answer.status != 200:
            return answer
        body = json.dumps(rewrite(json.loads(answer.body))).encode()
        return evolve(answer, body=body.replace(BROKEN_BYTE.encode(), b"a \xff byte"))

    app.handle = handled
    try:
        yield
    finally:
        app.handle = handle
