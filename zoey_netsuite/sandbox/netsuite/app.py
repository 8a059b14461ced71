"""NetSuite's stand-in as a whole: who may come in, and which part answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve

from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.netsuite import system
from zoey_netsuite.sandbox.netsuite.auth import Clock, Gate, Scope
from zoey_netsuite.sandbox.netsuite.batches import ASYNC, Jobs, is_async, is_batch
from zoey_netsuite.sandbox.netsuite.catalogue import Catalogue
from zoey_netsuite.sandbox.netsuite.company import Company
from zoey_netsuite.sandbox.netsuite.content import Values
from zoey_netsuite.sandbox.netsuite.database import Database, quoted
from zoey_netsuite.sandbox.netsuite.errors import Refusal, restlet_error
from zoey_netsuite.sandbox.netsuite.metadata import METADATA, Metadata
from zoey_netsuite.sandbox.netsuite.permissions import REST, Role
from zoey_netsuite.sandbox.netsuite.present import RECORDS
from zoey_netsuite.sandbox.netsuite.query import QUERY, QueryApi
from zoey_netsuite.sandbox.netsuite.record_api import RecordApi
from zoey_netsuite.sandbox.netsuite.restlets import (
    RESTLET_PATH,
    SAVED_SEARCH_DEPLOYMENT,
    SAVED_SEARCH_SCRIPT,
    Restlets,
    SavedSearches,
)
from zoey_netsuite.sandbox.netsuite.seed import Seeder
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.netsuite.shapes import RecordType
from zoey_netsuite.sandbox.netsuite.tokens import TOKEN_PATH, TokenEndPoint


class NetSuiteApp:
    """One NetSuite account: a function from request to answer, and helpers for tests to look and reach into it.

    Args:
        settings: the account's switches, credentials and custom fields.
        clock: what time it is.
        path: where the SQLite database lies; in memory unless told.

    Attributes:
        gate: the credentials: `gate.expire_tokens()`, `gate.revoke_tokens()`.
        role: the permissions: `role.withdraw("Lists -> Items")`, `role.grant(...)`.
        restlets: where RESTlets are registered.
        company: the account's records and rules, free of HTTP.
    """

    def __init__(self, settings: NetSuiteSettings, clock: Clock, path: str = ":memory:") -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(path)
        self.company = Company(settings, clock, self.database)
        self.role = Role(settings)
        self.gate = Gate(settings, clock)
        self.restlets = Restlets()
        self._records = self.company.records
        self._seeder = Seeder(self._records)
        self._seeder.base(settings.company)
        self._tokens = TokenEndPoint(settings, clock, self.gate)
        self._api = RecordApi(self._records, self.role, self.company.transforms)
        self._jobs = Jobs(self.database, settings, clock, self._api.handle)
        self._metadata = Metadata(self.company.registry, self.role)
        self._query = QueryApi(self.database, self.role, settings, clock.now, self._seeder.datasets)
        searches = SavedSearches(self._seeder.saved_searches, self._query)
        self.restlets.register(SAVED_SEARCH_SCRIPT, SAVED_SEARCH_DEPLOYMENT, searches)

    def handle(self, request: Request) -> Answer:
        """Carry out one request and answer it."""
        request = self._addressed(request)
        path = urlsplit(request.url).path
        if path == TOKEN_PATH:
            return self._tokens.handle(request)
        try:
            self.gate.admit(request, _scope(path))
            with self.database.unit_of_work():
                return self._route(path, request)
        except Refusal as refusal:
            return self._refused(path, refusal)

    def too_many(self, request: Request) -> Answer:
        """The answer to a request that came while too many others were in flight."""
        path = urlsplit(request.url).path
        words = "Concurrent request limit exceeded. Request blocked."
        if path.startswith(RESTLET_PATH):
            return restlet_error(Refusal(400, "SSS_REQUEST_LIMIT_EXCEEDED", words))
        return self.settings.errors.answer(Refusal(429, "CONCURRENCY_LIMIT_EXCEEDED", words))

    def refuse(self, request: Request, problem: str) -> Answer:
        """The 401 of credentials with this problem (token_expired, token_revoked, unauthorized)."""
        return self._refused(urlsplit(request.url).path, self.gate.refusal(request))

    def failure(self, request: Request) -> Answer:
        """The 500 of a request that NetSuite could not carry out."""
        words = "An unexpected error occurred. Error ID: sandbox"
        return self._refused(urlsplit(request.url).path, Refusal(500, "UNEXPECTED_ERROR", words))

    def catalogue(self) -> Catalogue:
        """The tables that SuiteQL sees."""
        return self.database.catalogue

    def seed(self, content: Mapping[str, Any]) -> None:
        """Put records in without asking for credentials.

        Args:
            content: rows by record type (`customer`, `salesOrder`, `item`, `customrecord_x`...) in the record API's
                form or flat by column, with an `id` where it matters; `stock`: rows of item, location,
                quantityavailable, quantityonhand; `custom_fields`: see `CustomField`; `saved_searches`: SuiteQL by
                search id; `datasets`: SuiteQL by dataset id; any other table by its rows.

        Raises:
            SeedError: a record or field that the account does not take. Nothing was put in.
        """
        with self.database.unit_of_work():
            self._seeder.seed(content)

    def set_stock(self, item: int | str, location: int | str, available: float, on_hand: float | None = None) -> None:
        """Set an item's stock in a location."""
        row = {"item": int(item), "location": int(location), "quantityavailable": available}
        self._seeder.stock([{**row, "quantityonhand": on_hand}])

    def record(self, record_type: str, identifier: int | str) -> Values | None:
        """A record as it is kept (references as id text, sublists as lists), or None."""
        found = self._records.find(self._type(record_type), int(identifier))
        return dict(found.values) if found else None

    def update(self, record_type: str, identifier: int | str, changes: Mapping[str, Any]) -> None:
        """Change a record as a user of the account would, by its rules."""
        with self.database.unit_of_work():
            self._seeder.record(self._type(record_type), {**changes, "id": int(identifier)})

    def delete(self, record_type: str, identifier: int | str) -> None:
        """Remove a record as a user of the account would. Raises Refusal."""
        with self.database.unit_of_work():
            self._records.delete(self._records.get(self._type(record_type), int(identifier)))

    def count(self, record_type: str) -> int:
        """How many records of a type there are; `item` and `transaction` count all of theirs."""
        found = self.company.registry.find(record_type)
        if found is None:
            return int(self.database.value(f"SELECT COUNT(*) FROM {quoted(record_type)}") or 0)
        sql = f"SELECT COUNT(*) FROM {quoted(found.table)} WHERE _record = ?"
        return int(self.database.value(sql, found.name) or 0)

    def lock(self, record_type: str, identifier: int | str, *, locked: bool = True) -> None:
        """Let a workflow lock a record."""
        self._records.lock(self._type(record_type), int(identifier), locked=locked)

    def close_period(self, first: date, last: date) -> None:
        """Close the accounting periods from first to last."""
        self.company.periods.close(first, last)

    def merge_customers(self, loser: int | str, winner: int | str) -> None:
        """Merge duplicates: transactions and contacts move to the winner, the loser is gone without a trace."""
        with self.database.unit_of_work():
            self.company.merge(int(loser), int(winner))

    def _addressed(self, request: Request) -> Request:
        """The request as its caller wrote it: the account's real hosts are only ever addressed by HTTPS.

        So a client that knows nothing of the sandbox can be sent here by its host's name alone, e.g. through a
        transport that opens another connection: what it signed still holds, and links lead where it began.
        """
        split = urlsplit(request.url)
        if split.scheme == "http" and (split.hostname or "") in self.settings.hosts:
            return evolve(request, url=split._replace(scheme="https").geturl())
        return request

    def _type(self, name: str) -> RecordType:
        return self.company.registry.get(name)

    def _route(self, path: str, request: Request) -> Answer:
        if path.startswith("/services/rest/") and request.method == "OPTIONS":
            return Answer(204, headers={"allow": "GET, POST, PUT, PATCH, DELETE, OPTIONS"})
        path = path.rstrip("/")
        if path == system.SERVER_TIME_PATH:
            return Answer.of(system.server_time(self._records))
        if path == system.TOKEN_INFO_PATH:
            return Answer.of(system.token_info(self.settings))
        if path == RESTLET_PATH:
            return self.restlets.handle(request)
        self.role.insist(REST)
        if path == system.LIMITS_PATH:
            return Answer.of(system.governance_limits(self.settings))
        if path.startswith(METADATA):
            return self._metadata.handle(request)
        if path.startswith(ASYNC):
            return self._jobs.handle(request)
        if path.startswith(QUERY):
            return self._query.handle(request)
        if path.startswith(f"{RECORDS}/"):
            return self._record(request)
        raise Refusal(404, "NONEXISTENT_URL", f"The resource '{path}' does not exist.", at={"o:errorUrl": path})

    def _record(self, request: Request) -> Answer:
        if is_async(request) or is_batch(request):
            plain = {name: value for name, value in request.headers.items() if name != "authorization"}
            return self._jobs.submit(evolve(request, headers=plain))
        return self._api.handle(request)

    def _refused(self, path: str, refusal: Refusal) -> Answer:
        if path.startswith((RESTLET_PATH, system.TOKEN_INFO_PATH)):
            return restlet_error(refusal)
        return self.settings.errors.answer(refusal)


def _scope(path: str) -> Scope:
    return Scope.RESTLETS if path.startswith((RESTLET_PATH, system.TOKEN_INFO_PATH)) else Scope.REST
