"""RESTlets: scripts of the account that answer requests, here Python functions; one pages through saved searches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias, cast

from zoey_netsuite.sandbox.exchange import JSON, Answer, Request
from zoey_netsuite.sandbox.netsuite.errors import Refusal
from zoey_netsuite.sandbox.netsuite.query import QueryApi

RESTLET_PATH = "/app/site/hosting/restlet.nl"
# Script and deployment under which saved searches are found; deployed by the package's SuiteScript project.
SAVED_SEARCH_SCRIPT = "customscript_zoey_netsuite_search"
SAVED_SEARCH_DEPLOYMENT = "customdeploy_zoey_netsuite_search"
Search: TypeAlias = Mapping[str, Any]
_MOST = 1000
_TEXT = "__text"


class Handler(Protocol):
    """A RESTlet: what it is called with, and its JSON answer. Raises Refusal for an error of its own."""

    def __call__(self, method: str, parameters: Mapping[str, str], body: JSON) -> JSON:
        """Answer one call."""
        ...


class Restlets:
    """Finds the RESTlet that a request names and lets it answer."""

    def __init__(self) -> None:
        self._handlers: dict[tuple[str, str], Handler] = {}

    def register(self, script: str, deployment: str, handler: Handler) -> None:
        """Deploy a function under a script and deployment id."""
        self._handlers[script, deployment] = handler

    def handle(self, request: Request) -> Answer:
        """Answer one call. Raises Refusal."""
        parameters = dict(request.query)
        handler = self._handlers.get((parameters.get("script", ""), parameters.get("deploy", "")))
        if handler is None:
            raise Refusal(404, "SSS_INVALID_SCRIPTLET_ID", "That Suitelet is invalid, disabled, or no longer exists.")
        body: JSON = None
        if request.body.strip():
            try:
                body = request.json()
            except (json.JSONDecodeError, UnicodeDecodeError):
                raise Refusal(400, "INVALID_REQUEST", "The request body is not valid JSON.") from None
        return Answer.of(handler(request.method, parameters, body))


class SavedSearches:
    """The RESTlet that pages through saved searches. A search is a SuiteQL text registered under an id.

    A column `x__text` of the text is shown as the display text of column `x`; `joins` and `labels` of a registered
    search name joins and labels of its columns.
    """

    def __init__(self, searches: Mapping[str, Search], query: QueryApi) -> None:
        self._searches = searches
        self._query = query

    def __call__(self, method: str, parameters: Mapping[str, str], body: JSON) -> JSON:
        """One page: `{"action": "page", "search", "page", "pageSize"}`. Raises Refusal."""
        asked = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
        if method != "POST" or asked.get("action") != "page":
            raise _invalid("action: it must be 'page'.")
        if not asked.get("search"):
            raise Refusal(400, "SSS_MISSING_REQD_ARGUMENT", "search: give the id of a saved search.")
        name = str(asked["search"])
        page, size = _whole(asked, "page", 0, 0), _whole(asked, "pageSize", _MOST, 5)
        search = self._searches.get(name)
        if search is None:
            raise Refusal(400, "INVALID_SEARCH", f"That search or mass update does not exist: {name}.")
        result = self._query.run(str(search["query"]), (), page * size, size)
        total = result.total
        names = list(dict.fromkeys(key for row in result.rows for key in row if not key.endswith(_TEXT)))
        columns = [_column(search, each) for each in names]
        return {
            "pageCount": -(-total // size),
            "count": total,
            "columns": columns,
            "rows": [
                {
                    "id": row.get("id"),
                    "type": search.get("type", ""),
                    "columns": [
                        {**column, "value": row.get(column["name"], ""), "text": row.get(column["name"] + _TEXT, "")}
                        for column in columns
                    ],
                }
                for row in result.rows
            ],
        }


def _column(search: Search, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "join": cast("Mapping[str, str]", search.get("joins", {})).get(name, ""),
        "label": cast("Mapping[str, str]", search.get("labels", {})).get(name, ""),
    }


def _whole(asked: Mapping[str, Any], name: str, default: int, least: int) -> int:
    value = asked.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST:
        raise _invalid(f"{name} must be a whole number from {least} to {_MOST}.")
    return value


def _invalid(words: str) -> Refusal:
    return Refusal(400, "SSS_INVALID_PARAMETER", words)
