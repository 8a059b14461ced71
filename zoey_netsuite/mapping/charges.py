"""Items of a sales order that are no goods: discounts, shipping and handling as lines."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from zoey_netsuite.errors import ConfigurationError

Component: TypeAlias = Literal["lines", "discount", "shipping", "handling"]
"""What an amount on a line counts as."""


@frozen
class Charges:
    """Which NetSuite items stand for a discount, shipping and handling, by internal id.

    Raises:
        ConfigurationError: one item stands for two of them, so that nobody could tell them apart on an order.
    """

    discount_item: str | None = None
    shipping_item: str | None = None
    handling_item: str | None = None

    def __attrs_post_init__(self) -> None:
        given = [each for each in (self.discount_item, self.shipping_item, self.handling_item) if each is not None]
        if len(set(given)) < len(given):
            msg = f"discount_item, shipping_item and handling_item are different items, not {', '.join(given)}"
            raise ConfigurationError(msg)

    def component(self, item: str | None) -> Component:
        """What a line with this item counts as."""
        if item is None:
            return "lines"
        if item == self.discount_item:
            return "discount"
        if item == self.shipping_item:
            return "shipping"
        return "handling" if item == self.handling_item else "lines"
