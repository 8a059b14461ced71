"""ROWNUM in a WHERE clause: Oracle numbers rows before it groups and orders them, so there a bound cuts them off."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve
from sqlglot import exp

from zoey_netsuite.sandbox.netsuite.suiteql.expressions import value
from zoey_netsuite.sandbox.netsuite.suiteql.fragments import Fragment, converted, quoted
from zoey_netsuite.sandbox.netsuite.suiteql.parsing import Node
from zoey_netsuite.sandbox.netsuite.suiteql.scopes import Relation, Scope

_TURNED: dict[type[Node], type[Node]] = {
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.EQ: exp.EQ,
}
_ROWS = quoted("numbered rows")


def split(terms: Sequence[Node], scope: Scope) -> tuple[str | None, list[Node]]:
    """How many rows the conditions on ROWNUM let through (SQL; None for all), and the other conditions."""
    limits: list[str] = []
    rest: list[Node] = []
    for term in terms:
        limit = _limit(term, scope)
        if limit is None:
            rest.append(term)
        else:
            limits.append(limit)
    if not limits:
        return None, rest
    return limits[0] if len(limits) == 1 else f"MIN({', '.join(limits)})", rest


def _limit(term: Node, scope: Scope) -> str | None:
    while isinstance(term, exp.Paren):
        term = term.this
    if isinstance(term, exp.Between) and _is_rownum(term.this):
        low, high = (_bound(term.args[name], scope) for name in ("low", "high"))
        return f"(CASE WHEN {low} <= 1 THEN MAX(0, CAST({high} AS INTEGER)) ELSE 0 END)"
    if type(term) not in _TURNED:
        return None
    kind, (left, right) = type(term), (term.this, term.expression)
    if _is_rownum(right):
        kind, left, right = _TURNED[kind], right, left
    if not _is_rownum(left):
        return None
    bound = _bound(right, scope)
    # A row that is refused gives its number to the next: beyond 1 only "at most" ever holds.
    if kind is exp.LTE:
        return f"MAX(0, CAST({bound} AS INTEGER))"
    if kind is exp.LT:
        return f"MAX(0, CAST(suiteql_ceil({bound}) AS INTEGER) - 1)"
    test = f"{bound} = 1" if kind is exp.EQ else f"{bound} {'<' if kind is exp.GT else '<='} 1"
    return f"(CASE WHEN {test} THEN {1 if kind is exp.EQ else -1} ELSE 0 END)"


def _is_rownum(node: Node) -> bool:
    return isinstance(node, exp.Column | exp.Pseudocolumn) and node.name.upper() == "ROWNUM" and not node.table


def _bound(node: Node, scope: Scope) -> str:
    return converted(value(node, scope), "number")


def numbered(scope: Scope, source: str, where: str, limit: str) -> tuple[Scope, str]:
    """The rows that come through as one source of its own: the scope that knows them, and what follows FROM."""
    columns: list[str] = []
    relations: list[Relation] = []

    def kept(sql: str, name: str) -> str:
        columns.append(f"{sql} AS {quoted(name)}")
        return f"{_ROWS}.{quoted(name)}"

    for relation in scope.relations:
        moved: dict[str, Fragment | None] = {}
        for name, each in relation.columns.items():
            label = f"{relation.alias}.{name}"
            moved[name] = (
                None
                if each is None
                else evolve(
                    each,
                    sql=kept(each.sql, label),
                    text=each.text and kept(each.text, f"{label} text"),
                    code=each.code and kept(each.code, f"{label} code"),
                )
            )
        relations.append(evolve(relation, columns=moved))
    # Without a column there would be nothing to select.
    listed = ", ".join(columns) or "1"
    sql = f"(SELECT {listed} FROM {source}{where} LIMIT {limit}) AS {_ROWS}"
    return evolve(scope, relations=relations), sql
