"""The PostgreSQL store among others (E8): locks, isolation, durability, connections, and what a call costs."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from support.postgres_hands import Hands, puts, values

from zoey_netsuite import StoreError, VersionMismatch
from zoey_netsuite.state import ABSENT, Change, Check, Delete, Put
from zoey_netsuite.testing.store_scans import LONG

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer

LEFT, RIGHT = ("left",), ("right",)

SESSIONS = [
    "",
    "-c default_transaction_isolation=serializable",
    "-c default_transaction_isolation=repeatable\\ read",
    "-c default_transaction_read_only=on",
    "-c timezone=Asia/Kathmandu -c bytea_output=escape -c DateStyle=German -c search_path=",
]
"""What an administrator may have set for the role or the database."""


@pytest.mark.parametrize("more", [0, 100], ids=["few keys", "many keys"])
@pytest.mark.parametrize("session", SESSIONS)
def test_fence_sees_what_was_committed_while_it_waited(hands: Hands, session: str, more: int) -> None:
    """Another worker puts the key that this commit expects to be absent, and is faster."""
    store = hands.store(session)
    others: list[Change] = [Put((f"{number:03}",), 1) for number in range(more)]
    with hands.other_worker(LEFT):
        writing = hands.start(store.commit, [Check(LEFT, ABSENT), Put(RIGHT, 1), *others])
        hands.until_waiting()
    with pytest.raises(VersionMismatch) as caught:
        writing.result(30)
    assert list(caught.value.keys) == [LEFT]
    assert set(values(store)) == {LEFT}
    store.commit([Put(LEFT, 2), *others])
    assert values(store)[LEFT] == 2


def test_commits_to_other_keys_do_not_wait(hands: Hands) -> None:
    """Only those that share a key with a commit under way do, and those of very many keys."""
    store = hands.store()
    with hands.other_worker(LEFT):
        store.commit([Put(RIGHT, 1), Check(("third",), ABSENT)])
        assert LEFT not in store.read([LEFT, RIGHT])
        waiting = hands.start(store.commit, [Put(LEFT, 2)])
        hands.until_waiting()
    assert waiting.result(30)
    assert values(store) == {LEFT: 2, RIGHT: 1}


def test_crossed_commits_do_not_block_each_other_for_good(hands: Hands) -> None:
    """Keys are locked in one order, whatever the order of the changes."""
    store = hands.store()
    keys = [(str(number),) for number in range(40)]
    ways = [keys, keys[::-1], keys[20:] + keys[:20], keys[10::-1] + keys[11:]]

    def write(number: int) -> None:
        for turn in range(10):
            store.commit([Put(key, turn) for key in ways[number]])

    for writing in [hands.start(write, number) for number in range(4)]:
        writing.result(60)
    database = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    assert hands.execute(database) == [(0,)]


def test_locked_for_too_long(hands: Hands) -> None:
    """Another worker that never ends makes a bounded wait and a clear error; nothing is written."""
    store = hands.store(timeout=0.2)
    with hands.other_worker(LEFT) as other:
        with pytest.raises(StoreError, match="kept it waiting for longer than the store's timeout"):
            store.commit([Put(LEFT, 1), Put(RIGHT, 1)])
        with pytest.raises(StoreError, match="kept it waiting for longer than the store's timeout"):
            store.commit([Put((str(number),), 1) for number in range(100)])
        assert values(store) == {}
        other.rollback()
        store.commit([Put(LEFT, 2)])
    assert values(store) == {LEFT: 2}


def test_worker_that_hangs_in_the_middle_is_ended(hands: Hands) -> None:
    """The server ends a transaction that goes on no further, so it keeps nobody waiting for good."""
    store = hands.store(timeout=0.2)
    patient = hands.store(timeout=30)
    with store._database.connections.lend() as hanging:
        # What a commit does, up to where its process is stopped.
        hanging.execute(store._database._statements.begin([b"a"] * 100))
        assert patient.commit(puts("a"))


def test_all_connections_in_use(hands: Hands) -> None:
    """One that gets no connection in time says so; no more than allowed are opened."""
    store = hands.store(timeout=0.3, connections=1)
    store.commit(puts("a"))
    with store._database.connections.lend(), pytest.raises(StoreError, match="all 1 were in use for longer"):
        store.read([("a",)])
    with hands.other_worker(LEFT):
        for _ in range(3):
            hands.start(store.commit, [Put(LEFT, 1)])
        hands.until_waiting(1)
        assert len(hands.backends()) == 1


def test_connections_are_used_again(hands: Hands) -> None:
    """Calls one after the other need one connection, also those that fail."""
    store = hands.store()
    store.commit(puts("a"))
    before = hands.backends()
    for number in range(20):
        store.commit([Put(("a",), number)])
        store.read([("a",)])
        store.scan(("a",))
        store.now()
        with pytest.raises(VersionMismatch):
            store.commit([Put(("a",), number, ABSENT)])
    assert len(before) == 1
    assert hands.backends() == before


def test_close_gives_everything_back(hands: Hands) -> None:
    """Connections and the pool's threads."""
    threads = threading.active_count()
    store = hands.store()
    store.commit(puts("a"))
    assert hands.backends()
    store.close()
    assert threading.active_count() == threads
    hands.server.until("count(*) = 0 FROM pg_stat_activity WHERE application_name = %s", hands.schema)


def test_commits_are_on_the_disk(hands: Hands) -> None:
    """Also where the session would not wait for it (synchronous_commit = off)."""
    store = hands.store("-c synchronous_commit=off")
    for number in range(20):
        ((before,),) = hands.execute("SELECT pg_current_wal_insert_lsn()")
        store.commit([Put(("a",), number)])
        assert hands.execute("SELECT pg_current_wal_flush_lsn() > %s", before) == [(True,)]


def test_clock_is_the_servers(hands: Hands) -> None:
    """All workers agree on it; it is told in UTC whatever the session's time zone is."""
    store = hands.store("-c timezone=Asia/Kathmandu -c DateStyle=German")
    ((before,),) = hands.execute("SELECT clock_timestamp()")
    now = store.now()
    ((after,),) = hands.execute("SELECT clock_timestamp()")
    assert before <= now <= after
    assert now.utcoffset() == timedelta(0)
    ((query,),) = hands.execute("SELECT query FROM pg_stat_activity WHERE application_name = %s", hands.schema)
    assert "clock_timestamp()" in query


def test_long_keys(hands: Hands) -> None:
    """PostgreSQL's index has a limit: what begins with the same 5,000 bytes is told apart and kept in order."""
    store = hands.store()
    keys = [("a", LONG, name) for name in "badc"]
    versions = store.commit([Put(key, key[-1]) for key in keys] + [Put(("a", "z"), 1)])
    assert [key for key, _ in store.scan(("a",), limit=3)] == sorted(keys)[:3]
    assert [key for key, _ in store.scan((), after=keys[0], reverse=True, limit=9)] == [("a", "z"), *keys[2:]]
    with pytest.raises(VersionMismatch) as caught:
        store.commit([Check(keys[1], ABSENT), Put(keys[0], 2, versions[keys[0]])])
    assert list(caught.value.keys) == [keys[1]]
    store.commit([Delete(keys[1], versions[keys[1]]), Put(keys[2], 3, versions[keys[2]])])
    assert {key[-1]: entry.value for key, entry in store.read(keys).items()} == {"b": "b", "d": 3, "c": "c"}


def test_odd_versions_are_no_match(hands: Hands) -> None:
    """Versions that no key can have are no way to say absent or anything."""
    store = hands.store()
    for version in (0, -1, -2, 2**63, 2**80):
        for change in (Put(LEFT, 1, version), Check(LEFT, version)):
            with pytest.raises(VersionMismatch):
                store.commit([change])
    assert values(store) == {}


def test_calls_look_at_few_entries(hands: Hands) -> None:
    """What a call costs does not grow with the store, also while the server has no statistics of it."""
    store = hands.store()
    names = [f"{number:05}" for number in range(20_000)]
    for start in range(0, len(names), 5_000):
        store.commit([Put(("long", name), 1) for name in names[start : start + 5_000]])
    store.close()
    before = looked_at(hands)
    store = hands.store()
    some = [("long", name) for name in names[::40]]
    assert len(store.read(some)) == 500
    versions = store.commit([Put(key, 2) for key in some])
    store.commit([Put(key, 3, versions[key]) for key in some])
    assert len(store.scan(("long",), limit=500)) == 500
    assert len(store.scan(("long",), after=("long", names[50]), reverse=True, limit=500)) == 500
    store.close()
    assert looked_at(hands) - before < 5_000


def looked_at(hands: Hands) -> int:
    """How many entries the server has looked at up to now, by the statistics of connections that have ended."""
    hands.server.until("count(*) = 0 FROM pg_stat_activity WHERE application_name = %s", hands.schema)
    ((count,),) = hands.execute(
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE schemaname = %s AND relname = 'entry'",
        hands.schema,
    )
    return int(count)


def test_values_can_be_looked_at_in_sql(hands: Hands, postgres: PostgresServer) -> None:
    """An administrator reads what is stored with PostgreSQL's own means."""
    hands.store().commit([Put(("acme", "lease", "x"), {"until": "é"})])
    ((key, value),) = hands.execute(
        "SELECT encode(key, 'escape'), convert_from(value, 'UTF8')::json ->> 'until' FROM {schema}.entry "
        "WHERE key >= 'acme\\000lease\\000'::bytea"
    )
    assert (key, value) == ("acme\\000lease\\000x\\000", "é")
