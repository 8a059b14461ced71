"""Answers look-ups in bulk: one call for many questions about the same field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta, tzinfo

from zoey_netsuite.engine.account_clock import read_offset
from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.entities import ACCOUNT_OFFSET, JSON, Found, Lookup, Row
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.state.space import chunks

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
AT_ONCE = 500
"""How many values one question names."""

CONTACTS = "contact."
"""Begins a field of NetSuite's customers that is their contacts'."""

_OF_CONTACT = "of_contact"
"""Column of such rows in which the contact's value stands."""

_CUSTOMERS = ("netsuite", "customer")


def look_up(lookups: Iterable[Lookup], clients: Clients, timezone: tzinfo | None = None) -> Found:
    """Ask both systems.

    Args:
        lookups: the questions; each is asked once.
        clients: whom to ask.
        timezone: the account's, where it is known: then nobody is asked for its offset.

    Returns:
        Rows by look-up; every look-up that was asked for is a key. Values are compared as text.

    Raises:
        ConfigurationError: a type or field is no name, or Zoey has no such resource.
        APIError: a system refused the question.
    """
    found: dict[Lookup, list[Row]] = {lookup: [] for lookup in lookups}
    groups: dict[tuple[str, str, str, bool], list[Lookup]] = {}
    for lookup in found:
        if lookup == ACCOUNT_OFFSET:
            if timezone is None:
                minutes = round(read_offset(clients.netsuite) / timedelta(minutes=1))
                found[lookup].append({"minutes": minutes})
            continue
        _must_have_names(lookup)
        groups.setdefault((lookup.system, lookup.type, lookup.field, lookup.any_case), []).append(lookup)
    for (system, kind, field, any_case), group in groups.items():
        by_value: dict[str, list[Lookup]] = {}
        for lookup in group:
            by_value.setdefault(_comparable(lookup.value, any_case), []).append(lookup)
        for asked in chunks(by_value.values(), AT_ONCE):
            values = [same[0].value for same in asked]
            if system == "netsuite":
                rows = _netsuite(kind, field, values, any_case, clients)
            else:
                rows = ((row, row.get(field, "")) for row in clients.zoey.find(kind, field, values))
            for row, value in rows:
                for lookup in by_value.get(_comparable(str(value), any_case), ()):
                    found[lookup].append(row)
    return found


def _must_have_names(lookup: Lookup) -> None:
    column = lookup.field.removeprefix(CONTACTS) if (lookup.system, lookup.type) == _CUSTOMERS else lookup.field
    for name, shown in ((lookup.type, lookup.type), (column, lookup.field)):
        if not NAME.match(name):
            msg = f"{lookup}: {shown!r} is not the name of a table, resource or field"
            raise ConfigurationError(msg)


def _comparable(value: str, any_case: bool) -> str:
    return value.casefold() if any_case else value


def _netsuite(
    table: str, field: str, values: Sequence[str], any_case: bool, clients: Clients
) -> Iterable[tuple[Row, JSON]]:
    """Rows, each with the value that it was found by."""
    columns, source, shown = "*", table, field.lower()
    if field.startswith(CONTACTS):
        columns, shown = f"{table}.*, {field} AS {_OF_CONTACT}", _OF_CONTACT
        source = f"{table} JOIN contact ON contact.company = {table}.id AND contact.isinactive = 'F'"
    column, mark = (f"LOWER({field})", "LOWER(?)") if any_case else (field, "?")
    marks = ", ".join([mark] * len(values))
    query = f"SELECT {columns} FROM {source} WHERE {column} IN ({marks}) ORDER BY {table}.id"
    for row in clients.netsuite.suiteql(query, values):
        yield row, row.get(shown, "")
