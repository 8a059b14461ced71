"""Records by name: one record of one of the two systems."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

from attrs import field, frozen

Side: TypeAlias = Literal["zoey", "netsuite"]
"""Which of the two systems a record is in."""


def _is_a_side(_: object, __: Any, value: Any) -> None:
    if value not in get_args(Side):
        raise ValueError(f"side={value!r} is not a side: give 'zoey' or 'netsuite'")


def _is_an_id(_: object, __: Any, value: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(f"id={value!r} is not an id: ids are text")
    if not value:
        raise ValueError("id='' is not an id: it is empty")


@frozen
class RecordRef:
    """Names one record of one system.

    Attributes:
        side: the system that the record is in.
        id: the record's own id there, as text.
    """

    side: Side = field(validator=_is_a_side)
    id: str = field(validator=_is_an_id)

    @property
    def other_side(self) -> Side:
        """The system that the record is not in."""
        return "netsuite" if self.side == "zoey" else "zoey"

    def __str__(self) -> str:
        return f"{'NetSuite' if self.side == 'netsuite' else 'Zoey'} {self.id}"
