"""The query service: SuiteQL and datasets, with the limits of their pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.netsuite.content import entries
from zoey_netsuite.sandbox.netsuite.database import Database
from zoey_netsuite.sandbox.netsuite.errors import (
    Refusal,
    invalid_content,
    invalid_header,
    invalid_parameter,
    nonexistent,
)
from zoey_netsuite.sandbox.netsuite.listing import page, page_links
from zoey_netsuite.sandbox.netsuite.parts import LIST_CONTENT
from zoey_netsuite.sandbox.netsuite.permissions import WORKBOOK, Role
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.netsuite.suiteql import Engine, QueryError, Result

QUERY = "/services/rest/query/v1"
MOST_ROWS = 100_000
MOST_PAGES = 1_000


class QueryApi:
    """Answers SuiteQL queries and datasets."""

    def __init__(
        self,
        database: Database,
        role: Role,
        settings: NetSuiteSettings,
        now: Callable[[], datetime],
        datasets: Mapping[str, str],
    ) -> None:
        self._database = database
        self._role = role
        self._settings = settings
        self._now = now
        self._datasets = datasets
        self._engine: Engine | None = None
        self._engine_for: Set[str] = frozenset()

    def handle(self, request: Request) -> Answer:
        """Answer one request. Raises Refusal."""
        path = request.path[len(QUERY) :].strip("/")
        if path == "suiteql":
            return self._suiteql(request)
        parts = path.split("/")
        if len(parts) == 3 and parts[0] == "dataset" and parts[2] == "result" and request.method == "GET":
            return self._dataset(request, parts[1])
        raise Refusal(404, "NONEXISTENT_URL", f"The resource '{request.path}' does not exist.")

    def run(self, query: str, params: Sequence[Any] = (), offset: int = 0, limit: int = 1000) -> Result:
        """Run a query as the role sees the tables. Raises Refusal."""
        # What an engine remembers of a query's total holds for one set of permissions only.
        if self._engine is None or self._engine_for != self._role.withheld:
            self._engine, self._engine_for = self._new_engine(), set(self._role.withheld)
        try:
            with self._role.narrowed(self._database):
                return self._engine.run(query, list(params), offset=offset, limit=limit)
        except QueryError as error:
            raise invalid_parameter(str(error), "q") from error

    def _new_engine(self) -> Engine:
        itemtype = [] if self._settings.transactionline_itemtype else [("transactionline", "itemtype")]
        return Engine(
            self._database.connection,
            lambda: self._database.catalogue,
            self._settings.timezone,
            self._now,
            date_format=self._settings.date_format,
            hidden=self._role.hidden_tables(self._database.catalogue),
            hidden_answer=self._settings.withheld_tables,
            fails=itemtype,
        )

    def _suiteql(self, request: Request) -> Answer:
        if request.method != "POST":
            raise Refusal(405, "METHOD_NOT_ALLOWED", f"The method {request.method} is not supported for this resource.")
        prefer = request.headers.get("prefer")
        if prefer is None:
            raise invalid_header("The required request header 'Prefer' is missing", "Prefer")
        if "transient" not in prefer.lower():
            raise invalid_header(f"Invalid value '{prefer}' of header Prefer. Use 'transient'.", "Prefer")
        query, params = _query(request)
        return self._answer(request, query, params)

    def _dataset(self, request: Request, name: str) -> Answer:
        query = self._datasets.get(name)
        if query is None:
            raise nonexistent()
        return self._answer(request, query, ())

    def _answer(self, request: Request, query: str, params: Sequence[Any]) -> Answer:
        self._role.insist(WORKBOOK)
        parameters = dict(request.query)
        limit, offset = page(parameters)
        if offset // limit >= MOST_PAGES or offset + limit > MOST_ROWS:
            raise invalid_parameter(
                f"Invalid value {offset} for query parameter offset. At most {MOST_ROWS} rows in {MOST_PAGES} pages "
                "can be reached.",
                "offset",
            )
        result = self.run(query, params, offset, limit)
        total = result.total
        split = urlsplit(request.url)
        address = f"{split.scheme}://{split.netloc}{split.path}"
        value: dict[str, Any] = {
            "links": page_links(address, parameters, limit, offset, total),
            "count": len(result.rows),
            "hasMore": offset + len(result.rows) < total,
            "items": [{"links": [], **row} for row in result.rows],
            "offset": offset,
            "totalResults": total,
        }
        return Answer.of(value, content_type=LIST_CONTENT)


def _query(request: Request) -> tuple[str, Sequence[Any]]:
    try:
        value = request.json()
    except ValueError:
        raise invalid_content("Invalid content in the request body") from None
    body = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    query: Any = body.get("q")
    params = entries(body.get("params") or [])
    if not isinstance(query, str) or not query.strip():
        raise invalid_parameter("Invalid search query. The query 'q' is missing.", "q")
    if params is None:
        raise invalid_content("Invalid content in the request body: 'params' must be an array.", "params")
    return query, params
