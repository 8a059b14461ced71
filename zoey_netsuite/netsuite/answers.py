"""What NetSuite's answers hold besides JSON: a new record's id at the end of `Location`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NewType, TypeGuard
from urllib.parse import unquote, urlsplit

from zoey_netsuite.http.operation import JSON, Response

RecordId = NewType("RecordId", str)
"""A record's internal id: a string of digits, and equal to it."""

INTERNAL_ID = re.compile(r"-?[0-9]{1,18}")
"""What an internal id looks like; NetSuite's own records (standard roles, forms) have negative ones."""


def read_location_id(response: Response) -> RecordId:
    """The new record's id: creation answers 204 without a body, and `Location` ends with the id (REST Web Services).

    Raises:
        ValueError: there is none.
    """
    location = response.headers.get("location", "")
    last = unquote(urlsplit(location).path.rstrip("/").rpartition("/")[2])
    if not INTERNAL_ID.fullmatch(last):
        raise ValueError(
            f"its Location header ({location!r}) does not end with an id" if location else "it has no Location header"
        )
    return RecordId(last)


def is_object(value: object) -> TypeGuard[Mapping[str, JSON]]:
    """Whether a value is a JSON object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[Sequence[JSON]]:
    """Whether a value is a JSON array."""
    return isinstance(value, list | tuple)
