"""The PostgreSQL store when connections and servers go away (E7): what is tried again, and what is told as unknown."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest
from support.postgres_hands import Hands, puts, values

from zoey_netsuite import PostgresStore, StoreError, StoreOutcomeUnknown, VersionMismatch
from zoey_netsuite.state import ABSENT, Put

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer


def test_dead_connections_are_replaced(hands: Hands) -> None:
    """Each call goes on with another connection when the one it got was cut off while it was idle."""
    store = hands.store()
    store.commit(puts("a"))
    for call in (
        lambda: store.read([("a",)]),
        lambda: store.scan(()),
        store.now,
        lambda: store.commit([Put(("b",), 1, ABSENT)]),
    ):
        hands.cut()
        assert call()
    assert values(store) == {("a",): "a", ("b",): 1}


def test_all_idle_connections_are_given_up_with_the_first_dead_one(hands: Hands) -> None:
    """After a restart of the server all are dead, and a call tries again only once."""
    store = hands.store()
    with hands.other_worker(("busy",)):
        busy = [hands.start(store.commit, [Put(("busy",), number)]) for number in range(4)]
        hands.until_waiting(4)
    for each in busy:
        each.result(30)
    assert len(hands.backends()) == 4
    hands.cut()
    assert len(store.read([("busy",)])) == 1


def test_cut_off_before_commit(hands: Hands) -> None:
    """Nothing can have been written yet, so it is tried again, and written once."""
    store = hands.store()
    first = store.commit(puts("a"))[("a",)]
    with hands.other_worker(("b",)):
        writing = hands.start(store.commit, [Put(("a",), 2, first), Put(("b",), 2)])
        hands.until_waiting()
        hands.cut()
        hands.until_waiting()
    assert set(writing.result(30)) == {("a",), ("b",)}
    assert values(store) == {("a",): 2, ("b",): 2}


def test_cut_off_before_commit_again(hands: Hands) -> None:
    """The second time it is an error that says that nothing was written."""
    store = hands.store()
    with hands.other_worker(("b",)):
        writing = hands.start(store.commit, [Put(("a",), 2), Put(("b",), 2)])
        for _ in range(2):
            hands.until_waiting()
            hands.cut()
        with pytest.raises(StoreError, match="could not commit to PostgreSQL") as caught:
            writing.result(30)
    assert not isinstance(caught.value, StoreOutcomeUnknown)
    assert values(store) == {("b",): 1}
    store.commit(puts("a"))


def test_cut_off_in_commit(hands: Hands) -> None:
    """COMMIT was sent and its answer never came: unknown; here it was not carried out."""
    store = hands.store()
    with hands.stop_at_commit():
        writing = hands.start(store.commit, puts("a"))
        hands.until_waiting()
        hands.cut()
        with pytest.raises(StoreOutcomeUnknown, match="read again"):
            writing.result(30)
    assert values(store) == {}
    store.commit(puts("a"))


def test_cut_off_after_commit(hands: Hands) -> None:
    """The other unknown: the server has committed, and the answer is lost as it waits for a standby to follow."""
    store = hands.store()
    hands.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    try:
        hands.execute("SELECT pg_reload_conf()")
        hands.server.until("current_setting('synchronous_standby_names') = 'nobody'")
        writing = hands.start(store.commit, puts("a"))
        hands.until_waiting(kind="IPC")
        hands.cut()
        with pytest.raises(StoreOutcomeUnknown, match="read again"):
            writing.result(30)
    finally:
        hands.execute("ALTER SYSTEM RESET synchronous_standby_names")
        hands.execute("SELECT pg_reload_conf()")
        hands.server.until("current_setting('synchronous_standby_names') = ''")
    assert values(store) == {("a",): "a"}


def test_refused_in_commit(hands: Hands) -> None:
    """The server's own no to COMMIT is certain: nothing lasts."""
    store = hands.store()
    hands.at_commit("RAISE EXCEPTION 'not today' USING ERRCODE = '23514'")
    with pytest.raises(StoreError, match="not today") as caught:
        store.commit(puts("a"))
    assert not isinstance(caught.value, StoreOutcomeUnknown)
    assert values(store) == {}


def test_undone_for_another_transaction(hands: Hands) -> None:
    """What the server undoes for the sake of others is tried again, a few times."""
    store = hands.store()
    hands.execute("CREATE SEQUENCE {schema}.tries")
    hands.at_commit(
        f"IF nextval('\"{hands.schema}\".tries') < 4 THEN "
        "RAISE EXCEPTION 'undone' USING ERRCODE = '40001'; END IF".replace("%", "%%")
    )
    assert store.commit(puts("a"))
    assert values(store) == {("a",): "a"}
    hands.execute("ALTER SEQUENCE {schema}.tries RESTART CYCLE MAXVALUE 3")
    with pytest.raises(StoreError, match="undone"):
        store.commit(puts("b"))
    assert values(store) == {("a",): "a"}


def test_server_away(postgres: PostgresServer) -> None:
    """Down for longer than the timeout is a clear error; shorter is waited for; nothing committed is lost."""
    from support.postgres_server import PostgresServer as Server

    with Server() as server, PostgresStore(server.dsn(), timeout=0.3) as hasty, PostgresStore(server.dsn()) as patient:
        fence = hasty.commit(puts("a"))[("a",)]
        patient.read([("a",)])
        server.stop()
        for call in (lambda: hasty.read([("a",)]), lambda: hasty.commit(puts("b")), hasty.now, lambda: hasty.scan(())):
            with pytest.raises(StoreError, match="check that the server runs") as caught:
                call()
            assert not isinstance(caught.value, StoreOutcomeUnknown)
        with pytest.raises(StoreError, match="could not open the state store in PostgreSQL at postgres@"):
            PostgresStore(server.dsn())
        with Hands(server) as hands:
            waiting = hands.start(patient.commit, [Put(("a",), 2, fence)])
            server.start()
            assert waiting.result(30)
        assert values(hasty) == {("a",): 2}
        with pytest.raises(VersionMismatch):
            hasty.commit([Put(("a",), 3, fence)])


def test_read_only_after_failover(hands: Hands) -> None:
    """A server that became a standby refuses to write; the next connection may lead to the primary."""
    store = hands.store()
    store.commit(puts("a"))
    hands.execute("CREATE SEQUENCE {schema}.tries")
    hands.execute(
        "CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF nextval('\"{hands.schema}\".tries') < 2 THEN RAISE EXCEPTION 'read-only' USING ERRCODE = '25006'; END IF; "
        "RETURN NEW; END $$"
    )
    hands.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON {schema}.entry FOR EACH ROW EXECUTE FUNCTION {schema}.refuse()"
    )
    before = hands.backends()
    store.commit(puts("b"))
    assert values(store) == {("a",): "a", ("b",): "b"}
    assert not set(before) & set(hands.backends())


FORKING = """
    import os, signal, sys, threading
    from zoey_netsuite import PostgresStore, Put
    dsn, schema = sys.argv[1:]
    stop, failed = threading.Event(), []
    with PostgresStore(dsn, schema) as store:
        def write(name):
            try:
                number = 0
                while not stop.is_set():
                    store.commit([Put(("parent", name), number)])
                    number += 1
            except BaseException as error:
                failed.append(error)
                raise
        writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
        for each in writers:
            each.start()
        for child in range(5):
            pid = os.fork()
            if pid == 0:
                code = 1
                signal.alarm(20)  # a child that hangs is ended, and not waited for
                try:
                    store.commit([Put(("child", str(child)), child)])
                    code = 0 if store.read([("child", str(child))]) else 2
                    store.close()
                finally:
                    os._exit(code)
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        stop.set()
        for each in writers:
            each.join()
        assert not failed
        print(len(store.scan(("child",))), len(store.scan(("parent",))))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_goes_on_after_fork(hands: Hands) -> None:
    """Parent and child both go on with a store that was open when the process forked, other threads in its middle."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(FORKING), hands.dsn(), hands.schema],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["5", "2"]
    assert done.stderr == ""


def test_closed_in_mid_use(hands: Hands) -> None:
    """Closing leaves calls in flight to their end, refuses new ones, and gives all connections back."""
    store = hands.store()
    with hands.other_worker(("a",)):
        writing = hands.start(store.commit, puts("a"))
        hands.until_waiting()
        store.close()
        with pytest.raises(StoreError, match="is closed"):
            store.read([("a",)])
    assert writing.result(30)
    hands.server.until("count(*) = 0 FROM pg_stat_activity WHERE application_name = %s", hands.schema)
