"""What NetSuite says to a query that it can't answer."""

from __future__ import annotations

from collections.abc import Mapping

_PREFIX = "Invalid search query. Detailed unprocessed description follows. Search error occurred: "


class QueryError(Exception):
    """A query that SuiteQL refuses, answered over REST as 400 `INVALID_PARAMETER`.

    Attributes:
        detail: NetSuite's words, all that a client gets to see.
        reason: why the sandbox refuses, in its own words: a note on the exception, for NetSuite says less.
    """

    def __init__(self, detail: str, reason: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.reason = reason
        if reason:
            self.add_note(reason)


def unsupported(reason: str) -> QueryError:
    """NetSuite's answer to wrong syntax and to everything that it does not support."""
    return QueryError(f"{_PREFIX}Invalid or unsupported search.", reason)


def unknown_table(name: str) -> QueryError:
    """No table has this name, or the role may not know of it."""
    return QueryError(f"{_PREFIX}Invalid search type: {name}.")


def unknown_identifier(name: str, available: Mapping[str, str]) -> QueryError:
    """No table in reach has this column; `available` is table by alias."""
    listed = ", ".join(f"{alias}={table}" for alias, table in available.items())
    return QueryError(f"{_PREFIX}Unknown identifier '{name}'. Available identifiers are: {{{listed}}}.")
