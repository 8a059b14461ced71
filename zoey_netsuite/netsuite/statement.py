"""A SuiteQL text, taken apart just enough to page it: where its parameters stand and what it is ordered by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from attrs import field, frozen

from zoey_netsuite.netsuite.errors import PagingError

_NOT_CODE = re.compile(
    r"""
    (?<![\w$\#])n?q'(?:\[.*?\]'|\{.*?\}'|\(.*?\)'|<.*?>'|([^\s\[{(<]).*?\1')   # Oracle's q'[it's]'
  | '(?:[^']|'')*(?:'|$)
  | "[^"]*(?:"|$)
  | --[^\n]*
  | /\*.*?(?:\*/|$)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_MARK = re.compile(r"\?|:after\b", re.IGNORECASE)
_ORDER_BY = re.compile(r"\border\s+by\b", re.IGNORECASE)
_ROW_LIMIT = re.compile(r"\b(?:fetch\s+(?:first|next)|offset\s+\S+\s+rows?)\b", re.IGNORECASE)
_DIRECTION = re.compile(r"(?:\s+(asc|desc))?(?:\s+nulls\s+(first|last))?\s*$", re.IGNORECASE)


@frozen
class SortItem:
    """One expression of an ORDER BY."""

    expression: str
    descending: bool = False
    nulls_first: bool = False


@frozen
class Statement:
    """A query text and where its moving parts are.

    Attributes:
        text: as the user wrote it.
        marks: the spans of `?` and `:after` outside of literals, quoted names and comments, in order.
        order: the outermost ORDER BY, or None without one.
        limited: whether the outermost query has FETCH FIRST or OFFSET.
    """

    text: str = field(repr=False)
    marks: Sequence[tuple[int, int]]
    order: Sequence[SortItem] | None
    limited: bool

    @property
    def placeholders(self) -> int:
        """How many `?` the query has."""
        return sum(1 for start, end in self.marks if end - start == 1)

    @property
    def resumable(self) -> bool:
        """Whether `:after` stands in the query."""
        return self.placeholders < len(self.marks)

    def render(
        self, params: Sequence[str], condition: str = "", binds: Sequence[str] = ()
    ) -> tuple[str, Sequence[str]]:
        """The text with `condition` for each `:after`, and all bind parameters in the order in which they stand."""
        pieces: list[str] = []
        values: list[str] = []
        own = iter(params)
        position = 0
        for start, end in self.marks:
            pieces.append(self.text[position:start])
            if end - start == 1:
                pieces.append("?")
                values.append(next(own))
            else:
                pieces.append(condition)
                values.extend(binds)
            position = end
        pieces.append(self.text[position:])
        return "".join(pieces), values


def parse_statement(text: str) -> Statement:
    """Find a query's parameters and its outermost order; everything else is NetSuite's to judge."""
    code = _NOT_CODE.sub(lambda match: " " * len(match[0]), text)
    top = _outermost(code)
    found = list(_ORDER_BY.finditer(top))
    limit = _ROW_LIMIT.search(top)
    order: Sequence[SortItem] | None = None
    if found:
        start = found[-1].end()
        end = limit.start() if limit and limit.start() > start else len(text)
        order = [_sort_item(text[first:last]) for first, last in _split(top, start, end)]
    return Statement(
        text=text,
        marks=[match.span() for match in _MARK.finditer(code)],
        order=order,
        limited=limit is not None,
    )


def _outermost(code: str) -> str:
    """Blank out whatever stands in parentheses."""
    depth = 0
    kept: list[str] = []
    for character in code:
        if character == ")":
            depth = max(0, depth - 1)
        kept.append(character if depth == 0 else " ")
        if character == "(":
            depth += 1
    return "".join(kept)


def _split(top: str, start: int, end: int) -> list[tuple[int, int]]:
    commas = [start - 1, *(at for at in range(start, end) if top[at] == ","), end]
    return [(before + 1, after) for before, after in pairwise(commas)]


def _sort_item(text: str) -> SortItem:
    text = _NOT_CODE.sub(lambda match: " " if match[0][:2] in ("--", "/*") else match[0], text).strip().rstrip(";")
    match = _DIRECTION.search(text)
    if match is None:
        return SortItem(text)
    return SortItem(
        expression=text[: match.start()].strip(),
        descending=(match[1] or "").lower() == "desc",
        nulls_first=(match[2] or "").lower() == "first",
    )


@frozen
class Keyset:
    """The columns by which a result is read on, as they are called in the result and in the query.

    Attributes:
        columns: names in the result, lower case.
        expressions: what stands for each of them in a WHERE.
    """

    columns: tuple[str, ...]
    expressions: tuple[str, ...]

    @property
    def condition(self) -> str:
        """What stands for `:after` from the second page on: `(a > ? OR (a = ? AND b > ?))`."""
        *leading, last = self.expressions
        condition = f"{last} > ?"
        for expression in reversed(leading):
            condition = f"({expression} > ? OR ({expression} = ? AND {condition}))"
        return condition if leading else f"({condition})"

    def binds(self, key: Sequence[str]) -> list[str]:
        """The bind parameters of `condition` for the rows that come after this key."""
        return [value for part in key[:-1] for value in (part, part)] + [key[-1]]


START = "(1=1)"
"""What stands for `:after` on the first page."""


def keyset(by: str | Sequence[str] | Mapping[str, str], statement: Statement) -> Keyset:
    """Check that the query can be read on by these columns.

    Raises:
        PagingError: no `:after`, no ORDER BY that begins with these columns, or a limit that would hold page by page.
    """
    named = {by: by} if isinstance(by, str) else dict(by) if isinstance(by, Mapping) else {name: name for name in by}
    if not named or not all(name.strip() and expression.strip() for name, expression in named.items()):
        raise PagingError("`by` names no column: give the result's key columns, such as by=('id',).")
    for expression in named.values():
        if parse_statement(expression).marks:
            raise PagingError(f"`by` cannot hold parameters: {expression!r}. Write the expression out.")
    columns = ", ".join(named)
    if not statement.resumable:
        raise PagingError(
            f"The query has no `:after`, which reading by {columns} needs: write "
            "`WHERE ... AND :after`. It stands for a whole condition."
        )
    if statement.order is None:
        raise PagingError(f"The query has no ORDER BY, which reading by {columns} needs: add ORDER BY {columns}.")
    if statement.limited:
        raise PagingError("FETCH FIRST and OFFSET would hold for each page on its own: stop reading early instead.")
    for position, (column, expression) in enumerate(named.items(), start=1):
        item = statement.order[position - 1] if position <= len(statement.order) else None
        if item is None or not _same(item.expression, column, expression, position):
            raise PagingError(
                f"ORDER BY must begin with the columns of `by` ({columns}), in that order; its number {position} is "
                f"{item.expression if item else 'missing'}, not {expression}."
            )
        if item.descending or item.nulls_first:
            raise PagingError(f"Reading by {columns} goes upwards: leave DESC and NULLS FIRST out of the ORDER BY.")
    return Keyset(tuple(name.lower() for name in named), tuple(named.values()))


def _same(sorted_by: str, column: str, expression: str, position: int) -> bool:
    item, name, meant = (re.sub(r"\s+", "", part).lower() for part in (sorted_by, column, expression))
    return item in (name, meant, str(position), f'"{name}"') or (item.endswith(f".{name}") and name == meant)
