"""SuiteQL as lists that are read page by page: by key, or by offset within its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar, cast, overload
from urllib.parse import quote

from zoey_netsuite.checks import must_be_id
from zoey_netsuite.http.answers import read_object
from zoey_netsuite.http.operation import JSON, Operation, Pages, Response, ResultPage, Safety
from zoey_netsuite.netsuite.answers import is_list, is_object
from zoey_netsuite.netsuite.errors import PagingError
from zoey_netsuite.netsuite.rows import row_reader
from zoey_netsuite.netsuite.statement import START, Keyset, Statement, keyset, parse_statement
from zoey_netsuite.netsuite.values import DEFAULT_FORMATS, Formats, to_text

T = TypeVar("T")

Row: TypeAlias = Mapping[str, JSON]
"""One row of a result: column names in lower case; null columns are left out."""

By: TypeAlias = str | Sequence[str] | Mapping[str, str]
"""Result columns that tell rows apart, or each with the expression that stands for it in the query."""

Reader: TypeAlias = Callable[[Sequence[dict[str, Any]]], Sequence[T]]

PATH = "/services/rest/query/v1/suiteql"
NO_ROW = "(no row)"
"""Under this name stands what came in the place of a row."""
IDENTITIES = frozenset(("id", "item", "parentitem", "transaction"))
"""Columns that are never null: a row without one is broken, where null in another column is a mistake in `by`."""
LONGEST_KEY = 200
MOST_ROWS_BY_OFFSET = 100_000
MOST_PAGES_BY_OFFSET = 1_000


@overload
def suiteql(
    query: str,
    params: Sequence[JSON] | None = None,
    *,
    as_: None = None,
    by: By | None = None,
    page_size: int = 1000,
    formats: Formats = ...,
) -> Pages[Row]: ...
@overload
def suiteql(
    query: str,
    params: Sequence[JSON] | None = None,
    *,
    as_: type[T],
    by: By | None = None,
    page_size: int = 1000,
    formats: Formats = ...,
) -> Pages[T]: ...
def suiteql(
    query: str,
    params: Sequence[JSON] | None = None,
    *,
    as_: type[T] | None = None,
    by: By | None = None,
    page_size: int = 1000,
    formats: Formats = DEFAULT_FORMATS,
) -> Pages[T] | Pages[Row]:
    """Run a SuiteQL query. See `NetSuiteClient.suiteql` for the arguments.

    Sources: NetSuite: REST Web Services, Executing SuiteQL Queries; SuiteQL, Query Limits.
    """
    must_be_id("the query", query)
    statement = parse_statement(query)
    values = bind_values(params or ())
    if len(values) != statement.placeholders:
        raise PagingError(f"The query has {statement.placeholders} `?`, and {len(values)} parameters were given.")
    if not 1 <= page_size <= 1000:
        raise PagingError(f"page_size is {page_size}: NetSuite gives 1 to 1,000 rows a page.")
    if by is None:
        if statement.resumable:
            raise PagingError("The query has `:after`, so say by which columns: by=('id',).")
        if as_ is None:
            return Pages(_ByOffset(statement, values, page_size, untyped).page(0))
        return Pages(_ByOffset(statement, values, page_size, row_reader(as_, formats)).page(0))
    columns = keyset(by, statement)
    if as_ is None:
        return Pages(_ByKey(statement, values, page_size, untyped, columns).page())
    return Pages(_ByKey(statement, values, page_size, row_reader(as_, formats, key=columns.columns), columns).page())


def bind_values(params: Sequence[JSON]) -> list[str]:
    """Bind parameters as NetSuite takes them: text. Numbers compare as numbers all the same: Oracle converts them."""
    values: list[str] = []
    for position, value in enumerate(params, start=1):
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            remedy = (
                "write IS NULL into the query"
                if value is None
                else "give 'T' or 'F'"
                if isinstance(value, bool)
                else "for a date, write TO_DATE(?, 'YYYY-MM-DD') and give text"
            )
            raise PagingError(f"Parameter {position} is {value!r}, which SuiteQL cannot bind: {remedy}.")
        values.append(to_text(value))
    return values


def untyped(rows: Sequence[dict[str, Any]]) -> Sequence[Row]:
    """Rows as they come, without the empty list of links that NetSuite adds to each."""
    for row in rows:
        if row.get("links") == []:
            del row["links"]
    return rows


def _operation(
    text: str, params: Sequence[str], limit: int, offset: int, read: Callable[[Response], T]
) -> Operation[T]:
    body: dict[str, JSON] = {"q": text, "params": list(params)} if params else {"q": text}
    return Operation(
        name=f"run the SuiteQL query {abridged(text)}",
        method="POST",
        path=PATH,
        read=read,
        kind="suiteql",
        params=(("limit", str(limit)), ("offset", str(offset))),
        json=body,
        headers={"prefer": "transient"},
        safety=Safety.READ,
    )


def abridged(text: str) -> str:
    """A query on one line, for messages."""
    line = " ".join(text.split())
    return f"`{line if len(line) <= 80 else line[:77] + '...'}`"


def read_rows(response: Response, limit: int) -> tuple[Sequence[dict[str, Any]], bool, int | None]:
    """A page's rows, whether more follow, and the total if it is given."""
    body = read_object(response)
    given = body.get("items")
    if not is_list(given):
        raise ValueError("it has no list called items")
    rows: list[dict[str, JSON]] = [cast("dict[str, JSON]", row) if is_object(row) else {NO_ROW: row} for row in given]
    more = body.get("hasMore")
    if not isinstance(more, bool):
        more = len(rows) >= limit
    if more and not rows:
        raise ValueError("it says that more rows follow, but holds none")
    total = body.get("totalResults")
    return rows, more, total if isinstance(total, int) else None


def _is_broken(column: str, key: JSON) -> bool:
    if key is None or key == "":
        return column in IDENTITIES
    try:
        return len(to_text(key)) > LONGEST_KEY
    except ValueError:
        return True


class _ByOffset:
    """Reads by row number: rows can be seen twice or missed while data moves, and 100,000 are the most."""

    def __init__(self, statement: Statement, params: Sequence[str], size: int, read: Reader[Any]) -> None:
        self._statement = statement
        self._params = params
        self._size = size
        self._read = read
        self._reach = min(MOST_ROWS_BY_OFFSET, MOST_PAGES_BY_OFFSET * size)

    def page(self, offset: int) -> Operation[ResultPage[Any]]:
        text, params = self._statement.render(self._params)

        def read(response: Response) -> ResultPage[Any]:
            rows, more, total = read_rows(response, self._size)
            following = offset + self._size
            if more:
                self._check(following, total)
            return ResultPage(self._read(rows), self.page(following) if more else None)

        return _operation(text, params, self._size, offset, read)

    def _check(self, following: int, total: int | None) -> None:
        query = abridged(self._statement.text)
        if self._statement.order is None:
            raise PagingError(
                f"The result of {query} has more than one page, and without ORDER BY the pages need not fit together: "
                "order it by a unique column, or better read it by key (`AND :after ... ORDER BY id`, by=('id',))."
            )
        if following >= self._reach or (total is not None and total > self._reach):
            raise PagingError(
                f"The result of {query} has {f'{total:,}' if total else 'more'} rows, and NetSuite gives at most "
                f"{self._reach:,} by offset: read it by key (`AND :after ... ORDER BY id`, by=('id',))."
            )


class _ByKey:
    """Reads on from the last key seen: any number of rows, and none twice or missed while data moves."""

    def __init__(
        self, statement: Statement, params: Sequence[str], size: int, read: Reader[Any], columns: Keyset
    ) -> None:
        self._statement = statement
        self._params = params
        self._size = size
        self._read = read
        self._columns = columns

    def page(self, before: Sequence[tuple[str, ...]] = ()) -> Operation[ResultPage[Any]]:
        """The page after those keys, which the one before it gave out."""
        after = before[-1] if before else None
        text, params = (
            self._statement.render(self._params, START)
            if after is None
            else self._statement.render(self._params, self._columns.condition, self._columns.binds(after))
        )

        def read(response: Response) -> ResultPage[Any]:
            rows, more, _ = read_rows(response, self._size)
            if not rows:
                return ResultPage(())
            odd, rows = self._told_apart(rows)
            keys = self._keys(rows or odd)
            # Rows come upwards, so whatever comes back from below comes first.
            if keys[0] in before:
                raise PagingError(
                    f"The page after {self._say(after)} has {self._say(keys[0])} again: join "
                    "`:after` with AND to the whole WHERE (put what is joined with OR in parentheses), and give `by` "
                    "the right expressions."
                )
            if not more:
                return ResultPage(self._read([*odd, *rows]))
            # The rows of the last key may go on beyond the page's end, so they are read again, whole.
            whole = len(keys) - 1
            while whole and keys[whole - 1] == keys[-1]:
                whole -= 1
            if not whole:
                raise PagingError(
                    f"More than {len(rows)} rows have {self._say(keys[-1])}, so they do not fit a page: add a column "
                    "to `by` and ORDER BY that tells them apart."
                )
            return ResultPage(self._read([*odd, *rows[:whole]]), self.page(keys[:whole]))

        return _operation(text, params, self._size, 0, read)

    def _told_apart(self, rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Rows whose key can't be read, and the others: one odd row must not keep the list from being read on."""
        odd, good = list[dict[str, Any]](), list[dict[str, Any]]()
        expressions = zip(self._columns.columns, self._columns.expressions, strict=True)
        of = [(name, expression.rpartition(".")[2].lower()) for name, expression in expressions]
        for row in rows:
            (odd if any(_is_broken(column, row.get(name)) for name, column in of) else good).append(row)
        return odd, good

    def _keys(self, rows: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
        try:
            return [tuple(to_text(row[name]) for name in self._columns.columns) for row in rows]
        except (KeyError, ValueError):
            pass
        for name in self._columns.columns:
            if not any(name in row for row in rows):
                known = ", ".join(sorted({column for row in rows for column in row} - {"links"}))
                raise PagingError(f"`by` names the column {name!r}, and the result has {known}: select it, so named.")
        name = next(name for name in self._columns.columns for row in rows if row.get(name) is None)
        raise PagingError(
            f"The column {name!r} is null in some rows, which reading by key cannot order: leave them out "
            f"(`AND {self._columns.expressions[self._columns.columns.index(name)]} IS NOT NULL`) or read by another."
        )

    def _say(self, key: tuple[str, ...] | None) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in zip(self._columns.columns, key or (), strict=False))


@overload
def dataset(id: str, *, as_: None = None, page_size: int = 1000, formats: Formats = ...) -> Pages[Row]: ...
@overload
def dataset(id: str, *, as_: type[T], page_size: int = 1000, formats: Formats = ...) -> Pages[T]: ...
def dataset(
    id: str, *, as_: type[T] | None = None, page_size: int = 1000, formats: Formats = DEFAULT_FORMATS
) -> Pages[T] | Pages[Row]:
    """Read a SuiteAnalytics dataset's result by offset. See `NetSuiteClient.dataset`."""
    if not 1 <= page_size <= 1000:
        raise PagingError(f"page_size is {page_size}: NetSuite gives 1 to 1,000 rows a page.")
    must_be_id("the dataset's id", id)
    if as_ is None:
        return Pages(_dataset_page(id, 0, page_size, untyped))
    return Pages(_dataset_page(id, 0, page_size, row_reader(as_, formats)))


def _dataset_page(id: str, offset: int, size: int, read_page: Reader[Any]) -> Operation[ResultPage[Any]]:
    def read(response: Response) -> ResultPage[Any]:
        rows, more, _ = read_rows(response, size)
        following = offset + size
        if more and following >= min(MOST_ROWS_BY_OFFSET, MOST_PAGES_BY_OFFSET * size):
            raise PagingError(f"The dataset {id} has more rows than can be reached: narrow it, or use SuiteQL by key.")
        lowered = [{name.lower(): value for name, value in row.items()} for row in rows]
        return ResultPage(read_page(lowered), _dataset_page(id, following, size, read_page) if more else None)

    return Operation(
        name=f"read the dataset {id}",
        method="GET",
        path=f"/services/rest/query/v1/dataset/{quote(id, safe='')}/result",
        read=read,
        kind="dataset",
        params=(("limit", str(size)), ("offset", str(offset))),
        headers={"prefer": "transient"},
    )
