"""Opening a PostgreSQL store (E7): schemas made, migrated and refused, rights, addresses; no secret is ever shown."""

from __future__ import annotations

import logging
import subprocess
import sys
import textwrap
import traceback
from typing import TYPE_CHECKING

import pytest
from support.postgres_hands import Hands, puts, together, values

from zoey_netsuite import ConfigurationError, PostgresStore, Put, StoreError

if TYPE_CHECKING:
    from support.postgres_server import PostgresServer

SECRET = "hunter2-s3cret"


def told(error: BaseException) -> str:
    """All that a traceback shows."""
    return "".join(traceback.format_exception(error))


def test_schemas_and_integrations_share_a_database(postgres: PostgresServer) -> None:
    """Two schemas know nothing of each other; the first part of a key tells integrations apart."""
    one, two = postgres.schema(), 'Odd "name" {with} spaces\''
    with PostgresStore(postgres.dsn(), one) as first, PostgresStore(postgres.dsn(), two) as second:
        first.commit([Put(("acme", "a"), 1), Put(("other", "a"), 2)])
        second.commit(puts("b"))
        assert values(first) == {("acme", "a"): 1, ("other", "a"): 2}
        assert values(second) == {("b",): "b"}
        assert [key for key, _ in first.scan(("other",))] == [("other", "a")]


def test_opened_by_many_threads_at_once(postgres: PostgresServer) -> None:
    """A new schema that several open in the same moment is made once."""
    for _ in range(5):
        schema = postgres.schema()

        def open_and_put(number: int, schema: str = schema) -> int:
            with PostgresStore(postgres.dsn(), schema) as store:
                return store.commit([Put((str(number),), number)])[(str(number),)]

        assert sorted(together(6, open_and_put)) == [1, 2, 3, 4, 5, 6]


def test_opened_by_many_processes_at_once(postgres: PostgresServer) -> None:
    """The same with eight processes."""
    code = """
        import os, signal, sys
        from zoey_netsuite import PostgresStore, Put
        begin, go = os.pipe()
        for child in range(8):
            if os.fork() == 0:
                code = 1
                signal.alarm(30)
                try:
                    os.close(go)
                    os.read(begin, 1)  # ends when the parent closes its end
                    with PostgresStore(*sys.argv[1:]) as store:
                        store.commit([Put((str(child),), child)])
                    code = 0
                finally:
                    os._exit(code)
        os.close(go)
        print(*(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(8)))
    """
    schema = postgres.schema()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code), postgres.dsn(), schema],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["0"] * 8, done.stderr
    with PostgresStore(postgres.dsn(), schema) as store:
        assert values(store) == {(str(child),): child for child in range(8)}


def test_newer_schema(hands: Hands) -> None:
    """What a newer version of the library wrote is refused, and the message names both versions."""
    from zoey_netsuite.state.postgres_schema import SCHEMA_VERSION

    hands.store().commit(puts("a"))
    hands.execute("UPDATE {schema}.zoey_netsuite SET schema_version = schema_version + 1")
    with pytest.raises(ConfigurationError, match=f"newer version.*it is {SCHEMA_VERSION + 1}.*knows {SCHEMA_VERSION}"):
        hands.store()


def test_older_schema_is_migrated(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes through the steps that are missing, once, by whoever comes first; its data stays."""
    from zoey_netsuite.state import postgres_schema

    version = hands.store().commit(puts("a"))[("a",)]
    step = ("ALTER TABLE {entry} ADD note text NOT NULL DEFAULT 'new'", "CREATE TABLE {schema}.more ()")
    monkeypatch.setattr(postgres_schema, "_MIGRATIONS", (*postgres_schema._MIGRATIONS, step))
    monkeypatch.setattr(postgres_schema, "SCHEMA_VERSION", postgres_schema.SCHEMA_VERSION + 1)
    together(4, lambda number: hands.store().commit([Put((str(number),), 1)]))
    assert {row[0] for row in hands.execute("SELECT note FROM {schema}.entry")} == {"new"}
    assert hands.store().read([("a",)])[("a",)].version == version
    monkeypatch.undo()
    with pytest.raises(ConfigurationError, match="newer version"):
        hands.store()


def test_failed_migration_leaves_nothing(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that fails takes back those before it."""
    from zoey_netsuite.state import postgres_schema

    monkeypatch.setattr(postgres_schema, "_MIGRATIONS", (*postgres_schema._MIGRATIONS, ("SELECT 1/0",)))
    monkeypatch.setattr(postgres_schema, "SCHEMA_VERSION", postgres_schema.SCHEMA_VERSION + 1)
    with pytest.raises(StoreError, match="division by zero"):
        hands.store()
    assert hands.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", hands.schema) == [(0,)]
    monkeypatch.undo()
    hands.store().commit(puts("a"))


def test_tables_of_another_application(hands: Hands) -> None:
    """A schema in which somebody else has a table of that name is refused and left as it is."""
    hands.execute("CREATE SCHEMA {schema}")
    hands.execute("CREATE TABLE {schema}.entry (mine text)")
    with pytest.raises(ConfigurationError, match=r"another application.*schema of its own"):
        hands.store()
    assert hands.execute("SELECT count(*) FROM pg_tables WHERE schemaname = %s", hands.schema) == [(1,)]


def test_rights_are_looked_at_when_it_is_opened(hands: Hands) -> None:
    """A role needs CREATE where the schema is to be made, and only the use of it afterwards."""
    role = f"role_{hands.schema}"
    dsn = hands.server.dsn(user=role)
    hands.execute(f"CREATE ROLE {role} LOGIN")
    with pytest.raises(ConfigurationError, match=r"permission denied for database.*lacks a right.*postgres\.md"):
        PostgresStore(dsn, hands.schema)
    owner = hands.store()
    with pytest.raises(ConfigurationError, match="permission denied for schema"):
        PostgresStore(dsn, hands.schema)
    hands.execute(f"GRANT USAGE ON SCHEMA {{schema}} TO {role}")
    hands.execute(f"GRANT SELECT ON {{schema}}.zoey_netsuite TO {role}")
    hands.execute(f"GRANT SELECT, INSERT, DELETE ON {{schema}}.entry TO {role}")
    with pytest.raises(ConfigurationError, match=r"may not use.*GRANT SELECT, INSERT, UPDATE, DELETE"):
        PostgresStore(dsn, hands.schema)
    hands.execute(f"GRANT UPDATE ON {{schema}}.entry TO {role}")
    hands.execute(f"GRANT USAGE ON SEQUENCE {{schema}}.version TO {role}")
    with PostgresStore(dsn, hands.schema) as store:
        store.commit(puts("a"))
    assert values(owner) == {("a",): "a"}


def test_schema_made_by_an_administrator(hands: Hands) -> None:
    """An empty schema that the role owns is filled, without the right to make schemas."""
    role = f"role_{hands.schema}"
    hands.execute(f"CREATE ROLE {role} LOGIN")
    hands.execute(f"CREATE SCHEMA {{schema}} AUTHORIZATION {role}")
    with PostgresStore(hands.server.dsn(user=role), hands.schema) as store:
        store.commit(puts("a"))


def test_password(postgres: PostgresServer) -> None:
    """The right one opens, over the network; a wrong one is a matter of configuration."""
    with PostgresStore(postgres.url(), postgres.schema()) as store:
        store.commit(puts("a"))
        assert "127.0.0.1" in repr(store)
    with pytest.raises(ConfigurationError, match=r"password authentication failed.*check user and password"):
        PostgresStore(postgres.url(password=SECRET))


def test_wrong_names(postgres: PostgresServer) -> None:
    """A database or a role that does not exist is a matter of configuration, and told by its name."""
    with pytest.raises(ConfigurationError, match=r'"nowhere" does not exist.*CREATE DATABASE'):
        PostgresStore(postgres.dsn("nowhere"))
    with pytest.raises(ConfigurationError, match='"nobody" does not exist'):
        PostgresStore(postgres.dsn(user="nobody"))


def test_nobody_listens() -> None:
    """A server that is not there may come back: no matter of configuration."""
    with pytest.raises(StoreError, match=r"refused.*check that the server runs, and its host and port"):
        PostgresStore("postgresql://postgres@127.0.0.1:1/x")


def test_standby(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A server that can only be read is refused when the store is opened."""
    pytest.importorskip("psycopg")
    from support.postgres_server import PostgresServer as Server

    with Server() as server:
        PostgresStore(server.dsn()).close()
        server.stop()
        (server.folder / "data" / "standby.signal").touch()
        server.start()
        with pytest.raises(ConfigurationError, match=r"standby.*target_session_attrs=read-write"):
            PostgresStore(server.dsn())


@pytest.mark.parametrize(
    "dsn",
    [
        f"postgresql://user:{SECRET}@[bad",
        f"postgresql://user:{SECRET}@host/db?passwrd={SECRET}",
        f"host=x password {SECRET}",
        f"host=x password={SECRET} sslmod={SECRET}",
        f"postgresql://user:x@{SECRET}@127.0.0.1:1/db",
        f"postgresql://user:{SECRET}/x@127.0.0.1:1/db",
        f"host=127.0.0.1 port={SECRET}",
    ],
)
def test_malformed_addresses_are_not_shown(dsn: str) -> None:
    """A typing error is told without the text: it may be the password that has gone astray in it."""
    with pytest.raises(ConfigurationError, match="cannot be read") as caught:
        PostgresStore(dsn, timeout=1)
    assert SECRET not in told(caught.value)


def test_no_secret_is_shown(postgres: PostgresServer, caplog: pytest.LogCaptureFixture) -> None:
    """Not by the store, its errors, or what it logs: neither a good password nor a wrong one."""
    caplog.set_level(logging.DEBUG)
    with PostgresStore(postgres.url(), postgres.schema(), timeout=0.3) as store:
        store.commit(puts("a"))
        shown = repr(store) + repr(vars(store)) + repr(vars(store._database))
    for dsn in (postgres.url(password=SECRET), f"postgresql://u:{SECRET}@127.0.0.1:1/x", f"password={SECRET} port=1"):
        with pytest.raises((ConfigurationError, StoreError)) as caught:
            PostgresStore(dsn)
        shown += told(caught.value)
    shown += caplog.text
    assert SECRET not in shown
    assert postgres.password not in shown


@pytest.mark.parametrize("schema", ["", "pg_mine", "a" * 64, "a\0", "50%", None, 5, "\ud800"])
def test_names_that_no_schema_can_have(schema: str) -> None:
    with pytest.raises(ConfigurationError, match=r"schema=….*takes a schema's name"):
        PostgresStore("host=x", schema)


def test_settings_are_checked() -> None:
    with pytest.raises(ConfigurationError, match=r"connections=….*at least 1"):
        PostgresStore("host=x", connections=0)
    with pytest.raises(ConfigurationError, match=r"timeout=….*more than 0"):
        PostgresStore("host=x", timeout=0)
    with pytest.raises(ConfigurationError, match=r"clock=….*a Clock"):
        PostgresStore("host=x", clock=5)  # type: ignore[arg-type]  # that is the test
    with pytest.raises(ConfigurationError, match="connection string"):
        PostgresStore(None)  # type: ignore[arg-type]  # that is the test


def test_missing_extra() -> None:
    """Without psycopg the store says what to install, and everything else works."""
    code = """
        import sys
        class Blocker:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] in ("psycopg", "psycopg_pool"):
                    raise ImportError(f"no {name} here", name=name)
        sys.meta_path.insert(0, Blocker())
        from zoey_netsuite import ConfigurationError, MemoryStore, PostgresStore
        MemoryStore()
        try:
            PostgresStore("host=x")
        except ConfigurationError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60, check=False
    )
    assert 'pip install ".[postgres]"' in done.stdout, done.stderr
    assert "psycopg[binary]" in done.stdout
