"""How a process that is about to be killed reaches the sandbox: its servers and its clock, over plain HTTP.

Not by httpx: what that loads to check certificates takes longer than a small scenario, and there are none here.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from zoey_netsuite.http.operation import Request, Response
from zoey_netsuite.http.transport import Received


class Loopback:
    """A transport to servers of this machine, with a kept-alive connection to each for each thread."""

    def __init__(self) -> None:
        self._own = threading.local()

    def send(self, request: Request) -> Response:
        """Send one request. Raises OSError when no answer comes."""
        address = urlsplit(request.url)
        connection = self._connection(address.netloc)
        target = address.path + (f"?{address.query}" if address.query else "")
        try:
            connection.request(request.method, target, request.content or None, dict(request.headers))
            answer = connection.getresponse()
            content = answer.read()
        except http.client.HTTPException as error:
            connection.close()
            raise ConnectionResetError(f"the answer broke off: {error!r}") from error
        except OSError:
            connection.close()
            raise
        return Received(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)

    def close(self) -> None:
        """Let go of this thread's connections."""
        for connection in self._connections().values():
            connection.close()

    def _connection(self, place: str) -> http.client.HTTPConnection:
        return self._connections().setdefault(place, http.client.HTTPConnection(place, timeout=60))

    def _connections(self) -> dict[str, http.client.HTTPConnection]:
        if not hasattr(self._own, "connections"):
            self._own.connections = dict[str, http.client.HTTPConnection]()
        connections: dict[str, http.client.HTTPConnection] = self._own.connections
        return connections


class SandboxTime:
    """The clock of a sandbox that another process serves, standing still: only who waits moves it on.

    Args:
        url: the address of one of its systems.
    """

    def __init__(self, url: str) -> None:
        self._line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._lock = threading.Lock()
        self._now = self._ask("GET")

    def now(self) -> datetime:
        """The time of day there, as of when this process last moved it."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move it on, for everybody."""
        with self._lock:
            self._now = self._ask("POST", {"advance": seconds})

    def _ask(self, method: str, body: Mapping[str, float] | None = None) -> datetime:
        self._line.request(method, "/_sandbox/clock", None if body is None else json.dumps(body))
        data: Mapping[str, str] = json.loads(self._line.getresponse().read())
        return datetime.fromisoformat(data["now"])
