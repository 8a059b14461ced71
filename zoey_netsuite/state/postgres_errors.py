"""What PostgreSQL and its client library answer, told in our words, with what to do about it and without a secret."""

from __future__ import annotations

import re

import psycopg
from attrs import field, frozen
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from zoey_netsuite.errors import ConfigurationError

_REMEDIES = {
    "25006": "it is read-only: name the primary server (target_session_attrs=read-write finds it)",
    "42501": "the role lacks a right: see docs/how-to/postgres.md for those it needs",
    "42P01": "its tables are gone: restore the schema from a backup, or open the store anew to make an empty one",
    "53100": "its disk is full: free some space, nothing was lost",
    "53300": "it takes no more connections: raise max_connections, or give the store fewer (connections=…)",
    "55P03": "another worker's commit kept it waiting for longer than the store's timeout",
    "57014": "it took longer than the server's statement_timeout",
}
"""By SQLSTATE."""

_REFUSALS = (
    (r"password authentication failed|no password supplied", "check user and password"),
    (r"role .* does not exist", "check the user's name, or make the role"),
    (r"database .* does not exist", "check the database's name, or make it with CREATE DATABASE"),
    (r"no pg_hba\.conf entry", "the server's pg_hba.conf lets nobody in who comes so: check host, user and sslmode"),
    (r"permission denied for database", "grant the role CONNECT on the database"),
    (r"not support SSL|SSL error|certificate", "check sslmode, and the certificates on both sides"),
)
"""Of connections, by the server's words: it gives no code with these. They mean the same however often one asks."""

_OUTAGES = (
    (r"too many clients|connection slots", _REMEDIES["53300"]),
    (r"could not translate host name", "check the host's name, and that this machine can look names up"),
    (r"refused|No such file|timeout|timed out|unreachable", "check that the server runs, and its host and port"),
    (r"starting up|shutting down|recovery", "it is being started or stopped: try again when it is up"),
)

LOST = {"57P01", "57P02", "57P03", "57P05", "25P03", "25006", "0A000"}
"""Answers that say: not on this connection (the server goes down, or is no primary any more). Others may do."""

TRY_AGAIN = {"40001", "40P01"}
"""Answers that say: undone for the sake of another transaction."""


@frozen
class Address:
    """Where a store's database is.

    Attributes:
        conninfo: for the client library, with secrets.
        name: for people, without.
    """

    conninfo: str = field(repr=False)
    name: str
    _secrets: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, dsn: str, timeout: float) -> Address:
        """The address that a DSN gives; what it leaves open is set so that a dead network is noticed.

        Raises:
            ConfigurationError: not a connection string. The message shows nothing of it: it may hold a password.
        """
        try:
            given = conninfo_to_dict(dsn)
        except psycopg.Error:
            given = {}
            if dsn.strip():
                raise ConfigurationError(_MALFORMED) from None
        parts = {name: str(given.get(name) or "") for name in ("user", "host", "port", "dbname")}
        if any("@" in parts[name] for name in ("host", "dbname")) or not re.fullmatch(r"[0-9,]*", parts["port"]):
            raise ConfigurationError(_MALFORMED) from None
        seconds = max(int(timeout), 2)
        defaults: dict[str, str | int] = {
            "application_name": "zoey_netsuite",
            "connect_timeout": seconds,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": seconds * 1000,
        }
        user, port = parts["user"] and parts["user"] + "@", parts["port"] and ":" + parts["port"]
        return cls(
            make_conninfo("", **{**defaults, **{name: str(value) for name, value in given.items()}}),
            f"PostgreSQL at {user}{parts['host'] or 'the default host'}{port}/{parts['dbname']}",
            tuple(str(given[name]) for name in ("password", "sslpassword") if given.get(name)),
        )

    def describe(self, action: str, error: Exception) -> str:
        """What was being done, what the other side said, and what to do about it."""
        words = _words(error)
        for secret in self._secrets:
            words = words.replace(secret, "…")
        remedy = _remedy(error)
        return f"could not {action} {self.name}: {words}" + (f"; {remedy}" if remedy else "")


_MALFORMED = (
    "PostgresStore(dsn, …) takes a connection string, such as postgresql://user:password@host:5432/database or "
    '"host=… dbname=… user=…"; this one cannot be read (it is not shown, as it may hold a password). In a URL, write '
    "special characters of the password in percent form: %40 for @, %2F for /, %3A for :"
)


def is_refusal(error: Exception) -> bool:
    """Whether a connection failed for a reason that will not go away by itself."""
    return any(re.search(pattern, str(error)) for pattern, _ in _REFUSALS)


def is_undone(error: psycopg.Error) -> bool:
    """Whether an answer to COMMIT says that nothing lasts: a broken constraint or transaction, not a server's end."""
    state = error.sqlstate or ""
    return state[:2] in ("23", "25", "40") and state not in ("25P03", "40003")


def _words(error: Exception) -> str:
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        return error.diag.message_primary
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(lines) or type(error).__name__


def _remedy(error: Exception) -> str:
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    if state is not None:
        return _REMEDIES.get(state, "")
    return next((remedy for pattern, remedy in _REFUSALS + _OUTAGES if re.search(pattern, str(error))), "")
