"""Records by name: one record of one of the two systems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

from attrs import field, frozen

Side: TypeAlias = Literal["zoey", "netsuite"]
"""Which of the two systems a record is in."""


_IDS: Mapping[Side, tuple[re.Pattern[str], str]] = {
    "zoey": (re.compile("[0-9]+"), "Zoey's ids are text of digits"),
    # Records that come with an account have ids below 0.
    "netsuite": (re.compile("-?[0-9]+"), "NetSuite's internal ids are text of digits, some with a minus in front"),
}


def wrong_with_id(side: Side, id: object) -> str | None:
    """What is wrong with the id of a linked record, and what to give instead; None where it can be one.

    The words go on after the name of the field and its value: `zoey_id=55 …`.
    """
    form, words = _IDS[side]
    if isinstance(id, str) and form.fullmatch(id):
        return None
    if isinstance(id, int) and not isinstance(id, bool) and form.fullmatch(str(id)):
        return f'is a number, and ids are text: give "{id}"'
    return f"can't be the id of a record there: {words}. Give the record's own id, not its number, name or key"


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
