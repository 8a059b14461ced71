"""Compiled pieces of a query: SQLite's SQL with the kind of its value, and Oracle's conversions between kinds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from attrs import frozen

from zoey_netsuite.sandbox.netsuite.catalogue import Column
from zoey_netsuite.sandbox.netsuite.suiteql.errors import unsupported

Kind: TypeAlias = Literal["text", "number", "local", "instant", "unknown"]
"""What a value is: `local` is a date in the account's time zone and `instant` a stored UTC time (see `times`);
`unknown` are parameters and NULL, which take the kind of what they meet."""


@frozen
class Fragment:
    """An expression in SQLite's SQL.

    Attributes:
        sql: needs no parentheses around it.
        kind: how its value is to be read.
        column: the catalogue's column, if it is one, unchanged.
        text: for such a column, where a hidden one with its display text stands.
        code: for such a column, where a hidden one with its code stands.
        required: whether it can't be null.
    """

    sql: str
    kind: Kind = "unknown"
    column: Column | None = None
    text: str | None = None
    code: str | None = None
    required: bool = False


def quoted(name: str) -> str:
    """A name as SQLite takes it."""
    return '"' + name.replace('"', '""') + '"'


def string(text: str) -> str:
    """A text as SQLite takes it."""
    return "'" + text.replace("'", "''") + "'"


def converted(fragment: Fragment, kind: Kind) -> str:
    """The expression as a value of another kind. Raises QueryError where Oracle has no such conversion."""
    given, sql = fragment.kind, fragment.sql
    if given == kind or kind == "unknown" or sql == "NULL":
        return sql
    match given, kind:
        case ("local", "instant"):
            return f"suiteql_instant({sql})"
        case ("instant", "local"):
            return f"suiteql_local({sql})"
        case ("text" | "unknown", "number"):
            return f"suiteql_number({sql})"
        case ("number" | "unknown", "text"):
            return f"suiteql_text({sql})"
        case ("text" | "unknown", "local"):
            return f"suiteql_date({sql})"
        case ("text" | "unknown", "instant"):
            return f"suiteql_instant(suiteql_date({sql}))"
        case ("local", "text"):
            return f"suiteql_shown({sql})"
        case ("instant", "text"):
            return f"suiteql_shown(suiteql_local({sql}))"
        case _:
            raise unsupported(f"inconsistent datatypes: expected {kind}, got {given}")


def compared_as(left: Kind, right: Kind) -> Kind:
    """The kind in which Oracle compares two: text gives way to numbers and dates; times are compared as instants."""
    if left == right or right == "unknown":
        return left
    if left == "unknown":
        return right
    kinds = {left, right}
    if kinds == {"text", "number"}:
        return "number"
    if "number" in kinds:
        raise unsupported("inconsistent datatypes: a number and a date")
    return "instant" if "instant" in kinds else "local"


def of_one_kind(fragments: Iterable[Fragment]) -> None:
    """Refuse a choice (CASE, COALESCE, NULLIF) between values of several kinds, which Oracle does not convert."""
    kinds = {"date" if each.kind in ("local", "instant") else each.kind for each in fragments} - {"unknown"}
    if len(kinds) > 1:
        raise unsupported(f"inconsistent datatypes: {' and '.join(sorted(kinds))}")


def first_kind(fragments: Iterable[Fragment]) -> Kind:
    """The kind of a choice between several (NVL, CASE, ...): the first's that is known, as in Oracle."""
    kinds: list[Kind] = [each.kind for each in fragments if each.kind != "unknown"]
    if not kinds:
        return "unknown"
    if set(kinds) == {"local", "instant"}:
        return "local"
    return kinds[0]
