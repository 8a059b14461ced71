"""Reading answers: JSON, and the id at the end of a `Location`. ValueError says what is not as promised."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NewType
from urllib.parse import unquote, urlsplit

from zoey_netsuite.http.operation import JSON, Response

try:
    import orjson

    parse_json: Callable[[bytes], Any] = orjson.loads
except ImportError:
    parse_json = json.loads

RecordId = NewType("RecordId", str)
"""A record's internal id: a string of digits, and equal to it."""


def read_json(response: Response) -> JSON:
    """The body as JSON."""
    if not response.content:
        raise ValueError("the body is empty where JSON was expected")
    try:
        return parse_json(response.content)
    except ValueError as problem:
        start = " ".join(response.content[:80].decode("utf-8", "replace").split())
        raise ValueError(f"the body is not JSON: it begins with {start!r}") from problem


def read_object(response: Response) -> dict[str, JSON]:
    """The body as a JSON object."""
    value = read_json(response)
    if not isinstance(value, dict):
        raise ValueError(f"the body is a JSON {type(value).__name__} where an object was expected")
    return value


def read_optional_json(response: Response) -> JSON:
    """The body as JSON, as text where it is not JSON, or None where there is none."""
    if not response.content:
        return None
    try:
        return parse_json(response.content)
    except ValueError:
        return response.content.decode("utf-8", "replace")


def read_location_id(response: Response) -> RecordId:
    """The new record's id: creation answers 204 without a body, and `Location` ends with the id (REST Web Services)."""
    location = response.headers.get("location", "")
    last = unquote(urlsplit(location).path.rstrip("/").rpartition("/")[2])
    if not last or last.startswith("eid:"):
        raise ValueError(
            f"its Location header ({location!r}) does not end with an id" if location else "it has no Location header"
        )
    return RecordId(last)


def read_nothing(response: Response) -> None:
    """An answer whose status says all."""
