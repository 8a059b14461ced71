"""Is a whole system down, or is it one record? One cheap call tells."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from zoey_netsuite.engine.effects import Clients
from zoey_netsuite.engine.failures import scan_failure
from zoey_netsuite.engine.findings import Finding
from zoey_netsuite.errors import SystemFailure, ZoeyNetSuiteError
from zoey_netsuite.state.store import StateStore


@frozen
class Health:
    """Asks the systems how they are."""

    clients: Clients
    store: StateStore

    def probe(self, system: str) -> SystemFailure | None:
        """One read that every role may make; the failure that it shows, or None when the system answers."""
        try:
            if system == "netsuite":
                self.clients.netsuite.server_time()
            elif system == "store":
                self.store.scan((), limit=1)
            else:
                self.clients.zoey.products.list_page_each(limit=1)
        except ZoeyNetSuiteError as error:
            return scan_failure(error, system)
        return None


def unreadable(clients: Clients) -> Iterator[Finding]:
    """The systems that refuse to be read at all, for `check`."""
    for system, probe in (
        ("netsuite", clients.netsuite.server_time),  # whoami asks more of a token: the scope of RESTlets
        ("zoey", lambda: clients.zoey.products.list_page_each(limit=1)),
    ):
        try:
            probe()
        except ZoeyNetSuiteError as error:
            remedy = "Check the address, the account id, the credentials and the role's permissions."
            yield Finding("error", system, f"{system} refuses to be read: {error}", remedy)
