"""The async NetSuite client: every call as a method, the same as the blocking one's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from zoey_netsuite.checks import must_be_a
from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.http.credentials import bound
from zoey_netsuite.http.drivers import AsyncDriver, CallHook
from zoey_netsuite.http.limits import Limiter, Limits
from zoey_netsuite.http.operation import JSON, Operation, Pages, Response
from zoey_netsuite.http.retry import Retry
from zoey_netsuite.http.transport import AsyncHttpxTransport, AsyncTransport
from zoey_netsuite.netsuite import batches, flows, jobs, operations, restlets, suiteql, system
from zoey_netsuite.netsuite.answers import RecordId
from zoey_netsuite.netsuite.auth import TAKES, NetSuiteAuth
from zoey_netsuite.netsuite.batches import Action, BatchResult
from zoey_netsuite.netsuite.jobs import Progress, TaskResult
from zoey_netsuite.netsuite.records import Fields, Record
from zoey_netsuite.netsuite.remote import NetSuiteRemote
from zoey_netsuite.netsuite.restlets import DEFAULT_SEARCH_SCRIPT, SearchRow, SearchScript
from zoey_netsuite.netsuite.suiteql import By, Row
from zoey_netsuite.netsuite.values import DEFAULT_FORMATS, Formats

T = TypeVar("T")
DEFAULT_RETRY = Retry()


class AsyncNetSuiteClient:
    """A NetSuite account, for asyncio. A context manager. Its methods are those of `NetSuiteClient`, awaited.

    Args:
        account_id: Setup > Company > Company Information: "1234567", "1234567_SB1" for a sandbox account.
        auth: `MachineAuth` or `TokenAuth`.
        base_url: replaces the account's hosts, for a sandbox server or a proxy.
        limiter: the account's allowance; share one between clients of one account. By default 5 calls at once.
        retry: how patiently calls that may be repeated are repeated.
        transport: what carries the bytes; one given here is not closed with the client.
        clock: what waits and tells the time.
        on_call: is told of every request made.
        timeout: seconds to wait for an answer.
        formats: the account's time zone and date format, for typed rows.
        search_script: which RESTlet runs saved searches.
        allow_http: let a `base_url` without TLS pass, though it is not on this machine.

    Every method may raise `NetSuiteError` (a refusal; its classes say what it means), `TransportError` (no answer), and
    `OutcomeUnknown` where a write was sent and its answer was lost.
    """

    def __init__(
        self,
        account_id: str,
        auth: NetSuiteAuth,
        *,
        base_url: str | None = None,
        limiter: Limiter | None = None,
        retry: Retry = DEFAULT_RETRY,
        transport: AsyncTransport | None = None,
        clock: Clock | None = None,
        on_call: CallHook | None = None,
        timeout: float = 120.0,
        formats: Formats = DEFAULT_FORMATS,
        search_script: SearchScript = DEFAULT_SEARCH_SCRIPT,
        allow_http: bool = False,
    ) -> None:
        remote = NetSuiteRemote(account_id, base_url, timeout, allow_http)
        must_be_a("formats", formats, Formats, "Formats(timezone=…)")
        must_be_a("search_script", search_script, SearchScript, "a SearchScript")
        self._driver = AsyncDriver(
            remote,
            bound(auth, TAKES, remote.account_id, remote.token_url),
            limiter or Limits(concurrency=5, adaptive=True, clock=clock),
            retry,
            clock or SystemClock(),
            on_call,
            transport=transport or AsyncHttpxTransport(),
        )
        self._owns_transport = transport is None
        self._account_id = remote.account_id
        self._formats = formats
        self._search_script = search_script

    @property
    def account_id(self) -> str:
        """The account's id in NetSuite's form."""
        return self._account_id

    @property
    def formats(self) -> Formats:
        """How the account writes dates and times."""
        return self._formats

    @property
    def calls(self) -> Mapping[str, int]:
        """How many requests were made so far, by kind ("suiteql", "record.create" …), repetitions included."""
        return dict(self._driver.calls)

    async def execute(self, operation: Operation[T]) -> T:
        """Carry out a call that an operation builder made (`netsuite.operations` and its neighbours)."""
        return await self._driver.run(operation)

    def iterate(self, pages: Pages[T]) -> AsyncIterator[T]:
        """The items of a list that an operation builder made; pages are read as they are needed."""
        return self._driver.iterate(pages)

    @overload
    async def record(
        self,
        type: str,
        id: str | None = None,
        *,
        external_id: str | None = None,
        fields: Sequence[str] | None = None,
        expand: bool = True,
        as_: None = None,
    ) -> Record: ...
    @overload
    async def record(
        self,
        type: str,
        id: str | None = None,
        *,
        external_id: str | None = None,
        fields: Sequence[str] | None = None,
        expand: bool = True,
        as_: type[T],
    ) -> T: ...
    async def record(
        self,
        type: str,
        id: str | None = None,
        *,
        external_id: str | None = None,
        fields: Sequence[str] | None = None,
        expand: bool = True,
        as_: type[T] | None = None,
    ) -> Record | T:
        """Read one record. See `NetSuiteClient.record`."""
        todo: Operation[Any] = operations.record(
            type, id, external_id=external_id, fields=fields, expand=expand, as_=as_, formats=self._formats
        )
        return await self.execute(todo)

    @overload
    def records(
        self,
        type: str,
        ids: Sequence[str],
        *,
        fields: Sequence[str] | None = None,
        expand: bool = True,
        as_: None = None,
    ) -> AsyncIterator[Record]: ...
    @overload
    def records(
        self, type: str, ids: Sequence[str], *, fields: Sequence[str] | None = None, expand: bool = True, as_: type[T]
    ) -> AsyncIterator[T]: ...
    def records(
        self,
        type: str,
        ids: Sequence[str],
        *,
        fields: Sequence[str] | None = None,
        expand: bool = True,
        as_: type[T] | None = None,
    ) -> AsyncIterator[Record] | AsyncIterator[T]:
        """Read several records, one call each and each when it is asked for; for many, SuiteQL is cheaper."""
        todo: Sequence[Operation[Any]] = operations.records(
            type, ids, fields=fields, expand=expand, as_=as_, formats=self._formats
        )
        return self._each(todo)

    async def find(self, type: str, external_id: str) -> RecordId | None:
        """The internal id of the record with this external id, or None."""
        return await self._run(flows.find(type, external_id))

    async def create(self, type: str, record: Fields) -> RecordId:
        """Make a record and give its id. See `NetSuiteClient.create`."""
        return await self.execute(operations.create(type, record))

    async def update(self, type: str, id: str, changes: Fields, replace: Sequence[str] = ()) -> None:
        """Change some fields of a record. See `NetSuiteClient.update`."""
        return await self.execute(operations.update(type, id, changes, replace))

    async def upsert(self, type: str, external_id: str, record: Fields) -> RecordId:
        """Make a record under an external id, or change the one that has it."""
        return await self.execute(operations.upsert(type, external_id, record))

    async def delete(self, type: str, id: str) -> None:
        """Delete a record. See `NetSuiteClient.delete`."""
        return await self._run(flows.delete(type, id))

    async def transform(self, source: str, id: str, target: str, changes: Fields | None = None) -> RecordId:
        """Make one record out of another and give its id. See `NetSuiteClient.transform`."""
        return await self.execute(operations.transform(source, id, target, changes))

    @overload
    def suiteql(
        self,
        query: str,
        params: Sequence[JSON] | None = None,
        *,
        as_: None = None,
        by: By | None = None,
        page_size: int = 1000,
    ) -> AsyncIterator[Row]: ...
    @overload
    def suiteql(
        self,
        query: str,
        params: Sequence[JSON] | None = None,
        *,
        as_: type[T],
        by: By | None = None,
        page_size: int = 1000,
    ) -> AsyncIterator[T]: ...
    def suiteql(
        self,
        query: str,
        params: Sequence[JSON] | None = None,
        *,
        as_: type[T] | None = None,
        by: By | None = None,
        page_size: int = 1000,
    ) -> AsyncIterator[Row] | AsyncIterator[T]:
        """Run a SuiteQL query; rows are read a page at a time, as they are asked for. See `NetSuiteClient.suiteql`."""
        pages: Pages[Any] = suiteql.suiteql(query, params, as_=as_, by=by, page_size=page_size, formats=self._formats)
        return self.iterate(pages)

    @overload
    def dataset(self, id: str, *, as_: None = None, page_size: int = 1000) -> AsyncIterator[Row]: ...
    @overload
    def dataset(self, id: str, *, as_: type[T], page_size: int = 1000) -> AsyncIterator[T]: ...
    def dataset(
        self, id: str, *, as_: type[T] | None = None, page_size: int = 1000
    ) -> AsyncIterator[Row] | AsyncIterator[T]:
        """Read a SuiteAnalytics Workbook dataset, by offset: at most 100,000 rows."""
        pages: Pages[Any] = suiteql.dataset(id, as_=as_, page_size=page_size, formats=self._formats)
        return self.iterate(pages)

    @overload
    def saved_search(self, id: str, *, as_: None = None, page_size: int = 1000) -> AsyncIterator[SearchRow]: ...
    @overload
    def saved_search(self, id: str, *, as_: type[T], page_size: int = 1000) -> AsyncIterator[T]: ...
    def saved_search(
        self, id: str, *, as_: type[T] | None = None, page_size: int = 1000
    ) -> AsyncIterator[SearchRow] | AsyncIterator[T]:
        """Run a saved search. See `NetSuiteClient.saved_search`."""
        pages: Pages[Any] = restlets.saved_search(
            id, as_=as_, page_size=page_size, script=self._search_script, formats=self._formats
        )
        return self.iterate(pages)

    async def restlet(
        self,
        script: str,
        deploy: str,
        *,
        method: str = "GET",
        params: Mapping[str, str] | None = None,
        json: JSON = None,
        repeatable: bool = False,
    ) -> JSON:
        """Call a RESTlet and give its answer. See `NetSuiteClient.restlet`."""
        return await self.execute(
            restlets.restlet(script, deploy, method=method, params=params, json=json, repeatable=repeatable)
        )

    async def batch(
        self,
        type: str,
        action: Action,
        records: Sequence[Fields | str],
        *,
        idempotency_key: str | None = None,
        longest: float = jobs.LONGEST,
    ) -> list[BatchResult]:
        """Write many records of one type, a hundred a call. See `NetSuiteClient.batch`."""
        return await self._run(batches.batch(type, action, records, idempotency_key=idempotency_key, longest=longest))

    async def submit(self, operation: Operation[Any], *, idempotency_key: str | None = None) -> str:
        """Send a call as a job and give the job's id. See `NetSuiteClient.submit`."""
        return await self._run(jobs.submit(operation, idempotency_key=idempotency_key))

    async def job(self, job_id: str) -> Progress:
        """How far a job has come."""
        return await self.execute(jobs.progress(job_id))

    async def wait(self, job_id: str, *, longest: float = jobs.LONGEST) -> Progress:
        """Wait until a job has ended, at most `longest` seconds; then it is `OutcomeUnknown`."""
        return await self._run(jobs.wait(job_id, longest=longest))

    async def tasks(self, job_id: str) -> list[Progress]:
        """The tasks of a job: one, or one for each record of a batch."""
        return await self.execute(jobs.tasks(job_id))

    async def result(self, job_id: str, task_id: str = "1") -> TaskResult:
        """What a task answered; a refusal is raised."""
        return await self.execute(jobs.result(job_id, task_id))

    async def server_time(self) -> datetime:
        """NetSuite's clock, UTC. Needs no permission: the cheapest proof of good credentials."""
        return await self.execute(system.server_time())

    async def whoami(self) -> Mapping[str, JSON]:
        """Who the token is: company, role, user, as NetSuite tells it."""
        return await self.execute(system.whoami())

    async def metadata(self, type: str | None = None) -> Mapping[str, JSON]:
        """A record type's fields as JSON schema, or the list of record types."""
        return await self.execute(system.metadata(type))

    async def raw(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        json: JSON = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        host: str = "rest",
        repeatable: bool = False,
    ) -> Response:
        """Any call: signed, limited, and repeated where it is a read or `repeatable`. See `NetSuiteClient.raw`."""
        return await self.execute(
            system.raw(
                method,
                path,
                params=params,
                json=json,
                content=content,
                headers=headers,
                host=host,
                repeatable=repeatable,
            )
        )

    async def _each(self, todo: Sequence[Operation[T]]) -> AsyncIterator[T]:
        for operation in todo:
            yield await self.execute(operation)

    async def _run(self, flow: flows.Flow[T]) -> T:
        return await flows.run_async(flow, self.execute, self._driver.clock.sleep_async)

    async def aclose(self) -> None:
        """Give back the connections."""
        if self._owns_transport:
            await self._driver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"AsyncNetSuiteClient({self._account_id!r})"
