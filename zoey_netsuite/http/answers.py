"""Reading answers as JSON. ValueError says what is not as it should be."""

from __future__ import annotations

import json
from typing import Any

from zoey_netsuite._lazy import fast_json
from zoey_netsuite.http.operation import JSON, Response


def read_json(response: Response) -> JSON:
    """The body as JSON."""
    if not response.content.strip():
        raise ValueError("the body is empty where JSON was expected")
    try:
        return _parse(response.content)
    except (ValueError, RecursionError) as problem:
        start = " ".join(response.content[:80].decode("utf-8", "replace").split())
        raise ValueError(f"the body is not JSON: it begins with {start!r}") from problem


def read_object(response: Response) -> dict[str, JSON]:
    """The body as a JSON object."""
    value = read_json(response)
    if not isinstance(value, dict):
        raise ValueError(f"the body is a JSON {type(value).__name__} where an object was expected")
    return value  # pyright: ignore[reportUnknownVariableType]  JSON


def read_optional_json(response: Response) -> JSON:
    """The body as JSON, as text where it is not JSON, or None where there is none."""
    if not response.content.strip():
        return None
    try:
        return _parse(response.content)
    except (ValueError, RecursionError):
        return response.content.decode("utf-8", "replace")


def read_response(response: Response) -> Response:
    """The answer as it came."""
    return response


def read_nothing(response: Response) -> None:
    """An answer whose status says all, unless its body shows that somebody else gave it.

    Raises:
        ValueError: it is a page for people, or JSON that ends in the middle.
    """
    start = response.content.lstrip()[:1]
    if start in (b"<", b"{", b"["):
        read_json(response)


def _parse(content: bytes) -> Any:
    return (fast_json() or json).loads(content)
