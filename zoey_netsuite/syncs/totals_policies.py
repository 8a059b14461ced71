"""What becomes of a sales order that does not come to what the Zoey order does: decisions to choose from. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal

from attrs import field, frozen

from zoey_netsuite.entities import JSON, Hold
from zoey_netsuite.errors import ConfigurationError
from zoey_netsuite.syncs.totals import TotalDifference, told


def _tolerance(_: object, __: object, given: object) -> None:
    if not isinstance(given, Decimal) or not given.is_finite() or given < 0:
        msg = f'tolerance is an amount of 0 or more as Decimal, e.g. Decimal("0.01"), not {given!r}'
        raise ConfigurationError(msg)


@frozen
class TotalsPolicy(ABC):
    """What becomes of a sales order whose totals differ from Zoey's. Subclass it for a policy of your own; pure.

    Attributes:
        tolerance: how much a component may be off before it counts, in the currency's main unit.
    """

    tolerance: Decimal = field(default=Decimal(0), validator=_tolerance, kw_only=True)

    @property
    def starts_pending(self) -> bool:
        """Whether a sales order is made in *pending approval* and released when its totals agree."""
        return False

    @abstractmethod
    def before(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        """Decides on what is about to be sent.

        Args:
            order: the order, for people.
            differing: where it will not agree; empty if it will.

        Returns:
            Hold, or fields to send along.
        """

    @abstractmethod
    def after(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        """Decides on what NetSuite computed; arguments as for `before`. Returns Hold, or fields to be written now."""


@frozen
class HoldOnDifference(TotalsPolicy):
    """A difference holds the order: before it is sent, and, where NetSuite computes otherwise, after it."""

    def before(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        """Hold where anything differs."""
        return _hold(order, differing) if differing else {}

    def after(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        """Hold where anything differs."""
        return _hold(order, differing) if differing else {}


@frozen
class FlagDifference(TotalsPolicy):
    """A difference is written into a field of the sales order, in words, and the order goes on.

    Attributes:
        field: the NetSuite field (`custbody_*`, a text); it is cleared when the totals agree.
    """

    field: str

    def before(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        """The words, if anything differs."""
        return {self.field: self._words(differing)} if differing else {}

    def after(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        """The words, or nothing in their place."""
        return {self.field: self._words(differing) if differing else None}

    def _words(self, differing: Sequence[TotalDifference]) -> str:
        return "; ".join(str(each) for each in differing)


@frozen
class ReleaseAfterCheck(TotalsPolicy):
    """The sales order is made in *pending approval* and released for fulfillment once NetSuite's totals agree; with a
    difference it stays there, and a person is told.
    """

    @property
    def starts_pending(self) -> bool:
        """Always."""
        return True

    def before(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        """Hold where it is known beforehand that the totals will differ."""
        return _hold(order, differing) if differing else {}

    def after(self, order: str, differing: Sequence[TotalDifference]) -> Hold | Mapping[str, JSON]:
        """Release it, or leave it pending and hold."""
        if differing:
            return Hold(f"{told(order, differing)}. It stays in pending approval", cause="totals differ")
        return {"orderStatus": {"id": "B"}}


def _hold(order: str, differing: Sequence[TotalDifference]) -> Hold:
    return Hold(
        f"{told(order, differing)}. Correct what differs (a price, a tax code, the mapping) and retry, or release the"
        " order as it is",
        cause="totals differ",
    )
