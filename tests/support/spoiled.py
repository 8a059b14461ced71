"""A system that shows some records as nobody would expect them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import evolve

from zoey_netsuite.sandbox.exchange import Answer, Request


@contextmanager
def spoiled(side: Any, path: str, record: Mapping[str, str], **values: Any) -> Iterator[None]:
    """While this lasts, records that hold all of `record` are shown with these values.

    Args:
        side: `sandbox.zoey` or `sandbox.netsuite`.
        path: only in answers to calls whose path ends so.
    """
    app = side.app
    handle = app.handle

    def spoil(value: Any) -> None:
        if isinstance(value, dict) and all(str(value.get(name)) == text for name, text in record.items()):
            value.update(values)
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            spoil(part)

    def handled(request: Request) -> Answer:
        answer: Answer = handle(request)
        if not request.path.endswith(path) or answer.status != 200:
            return answer
        shown = json.loads(answer.body)
        spoil(shown)
        return evolve(answer, body=json.dumps(shown).encode())

    app.handle = handled
    try:
        yield
    finally:
        app.handle = handle
