"""The state of an order, from how far its lines have come."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zoey_netsuite.sandbox.netsuite.order_states import LineState, order_state


def line(ordered: int, moved: int, billed: int, *, movable: bool = True, closed: bool = False) -> LineState:
    return LineState(Decimal(ordered), Decimal(moved), Decimal(billed), movable, closed)


@pytest.mark.parametrize(
    ("lines", "letter"),
    [
        ([line(4, 0, 0)], "B"),
        ([line(4, 0, 4)], "B"),
        ([line(4, 2, 0)], "E"),
        ([line(4, 2, 1)], "E"),
        ([line(4, 2, 2)], "D"),
        ([line(4, 4, 2)], "F"),
        ([line(4, 4, 4)], "G"),
        ([line(4, 0, 0, closed=True)], "H"),
        ([line(4, 2, 2, closed=True)], "H"),
        ([line(4, 2, 0, closed=True)], "F"),
        ([line(4, 4, 4), line(2, 0, 0, closed=True)], "G"),
        ([line(4, 4, 4), line(2, 0, 0)], "D"),
        ([line(1, 0, 0, movable=False)], "F"),
        ([line(1, 0, 1, movable=False)], "G"),
        ([line(1, 0, 1, movable=False), line(1, 0, 0)], "B"),
    ],
)
def test_letters(lines: list[LineState], letter: str) -> None:
    assert order_state(lines) == letter
