"""A proxy in front of a PostgreSQL server that loses a connection in COMMIT: before the server hears of it or after."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Literal, Self

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
"""The message that ends a transaction, in the simple protocol: what it is sent in by the store."""

Lost = Literal["not made", "made"]


class CuttingProxy:
    """A context manager, on loopback. Connections go on to the server's Unix socket.

    Attributes:
        commits: how many COMMITs have come since `cut` was called.
    """

    def __init__(self, server: Path) -> None:
        self._server = str(server)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._lock = threading.Lock()
        self.cut(0, "made")

    def cut(self, at: int, lost: Lost) -> None:
        """Lose the connection in COMMIT number `at` from now on: it is made, or not, and its answer never comes."""
        with self._lock:
            self.commits, self._at, self._lost = 0, at, lost

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                answers = threading.Event()
                threading.Thread(target=self._requests, args=(client, server, answers), daemon=True).start()
                threading.Thread(target=self._answers, args=(client, server, answers), daemon=True).start()

    def _requests(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                lost = self._count(data)
                if lost == "not made":
                    break
                if lost == "made":
                    swallow.set()
                server.sendall(data)
        if not swallow.is_set():
            _end(client, server)

    def _answers(self, client: socket.socket, server: socket.socket, swallow: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                if swallow.is_set():
                    break
                client.sendall(data)
        _end(client, server)

    def _count(self, data: bytes) -> Lost | None:
        if data != COMMIT:  # the store waits for answers in between, so it always comes alone
            return None
        with self._lock:
            self.commits += 1
            return self._lost if self.commits == self._at else None


def _end(*connections: socket.socket) -> None:
    for connection in connections:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
