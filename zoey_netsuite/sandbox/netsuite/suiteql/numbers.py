"""Numbers as Oracle reads, rounds and writes them."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TypeAlias

Number: TypeAlias = int | float


def exact(value: Number) -> Decimal:
    """The decimal number that a binary one stands for: fifteen digits, as much as it holds for certain."""
    return Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))


def number_text(value: Number) -> str:
    """A number as an answer's row has it: `12.5`, whole ones without a fraction, never an exponent."""
    if isinstance(value, int):
        return str(value)
    text = format(exact(value), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-0", "0", text == "-0")


def oracle_text(value: Number) -> str:
    """A number turned into text inside a query: Oracle writes no zero before the point."""
    text = number_text(value)
    return re.sub(r"^(-?)0\.", r"\1.", text)


def to_number(value: str | Number) -> Number:
    """Oracle's conversion of a text to a number. Raises ValueError (Oracle: ORA-01722) for any other text."""
    if not isinstance(value, str):
        return value
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        raise ValueError(f"invalid number: '{value}'") from None
    if not number.is_finite():
        raise ValueError(f"invalid number: '{value}'")
    return plain(number)


def plain(number: Decimal) -> Number:
    """The number as SQLite holds it: an int where nothing is lost."""
    return int(number) if number == number.to_integral_value() and abs(number) < 2**63 else float(number)


def added(left: Number, right: Number) -> Number:
    """The sum of two as Oracle has it, in decimal: 0.1 and 0.2 make 0.3."""
    return plain(exact(left) + exact(right))


def subtracted(left: Number, right: Number) -> Number:
    """The difference of two, in decimal."""
    return plain(exact(left) - exact(right))


def multiplied(left: Number, right: Number) -> Number:
    """The product of two, in decimal."""
    return plain(exact(left) * exact(right))


class Total:
    """Many numbers added up in decimal, so that what cancels out is zero. Numbers can be taken back."""

    def __init__(self) -> None:
        self.count = 0
        self._whole = 0
        self._rest = Decimal(0)

    def add(self, value: Number, sign: int = 1) -> None:
        """Take a number in, or with a sign of -1 back."""
        self.count += sign
        if isinstance(value, int):
            self._whole += sign * value
        else:
            self._rest += sign * exact(value)

    @property
    def sum(self) -> Decimal:
        """What all of them come to."""
        return self._rest + self._whole


def rounded(value: Number, digits: int) -> Number:
    """`ROUND`: half away from zero; negative digits round before the point."""
    return plain(exact(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def cut(value: Number, digits: int) -> Number:
    """`TRUNC` of a number."""
    return plain(exact(value).quantize(Decimal(1).scaleb(-digits), ROUND_DOWN))


def formatted(value: Number, pattern: str) -> str:
    """`TO_CHAR` of a number by a picture of `9 0 . , $ D G` and `FM`. Raises ValueError for another one."""
    match = re.fullmatch(r"(FM)?(\$?)([90,G]*)(?:([.D])([90]*))?", pattern.upper())
    if match is None:
        raise ValueError(f"invalid number format: {pattern}")
    bare, dollar, whole, point, fraction = (part or "" for part in match.groups())
    places = len(fraction)
    number = exact(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    digits, _, decimals = format(abs(number), "f").partition(".")
    slots = whole.replace(",", "").replace("G", "")
    width = len(pattern) - len(bare) + (1 if not bare else 0)
    if len(digits.lstrip("0")) > len(slots):
        return "#" * width
    least = len(slots) - slots.index("0") if "0" in slots else (0 if places else 1)
    digits = digits.lstrip("0").rjust(least, "0")
    text = dollar + _grouped(digits, whole)
    if point:
        kept = decimals
        if bare:
            always = fraction.rfind("0") + 1
            kept = decimals[:always] + decimals[always:].rstrip("0")
        text += "." + kept
    text = ("-" if number < 0 else "") + text
    return text if bare else text.rjust(width)


def _grouped(digits: str, picture: str) -> str:
    left = list(digits)
    result: list[str] = []
    for mark in reversed(picture):
        if not left:
            break
        result.append("," if mark in ",G" else left.pop())
    return "".join(reversed(result))
