"""Zoey's records as frozen classes.

Every record calls its own id `id`; all other fields have Zoey's names, so that filters, updates and records speak of
the same things. What has no field here, the merchant's own attributes above all, is under `custom` as it was sent.
"""

from zoey_netsuite.zoey.records.accounts import (
    Account,
    AccountAddress,
    AccountContact,
    AddressLocation,
    Customer,
    CustomerAddress,
    Location,
    NetTerm,
)
from zoey_netsuite.zoey.records.catalog import GroupPrice, Product, ProductPrices, StockItem, TierPrice
from zoey_netsuite.zoey.records.documents import CreditMemo, DocumentItem, Invoice, Shipment, Track
from zoey_netsuite.zoey.records.orders import Comment, Order, OrderAddress, OrderItem

__all__ = [
    "Account",
    "AccountAddress",
    "AccountContact",
    "AddressLocation",
    "Comment",
    "CreditMemo",
    "Customer",
    "CustomerAddress",
    "DocumentItem",
    "GroupPrice",
    "Invoice",
    "Location",
    "NetTerm",
    "Order",
    "OrderAddress",
    "OrderItem",
    "Product",
    "ProductPrices",
    "Shipment",
    "StockItem",
    "TierPrice",
    "Track",
]
