"""What names mean at a place in a query: the relations in reach, those around it, and common table expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import field, frozen

from zoey_netsuite.sandbox.netsuite.catalogue import Catalogue
from zoey_netsuite.sandbox.netsuite.suiteql.errors import unknown_identifier, unsupported
from zoey_netsuite.sandbox.netsuite.suiteql.fragments import Fragment
from zoey_netsuite.sandbox.netsuite.suiteql.parsing import Node


@frozen
class Physical:
    """What SQLite says of a table's columns: which hold numbers by themselves, and which can't be null."""

    numeric: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()


@frozen
class Output:
    """A column of a query's result; `fragment.sql` is meaningful inside the query only."""

    name: str
    fragment: Fragment


@frozen
class Compiled:
    """A query in SQLite's SQL.

    Attributes:
        sql: complete, without surrounding parentheses.
        outputs: its columns in order.
        limited: whether it limits its own rows, so that no LIMIT can follow.
        counted: a cheaper query with as many rows, for counting them.
        single: whether it can't have more than one row, as aggregates without GROUP BY.
    """

    sql: str
    outputs: Sequence[Output]
    limited: bool
    counted: str
    single: bool = False


@frozen
class Setting:
    """What a whole query is compiled against.

    Attributes:
        catalogue: tables and columns that exist.
        hidden: tables in which the role sees no rows.
        fails: columns, as (table, column), that exist but can't be queried.
        physical: asks SQLite about a table.
        query: compiles a query inside another: node, scope around it, common table expressions.
    """

    catalogue: Catalogue
    hidden: frozenset[str]
    fails: frozenset[tuple[str, str]]
    physical: Callable[[str], Physical]
    query: Callable[[Node, Scope], Compiled]


@frozen
class Relation:
    """A table, subquery or common table expression in a FROM clause.

    Attributes:
        alias: lower case.
        name: what error messages call it.
        columns: by name; None stands for a name that occurs twice and can't be used.
    """

    alias: str
    name: str
    columns: Mapping[str, Fragment | None]


@frozen
class Scope:
    """Where an expression stands.

    Attributes:
        relations: the FROM clause's, in order.
        around: the query that this one is a subquery of; its columns can be used, too.
        tables: common table expressions by name.
        aggregates: whether aggregate functions are allowed here.
    """

    setting: Setting
    relations: Sequence[Relation] = ()
    around: Scope | None = None
    tables: Mapping[str, Sequence[Output]] = field(factory=dict[str, Sequence[Output]])
    aggregates: bool = False

    def column(self, name: str, alias: str = "") -> Fragment:
        """The column that a name means. Raises QueryError for an unknown, hidden or ambiguous one."""
        scope: Scope | None = self
        while scope is not None:
            found = [
                each.columns[name.lower()]
                for each in scope.relations
                if name.lower() in each.columns and alias.lower() in ("", each.alias)
            ]
            if found:
                if len(found) > 1 or found[0] is None:
                    break
                return found[0]
            scope = scope.around
        available = {each.alias: each.name for each in self.relations}
        raise unknown_identifier(name if not alias or alias.lower() in available else alias, available)

    def relation(self, alias: str) -> Relation:
        """The relation of that alias. Raises QueryError."""
        for each in self.relations:
            if each.alias == alias.lower():
                return each
        raise unknown_identifier(alias, {each.alias: each.name for each in self.relations})

    def checked(self) -> Scope:
        """This scope, when no alias occurs in it twice. Raises QueryError."""
        aliases = [each.alias for each in self.relations]
        if len(set(aliases)) < len(aliases):
            raise unsupported("an alias is used twice")
        return self
