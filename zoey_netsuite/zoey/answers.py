"""Reading answers: JSON, lists of either shape, new ids. Raises ValueError where an answer is not as it should be."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from attrs import frozen

from zoey_netsuite.http import answers
from zoey_netsuite.http.answers import read_json, read_optional_json
from zoey_netsuite.http.operation import JSON, Response
from zoey_netsuite.wording import is_nameless, nameless
from zoey_netsuite.zoey.errors import RecordError
from zoey_netsuite.zoey.values import abridged, is_array, is_missing, is_object, to_id, to_text

LONGEST_ID = 64
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What an id or an order number looks like; a page for people does not."""


def refuse_messages(value: JSON) -> None:
    """Refuse an error's body that came with a status of success."""
    if is_object(value) and set(value) == {"messages"}:
        raise ValueError(f"the body is an error's: {json.dumps(value, ensure_ascii=False)[:300]}")


@frozen
class Rows:
    """How the rows of a list are told apart.

    Attributes:
        noun: what a row is, for messages.
        key: the attribute that holds the id; "" where records have none: then all that they say tells them apart.
        fields: the record's, as Zoey names them. A row without an id is taken for a record only if it has one of them:
            anything else is an answer of another kind.
        by_key: whether the list is read by the id, which must be a number then.
    """

    noun: str
    key: str
    fields: Collection[str]
    by_key: bool = False


def read_entries(response: Response, rows: Rows) -> list[tuple[str, JSON | RecordError]]:
    """The records of a list with their ids, in the order of the answer; an error in the place of a row that is none.

    A record without an id of its own has the one that it is keyed by. One that has none at all gets a name that no id
    looks like (`wording.nameless`), the same whenever the same row comes.
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
    # Where no row is a record, something else answers: what it says is no list of records that are odd.
    among_records = not rows.by_key or any(is_object(entry) for _, entry in pairs)
    found = [_identified(entry, name, rows, among_records) for name, entry in pairs]
    first: dict[str, JSON | RecordError] = {}
    for id, entry in found:
        if first.setdefault(id, entry) != entry and not is_nameless(id):
            first[id] = _odd(rows, id, "comes twice, and not the same", entry)
    return [(id, first[id]) for id, _ in found]


def _identified(entry: JSON, name: str | None, rows: Rows, among_records: bool) -> tuple[str, JSON | RecordError]:
    keyed = name if name is not None and name.isdecimal() else None
    if not is_object(entry):
        if keyed is None and (name is not None or not among_records):
            raise ValueError(f"the list holds {str(entry)[:80]!r} where a record was expected")
        return _named(rows, keyed, "an object expected", entry)
    if not rows.key:
        return json.dumps(entry, sort_keys=True), entry
    own = entry.get(rows.key)
    if is_missing(own):
        if keyed is not None:
            return keyed, {**entry, rows.key: keyed}
        if name is not None or not any(field in entry for field in rows.fields):
            raise ValueError(f"the list holds a record without {rows.key}")
        return _named(rows, None, "an id expected", entry, own)
    try:
        id = to_id(own)
        if rows.by_key and not (id.isdecimal() and id.isascii()):
            raise ValueError("a number expected, as the list is read by it (or use Paging.BY_NUMBER)")
    except ValueError as problem:
        return _named(rows, keyed, str(problem), entry, own)
    return id, entry


def _named(
    rows: Rows, keyed: str | None, problem: str, entry: JSON, own: JSON = None
) -> tuple[str, JSON | RecordError]:
    """The error for a row whose id can't be read, with what it is told by."""
    number = entry.get("increment_id") or entry.get("sku") if is_object(entry) else None
    who = f" (known as {abridged(number)})" if isinstance(number, str | int) else ""
    what = f"{problem} in {rows.key}" if is_object(entry) else problem
    shown = abridged(own if is_object(entry) else entry)
    id = keyed or nameless(entry)
    return id, _odd(rows, f"{keyed or 'without an id'}{who}", f"{what}, but Zoey sent {shown}", entry, id)


def _odd(rows: Rows, named: str, problem: str, entry: JSON, id: str = "") -> RecordError:
    return RecordError(f"{rows.noun} {named}: {problem}.", field=rows.key or None, id=id or named, record=entry)


def read_created_id(response: Response) -> str:
    """A new record's id: at the end of `Location`, or in the body as a number, a text or an object with an id."""
    last = unquote(urlsplit(response.headers.get("location", "")).path.rstrip("/").rpartition("/")[2])
    if last.isdecimal() and len(last) <= LONGEST_ID:
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
