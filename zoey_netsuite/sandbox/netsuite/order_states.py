"""The state of a sales order or return, worked out from what came of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen


@frozen
class LineState:
    """How far one line has come.

    Attributes:
        ordered: its quantity.
        moved: how much was shipped (or received, on a return).
        billed: how much was billed (or credited).
        movable: whether it is a thing that is shipped at all.
        closed: whether the rest was given up.
    """

    ordered: Decimal
    moved: Decimal
    billed: Decimal
    movable: bool
    closed: bool

    @property
    def to_move(self) -> Decimal:
        """What is still to be shipped."""
        return Decimal(0) if self.closed or not self.movable else max(Decimal(0), self.ordered - self.moved)

    @property
    def to_bill(self) -> Decimal:
        """What is still to be billed: of a closed line, what was shipped of it."""
        due = (self.moved if self.movable else self.billed) if self.closed else self.ordered
        return max(Decimal(0), due - self.billed)

    @property
    def moved_unbilled(self) -> Decimal:
        """What was shipped and not billed yet."""
        return max(Decimal(0), self.moved - self.billed)


def order_state(lines: Sequence[LineState]) -> str:
    """The letter of an approved order: B, D, E, F, G or H."""
    if all(line.closed for line in lines) and not any(line.to_bill for line in lines):
        return "H"
    if any(line.to_move for line in lines):
        if not any(line.moved for line in lines):
            return "B"
        return "E" if any(line.moved_unbilled for line in lines) else "D"
    return "F" if any(line.to_bill for line in lines) else "G"
