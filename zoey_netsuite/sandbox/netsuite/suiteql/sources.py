"""The FROM clause: tables, subqueries, joins, and Oracle's old outer joins written `(+)` in the WHERE clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from attrs import evolve, frozen
from sqlglot import exp

from zoey_netsuite.sandbox.netsuite.catalogue import Column, Table
from zoey_netsuite.sandbox.netsuite.suiteql.errors import unknown_table, unsupported
from zoey_netsuite.sandbox.netsuite.suiteql.expressions import condition
from zoey_netsuite.sandbox.netsuite.suiteql.fragments import Fragment, Kind, quoted
from zoey_netsuite.sandbox.netsuite.suiteql.parsing import Node, argument, check_parts
from zoey_netsuite.sandbox.netsuite.suiteql.scopes import Output, Relation, Scope

_KINDS: Mapping[str, Kind] = {
    "text": "text",
    "boolean": "text",
    "number": "number",
    "date": "local",
    "datetime": "instant",
    "reference": "number",
}


@frozen
class Joined:
    """A compiled FROM clause.

    Attributes:
        scope: with the clause's relations.
        sql: what follows FROM.
        terms: the WHERE clause's conditions that are left to compile.
    """

    scope: Scope
    sql: str
    terms: Sequence[Node]


@frozen
class _Source:
    relation: Relation
    sql: str


def terms_of(where: Node | None) -> list[Node]:
    """The conditions of a WHERE clause that all have to hold."""
    if where is None:
        return []
    node = cast(Node, where.this)
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.And):
        return list(node.flatten())
    return [node]


def cte_name(name: str) -> str:
    """What a common table expression is called in SQLite's SQL, so that it shadows no table there."""
    return quoted(f"with {name}")


def joined(select: exp.Select, scope: Scope) -> Joined:
    """Compile a SELECT's FROM clause. Raises QueryError."""
    clause = argument(select, "from")
    if clause is None:
        raise unsupported("a SELECT without FROM")
    joins = cast(list[exp.Join], select.args.get("joins") or [])
    first = _source(clause.this, scope)
    others = [_source(join.this, scope) for join in joins]
    for join in joins:
        check_parts(join, frozenset({"this", "side", "kind", "on"}))
    terms = terms_of(select.args.get("where"))
    if any(_marked(term) for term in terms):
        if any(join.side or join.kind or join.args.get("on") for join in joins):
            raise unsupported("(+) and JOIN don't go together")
        return _old_outer_joins([first, *others], terms, scope)
    sides = [join.side.upper() for join in joins]
    sources = [first, *others]
    for index, side in enumerate(sides):
        optional = range(index + 1, index + 2) if side == "LEFT" else range(index + 1 if side == "RIGHT" else index + 2)
        if side:
            sources = [_nullable(each) if at in optional else each for at, each in enumerate(sources)]
    inner = evolve(scope, relations=[each.relation for each in sources]).checked()
    sql = first.sql + "".join(_join(join, each.sql, inner) for join, each in zip(joins, others, strict=True))
    return Joined(inner, sql, terms)


def _join(join: exp.Join, source: str, scope: Scope) -> str:
    side, kind, on = join.side.upper(), join.kind.upper(), join.args.get("on")
    if kind not in ("", "INNER", "OUTER", "CROSS") or side not in ("", "LEFT", "RIGHT", "FULL"):
        raise unsupported(f"{side} {kind} JOIN")
    if on is None:
        if side or kind == "INNER":
            raise unsupported("a join without ON")
        return f" CROSS JOIN {source}" if kind == "CROSS" else f", {source}"
    return f" {side or 'INNER'} JOIN {source} ON {condition(on, scope)}"


def _nullable(source: _Source) -> _Source:
    columns = {
        name: evolve(each, required=False) if each is not None else None
        for name, each in source.relation.columns.items()
    }
    return evolve(source, relation=evolve(source.relation, columns=columns))


def _source(node: Node, scope: Scope) -> _Source:
    if isinstance(node, exp.Subquery):
        check_parts(node, frozenset({"this", "alias"}))
        outside = evolve(scope, relations=(), around=None, aggregates=False)
        found = scope.setting.query(node.this, outside)
        alias = node.alias.lower()
        name = quoted(alias or f"subquery {id(node)}")
        return _Source(_derived(alias, alias or "subquery", found.outputs, name), f"({found.sql}) AS {name}")
    if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
        raise unsupported(f"{type(node).__name__} in FROM")
    check_parts(node, frozenset({"this", "alias"}))
    name, alias = node.name.lower(), (node.alias or node.name).lower()
    outputs = scope.tables.get(name)
    if outputs is not None:
        return _Source(_derived(alias, name, outputs, quoted(alias)), f"{cte_name(name)} AS {quoted(alias)}")
    table = scope.setting.catalogue.table(name)
    if table is None:
        raise unknown_table(node.name)
    sql = quoted(name)
    if name == "dual":
        sql = "(SELECT 'X' AS dummy)"
    elif name in scope.setting.hidden:
        sql = f"(SELECT * FROM {sql} WHERE 0)"
    return _Source(_table(table, alias, scope), f"{sql} AS {quoted(alias)}")


def _derived(alias: str, name: str, outputs: Sequence[Output], qualifier: str) -> Relation:
    columns: dict[str, Fragment | None] = {}
    for each in outputs:
        fragment = Fragment(f"{qualifier}.{quoted(each.name)}", each.fragment.kind, each.fragment.column)
        columns[each.name] = None if each.name in columns else fragment
    return Relation(alias, name, columns)


def _table(table: Table, alias: str, scope: Scope) -> Relation:
    physical = scope.setting.physical(table.name)
    columns: dict[str, Fragment | None] = {}
    for column in table.columns.values():
        if column.name.startswith("_") or (table.name, column.name) in scope.setting.fails:
            continue
        sql, kind = f"{quoted(alias)}.{quoted(column.name)}", _kind(column, scope)
        if kind == "number" and column.name not in physical.numeric:
            sql = f"CAST({sql} AS NUMERIC)"
        text, code = (f"{quoted(alias)}.{quoted(each)}" if each else None for each in (column.text, column.code))
        columns[column.name] = Fragment(sql, kind, column, text, code, column.name in physical.required)
    return Relation(alias, table.name, columns)


def _kind(column: Column, scope: Scope) -> Kind:
    """A reference is a number where its target's key is one; what has no target here is left as text."""
    if column.type != "reference":
        return _KINDS[column.type]
    target = scope.setting.catalogue.table(column.target or "")
    key = target.columns.get(target.key) if target is not None else None
    return "number" if key is not None and key.type == "number" else "text"


def _marked(term: Node) -> bool:
    return any(column.args.get("join_mark") for column in term.find_all(exp.Column))


def _old_outer_joins(sources: Sequence[_Source], terms: Sequence[Node], scope: Scope) -> Joined:
    """`a.id = b.a(+)` keeps the rows of `a` that no `b` fits: the same as `a LEFT JOIN b ON a.id = b.a`."""
    plain = evolve(scope, relations=[each.relation for each in sources]).checked()
    conditions: dict[str, list[Node]] = {}
    rest: list[Node] = []
    for term in terms:
        owners = {_owner(column, plain) for column in term.find_all(exp.Column) if column.args.get("join_mark")}
        if not owners:
            rest.append(term)
            continue
        if len(owners) > 1:
            raise unsupported("a predicate may reference only one outer-joined table")
        unmarked = term.copy()
        for column in unmarked.find_all(exp.Column):
            column.set("join_mark", False)
        conditions.setdefault(owners.pop(), []).append(unmarked)
    optional = [each for each in sources if each.relation.alias in conditions]
    done = [each for each in sources if each.relation.alias not in conditions]
    if not done:
        raise unsupported("two tables are outer-joined to each other")
    sql = ", ".join(each.sql for each in done)
    relations = [_nullable(each).relation if each in optional else each.relation for each in sources]
    inner = evolve(scope, relations=relations)
    while optional:
        reached = {each.relation.alias for each in done}
        following = next((each for each in optional if _needs(each, conditions, plain) <= reached), None)
        if following is None:
            raise unsupported("two tables are outer-joined to each other")
        on = " AND ".join(condition(each, inner) for each in conditions[following.relation.alias])
        sql += f" LEFT JOIN {following.sql} ON {on}"
        done.append(following)
        optional.remove(following)
    return Joined(inner, sql, rest)


def _owner(column: exp.Column, scope: Scope) -> str:
    if column.table:
        return column.table.lower()
    return next((each.alias for each in scope.relations if column.name.lower() in each.columns), "")


def _needs(source: _Source, conditions: Mapping[str, Sequence[Node]], scope: Scope) -> set[str]:
    alias = source.relation.alias
    named = {_owner(column, scope) for term in conditions[alias] for column in term.find_all(exp.Column)}
    return named & {each.alias for each in scope.relations} - {alias}
