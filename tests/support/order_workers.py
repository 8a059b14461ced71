"""Processes that carry orders side by side, on PostgreSQL and within one account's limit: to kill and to stop."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias, TypeVar, cast

import psutil
from attrs import define, evolve, field, frozen

import zoey_netsuite.state.postgres_database  # noqa: F401 - imported once, not in each process
from support.killed import children
from support.waiting_orders import waiting_orders
from zoey_netsuite import (
    AddOrderComment,
    Clock,
    Effect,
    Every,
    Found,
    Hold,
    HttpxTransport,
    Integration,
    Limits,
    MapContext,
    NetSuiteClient,
    OrderMapper,
    OrderSync,
    PostgresStore,
    Skip,
    StateStore,
    StoreLimiter,
    Table,
    Threads,
    Timing,
    Transport,
    Unit,
    ZoeyClient,
    netsuite,
    zoey,
)
from zoey_netsuite.http.auth import Authenticator
from zoey_netsuite.http.operation import Request
from zoey_netsuite.sandbox import Sandbox, ZoeySettings
from zoey_netsuite.syncs.orders import OrderCase
from zoey_netsuite.testing.steps import COMMIT, SteppedStore, SteppedTransport, Steps

T = TypeVar("T")

PATIENCE = 120.0
"""Seconds in which something is to happen, or the test fails."""

TIMING = Timing(lease=6, call=3, settle=2)

Where: TypeAlias = Literal["after the start", "before the call", "in the call", "after the answer"]


class CommentedOrders(OrderSync):
    """The buyer of each order is told by e-mail that it was passed on: Zoey sends that as often as it is asked to."""

    def apply(self, unit: Unit[OrderCase], found: Found, ctx: MapContext) -> Sequence[Effect] | Hold | Skip:
        """As usual, and the comment that is e-mailed."""
        effects = super().apply(unit, found, ctx)
        if isinstance(effects, Hold | Skip):
            return effects
        return [*effects, AddOrderComment(unit.id, "Passed on", marker=f"[NS order {unit.id}]", notify=True)]


@frozen
class Stop:
    """Stops this process (SIGSTOP) at one of its writes to NetSuite, once: until somebody lets it go on.

    Attributes:
        where: "after the start" is when the store has taken that it is about to be sent; "before the call", when it
            has its place within the limit; "in the call", after the last look at the time; "after the answer", before
            anybody hears of it.
        done: a file that tells that it has happened.
    """

    where: Where
    done: Path

    def here(self, where: Where) -> None:
        """It may be time."""
        if where == self.where and not self.done.exists():
            self.done.touch()
            os.kill(os.getpid(), signal.SIGSTOP)
            time.sleep(0.2)  # another thread may be the one that takes the signal; this one is not to run on meanwhile


@define
class StoppingSteps(Steps):
    """Steps at which the process may stop."""

    stop: Stop = field(kw_only=True)

    def take(self, step: Callable[[], T], name: str = "") -> T:
        """Make a step."""
        makes = name.startswith("POST ") and name.endswith("/salesOrder")
        if makes:
            self.stop.here("in the call")
        result = step()
        if makes:
            self.stop.here("after the answer")
        if name.startswith(f"{COMMIT}once"):
            self.stop.here("after the start")
        return result


@frozen
class StoppingAuth:
    """Signs requests; the process may stop when one has its place within the limit and is about to be signed."""

    inner: netsuite.NetSuiteAuth
    stop: Stop

    def bind(self, realm: str, token_url: str) -> Authenticator:
        """As the inner one."""
        return cast("Authenticator", _StoppingSigner(self.inner.bind(realm, token_url), self.stop))


class _StoppingSigner:
    def __init__(self, inner: Authenticator, stop: Stop) -> None:
        self._inner, self._stop = inner, stop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def sign(self, request: Request, clock: Clock) -> Request:
        if request.method == "POST" and request.url.endswith("/salesOrder"):
            self._stop.here("before the call")
        return self._inner.sign(request, clock)


@frozen
class OrderWorker:
    """One process: it runs whatever is due until it is told to end (SIGTERM).

    Attributes:
        environment: addresses and credentials of the sandbox.
        dsn, schema: where the state is kept.
        limit: calls at once that the account allows all of them together.
        since: orders placed before are left alone.
        stop: where it stops (SIGSTOP), if it does.
        threads: how many of them work on orders.
        timeout: of its calls, in seconds.
        share_seconds: how long its share of the limit lasts without a sign of life.
    """

    environment: Mapping[str, str]
    dsn: str
    schema: str
    limit: int
    since: datetime
    stop: Stop | None = None
    threads: int = 2
    timeout: float = 3.0
    share_seconds: float = 4.0
    timing: Timing = TIMING

    def __call__(self) -> None:
        ended = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: ended.set())
        with self.integration() as integration:
            integration.run_forever(ended)

    @contextmanager
    def integration(self) -> Generator[Integration]:
        """With everything that it needs."""
        values, stop = self.environment, self.stop
        auth: netsuite.NetSuiteAuth = netsuite.TokenAuth(
            *(values[f"NETSUITE_{name}"] for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN_ID", "TOKEN_SECRET"))
        )
        key = zoey.OAuth1Auth(
            *(values[f"ZOEY_{name}"] for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "TOKEN", "TOKEN_SECRET"))
        )
        transport: Transport = HttpxTransport()
        account, url = values["NETSUITE_ACCOUNT_ID"], values["NETSUITE_URL"]
        with ExitStack() as stack:
            store: StateStore = stack.enter_context(PostgresStore(self.dsn, self.schema))
            limiter = stack.enter_context(StoreLimiter(store, account, self.limit, seconds=self.share_seconds))
            if stop is not None:
                steps = StoppingSteps(stop=stop)
                store, transport = SteppedStore(store, steps), SteppedTransport(transport, steps)
                auth = StoppingAuth(auth, stop)
            erp = stack.enter_context(
                NetSuiteClient(account, auth, base_url=url, limiter=limiter, transport=transport, timeout=self.timeout)
            )
            shop = stack.enter_context(ZoeyClient(values["ZOEY_URL"], key, limiter=Limits(concurrency=8)))
            yield Integration(
                "acme",
                erp,
                shop,
                store,
                [CommentedOrders(start_at=self.since, mapper=OrderMapper(currencies=Table({"USD": "1"})))],
                schedule={"orders": Every(seconds=2)},
                dispatcher=Threads(self.threads),
                timing=self.timing,
            )

    def started(self) -> ForkServerProcess:
        """The process, under way."""
        process = children(__name__).Process(target=self, daemon=True)
        process.start()
        return process


class OrderWorkers:
    """A sandbox in which orders wait, and processes that carry them. A context manager.

    Args:
        dsn, schema: where the processes keep their state.
        orders: how many wait.
        limit: how many calls at once the processes are to make, all together.
        latency: seconds that each takes there.
    """

    def __init__(self, dsn: str, schema: str, orders: int, *, limit: int = 4, latency: float = 0.0) -> None:
        self.orders = orders
        now = datetime.now(UTC)
        self.sandbox = Sandbox(zoey=ZoeySettings(requests_per_second=None), seed=waiting_orders(orders, now))
        self.sandbox.netsuite.latency = latency
        self.sandbox.netsuite.concurrency.limit = None  # it lets all in, and counts them
        self._worker = OrderWorker({}, dsn, schema, limit, now - timedelta(days=1))
        self._processes: list[ForkServerProcess] = []

    def __enter__(self) -> Self:
        self.sandbox.start()
        self.worker = evolve(self._worker, environment=self.sandbox.environment())
        self.store = PostgresStore(self.worker.dsn, self.worker.schema)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
            process.join()
        self.store.close()
        self.sandbox.close()

    def start(self, stop: Stop | None = None, *, threads: int = 2) -> ForkServerProcess:
        """One process more."""
        process = evolve(self.worker, stop=stop, threads=threads).started()
        self._processes.append(process)
        return process

    def place_another(self) -> None:
        """Somebody orders."""
        with self.sandbox.zoey.acting() as app:
            app.place_order([{"product_id": 101, "qty": 1, "price": "12.5000"}], customer_id=1)
        self.orders += 1

    def made(self) -> int:
        """How many sales orders there are."""
        with self.sandbox.netsuite.acting() as app:
            return app.count("salesOrder")

    def told(self) -> Counter[str]:
        """How often the buyer of each order was told."""
        with self.sandbox.zoey.acting() as app:
            return Counter(str(mail["about"]) for mail in app.outbox if mail["subject"] == "comment")

    def sent(self) -> list[int | None]:
        """The answers to all that asked NetSuite to make a sales order, oldest first: HTTP statuses."""
        log = self.sandbox.netsuite.calls.log
        return [call.status for call in log if call.method == "POST" and call.target.endswith("/salesOrder")]

    def is_through(self) -> bool:
        """Whether every order is made and nothing waits any more."""
        return self.made() >= self.orders and not self.store.scan(("acme", "work"), limit=1)

    def end(self, *processes: ForkServerProcess) -> None:
        """Tell them to end, and see that they end well."""
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(PATIENCE)
        assert [process.exitcode for process in processes] == [0] * len(processes)

    def nothing_is_left(self) -> None:
        """A further run has nothing to write, nobody holds anything, and nobody is to decide anything."""
        written = self.sandbox.netsuite.calls.writes, self.sandbox.zoey.calls.writes
        with self.worker.integration() as integration:
            report = integration.run()
            report.raise_for_failure()
            assert not integration.attention.list(), str(report)
        assert (self.sandbox.netsuite.calls.writes, self.sandbox.zoey.calls.writes) == written
        assert not self.store.scan(("acme", "work")), str(report)
        assert not self.store.scan(("acme", "lease"))


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something has come true."""
    ends = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < ends, f"it never came to that: {what}"
        time.sleep(0.02)


def is_stopped(process: ForkServerProcess) -> bool:
    """Whether a process has been stopped."""
    return bool(psutil.Process(process.pid).status() == psutil.STATUS_STOPPED)
