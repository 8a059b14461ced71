"""Answers look-ups in bulk: one call for many questions about the same field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta, tzinfo

from zoey_netsuite.engine.account_clock import read_offset
from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.entities import ACCOUNT_OFFSET, Found, Lookup, Row
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.state.space import chunks

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
AT_ONCE = 500
"""How many values one question names."""


def look_up(lookups: Iterable[Lookup], clients: Clients, timezone: tzinfo | None = None) -> Found:
    """Ask both systems.

    Args:
        lookups: the questions; each is asked once.
        clients: whom to ask.
        timezone: the account's, where it is known: then nobody is asked for its offset.

    Returns:
        Rows by look-up; every look-up that was asked for is a key. Values are compared as text, letter case included.

    Raises:
        ConfigurationError: a type or field is no name, or Zoey has no such resource.
        APIError: a system refused the question.
    """
    found: dict[Lookup, list[Row]] = {lookup: [] for lookup in lookups}
    groups: dict[tuple[str, str, str], list[Lookup]] = {}
    for lookup in found:
        if lookup == ACCOUNT_OFFSET:
            if timezone is None:
                minutes = round(read_offset(clients.netsuite) / timedelta(minutes=1))
                found[lookup].append({"minutes": minutes})
            continue
        for name in (lookup.type, lookup.field):
            if not NAME.match(name):
                msg = f"{lookup}: {name!r} is not the name of a table, resource or field"
                raise ConfigurationError(msg)
        groups.setdefault((lookup.system, lookup.type, lookup.field), []).append(lookup)
    for (system, kind, field), group in groups.items():
        by_value = {lookup.value: lookup for lookup in group}
        for values in chunks(by_value, AT_ONCE):
            ask = _netsuite if system == "netsuite" else _zoey
            for row in ask(kind, field, values, clients):
                asked = by_value.get(str(row.get(field.lower() if system == "netsuite" else field, "")))
                if asked is not None:
                    found[asked].append(row)
    return found


def _netsuite(table: str, field: str, values: Sequence[str], clients: Clients) -> Iterable[Row]:
    marks = ", ".join("?" * len(values))
    return clients.netsuite.suiteql(f"SELECT * FROM {table} WHERE {field} IN ({marks}) ORDER BY id", values)


def _zoey(resource: str, field: str, values: Sequence[str], clients: Clients) -> Iterable[Row]:
    return clients.zoey.find(resource, field, values)
