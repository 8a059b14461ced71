"""RESTlets: the account's own end points, and the one that runs saved searches."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar, overload

from attrs import field, frozen

from zoey_netsuite.checks import must_be_id
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.http.answers import read_object, read_optional_json
from zoey_netsuite.http.operation import JSON, Operation, Pages, Response, ResultPage, Safety
from zoey_netsuite.netsuite.answers import RecordId, is_list, is_object
from zoey_netsuite.netsuite.errors import read_error
from zoey_netsuite.netsuite.rows import row_reader
from zoey_netsuite.netsuite.values import DEFAULT_FORMATS, Formats, to_text

T = TypeVar("T")

PATH = "/app/site/hosting/restlet.nl"


@frozen
class SearchScript:
    """Which RESTlet runs saved searches: the ids of its script and its deployment.

    The defaults are those of the script that comes with this library (`netsuite/suitescript/`).
    """

    script: str = "customscript_zoey_netsuite_search"
    deploy: str = "customdeploy_zoey_netsuite_search"


DEFAULT_SEARCH_SCRIPT = SearchScript()


@frozen
class SearchColumn:
    """One value of a saved search's result.

    Attributes:
        name: the field's id ("entityid").
        join: the join it comes by ("customer"), or "".
        label: what the search calls the column, or "".
        value: as NetSuite keeps it.
        text: as NetSuite shows it, or "".
    """

    name: str
    join: str
    label: str
    value: JSON
    text: str


@frozen
class SearchRow:
    """One row of a saved search's result.

    Attributes:
        id: of the record that the row is about, or None for a summary.
        type: that record's type, or "".
        columns: in the search's order.
    """

    id: RecordId | None
    type: str
    columns: Sequence[SearchColumn] = field(repr=lambda columns: f"<{len(columns)} columns>")

    def __getitem__(self, name: str) -> JSON:
        """A column's value, by its label, its field's id, or `join.field`. Raises KeyError when there is none."""
        return self._column(name).value

    def text(self, name: str) -> str:
        """A column's value as NetSuite shows it. Raises KeyError when there is no such column."""
        return self._column(name).text

    def _column(self, name: str) -> SearchColumn:
        for column in self.columns:
            if name in (column.label, column.name if not column.join else None, f"{column.join}.{column.name}"):
                return column
        raise KeyError(name)


Reader: TypeAlias = Callable[[Sequence[SearchRow]], Sequence[Any]]


def restlet(
    script: str,
    deploy: str,
    *,
    method: str = "GET",
    params: Mapping[str, str] | None = None,
    json: JSON = None,
    repeatable: bool = False,
) -> Operation[JSON]:
    """Call a RESTlet. See `NetSuiteClient.restlet`."""
    must_be_id("the RESTlet's script", script)
    must_be_id("the RESTlet's deployment", deploy)
    method = method.upper()
    if method not in ("GET", "POST", "PUT", "DELETE"):
        raise ConfigurationError(f"A RESTlet answers GET, POST, PUT and DELETE, not {method}.")
    if json is not None and method in ("GET", "DELETE"):
        raise ConfigurationError(f"A RESTlet gets no body with {method}: give params.")
    own = dict(params or {})
    return Operation(
        name=f"call the RESTlet {script}/{deploy}",
        method=method,
        path=PATH,
        read=read_optional_json,
        kind="restlet",
        host="restlet",
        params=(("script", script), ("deploy", deploy), *own.items()),
        json=json,
        headers={"content-type": "application/json"},
        safety=Safety.READ if method == "GET" else Safety.REPEATABLE if repeatable else Safety.ONCE,
    )


@overload
def saved_search(
    id: str,
    *,
    as_: None = None,
    page_size: int = 1000,
    script: SearchScript = ...,
    formats: Formats = ...,
) -> Pages[SearchRow]: ...
@overload
def saved_search(
    id: str,
    *,
    as_: type[T],
    page_size: int = 1000,
    script: SearchScript = ...,
    formats: Formats = ...,
) -> Pages[T]: ...
def saved_search(
    id: str,
    *,
    as_: type[T] | None = None,
    page_size: int = 1000,
    script: SearchScript = DEFAULT_SEARCH_SCRIPT,
    formats: Formats = DEFAULT_FORMATS,
) -> Pages[SearchRow] | Pages[T]:
    """Run a saved search. See `NetSuiteClient.saved_search`."""
    must_be_id("the saved search's id", id)
    if not id:
        raise ConfigurationError("Which saved search? Give its id (customsearch_... or its number).")
    if not 5 <= page_size <= 1000:
        raise ConfigurationError(f"page_size is {page_size}: a saved search gives 5 to 1,000 rows a page.")
    if as_ is None:
        return Pages(_page(id, 0, page_size, script, lambda rows: rows))
    typed = row_reader(as_, formats)
    return Pages(_page(id, 0, page_size, script, lambda rows: typed([as_mapping(row) for row in rows])))


def as_mapping(row: SearchRow) -> dict[str, JSON]:
    """A row as the fields of a class see it: by label and by field id, lower case, other characters as "_".

    "Ship Date" is `ship_date`, a joined column also `customer_entityid`; with `_text` at the end it is what NetSuite
    shows. Empty values are left out.
    """
    found: dict[str, JSON] = {}
    if row.id is not None:
        found["id"] = row.id
    for column in row.columns:
        for name in (column.label, f"{column.join}_{column.name}" if column.join else column.name):
            key = re.sub(r"\W+", "_", name.lower()).strip("_")
            if key and column.value not in (None, ""):
                found.setdefault(key, column.value)
                found.setdefault(f"{key}_text", column.text)
    return found


def _page(id: str, number: int, size: int, script: SearchScript, build: Reader) -> Operation[ResultPage[Any]]:
    name = f"read page {number + 1} of the saved search {id}"

    def read(response: Response) -> ResultPage[Any]:
        body = read_object(response)
        if is_object(body.get("error")):
            raise read_error(400, {}, response.content, action=name, host="restlet")
        rows, pages = body.get("rows"), body.get("pageCount")
        if not is_list(rows) or not isinstance(pages, int):
            raise ValueError("it holds no rows and pageCount: is the library's own RESTlet deployed under these ids")
        following = _page(id, number + 1, size, script, build) if number + 1 < pages else None
        return ResultPage(build([_row(row) for row in rows]), following)

    return Operation(
        name=name,
        method="POST",
        path=PATH,
        read=read,
        kind="saved_search",
        host="restlet",
        params=(("script", script.script), ("deploy", script.deploy)),
        json={"action": "page", "search": id, "page": number, "pageSize": size},
        headers={"content-type": "application/json"},
        safety=Safety.READ,
    )


def _row(row: JSON) -> SearchRow:
    if not is_object(row) or not is_list(row.get("columns")):
        raise ValueError("a row has no columns")
    return SearchRow(
        RecordId(to_text(row["id"])) if row.get("id") not in (None, "") else None,
        to_text(row.get("type") or ""),
        [
            SearchColumn(
                to_text(column.get("name") or ""),
                to_text(column.get("join") or ""),
                to_text(column.get("label") or ""),
                column.get("value"),
                to_text(column.get("text") or ""),
            )
            for column in row["columns"]
        ],
    )
