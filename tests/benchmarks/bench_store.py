"""What the stores cost beside a floor that does the same with a bare `dict`, `sqlite3` or `psycopg`.

Run it: `python tests/benchmarks/bench_store.py`. A ratio is the floor's best time divided by the store's best time, of
rounds that take turns: 1.0 is as fast as the floor.
"""

from __future__ import annotations

import copy
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.postgres_server import PostgresServer

from zoey_netsuite.state import ABSENT, Key, MemoryStore, PostgresStore, Put, SQLiteStore, StateStore
from zoey_netsuite.state.encoding import decode_value, encode_key, encode_value

ENTRIES = 50_000
BATCH = 1_000
ROUNDS = 25

Values = dict[Key, Any]


def key_of(number: int) -> Key:
    return ("acme", "link", "stock", "zoey", str(100_000 + number * 7 % ENTRIES))


def value_of(number: int) -> dict[str, Any]:
    return {"netsuite": str(number), "root": f"products/{number}", "data": {"quantity": "12.5", "sent": number}}


def batches() -> Iterator[Values]:
    """Batches spread over all entries, another one each time."""
    start = 0
    while True:
        yield {key_of(start + n * 49): value_of(start + n) for n in range(BATCH)}
        start += 1


class DictFloor:
    """A dict of copied values and versions, no order, no locks."""

    def __init__(self) -> None:
        self.entries: dict[Key, tuple[int, Any]] = {}
        self.last_version = 0

    def read(self, keys: list[Key]) -> dict[Key, tuple[int, Any]]:
        return {key: copy.deepcopy(self.entries[key]) for key in keys if key in self.entries}

    def commit(self, values: Values, expected: dict[Key, int | None]) -> dict[Key, int]:
        for key, version in expected.items():
            if self.entries.get(key, (None,))[0] != version:
                raise AssertionError(key)
        versions: dict[Key, int] = {}
        for key, value in values.items():
            self.last_version += 1
            self.entries[key] = (self.last_version, copy.deepcopy(value))
            versions[key] = self.last_version
        return versions


class SQLiteFloor:
    """`sqlite3` by hand: the same table, encoding, durability and version checks; one connection, one thread."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute(
            "CREATE TABLE entry (key BLOB PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID"
        )
        self.connection.execute("CREATE TABLE counter (last_version INTEGER NOT NULL)")
        self.connection.execute("INSERT INTO counter VALUES (0)")

    def read(self, keys: list[Key]) -> dict[Key, tuple[int, Any]]:
        marks = ",".join("?" * len(keys))
        wanted = {encode_key(key): key for key in keys}
        rows = self.connection.execute(f"SELECT key, version, value FROM entry WHERE key IN ({marks})", list(wanted))
        return {wanted[key]: (version, decode_value(value)) for key, version, value in rows}

    def commit(self, values: Values, expected: dict[Key, int | None]) -> dict[Key, int]:
        rows = [(encode_key(key), encode_value(value)) for key, value in values.items()]
        marks = ",".join("?" * len(rows))
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        found = dict(execute(f"SELECT key, version FROM entry WHERE key IN ({marks})", [key for key, _ in rows]))
        for (data, _), version in zip(rows, expected.values(), strict=True):
            if found.get(data) != version:
                raise AssertionError(data)
        execute("UPDATE counter SET last_version = last_version + ?", (len(rows),))
        first = execute("SELECT last_version FROM counter").fetchone()[0] - len(rows) + 1
        self.connection.executemany(
            "INSERT INTO entry VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET version = excluded.version, "
            "value = excluded.value",
            [(key, first + n, value) for n, (key, value) in enumerate(rows)],
        )
        execute("COMMIT")
        return {key: first + n for n, key in enumerate(values)}

    def close(self) -> None:
        self.connection.close()


class PostgresFloor:
    """`psycopg` by hand: the same table, encoding, durability and version checks; one connection, one thread.

    It locks the rows that are there, so it is right for one writer only.
    """

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg.connect(dsn, autocommit=True)
        self.cursor = self.connection.cursor(binary=True)
        self.cursor.execute("CREATE TABLE entry (key bytea PRIMARY KEY, version bigint NOT NULL, value bytea NOT NULL)")
        self.cursor.execute("CREATE SEQUENCE version")

    def read(self, keys: list[Key]) -> dict[Key, tuple[int, Any]]:
        wanted = {encode_key(key): key for key in keys}
        rows = self.cursor.execute("SELECT key, version, value FROM entry WHERE key = ANY(%b)", (list(wanted),))
        return {wanted[key]: (version, decode_value(value)) for key, version, value in rows}

    def commit(self, values: Values, expected: dict[Key, int | None]) -> dict[Key, int]:
        keys = {encode_key(key): key for key in values}
        data = [encode_value(value) for value in values.values()]
        execute = self.cursor.execute
        execute("BEGIN")
        found = dict(execute("SELECT key, version FROM entry WHERE key = ANY(%b) FOR UPDATE", (list(keys),)).fetchall())
        for key, version in zip(keys, expected.values(), strict=True):
            if found.get(key) != version:
                raise AssertionError(key)
        rows = execute(
            "INSERT INTO entry SELECT key, nextval('version'), value FROM unnest(%b::bytea[], %b::bytea[]) "
            "AS new (key, value) ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value "
            "RETURNING key, version",
            (list(keys), data),
        ).fetchall()
        execute("COMMIT")
        return {keys[key]: version for key, version in rows}

    def close(self) -> None:
        self.connection.close()


Floor = DictFloor | SQLiteFloor | PostgresFloor


def commit_to_store(store: StateStore, values: Values, expected: dict[Key, int | None]) -> dict[Key, int]:
    puts = [Put(key, value, ABSENT if (version := expected[key]) is None else version) for key, value in values.items()]
    return dict(store.commit(puts))


def timed(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def compare(name: str, store: StateStore, floor: Floor) -> None:
    """Fill both, then let them take turns; print best times and ratios."""
    in_store: dict[Key, int] = {}
    in_floor: dict[Key, int] = {}
    everything = {key_of(n): value_of(n) for n in range(ENTRIES)}
    keys = list(everything)
    for start in range(0, ENTRIES, BATCH):
        part = {key: everything[key] for key in keys[start : start + BATCH]}
        in_store |= commit_to_store(store, part, dict.fromkeys(part))
        in_floor |= floor.commit(part, dict.fromkeys(part))

    times: dict[str, list[float]] = {"read": [], "read floor": [], "commit": [], "commit floor": [], "scan": []}
    for values, _ in zip(batches(), range(ROUNDS), strict=False):
        wanted = list(values)
        before: dict[Key, int | None] = {key: in_store[key] for key in wanted}
        floor_before: dict[Key, int | None] = {key: in_floor[key] for key in wanted}
        times["read"].append(timed(lambda wanted=wanted: store.read(wanted)))
        times["read floor"].append(timed(lambda wanted=wanted: floor.read(wanted)))
        times["commit"].append(
            timed(lambda values=values, before=before: in_store.update(commit_to_store(store, values, before)))
        )
        times["commit floor"].append(
            timed(lambda values=values, before=floor_before: in_floor.update(floor.commit(values, before)))
        )
        times["scan"].append(timed(lambda wanted=wanted: store.scan(("acme", "link"), after=wanted[0], limit=BATCH)))
    best = {action: min(durations) for action, durations in times.items()}
    for action in ("read", "commit"):
        floor_s = best[f"{action} floor"]
        print(
            f"{name:8} {action:7} {best[action] * 1000:6.2f} ms  {BATCH / best[action]:9,.0f} keys/s   "
            f"by hand {floor_s * 1000:6.2f} ms  {BATCH / floor_s:9,.0f} keys/s   ratio {floor_s / best[action]:4.2f}"
        )
    print(f"{name:8} {'scan':7} {best['scan'] * 1000:6.2f} ms  {BATCH / best['scan']:9,.0f} keys/s")


def main() -> None:
    """Print the figures of every store."""
    print(f"{ENTRIES:,} entries, batches of {BATCH:,}; best of {ROUNDS} rounds")
    with MemoryStore() as memory:
        compare("memory", memory, DictFloor())
    with tempfile.TemporaryDirectory() as folder:
        floor = SQLiteFloor(Path(folder) / "floor.db")
        with SQLiteStore(Path(folder) / "store.db") as store:
            compare("sqlite", store, floor)
        floor.close()
    with PostgresServer(fsync="on", autovacuum="on") as server:
        by_hand = PostgresFloor(server.dsn(server.database()))
        with PostgresStore(server.dsn(server.database())) as shared:
            compare("postgres", shared, by_hand)
        by_hand.close()


if __name__ == "__main__":
    main()
