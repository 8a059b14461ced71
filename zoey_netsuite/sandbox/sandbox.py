"""Both systems together: started, seeded, reached and stopped as one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeGuard

from zoey_netsuite.sandbox.clock import SandboxClock
from zoey_netsuite.sandbox.exchange import JSON
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings
from zoey_netsuite.sandbox.shell import Shell
from zoey_netsuite.sandbox.snapshot import Snapshot
from zoey_netsuite.sandbox.systems import NetSuiteSystem, ZoeySystem
from zoey_netsuite.sandbox.transport import AsyncInProcessTransport, InProcessTransport
from zoey_netsuite.sandbox.zoey.settings import ZoeySettings


class Sandbox:
    """A NetSuite account and a Zoey store of your own, on this machine.

    As a context manager it serves both over HTTP on free ports. Without `with` (or `start`) nothing listens, and
    `transport()` reaches both in-process.

    Records to begin with are a mapping, or a JSON file that holds one, with a part for each system. In NetSuite's part
    there is a list per record type in the record API's form, and `stock` by item and location; in Zoey's a list per
    resource. `NetSuiteApp.seed` and `ZoeyApp.seed` say all that a part may hold:

        {"netsuite": {"location": [{"id": "1", "name": "Main"}],
                      "inventoryItem": [{"id": "1001", "itemId": "HEX-M8"}],
                      "stock": [{"item": "1001", "location": "1", "quantityAvailable": 40}],
                      "customer": [{"id": "501", "companyName": "Ridgeline Inc.", "subsidiary": "1"}]},
         "zoey": {"attributes": {"products": ["netsuite_id"]},
                  "products": [{"entity_id": 1, "sku": "HEX-M8", "netsuite_id": "1001", "qty": 38}],
                  "customers": [{"entity_id": 1, "firstname": "Maria", "lastname": "Vega", "email": "m@example.com"}],
                  "accounts": [{"id": 1, "name": "Ridgeline Inc.", "contacts": [{"customer_id": "1"}]}],
                  "orders": [{"customer_id": 1, "items": [{"sku": "HEX-M8", "qty": 2, "price": "4.00"}]}]}}

    Args:
        netsuite: the account's switches and credentials.
        zoey: the store's switches and credentials.
        seed: records to begin with, as above.
        folder: where the records are kept (`netsuite.sqlite`, `zoey.sqlite`); what lies there already is gone on with,
            and not seeded again. None keeps them in memory.
        now: the time it is there, aware; None for the machine's time. It runs on until `clock.freeze()`.
        host: a loopback address.
        netsuite_port: 0 for a free one.
        zoey_port: 0 for a free one.

    Attributes:
        netsuite: the account: address, credentials, `calls`, `faults`, `latency`, `concurrency`, `seed`, `app`.
        zoey: the store, likewise.
        clock: the time of both.

    Example:
        >>> with Sandbox(seed=samples.wholesaler()) as sandbox:
        ...     sandbox.zoey.faults.on_call(3, Fault("reset", when="after"))
        ...     httpx.get(f"{sandbox.netsuite.url}/services/rest/system/v1/serverTime").status_code
        401
    """

    def __init__(
        self,
        *,
        netsuite: NetSuiteSettings | None = None,
        zoey: ZoeySettings | None = None,
        seed: str | Path | Mapping[str, Mapping[str, JSON]] | None = None,
        folder: str | Path | None = None,
        now: datetime | None = None,
        host: str = "127.0.0.1",
        netsuite_port: int = 0,
        zoey_port: int = 0,
    ) -> None:
        if not host.startswith("127.") and host not in ("localhost", "::1"):
            raise ValueError(f"The sandbox is served on loopback addresses only, not on {host}.")
        self.clock = SandboxClock(now)
        self._host = host
        self._ports = (netsuite_port, zoey_port)
        paths, fresh = _paths(folder)
        self.netsuite = NetSuiteSystem(netsuite or NetSuiteSettings(), self.clock, paths[0])
        self.zoey = ZoeySystem(zoey or ZoeySettings(), self.clock, paths[1])
        if seed is not None and fresh:
            self.seed(seed)

    def start(self) -> Self:
        """Serve both over HTTP. Raises OSError when a port is taken; then neither is served."""
        try:
            self.netsuite.serve(host=self._host, port=self._ports[0])
            self.zoey.serve(host=self._host, port=self._ports[1])
        except OSError:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Serve no longer. The records stay, so it can be started again."""
        self.netsuite.stop()
        self.zoey.stop()

    def close(self) -> None:
        """Stop, and let go of the records (those in memory are gone)."""
        self.netsuite.close()
        self.zoey.close()

    def seed(self, records: str | Path | Mapping[str, Mapping[str, JSON]]) -> None:
        """Put records into both, besides those that are there.

        Args:
            records: a JSON file or a mapping, `{"netsuite": {…}, "zoey": {…}}`; each may be absent.

        Raises:
            ValueError: the file or mapping holds something else, or records that a system can't take.
        """
        data = records if isinstance(records, Mapping) else _read(Path(records))
        unknown = set(data) - {"netsuite", "zoey"}
        if unknown:
            raise ValueError(f"Seed data has parts netsuite and zoey, not {', '.join(sorted(unknown))}.")
        if data.get("netsuite"):
            self.netsuite.seed(data["netsuite"])
        if data.get("zoey"):
            self.zoey.seed(data["zoey"])

    def snapshot(self) -> Snapshot:
        """Both systems' records and the time, as they are now.

        Example:
            >>> with Sandbox(seed=samples.wholesaler()) as sandbox:
            ...     before = sandbox.snapshot()
            ...     with sandbox.zoey.acting() as app:
            ...         app.delete_product(1)
            ...     sandbox.restore(before)
            ...     sandbox.snapshot().zoey.records() == before.zoey.records()
            True
        """
        return Snapshot(self.netsuite.copy(), self.zoey.copy(), self.clock.now())

    def restore(self, snapshot: Snapshot) -> None:
        """Let records and time be as they were; counts and planned faults begin anew. Switches and credentials stay.

        Raises:
            ValueError: the records have another form meanwhile (a custom field was added).
        """
        self.netsuite.put_back(snapshot.netsuite)
        self.zoey.put_back(snapshot.zoey)
        self.clock.set(snapshot.at)
        for shell in (self.netsuite.shell, self.zoey.shell):
            shell.faults.clear()
            shell.calls.reset()
            shell.concurrency.reset()

    def environment(self) -> dict[str, str]:
        """Addresses and credentials as the environment variables that both clients' `from_env` read."""
        return {**self.netsuite.access.environment(), **self.zoey.access.environment()}

    def transport(self) -> InProcessTransport:
        """Both systems without sockets, by their addresses and NetSuite also by its account's real hosts."""
        return InProcessTransport(self._shells())

    def async_transport(self) -> AsyncInProcessTransport:
        """`transport()` for asynchronous callers."""
        return AsyncInProcessTransport(self._shells())

    def _shells(self) -> Mapping[str, Shell]:
        systems = (self.netsuite, self.zoey)
        return {address: system.shell for system in systems for address in system.addresses}

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _paths(folder: str | Path | None) -> tuple[tuple[str, str], bool]:
    """Both systems' files, and whether there are none yet."""
    if folder is None:
        return (":memory:", ":memory:"), True
    Path(folder).mkdir(parents=True, exist_ok=True)
    files = Path(folder) / "netsuite.sqlite", Path(folder) / "zoey.sqlite"
    return (str(files[0]), str(files[1])), not any(file.exists() for file in files)


def _read(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        data: Any = json.loads(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    if not _is_object(data):
        raise ValueError(f"{path} must hold an object with the parts netsuite and zoey.")
    return data


def _is_object(data: object) -> TypeGuard[dict[str, dict[str, JSON]]]:
    return isinstance(data, dict)
