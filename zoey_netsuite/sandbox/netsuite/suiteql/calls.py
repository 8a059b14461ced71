"""Compiling function calls that are more than arguments in, value out: BUILTIN, aggregates, windows, LISTAGG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from attrs import evolve
from sqlglot import exp

from zoey_netsuite.sandbox.netsuite.suiteql.errors import unsupported
from zoey_netsuite.sandbox.netsuite.suiteql.expressions import NOW, VALUES, value
from zoey_netsuite.sandbox.netsuite.suiteql.fragments import Fragment, Kind, converted, quoted
from zoey_netsuite.sandbox.netsuite.suiteql.functions import FUNCTIONS, extract, trim
from zoey_netsuite.sandbox.netsuite.suiteql.parsing import Node, check_parts
from zoey_netsuite.sandbox.netsuite.suiteql.scopes import Scope

_AGGREGATES = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX"})
_RANKS = frozenset({"ROW_NUMBER", "RANK", "DENSE_RANK"})
_NEIGHBOURS = {"LAG": (1, 3), "LEAD": (1, 3), "FIRST_VALUE": (1, 1), "LAST_VALUE": (1, 1)}
_FRAME_ENDS = ("UNBOUNDED", "CURRENT ROW")


def is_aggregate(node: Node) -> bool:
    """Whether the call brings many rows down to one."""
    if isinstance(node, exp.GroupConcat):
        return True
    return (
        isinstance(node, exp.Anonymous) and node.name.upper() in _AGGREGATES and not isinstance(node.parent, exp.Window)
    )


def _function(node: Node, scope: Scope) -> Fragment:
    name = node.name.upper()
    if name in _AGGREGATES:
        return _aggregate(name, node.expressions, _inside(scope))
    if name == "SYSDATE" and not node.expressions:
        return NOW
    build = FUNCTIONS.get(name)
    if build is None:
        raise unsupported(f"no function {name}")
    return build([value(each, scope) for each in node.expressions])


def _inside(scope: Scope) -> Scope:
    """The scope of an aggregate's arguments: no aggregate stands in another."""
    if not scope.aggregates:
        raise unsupported("an aggregate function is not allowed here")
    return evolve(scope, aggregates=False)


def _aggregate(name: str, arguments: Sequence[Node], inside: Scope) -> Fragment:
    if len(arguments) != 1:
        raise unsupported(f"{name} takes one argument")
    argument, distinct = arguments[0], ""
    if isinstance(argument, exp.Star):
        if name != "COUNT":
            raise unsupported(f"{name}(*)")
        return Fragment("COUNT(*)", "number")
    if isinstance(argument, exp.Distinct):
        if len(argument.expressions) != 1:
            raise unsupported("DISTINCT of several")
        argument, distinct = argument.expressions[0], "DISTINCT "
    found = value(argument, inside)
    if name in ("MIN", "MAX"):
        return Fragment(f"{name}({distinct}{found.sql})", found.kind)
    if name == "COUNT":
        return Fragment(f"COUNT({distinct}{found.sql})", "number")
    return Fragment(f"suiteql_{name.lower()}({distinct}{converted(found, 'number')})", "number")


def _listed(node: Node, scope: Scope) -> Fragment:
    """`LISTAGG(x, ',') WITHIN GROUP (ORDER BY y)`."""
    inside = _inside(scope)
    check_parts(node, frozenset({"this", "separator"}))
    listed, order = node.this, list[exp.Ordered]()
    if isinstance(listed, exp.Order):
        listed, order = listed.this, cast(list[exp.Ordered], listed.expressions)
    function = "suiteql_list"
    if isinstance(listed, exp.Distinct):
        function = "suiteql_list_distinct"
        listed = listed.expressions[0]
    separator = node.args.get("separator")
    parts = [
        converted(value(listed, inside), "text"),
        converted(value(separator, inside), "text") if separator is not None else "''",
        "'" + "".join("d" if each.args.get("desc") else "a" for each in order) + "'",
        *(value(each.this, inside).sql for each in order),
    ]
    return Fragment(f"{function}({', '.join(parts)})", "text")


def _window(node: Node, scope: Scope) -> Fragment:
    """`RANK() OVER (PARTITION BY ... ORDER BY ...)`, neighbours (`LAG`) and aggregates over a partition or frame."""
    check_parts(node, frozenset({"this", "partition_by", "order", "over", "spec"}))
    call = node.this
    if not isinstance(call, exp.Anonymous):
        raise unsupported("OVER after something else than a function")
    name = call.name.upper()
    if name in _RANKS and not call.expressions:
        found = Fragment(f"{name}()", "number")
    elif name in _AGGREGATES:
        # Where rows are grouped, a window is over the groups, so what it adds up may be an aggregate itself.
        found = _aggregate(name, call.expressions, scope)
    elif name in _NEIGHBOURS:
        found = _neighbour(name, call.expressions, scope)
    else:
        raise unsupported(f"{name} is no window function")
    parts: list[str] = []
    partition = cast(list[Node], node.args.get("partition_by") or [])
    if partition:
        parts.append("PARTITION BY " + ", ".join(value(each, scope).sql for each in partition))
    order = node.args.get("order")
    if order is not None:
        keys = [value(each.this, scope).sql + direction(each) for each in cast(list[exp.Ordered], order.expressions)]
        parts.append("ORDER BY " + ", ".join(keys))
    elif name in _NEIGHBOURS or name in _RANKS:
        raise unsupported(f"missing ORDER BY expression in the window specification of {name}")
    frame = node.args.get("spec")
    if frame is not None:
        parts.append(_frame(frame))
    return Fragment(f"({found.sql} OVER ({' '.join(parts)}))", found.kind)


def _neighbour(name: str, arguments: Sequence[Node], scope: Scope) -> Fragment:
    least, most = _NEIGHBOURS[name]
    if not least <= len(arguments) <= most:
        raise unsupported(f"{name} with {len(arguments)} arguments")
    found = [value(each, scope) for each in arguments]
    kind = found[0].kind
    kinds: list[Kind] = [kind, "number", kind]
    listed = ", ".join(converted(each, wanted) for each, wanted in zip(found, kinds, strict=False))
    return Fragment(f"{name}({listed})", kind)


def _frame(node: Node) -> str:
    """`ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW` and its like, bounded by whole numbers of rows."""
    check_parts(node, frozenset({"kind", "start", "start_side", "end", "end_side"}))
    ends = [_frame_end(node, "start"), _frame_end(node, "end")]
    listed = f"BETWEEN {ends[0]} AND {ends[1]}" if ends[1] else ends[0]
    return f"{node.args['kind']} {listed}"


def _frame_end(node: Node, name: str) -> str:
    end, side = node.args.get(name), str(node.args.get(f"{name}_side") or "")
    if end is None:
        return ""
    if isinstance(end, exp.Literal) and end.name.isdigit() and node.args["kind"] == "ROWS":
        return f"{end.name} {side}"
    if end not in _FRAME_ENDS:
        raise unsupported("a window's frame that is not bounded by a number of rows")
    return f"{end} {side}".strip()


def direction(ordered: exp.Ordered) -> str:
    """Which way, and where nulls go: in Oracle they are larger than everything, in SQLite smaller."""
    way = " DESC" if ordered.args.get("desc") else ""
    return f"{way} NULLS {'FIRST' if ordered.args.get('nulls_first') else 'LAST'}"


def _builtin(node: Node, scope: Scope) -> Fragment:
    """`BUILTIN.DF` (display text) and `BUILTIN.CF` (the value as it is kept, a status with its type)."""
    owner, call = node.this, node.args.get("expression")
    if owner.name.upper() != "BUILTIN" or not isinstance(call, exp.Anonymous) or len(call.expressions) != 1:
        raise unsupported(f"no function {node.sql()}")
    given = value(call.expressions[0], scope)
    match call.name.upper():
        case "DF":
            return _display(given, scope)
        case "CF":
            return Fragment(given.code, "text") if given.code else given
        case _:
            raise unsupported(f"no function BUILTIN.{call.name}")


def _display(given: Fragment, scope: Scope) -> Fragment:
    column = given.column
    if given.text:
        return Fragment(given.text, "text")
    if column is None or (column.type != "boolean" and column.type != "reference"):
        if column is not None and column.text:
            raise unsupported("BUILTIN.DF of a subquery's column")
        return Fragment(converted(given, "text"), "text")
    if column.type == "boolean":
        return Fragment(f"(CASE {given.sql} WHEN 'T' THEN 'Yes' WHEN 'F' THEN 'No' END)", "text")
    target = scope.setting.catalogue.table(column.target or "")
    if target is None or target.display is None or not target.key:
        return Fragment(converted(given, "text"), "text")
    table, key, display = quoted(target.name), quoted(target.key), quoted(target.display)
    found = f"SELECT shown.{display} FROM {table} AS shown WHERE shown.{key} = {given.sql}"
    return Fragment(f"({found})", "text")


def _trim(node: Node, scope: Scope) -> Fragment:
    marks = node.args.get("expression")
    given = value(node.this, scope)
    return trim(given, str(node.args.get("position") or "BOTH").upper(), value(marks, scope) if marks else None)


def _extract(node: Node, scope: Scope) -> Fragment:
    return extract(node.this.name, value(node.args["expression"], scope))


VALUES.update(
    {
        exp.Anonymous: _function,
        exp.Dot: _builtin,
        exp.GroupConcat: _listed,
        exp.Window: _window,
        exp.Trim: _trim,
        exp.Extract: _extract,
    }
)
