"""What a transaction comes to: line amounts, discount, shipping, handling and tax, to the currency's precision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from zoey_netsuite.sandbox.netsuite.content import Values
from zoey_netsuite.sandbox.netsuite.errors import user_error
from zoey_netsuite.sandbox.netsuite.settings import NetSuiteSettings

PLACES = 2
"""Decimals of a currency that does not say another precision."""


def exact(value: Any) -> Decimal:
    """A kept number, as it was written."""
    return Decimal(str(value)) if value is not None else Decimal(0)


def cents(value: Decimal, places: int = PLACES) -> Decimal:
    """Rounded to so many decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def plain(value: Decimal) -> int | float:
    """A number as JSON and the database hold it."""
    return int(value) if value == value.to_integral_value() else float(value)


def share(text: Any, whole: Decimal, places: int = PLACES) -> Decimal:
    """A discount as an amount: `-10%` of the whole, or the amount itself. Raises Refusal."""
    written = str(text).strip()
    try:
        if written.endswith("%"):
            return cents(whole * Decimal(written[:-1]) / 100, places)
        return cents(Decimal(written), places)
    except InvalidOperation:
        raise user_error(
            f"You have entered an Invalid Field Value {written} for the following field: discountRate."
        ) from None


def line_amounts(
    lines: Sequence[Values],
    before: dict[str, Values],
    default_rate: Callable[[Values], Any],
    places: int = PLACES,
) -> None:
    """Give each line its rate and amount. A discount line takes its share of the line above it.

    What the caller set last wins: a changed quantity or rate makes a new amount, an amount alone stands by itself.
    """
    above = Decimal(0)
    for line in lines:
        old = before.get(str(line.get("line")), {})
        rate = line.get("rate")
        if rate is None and line.get("amount") is None:
            rate = default_rate(line)
        if isinstance(rate, str) and rate.endswith("%"):
            line["amount"] = plain(share(rate, above, places))
            line["rate"] = rate
            continue
        moved = any(line.get(name) != old.get(name) for name in ("quantity", "rate"))
        given = line.get("amount") is not None and (not old or line["amount"] != old.get("amount"))
        quantity = exact(line.get("quantity", 1))
        if given:
            if line.get("rate") is None and quantity:
                line["rate"] = plain((exact(line["amount"]) / quantity).quantize(Decimal("0.00000001")).normalize())
        elif moved or line.get("amount") is None:
            line["rate"] = rate if rate is not None else 0
            line["amount"] = plain(cents(quantity * exact(line["rate"]), places))
        line["amount"] = plain(cents(exact(line["amount"]), places))
        above = exact(line["amount"])


def totals(
    values: Values, lines: Sequence[Values], settings: NetSuiteSettings, discount_rate: Any, places: int = PLACES
) -> Values:
    """The sums of a sales document. `discount_rate` is its discount item's, taken if the document names none."""
    subtotal = sum((exact(line.get("amount")) for line in lines), Decimal(0))
    discount = Decimal(0)
    if values.get("discountItem") is not None or values.get("discountRate") is not None:
        given = values.get("discountRate") if values.get("discountRate") is not None else discount_rate
        discount = share(given, subtotal, places) if given is not None else Decimal(0)
    shipping, handling = (cents(exact(values.get(name)), places) for name in ("shippingCost", "handlingCost"))
    tax = _tax(values, lines, subtotal, discount, settings, places)
    return {
        "subtotal": plain(subtotal),
        "discountTotal": plain(discount),
        "taxTotal": plain(tax),
        "total": plain(subtotal + discount + shipping + handling + tax),
    }


def _tax(
    values: Values,
    lines: Sequence[Values],
    subtotal: Decimal,
    discount: Decimal,
    settings: NetSuiteSettings,
    places: int,
) -> Decimal:
    if settings.tax == "none":
        return Decimal(0)
    if values.get("taxDetailsOverride"):
        return sum((cents(exact(line.get("taxAmount")), places) for line in values.get("taxDetails", [])), Decimal(0))
    rate = settings.tax_rate / 100
    kept = (subtotal + discount) / subtotal if subtotal else Decimal(0)
    for line in lines:
        line["taxAmount"] = plain(cents(exact(line.get("amount")) * kept * rate, places))
    return sum((exact(line["taxAmount"]) for line in lines), Decimal(0))
