"""Business objects in the middle, between the two platforms' records: frozen values, no I/O.

A mapper reads a platform's record into one of these and writes changed fields back; rules are written against these
shapes, once for both sides. `custom` holds every field that the shape has no name for, under the platform's own name.
"""

from zoey_netsuite.entities.account import Account
from zoey_netsuite.entities.decision import Hold, Skip
from zoey_netsuite.entities.lookup import ACCOUNT_OFFSET, Found, Lookup, Row
from zoey_netsuite.entities.money import Money, cents
from zoey_netsuite.entities.order import Address, Order, OrderLine
from zoey_netsuite.entities.stock import StockLevel
from zoey_netsuite.entities.value import JSON, Value

__all__ = [
    "ACCOUNT_OFFSET",
    "Account",
    "Address",
    "Found",
    "Hold",
    "JSON",
    "Lookup",
    "Money",
    "Order",
    "OrderLine",
    "Row",
    "Skip",
    "StockLevel",
    "Value",
    "cents",
]
