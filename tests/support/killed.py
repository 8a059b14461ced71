"""The program that is killed: one inventory run in a process of its own."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Barrier
from typing import Literal

import pytest
from attrs import frozen

from support.world import ATTRIBUTES, lacks_order
from zoey_netsuite import (
    HttpxTransport,
    Inline,
    Integration,
    InventorySync,
    Limits,
    NetSuiteClient,
    SQLiteStore,
    Threads,
    Transport,
    ZoeyClient,
    netsuite,
    zoey,
)
from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.testing.steps import SteppedStore, SteppedTransport, Steps

PATIENCE = 60.0
"""Seconds after which a program that should have been killed is given up."""


@frozen
class Meeting:
    """A transport on which nobody writes before so many are about to."""

    inner: Transport
    barrier: Barrier

    def send(self, request: Request) -> Response:
        """Send one request."""
        if request.method == "PUT":
            self.barrier.wait(PATIENCE)
        return self.inner.send(request)

    def close(self) -> None:
        """Give back the connections."""
        self.inner.close()


@frozen
class Program:
    """One run, ended at a step or not at all.

    Attributes:
        workers: threads that work on units; 1 works on the calling thread.
        together: whether no worker writes before all of them are about to. There must be a batch for each.
    """

    environment: Mapping[str, str]
    database: str
    kill_at: int | None = None
    when: Literal["before", "after"] = "before"
    workers: int = 1
    together: bool = False

    def __call__(self) -> Sequence[str]:
        """Run, and say what each of its steps was."""
        values, steps = self.environment, Steps(self.kill_at, self.when)
        erp = NetSuiteClient(
            values["NETSUITE_ACCOUNT_ID"],
            netsuite.TokenAuth(
                values["NETSUITE_CONSUMER_KEY"],
                values["NETSUITE_CONSUMER_SECRET"],
                values["NETSUITE_TOKEN_ID"],
                values["NETSUITE_TOKEN_SECRET"],
            ),
            base_url=values["NETSUITE_URL"],
            transport=SteppedTransport(HttpxTransport(), steps),
        )
        shop = ZoeyClient(
            values["ZOEY_URL"],
            zoey.OAuth1Auth(
                values["ZOEY_CONSUMER_KEY"],
                values["ZOEY_CONSUMER_SECRET"],
                values["ZOEY_TOKEN"],
                values["ZOEY_TOKEN_SECRET"],
            ),
            attributes=ATTRIBUTES,
            limiter=Limits(concurrency=4),
            transport=Meeting(SteppedTransport(HttpxTransport(), steps), Barrier(self.workers if self.together else 1)),
        )
        with erp, shop, SQLiteStore(self.database) as store:
            integration = Integration(
                "acme",
                erp,
                shop,
                SteppedStore(store, steps),
                [InventorySync(reserve_pending=lacks_order)],
                guards=(),
                dispatcher=Inline() if self.workers == 1 else Threads(self.workers),
            )
            integration.run().raise_for_failure()
            assert not integration.attention.list()
        return steps.names

    def is_killed(self) -> bool:
        """Run in a process of its own; whether SIGKILL ended it."""
        child = children(__name__).Process(target=self)
        child.start()
        child.join(PATIENCE)
        try:
            return child.exitcode == -signal.SIGKILL
        finally:
            child.kill()
            child.join()


def children(module: str) -> ForkServerContext:
    """Processes that begin with a module and everything it needs imported, forked from one that has no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    with pytest.MonkeyPatch.context() as environment:
        # Until Python 3.13 the fork server did not look elsewhere for what it imports beforehand.
        environment.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
        forkserver.ensure_running()
    return context
