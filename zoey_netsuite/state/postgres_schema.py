"""The PostgreSQL schema: what it holds, how it is made, and how an older one becomes a current one.

All the library's tables are in one schema of the user's choice, so several stores share a database.
"""

from __future__ import annotations

import zlib
from itertools import chain
from typing import Any

from psycopg import sql

from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.state.postgres_connections import Connection
from zoey_netsuite.state.postgres_errors import Address

_MARK = "zoey_netsuite"
"""A table of this name holds the schema's version, and says that the schema is ours."""

_MIGRATIONS = (
    (
        # Values as bytes: PostgreSQL's own JSON types refuse NUL and lone surrogates, and alter numbers.
        # Where a key is long, `key` is its place (see `place`), and all of it stands beside.
        # Room is left in each page so that an update finds some beside what it replaces.
        "CREATE TABLE {entry} (key bytea PRIMARY KEY, version bigint NOT NULL, value bytea NOT NULL, whole_key bytea) "
        "WITH (fillfactor = 85)",
        "CREATE SEQUENCE {counter} AS bigint",
        "CREATE TABLE {mark} (schema_version integer NOT NULL)",
        "INSERT INTO {mark} VALUES (0)",
    ),
)
"""Statements by the schema version that they start from. Released ones are never changed, only added to."""

SCHEMA_VERSION = len(_MIGRATIONS)

_LOCK = 0x5A4E5354
"""Advisory locks of this class ("ZNST") are held while a schema is made or migrated."""


def names(schema: str) -> dict[str, sql.Composable]:
    """What the store's statements call its tables, by their names in the statements' templates."""
    qualified = {"entry": "entry", "counter": "version", "mark": _MARK}
    identifiers: dict[str, sql.Composable] = {
        name: sql.Identifier(schema, relation) for name, relation in qualified.items()
    }
    literals = {
        f"{name}_name": sql.Literal(sql.Identifier(schema, relation).as_string(None))
        for name, relation in qualified.items()
    }
    return identifiers | literals | {"schema": sql.Identifier(schema)}


def check_name(schema: object) -> str:
    """A schema's name, if it can be one.

    Raises:
        ConfigurationError: it is none.
    """
    if isinstance(schema, str) and schema and not set("\0%") & set(schema) and not schema.startswith("pg_"):
        try:
            if len(schema.encode()) <= 63:
                return schema
        except UnicodeEncodeError:
            pass
    raise ConfigurationError(
        "PostgresStore(schema=…) takes a schema's name of up to 63 bytes, without % and not beginning with pg_, not "
        f"{schema!r}"
    )


def prepare(address: Address, connection: Connection, schema: str) -> None:
    """Make sure that the schema is there, ours, current, and may be used by this role.

    Raises:
        ConfigurationError: another application's tables, a newer version's schema, a right that is missing, a standby.
        psycopg.Error: the database's own words, for the caller to translate.
    """
    if _fetch(connection, "SELECT pg_is_in_recovery()")[0]:
        raise ConfigurationError(
            f"{address.name} is a standby, which can only be read: name the primary server "
            "(target_session_attrs=read-write finds it among several hosts)"
        )
    if _version(address, connection, schema) < SCHEMA_VERSION:
        # Rights to make something are asked for only where something is to be made.
        connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (_LOCK, signed_hash(schema.encode())))
        _migrate(address, connection, schema)
        connection.execute("COMMIT")
    _check_rights(address, connection, schema)


def signed_hash(data: bytes) -> int:
    """A number of 32 bits for an advisory lock. All versions of the library must agree on it: it is never changed."""
    number = zlib.crc32(data)
    return number - (1 << 32) if number >= 1 << 31 else number


def _migrate(address: Address, connection: Connection, schema: str) -> None:
    version = _version(address, connection, schema)
    if version == SCHEMA_VERSION:
        return  # somebody else was faster
    if not _fetch(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = %s", schema)[0]:
        _execute(connection, "CREATE SCHEMA {schema}", schema)
    for statement in chain.from_iterable(_MIGRATIONS[version:]):
        _execute(connection, statement, schema)
    _execute(connection, f"UPDATE {{mark}} SET schema_version = {SCHEMA_VERSION}", schema)


def _version(address: Address, connection: Connection, schema: str) -> int:
    """The schema's version; 0 where there is none."""
    # From the catalog's tables: what PostgreSQL finds by name may be of before the lock was given.
    statement = (
        "SELECT relname::text FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid WHERE nspname = %s"
    )
    present = {name for (name,) in connection.execute(statement, (schema,))}
    if _MARK not in present:
        if "entry" in present:
            raise ConfigurationError(
                f"the schema {schema!r} in {address.name} holds a table `entry` of another application; give the state "
                "store a schema of its own"
            )
        return 0
    (version,) = _fetch_from(connection, "SELECT schema_version FROM {mark}", schema)
    if version > SCHEMA_VERSION:
        raise ConfigurationError(
            f"the schema {schema!r} in {address.name} was written by a newer version of zoey_netsuite (it is {version},"
            f" this version knows {SCHEMA_VERSION}); install that version or use another schema"
        )
    return int(version)


def _check_rights(address: Address, connection: Connection, schema: str) -> None:
    statement = (
        "SELECT has_table_privilege({entry_name}, 'SELECT') AND has_table_privilege({entry_name}, 'INSERT') AND "
        "has_table_privilege({entry_name}, 'UPDATE') AND has_table_privilege({entry_name}, 'DELETE') AND "
        "has_sequence_privilege({counter_name}, 'USAGE'), current_user"
    )
    allowed, role = _fetch_from(connection, statement, schema)
    if not allowed:
        quoted = sql.Identifier(schema).as_string(None)
        raise ConfigurationError(
            f"the role {role!r} may not use the schema {schema!r} in {address.name}: GRANT SELECT, INSERT, UPDATE, "
            f"DELETE ON {quoted}.entry TO it, and USAGE ON SEQUENCE {quoted}.version"
        )


def _execute(connection: Connection, template: str, schema: str) -> None:
    connection.execute(compose(template, schema))


def _fetch(connection: Connection, statement: str, *parameters: object) -> tuple[Any, ...]:
    row = connection.execute(statement.encode(), parameters).fetchone()
    return row if row is not None else ()


def _fetch_from(connection: Connection, template: str, schema: str) -> tuple[Any, ...]:
    row = connection.execute(compose(template, schema)).fetchone()
    return row if row is not None else ()


def compose(template: str, schema: str) -> bytes:
    """A statement of our own with the names of a schema's tables in it."""
    return sql.SQL(template).format(**names(schema)).as_bytes(None)  # pyright: ignore[reportArgumentType]
