"""From a query's text to a syntax tree: Oracle's grammar, less what SuiteQL has not, with numbered parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from attrs import frozen
from sqlglot import TokenType, exp
from sqlglot.dialects.oracle import Oracle
from sqlglot.errors import SqlglotError

from zoey_netsuite.sandbox.netsuite.suiteql.errors import unsupported

if TYPE_CHECKING:
    from sqlglot import Expr

    Node: TypeAlias = Expr
else:
    # What all nodes are: older releases of sqlglot call it Expression.
    Node = getattr(exp, "Expr", None) or exp.Expression

_REFUSED = {TokenType.COLON: ":", TokenType.SEMICOLON: ";", TokenType.LIMIT: "LIMIT"}


def _only(parsers: str, *names: str) -> dict[str, Any]:
    """Some of the functions that Oracle's parser has a grammar of their own for."""
    known = cast(dict[str, Any], getattr(Oracle.Parser, parsers))
    return {name: known[name] for name in names if name in known}


# Oracle's parser, but all functions come out by their name, with their arguments as they stand. sqlglot turns many into
# nodes of their own, whose shape changes from release to release and which have lost part of what was written, e.g. a
# date format's quoted text.
_Parser: Any = type(
    "SuiteQLParser",
    (Oracle.Parser,),
    {
        "FUNCTIONS": {},
        "FUNCTION_PARSERS": _only("FUNCTION_PARSERS", "CAST", "EXTRACT", "TRIM", "LISTAGG"),
        "NO_PAREN_FUNCTION_PARSERS": _only("NO_PAREN_FUNCTION_PARSERS", "CASE", "SYSDATE"),
    },
)


@frozen
class Parsed:
    """A query that has SuiteQL's syntax.

    Attributes:
        tree: a SELECT or a set operation. Parameters are placeholders `p1`, `p2`, …
        parameters: how many there are.
        tables: names of the tables and common table expressions that it reads, in lower case.
    """

    tree: Node
    parameters: int
    tables: frozenset[str]


def parse(query: str) -> Parsed:
    """Parse a query. Raises QueryError for what is no SELECT or no SuiteQL."""
    dialect = Oracle()
    try:
        text, parameters = _numbered(query, dialect)
        found = _Parser(dialect=dialect).parse(dialect.tokenize(text), text)
    except (SqlglotError, RecursionError) as error:
        raise unsupported(str(error)) from error
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise unsupported("one SELECT is a query, nothing else")
    tree = cast(Node, found[0])
    return Parsed(tree, parameters, frozenset(table.name.lower() for table in tree.find_all(exp.Table)))


def _numbered(query: str, dialect: Oracle) -> tuple[str, int]:
    """The query with `:p1`, `:p2`, … for its question marks, and how many there are."""
    parts: list[str] = []
    position = count = 0
    for token in dialect.tokenize(query):
        if token.token_type in _REFUSED:
            raise unsupported(f"{_REFUSED[token.token_type]} is no part of SuiteQL")
        if token.token_type == TokenType.PLACEHOLDER:
            count += 1
            parts += [query[position : token.start], f":p{count}"]
            position = token.end + 1
    parts.append(query[position:])
    return "".join(parts), count


def argument(node: Node, name: str) -> Any:
    """A part of a node whose name is a Python keyword: sqlglot's releases write it with and without `_`."""
    return node.args.get(f"{name}_") or node.args.get(name)


def check_parts(node: Node, known: frozenset[str]) -> None:
    """Refuse a node with any part beyond those known, so that nothing that was written is passed over in silence."""
    for name, value in node.args.items():
        if value and name.rstrip("_") not in known:
            raise unsupported(f"{type(node).__name__} with {name}")
