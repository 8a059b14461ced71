"""Reading answers: JSON, lists of either shape, new ids. Raises ValueError where an answer is not as it should be."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from zoey_netsuite.http import answers
from zoey_netsuite.http.answers import read_json, read_optional_json
from zoey_netsuite.http.operation import JSON, Response
from zoey_netsuite.zoey.values import is_array, is_missing, is_object, to_text

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What an id or an order number looks like; a page for people does not."""


def refuse_messages(value: JSON) -> None:
    """Refuse an error's body that came with a status of success."""
    if is_object(value) and set(value) == {"messages"}:
        raise ValueError(f"the body is an error's: {json.dumps(value, ensure_ascii=False)[:300]}")


def read_entries(response: Response, key: str) -> list[tuple[str, JSON]]:
    """The records of a list with their ids, in the order of the answer.

    A record without an id of its own has the one that it is keyed by.

    Args:
        key: the attribute that holds the id; "" where records have none: then all that they say tells them apart.
    """
    value = read_json(response)
    refuse_messages(value)
    if is_object(value):
        pairs: list[tuple[str | None, JSON]] = list(value.items())
    elif is_array(value):
        pairs = [(None, entry) for entry in value]
    elif is_missing(value):
        pairs = []
    else:
        raise ValueError(f"the body is a JSON {type(value).__name__} where a list was expected")
    return [_identified(entry, name, key) for name, entry in pairs]


def _identified(entry: JSON, name: str | None, key: str) -> tuple[str, JSON]:
    if not is_object(entry):
        raise ValueError(f"the list holds {str(entry)[:80]!r} where a record was expected")
    if not key:
        return json.dumps(entry, sort_keys=True), entry
    own = entry.get(key)
    if not is_missing(own):
        return to_text(own), entry
    if name is None or not name.isdecimal():
        raise ValueError(f"the list holds a record without {key}")
    return name, {key: name, **entry}


def read_created_id(response: Response) -> str:
    """A new record's id: at the end of `Location`, or in the body as a number, a text or an object with an id."""
    last = unquote(urlsplit(response.headers.get("location", "")).path.rstrip("/").rpartition("/")[2])
    if last:
        return last
    body = read_optional_json(response)
    if is_object(body):
        body = next((body[name] for name in ("id", "entity_id") if not is_missing(body.get(name))), None)
    if isinstance(body, str | int) and not isinstance(body, bool) and _ID.fullmatch(to_text(body).strip()):
        return to_text(body).strip()
    raise ValueError("it names no id of the new record, neither in Location nor in the body")


def read_nothing(response: Response) -> None:
    """An answer whose status says all, except where its body says the opposite, or that somebody else gave it."""
    answers.read_nothing(response)
    body = read_optional_json(response)
    if is_object(body) and "error" in body.get("messages", {}):
        refuse_messages({"messages": body["messages"]})


def read_date(response: Response) -> datetime | None:
    """The store's time as it answered (`Date`): aware, UTC, whole seconds. None where it does not say."""
    try:
        moment = parsedate_to_datetime(response.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
