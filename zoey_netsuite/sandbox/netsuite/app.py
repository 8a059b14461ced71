"""NetSuite's stand-in as a whole: who may come in, and which part answers."""

from __future__ import annotations

from urllib.parse import urlsplit

from zoey_netsuite.sandbox.exchange import Answer, Request
from zoey_netsuite.sandbox.netsuite.auth import Clock, Gate, Scope
from zoey_netsuite.sandbox.netsuite.catalogue import Catalogue
from zoey_netsuite.sandbox.netsuite.database import Database
from zoey_netsuite.sandbox.netsuite.entities import Entities
from zoey_netsuite.sandbox.netsuite.errors import Refusal, restlet_error
from zoey_netsuite.sandbox.netsuite.permissions import REST, Role
from zoey_netsuite.sandbox.netsuite.present import RECORDS
from zoey_netsuite.sandbox.netsuite.record_api import RecordApi
from zoey_netsuite.sandbox.netsuite.records import Records
from zoey_netsuite.sandbox.netsuite.registry import Registry
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.netsuite.tokens import TOKEN_PATH, TokenEndPoint
from zoey_netsuite.sandbox.netsuite.transforms import Transforms

RESTLET_PATH = "/app/site/hosting/restlet.nl"
TOKEN_INFO_PATH = "/rest/tokeninfo"  # noqa: S105  a path
SERVER_TIME_PATH = "/services/rest/system/v1/serverTime"


class NetSuiteApp:
    """One NetSuite account: a function from request to answer, and helpers for tests to look and reach into it.

    Args:
        settings: the account's switches, credentials and custom fields.
        clock: what time it is.
        path: where the SQLite database lies; in memory unless told.
    """

    def __init__(self, settings: NetSuiteSettings, clock: Clock, path: str = ":memory:") -> None:
        self.settings = settings
        self.clock = clock
        self.database = Database(path)
        self.registry = Registry(self.database)
        for custom in settings.custom_fields:
            self.registry.declare(custom)
        self.records = Records(self.database, self.registry, settings, clock)
        entities = Entities(self.records)
        self.records.behaviors |= {"customer": entities, "contact": entities, "employee": entities}
        self.role = Role(settings)
        self.gate = Gate(settings, clock)
        self._tokens = TokenEndPoint(settings, clock, self.gate)
        self._api = RecordApi(self.records, self.role, Transforms(self.records))

    def handle(self, request: Request) -> Answer:
        """Carry out one request and answer it."""
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
        if path.startswith(RESTLET_PATH):
            words = "Request Limit Exceeded. Concurrent request limit exceeded. Request blocked."
            return restlet_error(Refusal(400, "SSS_REQUEST_LIMIT_EXCEEDED", words))
        words = "Concurrent request limit exceeded. Request blocked."
        return self.settings.errors.answer(Refusal(429, "CONCURRENCY_LIMIT_EXCEEDED", words))

    def refuse(self, request: Request, problem: str) -> Answer:
        """The 401 that credentials with this problem (token_expired, token_revoked, unauthorized) would get."""
        return self._refused(urlsplit(request.url).path, self.gate.refusal(request))

    def catalogue(self) -> Catalogue:
        """The tables that SuiteQL sees."""
        return self.database.catalogue

    def _route(self, path: str, request: Request) -> Answer:
        if path.startswith("/services/rest/") and request.method == "OPTIONS":
            return Answer(204, headers={"allow": "GET, POST, PUT, PATCH, DELETE, OPTIONS"})
        if path.rstrip("/") == SERVER_TIME_PATH:
            return Answer.of({"serverTime": self.records.now()})
        self.role.insist(REST)
        if path.startswith(RECORDS):
            return self._api.handle(request)
        raise Refusal(404, "NONEXISTENT_URL", f"The resource '{path}' does not exist.", at={"o:errorUrl": path})

    def _refused(self, path: str, refusal: Refusal) -> Answer:
        if path.startswith(RESTLET_PATH):
            return restlet_error(refusal)
        return self.settings.errors.answer(refusal)


def _scope(path: str) -> Scope:
    return Scope.RESTLETS if path.startswith((RESTLET_PATH, TOKEN_INFO_PATH)) else Scope.REST
