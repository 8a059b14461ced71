"""What tables and columns the sandbox's NetSuite has: the one description that records and SuiteQL both read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import field, frozen

ColumnType: TypeAlias = Literal["text", "number", "boolean", "date", "datetime", "reference"]


@frozen
class Column:
    """A column that SuiteQL can see.

    How a value lies in the SQLite table: booleans as `'T'`/`'F'`, numbers as numbers, references as the target's id (a
    number where it looks like one: the columns have NUMERIC affinity), dates as `2017-07-21`, times in UTC as
    `2017-07-21T17:32:28`.

    Attributes:
        name: lower case, the name in SuiteQL and in the SQLite table.
        type: how its values are to be read.
        target: for a reference, the table whose `key` it holds.
        text: a hidden column of the same table with the text that `BUILTIN.DF` gives, where no table holds it.
        code: a hidden column of the same table with what `BUILTIN.CF` gives (`SalesOrd:B`).
    """

    name: str
    type: ColumnType = "text"
    target: str | None = None
    text: str | None = None
    code: str | None = None


@frozen
class Table:
    """A table that SuiteQL can see.

    Attributes:
        name: lower case.
        columns: by name, in the order of `SELECT *`.
        display: the column whose value stands for a row in `BUILTIN.DF`.
        key: the column that references to this table hold.
        permission: what a role must have to see its rows, e.g. `Lists -> Items`; None when everybody sees them.
    """

    name: str
    columns: Mapping[str, Column] = field(factory=dict[str, Column])
    display: str | None = None
    key: str = "id"
    permission: str | None = None


@frozen
class Catalogue:
    """All tables. Columns beginning with `_` in the database are in none of them: they are the sandbox's own."""

    tables: Mapping[str, Table] = field(factory=dict[str, Table])

    def table(self, name: str) -> Table | None:
        """The table of that name in any letter case, or None."""
        return self.tables.get(name.lower())
