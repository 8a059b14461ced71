"""Running SuiteQL: the page asked for as text, and how many rows there are in all."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Collection, Container, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from attrs import frozen

from zoey_netsuite.sandbox.exchange import JSON
from zoey_netsuite.sandbox.netsuite.catalogue import Catalogue
from zoey_netsuite.sandbox.netsuite.suiteql import library, times
from zoey_netsuite.sandbox.netsuite.suiteql.errors import unknown_table, unsupported
from zoey_netsuite.sandbox.netsuite.suiteql.fragments import Kind, quoted
from zoey_netsuite.sandbox.netsuite.suiteql.numbers import number_text, to_number
from zoey_netsuite.sandbox.netsuite.suiteql.parsing import Parsed, parse
from zoey_netsuite.sandbox.netsuite.suiteql.queries import compile_query
from zoey_netsuite.sandbox.netsuite.suiteql.scopes import Compiled, Physical, Scope, Setting

Value: TypeAlias = str | int | float | None
_Key = TypeVar("_Key")
_Kept = TypeVar("_Kept")
_CACHED = 256
_COUNTED_AHEAD = 10_000
_NUMERIC = ("INT", "NUM", "REAL", "DEC", "FLOA", "DOUB")


@frozen
class Result:
    """One page of an answer.

    Attributes:
        rows: by column in lower case, all values as text; a column that is null is left out.
        total: how many rows the query has; see `Engine` for when it is a lower bound.
    """

    rows: list[dict[str, str]]
    total: int


class Engine:
    """Answers SuiteQL from a SQLite database. One engine per connection; not for several threads at once.

    Nothing that a query says can write: only what is understood is compiled, into a SELECT, and the connection takes
    no writes while it runs.

    A total costs as much as reading the rest of the result, and a client that goes by key asks for one a page. So a
    query text gets an exact total the first time and as often as it is within ten thousand rows beyond the page; else
    the total says only that there is at least so much more.

    Args:
        connection: holds tables and columns named as in the catalogue.
        catalogue: what queries can name, or a function that tells it, for one that changes.
        timezone: the account's.
        now: the time, aware.
        date_format: the user's, in which dates come out that nothing formats.
        hidden: tables that the role may not see; asked at every query.
        hidden_answer: whether those are empty or unknown.
        fails: columns, as (table, column), that can't be queried though they exist: some accounts have no
            `transactionline.itemtype`.
        exact_totals: give exact totals whatever they cost.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        catalogue: Catalogue | Callable[[], Catalogue],
        timezone: tzinfo | str,
        now: Callable[[], datetime],
        *,
        date_format: str = "MM/DD/YYYY",
        hidden: Container[str] = frozenset[str](),
        hidden_answer: Literal["empty", "unknown"] = "empty",
        fails: Collection[tuple[str, str]] = frozenset[tuple[str, str]](),
        exact_totals: bool = False,
    ) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._zone = ZoneInfo(timezone) if isinstance(timezone, str) else timezone
        self._now = now
        self._date_format = date_format
        self._hidden = hidden
        self._hidden_answer = hidden_answer
        self._fails = frozenset(fails)
        self._exact_totals = exact_totals
        self._parsed: Callable[[str], Parsed] = lru_cache(_CACHED)(parse)
        self._compiled: OrderedDict[tuple[str, frozenset[str]], Compiled] = OrderedDict()
        self._compiled_for: Catalogue | None = None
        self._totals: OrderedDict[tuple[object, ...], int] = OrderedDict()
        self._totals_at = -1
        self._failure: Exception | None = None
        library.register(connection, self._zone, date_format, self._failed)

    def run(self, query: str, params: Sequence[JSON] = (), *, offset: int = 0, limit: int = 1000) -> Result:
        """Answer a query.

        Args:
            query: SuiteQL with a `?` for each parameter.
            params: texts, numbers and nulls.
            offset: how many rows to pass over.
            limit: how many rows to give at most.

        Raises:
            QueryError: the query is none that NetSuite takes.
        """
        parsed = self._parsed(query)
        bindings = self._bindings(parsed, params)
        compiled = self._translated(query, parsed)
        page = f"SELECT * FROM ({compiled.sql})" if compiled.limited else compiled.sql
        bindings |= {"limit": limit, "offset": offset}
        with self._reading():
            found = self._connection.execute(f"{page} LIMIT :limit OFFSET :offset", bindings).fetchall()
            if len(found) < limit and (found or not offset):
                total = offset + len(found)
            else:
                total = self._total(query, compiled, bindings, params, offset + len(found))
        shown = [(each.name, self._show(each.fragment.kind)) for each in compiled.outputs]
        rows = [
            {name: show(value) for (name, show), value in zip(shown, row, strict=True) if value not in (None, "")}
            for row in found
        ]
        return Result(rows, total)

    def _failed(self, error: Exception) -> None:
        self._failure = error

    def _bindings(self, parsed: Parsed, params: Sequence[JSON]) -> dict[str, Value]:
        if len(params) != parsed.parameters:
            raise unsupported(f"{parsed.parameters} parameters in the query, {len(params)} given")
        now = times.instant_text(self._now())
        bindings: dict[str, Value] = {"now": times.to_local(now, self._zone)}
        for index, given in enumerate(params, 1):
            if isinstance(given, bool) or not isinstance(given, str | int | float | None):
                raise unsupported(f"parameter {index} is neither text nor number")
            # To Oracle an empty text is NULL.
            bindings[f"p{index}"] = None if given == "" else given
        return bindings

    def _translated(self, query: str, parsed: Parsed) -> Compiled:
        catalogue = self._catalogue if isinstance(self._catalogue, Catalogue) else self._catalogue()
        if catalogue is not self._compiled_for:
            self._compiled.clear()
            self._compiled_for = catalogue
        hidden = frozenset(each for each in parsed.tables if each in self._hidden)
        if self._hidden_answer == "unknown" and hidden:
            raise unknown_table(min(hidden))
        key = (query, hidden)
        compiled = self._compiled.get(key)
        if compiled is None:
            setting = Setting(catalogue, hidden, self._fails, self._physical, compile_query)
            try:
                compiled = compile_query(parsed.tree, Scope(setting))
            except RecursionError as error:
                raise unsupported("nested too deeply") from error
            _keep(self._compiled, key, compiled)
        self._compiled.move_to_end(key)
        return compiled

    def _physical(self, table: str) -> Physical:
        """What SQLite knows of a table. The rowid's own column is never null, whatever it says."""
        columns = self._connection.execute(f"PRAGMA table_info({quoted(table)})").fetchall()
        keys = [row for row in columns if row[5]]
        rowid = {row[1] for row in keys if len(keys) == 1 and row[2].upper() == "INTEGER"}
        return Physical(
            frozenset(row[1] for row in columns if any(part in row[2].upper() for part in _NUMERIC)),
            frozenset(row[1] for row in columns if row[3]) | rowid,
        )

    def _total(
        self, query: str, compiled: Compiled, bindings: dict[str, Value], params: Sequence[JSON], seen: int
    ) -> int:
        changes = self._connection.total_changes
        if changes != self._totals_at:
            self._totals.clear()
            self._totals_at = changes
        exact_key = (query, *(f"{type(each).__name__} {each}" for each in params))
        known = self._totals.get(exact_key)
        if known is not None:
            return known
        first_time = (query,) not in self._totals
        most = -1 if first_time or self._exact_totals else seen + _COUNTED_AHEAD
        sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM ({compiled.counted}) LIMIT :most)"
        (total,) = self._connection.execute(sql, {**bindings, "most": most}).fetchone()
        _keep(self._totals, (query,), 0)
        if total != most:
            _keep(self._totals, exact_key, total)
        return int(total)

    @contextmanager
    def _reading(self) -> Generator[None, None, None]:
        """While inside, the connection takes no writes, and what fails in SQLite is the query's fault."""
        self._connection.execute("PRAGMA query_only = ON")
        try:
            yield
        except (sqlite3.Error, OverflowError) as error:
            cause = self._failure or error
            raise unsupported(str(cause)) from cause
        finally:
            self._failure = None
            self._connection.execute("PRAGMA query_only = OFF")

    def _show(self, kind: Kind) -> Callable[[Value], str]:
        match kind:
            case "local":
                return lambda value: times.format_local(str(value), self._date_format)
            case "instant":
                return lambda value: times.format_local(times.to_local(str(value), self._zone), self._date_format)
            case "number":
                return lambda value: number_text(to_number(value)) if value is not None else ""
            case _:
                return lambda value: value if isinstance(value, str) else number_text(value or 0)


def _keep(cache: OrderedDict[_Key, _Kept], key: _Key, value: _Kept) -> None:
    cache[key] = value
    while len(cache) > _CACHED:
        cache.popitem(last=False)
