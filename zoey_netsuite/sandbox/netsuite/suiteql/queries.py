"""Compiling whole queries: SELECT with its clauses, set operations, and common table expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from attrs import evolve, frozen
from sqlglot import exp

from zoey_netsuite.sandbox.netsuite.suiteql import rownum
from zoey_netsuite.sandbox.netsuite.suiteql.calls import direction, is_aggregate
from zoey_netsuite.sandbox.netsuite.suiteql.errors import unsupported
from zoey_netsuite.sandbox.netsuite.suiteql.expressions import VALUES, condition, value
from zoey_netsuite.sandbox.netsuite.suiteql.fragments import Fragment, Kind, converted, quoted
from zoey_netsuite.sandbox.netsuite.suiteql.parsing import Node, argument, check_parts
from zoey_netsuite.sandbox.netsuite.suiteql.scopes import Compiled, Output, Scope
from zoey_netsuite.sandbox.netsuite.suiteql.sources import cte_name, joined

_SET_OPERATIONS: Mapping[type[Node], str] = {
    exp.Union: "UNION",
    exp.Except: "EXCEPT",
    exp.Intersect: "INTERSECT",
}
_TAIL = frozenset({"with", "order", "limit", "offset"})
_SELECT_PARTS = _TAIL | {"expressions", "distinct", "from", "joins", "where", "group", "having"}


def compile_query(node: Node, around: Scope) -> Compiled:
    """Compile a query that stands inside `around`. Raises QueryError."""
    if isinstance(node, exp.Subquery):
        check_parts(node, frozenset({"this"}))
        return compile_query(node.this, around)
    if not isinstance(node, exp.Select) and type(node) not in _SET_OPERATIONS:
        raise unsupported(f"{type(node).__name__} where a query is expected")
    prefix, tables = _common_tables(node, around)
    outside = around if around.relations else around.around
    scope = evolve(around, relations=(), around=outside, tables=tables, aggregates=False)
    found = _select(node, scope) if isinstance(node, exp.Select) else _set_operation(node, scope)
    return evolve(found, sql=prefix + found.sql, counted=prefix + found.counted)


def _common_tables(node: Node, around: Scope) -> tuple[str, Mapping[str, Sequence[Output]]]:
    clause = argument(node, "with")
    tables = dict(around.tables)
    if clause is None:
        return "", tables
    check_parts(clause, frozenset({"expressions"}))
    parts: list[str] = []
    for each in cast(list[exp.CTE], clause.expressions):
        check_parts(each, frozenset({"this", "alias"}))
        inside = evolve(around, relations=(), around=None, tables=dict(tables), aggregates=False)
        found = compile_query(each.this, inside)
        names = [column.name.lower() for column in cast(exp.TableAlias, each.args["alias"]).columns]
        if names and len(names) != len(found.outputs):
            raise unsupported("a common table expression with other columns than its query")
        names = names or [output.name for output in found.outputs]
        tables[each.alias.lower()] = [
            evolve(output, name=name) for name, output in zip(names, found.outputs, strict=True)
        ]
        listed = ", ".join(map(quoted, names))
        parts.append(f"{cte_name(each.alias.lower())} ({listed}) AS ({found.sql})")
    return f"WITH {', '.join(parts)} ", tables


def _select(node: exp.Select, scope: Scope) -> Compiled:
    check_parts(node, _SELECT_PARTS)
    source = joined(node, scope)
    inner, from_sql = source.scope, source.sql
    cut, terms = rownum.split(source.terms, inner)
    tests = [condition(each, inner) for each in terms]
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    # Grouping, ordering and further limits come after the rows were numbered and cut off.
    after = any(node.args.get(each) for each in ("group", "having", "distinct", "order", "limit", "offset"))
    grouping = _Grouping.of(node, inner)
    if cut is not None and (after or grouping.grouped):
        inner, from_sql = rownum.numbered(inner, from_sql, where, cut)
        where, cut = "", None
        grouping = _Grouping.of(node, inner)
    present = {found.sql for found in _compared_columns(terms, inner)}
    outputs = _outputs(node, grouping)
    distinct = _distinct(node)
    having = argument(node, "having")
    tail = from_sql + where + grouping.sql
    if having is not None:
        grouping.check(having.this)
        tail += f" HAVING {condition(having.this, grouping.scope)}"
    listed = ", ".join(f"{each.fragment.sql} AS {quoted(each.name)}" for each in outputs)
    body = f"SELECT {distinct}{listed} FROM {tail}"
    count_all = bool(distinct) or (grouping.grouped and not grouping.sql) or having is not None
    counted = body if count_all else f"SELECT 1 FROM {tail}"
    order = _order(node, outputs, present, None if distinct else grouping)
    limit = f" LIMIT {cut}" if cut is not None else _limit(node, scope)
    full = body + order + limit
    single = grouping.grouped and not grouping.sql
    return Compiled(full, outputs, bool(limit), full if limit else counted, single)


@frozen
class _Grouping:
    """A SELECT's GROUP BY.

    Attributes:
        scope: for expressions that stand after grouping.
        keys: the compiled expressions that it groups by.
        grouped: whether it groups at all; with aggregates alone all rows are one group.
    """

    scope: Scope
    keys: frozenset[str]
    grouped: bool
    sql: str

    @classmethod
    def of(cls, node: exp.Select, scope: Scope) -> _Grouping:
        clause = node.args.get("group")
        keys: list[str] = []
        if clause is not None:
            check_parts(clause, frozenset({"expressions"}))
            keys = [value(each, scope).sql for each in cast(list[Node], clause.expressions)]
        later = [*node.expressions, node.args.get("having"), node.args.get("order")]
        grouped = bool(keys) or any(_aggregates(each) for each in later if each is not None)
        inner = evolve(scope, aggregates=True) if grouped else scope
        return cls(inner, frozenset(keys), grouped, f" GROUP BY {', '.join(keys)}" if keys else "")

    def check(self, node: Node) -> None:
        """Refuse a column that is neither grouped by nor aggregated, which SQLite would take at random."""
        if not self.grouped or is_aggregate(node) or isinstance(node, exp.Query | exp.Literal | exp.Null):
            return
        if isinstance(node, exp.Column):
            if value(node, self.scope).sql not in self.keys and not self._outer(node):
                raise unsupported(f"not a GROUP BY expression: {node.sql()}")
            return
        if type(node) in VALUES and value(node, self.scope).sql in self.keys:
            return
        for each in _parts(node):
            self.check(each)

    def _outer(self, node: exp.Column) -> bool:
        return not any(node.name.lower() in each.columns for each in self.scope.relations)


def _parts(node: Node) -> Iterable[Node]:
    """What an expression is put together from: `BUILTIN.DF` is no part of its own, nor is a window's function."""
    if isinstance(node, exp.Dot):
        return cast(list[Node], node.expression.expressions)
    if isinstance(node, exp.Window):
        others = [each for each in node.iter_expressions() if each is not node.this]
        return [*cast(list[Node], node.this.expressions), *others]
    return node.iter_expressions()


def _aggregates(node: Node) -> bool:
    if isinstance(node, exp.Query):
        return False
    return is_aggregate(node) or any(_aggregates(each) for each in node.iter_expressions())


def _compared_columns(terms: Sequence[Node], scope: Scope) -> list[Fragment]:
    """Columns that can't be null in the result, because a condition that has to hold compares them."""
    found: list[Fragment] = []
    for term in terms:
        each = term
        while isinstance(each, exp.Paren):
            each = each.this
        if isinstance(each, exp.EQ | exp.GT | exp.GTE | exp.LT | exp.LTE | exp.In | exp.Between) and isinstance(
            each.this, exp.Column
        ):
            found.append(value(each.this, scope))
    return found


def _distinct(node: exp.Select) -> str:
    distinct = node.args.get("distinct")
    if distinct is None:
        return ""
    check_parts(distinct, frozenset())
    return "DISTINCT "


def _outputs(node: exp.Select, grouping: _Grouping) -> list[Output]:
    outputs: list[Output] = []
    unnamed = 0
    for each in cast(list[Node], node.expressions):
        starred = each if isinstance(each, exp.Star) else each.this if isinstance(each, exp.Column) else None
        if isinstance(starred, exp.Star):
            check_parts(starred, frozenset())
            if grouping.grouped:
                raise unsupported("* together with grouping")
            scope = grouping.scope
            relations = [scope.relation(each.table)] if isinstance(each, exp.Column) else scope.relations
            outputs += [
                Output(name, found) for relation in relations for name, found in relation.columns.items() if found
            ]
            continue
        expression = each.this if isinstance(each, exp.Alias) else each
        grouping.check(expression)
        fragment = value(expression, grouping.scope)
        name = each.alias_or_name.lower() if isinstance(each, exp.Alias | exp.Column) else ""
        if not name:
            unnamed += 1
            name = f"expr{unnamed}"
        outputs.append(Output(name, fragment))
    return outputs


def _order(node: Node, outputs: Sequence[Output], present: set[str], grouping: _Grouping | None) -> str:
    """ORDER BY by aliases, positions and, given a grouping, expressions."""
    clause = node.args.get("order")
    if clause is None:
        return ""
    check_parts(clause, frozenset({"expressions"}))
    names = [each.name for each in outputs]
    sorted_by = [each.fragment.sql for each in outputs]
    keys: list[str] = []
    for ordered in cast(list[exp.Ordered], clause.expressions):
        key = cast(Node, ordered.this)
        if isinstance(key, exp.Literal) and not key.is_string:
            position = int(key.name) if key.name.isdigit() else 0
        elif isinstance(key, exp.Column) and not key.table and key.name.lower() in names:
            position = names.index(key.name.lower()) + 1
        else:
            position = -1
        if position < 0:
            if grouping is None:
                raise unsupported("ORDER BY item must be the number or name of a selected column")
            grouping.check(key)
            found = value(key, grouping.scope)
            position = sorted_by.index(found.sql) + 1 if found.sql in sorted_by else -1
        elif not 0 < position <= len(outputs):
            raise unsupported("ORDER BY a position that is not in the SELECT list")
        else:
            found = outputs[position - 1].fragment
        never_null = found.required or found.sql in present
        way = " DESC" if ordered.args.get("desc") else ""
        # Told where to put nulls, SQLite takes no index for the order even if there are none.
        keys.append((str(position) if position > 0 else found.sql) + (way if never_null else direction(ordered)))
    return f" ORDER BY {', '.join(keys)}"


def _limit(node: Node, scope: Scope) -> str:
    limit, offset = node.args.get("limit"), node.args.get("offset")
    if limit is None and offset is None:
        return ""
    count = "-1"
    if isinstance(limit, exp.Fetch):
        options = limit.args.get("limit_options")
        if any(each is not None and (each.args.get("percent") or each.args.get("with_ties")) for each in (options,)):
            raise unsupported("FETCH takes a number of rows")
        if limit.args.get("percent") or limit.args.get("with_ties"):
            raise unsupported("FETCH takes a number of rows")
        counted = limit.args.get("count")
        count = _rows(counted, scope) if counted is not None else "1"
    elif limit is not None:
        count = _rows(limit.args["expression"], scope)
    skipped = f" OFFSET {_rows(offset.args['expression'], scope)}" if offset is not None else ""
    return f" LIMIT {count}{skipped}"


def _rows(node: Node, scope: Scope) -> str:
    return f"MAX(0, CAST({converted(value(node, scope), 'number')} AS INTEGER))"


def _set_operation(node: Node, scope: Scope) -> Compiled:
    check_parts(node, _TAIL | {"this", "expression", "distinct"})
    operator = _SET_OPERATIONS[type(node)]
    if operator == "UNION" and not node.args.get("distinct"):
        operator = "UNION ALL"
    sides = [compile_query(each, scope) for each in (node.this, node.expression)]
    left, right = sides
    if len(left.outputs) != len(right.outputs):
        raise unsupported("query block has incorrect number of result columns")
    kinds: list[Kind] = [
        _common_kind(one.fragment.kind, other.fragment.kind)
        for one, other in zip(left.outputs, right.outputs, strict=True)
    ]
    body = f" {operator} ".join(_operand(each, kinds) for each in sides)
    outputs = [
        Output(each.name, Fragment(quoted(each.name), kind)) for each, kind in zip(left.outputs, kinds, strict=True)
    ]
    limit = _limit(node, scope)
    full = body + _order(node, outputs, set(), None) + limit
    return Compiled(full, outputs, bool(limit), full if limit else body)


def _common_kind(left: Kind, right: Kind) -> Kind:
    if "unknown" in (left, right) or left == right:
        return right if left == "unknown" else left
    if {left, right} == {"local", "instant"}:
        return "local"
    raise unsupported("expression must have same datatype as corresponding expression")


def _operand(side: Compiled, kinds: Sequence[Kind]) -> str:
    """One side as SQLite takes it: a bare SELECT over the side, which may order and limit itself inside."""
    names = [f"c{index}" for index in range(len(kinds))]
    columns = [
        f"{converted(Fragment(name, each.fragment.kind), kind)} AS {quoted(each.name)}"
        for name, each, kind in zip(names, side.outputs, kinds, strict=True)
    ]
    sql = f"WITH side({', '.join(names)}) AS ({side.sql}) SELECT {', '.join(columns)} FROM side"
    return f"SELECT * FROM ({sql})"
