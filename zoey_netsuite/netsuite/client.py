"""The blocking NetSuite client: every call as a method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from zoey_netsuite.checks import must_be_a
from zoey_netsuite.clock import Clock, SystemClock
from zoey_netsuite.http.credentials import bound
from zoey_netsuite.http.drivers import CallHook, Driver
from zoey_netsuite.http.limits import Limiter, Limits
from zoey_netsuite.http.operation import JSON, Operation, Pages, Response
from zoey_netsuite.http.retry import Retry
from zoey_netsuite.http.transport import HttpxTransport, Transport
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


class NetSuiteClient:
    """A NetSuite account. A context manager; safe to use from many threads.

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
        transport: Transport | None = None,
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
        self._driver = Driver(
            remote,
            bound(auth, TAKES, remote.account_id, remote.token_url),
            limiter or Limits(concurrency=5, adaptive=True, clock=clock),
            retry,
            clock or SystemClock(),
            on_call,
            transport=transport or HttpxTransport(),
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

    def execute(self, operation: Operation[T]) -> T:
        """Carry out a call that an operation builder made (`netsuite.operations` and its neighbours)."""
        return self._driver.run(operation)

    def iterate(self, pages: Pages[T]) -> Iterator[T]:
        """The items of a list that an operation builder made; pages are read as they are needed."""
        return self._driver.iterate(pages)

    @overload
    def record(
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
    def record(
        self,
        type: str,
        id: str | None = None,
        *,
        external_id: str | None = None,
        fields: Sequence[str] | None = None,
        expand: bool = True,
        as_: type[T],
    ) -> T: ...
    def record(
        self,
        type: str,
        id: str | None = None,
        *,
        external_id: str | None = None,
        fields: Sequence[str] | None = None,
        expand: bool = True,
        as_: type[T] | None = None,
    ) -> Record | T:
        """Read one record.

        Args:
            type: as the record API calls it ("salesOrder").
            id: internal id; or give `external_id`.
            fields: only these.
            expand: read sublists and subrecords along.
            as_: an attrs class, such as `Customer` or your own (see `netsuite.shapes`).

        Raises:
            NetSuiteNotFoundError: there is none.
            RowError: it does not fit the class.
        """
        todo: Operation[Any] = operations.record(
            type, id, external_id=external_id, fields=fields, expand=expand, as_=as_, formats=self._formats
        )
        return self.execute(todo)  # type: ignore[no-any-return]  # the overloads say which

    @overload
    def records(
        self,
        type: str,
        ids: Sequence[str],
        *,
        fields: Sequence[str] | None = None,
        expand: bool = True,
        as_: None = None,
    ) -> Iterator[Record]: ...
    @overload
    def records(
        self, type: str, ids: Sequence[str], *, fields: Sequence[str] | None = None, expand: bool = True, as_: type[T]
    ) -> Iterator[T]: ...
    def records(
        self,
        type: str,
        ids: Sequence[str],
        *,
        fields: Sequence[str] | None = None,
        expand: bool = True,
        as_: type[T] | None = None,
    ) -> Iterator[Record] | Iterator[T]:
        """Read several records, one call each and each when it is asked for; for many, SuiteQL is cheaper."""
        todo: Sequence[Operation[Any]] = operations.records(
            type, ids, fields=fields, expand=expand, as_=as_, formats=self._formats
        )
        return (self.execute(operation) for operation in todo)

    def find(self, type: str, external_id: str) -> RecordId | None:
        """The internal id of the record with this external id, or None."""
        return self._run(flows.find(type, external_id))

    def create(self, type: str, record: Fields) -> RecordId:
        """Make a record and give its id. It is never repeated: a lost answer is `OutcomeUnknown`, so look, then decide.

        Args:
            record: its fields as NetSuite calls them; give `externalId`, so that `find` can tell whether it was made.

        Raises:
            NetSuiteAlreadyExistsError: the external id, or an entity's name, is taken.
            NetSuiteInvalidFieldError: a field was refused, or has no such name.
            MappingError: a value has no form in JSON.
        """
        return self.execute(operations.create(type, record))

    def update(self, type: str, id: str, changes: Fields, replace: Sequence[str] = ()) -> None:
        """Change some fields of a record. None clears a field.

        Args:
            id: internal id, or "eid:" and the external id.
            changes: lines of sublists are matched by their key (`line`), and others stay.
            replace: sublists whose lines are replaced by those given. Else lines without a key are added, and such an
                update is not repeated when its answer is lost.
        """
        return self.execute(operations.update(type, id, changes, replace))

    def upsert(self, type: str, external_id: str, record: Fields) -> RecordId:
        """Make a record under an external id, or change the one that has it."""
        return self.execute(operations.upsert(type, external_id, record))

    def delete(self, type: str, id: str) -> None:
        """Delete a record.

        Raises:
            NetSuiteNotFoundError: there was none to begin with.
        """
        return self._run(flows.delete(type, id))

    def transform(self, source: str, id: str, target: str, changes: Fields | None = None) -> RecordId:
        """Make one record out of another (an invoice out of a sales order) and give its id.

        Args:
            changes: what shall differ from NetSuite's defaults. A line that is not listed keeps its default: a
                fulfillment takes it in full, unless it is listed with `"itemreceive": False`.
        """
        return self.execute(operations.transform(source, id, target, changes))

    @overload
    def suiteql(
        self,
        query: str,
        params: Sequence[JSON] | None = None,
        *,
        as_: None = None,
        by: By | None = None,
        page_size: int = 1000,
    ) -> Iterator[Row]: ...
    @overload
    def suiteql(
        self,
        query: str,
        params: Sequence[JSON] | None = None,
        *,
        as_: type[T],
        by: By | None = None,
        page_size: int = 1000,
    ) -> Iterator[T]: ...
    def suiteql(
        self,
        query: str,
        params: Sequence[JSON] | None = None,
        *,
        as_: type[T] | None = None,
        by: By | None = None,
        page_size: int = 1000,
    ) -> Iterator[Row] | Iterator[T]:
        """Run a SuiteQL query; rows are read a page at a time, as they are asked for.

        Args:
            query: `?` stands for a parameter, `:after` for the condition that reads on (see `by`).
            params: text and numbers, bound in order.
            as_: an attrs class: columns become fields of the same name (in any case), converted as annotated.
            by: result columns that tell rows apart, never null, by which the result is ordered: then the query is read
                on from the last key, any number of rows, and no row twice or missed while others change. Write
                `WHERE ... AND :after ... ORDER BY a, b` and `by=("a", "b")`; a column that the WHERE knows by another
                name is `{column: expression}`. Keys are bound as text: Oracle compares a numeric column as numbers all
                the same; for a time, select and order by its TO_CHAR. Rows of one key come from one page.
                Without `by`, pages go by offset.
            page_size: rows a call, at most 1,000.

        Raises:
            PagingError: the query cannot be read so; or, without `by`, it has a second page and no ORDER BY, or more
                than 100,000 rows.
            RowError: a row does not fit the class.
            NetSuiteInvalidQueryError: an unknown table or column.
        """
        pages: Pages[Any] = suiteql.suiteql(query, params, as_=as_, by=by, page_size=page_size, formats=self._formats)
        return self.iterate(pages)

    @overload
    def dataset(self, id: str, *, as_: None = None, page_size: int = 1000) -> Iterator[Row]: ...
    @overload
    def dataset(self, id: str, *, as_: type[T], page_size: int = 1000) -> Iterator[T]: ...
    def dataset(self, id: str, *, as_: type[T] | None = None, page_size: int = 1000) -> Iterator[Row] | Iterator[T]:
        """Read a SuiteAnalytics Workbook dataset, by offset: at most 100,000 rows."""
        pages: Pages[Any] = suiteql.dataset(id, as_=as_, page_size=page_size, formats=self._formats)
        return self.iterate(pages)

    @overload
    def saved_search(self, id: str, *, as_: None = None, page_size: int = 1000) -> Iterator[SearchRow]: ...
    @overload
    def saved_search(self, id: str, *, as_: type[T], page_size: int = 1000) -> Iterator[T]: ...
    def saved_search(
        self, id: str, *, as_: type[T] | None = None, page_size: int = 1000
    ) -> Iterator[SearchRow] | Iterator[T]:
        """Run a saved search, through the RESTlet that comes with this library (deploy it: `netsuite/suitescript`).

        Args:
            id: "customsearch_...", or its number.
            as_: an attrs class whose fields are the columns' labels or field ids: "Ship Date" is `ship_date`.
            page_size: rows a call, 5 to 1,000.
        """
        pages: Pages[Any] = restlets.saved_search(
            id, as_=as_, page_size=page_size, script=self._search_script, formats=self._formats
        )
        return self.iterate(pages)

    def restlet(
        self,
        script: str,
        deploy: str,
        *,
        method: str = "GET",
        params: Mapping[str, str] | None = None,
        json: JSON = None,
        repeatable: bool = False,
    ) -> JSON:
        """Call a RESTlet and give its answer: JSON, else text, or None.

        Args:
            script, deploy: ids of the script and its deployment.
            repeatable: calling it twice does what calling it once does.
        """
        return self.execute(
            restlets.restlet(script, deploy, method=method, params=params, json=json, repeatable=repeatable)
        )

    def batch(
        self,
        type: str,
        action: Action,
        records: Sequence[Fields | str],
        *,
        idempotency_key: str | None = None,
        longest: float = jobs.LONGEST,
    ) -> list[BatchResult]:
        """Write many records of one type, a hundred a call, and tell of each what became of it.

        Args:
            action: "create", "update", "upsert" or "delete".
            records: fields, with `externalId` for an upsert, with `id` or `externalId` for an update; to delete, ids
                ("12" or "eid:x").
            idempotency_key: under the same key nothing is written twice; by default a new one for each call.
            longest: seconds to wait for each hundred. Of records not done by then, the error is `OutcomeUnknown`.

        Raises:
            NetSuiteError: the first hundred was refused as a whole. Later, the results carry the refusal.
        """
        return self._run(batches.batch(type, action, records, idempotency_key=idempotency_key, longest=longest))

    def submit(self, operation: Operation[Any], *, idempotency_key: str | None = None) -> str:
        """Send a call as a job and give the job's id: `erp.submit(operations.create(...))`.

        Args:
            idempotency_key: a second call under the same key gives the job of the first.
        """
        return self._run(jobs.submit(operation, idempotency_key=idempotency_key))

    def job(self, job_id: str) -> Progress:
        """How far a job has come."""
        return self.execute(jobs.progress(job_id))

    def wait(self, job_id: str, *, longest: float = jobs.LONGEST) -> Progress:
        """Wait until a job has ended, at most `longest` seconds; then it is `OutcomeUnknown`."""
        return self._run(jobs.wait(job_id, longest=longest))

    def tasks(self, job_id: str) -> list[Progress]:
        """The tasks of a job: one, or one for each record of a batch."""
        return self.execute(jobs.tasks(job_id))

    def result(self, job_id: str, task_id: str = "1") -> TaskResult:
        """What a task answered; a refusal is raised."""
        return self.execute(jobs.result(job_id, task_id))

    def server_time(self) -> datetime:
        """NetSuite's clock, UTC. Needs no permission: the cheapest proof of good credentials."""
        return self.execute(system.server_time())

    def whoami(self) -> Mapping[str, JSON]:
        """Who the token is: company, role, user, as NetSuite tells it."""
        return self.execute(system.whoami())

    def metadata(self, type: str | None = None) -> Mapping[str, JSON]:
        """A record type's fields as JSON schema, or the list of record types."""
        return self.execute(system.metadata(type))

    def raw(
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
        """Any call: signed, limited, and repeated where it is a read or `repeatable`. Refusals are raised.

        Args:
            path: begins with "/", percent-encoded.
            params: query parameters.
            json: the body, or `content` as bytes.
            host: "rest" or "restlet".
        """
        return self.execute(
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

    def _run(self, flow: flows.Flow[T]) -> T:
        return flows.run(flow, self.execute, self._driver.clock.sleep)

    def close(self) -> None:
        """Give back the connections."""
        if self._owns_transport:
            self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"NetSuiteClient({self._account_id!r})"
