"""One schema of a PostgreSQL server in the hands of a test: stores on it, other workers' locks, connections cut off."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Self

from zoey_netsuite import PostgresStore, Put
from zoey_netsuite.state import Change, Key, StateStore
from zoey_netsuite.state.encoding import encode_key

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer

OTHERS_LOCK = 4711
"""What `stop_at_commit` makes each COMMIT wait for."""


class Hands:
    """A context manager; stores that it opened are closed at its end.

    Attributes:
        server: the server.
        schema: this test's own. Its stores' connections bear its name.
    """

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.schema = server.schema()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._pool = self._stack.enter_context(ThreadPoolExecutor(8))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def dsn(self, settings: str = "") -> str:
        """How this test's stores connect; settings of the session as PostgreSQL's command line takes them."""
        options = {"options": settings} if settings else {}
        return self.server.dsn(application_name=self.schema, **options)

    def store(self, settings: str = "", **options: Any) -> PostgresStore:
        """A store on the schema."""
        return self._stack.enter_context(PostgresStore(self.dsn(settings), self.schema, **options))

    def start(self, action: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Call something in a thread."""
        return self._pool.submit(action, *arguments)

    def execute(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a statement as the superuser; `{schema}` stands for the schema."""
        return self.server.execute(statement.replace("{schema}", f'"{self.schema}"'), parameters)

    def backends(self) -> list[int]:
        """The process ids of the stores' connections on the server."""
        rows = self.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s ORDER BY pid", self.schema)
        return [int(pid) for (pid,) in rows]

    def cut(self) -> None:
        """Cut off the connections that the stores have now, and wait until those are gone."""
        pids = self.backends()
        self.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", pids)
        self.server.until("count(*) = 0 FROM pg_stat_activity WHERE pid = ANY(%s)", pids)

    def until_waiting(self, count: int = 1, kind: str = "Lock") -> None:
        """Wait until so many connections of the stores wait for something."""
        condition = "count(*) = %s FROM pg_stat_activity WHERE application_name = %s AND wait_event_type = %s"
        self.server.until(condition, count, self.schema, kind)

    @contextmanager
    def other_worker(self, *keys: Key) -> Generator[Any, None, None]:
        """Another worker in the middle of a commit to these keys; it commits at the end."""
        import psycopg

        from zoey_netsuite.state.postgres_schema import signed_hash

        names = {"counter": f'"{self.schema}".version', "entry": f'"{self.schema}".entry'}
        with psycopg.connect(self.server.dsn()) as connection:
            connection.execute(
                "SELECT pg_advisory_xact_lock_shared(%s::regclass::oid::int4, 0)", (names["counter"],)
            ).fetchall()
            for key in keys:
                connection.execute(
                    "SELECT pg_advisory_xact_lock(%s::regclass::oid::int4, %s)",
                    (names["entry"], signed_hash(encode_key(key))),
                )
                connection.execute(
                    f"INSERT INTO {names['entry']} VALUES (%s, nextval(%s), '1')".encode(),
                    (encode_key(key), names["counter"]),
                )
            yield connection

    def at_commit(self, body: str) -> None:
        """Let the server run this (PL/pgSQL) in each COMMIT that writes an entry."""
        self.execute(
            "CREATE FUNCTION {schema}.at_commit() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}; RETURN NULL; END $$"
        )
        self.execute(
            "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT OR UPDATE ON {schema}.entry "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.at_commit()"
        )

    @contextmanager
    def stop_at_commit(self) -> Generator[None, None, None]:
        """While this lasts, each COMMIT that writes an entry waits."""
        import psycopg

        self.at_commit(f"PERFORM pg_advisory_xact_lock({OTHERS_LOCK}, hashtext('{self.schema}'))")
        with psycopg.connect(self.server.dsn()) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (OTHERS_LOCK, self.schema))
            yield


def values(store: StateStore) -> dict[Key, Any]:
    """All that a small store holds."""
    return {key: entry.value for key, entry in store.scan(())}


def together(count: int, action: Callable[[int], Any]) -> list[Any]:
    """Call something in so many threads at once, with their numbers."""
    barrier = threading.Barrier(count)

    def run(number: int) -> Any:
        barrier.wait(30)
        return action(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def puts(*names: str) -> Sequence[Change]:
    """A commit that puts these keys."""
    return [Put((name,), name) for name in names]
