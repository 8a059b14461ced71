"""SuiteQL's ordinary functions: how each becomes SQLite's SQL once its arguments are compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from zoey_netsuite.sandbox.netsuite.suiteql.errors import unsupported
from zoey_netsuite.sandbox.netsuite.suiteql.fragments import Fragment, Kind, converted, first_kind, of_one_kind, string

Arguments: TypeAlias = Sequence[Fragment]
_DATES = ("local", "instant")


def _simple(name: str, result: Kind, *kinds: Kind, least: int | None = None) -> Callable[[Arguments], Fragment]:
    """A function whose arguments have these kinds; those beyond `least` may be left out."""

    def build(arguments: Arguments) -> Fragment:
        if not (len(kinds) if least is None else least) <= len(arguments) <= len(kinds):
            raise unsupported(f"{name} with {len(arguments)} arguments")
        listed = [converted(each, kind) for each, kind in zip(arguments, kinds, strict=False)]
        return Fragment(f"{name}({', '.join(listed)})", result)

    return build


def _exactly(arguments: Arguments, *counts: int) -> None:
    if len(arguments) not in counts:
        raise unsupported(f"a function with {len(arguments)} arguments")


def concatenated(arguments: Arguments) -> Fragment:
    """`||` and `CONCAT`: to Oracle NULL is an empty text here."""
    listed = [each.sql if each.kind == "number" else converted(each, "text") for each in arguments]
    return Fragment(f"suiteql_concat({', '.join(listed)})", "text")


def regular_expression(arguments: Arguments) -> str:
    """`REGEXP_LIKE`, a condition."""
    _exactly(arguments, 2, 3)
    return f"suiteql_matches({', '.join(converted(each, 'text') for each in arguments)})"


def _concat(arguments: Arguments) -> Fragment:
    _exactly(arguments, 2)
    return concatenated(arguments)


def _to_char(arguments: Arguments) -> Fragment:
    _exactly(arguments, 1, 2)
    given = arguments[0]
    if len(arguments) == 1:
        return Fragment(converted(given, "text"), "text")
    pattern = converted(arguments[1], "text")
    if given.kind in _DATES:
        return Fragment(f"suiteql_format_date({converted(given, 'local')}, {pattern})", "text")
    return Fragment(f"suiteql_format_number({converted(given, 'number')}, {pattern})", "text")


def _to_date(arguments: Arguments) -> Fragment:
    _exactly(arguments, 1, 2)
    if arguments[0].kind in _DATES or len(arguments) == 1:
        return Fragment(converted(arguments[0], "local"), "local")
    text, pattern = (converted(each, "text") for each in arguments)
    return Fragment(f"suiteql_parse_date({text}, {pattern})", "local")


def _to_number(arguments: Arguments) -> Fragment:
    _exactly(arguments, 1)
    return Fragment(converted(arguments[0], "number"), "number")


def _trunc(arguments: Arguments) -> Fragment:
    _exactly(arguments, 1, 2)
    given = arguments[0]
    if given.kind in _DATES:
        unit = converted(arguments[1], "text") if len(arguments) == 2 else "'DD'"
        return Fragment(f"suiteql_trunc_date({converted(given, 'local')}, {unit})", "local")
    return _digits("suiteql_trunc")(arguments)


def _digits(name: str) -> Callable[[Arguments], Fragment]:
    def build(arguments: Arguments) -> Fragment:
        _exactly(arguments, 1, 2)
        digits = converted(arguments[1], "number") if len(arguments) == 2 else "0"
        return Fragment(f"{name}({converted(arguments[0], 'number')}, {digits})", "number")

    return build


def _coalesce(arguments: Arguments) -> Fragment:
    if len(arguments) < 2:
        raise unsupported("a choice of one")
    of_one_kind(arguments)
    return _first_there(arguments)


def _nvl(arguments: Arguments) -> Fragment:
    """Unlike COALESCE it converts."""
    _exactly(arguments, 2)
    return _first_there(arguments)


def _first_there(arguments: Arguments) -> Fragment:
    kind = first_kind(arguments)
    return Fragment(f"COALESCE({', '.join(converted(each, kind) for each in arguments)})", kind)


def _nvl2(arguments: Arguments) -> Fragment:
    _exactly(arguments, 3)
    tested, there, absent = arguments
    return chosen([(f"({tested.sql} IS NOT NULL)", there)], absent)


def chosen(branches: Sequence[tuple[str, Fragment]], otherwise: Fragment) -> Fragment:
    """A CASE expression of conditions and results."""
    kind = first_kind([*(result for _, result in branches), otherwise])
    whens = " ".join(f"WHEN {test} THEN {converted(result, kind)}" for test, result in branches)
    return Fragment(f"(CASE {whens} ELSE {converted(otherwise, kind)} END)", kind)


def _decode(arguments: Arguments) -> Fragment:
    """Compares with `IS`, for to DECODE one NULL is as good as another."""
    if len(arguments) < 3:
        raise unsupported("DECODE with too few arguments")
    tested, rest = arguments[0], list(arguments[1:])
    otherwise = rest.pop() if len(rest) % 2 else Fragment("NULL")
    kind = first_kind([rest[0], tested])
    branches = [
        (f"({converted(tested, kind)} IS {converted(key, kind)})", result)
        for key, result in zip(rest[::2], rest[1::2], strict=True)
    ]
    return chosen(branches, otherwise)


def _nullif(arguments: Arguments) -> Fragment:
    _exactly(arguments, 2)
    of_one_kind(arguments)
    kind = first_kind(arguments)
    left, right = (converted(each, kind) for each in arguments)
    return Fragment(f"NULLIF({left}, {right})", kind)


def _extreme(name: str) -> Callable[[Arguments], Fragment]:
    def build(arguments: Arguments) -> Fragment:
        if not arguments:
            raise unsupported("GREATEST or LEAST of nothing")
        kind = first_kind(arguments)
        listed = [converted(each, kind) for each in arguments]
        # With one argument SQLite would take MAX and MIN for aggregates.
        return Fragment(f"{name}({', '.join(listed)})" if len(listed) > 1 else listed[0], kind)

    return build


def _pad(where: str) -> Callable[[Arguments], Fragment]:
    def build(arguments: Arguments) -> Fragment:
        _exactly(arguments, 2, 3)
        fill = converted(arguments[2], "text") if len(arguments) == 3 else "' '"
        text, width = converted(arguments[0], "text"), converted(arguments[1], "number")
        return Fragment(f"suiteql_pad({text}, {width}, {string(where)}, {fill})", "text")

    return build


def trim(given: Fragment, where: str, marks: Fragment | None) -> Fragment:
    """`TRIM`, `LTRIM` and `RTRIM`."""
    listed = [converted(given, "text"), string(where), converted(marks, "text") if marks else "' '"]
    return Fragment(f"suiteql_trim({', '.join(listed)})", "text")


def _one_sided_trim(where: str) -> Callable[[Arguments], Fragment]:
    def build(arguments: Arguments) -> Fragment:
        _exactly(arguments, 1, 2)
        return trim(arguments[0], where, arguments[1] if len(arguments) == 2 else None)

    return build


def extract(part: str, given: Fragment) -> Fragment:
    """`EXTRACT(YEAR FROM ...)` and the other parts."""
    if part.upper() not in ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"):
        raise unsupported(f"EXTRACT of {part}")
    return Fragment(f"suiteql_extract({converted(given, 'local')}, {string(part)})", "number")


FUNCTIONS: Mapping[str, Callable[[Arguments], Fragment]] = {
    "TO_CHAR": _to_char,
    "TO_DATE": _to_date,
    "TO_TIMESTAMP": _to_date,
    "TO_NUMBER": _to_number,
    "NVL": _nvl,
    "NVL2": _nvl2,
    "COALESCE": _coalesce,
    "DECODE": _decode,
    "NULLIF": _nullif,
    "GREATEST": _extreme("MAX"),
    "LEAST": _extreme("MIN"),
    "TRUNC": _trunc,
    "ROUND": _digits("suiteql_round"),
    "ABS": _simple("ABS", "number", "number"),
    "CEIL": _simple("suiteql_ceil", "number", "number"),
    "FLOOR": _simple("suiteql_floor", "number", "number"),
    "SIGN": _simple("suiteql_sign", "number", "number"),
    "MOD": _simple("suiteql_mod", "number", "number", "number"),
    "POWER": _simple("suiteql_power", "number", "number", "number"),
    "UPPER": _simple("suiteql_upper", "text", "text"),
    "LOWER": _simple("suiteql_lower", "text", "text"),
    "INITCAP": _simple("suiteql_initcap", "text", "text"),
    "LENGTH": _simple("LENGTH", "number", "text"),
    "SUBSTR": _simple("suiteql_substr", "text", "text", "number", "number", least=2),
    "INSTR": _simple("suiteql_instr", "number", "text", "text", "number", "number", least=2),
    "REPLACE": _simple("suiteql_replace", "text", "text", "text", "text", least=2),
    "LTRIM": _one_sided_trim("LEADING"),
    "RTRIM": _one_sided_trim("TRAILING"),
    "LPAD": _pad("left"),
    "RPAD": _pad("right"),
    "CONCAT": _concat,
    "ADD_MONTHS": _simple("suiteql_add_months", "local", "local", "number"),
    "MONTHS_BETWEEN": _simple("suiteql_months_between", "number", "local", "local"),
    "REGEXP_REPLACE": _simple("suiteql_regexp_replace", "text", "text", "text", "text", least=2),
    "REGEXP_SUBSTR": _simple("suiteql_regexp_substr", "text", "text", "text"),
    "TRANSLATE": _simple("suiteql_translate", "text", "text", "text", "text"),
    "LAST_DAY": _simple("suiteql_last_day", "local", "local"),
}
