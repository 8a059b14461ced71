"""How many decimals a currency has (ISO 4217, minor units); the table names those that do not have two."""

from __future__ import annotations

from collections.abc import Mapping

NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE = "BHD IQD JOD KWD LYD OMR TND"
FOUR = "CLF UYW"

DECIMALS: Mapping[str, int] = {
    code: places for codes, places in ((NONE, 0), (THREE, 3), (FOUR, 4)) for code in codes.split()
}
"""ISO 4217, table A.1 of 2024-06-25: each currency whose minor unit is not a hundredth."""


def decimals(currency: str) -> int:
    """How many decimals amounts in a currency have; two for a code that is not in ISO 4217."""
    return DECIMALS.get(currency.strip().upper(), 2)
