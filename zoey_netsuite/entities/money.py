"""An amount of money, and the one rule by which amounts are rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from attrs import field, frozen
from attrs.validators import instance_of

CENT = Decimal("0.01")
NOTHING = Decimal(0)


@frozen(order=False)
class Money:
    """An amount with its currency.

    Attributes:
        amount: in the currency's main unit (euros, not cents); never a float.
        currency: ISO 4217 code, "USD".
    """

    amount: Decimal = field(validator=instance_of(Decimal))
    currency: str = field(validator=instance_of(str))

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def cents(amount: Decimal) -> Decimal:
    """The rule of rounding, for all amounts that are sent or compared: to the cent, halves away from zero.

    Both platforms round so: 1.005 becomes 1.01, and -1.005 becomes -1.01.
    """
    return amount.quantize(CENT, ROUND_HALF_UP)
