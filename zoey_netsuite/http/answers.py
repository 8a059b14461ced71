"""Reading answers as JSON. ValueError says what is not as it should be.

One odd value must not make a whole page unreadable. So JSON that is strictly wrong in a value only is read all the
same, in a form that the field's reader refuses: bytes that are no UTF-8 and halves of a surrogate pair stay in the text
as lone surrogates, NaN, Infinity and numbers beyond a float become text.
"""

from __future__ import annotations

import json
import math
from codecs import BOM_UTF8
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
    """What a JSON text says: the same with orjson, which is faster, and without it. Raises ValueError."""
    content = content.removeprefix(BOM_UTF8)
    orjson = fast_json()
    if orjson is not None:
        try:
            return orjson.loads(content)
        except ValueError:
            pass  # really no JSON, or odd in a value only
    return _LENIENT.decode(content.decode("utf-8", "surrogateescape"))


def _whole(digits: str) -> int | float | str:
    """A whole number; beyond 64 bits a float, as orjson gives it."""
    if len(digits) > 20:
        return _broken(digits)
    number = int(digits)
    return number if -(2**63) <= number < 2**64 else float(digits)


def _broken(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


_LENIENT = json.JSONDecoder(parse_int=_whole, parse_float=_broken, parse_constant=str, strict=False)
