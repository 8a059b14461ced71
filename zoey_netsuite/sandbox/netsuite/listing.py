"""Collections of the record service: ids and links only, filtered by `q`, in pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from zoey_netsuite.sandbox.netsuite.database import Value, quoted
from zoey_netsuite.sandbox.netsuite.errors import Refusal, invalid_parameter
from zoey_netsuite.sandbox.netsuite.present import RECORDS, Presenter, link
from zoey_netsuite.sandbox.netsuite.records import Records, column_value
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.netsuite.shapes import Field, RecordType
from zoey_netsuite.sandbox.netsuite.suiteql import times

MAX_LIMIT = 1000
_CONDITION = re.compile(
    r"\s*(?P<field>\w+)\s+(?P<operator>[A-Z_]+)"
    r"(?:\s+(?P<values>\[[^\]]*\]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s()]+))?\s*",
    re.IGNORECASE,
)
_STANDING = re.compile(r"\s*(?P<word>AND|OR|\(|\))", re.IGNORECASE)
_BARE = frozenset({"EMPTY", "EMPTY_NOT"})
_COMPARISONS = {
    "IS": "= ?",
    "IS_NOT": "<> ?",
    "EQUAL": "= ?",
    "EQUAL_NOT": "<> ?",
    "GREATER": "> ?",
    "GREATER_OR_EQUAL": ">= ?",
    "LESS": "< ?",
    "LESS_OR_EQUAL": "<= ?",
    "ANY_OF": "IN",
    "ANY_OF_NOT": "NOT IN",
    "START_WITH": "LIKE ? || '%'",
    "CONTAIN": "LIKE '%' || ? || '%'",
    "END_WITH": "LIKE '%' || ?",
    "EMPTY": "IS NULL",
    "EMPTY_NOT": "IS NOT NULL",
}
_ELEMENTS = (("YYYY", r"(?P<year>\d{4}|\d{2})"), ("MM", r"(?P<month>\d{1,2})"), ("DD", r"(?P<day>\d{1,2})"))
# What a comparison with a day asks for, and which of the day's ends it compares with.
_ON_THE_DAY = ("{column} >= ? AND {column} < ?", "first", "following")
_ON_DAYS: dict[str, tuple[str, ...]] = {
    "IS": _ON_THE_DAY,
    "EQUAL": _ON_THE_DAY,
    "ON": _ON_THE_DAY,
    "ON_NOT": ("{column} < ? OR {column} >= ?", "first", "following"),
    "AFTER": ("{column} > ?", "first"),
    "AFTER_NOT": ("{column} <= ?", "first"),
    "ON_OR_AFTER": ("{column} >= ?", "first"),
    "BEFORE": ("{column} < ?", "first"),
    "BEFORE_NOT": ("{column} >= ?", "first"),
    "ON_OR_BEFORE": ("{column} < ?", "following"),
}


def page(parameters: Mapping[str, str]) -> tuple[int, int]:
    """The limit and offset that a request asks for. Raises Refusal."""
    limit, offset = _whole(parameters, "limit", MAX_LIMIT), _whole(parameters, "offset", 0)
    if not 1 <= limit <= MAX_LIMIT:
        raise invalid_parameter(f"Invalid value {limit} for query parameter limit. Provide 1 to {MAX_LIMIT}.", "limit")
    if offset % limit:
        raise invalid_parameter(
            f"Invalid value {offset} for query parameter offset. It must be divisible by limit {limit}.", "offset"
        )
    return limit, offset


def page_links(
    address: str, parameters: Mapping[str, str], limit: int, offset: int, total: int
) -> list[dict[str, str]]:
    """Links of a page: `self`, and `first`, `previous`, `next`, `last` where they lead somewhere."""
    others = {name: value for name, value in parameters.items() if name not in ("limit", "offset")}

    def to(start: int) -> str:
        return f"{address}?{urlencode({**others, 'limit': limit, 'offset': start})}"

    last = (total - 1) // limit * limit if total else 0
    links: list[dict[str, str]] = []
    if offset > 0:
        links += [link("previous", to(max(0, offset - limit))), link("first", to(0))]
    if offset + limit < total:
        links += [link("next", to(offset + limit)), link("last", to(last))]
    return [*links, link("self", to(offset))]


def listing(
    records: Records, presenter: Presenter, record_type: RecordType, parameters: Mapping[str, str]
) -> dict[str, Any]:
    """One page of a record type's ids. Raises Refusal."""
    limit, offset = page(parameters)
    condition, values = _filter(record_type, parameters.get("q", ""), records)
    table = quoted(record_type.table)
    where = f"_record = ? AND {condition}"
    total = int(records.database.value(f"SELECT COUNT(*) FROM {table} WHERE {where}", record_type.name, *values) or 0)
    sql = f"SELECT id FROM {table} WHERE {where} ORDER BY id LIMIT ? OFFSET ?"
    found = records.database.rows(sql, record_type.name, *values, limit, offset)
    items = [
        {"links": [link("self", presenter.location(record_type, int(row["id"] or 0)))], "id": str(row["id"])}
        for row in found
    ]
    return {
        "links": page_links(f"{presenter.base}{RECORDS}/{record_type.name}", parameters, limit, offset, total),
        "count": len(items),
        "hasMore": offset + len(items) < total,
        "items": items,
        "offset": offset,
        "totalResults": total,
    }


def _whole(parameters: Mapping[str, str], name: str, default: int) -> int:
    text = parameters.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise invalid_parameter(f"Invalid value '{text}' for query parameter {name}. Provide a whole number.", name)
    return int(text)


def _filter(record_type: RecordType, text: str, records: Records) -> tuple[str, Sequence[Value]]:
    """A `q` as an SQL condition with its parameters. Raises Refusal."""
    if not text.strip():
        return "1", []
    parts: list[str] = []
    values: list[Value] = []
    position = 0
    while position < len(text.rstrip()):
        standing = _STANDING.match(text, position)
        if standing is not None:
            parts.append(standing["word"].upper())
            position = standing.end()
            continue
        found = _CONDITION.match(text, position)
        if found is None:
            raise _bad_filter(f"Invalid search query '{text}'.")
        bare = found["operator"].upper() in _BARE
        position = found.end("operator") if bare else found.end()
        sql, given = _condition(
            record_type, found["field"], found["operator"].upper(), None if bare else found["values"], records
        )
        parts.append(sql)
        values += given
    try:
        records.database.connection.execute(
            f"SELECT 1 FROM {quoted(record_type.table)} WHERE ({' '.join(parts)}) LIMIT 0",
            values,
        )
    except records.database.connection.Error:
        raise _bad_filter(f"Invalid search query '{text}'.") from None
    return f"({' '.join(parts)})", values


def _condition(
    record_type: RecordType, name: str, operator: str, written: str | None, records: Records
) -> tuple[str, Sequence[Value]]:
    known = Field("id", "integer") if name.lower() == "id" else _by_name(record_type, name)
    if known is None or not (known.name == "id" or records.database.has(record_type.table, known.column)):
        raise _bad_filter(f"Invalid search query. Unknown field '{name}'.")
    if known.kind in ("date", "datetime") and operator not in _BARE and written is not None:
        return _dated(quoted(known.column), known, operator, _written(written), records)
    comparison = _COMPARISONS.get(operator)
    if comparison is None or (written is None and operator not in _BARE):
        raise _bad_filter(f"Invalid search query. Operator '{operator}' can't be used with field '{name}'.")
    column = quoted(known.column)
    if known.kind in ("text", "choice") and operator not in _BARE:
        column = f"{column} COLLATE NOCASE"
    given = [_plain(known, each) for each in _written(written)]
    if comparison in ("IN", "NOT IN"):
        return f"{column} {comparison} ({', '.join('?' * len(given))})", given
    return f"{column} {comparison}", given


def _dated(
    column: str, known: Field, operator: str, written: Sequence[str], records: Records
) -> tuple[str, Sequence[Value]]:
    """A condition on a date or time: it takes days only, in the user's format, and they are the account's days."""
    comparison = _ON_DAYS.get(operator)
    if comparison is None:
        raise _bad_filter(f"Invalid search query. Operator '{operator}' can't be used with field '{known.name}'.")
    zone = ZoneInfo(records.settings.timezone)
    day = _day(written[0], records.settings)
    bounds = (day.isoformat(), (day + timedelta(days=1)).isoformat())
    first, following = bounds if known.kind == "date" else (times.to_instant(each, zone) for each in bounds)
    given = [{"first": first, "following": following}[each] for each in comparison[1:]]
    return f"({comparison[0].format(column=column)})", given


def _day(text: str, settings: NetSuiteSettings) -> date:
    """A day in the user's format, zeros in front or not, the century or not. Raises Refusal."""
    pattern = re.escape(settings.date_format)
    for element, digits in _ELEMENTS:
        pattern = pattern.replace(element, digits)
    found = re.fullmatch(pattern, text)
    try:
        if found is not None:
            century = 2000 if len(found["year"]) == 2 else 0
            return date(int(found["year"]) + century, int(found["month"]), int(found["day"]))
    except ValueError:
        pass
    short = settings.date_format.replace("MM", "M").replace("DD", "d").replace("YYYY", "yy")
    words = f'Parse of date/time "{text}" failed with date format "{short}" in time zone {settings.timezone}'
    raise _bad_filter(f"Invalid search query. Detailed unprocessed description follows. {words}.")


def _written(text: str | None) -> list[str]:
    if text is None:
        return []
    if text.startswith("["):
        return [_unquoted(each.strip()) for each in text[1:-1].split(",")]
    return [_unquoted(text)]


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _plain(known: Field, text: str) -> Value:
    if known.kind == "boolean":
        return column_value(known, text.lower() in ("t", "true"))
    if known.kind in ("number", "integer"):
        try:
            return float(text)
        except ValueError:
            raise _bad_filter(f"Invalid search query. '{text}' is no number.") from None
    return text


def _by_name(record_type: RecordType, name: str) -> Field | None:
    return next((each for each in record_type.fields.values() if each.name.lower() == name.lower()), None)


def _bad_filter(detail: str) -> Refusal:
    return invalid_parameter(detail, "q")
