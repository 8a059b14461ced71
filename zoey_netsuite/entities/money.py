"""An amount of money."""

from __future__ import annotations

from decimal import Decimal

from attrs import field, frozen
from attrs.validators import instance_of


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
