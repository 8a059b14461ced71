"""Rows of a result as objects of the user's own class, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from zoey_netsuite.netsuite.errors import RowError
from zoey_netsuite.netsuite.structure import Column, columns_of, converter, structure_function
from zoey_netsuite.netsuite.values import Formats

T = TypeVar("T")


def row_reader(
    kind: type[T], formats: Formats, *, key: Sequence[str] = ("id",)
) -> Callable[[Sequence[dict[str, Any]]], list[T]]:
    """A function that reads a page of rows, whose keys are in lower case, as objects of an attrs class.

    Columns without a field are ignored. A null column is not in the row (SuiteQL leaves it out): its field gets its
    default, or None where its type allows that.

    Args:
        kind: the class. Column names and field names are compared without regard to case.
        formats: how the account writes dates and times.
        key: the columns that tell one row from another, for error messages.

    Raises:
        RowError: by the function, when a row does not fit.
        ConfigurationError: the class is not one that rows can be read as.
    """
    columns = columns_of(kind)
    target: Any = kind
    structure = structure_function(target, formats)
    nullable = [column.key for column in columns if column.required and column.optional]

    def read(rows: Sequence[dict[str, Any]]) -> list[T]:
        for name in nullable:
            for row in rows:
                if name not in row:
                    row[name] = None
        try:
            return [structure(row, kind) for row in rows]
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
            for number, row in enumerate(rows, start=1):
                problem = _problem(row, number, kind, columns, formats, key)
                if problem:
                    raise problem from None
            raise

    return read


def _problem(
    row: dict[str, Any], number: int, kind: type, columns: Sequence[Column], formats: Formats, key: Sequence[str]
) -> RowError | None:
    """Why a row does not fit, or None when it does."""
    named = ", ".join(f"{name}={row[name]!r}" for name in key if name in row) or f"number {number} of its page"
    where = f"Row {named} cannot be read as {kind.__name__}"
    for column in columns:
        if column.key not in row:
            if column.required and not column.optional:
                return RowError(
                    f"{where}: there is no column {column.key!r} for its field {column.field!r}. Select it, or, as "
                    f"NetSuite leaves null columns out, annotate it `... | None` or give it a default.",
                    field=column.field,
                )
            continue
        try:
            converter(formats).get_structure_hook(column.type)(row[column.key], column.type)
        except Exception as reason:  # noqa: BLE001 - whatever a user's own hook raises, it is this field's
            return RowError(
                f"{where}: field {column.field!r} cannot hold {row[column.key]!r}: {reason}.", field=column.field
            )
    try:
        structure_function(kind, formats)(row, kind)
    except Exception as reason:  # noqa: BLE001 - a validator or converter of the user's class
        return RowError(f"{where}: {reason}.")
    return None
