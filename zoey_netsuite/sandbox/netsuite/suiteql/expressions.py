"""Compiling values and conditions: operators, literals, comparisons, CASE and subqueries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from sqlglot import exp

from zoey_netsuite.sandbox.netsuite.suiteql import functions
from zoey_netsuite.sandbox.netsuite.suiteql.errors import unsupported
from zoey_netsuite.sandbox.netsuite.suiteql.fragments import (
    Fragment,
    compared_as,
    converted,
    of_one_kind,
    quoted,
    string,
)
from zoey_netsuite.sandbox.netsuite.suiteql.parsing import Node
from zoey_netsuite.sandbox.netsuite.suiteql.scopes import Compiled, Scope

_COMPARISONS: Mapping[type[Node], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
_DAY_PARTS = {"DAY": 1, "HOUR": 24, "MINUTE": 1440, "SECOND": 86_400}
_MOST_MEMBERS = 1000  # of a list after IN
NOW = Fragment(":now", "local", required=True)


def value(node: Node, scope: Scope) -> Fragment:
    """Compile an expression that has a value. Raises QueryError for conditions and for all that SuiteQL has not."""
    compile_ = VALUES.get(type(node))
    if compile_ is None:
        raise unsupported(f"{type(node).__name__} where a value is expected")
    return compile_(node, scope)


def condition(node: Node, scope: Scope) -> str:
    """Compile an expression that is true or false. Raises QueryError for any other: Oracle has no boolean values."""
    match node:
        case exp.Paren():
            return condition(node.this, scope)
        case exp.And():
            return f"({condition(node.this, scope)} AND {condition(node.expression, scope)})"
        case exp.Or():
            return f"({condition(node.this, scope)} OR {condition(node.expression, scope)})"
        case exp.Not():
            return f"(NOT {condition(node.this, scope)})"
        case exp.Is() if isinstance(node.expression, exp.Null):
            return f"({value(node.this, scope).sql} IS NULL)"
        case exp.Exists():
            return f"EXISTS ({_subquery(node.this, scope).sql})"
        case exp.Between():
            tested, low, high = (node.this, node.args["low"], node.args["high"])
            found = f"({_compare('>=', tested, low, scope)} AND {_compare('<=', tested, high, scope)})"
            return f"(NOT {found})" if node.args.get("negate") else found
        case exp.In():
            return _membership(node, scope)
        case exp.Escape() if isinstance(node.this, exp.Like):
            return _like(node.this, scope, node.expression)
        case exp.Like():
            return _like(node, scope, None)
        case exp.Anonymous() if node.name.upper() == "REGEXP_LIKE":
            return functions.regular_expression([value(each, scope) for each in node.expressions])
        case _:
            operator = _COMPARISONS.get(type(node))
            if operator is None:
                raise unsupported(f"{type(node).__name__} where a condition is expected")
            return _compare(operator, node.this, node.expression, scope)


def _compare(operator: str, left: Node, right: Node, scope: Scope) -> str:
    return compared(operator, value(left, scope), value(right, scope))


def compared(operator: str, left: Fragment, right: Fragment) -> str:
    """A comparison in the kind in which Oracle makes it."""
    kind = compared_as(left.kind, right.kind)
    return f"({converted(left, kind)} {operator} {converted(right, kind)})"


def _membership(node: exp.In, scope: Scope) -> str:
    if isinstance(node.this, exp.Tuple):
        return _tuple_membership(node, node.this.expressions, scope)
    tested = value(node.this, scope)
    query = node.args.get("query")
    if query is not None:
        found = _subquery(query, scope)
        if len(found.outputs) != 1:
            raise unsupported("IN takes a query of one column")
        kind = found.outputs[0].fragment.kind
        compared_kind = compared_as(tested.kind, kind)
        if compared_kind != kind and kind != "unknown":
            inner = converted(Fragment("member", kind), compared_kind)
            found_sql = f"WITH members(member) AS ({found.sql}) SELECT {inner} FROM members"
        else:
            found_sql = found.sql
        return f"({converted(tested, compared_kind)} IN ({found_sql}))"
    if not node.expressions:
        raise unsupported("IN without a list")
    if len(node.expressions) > _MOST_MEMBERS:
        raise unsupported(f"a list has at most {_MOST_MEMBERS} expressions")
    members = [value(each, scope) for each in node.expressions]
    kind = tested.kind
    for each in members:
        kind = compared_as(kind, each.kind)
    listed = ", ".join(converted(each, kind) for each in members)
    return f"({converted(tested, kind)} IN ({listed}))"


def _tuple_membership(node: exp.In, tested: list[Node], scope: Scope) -> str:
    """`(a, b) IN ((1, 2), (3, 4))`."""
    members = node.expressions
    if node.args.get("query") is not None or not members or len(members) > _MOST_MEMBERS:
        raise unsupported("several columns IN something else than a list")
    fitting: list[str] = []
    for each in members:
        if not isinstance(each, exp.Tuple) or len(each.expressions) != len(tested):
            raise unsupported("a list of as many values as there are columns is expected")
        pairs = zip(tested, each.expressions, strict=True)
        fitting.append(f"({' AND '.join(_compare('=', left, right, scope) for left, right in pairs)})")
    return f"({' OR '.join(fitting)})"


def _like(node: exp.Like, scope: Scope, escape: Node | None) -> str:
    """Oracle tells upper from lower case in LIKE, where SQLite's own does not."""
    parts = [node.this, node.expression, *([escape] if escape is not None else [])]
    texts = [converted(value(each, scope), "text") for each in parts]
    found = f"suiteql_like({', '.join(texts)})"
    return f"(NOT {found})" if node.args.get("negate") else found


def _subquery(node: Node, scope: Scope) -> Compiled:
    return scope.setting.query(node, scope)


def _column(node: Node, scope: Scope) -> Fragment:
    column = cast(exp.Column, node)
    if column.args.get("join_mark") or column.args.get("db") or isinstance(column.this, exp.Star):
        raise unsupported("a column that stands here can't be marked or starred")
    if column.name.upper() == "ROWNUM" and not column.table:
        return Fragment("(ROW_NUMBER() OVER ())", "number", required=True)
    if column.name.upper() == "SYSTIMESTAMP" and not column.table:
        return NOW
    return scope.column(column.name, column.table)


def _literal(node: Node, scope: Scope) -> Fragment:
    literal = cast(exp.Literal, node)
    if not literal.is_string:
        return Fragment(literal.name, "number", required=True)
    # To Oracle an empty text is NULL.
    return Fragment(string(literal.name), "text", required=True) if literal.name else Fragment("NULL")


def _scalar(node: Node, scope: Scope) -> Fragment:
    found = _subquery(node, scope)
    if len(found.outputs) != 1:
        raise unsupported("a query that stands for a value has one column")
    output = found.outputs[0]
    sql = found.sql if found.single else f"SELECT suiteql_only({quoted(output.name)}) FROM ({found.sql})"
    return Fragment(f"({sql})", output.fragment.kind)


def _negated(node: Node, scope: Scope) -> Fragment:
    return Fragment(f"(-{converted(value(node.this, scope), 'number')})", "number")


def _joined(node: Node, scope: Scope) -> Fragment:
    return functions.concatenated([value(node.this, scope), value(node.expression, scope)])


def _sum(node: Node, scope: Scope) -> Fragment:
    """`+` and `-`: of numbers, or of a date and days."""
    sign = "+" if isinstance(node, exp.Add) else "-"
    left, right = value(node.this, scope), value(node.expression, scope)
    left_is_date, right_is_date = (each.kind in ("local", "instant") for each in (left, right))
    if left_is_date and right_is_date:
        if sign == "+":
            raise unsupported("dates can't be added")
        ends = f"{converted(left, 'local')}, {converted(right, 'local')}"
        return Fragment(f"suiteql_days_between({ends})", "number")
    if right_is_date:
        if sign == "-":
            raise unsupported("a date can't be taken from a number")
        left, right, left_is_date = right, left, True
    if left_is_date:
        return Fragment(f"suiteql_add_days({converted(left, 'local')}, {sign}{converted(right, 'number')})", "local")
    function = "suiteql_add" if sign == "+" else "suiteql_subtract"
    return Fragment(f"{function}({converted(left, 'number')}, {converted(right, 'number')})", "number")


def _product(node: Node, scope: Scope) -> Fragment:
    left, right = (converted(value(each, scope), "number") for each in (node.this, node.expression))
    # SQLite's own arithmetic is binary, divides whole numbers into whole ones, and gives NULL for a division by zero.
    function = "suiteql_divide" if isinstance(node, exp.Div) else "suiteql_multiply"
    return Fragment(f"{function}({left}, {right})", "number")


def _interval(node: Node, scope: Scope) -> Fragment:
    unit = node.args.get("unit")
    parts = _DAY_PARTS.get(unit.name.upper() if unit is not None else "")
    if parts is None:
        raise unsupported("INTERVAL takes DAY, HOUR, MINUTE or SECOND")
    return Fragment(f"(suiteql_number({value(node.this, scope).sql}) / {parts}.0)", "number")


def _date_literal(node: Node, scope: Scope) -> Fragment:
    return Fragment(f"suiteql_parse_date({value(node.this, scope).sql}, 'YYYY-MM-DD')", "local")


def _case(node: Node, scope: Scope) -> Fragment:
    case = cast(exp.Case, node)
    branches = cast(list[exp.If], case.args["ifs"])
    tests: list[str] = []
    for branch in branches:
        if case.this is None:
            tests.append(condition(branch.this, scope))
        else:
            tests.append(_compare("=", case.this, branch.this, scope))
    default = case.args.get("default")
    results = [value(branch.args["true"], scope) for branch in branches]
    otherwise = value(default, scope) if default is not None else Fragment("NULL")
    of_one_kind([*results, otherwise])
    return functions.chosen(list(zip(tests, results, strict=True)), otherwise)


def _cast(node: Node, scope: Scope) -> Fragment:
    cast_node = cast(exp.Cast, node)
    target = cast_node.to
    given = value(cast_node.this, scope)
    if target.is_type(*exp.DataType.TEXT_TYPES):
        length = target.expressions[0].name if target.expressions else ""
        text = converted(given, "text")
        return Fragment(f"suiteql_substr({text}, 1, {int(length)})" if length.isdigit() else text, "text")
    if target.is_type(*exp.DataType.INTEGER_TYPES):
        return Fragment(f"suiteql_round({converted(given, 'number')}, 0)", "number")
    if target.is_type(*exp.DataType.NUMERIC_TYPES):
        number = converted(given, "number")
        digits = [each.name for each in target.expressions]
        places = digits[1] if len(digits) > 1 else "0" if digits else None
        return Fragment(number if places is None else f"suiteql_round({number}, {int(places)})", "number")
    if target.is_type("date", "timestamp"):
        return Fragment(converted(given, "local"), "local")
    raise unsupported(f"CAST to {target.sql()}")


_Compile = Callable[[Node, Scope], Fragment]
# What a node of a type means as a value; `calls` adds the functions.
VALUES: dict[type[Node], _Compile] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Null: lambda node, scope: Fragment("NULL"),
    exp.Placeholder: lambda node, scope: Fragment(f":{node.name}"),
    exp.Paren: lambda node, scope: value(node.this, scope),
    exp.Neg: _negated,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Mul: _product,
    exp.Div: _product,
    exp.DPipe: _joined,
    exp.Case: _case,
    exp.Cast: _cast,
    exp.Interval: _interval,
    exp.DateStrToDate: _date_literal,
    exp.Subquery: _scalar,
    exp.Select: _scalar,
    exp.CurrentTimestamp: lambda node, scope: NOW,
    exp.CurrentDate: lambda node, scope: NOW,
}
for _name in ("Systimestamp", "Localtimestamp"):  # nodes that older releases of sqlglot have not
    if hasattr(exp, _name):
        VALUES[getattr(exp, _name)] = lambda node, scope: NOW
