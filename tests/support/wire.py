"""A server that speaks HTTP by the byte, for what no well-behaved server does. One thread, loopback only."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Self

from attrs import frozen


@frozen
class Heard:
    """A request as it came over the wire."""

    line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    connection: int

    @property
    def target(self) -> str:
        """The address as it was sent: path and query."""
        return self.line.split(" ")[1]

    def header(self, name: str) -> str | None:
        """The value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name), None)


Reply = Callable[[socket.socket, threading.Event], None]


def whole(body: bytes = b'{"done": true}', *, head: str = "HTTP/1.1 200 OK", headers: str = "") -> Reply:
    """An answer as it should be."""

    def reply(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body)

    return reply


def cut_off(sent: bytes, *, reset: bool) -> Reply:
    """Some bytes, then the connection is closed, or reset."""

    def reply(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(sent)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise ConnectionAbortedError("cut off")

    return reply


def silent(connection: socket.socket, over: threading.Event) -> None:
    """No answer, until the test is over."""
    over.wait(20)


def trickling(connection: socket.socket, over: threading.Event) -> None:
    """An answer that never ends, a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.02):
        connection.sendall(b"x")


def trickling_head(connection: socket.socket, over: threading.Event) -> None:
    """Headers that never end, a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not over.wait(0.02):
        connection.sendall(b"x")


class Wire:
    """Answers every request with `reply`, and remembers what it heard. A context manager."""

    def __init__(self, reply: Reply | None = None) -> None:
        self.reply = reply or whole()
        self.heard: list[Heard] = []
        self.connections = 0
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._start(self._listen)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):  # ended already
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    def _start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._start(self._serve, connection, self.connections)

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.settimeout(20)
        try:
            with connection, connection.makefile("rb") as stream:
                while line := stream.readline():
                    self.heard.append(_read(stream, line, number))
                    self.reply(connection, self._over)
        except OSError:
            return


def _read(stream: object, line: bytes, number: int) -> Heard:
    headers: list[tuple[str, str]] = []
    while raw := stream.readline().strip():  # type: ignore[attr-defined]  # a binary file
        name, _, value = raw.decode("latin-1").partition(":")
        headers.append((name, value.strip()))
    size = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    body = stream.read(size) if size else b""  # type: ignore[attr-defined]  # a binary file
    return Heard(line.decode("latin-1").strip(), tuple(headers), body, number)
