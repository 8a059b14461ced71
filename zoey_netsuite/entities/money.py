"""An amount of money, and the one rule by which amounts are rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from attrs import field, frozen
from attrs.validators import instance_of

from zoey_netsuite.entities.currencies import decimals

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


def cents(amount: Decimal, currency: str) -> Decimal:
    """The rule of rounding, for all amounts that are sent or compared: to the currency's smallest unit, halves away
    from zero.

    Both platforms round so: 1.005 USD becomes 1.01, and -1.005 becomes -1.01. Yen have no decimals, Kuwaiti dinars
    have three.

    Args:
        amount: in the currency's main unit.
        currency: ISO 4217 code, "USD".
    """
    return amount.quantize(Decimal(1).scaleb(-decimals(currency)), ROUND_HALF_UP)
