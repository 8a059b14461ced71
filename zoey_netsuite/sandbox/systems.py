"""The two systems of a sandbox as a test handles them: address, credentials, counts, faults, latency and records."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from zoey_netsuite.sandbox.access import NetSuiteAccess, NetSuiteDoor, ZoeyAccess, ZoeyDoor
from zoey_netsuite.sandbox.calls import Calls
from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import JSON, App
from zoey_netsuite.sandbox.faults import Faults
from zoey_netsuite.sandbox.netsuite.app import NetSuiteApp
from zoey_netsuite.sandbox.netsuite.restlets import SAVED_SEARCH_DEPLOYMENT, SAVED_SEARCH_SCRIPT
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.server import Server
from zoey_netsuite.sandbox.shell import Concurrency, Shell
from zoey_netsuite.sandbox.snapshot import Copy
from zoey_netsuite.sandbox.zoey.app import ZoeyApp
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings

A = TypeVar("A", bound=App)


class System(ABC, Generic[A]):
    """One sandboxed system.

    Args:
        name: `netsuite` or `zoey`.
        app: its behaviour.
        clock: its time.
        limit: the most requests in flight at a time; None for any number.
    """

    def __init__(self, name: str, app: A, clock: SandboxClock, *, limit: int | None) -> None:
        self.app = app
        self.shell = Shell(name, app, clock, limit=limit)
        self._unserved = f"http://{name}.sandbox.invalid"
        self._server: Server | None = None

    @property
    def base_url(self) -> str:
        """The address it is served at, or the one that stands for it in-process as long as it is not."""
        return self._server.url if self._server is not None else self._unserved

    @property
    def addresses(self) -> Sequence[str]:
        """The hosts (with port) by which the in-process transport knows it."""
        return [url.removeprefix("http://") for url in dict.fromkeys((self._unserved, self.base_url))]

    @property
    def calls(self) -> Calls:
        """What was called."""
        return self.shell.calls

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.shell.faults

    @property
    def concurrency(self) -> Concurrency:
        """How many requests are in flight, were at most, and may be."""
        return self.shell.concurrency

    @property
    def latency(self) -> float:
        """Seconds that each request is in flight before it is carried out."""
        return self.shell.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.shell.latency = seconds

    def seed(self, data: Mapping[str, JSON]) -> None:
        """Put records in, besides those that are there, in this system's own format."""
        self.shell.seed(data)

    @contextmanager
    def acting(self) -> Generator[A, None, None]:
        """The app for yourself: hold this while you reach into it and requests may come at the same time."""
        with self.shell.lock:
            yield self.app

    def copy(self) -> Copy:
        """The records as they are now, to be looked at or put back."""
        with self.shell.lock:
            return Copy.of(self._connection)

    def put_back(self, copy: Copy) -> None:
        """Let the records be as they were when a copy was made; switches and credentials stay as they are now.

        Raises:
            ValueError: the records have another form meanwhile (a custom field was added): such a copy can't go back.
        """
        with self.shell.lock:
            copy.put_back(self._connection)

    @property
    @abstractmethod
    def _connection(self) -> sqlite3.Connection:
        """The database that the app keeps its records in."""

    def serve(self, *, host: str, port: int) -> None:
        """Begin to serve over HTTP. Harmless when it is served already. Raises OSError when the port is taken."""
        if self._server is None:
            server = Server(self.shell, host=host, port=port)
            server.start()
            self._server = server

    def stop(self) -> None:
        """Serve no longer; the records stay."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def close(self) -> None:
        """Serve no longer, and let go of the records."""
        self.stop()


class NetSuiteSystem(System[NetSuiteApp], NetSuiteDoor):
    """The sandboxed NetSuite account. REST, RESTlets and token end point are all at its one address.

    Args:
        settings: the account.
        clock: its time.
        path: the SQLite file that it keeps its records in.
    """

    def __init__(self, settings: NetSuiteSettings, clock: SandboxClock, path: str = ":memory:") -> None:
        super().__init__("netsuite", NetSuiteApp(settings, clock, path), clock, limit=settings.concurrency)
        self.settings = settings

    def close(self) -> None:
        """Serve no longer, and let go of the records."""
        super().close()
        self._connection.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        return self.app.database.connection

    @property
    def addresses(self) -> Sequence[str]:
        """The hosts by which the in-process transport knows it, the account's real ones among them."""
        return [*super().addresses, *self.settings.hosts]

    @property
    def access(self) -> NetSuiteAccess:
        """Address and the first credentials of each sort."""
        token = next(iter(self.settings.tokens), None)
        machine = next(iter(self.settings.machines), None)
        return NetSuiteAccess(
            self.base_url,
            self.settings.account_id,
            consumer_key=token.consumer_key if token else "",
            consumer_secret=token.consumer_secret if token else "",
            token_id=token.token_id if token else "",
            token_secret=token.token_secret if token else "",
            client_id=machine.client_id if machine else "",
            certificate_id=machine.certificate_id if machine else "",
            private_key=(machine.private_key or "") if machine else "",
            restlet_script=SAVED_SEARCH_SCRIPT,
            restlet_deployment=SAVED_SEARCH_DEPLOYMENT,
        )


class ZoeySystem(System[ZoeyApp], ZoeyDoor):
    """The sandboxed Zoey store.

    Args:
        settings: the store.
        clock: its time.
        path: the SQLite file that it keeps its records in.
    """

    def __init__(self, settings: ZoeySettings, clock: SandboxClock, path: str = ":memory:") -> None:
        super().__init__("zoey", ZoeyApp(settings, clock, path), clock, limit=None)
        self.settings = settings

    def close(self) -> None:
        """Serve no longer, and let go of the records."""
        super().close()
        self.app.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        # The app hands its database to nobody else.
        return self.app._shop.records._connection  # pyright: ignore[reportPrivateUsage]

    @property
    def access(self) -> ZoeyAccess:
        """Address and the first credentials of each sort."""
        signing = next(iter(self.settings.oauth1), None)
        client = next(iter(self.settings.clients), None)
        return ZoeyAccess(
            self.base_url,
            consumer_key=signing.consumer_key if signing else "",
            consumer_secret=signing.consumer_secret if signing else "",
            token=signing.token if signing else "",
            token_secret=signing.token_secret if signing else "",
            client_id=client.client_id if client else "",
            client_secret=client.client_secret if client else "",
            token_url=f"{self.base_url}{self.settings.token_path}" if client else "",
        )
